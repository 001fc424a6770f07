#' Effect sizes of studies
#'
#' Computes an effect size and its sampling variance for each study, with the argument names,
#' defaults and numbers of `escalc()` in \pkg{metafor}, or by the conventions of another program.
#'
#' @param measure name of the measure, see the section Measures: \code{"RR"}, \code{"OR"}, \code{"SMD"},
#'   \code{"ZCOR"}, ...; \code{"GEN"} for effects that are given. Ratios are logarithms.
#' @param ai,bi,ci,di events and non-events of group 1, then of group 2: columns of `data` or numeric
#'   vectors, one element per study; the cells of paired tables; genotypes. `ai` also holds areas under the
#'   curve (CLES) and coefficients alpha, `di` standardised differences (Cohen's d).
#' @param n1i,n2i group sizes, instead of `bi` and `di`; for means, the group sizes.
#' @param m1i,m2i,sd1i,sd2i means and standard deviations of the groups.
#' @param xi,mi,ni events and non-events of one group, or its size. `mi` also holds means, numbers of predictors
#'   or items; with effects that are given, `ni` has the total sample sizes.
#' @param ri,ti,pi correlations (of two variables, of two occasions, of a group with a variable), t statistics
#'   or person-time, signed two-sided p-values.
#' @param yi,vi,sei estimates with their variances or standard errors.
#' @param x1i,x2i,t1i,t2i events and person-time of two groups.
#' @param fi,r2i F statistics and coefficients of determination of regressions.
#' @param sdi standard deviations of one group.
#' @param mini,maxi smallest and largest possible values, for measures in percent of the range (POMP).
#' @param cutoff standardised mean differences beyond it, in absolute value, give a warning (2; `NA`: none), once
#'   for the same estimates in a session.
#' @param data a data frame in which the columns are looked up first.
#' @param slab study labels.
#' @param flip logical, one or one per study: change the sign of the effect? A number multiplies it.
#' @param subset rows to use: logical or row numbers.
#' @param include rows to compute, with `append = TRUE`; the others stay missing, or as they are in
#'   `data`.
#' @param add amount added to the cells of tables (or to the events and non-events of a proportion);
#'   0.5, but 0 for `"AS"`, `"PAS"`, `"PFT"` unless given.
#' @param to where it is added: `"only0"` studies with an empty cell, `"all"` studies, `"if0all"` all
#'   studies if any has an empty cell, `"none"`.
#' @param drop00 are studies missing that have no events, or only events, in both groups?
#' @param vtype name of the formula of the sampling variance, see the section Measures: `"LS"` large sample, the
#'   default; `"LS2"`, `"LS3"` its variants; `"UB"` unbiased; `"HO"` homoscedastic; `"ST"`, `"CS"` stratified or
#'   cross-sectional samples; `"AV"`, `"AV2"`, `"AVHO"` with averages over studies; `"H0"`, `"H0a"`, `"H0b"` under
#'   the null; `"MAX"` the largest possible; `"COHEN"`, `"HEDGES"`, `"GLASS"` (SMD) as Stata's `metan`. One, or one
#'   per study.
#' @param correct is the small-sample bias removed from standardised differences, ratios of means and measures of
#'   variability? `FALSE` gives Cohen's d.
#' @param var.names names of the new columns.
#' @param add.measure is a column `measure` added?
#' @param append is `data` returned with the new columns?
#' @param replace do new values replace existing ones? `FALSE`: only missing ones.
#' @param digits decimals for printing: one number, or a vector named as [print()] methods need.
#' @param convention name of a convention, see [conventions()]; arguments given explicitly win.
#' @param ci.lb,ci.ub confidence limits on the scale of `yi`, for `"GEN"`; without `yi` the midpoint is
#'   the estimate.
#' @param level coverage of these limits in percent.
#' @param ... `addyi`, `addvi`: does the amount `add` enter the estimates, and their variances? A study that has no
#'   estimate or
#'   no variance without it has neither. `onlyo1 = TRUE` adds to the events of a 2x2 table alone. Another name gives a
#'   warning and is disregarded.
#' @return A data frame of class `c("metaparity_escalc", "escalc", "data.frame")` with the columns `yi` and
#'   `vi` (or `var.names`); `yi` has the attributes `measure`, `ni` (total sample sizes) and `slab`.
#' @details Missing data give a missing `yi` and `vi` (a `vi` alone where only the variance needs them); no
#'   row is left out. Errors of class
#'   `metaparity_error_input`: an unknown measure, column or choice, a column that is not numeric or has
#'   another length. Errors of class `metaparity_error_studies`, with all offending `rows`: negative or
#'   infinite counts, events above the group size, group sizes of 0 or less, negative standard
#'   deviations, variances or standard errors, limits that do not enclose the estimate. Warnings of
#'   class `metaparity_warning_studies`, with `rows`: counts that are not whole, groups below 2 subjects,
#'   a standard deviation of 0, infinite results (set to missing), limits far from symmetric.
#' @eval measures_rd()
#' @section Differences from metafor: the tetrachoric correlation solves its integral to rounding, where metafor stops
#'   at about 1e-5 (a table with `ai * di == bi * ci` gives exactly 0 here); the variance of R2F is an integral, where
#'   metafor sums on a grid (relative difference up to 5e-4; for R2 = 0 it is that of a density in proportion to
#'   `exp(-n x / (2 (1 - x)))`); an empty cell leaves the tetrachoric correlation without a variance.
#' @section In other software: in Stata `metan a b c d` (RR by default), `metan n1 m1 sd1 n2 m2 sd2` (Cohen's
#'   d by default: `convention = "stata14"`) and `meta esize` (Hedges' g with the approximate factor,
#'   `convention = "stata18"`); in RevMan the effect columns of an analysis (`convention = "revman5"`); in
#'   \pkg{metafor} the same call.
#' @references Fleiss JL, Berlin JA (2009) Effect sizes for dichotomous data. In: The Handbook of
#'   Research Synthesis and Meta-Analysis, 2nd ed., 237-253. Hedges LV (1981) Journal of Educational
#'   Statistics 6:107-128. Bonett DG (2009) Psychological Methods 14:225-238. Lajeunesse MJ (2015)
#'   Ecology 96:2056-2063. Freeman MF, Tukey JW (1950) Annals of Mathematical Statistics 21:607-611.
#' @examples
#' trials <- data.frame(ev1 = c(4, 6, 3), n1 = c(123, 306, 231),
#'                      ev2 = c(11, 29, 11), n2 = c(139, 303, 220))
#' escalc("RR", ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = trials)
#' escalc("SMD", n1i = 10, n2i = 12, m1i = 3, m2i = 2, sd1i = 1, sd2i = 1.1, convention = "stata14")
#' escalc("GEN", yi = -0.4, ci.lb = -0.9, ci.ub = 0.1)
#' @export
escalc <- function(measure, ai, bi, ci, di, n1i, n2i, x1i, x2i, t1i, t2i, m1i, m2i, sd1i, sd2i, xi, mi,
                   ri, ti, fi, pi, sdi, r2i, mini, maxi, ni, yi, vi, sei, data, slab, flip, subset, include,
                   add = 1/2, to = "only0", drop00 = FALSE, vtype = "LS", correct = TRUE, cutoff,
                   var.names = c("yi", "vi"), add.measure = FALSE, append = TRUE, replace = TRUE, digits,
                   convention = "metafor", ci.lb, ci.ub, level = 95, ...) {
  mc <- match.call()
  env <- parent.frame()
  dots <- named_dots(zero_choices, mc, ...)
  measure <- if (missing(measure)) "GEN" else check_measure(measure, call = mc)
  data <- if (missing(data)) NULL else resolve_data(data, mc)
  columns <- resolve_columns(column_args, mc, data, env, mc)
  spec <- effect_spec(measure, convention, c(given_choices(mc, environment()), dots), mc)
  spec$level <- check_level(level, call = mc)
  rows <- study_rows(columns, mc, data, env)
  if (!is.null(rows$keep)) {
    columns <- lapply(columns, `[`, rows$keep)
    if (length(spec$vtype) == rows$k) spec$vtype <- spec$vtype[rows$keep]
    data <- data[rows$keep, , drop = FALSE]
  }
  out <- effect_sizes(measure, mask_rows(columns, rows$include), spec, mc)
  if (!is.null(rows$flip)) out[c("yi", "vi")] <- list(out$yi * rows$flip, out$vi * rows$flip^2)
  if (measure %in% flagged_measures) flag_large(out$yi, measure, if (missing(cutoff)) 2 else cutoff, mc)
  form <- list(var.names = check_var_names(var.names, add.measure, mc), append = check_flag(append, "append", mc),
               replace = check_flag(replace, "replace", mc), add.measure = add.measure, raw = raw_columns(mc, data),
               digits = expand_digits(if (missing(digits)) NULL else digits, attr(data, "digits"), mc))
  new_escalc(out, measure, rows, data, form)
}

