# trimfill(): studies missing from a funnel plot, estimated and filled in. The loop runs in the core.

#' Trim and fill
#'
#' Estimates how many studies are missing on one side of the funnel plot, fills them in, and fits the
#' model to the completed data.
#'
#' @param x a result of [rma()] without moderators.
#' @param side `"left"` or `"right"`: where studies are missing. By default the side follows from the
#'   sign of the slope of the estimates on their standard errors, under the same model.
#' @param estimator of the number of missing studies: `"L0"`, `"R0"` or `"Q0"`.
#' @param maxiter largest number of iterations.
#' @param verbose whether the iterations are printed.
#' @param ilim two numbers: limits into which filled estimates are moved.
#' @param ... `method`, `test` and `level` of the fits; method and level of `x` and `test = "z"` are the default.
#' @return An object of class `c("metaparity_trimfill", "rma.uni.trimfill", class(x))`: the fit to the
#'   completed data with the further fields `fill` (TRUE for filled rows), `k0` (their number), `se.k0`,
#'   `side`, `k0.est` (the estimator), `p.k0` (test of no missing studies, `R0` only), `steps` (a data frame
#'   of the iterations) and `cycle`. All methods for fits work on it.
#' @details The numbers of trimmed studies may come round in a cycle instead of settling. Then the
#' smallest of them is taken, with a warning of class `metaparity_warning_cycle`, and `cycle` holds them.
#' At least one study is never trimmed.
#'
#' The final fit tests by z unless `test` is given, as in \pkg{metafor}, and keeps the `level` of `x`, where
#' \pkg{metafor} goes back to 95.
#'
#' Errors are of class `metaparity_error_input`, among them the one for data on which `Q0` does not exist
#' (its square root would be of a negative number).
#' @section In other software: Stata: `metatrim` (other rules for rounding, ties and stopping; common
#'   effect by default) and `meta trimfill`. RevMan: none. \pkg{metafor}: `trimfill()`.
#' @references Duval, S. and Tweedie, R. (2000). A nonparametric "trim and fill" method of accounting for
#'   publication bias in meta-analysis. *Journal of the American Statistical Association*, 95, 89-98.
#' @examples
#' d <- data.frame(est = c(-1.2, -0.9, -0.7, -0.4, -0.3, -0.2), se = c(0.6, 0.5, 0.4, 0.2, 0.1, 0.1))
#' trimfill(rma(est, sei = se, data = d))
#' @name trimfill
#' @export
#' @exportS3Method trimfill metaparity_uni
#' @exportS3Method metafor::trimfill metaparity_uni
trimfill.metaparity_uni <- function(x, side, estimator = "L0", maxiter = 100, verbose = FALSE, ilim, ...) {
  mc <- match.call()
  dots <- named_dots(c("level", "method", "test"), mc, ...)
  check_trimmable(x, mc)
  spec <- tested_spec(x, dots, mc)
  if (is.null(dots$test)) spec$test <- "z"
  limits <- if (missing(ilim)) c(NA, NA) else sort(check_numeric_vector(ilim, "ilim", mc))
  if (length(limits) != 2L) abort_input("ilim", "must be two numbers", mc)
  options <- list(estimator = check_choice(estimator, c("L0", "R0", "Q0"), "estimator", mc),
                  side = if (missing(side) || is.null(side)) "auto" else
                    check_choice(side, c("left", "right"), "side", mc),
                  maxiter = as.integer(check_number(maxiter, "maxiter", 1, 1e6, mc)), ilim = as.numeric(limits))
  weights <- if (is.null(x$weights)) numeric() else x$weights
  found <- call_core(cpp_trimfill(as.numeric(x$yi), x$vi, weights, spec, options), mc)
  if (check_flag(verbose, "verbose", mc)) cat(format_trim_steps(found$steps, x, options$maxiter), sep = "\n")
  warn_unsettled(found, mc)
  fit <- if (found$k0 > 0L) fill_fit(x, found, spec, mc) else x
  new_trimfill(fit, x, found, estimator)
}

