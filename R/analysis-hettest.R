# hettest(): is the heterogeneity the same for all studies? The core computes (core/bias/hettest). Oracle: metafor.

#' Tests of equal heterogeneity
#'
#' Tests whether the variance of the true effects is the same for all studies, as the random-effects model assumes.
#'
#' @param x a result of [rma()] without moderators, or study estimates: a numeric vector of length k (a column of
#'   `data`
#'   or a variable).
#' @param vi,sei sampling variances or standard errors, length k, when `x` is a vector.
#' @param subset rows to keep when `x` is a vector: logical of length k or row numbers.
#' @param data a data frame in which the arguments are looked up first.
#' @param method `"REML"` or `"ML"`; that of the fit when `x` is one.
#' @param test `"score"`, `"lrt"` (likelihood ratio), `"wald"`, or a test of the Pearson residuals, by Kolmogorov
#'   and Smirnov or
#'   by Anderson and Darling, against the normal (`"ksn"`, `"adn"`) or, squared, the chi-squared distribution
#'   (`"ksx2"`,
#'   `"adx2"`); these always use the bootstrap.
#' @param boot whether the p value comes from a parametric bootstrap (1,000 samples), or the number of samples. The
#'   first
#'   sample is the data.
#' @param progbar whether progress is shown.
#' @param digits number of decimals printed.
#' @param control list with `tau2i.init`, `threshold` (1e-8) and `maxiter` (1000) of the model with a variance for
#'   each study.
#' @param ... `threads`, the number of threads; the result does not depend on it. `seed`, as [set.seed()] before the
#'   call.
#' @return An object of class `c("metaparity_hettest", "hettest")`: a list with `statistic`, `df`, `pval`, `method`,
#'   `test`, `boot`,
#'   `iter`, `tau2i` (and `se.tau2i`) for `"lrt"`, `"wald"` and `"score"`, `statistic.boot`.
#' @details The chi-squared distribution with k - 1 degrees of freedom is a rough guide, as the variances are on the
#'   edge of
#'   their range; the bootstrap is not. Samples are drawn on one thread by R's generator, so that [set.seed()] fixes
#'   them.
#'   Errors are of class `metaparity_error_input` or `metaparity_error_studies`; a fit by another estimator gives a
#'   warning of
#'   class `metaparity_warning_input`.
#' @section In other software: \pkg{metafor}: the same call, whose estimates stop earlier, so that the last decimals
#'   can
#'   differ. Stata and RevMan: none.
#' @references Harville, D. A. (1977). Maximum likelihood approaches to variance component estimation. *Journal of
#'   the American
#'   Statistical Association*, 72, 320-338.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -0.2, 0.1), var = c(0.33, 0.19, 0.42, 0.05, 0.02))
#' hettest(est, var, data = d, boot = FALSE)
#' @export
hettest <- function(x, vi, sei, subset, data, method = "REML", test = "score", boot = TRUE, progbar = TRUE, digits,
                    control, ...) {
  mc <- match.call()
  dots <- named_dots(c("threads", "seed"), mc, ...)
  threads <- dots$threads %||% 2L
  use_seed(dots$seed, mc)
  x <- tested_object(mc, parent.frame())
  if (is_foreign_fit(x)) return(foreign_function("hettest")(x, ...))
  fit <- inherits(x, "rma")
  if (fit && !x$int.only) abort_input("x", "must be a model without moderators", mc)
  studies <- if (fit) fit_studies(x, mc) else plain_studies(x, mc, parent.frame())
  check_tested_variances(studies, mc)
  if (length(studies$yi) < 2L) abort_input("x", "must have at least 2 studies", mc)
  method <- het_method(if (fit) x$method else method, fit, mc)
  test <- check_choice(lower_text(test), het_tests, "test", mc)
  if (length(studies$yi) == 2L && method == "REML" && test %in% c("score", "wald")) {
    abort_input("x", "must have more than 2 studies for this test by REML, or `method` must be \"ML\"", mc)
  }
  boot <- het_boot(boot, test, mc)
  spec <- het_spec(method, test, if (missing(control)) list() else control, mc)
  out <- het_result(studies, method, test, boot, spec, check_threads(threads, mc), mc)
  out$digits <- tested_digits(if (missing(digits)) NULL else digits, x)
  structure(out, class = c("metaparity_hettest", "hettest"))
}

