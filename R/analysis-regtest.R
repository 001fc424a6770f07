# regtest(): regression tests of small-study effects.

#' Regression tests of small-study effects
#'
#' Regresses the study estimates on a measure of study size (Egger's test and its relatives).
#'
#' @inheritParams ranktest
#' @param ni sample sizes, length k, for the predictors made from them.
#' @param model `"rma"` for a mixed-effects meta-regression, `"lm"` for weighted least squares with
#'   multiplicative dispersion (the classical Egger test).
#' @param predictor `"sei"` (standard error), `"vi"` (sampling variance), `"ni"` (sample size), `"ninv"` (its
#'   inverse), `"sqrtni"` or `"sqrtninv"` (their square roots).
#' @param ret.fit whether the fitted model is printed, too.
#' @param ... `level`, `method` and `test` of the regression; those of the fit are the default.
#' @return An object of class `c("metaparity_regtest", "regtest")`, a list with \pkg{metafor}'s fields: `model`,
#'   `predictor`, `zval`, `pval`, `dfs`, `ddf`, `method`, `digits`, `ret.fit`, `fit` (the result of [rma()], or of
#'   [stats::lm()] when `model = "lm"`), and `est`, `ci.lb`, `ci.ub`:
#'   the estimate in the limit of infinitely large studies.
#' @details The predictor is added to the moderators of the fit. The limit estimate is given for the
#' predictors that vanish in large studies and a model without moderators.
#'
#' Errors are of class `metaparity_error_input` or `metaparity_error_studies` (which names the rows).
#' @section In other software: Stata: `metabias, egger` and the Egger test of `metabias6` are
#'   `model = "lm"`; `meta bias, egger` is the default. RevMan: none. \pkg{metafor}: `regtest()`;
#'   \pkg{meta}: `metabias(method.bias = "Egger")` is `model = "lm"`.
#' @references Egger, M., Davey Smith, G., Schneider, M. and Minder, C. (1997). Bias in meta-analysis detected
#'   by a simple, graphical test. *BMJ*, 315, 629-634.
#'
#'   Sterne, J. A. C. and Egger, M. (2005). Regression methods to detect publication and other bias in
#'   meta-analysis. In *Publication Bias in Meta-Analysis*, 99-110. Wiley.
#' @examples
#' d <- data.frame(est = c(-2.2, 0.22, -14.61, -0.88), se = c(1.45, 2.08, 2.74, 0.31))
#' regtest(est, sei = se, data = d, model = "lm")
#' @export
regtest <- function(x, vi, sei, ni, subset, data, model = "rma", predictor = "sei", ret.fit = FALSE, digits, ...) {
  mc <- match.call()
  env <- parent.frame()
  dots <- named_dots(c("level", "method", "test"), mc, ...)
  x <- tested_object(mc, env)
  if (is_foreign_fit(x)) {
    return(foreign_function("regtest")(x, model = model, predictor = predictor, ret.fit = ret.fit, ...))
  }
  model <- check_choice(model, c("rma", "lm"), "model", mc)
  predictor <- check_choice(predictor, names(predictor_labels), "predictor", mc)
  ret.fit <- check_flag(ret.fit, "ret.fit", mc)
  if (model == "rma" && inherits(x, c("rma.mh", "rma.peto"))) {
    abort_input("model", "must be \"lm\" for a fit of rma.mh() or rma.peto(): its method estimates no regression", mc)
  }
  studies <- if (inherits(x, "rma")) fit_studies(x, mc, env) else plain_studies(x, mc, env)
  studies$X <- add_predictor(studies, predictor, mc)
  spec <- tested_spec(x, dots, mc)
  digits <- tested_digits(if (missing(digits)) NULL else digits, x)
  test <- if (model == "rma") mixed_test(studies, spec, digits, mc) else lm_test(studies, spec$level, mc)
  simple <- ncol(studies$X) == 2L && all(studies$X[, 1L] == 1) && !predictor %in% c("ni", "sqrtni")
  if (!simple) test["limit"] <- list(NULL)
  out <- list(model = model, predictor = predictor, zval = test$zval, pval = test$pval, dfs = test$ddf, ddf = test$ddf,
              method = test$method, digits = digits, ret.fit = ret.fit, fit = test$fit, est = test$limit[1L],
              ci.lb = unname(test$limit[2L]), ci.ub = unname(test$limit[3L]), dropped = studies$dropped)
  attr(out, "regression") <- test_regression(test, studies, spec$level)
  class(out) <- c("metaparity_regtest", "regtest")
  out
}

# What a plot of the test needs: the data, the coefficients, their covariances and the critical value.
test_regression <- function(test, studies, level) {
  df <- test$ddf
  crit <- critical_value(level, if (length(df) && is.finite(df) && df > 0) df else NA)
  list(yi = as.numeric(studies$yi), X = studies$X, beta = as.numeric(test$line$beta), vb = test$line$vb,
       crit = crit, level = level)
}

predictor_labels <- c(sei = "standard error", vi = "sampling variance", ni = "sample size",
                      ninv = "inverse of the sample size", sqrtni = "square root sample size",
                      sqrtninv = "inverse of the square root sample size")

