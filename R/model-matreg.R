# matreg(): regression from a correlation or covariance matrix. The core computes; the object and its methods are
# metafor's.
# Source: Becker (1992). Oracles: lm() of data with that matrix; metafor::matreg.

#' Regression from a correlation or covariance matrix
#'
#' Coefficients of a linear regression of one variable on others of which only correlations or covariances are known: of
#' one
#' sample, or pooled over studies.
#'
#' @param y a formula `y ~ x1 + x2`, or the name or number of the outcome in `R`.
#' @param x names or numbers of the predictors.
#' @param R correlation or covariance matrix, p x p; the lower triangle counts.
#' @param n sample size.
#' @param V variance-covariance matrix of the lower triangle of `R`, column by column, in place of `n`; with `cov` the
#'   diagonal of `R` is part of it.
#' @param cov whether `R` holds covariances.
#' @param means means of the variables, length p, for the intercept of `cov = TRUE`; beside `V` they count as known.
#' @param ztor whether `R` holds Fisher's z.
#' @param nearpd not available, an error of class `metaparity_error_unsupported`.
#' @param level confidence level in percent.
#' @param digits number of decimals printed.
#' @param ... not used; anything here is an error.
#' @return An object of class `c("metaparity_matreg", "matreg")`: `tab` (a row per coefficient: `beta`, `se`, `tval` and
#'   `df`
#'   or `zval`, `pval`, `ci.lb`, `ci.ub`), `vb`, `R2`, `p`, `parms`, `test`, `level`, `digits`, `intercept`; with `n`
#'   also
#'   `R2adj`, `F`, `Fdf`, `Fp`, `df.residual`, `sigma2.ml`, `sigma2.reml`, `nobs`, `deviance`, `fit.stats`; with `V`
#'   also
#'   `QM`, `QMdf`, `QMp`.
#' @details Errors are of class `metaparity_error_input`: unknown variables, predictors whose matrix cannot be inverted.
#' @section Formula: b = R_xx^-1 R_xy; Var(b) = s^2 R_xx^-1 / (n - 1) of a sample, by the delta method with `V`.
#' @section In other software: \pkg{metafor}: `matreg()`; Stata: `corr2data` and `regress`.
#' @references Becker, B. J. (1992). Using results from replicated studies to estimate linear models. *Journal of
#'   Educational Statistics*, 17, 341-362.
#' @examples
#' R <- matrix(c(1, 0.2, 0.3, 0.2, 1, 0.4, 0.3, 0.4, 1), 3)
#' rownames(R) <- c("y", "a", "b")
#' matreg(y ~ a + b, R = R, n = 50)
#' @importFrom stats sigma
#' @export
matreg <- function(y, x, R, n, V, cov = FALSE, means, ztor = FALSE, nearpd = FALSE, level = 95, digits, ...) {
  call <- match.call()
  named_dots(character(), call, ...)
  if (check_flag(nearpd, "nearpd", call)) abort_capability("nearpd", "is not available", call)
  if (missing(y) || missing(R)) abort_input(if (missing(y)) "y" else "R", "must be given", call)
  cov <- check_flag(cov, "cov", call)
  ztor <- check_flag(ztor, "ztor", call)
  level <- check_level(level, "level", call)
  R <- regression_matrix(R, cov, call)
  at <- regression_variables(y, if (!missing(x)) x, R, call)
  if (missing(n) == missing(V)) abort_input("n", "or `V` must be given, and not both", call)
  digits <- if (missing(digits)) 4 else check_decimals(digits, call)[[1L]]
  if (missing(V)) {
    if (ztor) R <- `diag<-`(tanh(R), 1)
    return(sample_regression(R, at, n, cov, if (!missing(means)) means, level, digits, call))
  }
  if (cov && ztor) abort_input("ztor", "cannot be TRUE with `cov`", call)
  pooled_matreg(R, at, V, list(cov = cov, ztor = ztor, means = if (cov && !missing(means)) means), level, digits, call)
}

regression_matrix <- function(R, cov, call) {
  if (is.data.frame(R)) R <- as.matrix(R)
  if (isS4(R) && inherits(R, "Matrix")) R <- as.matrix(R)
  if (!is.numeric(R) || !is.matrix(R) || nrow(R) != ncol(R)) abort_input("R", "must be a square matrix", call)
  R <- unclass(R)
  R[upper.tri(R)] <- t(R)[upper.tri(R)]
  # The diagonal of correlations is known.
  if (!cov) diag(R)[is.na(diag(R))] <- 1
  if (is.null(rownames(R))) rownames(R) <- colnames(R)
  if (anyNA(R)) abort_input("R", "must have no missing values", call)
  R
}