# Measures for which standard errors in place of standard deviations give effects far too large.
flagged_measures <- c("SMD", "SMDH", "SMD1", "SMD1H", "PBIT", "OR2D", "OR2DN", "OR2DL", "SMCC", "SMCR", "SMCRH",
                      "SMCRP", "SMCRPH")

# The estimates of which the session has been told.
flagged <- new.env(parent = emptyenv())

flag_large <- function(yi, measure, cutoff, call) {
  if (is_na(cutoff)) return(invisible())
  rows <- which(abs(yi) > check_number(cutoff, "cutoff", lower = 0, call = call))
  if (!length(rows)) return(invisible())
  key <- paste(measure, length(yi), format(sum(yi[rows]), digits = 17L))
  if (!is.null(flagged[[key]])) return(invisible())
  assign(key, TRUE, envir = flagged)
  warn_studies("yi", rows, sprintf("is beyond %s: were standard errors given as standard deviations?", format(cutoff)),
               call)
}

# The choices that the user wrote in the call, evaluated.
given_choices <- function(mc, frame) {
  args <- c("add", "to", "drop00", "vtype", "correct")
  args <- args[args %in% names(mc)]
  values_in(frame, args)
}

# Rows to keep, to compute, their labels and the factor of the effect; all but `keep` refer to the
# rows kept.
study_rows <- function(columns, mc, data, env) {
  k <- if (length(columns)) length(columns[[1L]]) else 0L
  if (!any(c("slab", "include", "flip", "subset") %in% names(mc))) return(list(k = k))
  out <- list(k = k, slab = check_slab(resolve_column(mc$slab, data, env, "slab", mc), k, mc),
              include = check_subset(resolve_column(mc$include, data, env, "include", mc), k, mc),
              flip = check_flip(resolve_column(mc$flip, data, env, "flip", mc), k, mc),
              keep = check_subset(resolve_column(mc$subset, data, env, "subset", mc), k, mc))
  if (!is.null(out$keep)) {
    out$slab <- out$slab[out$keep]
    out$flip <- out$flip[out$keep]
    if (!is.null(out$include)) out$include <- which(out$keep %in% out$include)
  }
  out
}

