# The figure of a selection function with its confidence band. Source: Preston et al. (2004); the band from draws of the
# normal distribution of delta, or from the ends of its Wald interval. Oracle: metafor's plot of a selection model.

#' Plot of a selection function
#'
#' Draws the relative likelihood of selection against the p value.
#'
#' @param x a result of [selmodel()] whose weights depend on the p value.
#' @param xlim,ylim axis limits: of p values, between 0 and 1, and of weights.
#' @param n number of p values at which the function is computed.
#' @param prec for models with a measure of precision, where the function is shown: `"max"` (the least precise study),
#'   `"min"`, `"mean"`, `"median"`, or a number.
#' @param scale divide by the largest value shown?
#' @param ci draw a confidence band? `"boot"` (or `TRUE`) from draws of delta, `"wald"` from the ends of the interval of
#'   delta, for one delta or a step function.
#' @param reps number of draws.
#' @param shade shade the band? Also its colour.
#' @param rug mark the observed p values?
#' @param add add to the plot that is there?
#' @param lty,lwd types and widths of the function's line and of the band's.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `xlab`, `ylab`, `main`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty` as in [graphics::par()].
#' @return A data frame, invisibly: `xs`, `ys`, `ys.lb`, `ys.ub` (NA without a band). Its attribute `figure` is the
#'   figure, which [save_figure()] writes to a file.
#' @details The draws use R's random numbers. Errors are of class `metaparity_error_input`, and
#' `metaparity_error_unsupported` for a cut of the estimates.
#' @section In other software: \pkg{metafor}: `plot()` of a selection model.
#' @examples
#' set.seed(1)
#' d <- data.frame(yi = rnorm(30, 0.3, 0.3), vi = runif(30, 0.02, 0.1))
#' fit <- selmodel(rma(yi, vi, data = d), type = "stepfun", steps = c(0.025, 0.5))
#' plot(fit, ci = "wald")
#' @export
plot.metaparity_selmodel <- function(x, xlim = NULL, ylim = NULL, n = 1000, prec = "max", scale = FALSE, ci = FALSE,
                                     reps = 1000, shade = TRUE, rug = TRUE, add = FALSE, lty = c("solid", "dotted"),
                                     lwd = c(2, 1), style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call)
  if (x$type %in% c("trunc", "truncest"))
    abort_capability("x", "has weights that depend on the estimate, not on the p value: there is no such figure", call)
  style <- wished_style(sized_style(style, c(6.5, 5), call), list(...), call = call)
  use_seed(list(...)$seed, call)
  xlim <- if (is.null(xlim)) c(0, 1) else sort(check_limits(xlim, "xlim", call))
  if (xlim[1L] < 0 || xlim[2L] > 1) abort_input("xlim", "must lie between 0 and 1", call)
  n <- round(check_number(n, "n", 2, 1e5, call))
  values <- selection_band(x, shown_p_values(x, xlim, n), shown_precision(x, prec, call), band_kind(x, ci, call),
                           round(check_number(reps, "reps", 10, 1e5, call)))
  if (check_flag(scale, "scale", call)) values[-1L] <- values[-1L] / max(values$ys[is.finite(values$ys)])
  ask <- list(xlim = xlim, ylim = check_limits(ylim, "ylim", call), lty = rep_len(lty, 2L), lwd = rep_len(lwd, 2L),
              shade = if (is.character(shade)) shade else if (check_flag(shade, "shade", call)) "gray90",
              rug = if (check_flag(rug, "rug", call)) x$pvals, dots = list(...))
  if (check_flag(add, "add", call)) {
    graphics::lines(values$xs, values$ys, lty = ask$lty[1L], lwd = ask$lwd[1L])
    return(invisible(values))
  }
  present(values, with_language(lang, selection_figure(values, ask, style)), draw, lang, call)
}

# Steps are met from both sides.
shown_p_values <- function(x, xlim, n) {
  p <- seq(xlim[1L], xlim[2L], length.out = n)
  ends <- if (x$type == "stepfun" || isTRUE(x$stepsspec)) x$steps[x$steps > xlim[1L] & x$steps < xlim[2L]]
  sort(unique(c(p, ends, ends * (1 + 4 * .Machine$double.eps))))
}

