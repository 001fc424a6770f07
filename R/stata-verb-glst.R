# Owns glst(): trends of dose-response data by generalized least squares, with Stata's words and log.
# Source: Greenland & Longnecker (1992); Orsini, Bellocco & Greenland (2006). Oracle: their example, dosresmeta.

#' Dose-response trends as Stata's glst
#'
#' Log-linear trends of log relative risks in studies that compare several doses with one reference; the covariances of
#' the
#' estimates are found from the numbers of cases.
#'
#' @param ... the log relative risks, the dose, and further terms of it: columns of `data`.
#' @param se column of standard errors: 0 or missing in the row of the reference, whose dose the others count from.
#' @param cov names of the columns of denominators (cases and controls, persons, or person-time) and cases: `"n cases"`.
#' @param cc,ir,ci the design of one study: case-control, incidence rates, cumulative incidences.
#' @param pfirst pool-first over several studies: names of the columns of the study and of its design (1 case-control,
#'   2 incidence rates, 3 cumulative incidences).
#' @param tstage two stages: `"f"` pools the trends of the studies by inverse variances, `"r"` with the moment estimate
#'   of
#'   the variance between studies (DerSimonian and Laird); one dose alone.
#' @param ssest the trends of the studies are printed, too.
#' @param random not available: see `drmeta()`.
#' @param vwls covariances are taken to be 0.
#' @param eform exponentiated coefficients.
#' @param level confidence level in percent.
#' @param data a data frame.
#' @param subset rows to keep.
#' @return An object of class `stata_glst` (see [stata_view]): `r` holds `e()`: `N`, `b`, `V`, `chi2`, `df_m`, `p`,
#'   `chi2_gf`, `df_gf`, `tau2`; `studies`: the trend of each study; `fitted`: the cases that fit the estimates.
#' @details The fitted counts are those of Greenland and Longnecker, found as one root (case-control) or in closed form.
#'   Errors: `metaparity_error_input`, `metaparity_error_studies`, `metaparity_error_unsupported`.
#' @section Formula: b = (X'S^-1 X)^-1 X'S^-1 y; S_ij = r_ij s_i s_j, r_ij = c_0/sqrt((c_0 + c_i)(c_0 + c_j)), c = 1/A +
#'   1/B
#'   (case-control), 1/A (rates), 1/A - 1/n (risks) at fitted counts A.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("glst")`.
#' @section In other software: Stata `glst logrr dose, se(se) cov(n cases) cc`; the R package dosresmeta.
#' @references Greenland S, Longnecker MP (1992). American Journal of Epidemiology 135, 1301-1309. Orsini N, Bellocco R,
#'   Greenland S (2006). Stata Journal 6, 40-57.
#' @examples
#' d <- data.frame(dose = c(0, 2, 6, 11), cases = c(165, 74, 90, 122), n = c(337, 167, 186, 212),
#'                 logrr = log(c(1, 0.80, 1.16, 1.57)), se = c(0, 0.2327, 0.2372, 0.2373))
#' glst(logrr, dose, se = se, cov = "n cases", cc = TRUE, data = d)
#' @export
glst <- function(..., se, cov, cc = FALSE, ir = FALSE, ci = FALSE, pfirst = NULL, tstage = NULL, ssest = FALSE,
                 random = FALSE, vwls = FALSE, eform = FALSE, level = 95, data = NULL, subset = NULL) {
  mc <- match.call()
  env <- parent.frame()
  check_given(data, call = mc)
  check_given(cov, call = mc)
  o <- dose_options(level, eform, mc)
  flags <- list(cc = cc, ir = ir, ci = ci, ssest = ssest, random = random, vwls = vwls)
  o <- c(o, glst_options(flags, pfirst, tstage, mc))
  d <- model_data(dose_frame(data, mc), model_subset(data, mc, env), mc)
  vars <- dose_variables(as.list(match.call(expand.dots = FALSE)$...), d$data, env, mc)
  k <- nrow(d$data)
  counts <- two_columns(cov, d, "cov", mc)
  study <- glst_studies(pfirst, o$design, d$data, k, mc)
  errors <- check_numeric_vector(stata_option_column(mc$se, d$data, env, "se", k, mc), "se", mc)
  columns <- list(y = vars[[1L]], se = errors, doses = vars[-1L], n = counts[[1L]], cases = counts[[2L]], id = study$id,
                  type = study$type)
  s <- dose_studies(columns, d$rows, if (o$vwls) "vwls" else "gl", mc)
  if (!is.null(o$tstage) && ncol(s$X) > 1L) abort_capability("tstage", "takes one dose alone: use drmeta()", mc)
  new_glst(s, vars, o, d, mc)
}

glst_options <- function(o, pfirst, tstage, call) {
  for (name in names(o)) check_flag(o[[name]], name, call)
  if (o$random) abort_capability("random", "is not available here: use tstage = \"r\" or drmeta()", call)
  given <- dose_designs[unlist(o[dose_designs])]
  if (length(given) > 1L) abort_input(given[2L], sprintf("cannot go with `%s`", given[1L]), call)
  if (!length(given) && is.null(pfirst)) abort_input("cc", "or `ir`, `ci`, `pfirst` must be given", call)
  if (!is.null(tstage)) tstage <- meta_match(tstage, c("f", "r"), "tstage", call)
  if (!is.null(tstage) && is.null(pfirst)) abort_input("tstage", "needs `pfirst`", call)
  list(design = given, tstage = tstage, ssest = o$ssest, vwls = o$vwls)
}

