# From named columns to yi, vi, ni: checks the columns, asks the core once, reports the rows that
# need a look. escalc() and rma() both come through here.

column_args <- c("ai", "bi", "ci", "di", "n1i", "n2i", "x1i", "x2i", "t1i", "t2i", "m1i", "m2i", "sd1i",
                 "sd2i", "xi", "mi", "ri", "ti", "fi", "pi", "sdi", "r2i", "mini", "maxi", "ni", "yi", "vi",
                 "sei", "ci.lb", "ci.ub")

# columns: a named list of what the user gave; spec: from effect_spec(). Effects that are given come first,
# whatever the measure.
effect_sizes <- function(measure, columns, spec, call = NULL) {
  whole <- counts_are_integer(columns)
  columns <- check_columns(columns, call)
  given <- !is.null(columns$yi) || measure_table[[measure]]$family == "generic"
  if (given) out <- effects_generic(columns, spec$level %||% 0.95, call) else {
    require_inputs(columns, measure, call)
    out <- call_core(cpp_effect_sizes(columns, measure, spec), call)
    out <- partly_uncorrected(out, spec, function(spec) call_core(cpp_effect_sizes(columns, measure, spec), call))
  }
  if (isTRUE(spec$no_spread) && !is.null(columns$sd1i)) {
    out[c("yi", "vi")] <- lapply(out[c("yi", "vi")],
                                 function(v) replace(v, columns$sd1i == 0 | columns$sd2i == 0, NA_real_))
  }
  if (length(out$infinite)) {
    warn_studies("yi", out$infinite, "or its variance is infinite and set to missing", call)
  }
  if (length(out$fractional)) warn_studies(names(columns)[1L], out$fractional, "and the like are counts but not whole",
                                           call)
  for (note in out$notes) warn_studies(note[[1L]], note[[2L]], note[[3L]], call)
  out$ni <- typed_sizes(out$ni, whole)
  out[c("yi", "vi", "ni")]
}

# `addyi`, `addvi`: estimates or variances of the cells as they are; a study without one of them has neither.
partly_uncorrected <- function(out, spec, compute) {
  fields <- c(if (isFALSE(spec$addyi)) "yi", if (isFALSE(spec$addvi)) "vi")
  if (!length(fields)) return(out)
  raw <- compute(replace(spec, "to", "none"))
  out[fields] <- raw[fields]
  gone <- is.na(out$yi) | is.na(out$vi)
  out$infinite <- sort(union(out$infinite, intersect(raw$infinite, which(gone))))
  out[c("yi", "vi")] <- lapply(out[c("yi", "vi")], replace, gone, NA_real_)
  out
}

# Sizes that come from columns of integers alone are integers.
counts_are_integer <- function(columns) {
  counts <- if (is.null(columns$ni)) c("ai", "bi", "ci", "di", "n1i", "n2i", "xi", "mi", "t1i", "t2i", "ti") else "ni"
  counts <- columns[intersect(counts, names(columns))]
  length(counts) > 0L && all(vapply(counts, is.integer, NA))
}

typed_sizes <- function(ni, whole) {
  if (whole && !is.null(ni) && all(abs(ni) < .Machine$integer.max, na.rm = TRUE)) as.integer(ni) else ni
}

check_columns <- function(columns, call = NULL) {
  k <- if (length(columns)) length(columns[[1L]]) else 0L
  for (arg in names(columns)) {
    x <- columns[[arg]]
    if (is.object(x) || !is.numeric(x)) {
      columns[[arg]] <- check_numeric_vector(x, arg, call)
    } else if (!is.double(x)) {
      columns[[arg]] <- as.double(x)
    }
    if (length(x) != k) abort_length(columns, arg, k, call)
  }
  if (length(columns) && k == 0L) abort_input(names(columns)[1L], "has no rows", call)
  columns
}

abort_length <- function(columns, arg, k, call) {
  abort_input(arg, sprintf("must have %d elements as `%s` has, not %d", k, names(columns)[1L], length(columns[[arg]])),
              call)
}

# The four cells of each study, non-events from the group sizes where they are not given.
table_columns <- function(columns, measure, call = NULL) {
  require_inputs(columns, measure, call)
  call_core(cpp_table_cells(columns), call)
}

effects_generic <- function(columns, level, call) {
  limits <- !is.null(columns$ci.lb) && !is.null(columns$ci.ub)
  if (limits && is.null(columns$vi) && is.null(columns$sei)) return(effects_limits(columns, level, call))
  require_inputs(columns, "GEN", call)
  is_se <- is.null(columns$vi)
  spread <- if (is_se) columns$sei else columns$vi
  out <- call_core(cpp_effect_generic(columns$yi, spread, is_se), call)
  out$ni <- columns$ni
  out
}

effects_limits <- function(columns, level, call) {
  yi <- columns$yi %||% numeric(0)
  out <- call_core(cpp_effect_limits(yi, columns$ci.lb, columns$ci.ub, level), call)
  if (length(out$asymmetric)) {
    warn_studies("ci.lb", out$asymmetric,
                 "and `ci.ub` are not symmetric about the estimate: limits of ratios must be logarithms", call)
  }
  out$ni <- columns$ni
  out
}