shown_precision <- function(x, prec, call) {
  if (is.numeric(prec)) return(check_number(prec, "prec", .Machine$double.xmin, Inf, call))
  x$precis[[check_choice(prec, c("max", "min", "mean", "median"), "prec", call)]]
}

band_kind <- function(x, ci, call) {
  if (is.logical(ci)) ci <- if (check_flag(ci, "ci", call)) "boot" else "none"
  ci <- check_choice(ci, c("none", "boot", "wald"), "ci", call)
  if (ci == "wald" && length(x$delta) > 1L && x$type != "stepfun")
    abort_input("ci", "must be \"boot\" for a function of two parameters", call)
  ci
}

selection_band <- function(x, p, precision, kind, reps) {
  weights <- function(delta) call_core(cpp_selmodel_curve(x$selection, p, delta, precision, 1), x$call)$weight
  out <- data.frame(xs = p, ys = as.numeric(weights(rbind(x$delta))), ys.lb = NA_real_, ys.ub = NA_real_)
  free <- !x$delta.fix & !is.na(x$se.delta)
  if (kind == "none" || !any(free)) return(out)
  if (kind == "wald") {
    ends <- rbind(ifelse(free, x$ci.lb.delta, x$delta), ifelse(free, x$ci.ub.delta, x$delta))
    both <- weights(ends)
    out$ys.lb <- pmin(both[, 1L], both[, 2L])
    out$ys.ub <- pmax(both[, 1L], both[, 2L])
    return(out)
  }
  draws <- matrix(x$delta, reps, length(x$delta), byrow = TRUE)
  root <- chol(x$vd[free, free, drop = FALSE])
  draws[, free] <- draws[, free] + matrix(stats::rnorm(reps * sum(free)), reps) %*% root
  draws <- t(pmin(pmax(t(draws), x$delta.min), upper_of_delta(x$selection)))
  tails <- c(x$level / 2, 1 - x$level / 2)
  ends <- apply(weights(draws), 1L, stats::quantile, probs = tails, na.rm = TRUE)
  out$ys.lb <- ends[1L, ]
  out$ys.ub <- ends[2L, ]
  out
}

selection_figure <- function(values, ask, style) {
  shown <- unlist(values[-1L])
  ylim <- if (is.null(ask$ylim)) c(0, max(shown[is.finite(shown)])) else ask$ylim
  band <- !anyNA(values$ys.lb)
  edge <- function(y) layer_line(values$xs, y, "black", ask$lwd[2L], line_type(ask$lty[2L]))
  foot <- expand_limits(ylim, style$expand)[1L]
  layers <- c(
    if (band && !is.null(ask$shade)) {
      list(layer_polygon(c(values$xs, rev(values$xs)), c(values$ys.lb, rev(values$ys.ub)), ask$shade))
    },
    if (band) list(edge(values$ys.lb), edge(values$ys.ub)),
    lapply(ask$rug[ask$rug >= ask$xlim[1L] & ask$rug <= ask$xlim[2L]], function(p) {
      layer_line(c(p, p), c(foot, foot + 0.025 * diff(ylim)), "black", 1)
    }),
    list(layer_line(values$xs, values$ys, "black", ask$lwd[1L], line_type(ask$lty[1L]))))
  text <- function(name, default) if (is.null(ask$dots[[name]])) default else own_text(ask$dots[[name]])
  new_figure(layers, plain_axis(ask$xlim, text("xlab", "p-value"), style),
             plain_axis(ylim, text("ylab", "Relative Likelihood of Selection"), style),
             list(title = text("main", NULL)), style = style)
}

line_type <- function(lty) {
  if (is.numeric(lty)) return(lty)
  at <- match(lty, c("blank", "solid", "dashed", "dotted", "dotdash", "longdash", "twodash"))
  if (is.na(at)) 1 else at - 1
}