check_flip <- function(flip, k, call) {
  if (is.null(flip)) return(NULL)
  if (!length(flip) %in% c(1L, k)) abort_input("flip", sprintf("must have 1 or %d elements, not %d", k, length(flip)),
                                               call)
  if (anyNA(flip)) abort_studies("flip", which(is.na(flip)), "must not be missing", call)
  if (is.logical(flip)) flip <- ifelse(flip, -1, 1)
  rep_len(check_numeric_vector(flip, "flip", call), k)
}

mask_rows <- function(columns, include) {
  if (is.null(include)) return(columns)
  lapply(columns, function(x) {
    if (length(include)) x[-include] <- NA else x[] <- NA
    x
  })
}

check_var_names <- function(var.names, add.measure, call) {
  check_flag(add.measure, "add.measure", call)
  if (identical(var.names, c("yi", "vi")) && !add.measure) return(var.names)
  if (!is.character(var.names) || anyNA(var.names) || !all(validUTF8(var.names)) || !length(var.names) %in% 2:3) {
    abort_input("var.names", "must be two names (three with `add.measure`)", call)
  }
  if (anyDuplicated(var.names)) abort_input("var.names", "must differ from each other", call)
  var.names <- make.names(var.names)
  if (add.measure && length(var.names) == 2L) c(var.names, "measure") else var.names
}