het_tests <- c("score", "lrt", "wald", "ksn", "ksx2", "adn", "adx2")

het_labels <- c(score = "Score test", lrt = "Likelihood ratio test", wald = "Wald-type test",
                ksn = "Kolmogorov-Smirnov test (normal)", ksx2 = "Kolmogorov-Smirnov test (chi-squared)",
                adn = "Anderson-Darling test (normal)", adx2 = "Anderson-Darling test (chi-squared)")

het_method <- function(method, fit, call) {
  if (!fit) return(check_choice(method, c("REML", "ML"), "method", call))
  if (method %in% c("REML", "ML")) return(method)
  warn_input("x", "was not fitted by ML or REML; the test uses REML", call)
  "REML"
}

# Number of samples; 0 is none.
het_boot <- function(boot, test, call) {
  if (is.logical(boot) && length(boot) == 1L && !is.na(boot)) {
    return(if (boot || !test %in% c("score", "lrt", "wald")) 1000L else 0L)
  }
  as.integer(check_number(boot, "boot", 1, 1e6, call))
}

check_threads <- function(threads, call) as.integer(check_number(threads, "threads", 1, 1024, call))

het_spec <- function(method, test, control, call) {
  check_settings(control, "control", call)
  known <- list(threshold = 1e-8, maxiter = 1000, tau2i.init = NULL)
  unknown <- setdiff(names(control), names(known))
  if (length(unknown)) abort_input("control", sprintf("has the unknown element \"%s\"", unknown[1L]), call)
  known[names(control)] <- control
  list(reml = method == "REML", test = match(test, het_tests) - 1L,
       threshold = check_number(known$threshold, "control", 0, call = call),
       maxiter = as.integer(check_number(known$maxiter, "control", 1, call = call)), init = known$tau2i.init)
}

het_result <- function(studies, method, test, boot, spec, threads, call) {
  k <- length(studies$yi)
  fit <- fit_numbers(studies, model_spec(method), call)
  statistic <- call_core(cpp_hettest(matrix(studies$yi), studies$vi, spec, 1L), call)
  if (is.na(statistic)) {
    abort_not_converged("The model with a variance for each study did not converge; raise `control$maxiter`", call)
  }
  chi <- test %in% c("score", "lrt", "wald")
  out <- list(statistic = statistic, df = if (chi) k - 1 else NA_real_,
              pval = if (chi) upper_p(statistic, k - 1) else NA_real_, method = method, test = test,
              boot = boot > 0L,
              iter = if (boot > 0L) boot else 1000L)
  if (chi) {
    saturated <- call_core(cpp_saturated(studies$yi, studies$vi, as.numeric(spec$init %||% fit$tau2), spec), call)
    out$tau2i <- saturated$tau2i
    if (test == "wald") out$se.tau2i <- saturated$se.tau2i
  }
  if (boot == 0L) return(out)
  draws <- matrix(stats::rnorm(k * boot, fit$beta, sqrt(studies$vi + fit$tau2)), nrow = k)
  out$statistic.boot <- call_core(cpp_hettest(draws, studies$vi, spec, threads), call)
  out$statistic.boot[1L] <- statistic
  out$pval <- mean(out$statistic.boot >= statistic, na.rm = TRUE)
  out
}

#' @export
print.metaparity_hettest <- function(x, digits = x$digits, ...) {
  digits <- tested_digits(digits, x)
  statistic <- format_fixed(x$statistic, digits[["test"]])
  name <- if (is.na(x$df)) "statistic" else sprintf("X^2(df = %d)", as.integer(x$df))
  cat_lines(c("", "Test for Heteroscedastic Heterogeneity", "",
              format_labelled(c("Estimation method", "Test type", "Bootstrapping"), het_words(x)), "",
              sprintf("%s = %s, %s", translate(name), statistic, format_p_equation(x$pval, digits[["pval"]], "p")), ""))
  invisible(x)
}

het_words <- function(x) {
  boot <- if (x$boot) translatef("Yes (%d/%d iterations)", sum(!is.na(x$statistic.boot)), as.integer(x$iter)) else "No"
  c(c(REML = "Restricted maximum likelihood", ML = "Maximum likelihood")[[x$method]], het_labels[[x$test]], boot)
}

het_notes <- function(x) {
  sprintf("%s: %s", translate(c("Estimation method", "Bootstrapping")), translate(het_words(x)[-2L]))
}
