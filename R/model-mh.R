#' Mantel-Haenszel pooling
#'
#' Pools 2x2 tables or person-time data by the method of Mantel and Haenszel under the equal-effects model,
#' with the arguments and result fields of `rma.mh()` in \pkg{metafor}.
#'
#' @param ai,bi,ci,di events and non-events of group 1, then of group 2: columns of `data` or numeric vectors,
#'   one element per study.
#' @param n1i,n2i group sizes, instead of `bi` and `di`.
#' @param x1i,x2i,t1i,t2i events and person-time of the groups, for `"IRR"` and `"IRD"`.
#' @param measure `"OR"`, `"RR"`, `"RD"`, `"IRR"` or `"IRD"`.
#' @param data a data frame in which the columns are looked up first.
#' @param slab study labels.
#' @param subset rows to use: logical or row numbers.
#' @param add,to,drop00 rule for cells of 0, as in [escalc()]. The first element holds for the effects of the
#'   studies (heterogeneity), a second one for the cells that are pooled: none are added and no study is left out
#'   when there is no second one.
#' @param correct is the Cochran-Mantel-Haenszel test corrected for continuity?
#' @param level coverage of the confidence interval in percent.
#' @param verbose not used.
#' @param digits decimals for printing: one number, or a vector with names.
#' @param convention name of a convention, see [conventions()]; arguments given explicitly win.
#' @param ... `addyi`, `addvi`, `onlyo1` as in [escalc()], for the estimates of the studies, `outlist` as in [rma()];
#'   another
#'   name gives a warning and is disregarded.
#' @return An object of class `c("metaparity_mh", "metaparity", "rma.mh", "rma")`: a list with the fields of
#'   \pkg{metafor}, among them `beta`, `se`, `zval`, `pval`, `ci.lb`, `ci.ub` (log scale for ratios), `QE`, `QEp`,
#'   `I2`, `H2`, the tests `CO` (Cochran), `MH` (Cochran-Mantel-Haenszel), `BD` (Breslow-Day), `TA` (Tarone) with
#'   their p-values, `k`, `k.yi`, `k.pos`, and `weights` (Mantel-Haenszel weights, not scaled).
#' @details Q is taken about the Mantel-Haenszel estimate with weights `1 / vi`. Rows with missing cells are left out
#'   with a warning of class `metaparity_warning_dropped`; studies without an effect of their own (`drop00`) give a
#'   warning of class `metaparity_warning_studies` and have no part in Q. When the sums do not define an estimate the
#'   fields are missing, with a warning of class `metaparity_warning_input`. Errors are those of [escalc()]:
#'   `metaparity_error_input` and, for counts that cannot be, `metaparity_error_studies`.
#' @section In other software: Stata's `metan a b c d, or` is `rma.mh(convention = "stata14")`: cells of studies with a
#'   0 are corrected in the pooled sums too (`add = c(1/2, 1/2), to = c("only0", "only0")`), the test has no continuity
#'   correction, and the variance of a risk difference is that of Greenland and Robins (\pkg{metafor}: Sato et al.);
#'   RevMan's M-H, Fixed is `convention = "revman5"`.
#' @references Robins J, Breslow N, Greenland S (1986) Biometrics 42:311-323. Greenland S, Robins JM (1985)
#'   Biometrics 41:55-68. Sato T, Greenland S, Robins JM (1989) Biometrics 45:1323-1324. Breslow NE, Day NE (1980)
#'   Statistical Methods in Cancer Research, vol. 1. Tarone RE (1985) Biometrika 72:91-95.
#' @examples
#' trials <- data.frame(ev1 = c(4, 6, 3), n1 = c(123, 306, 231),
#'                      ev2 = c(11, 29, 11), n2 = c(139, 303, 220))
#' rma.mh(ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = trials, measure = "RR")
#' @export
rma.mh <- function(ai, bi, ci, di, n1i, n2i, x1i, x2i, t1i, t2i, measure = "OR", data, slab, subset, add = 1/2,
                   to = "only0", drop00 = TRUE, correct = TRUE, level = 95, verbose = FALSE, digits,
                   convention = "metafor", ...) {
  mc <- match.call()
  dots <- named_dots(c(zero_choices, "outlist"), mc, ...)
  check_measure(measure, c("OR", "RR", "RD", "IRR", "IRD"), mc)
  level <- check_level(level, call = mc)
  rules <- pooling_rules(c(given_rules(mc, environment()), dots[zero_choices]), convention_spec(convention, mc), 0.5,
                         measure, mc)
  input <- pooled_input(mc, parent.frame(), measure)
  pool <- if (input$rates) cpp_mh_rates else cpp_mh
  compute <- function(effects) call_core(pool(input$raw, measure, effects, pool_rules(rules, level)), mc)
  fit <- compute(effect_rules(rules))
  if (isFALSE(rules$addyi) || isFALSE(rules$addvi))
    fit <- heterogeneity_of_studies(partly_uncorrected(fit, rules, function(spec) compute(effect_rules(spec))))
  ok <- complete_tables(input, fit$weights, mc)
  report_effects(fit, ok, mc)
  form <- list(digits = expand_digits(if (missing(digits)) NULL else digits, call = mc), level = level,
               correct = rules$correct, k.pos = if (measure == "OR") fit$counts$k.pos else NA_integer_,
               model = "rma.mh")
  out <- new_common_fit(input, ok, fit, rules, form, mc)
  out[names(fit$tests)] <- fit$tests
  class(out) <- c("metaparity_mh", "metaparity", "rma.mh", "rma")
  as_listed(out, dots$outlist, mc)
}

# Q of the studies that have an estimate and a variance, around the pooled estimate.
heterogeneity_of_studies <- function(fit) {
  used <- !is.na(fit$yi) & !is.na(fit$vi)
  df <- sum(used) - 1
  Q <- if (df > 0) sum((fit$yi[used] - fit$numbers$beta)^2 / fit$vi[used]) else NA_real_
  fit$counts$k.yi <- sum(used)
  fit$numbers[c("QE", "QEp", "I2", "H2")] <- list(Q, upper_p(Q, df), i2_from_q(Q, df), Q / df)
  v <- fit$vi[used]
  shared <- sum(log(v)) + Q
  fit$ml <- common_statistics(-(length(v) * log(2 * pi) + shared) / 2, Q, length(v))
  ll <- if (df > 0) -(df * log(2 * pi) + shared + log(sum(1 / v)) - log(length(v))) / 2 else NA_real_
  fit$reml <- common_statistics(ll, -2 * ll, df)
  fit
}

# Log-likelihood, deviance, AIC, BIC and AICc of one parameter.
common_statistics <- function(ll, deviance, n) {
  if (n < 1 || is.na(ll)) return(rep(NA_real_, 5L))
  most <- max(n, 3)
  c(ll, deviance, -2 * ll + 2, -2 * ll + log(n), -2 * ll + 2 * most / (most - 2))
}
