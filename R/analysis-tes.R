# tes(): test of excess significance. The core computes (core/bias/excess_significance). Oracle: metafor.

#' Test of excess significance
#'
#' Compares the number of studies with a significant result with the number that their power lets expect.
#'
#' @param x a result of [rma()], or study estimates: a numeric vector of length k (a column of `data` or a variable).
#' @param vi,sei sampling variances or standard errors, length k, when `x` is a vector.
#' @param subset rows to keep when `x` is a vector: logical of length k or row numbers.
#' @param data a data frame in which the arguments are looked up first.
#' @param H0 effect under the null hypothesis of the studies.
#' @param alternative sides of the tests of the studies: `"two.sided"`, `"greater"`, `"less"`.
#' @param alpha their level.
#' @param theta true effect at which the power is taken; by default the common-effect estimate, or the estimate of
#'   the fit.
#' @param tau2 variance of the true effects; by default 0, or that of the fit.
#' @param test `"chi2"`, `"binom"` or `"exact"`; by default exact as long as it would have at most a million terms.
#' @param tes.alternative sides of the test of excess: `"greater"`, `"two.sided"`, `"less"`.
#' @param progbar accepted for compatibility; the work is done before a bar could be drawn.
#' @param tes.alpha level of the test of excess that defines the limit estimate.
#' @param digits number of decimals printed.
#' @param ... `correct`, whether the chi-squared test has Yates' correction; `tau2.lb`, below which tau2 counts as 0;
#'   `find.lim = FALSE` leaves the limit out; `rel.tol`, `subdivisions` are accepted.
#' @return An object of class `c("metaparity_tes", "tes")`: a list with `k`, `O` and `E` (observed and expected
#'   numbers),
#'   `OEratio`, `test`, `X2`, `pval`, `power`, `sig`, `theta`, `theta.lim` (the true effect at which the p value is
#'   `tes.alpha`), `tes.alternative`, `tes.alpha`.
#' @details With heterogeneity the power is the expected one, in closed form. The exact test takes the distribution
#'   of a sum
#'   of independent outcomes with different probabilities, by convolution, for any number of studies. For a two-sided
#'   test there are two limits, each at half of `tes.alpha`. Errors are of class `metaparity_error_input` or
#'   `metaparity_error_studies`.
#' @section In other software: \pkg{metafor}: the same call. Stata and RevMan: none.
#' @references Ioannidis, J. P. A. and Trikalinos, T. A. (2007). An exploratory test for an excess of significant
#'   findings.
#'   *Clinical Trials*, 4, 245-253.
#'
#'   Francis, G. (2013). Replication, statistical consistency, and publication bias. *Journal of Mathematical
#'   Psychology*,
#'   57, 153-169.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -0.2), var = c(0.33, 0.19, 0.42, 0.05))
#' tes(est, var, data = d)
#' @export
tes <- function(x, vi, sei, subset, data, H0 = 0, alternative = "two.sided", alpha = 0.05, theta, tau2, test,
                tes.alternative = "greater", progbar = TRUE, tes.alpha = 0.10, digits, ...) {
  mc <- match.call()
  # The limit is a root found without tuning: `rel.tol` and `subdivisions` have nothing to do.
  dots <- named_dots(c("correct", "tau2.lb", "find.lim", "rel.tol", "subdivisions"), mc, ...)
  x <- tested_object(mc, parent.frame())
  if (is_foreign_fit(x)) return(foreign_function("tes")(x, ...))
  fit <- inherits(x, "rma")
  studies <- if (fit) fit_studies(x, mc) else plain_studies(x, mc, parent.frame())
  check_tested_variances(studies, mc)
  tau2 <- if (!missing(tau2)) check_finite(tau2, "tau2", 0, call = mc) else if (fit) x$tau2 else 0
  if (!is.null(dots$tau2.lb)) tau2[tau2 < check_number(dots$tau2.lb, "tau2.lb", 0, call = mc)] <- 0
  theta <- if (missing(theta)) tes_effect(x, studies, fit, tau2, mc) else check_finite(theta, "theta", call = mc)
  spec <- list(H0 = check_finite(H0, "H0", call = mc), alpha = check_number(alpha, "alpha", 0, 1, mc), tau2 = tau2,
               alternative = side_code(alternative, "alternative", mc),
               tes.alternative = side_code(tes.alternative, "tes.alternative", mc), test = 0L)
  tes.alpha <- check_number(tes.alpha, "tes.alpha", 0, 1, mc)
  found <- tes_test(studies, theta, spec, if (missing(test)) NULL else test, mc)
  spec$test <- match(found$test, tes_tests) - 1L
  if (!is.null(dots$correct) && check_flag(dots$correct, "correct", mc) && found$test == "chi2")
    found[c("X2", "pval")] <- corrected_chi2(found, length(studies$yi), spec$tes.alternative)
  limited <- is.null(dots$find.lim) || check_flag(dots$find.lim, "find.lim", mc)
  side <- tes_sides[spec$tes.alternative + 1L]
  k <- length(studies$yi)
  out <- list(k = k, O = as.integer(found$O), E = found$E, OEratio = found$O / found$E, test = found$test,
              X2 = found$X2,
              pval = found$pval, power = found$power, sig = found$sig, theta = theta,
              theta.lim = if (limited && length(theta) == 1L) tes_limits(studies, theta, tes.alpha, spec, mc),
              tes.alternative = side, tes.alpha = if (side == "two.sided") tes.alpha / 2 else tes.alpha,
              digits = tested_digits(if (missing(digits)) NULL else digits, x))
  structure(out, class = c("metaparity_tes", "tes"))
}

