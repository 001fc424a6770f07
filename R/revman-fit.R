# Owns the way from RevMan's outcomes to the rest of the package: an escalc data frame, and a fit, by RevMan's
# conventions.

#' From an outcome of RevMan to effect sizes and fits
#'
#' `as_escalc()` gives the rows of an outcome as a data frame of [escalc()], with RevMan's effects beside the raw data;
#' `as_rma()` the fit that RevMan's settings ask for, which every verb of the package takes.
#'
#' @param x a review ([read_rm5()], [read_revman_web()]), an [outcome()] of it, or what [revman()] returned.
#' @param which number of the outcome, where `x` is a review.
#' @param ... arguments of [revman()] that change the settings, such as `model = "random"`.
#' @param subgroups fit the subgroups as well, as `rma(by = )` does? By default one fit of all rows.
#' @return `as_escalc()`: a data frame of class `escalc`: `study`, `subgroup`, the raw data under [escalc()]'s names,
#'   `yi`, `vi` on the
#'   scale of analysis (`NA` where the row is not estimable), sample sizes and labels as notes of `yi`. `as_rma()`: a
#'   result of
#'   [rma.mh()] or [rma.peto()] for these methods under fixed effects, else of [rma()], whose `data` are that data
#'   frame; with
#'   `subgroups = TRUE` a [metaparity_subgroup].
#' @details The estimate, its standard error, interval and tau2 are those of `revman(x, which)`, of all rows pooled
#' also where RevMan shows no total. Tests follow [rma()]:
#' with
#'   Hartung-Knapp intervals P is that of the t test, which RevMan Web does not take. Errors of class
#'   `metaparity_error_input`: an
#'   outcome without rows, or without an estimable one.
#' @section In other software: meta: `metacr()`.
#' @examples
#' x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' as_escalc(x, "1.1")
#' fit <- as_rma(x, "1.2", model = "random")
#' leave1out(fit)
#' as_rma(x, "1.2", subgroups = TRUE)
#' @export
as_escalc <- function(x, which = NULL, ...) {
  check_given(x)
  if (inherits(x, "metaparity_escalc")) return(x)
  escalc_of_view(revman_view_of(x, which, ...))
}

revman_view_of <- function(x, which, ...) if (inherits(x, "revman_view") && !...length()) x else revman(x, which, ...)

escalc_of_view <- function(view) {
  kind <- revman_kind(view$spec$measure)
  rows <- view$rows
  data <- data.frame(study = as.character(rows$study), stringsAsFactors = FALSE)
  if (nrow(view$subgroups)) data$subgroup <- factor(group_names_of(view)[revman_groups(view)],
                                                    unique(group_names_of(view)))
  own <- revman_input[[kind]]
  if (kind %in% c("table", "means")) {
    data[unlist(own)] <- lapply(rows[names(own)], as.numeric)
    if (isTRUE(view$settings$swap_events)) data[c("ai", "ci")] <- list(data$n1i - data$ai, data$n2i - data$ci)
    return(escalc_of_raw(data, kind, view))
  }
  for (arm in 1:2) {
    total <- rows[[paste0("total_", arm)]]
    if (!is.null(total) && !all(is.na(total))) data[[paste0("n", arm, "i")]] <- as.numeric(total)
  }
  e <- view$effects
  data$effect <- ifelse(e$estimable, e$est, NA_real_)
  data$variance <- ifelse(e$estimable, e$se^2, NA_real_)
  sizes <- if (all(c("n1i", "n2i") %in% names(data))) data$n1i + data$n2i
  measure <- measure_of_label(revman_effect_label(view), is_ratio_view(view))
  out <- quiet_drops(eval(quote(escalc(measure, yi = effect, vi = variance, ni = sizes, slab = study, data = data)),
                          list(measure = measure, data = data, sizes = sizes)))
  out[c("effect", "variance")] <- NULL
  out
}

# By escalc() itself, so that the raw data stay known to plots; its numbers are RevMan's.
escalc_of_raw <- function(data, kind, view) {
  measure <- if (view$spec$measure == "PETO_OR") "PETO" else view$spec$measure
  call <- if (kind == "table") {
    quote(escalc(measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = data, slab = study, convention = convention))
  } else {
    quote(escalc(measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = data,
                 slab = study,
                 convention = convention))
  }
  quiet_drops(eval(call, list(measure = measure, data = data, convention = view$convention)))
}

# escalc()'s word for an effect that was entered under a name of its own.
measure_of_label <- function(label, ratio) {
  if (!ratio) return("GEN")
  words <- c(HR = "hazard|\\bhr\\b", OR = "odds|\\bor\\b", IRR = "rate ratio|incidence|\\birr\\b", ROM = "mean",
             RR = "risk ratio|relative risk|\\brr\\b")
  found <- names(words)[vapply(words, grepl, NA, x = tolower(label))]
  if (length(found)) found[1L] else "GEN"
}

#' @rdname as_escalc
#' @export
as_rma <- function(x, which = NULL, ..., subgroups = FALSE) {
  check_given(x)
  call <- match.call()
  check_flag(subgroups, "subgroups", call)
  view <- revman_view_of(x, which, ...)
  data <- escalc_of_view(view)
  if (!any(view$effects$estimable)) abort_input("x", "has no estimable row", call)
  if (!subgroups) return(fit_of_view(view, data))
  if (!nrow(view$subgroups)) abort_input("subgroups", "must be FALSE: the outcome has none", call)
  if (!is_pooled_view(view)) return(fit_of_view(view, data, by = TRUE))
  used <- view$effects$estimable
  by <- droplevels(data$subgroup[used])
  groups <- lapply(split(which(used), by), function(rows) fit_of_view(view, data[rows, ]))
  new_subgroup(fit_of_view(view, data), groups, by, "subgroup", call)
}

# Mantel-Haenszel's and Peto's methods have models of their own.
is_pooled_view <- function(view) !view$spec$random && revman_kind(view$spec$measure) == "table" &&
  view$spec$method %in% c("MH", "PETO")

fit_of_view <- function(view, data, by = FALSE) {
  spec <- view$spec
  level <- 100 * spec$level_total
  several <- sum(!is.na(data$yi)) > 1L
  method <- if (spec$random && several) spec$tau2 else "EE"
  centred <- method == "DL" && spec$method == "MH"
  world <- list(data = data, measure = if (centred || is_pooled_view(view)) sub("PETO_OR", "PETO", spec$measure) else
                NULL, level = level,
                method = method, test = if (spec$random && spec$hksj && several) "knha" else "z",
                convention = view$convention)
  call <- if (is_pooled_view(view)) pooled_call(spec) else if (centred) {
    quote(rma(ai = ai, n1i = n1i, ci = ci, n2i = n2i, measure = measure, data = data, slab = study, method = method,
              test = test,
              level = level, convention = convention))
  } else {
    quote(rma(yi, vi, data = data, slab = study, method = method, test = test, level = level))
  }
  if (by) call$by <- quote(subgroup)
  for (name in intersect(names(call), c("measure", "level", "method", "test",
                                        "convention"))) call[[name]] <- world[[name]]
  quiet_drops(eval(call, list(data = data)))
}

pooled_call <- function(spec) {
  if (spec$method == "PETO") {
    return(quote(rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = data, slab = study, level = level,
                          convention = convention)))
  }
  quote(rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, measure = measure, data = data, slab = study, level = level,
               convention = convention))
}
