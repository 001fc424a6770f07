# emmprep(): the grid from which the package emmeans computes marginal means. Oracle: metafor::emmprep.

#' Reference grid for estimated marginal means
#'
#' What the package \pkg{emmeans} needs to compute estimated marginal means of a meta-regression.
#'
#' @param x a fit of [rma()] with a formula of moderators, or without moderators.
#' @param verbose whether to say what was found in the fit.
#' @param ... further arguments of `emmeans::qdrg()`, such as `data`, `df`, `sigma` or `at`.
#' @return An object of class `emmGrid`.
#' @details The back-transformation of the measure travels along, for `type = "response"`. Degrees of freedom are those of
#'   the tests, infinite for normal ones. Errors of class `metaparity_error_input`: \pkg{emmeans} is not installed, moderators
#'   without a formula, redundant moderators.
#' @section In other software: Stata: `margins`; \pkg{metafor}: `emmprep()`.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1),
#'                 v = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
#'                 g = rep(c("a", "b"), 3))
#' fit <- rma(est, v, mods = ~ g, data = d)
#' if (requireNamespace("emmeans", quietly = TRUE)) emmeans::emmeans(emmprep(fit), specs = "g")
#' @export
emmprep <- function(x, verbose = FALSE, ...) {
  call <- match.call()
  if (!inherits(x, "metaparity_uni")) {
    if (inherits(x, "rma") && requireNamespace("metafor", quietly = TRUE)) return(metafor::emmprep(x, verbose = verbose, ...))
    abort_input("x", "must be a fit of rma()", call)
  }
  if (!requireNamespace("emmeans", quietly = TRUE)) abort_input("x", "needs the package emmeans, which is not installed", call)
  args <- grid_arguments(x, call)
  args[names(list(...))] <- list(...)
  if (check_flag(verbose, "verbose", call)) report_grid(args, x)
  out <- do.call(getExportedValue("emmeans", "qdrg"), args)
  out@misc$tran <- back_transformations[x$measure][[1L]]
  out
}

grid_arguments <- function(x, call) {
  if (any(x$coef.na)) abort_input("x", "has redundant moderators, which were dropped: leave them out of the model", call)
  formula <- if (!is.null(x$formula.mods)) x$formula.mods else if (x$int.only) ~1 else if (!is.null(x$formula.yi)) x$formula.yi[-2L]
  if (is.null(formula)) abort_input("x", "must have its moderators as a formula", call)
  data <- if (is.data.frame(x$data)) x$data else data.frame(row.names = seq_len(x$k.all))
  if (!is.null(x$subset)) data <- data[x$subset, , drop = FALSE]
  data <- data[x$not.na, , drop = FALSE]
  b <- as.numeric(x$beta)
  names <- sub("^intrcpt$", "(Intercept)", rownames(x$beta))
  V <- matrix(as.numeric(x$vb), length(b), dimnames = list(names, names))
  df <- if (x$test == "z") Inf else min(x$ddf)
  list(formula = formula, data = data, coef = stats::setNames(b, names), vcov = V, df = df, sigma = sqrt(x$tau2))
}

report_grid <- function(args, x) {
  cat_lines(c(sprintf("Degrees of freedom: %s", format(args$df)), sprintf("Value of tau: %s", format_fixed(args$sigma, 4L)),
              sprintf("Transformation: %s", if (is.character(back_transformations[x$measure][[1L]])) back_transformations[[x$measure]] else "none")))
}

# What emmeans calls the inverse of each measure's transformation.
back_transformations <- list(RR = "log", OR = "log", PETO = "log", IRR = "log", ROM = "log", HR = "log", VR = "log", CVR = "log",
                             PLN = "log", IRLN = "log", MNLN = "log", SDLN = "log", CVLN = "log", ROMC = "log", VRC = "log",
                             CVRC = "log", PLO = "logit", PAS = "asin.sqrt", IRS = "sqrt", ZCOR = "atanh", ZPCOR = "atanh",
                             D2OR = "log", D2ORN = "log", D2ORL = "log", MPRR = "log", MPOR = "log", MPORC = "log", MPPETO = "log")