# Numbers of the outcome and of the predictors.
regression_variables <- function(y, x, R, call) {
  if (inherits(y, "formula")) {
    if (length(y) != 3L) abort_input("y", "must be a two-sided formula when it is one", call)
    x <- attr(stats::terms(y), "term.labels")
    y <- all.vars(y[[2L]])
  }
  if (is.null(x)) abort_input("x", "must be given", call)
  place <- function(v, arg) {
    out <- if (is.character(v)) {
      exact <- match(v, rownames(R))
      ifelse(is.na(exact), pmatch(v, rownames(R)), exact)
    } else if (is.numeric(v)) as.integer(round(pmax(pmin(v, nrow(R) + 1), 0))) else NA_integer_
    if (!length(out) || anyNA(out) || any(out < 1L | out > nrow(R)))
      abort_input(arg, sprintf("must be among the variables of `R`: %s", toString(rownames(R) %||% seq_len(nrow(R)))),
                  call)
    out
  }
  y <- place(y, "y")
  x <- place(x, "x")
  if (length(y) != 1L) abort_input("y", "must be one variable", call)
  if (y %in% x || anyDuplicated(x)) abort_input("x", "must have other variables than `y`, each once", call)
  list(y = y, x = x, names = rownames(R)[x] %||% paste0("x", x))
}

sample_regression <- function(R, at, n, cov, means, level, digits, call) {
  n <- check_number(n, "n", 1, Inf, call)
  if (cov && is.null(means)) means <- rep(NA_real_, nrow(R))
  if (cov && length(means) != nrow(R)) abort_input("means", sprintf("must have %d elements", nrow(R)), call)
  if (!cov) R <- stats::cov2cor(`diag<-`(R, 1))
  found <- call_core(cpp_matrix_regression(unname(R), at$y, at$x, n, if (cov) as.double(means) else numeric()), call)
  names <- c(if (cov) "intrcpt", at$names)
  m <- length(at$x)
  df <- n - length(names)
  tests <- regression_table(found, names, df, level)
  adjusted <- 1 - (1 - found$R2) * (df + m) / df
  F <- found$R2 / m / ((1 - found$R2) / df)
  p <- length(names)
  # An intercept that the means do not tell is no parameter.
  parms <- p + 1 - (cov && is.na(found$beta[1L]))
  stats <- function(ll, dev, k) c(ll, dev, -2 * ll + 2 * parms, -2 * ll + parms * log(k),
                                  -2 * ll + 2 * parms * max(k, parms + 2) / (max(k, parms + 2) - parms - 1))
  fit.stats <- data.frame(ML = stats(found$ml, found$rss, n), REML = stats(found$reml, -2 * found$reml, n - parms + 1),
                          row.names = c("ll", "dev", "AIC", "BIC", "AICc"))
  new_matreg(list(tab = tests$tab, vb = tests$vb, R2 = found$R2, R2adj = adjusted, F = c(value = F, df1 = m, df2 = df),
                  Fdf = c(m, df), Fp = upper_p(F, m, df), p = p, df.residual = df, sigma2.ml = found$rss / n,
                  sigma2.reml = found$rss / df, nobs = n, parms = parms, deviance = found$rss, fit.stats = fit.stats,
                  digits = digits, test = "t", level = 1 - level, intercept = cov))
}