tes_tests <- c("chi2", "binom", "exact")
tes_sides <- c("two.sided", "greater", "less")

side_code <- function(side, arg, call) {
  at <- if (is.character(side) && length(side) == 1L) pmatch(side, tes_sides) else NA
  if (is.na(at)) check_choice(side, tes_sides, arg, call)
  at - 1L
}

# The estimate at tau2, that of the fit, or with moderators the fitted values.
tes_effect <- function(x, studies, fit, tau2, call) {
  if (!fit) return(fit_numbers(studies, model_spec(tau2 = tau2), call)$beta)
  if (x$int.only) x$beta[[1L]] else values_along(x$X, x)
}

tes_test <- function(studies, theta, spec, test, call) {
  run <- function(code) {
    spec$test <- code
    call_core(cpp_excess_significance(studies$yi, studies$vi, theta, spec), call)
  }
  if (!is.null(test)) {
    at <- if (is.character(test) && length(test) == 1L) pmatch(test, tes_tests) else NA
    if (is.na(at)) check_choice(test, tes_tests, "test", call)
    return(c(run(at - 1L), test = tes_tests[at]))
  }
  found <- run(0L)
  k <- length(studies$yi)
  o <- switch(spec$tes.alternative + 1L, 0:k, found$O:k, 0:found$O)
  if (sum(choose(k, o)) <= 1e6) c(run(2L), test = "exact") else c(found, test = "chi2")
}

# With Yates' correction for the counts.
corrected_chi2 <- function(found, k, side) {
  apart <- found$O - found$E
  x2 <- max(0, abs(apart) - 0.5)^2 * (1 / found$E + 1 / (k - found$E))
  root <- sign(apart) * sqrt(x2)
  list(x2, switch(side + 1L, upper_p(x2, 1), stats::pnorm(root, lower.tail = FALSE), stats::pnorm(root)))
}

tes_limits <- function(studies, theta, tes.alpha, spec, call) {
  limit <- function(side, level) {
    spec$tes.alternative <- side
    call_core(cpp_excess_limit(studies$yi, studies$vi, theta, level, spec), call)
  }
  if (spec$tes.alternative != 0L) return(limit(spec$tes.alternative, tes.alpha))
  c(limit(1L, tes.alpha / 2), limit(2L, tes.alpha / 2))
}

#' @export
print.metaparity_tes <- function(x, digits = x$digits, ...) {
  digits <- tested_digits(digits, x)
  est <- function(v) format_fixed(v, digits[["est"]])
  power <- if (length(x$theta) != 1L) "Estimated Power of Tests: " else {
    translatef("Estimated Power of Tests (based on theta = %s)", est(x$theta))
  }
  lines <- tes_lines(x, digits)
  cat_lines(c("", "Test of Excess Significance", "", lines[1:3], "", power, "", format_power(x$power, est),
              "", lines[-(1:3)], ""))
  invisible(x)
}

# The three counts, then the test and its limit.
tes_lines <- function(x, digits) {
  est <- function(v) format_fixed(v, digits[["est"]])
  test <- switch(x$test, chi2 = sprintf("X^2 = %s, df = 1", format_fixed(x$X2, digits[["test"]])),
                 binom = "binomial test", exact = "exact test")
  p <- sprintf("%s (%s)", format_p_equation(x$pval, digits[["pval"]], "p"), translate(test))
  limit <- if (!is.null(x$theta.lim)) tes_limit(x, est)
  counts <- c("Observed Number of Significant Findings", "Expected Number of Significant Findings",
              "Observed Number / Expected Number")
  c(format_labelled(counts, c(translatef("%d (out of %d)", as.integer(x$O), x$k), est(x$E), est(x$OEratio))),
    format_labelled(c("Test of Excess Significance", if (length(limit)) "Limit Estimate (theta_lim)"), c(p, limit)))
}

# The power of few studies, quantiles of that of many.
format_power <- function(power, est) {
  names(power) <- seq_along(power)
  if (length(power) > 5L) power <- stats::setNames(stats::quantile(power, na.rm = TRUE),
                                                   c("min", "q1", "median", "q3", "max"))
  format_text_table(rbind(stats::setNames(est(power), names(power))), label = FALSE)
}

tes_limit <- function(x, est) {
  shown <- unique(ifelse(is.na(x$theta.lim), translate("not estimable"), est(x$theta.lim)))
  shown <- paste(shown, collapse = ", ")
  if (all(is.na(x$theta.lim))) shown else translatef("%s (where p = %s)", shown, format(x$tes.alpha))
}