glst_studies <- function(pfirst, design, data, k, call) {
  if (is.null(pfirst)) return(list(id = rep(1L, k), type = rep(design, k)))
  names <- option_columns(pfirst, "pfirst", call)
  if (length(names) != 2L) abort_input("pfirst", "must name the columns of study and design", call)
  list(id = named_column(names[1L], data, "pfirst", call),
       type = design_codes(named_column(names[2L], data, "pfirst", call), "pfirst", call))
}

# 1, 2, 3, or the words cc, ir, ci.
design_codes <- function(x, arg, call) {
  word <- as.character(x)
  out <- ifelse(word %in% dose_designs, word, dose_designs[match(word, c("1", "2", "3"))])
  if (anyNA(out)) abort_input(arg, "must be 1 (case-control), 2 (incidence rates) or 3 (cumulative incidences)", call)
  out
}

new_glst <- function(s, vars, o, d, call) {
  doses <- names(vars)[-1L]
  own <- if (length(s$ids) > 1L || o$ssest) own_trends(s, call)
  studies <- if (!is.null(own)) data.frame(id = s$ids[rep(seq_along(own), each = length(doses))],
    name = rep(doses, length(own)), b = unlist(lapply(own, `[[`, "b")),
    se = unlist(lapply(own, function(one) sqrt(diag(one$V)))))
  two <- if (!is.null(o$tstage)) rma(studies$b, sei = studies$se, method = if (o$tstage == "r") "DL" else "FE")
  found <- if (is.null(two)) dose_gls(s, o) else list(fit = two, test = pooled_trend(two, o))
  r <- Filter(function(v) !is.na(v[1L]), list(N = length(s$y), N_s = length(s$ids), df_m = found$test$df_m,
    chi2 = found$test$chi2, p = found$test$p, chi2_gf = found$fit$QE,
    df_gf = if (is.null(two)) found$fit$QEdf else two$k - 1L, p_gf = found$fit$QEp,
    tau2 = if (identical(o$tstage, "r")) two$tau2 else NA))
  new_stata_view("glst", c(r, dose_matrices(doses, found$test), list(depvar = names(vars)[1L])),
                 dose_table(doses, found$test), found$fit, o, test = found$test, studies = studies, stack = s,
                 own = own, fitted = s$fitted, depvar = names(vars)[1L], rows = d$rows, call = call)
}

pooled_trend <- function(fit, o) {
  list(coef = coef_tests(as.numeric(fit$beta), fit$se, NA_real_, o$level), V = fit$vb, ddf = NA_real_, df_m = 1L,
       chi2 = fit$zval^2, p = fit$pval, kept = TRUE, scale = 1)
}

#' @exportS3Method
saved_estimates.stata_glst <- function(view) c(view$r, list(cmd = "glst"))

#' @export
format.stata_glst <- function(x, ...) {
  o <- x$options
  c(if (o$ssest) format_own_trends(x), "", format_glst_header(x),
    format_coef_table(shown_doses(x$table, o$eform), x$depvar, o$level, "z", if (o$eform) "exp(b)" else "Coef."),
    if (identical(o$tstage, "r")) sprintf("Moment-based estimate of between-study variance of the slope: tau2 = %s",
                                          trimws(stata_general(x$r$tau2, 9L))))
}

format_glst_header <- function(x) {
  o <- x$options
  r <- x$r
  two <- !is.null(o$tstage)
  title <- if (two) sprintf("Two-stage %s-effects dose-response model", c(f = "fixed", r = "random")[[o$tstage]]) else
    sprintf("%s least-squares regression", if (o$vwls) "Variance-weighted" else "Generalized")
  stat <- function(name, value, digits) paste0(justify(name, 27L, left = TRUE), "= ", stata_fixed(value, 7L, digits))
  left <- c(title, stat(sprintf("Goodness-of-fit chi2(%d)", as.integer(r$df_gf)), r$chi2_gf %||% NA_real_, 2L),
            stat("Prob > chi2", r$p_gf %||% NA_real_, 4L))
  right <- paste0(justify(c(if (two) "Number of studies" else "Number of obs", sprintf("Model chi2(%d)", r$df_m),
                            "Prob > chi2"), if (two) 18L else 16L, left = TRUE), "=",
                  c(stata_integer(if (two) r$N_s else r$N, 8L), stata_fixed(r$chi2, 8L, 2L), stata_fixed(r$p, 8L, 4L)))
  to_right(left, right, 78L)
}

format_own_trends <- function(x) {
  s <- x$studies
  c("", "Study-specific trends", rule(13L, 12L, 24L),
    paste0(justify("study", 12L), " |", justify("dose", 11L), " |", justify("Coef.", 11L), justify("Std. Err.", 12L)),
    rule(13L, 12L, 24L),
    paste0(justify(abbreviate_name(as.character(s$id), 12L), 12L), " |",
           justify(abbreviate_name(s$name, 11L), 11L), " |  ", stata_general(s$b, 9L), "   ",
           stata_general(s$se, 9L)),
    rule(13L, 12L, 24L))
}

#' @rdname glst
#' @param object a result of `glst()`.
#' @param statistic `"xb"`, `"stdp"` or `"residuals"`, of the differences from the reference.
#' @export
predict.stata_glst <- function(object, statistic = "xb", ...) {
  statistic <- meta_match(statistic, c("xb", "stdp", "residuals"), "statistic", NULL)
  s <- object$stack
  xb <- as.numeric(s$X %*% object$table$b)
  out <- rep(if (statistic == "residuals") NA_real_ else 0, length(object$rows))
  out[s$at] <- switch(statistic, xb = xb, stdp = spread_along(unname(s$X), unname(object$r$V)), residuals = s$y - xb)
  out
}