pooled_matreg <- function(R, at, V, how, level, digits, call) {
  if (isS4(V) && inherits(V, "Matrix")) V <- as.matrix(V)
  size <- nrow(R) * (nrow(R) + if (how$cov) 1 else -1) / 2
  if (!is.matrix(V) || !is.numeric(V) || any(dim(V) != size)) abort_input("V", sprintf("must be a %d x %d matrix", size,
                                                                                       size), call)
  means <- if (!how$cov) numeric() else if (is.null(how$means)) rep(NA_real_, nrow(R)) else as.double(how$means)
  if (how$cov && length(means) != nrow(R)) abort_input("means", sprintf("must have %d elements", nrow(R)), call)
  found <- call_core(cpp_pooled_regression(unname(R), at$y, at$x, unclassed_matrix(V),
                                           how$cov, how$ztor, means), call)
  tests <- regression_table(found, c(if (how$cov) "intrcpt", at$names), NA_real_, level)
  m <- length(at$x)
  p <- length(found$beta)
  slopes <- diag(p)[p - m + seq_len(m), , drop = FALSE]
  joint <- call_core(cpp_linear_tests(slopes, numeric(m), found$beta, found$vb, rep(NaN, m), NaN), call)
  new_matreg(list(tab = tests$tab, vb = tests$vb, R2 = found$R2, QM = joint$QM, QMdf = c(m, NA_integer_),
                  QMp = joint$QMp, p = p, parms = p, digits = digits, test = "z", level = 1 - level,
                    intercept = how$cov))
}

regression_table <- function(found, names, df, level) {
  se <- sqrt(diag(found$vb))
  stat <- found$beta / se
  reach <- critical_value(level, df) * se
  tab <- data.frame(beta = found$beta, se = se, tval = stat, df = df, pval = two_sided_p(stat, rep(df, length(stat))),
                    ci.lb = found$beta - reach, ci.ub = found$beta + reach, row.names = names)
  if (is.na(df)) {
    tab$df <- NULL
    names(tab)[3L] <- "zval"
  }
  vb <- found$vb
  dimnames(vb) <- list(names, names)
  list(tab = tab, vb = vb)
}

new_matreg <- function(x) structure(x, class = c("metaparity_matreg", "matreg"))

#' @rdname matreg
#' @param signif.stars,signif.legend whether significance marks and their legend are shown.
#' @export
print.metaparity_matreg <- function(x, digits = x$digits, signif.stars = getOption("show.signif.stars"),
                                    signif.legend = signif.stars, ...) {
  cat_lines(format_matreg(x, digits, isTRUE(signif.stars), isTRUE(signif.legend)))
  invisible(x)
}

known_df <- function(tab) ifelse(is.na(tab$beta), "NA", as.character(round(tab$df, 2)))

format_matreg <- function(x, digits, stars, legend) {
  tab <- x$tab
  fixed <- function(name) format_fixed(tab[[name]], digits)
  stat <- if (x$test == "t") "tval" else "zval"
  out <- cbind(estimate = fixed("beta"), se = fixed("se"), fixed(stat), df = if (x$test == "t") known_df(tab),
               pval = format_p_value(tab$pval, digits), ci.lb = fixed("ci.lb"), ci.ub = fixed("ci.ub"),
               if (stars) format_stars(tab$pval))
  colnames(out)[3L] <- stat
  rownames(out) <- rownames(tab)
  join_blocks(format_text_table(out), if (stars && legend) format_signif_legend())
}

#' @export
summary.metaparity_matreg <- function(object, digits, ...) {
  if (!missing(digits)) object$digits <- check_decimals(digits, sys.call())[[1L]]
  class(object) <- c("metaparity_matreg_summary", class(object))
  object
}

#' @export
print.metaparity_matreg_summary <- function(x, digits = x$digits, ...) {
  lines <- format_matreg(x, digits, isTRUE(getOption("show.signif.stars")), isTRUE(getOption("show.signif.stars")))
  f <- function(v) format_fixed(v, digits)
  more <- if (x$test == "t") {
    c(sprintf("Residual standard error: %s on %s degrees of freedom", f(sqrt(x$sigma2.reml)), format(x$df.residual)),
      sprintf("Multiple R-squared: %s,  Adjusted R-squared: %s", f(x$R2), f(x$R2adj)),
      sprintf("F-statistic: %s on %d and %s DF,  p-value: %s", f(x$F[[1L]]), as.integer(x$Fdf[1L]), format(x$Fdf[2L]),
              format_p_value(x$Fp, digits)))
  } else {
    sprintf("R^2: %s, QM(df = %d) = %s, %s", f(x$R2), as.integer(x$QMdf[1L]), f(x$QM), format_p_equation(x$QMp, digits))
  }
  cat_lines(c(lines, more, ""))
  invisible(x)
}

#' @export
coef.metaparity_matreg <- function(object, ...) stats::setNames(object$tab$beta, rownames(object$tab))

#' @export
vcov.metaparity_matreg <- function(object, ...) object$vb