# The design of the studies with the predictor as its last column, named as in metafor.
add_predictor <- function(studies, predictor, call) {
  if (!predictor %in% c("sei", "vi") && is.null(studies$ni)) {
    abort_input("ni", sprintf("must be given for predictor = \"%s\"", predictor), call)
  }
  value <- switch(predictor, sei = sqrt(studies$vi), vi = studies$vi, ni = studies$ni, ninv = 1 / studies$ni,
                  sqrtni = sqrt(studies$ni), sqrtninv = 1 / sqrt(studies$ni))
  bad <- which(!is.finite(value))
  if (length(bad)) abort_studies("ni", studies$rows[bad], "must be positive", call)
  out <- cbind(studies$X, as.numeric(value))
  colnames(out)[ncol(out)] <- if (predictor %in% c("sqrtni", "sqrtninv")) "ni" else predictor
  out
}

mixed_test <- function(studies, spec, digits, call) {
  p <- ncol(studies$X)
  kept <- call_core(cpp_independent_columns(studies$X), call)
  if (length(kept) < p) abort_input("predictor", "must not be constant or a combination of the moderators", call)
  used <- list(yi = studies$yi, vi = studies$vi, X = studies$X, weights = if (length(studies$weights)) studies$weights,
               ni = studies$ni,
               coef.na = stats::setNames(rep(FALSE, p), paste0("X", colnames(studies$X))))
  input <- new_input(used$yi, used$vi, used$X, used$weights, used$ni, studies$slab, measure = studies$measure,
                     int.incl = spec$int.incl)
  fit <- refit_used(input, used, spec, list(digits = digits, verbose = FALSE, add = 1/2, to = "only0", drop00 = FALSE),
                    call)
  list(zval = fit$zval[p], pval = fit$pval[p], ddf = fit$ddf, method = fit$method, fit = fit,
       limit = c(intrcpt = fit$beta[1L], fit$ci.lb[1L], fit$ci.ub[1L]), line = fit[c("beta", "vb")])
}

lm_test <- function(studies, level, call) {
  check_tested_variances(studies, call)
  p <- ncol(studies$X)
  fit <- call_core(cpp_regression_lm(studies$yi, studies$X, 1 / studies$vi, level), call)
  limit <- c(fit$beta[1L], fit$ci.lb[1L], fit$ci.ub[1L])
  out <- list(zval = fit$tval[p], pval = fit$pval[p], ddf = fit$df.residual, limit = limit, line = fit[c("beta", "vb")])
  yi <- studies$yi
  vi <- studies$vi
  X <- studies$X
  out$fit <- stats::lm(yi ~ 0 + X, weights = 1 / vi)
  out$fit$call[[1L]] <- quote(lm)
  out
}

# The specification of the regression: that of the fit, or the defaults, changed by `...`.
tested_spec <- function(x, dots, call) {
  fit <- inherits(x, "rma")
  spec <- if (!fit) model_spec() else if (is.null(x$spec)) {
    model_spec(method = x$method, test = x$test, level = 1 - x$level)
  } else {
    x$spec
  }
  if (!is.null(dots$level)) spec$level <- check_level(dots$level, "level", call)
  if (!is.null(dots$method)) spec$method <- check_method(dots$method, call)
  if (!is.null(dots$test)) spec$test <- check_choice(dots$test, test_types, "test", call)
  spec$btt <- integer()
  spec["q_centre"] <- list(NA_real_)
  spec
}

#' @export
print.metaparity_regtest <- function(x, digits = x$digits, ret.fit = x$ret.fit, ...) {
  digits <- tested_digits(digits, x)
  cat_lines(c("", "Regression Test for Funnel Plot Asymmetry", "", format_test_model(x)))
  if (!ret.fit) cat("\n")
  if (ret.fit && x$model == "lm") print(summary(x$fit))
  if (ret.fit && x$model == "rma") print(x$fit, digits = digits)
  cat_lines(c(format_test_result(x, digits), ""))
  invisible(x)
}

format_test_model <- function(x) {
  kind <- if (x$model == "lm") "weighted regression with multiplicative dispersion" else {
    paste(if (x$method %in% common_methods) "fixed-effects" else "mixed-effects", "meta-regression model")
  }
  format_labelled(c("Model", "Predictor"), c(kind, predictor_labels[[x$predictor]]))
}

format_test_result <- function(x, digits) {
  opposite <- !is.null(x$est) && isTRUE(sign(x$zval) != sign(x$est))
  value <- function(v, d) paste0(if (opposite && !is.na(v) && v >= 0) " ", format_fixed(v, d))
  df <- if (is.na(x$ddf)) "z = " else "t = "
  after <- if (is.na(x$ddf)) "" else sprintf(", df = %s", format(round(x$ddf, 2)))
  out <- paste0(df, value(x$zval, digits[["test"]]), after, ", ", format_p_equation(x$pval, digits[["pval"]], "p"))
  if (is.null(x$est)) return(format_labelled("Test for Funnel Plot Asymmetry", out))
  limit <- switch(x$predictor, sei = "Limit Estimate (as sei -> 0)", vi = "Limit Estimate (as vi -> 0)",
                  "Limit Estimate (as ni -> inf)")
  format_labelled(c("Test for Funnel Plot Asymmetry", limit),
                  c(out, sprintf("b = %s (CI: %s, %s)", value(x$est, digits[["est"]]),
                                 format_fixed(x$ci.lb, digits[["ci"]]),
                                 format_fixed(x$ci.ub, digits[["ci"]]))))
}