check_trimmable <- function(x, call) {
  if (!x$int.only) abort_input("x", "must be a model without moderators", call)
  if (inherits(x, "metaparity_trimfill")) abort_input("x", "is the result of trimfill() already", call)
  if (x$k < 2L) abort_input("x", "must have at least 2 studies", call)
}

warn_unsettled <- function(found, call) {
  if (length(found$cycle)) {
    message <- sprintf("the number of missing studies comes round in a cycle (%s); the smallest is taken",
                       paste(found$cycle, collapse = ", "))
    warning(warningCondition(message, cycle = found$cycle, call = call,
                             class = c("metaparity_warning_cycle", "metaparity_warning")))
  } else if (!found$converged) {
    warning(warningCondition(sprintf("trim and fill did not settle in %d iterations", nrow(found$steps)), call = call,
                             class = c("metaparity_warning_not_converged", "metaparity_warning")))
  }
}

# The model fitted to the observed rows followed by the filled ones.
fill_fit <- function(x, found, spec, call) {
  extra <- seq_len(found$k0)
  from <- found$source
  fills <- rep(TRUE, found$k0)
  more <- function(full, used) if (is.null(full)) NULL else c(full, used[from])
  slab <- if (x$slab.null) paste("Study", x$ids) else as.character(x$slab)
  input <- x$input
  input$yi <- c(as.numeric(x$yi.f), found$yi)
  input$vi <- more(x$vi.f, x$vi)
  input$ni <- more(x$ni.f, x$ni)
  input$weights <- more(x$weights.f, x$weights)
  input$X <- intercept_column(length(input$yi))$X
  input$ids <- c(x$ids, max(x$ids) + extra)
  input$not.na <- c(x$not.na, fills)
  input$slab <- c(slab, paste("Filled", extra))
  input$slab.null <- FALSE
  input["data"] <- list(NULL)
  keep <- input$not.na
  used <- list(yi = input$yi[keep], vi = input$vi[keep], X = input$X[keep, , drop = FALSE],
               weights = input$weights[keep],
               ni = input$ni[keep], coef.na = x$coef.na)
  refit_used(input, used, spec, list(digits = x$digits, verbose = x$verbose, add = x$add, to = x$to, drop00 = x$drop00),
             call)
}

new_trimfill <- function(fit, x, found, estimator) {
  fit$fill <- c(rep(FALSE, x$k.f), rep(TRUE, found$k0))
  fit$k0 <- found$k0
  fit$se.k0 <- found$se.k0
  fit$side <- found$side
  fit$k0.est <- estimator
  fit$k.all <- x$k.all + found$k0
  fit$p.k0 <- found$p.k0
  fit$steps <- found$steps
  fit$cycle <- found$cycle
  class(fit) <- c("metaparity_trimfill", "rma.uni.trimfill", class(x))
  fit
}

format_trim_steps <- function(steps, x, maxiter) {
  c("", sprintf("Iteration: %-*d  missing = %-*d  beta = %s", nchar(maxiter), seq_len(nrow(steps)),
                nchar(x$k), steps$k0,
                format_fixed(steps$estimate, x$digits[["est"]])))
}

#' @export
print.metaparity_trimfill <- function(x, digits = x$digits, ...) {
  cat_lines(c("", format_trimfill(x, expand_digits(digits))))
  NextMethod()
}

format_trimfill <- function(x, digits) {
  found <- translatef("%d (SE = %s)", x$k0, format_fixed(x$se.k0, digits[["se"]]))
  labels <- sprintf(c("Estimated number of missing studies on the %s side",
                      "Test of H0: no missing studies on the %s side"), x$side)
  if (x$k0.est != "R0") return(format_labelled(labels[1L], found))
  format_labelled(labels, c(found, format_p_equation(x$p.k0, digits[["pval"]])))
}

#' @rdname trimfill
#' @export
trimfill <- function(x, ...) {
  if (is_foreign(x, "trimfill")) return(foreign_generic("trimfill", x)(x, ...))
  UseMethod("trimfill")
}