# Rows by number or name, as in a table of coefficients.
named_rows <- function(x, names, arg, call) {
  at <- if (is.character(x)) match(x, names) else if (is.numeric(x)) match(x, seq_along(names))
  if (length(at) && !anyNA(at)) return(at)
  abort_input(arg, sprintf("must name coefficients: %s", toString(names)), call)
}

#' @export
confint.metaparity_matreg <- function(object, parm, level, digits, ...) {
  level <- if (missing(level)) 1 - object$level else check_level(level)
  df <- if (is.null(object$tab$df)) NA_real_ else object$tab$df[1L]
  reach <- critical_value(level, df) * object$tab$se
  out <- cbind(estimate = object$tab$beta, ci.lb = object$tab$beta - reach, ci.ub = object$tab$beta + reach)
  rownames(out) <- rownames(object$tab)
  if (!missing(parm)) out <- out[named_rows(parm, rownames(out), "parm", sys.call()), , drop = FALSE]
  digits <- if (missing(digits)) object$digits else check_decimals(digits, sys.call())[[1L]]
  structure(list(tab = out, digits = expand_digits(digits, call = sys.call())),
            class = c("metaparity_matreg_confint", "confint.matreg"))
}

#' @export
as.data.frame.metaparity_matreg_confint <- function(x, ...) as.data.frame(x$tab)

#' @export
print.metaparity_matreg_confint <- function(x, digits = x$digits, ...) {
  digits <- expand_digits(digits, x$digits, sys.call())
  cat_lines(format_interval_table(x$tab, digits[["ci"]]))
  invisible(x)
}

#' @export
logLik.metaparity_matreg <- function(object, REML = FALSE, ...) {
  if (is.null(object$fit.stats)) abort_capability("object", "has no likelihood: it was fitted to pooled correlations",
                                                  sys.call())
  REML <- check_flag(REML, "REML")
  structure(object$fit.stats["ll", if (REML) "REML" else "ML"], nobs = if (REML) object$df.residual else object$nobs,
            df = object$parms, class = "logLik")
}

#' @export
sigma.metaparity_matreg <- function(object, REML = TRUE, ...) {
  if (is.null(object$sigma2.ml)) abort_capability("object", "has no residual variance", sys.call())
  sqrt(if (check_flag(REML, "REML")) object$sigma2.reml else object$sigma2.ml)
}

#' @export
AIC.metaparity_matreg <- function(object, ..., k = 2, correct = FALSE) {
  ll <- stats::logLik(object)
  if (check_flag(correct, "correct", sys.call())) return(object$fit.stats["AICc", "ML"])
  -2 * as.numeric(ll) + k * attr(ll, "df")
}

#' @export
BIC.metaparity_matreg <- function(object, ...) {
  ll <- stats::logLik(object)
  -2 * as.numeric(ll) + log(attr(ll, "nobs")) * attr(ll, "df")
}

#' @export
predict.metaparity_matreg <- function(object, newmods, intercept, addx = FALSE, level, adjust = FALSE, digits, transf,
                                      targs, vcov = FALSE, ...) {
  call <- sys.call()
  named_dots(character(), call, ...)
  if (missing(newmods)) abort_input("newmods", "must be given", call)
  out <- stats::predict(as_regression(object), newmods = newmods, intercept = intercept, addx = addx, level = level,
                 adjust = adjust, digits = digits, transf = transf, targs = targs, vcov = vcov)
  as_matreg <- function(x) {
    x[c("method", "pred.type", "pi.dist", "pi.ddf", "pi.se")] <- NULL
    class(x) <- c("metaparity_predict", "metaparity_list", "predict.matreg", "list.rma")
    x
  }
  if (vcov) replace(out, "pred", list(as_matreg(out$pred))) else as_matreg(out)
}

# The coefficients as those of a meta-regression without heterogeneity.
as_regression <- function(x) {
  p <- length(x$tab$beta)
  structure(list(beta = matrix(x$tab$beta, dimnames = list(rownames(x$tab), "")), vb = x$vb, int.incl = x$intercept,
                 int.only = x$intercept && p == 1L, p = p, test = x$test, level = x$level,
                 ddf = if (is.null(x$tab$df)) NA_real_ else x$tab$df, tau2 = 0, method = "EE", measure = "GEN",
                 digits = expand_digits(x$digits), spec = list()), class = "metaparity")
}