# Columns are set in a plain list: the attributes of the data frame come last.
new_escalc <- function(effects, measure, rows, data, form) {
  own <- if (!is.null(data) && form$append) plain_frame(data)
  out <- unclass(own)
  names <- form$var.names
  use <- rows$include
  before <- if (!is.null(out[[names[1L]]])) noted_column(own, names[1L])
  yi <- merge_column(before, effects$yi, use, form$replace)
  ni <- if (is.null(effects$ni)) NULL else merge_column(kept_ni(before), effects$ni, use, form$replace, before)
  slab <- if (is.null(rows$slab)) attr(before, "slab") else unique_slab(rows$slab)
  vi <- merge_column(out[[names[2L]]], effects$vi, use, form$replace)
  out[[names[1L]]] <- yi
  out[[names[2L]]] <- vi
  out[[names[1L]]] <- with_notes(yi, ni, slab, measure, columns_beside(out, names[1L]))
  if (form$add.measure) {
    taken <- taken_rows(before, length(yi), use, form$replace) & !is.na(effects$yi)
    out[[names[3L]]] <- measure_column(out[[names[3L]]], taken, measure)
  }
  if (is.null(own)) attr(out, "row.names") <- .set_row_names(length(yi))
  attr(out, "digits") <- form$digits
  attr(out, "yi.names") <- join_names(names[1L], attr(own, "yi.names"), out)
  attr(out, "vi.names") <- join_names(names[2L], attr(own, "vi.names"), out)
  if (form$append) attr(out, "raw.names") <- add_raw_names(attr(own, "raw.names"), names[1L], form$raw)
  class(out) <- c("metaparity_escalc", "escalc", "data.frame")
  out
}

# Which columns of the data the raw data of the call are: names of the columns under those of the arguments.
raw_columns <- function(mc, data) {
  given <- intersect(names(mc), raw_data_args)
  found <- vapply(given, function(arg) {
    name <- if (is.name(mc[[arg]]) || is.character(mc[[arg]])) as.character(mc[[arg]])[1L] else ""
    if (name %in% names(data)) name else ""
  }, "")
  found[nzchar(found)]
}

# One entry per column of effects.
add_raw_names <- function(before, yi, raw) {
  before[[yi]] <- if (length(raw)) raw
  if (length(before)) before
}

# The measure stands where there is an effect of it.
measure_column <- function(old, taken, measure) {
  out <- if (is.null(old)) character(length(taken)) else as.character(old)
  out[taken] <- measure
  out
}

plain_frame <- function(data) {
  if (inherits(data, "tbl")) data <- as.data.frame(data)
  class(data) <- "data.frame"
  data
}

# New values go where `use` points (everywhere when NULL); without `replace` only into gaps.
merge_column <- function(old, new, use, replace, gaps = old) {
  if (is.null(old)) return(new)
  take <- taken_rows(gaps, length(new), use, replace)
  if (all(take)) return(new)
  old[take] <- new[take]
  as.vector(old)
}

taken_rows <- function(old, k, use, replace) {
  take <- if (is.null(use)) rep_len(TRUE, k) else seq_len(k) %in% use
  if (replace || is.null(old)) take else take & is.na(old)
}

kept_ni <- function(yi) {
  if (is.null(yi)) return(NULL)
  attr(yi, "ni") %||% rep_len(NA_real_, length(yi))
}

join_names <- function(name, old, data) if (is.null(old)) name else unique(c(name, old[old %in% names(data)]))

# Repeated labels get .1, .2, ...
unique_slab <- function(slab) {
  if (!anyDuplicated(slab)) return(slab)
  repeated <- slab %in% slab[duplicated(slab)]
  slab <- as.character(slab)
  slab[repeated] <- paste0(slab, ".", stats::ave(seq_along(slab), slab, FUN = seq_along))[repeated]
  slab
}

raw_data_args <- c("ai", "bi", "ci", "di", "n1i", "n2i", "x1i", "x2i", "t1i", "t2i", "m1i", "m2i", "sd1i", "sd2i",
                   "xi", "mi", "ri", "ti", "fi", "pi", "sdi", "r2i", "mini", "maxi", "ni")
