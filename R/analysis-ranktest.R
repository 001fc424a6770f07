# ranktest(): Begg's rank correlation test.

#' Rank correlation test of small-study effects
#'
#' Kendall's rank correlation between the studies' standardised deviates from the inverse-variance
#' estimate and their sampling variances (Begg's test).
#'
#' @param x a result of [rma()], [rma.mh()] or [rma.peto()], or study estimates, a numeric vector of
#'   length k (a column of `data` or a variable).
#' @param vi,sei sampling variances or standard errors, length k, when `x` is a vector.
#' @param subset rows to keep when `x` is a vector: logical of length k or row numbers.
#' @param data a data frame in which the arguments are looked up first.
#' @param digits number of decimals printed.
#' @param ... `exact = FALSE` asks for the normal approximation also without ties.
#' @return An object of class `c("metaparity_ranktest", "ranktest")`: a list with `tau` (Kendall's tau-b),
#'   `pval` and `digits` as in \pkg{metafor}, and `exact`, `k`, `score` (concordant minus discordant pairs),
#'   `dropped` (rows left out).
#' @details Without ties the p-value is exact for any number of studies; with ties it is the normal
#' approximation without continuity correction. When all estimates (or all variances) are equal the
#' correlation does not exist: `tau` and `pval` are `NA`, with a warning.
#'
#' Errors are of class `metaparity_error_input` or `metaparity_error_studies` (which names the rows).
#' @section In other software: \pkg{metafor}: `ranktest()`, which beyond 170 studies turns to the normal
#'   approximation. Stata: `metabias, begg` (normal approximation with and without continuity
#'   correction). RevMan: none.
#' @references Begg, C. B. and Mazumdar, M. (1994). Operating characteristics of a rank correlation test
#'   for publication bias. *Biometrics*, 50, 1088-1101.
#' @examples
#' d <- data.frame(est = c(-2.2, 0.22, -14.61, -0.88), se = c(1.45, 2.08, 2.74, 0.31))
#' ranktest(est, sei = se, data = d)
#' @export
ranktest <- function(x, vi, sei, subset, data, digits, ...) {
  mc <- match.call()
  exact <- named_dots("exact", mc, ...)$exact
  exact <- if (is.null(exact)) TRUE else check_flag(exact, "exact", mc)
  x <- tested_object(mc, parent.frame())
  if (is_foreign_fit(x)) return(foreign_function("ranktest")(x, ...))
  studies <- if (inherits(x, "rma")) fit_studies(x, mc) else plain_studies(x, mc, parent.frame())
  if (inherits(x, "rma") && !x$int.only) abort_input("x", "must be a model without moderators", mc)
  check_tested_variances(studies, mc)
  test <- call_core(cpp_rank_test(studies$yi, studies$vi, exact), mc)
  if (is.na(test$tau)) {
    warn_input("x", "has equal estimates or equal variances throughout: there is no rank correlation", mc)
  }
  digits <- tested_digits(if (missing(digits)) NULL else digits, x)
  out <- list(tau = c(tau = test$tau), pval = test$pval, digits = digits, exact = test$exact, k = test$k,
              score = test$score,
              dropped = studies$dropped)
  class(out) <- c("metaparity_ranktest", "ranktest")
  out
}

#' @export
print.metaparity_ranktest <- function(x, digits = x$digits, ...) {
  digits <- tested_digits(digits, x)
  test <- sprintf("Kendall's tau = %s, %s", format_fixed(x$tau, digits[["est"]]),
                  format_p_equation(x$pval, digits[["pval"]], "p"))
  cat_lines(c("", "Rank Correlation Test for Funnel Plot Asymmetry", "", test, ""))
  invisible(x)
}
