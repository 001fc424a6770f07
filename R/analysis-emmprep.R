# emmprep(): the grid from which the package emmeans computes marginal means. Oracle: metafor::emmprep.

#' Reference grid for estimated marginal means
#'
#' What the package \pkg{emmeans} needs to compute estimated marginal means of a meta-regression.
#'
#' @param x a fit of [rma()] with a formula of moderators, or without moderators.
#' @param verbose whether to say what was found in the fit.
#' @param ... further arguments of `emmeans::qdrg()`, such as `data`, `df`, `sigma` or `at`.
#' @return An object of class `emmGrid`.
#' @details The back-transformation of the measure travels along, for `type = "response"`. Degrees of freedom are those
#'   of the tests, infinite for normal ones. Errors of class `metaparity_error_input`: \pkg{emmeans} is not installed,
#'   moderators without a formula, redundant moderators.
#' @section In other software: Stata: `margins`; \pkg{metafor}: `emmprep()`.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1),
#'                 v = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
#'                 g = rep(c("a", "b"), 3))
#' fit <- rma(est, v, mods = ~ g, data = d)
#' if (requireNamespace("emmeans", quietly = TRUE)) emmeans::emmeans(emmprep(fit), specs = "g")
#' @export
emmprep <- function(x, verbose = FALSE, ...) {
  check_given(x)
  call <- match.call()
  if (!inherits(x, c("metaparity_uni", "metaparity_mv"))) {
    if (inherits(x, "rma") && !inherits(x, "metaparity") && requireNamespace("metafor", quietly = TRUE))
      return(metafor::emmprep(x, verbose = verbose, ...))
    if (inherits(x, "metaparity")) refuse_pooled(x, "x", call)
    abort_input("x", "must be a fit of rma()", call)
  }
  if (!requireNamespace("emmeans", quietly = TRUE))
    abort_input("x", "needs the package emmeans, which is not installed", call)
  args <- grid_arguments(x, call)
  args[names(list(...))] <- list(...)
  if (check_flag(verbose, "verbose", call)) report_grid(args, x)
  out <- do.call(getExportedValue("emmeans", "qdrg"), args)
  out@misc$tran <- measure_link(x$measure)
  out
}

grid_arguments <- function(x, call) {
  if (any(x$coef.na)) abort_input("x", "has redundant moderators, which were dropped: leave them out of the model",
                                  call)
  formula <- if (!is.null(x$formula.mods)) x$formula.mods else if (x$int.only) ~1 else if (!is.null(x$formula.yi))
    x$formula.yi[-2L]
  if (is.null(formula)) abort_input("x", "must have its moderators as a formula", call)
  data <- if (is.data.frame(x$data)) frame_alone(x$data) else data.frame(row.names = seq_len(x$k.all))
  if (!is.null(x$subset)) data <- data[x$subset, , drop = FALSE]
  data <- data[x$not.na, , drop = FALSE]
  b <- as.numeric(x$beta)
  names <- sub("^intrcpt$", "(Intercept)", rownames(x$beta))
  V <- matrix(as.numeric(x$vb), length(b), dimnames = list(names, names))
  df <- if (x$test == "z") Inf else min(x$ddf)
  list(formula = formula, data = data, coef = stats::setNames(b, names), vcov = V, df = df,
       sigma = if (inherits(x, "metaparity_mv")) 0 else sqrt(x$tau2))
}

report_grid <- function(args, x) {
  link <- measure_link(x$measure)
  moderators <- x$formula.mods
  formula <- paste0("~ ", sub("^~ *", "", paste(deparse(moderators), collapse = " ")), " ")
  lines <- format_labelled(c("Extracted formula", "Degrees of freedom", "Value of tau^2", "Transformation"),
                           c(if (is.null(moderators)) "" else formula, paste0(format(args$df), " "),
                             paste0(if (args$sigma > 0) format_fixed(args$sigma^2, x$digits[["var"]]) else "0", " "),
                             if (is.list(link)) link$name else link %||% ""))
  cat_lines(c("", lines[c(!is.null(moderators), is.finite(args$df), TRUE, !is.null(link))], ""))
}

# What emmeans calls the inverse of each measure's transformation, or that inverse itself.
back_transformations <- list(log = c("RR", "OR", "PETO", "IRR", "ROM", "HR", "VR", "CVR", "PLN", "IRLN", "MNLN", "SDLN",
                                     "CVLN", "ROMC", "VRC", "CVRC", "D2OR", "D2ORN", "D2ORL", "MPRR", "MPOR", "MPORC",
                                     "MPPETO", "REH"),
                             logit = "PLO", probit = "PRZ", sqrt = "IRS", asin.sqrt = c("AS", "PAS"),
                             `r-to-z` = c("ZPHI", "ZTET", "ZPB", "ZBIS", "ZCOR", "ZPCOR", "ZSPCOR"),
                             `R-to-z` = c("ZR2", "ZR2F"), ahw = "AHW", abt = "ABT")

# A link as emmeans takes it: the transformation, its inverse and the derivative of the inverse.
new_link <- function(name, linkfun, linkinv, mu.eta) {
  structure(list(linkfun = linkfun, linkinv = linkinv, mu.eta = mu.eta, valideta = function(eta) TRUE, name = name),
            class = "link-glm")
}

emmeans_links <- function() {
  list(asin.sqrt = new_link("asin.sqrt", transf.arcsin, transf.iarcsin, function(x) sin(2 * x)),
       `r-to-z` = new_link("r-to-z", transf.rtoz, transf.ztor, function(x) 1 / cosh(x)^2),
       `R-to-z` = new_link("r-to-z", function(R2) transf.rtoz(sqrt(R2)), transf.ztor2,
                           function(x) 2 * tanh(x) / cosh(x)^2),
       ahw = new_link("ahw", transf.ahw, transf.iahw, function(x) 3 * (1 - x)^2),
       abt = new_link("abt", transf.abt, transf.iabt, function(x) exp(-x)))
}

measure_link <- function(measure) {
  found <- names(back_transformations)[vapply(back_transformations, function(m) measure %in% m, NA)]
  if (!length(found)) return(NULL)
  emmeans_links()[[found]] %||% found
}
