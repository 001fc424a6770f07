# Owns qqnorm() of a fit: residuals against normal quantiles, with an envelope from simulated residuals of the same
# model. Source: Wang & Bushman (1998); Cook & Weisberg (1982, section 2.3.4) for the envelope. Oracle: metafor.

#' Normal quantile plot of the residuals
#'
#' @param y a fit of [rma()], [rma.mh()] or [rma.peto()].
#' @param type residuals: `"rstandard"` or `"rstudent"`.
#' @param pch,col,bg plotting symbol, its colour and its filling.
#' @param grid draw a grid? Also a colour.
#' @param envelope (fits of [rma()] only) draw the region that holds the residuals of a correct model with probability
#'   `level`, point by point? Also a colour.
#' @param level level of the envelope in percent.
#' @param bonferroni correct the level for the number of studies?
#' @param reps number of simulated data sets.
#' @param smooth smooth the limits of the envelope? `bass` is the smoothness, 0 to 10.
#' @param bass see `smooth`.
#' @param label which points carry their label: `FALSE`, `TRUE` or `"all"`, `"out"` (outside the envelope), or a number:
#'   that many of the most extreme.
#' @param offset distance of a label from its point.
#' @param pos accepted for compatibility: labels find their own places.
#' @param lty line types of the reference line and of the limits.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the coordinates.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `seed`, as [set.seed()] before the call; `xlim`, `ylim`, `xlab`, `ylab`, and `main`, `cex`, `cex.lab`,
#'   `cex.axis`, `cex.main`, `las`, `bty`,
#'   `xaxt`, `yaxt` as in [graphics::par()]. Other arguments are ignored with a warning.
#' @return A list, invisibly, with `x` and `y`, in the order of the studies. Its attribute `figure` is the figure.
#' @details The envelope uses R's random numbers: [set.seed()] makes it reproducible. Errors are of class
#' `metaparity_error_input`.
#' @section Formula:
#' With e ~ N(0, v + tau^2) drawn for all studies, (I - H) e divided by the standard errors of the residuals and sorted;
#' the limits are the quantiles of each place at (1 -/+ level) / 2.
#' @section In other software: \pkg{metafor}: `qqnorm.rma.uni()`.
#' @references Wang MC, Bushman BJ (1998). Using the normal quantile plot to explore meta-analytic data sets.
#'   *Psychological Methods*, 3, 46-54.
#' @examples
#' qqnorm(rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05)))
#' @name qqnorm.metaparity
#' @importFrom stats qqnorm
NULL

#' @rdname qqnorm.metaparity
#' @export
qqnorm.metaparity <- function(y, type = "rstandard", pch = 21, col = "black", bg = "#A6A6A6", grid = FALSE,
                              envelope = inherits(y, "metaparity_uni"), level, bonferroni = FALSE, reps = 1000,
                              smooth = TRUE, bass = 0,
                              label = FALSE, offset = 0.3, pos = 13, lty = c("solid", "dotted"), style = NULL,
                              draw = TRUE,
                              lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call)
  y <- whole_fit(y)
  if (inherits(y, "metaparity_mv"))
    abort_capability("y", "has dependent estimates, whose residuals in order are none of independent normal values: see rstandard() by `cluster`",
                     call)
  further <- list(...)
  use_seed(further$seed, call)
  check_choice(type, c("rstandard", "rstudent"), "type", call)
  check_whole(y, "y", call)
  if (y$k < 2L) abort_input("y", "must have at least 2 studies", call)
  z <- of_used(if (type == "rstandard") stats::rstandard(y)$z else stats::rstudent(y)$z)
  fine <- is.finite(z)
  x <- rep(NA_real_, length(z))
  x[fine] <- stats::qnorm(stats::ppoints(sum(fine)))[rank(z[fine], ties.method = "first")]
  fill <- colour_or(envelope, "gray90", "envelope", call)
  if (!is.null(fill) && !inherits(y, "metaparity_uni"))
    abort_input("envelope", "must be FALSE: only fits of rma() have one", call)
  level <- if (missing(level)) 1 - y$level else check_level(level, call = call)
  if (check_flag(bonferroni, "bonferroni", call)) level <- 1 - (1 - level) / sum(fine)
  region <- if (!is.null(fill)) {
    qq_envelope(y, x, level, check_number(reps, "reps", 10, 1e6, call), if (check_flag(smooth, "smooth", call)) bass)
  }
  style <- wished_style(sized_style(style, c(6, 5.5), call), further, c("xlim", "ylim", "xlab", "ylab"), call)
  pch <- per_study(pch, y, length(z), "pch", call)[fine]
  look <- list(pch = pch, col = col, bg = bg, grid = colour_or(grid, "gray85", "grid", call), fill = fill,
               lty = rep_len(lty, 2L),
               label = check_label(label, call), offset = offset, slab = estimated_slab(y), further = further)
  present(list(x = x, y = z), qq_figure(data.frame(x = x, y = z, slab = look$slab)[fine, ], region, look, style),
          draw, lang, call)
}

# Limits at each place of the sorted residuals.
qq_envelope <- function(fit, x, level, reps, bass) {
  k <- length(fit$yi)
  spread <- sqrt(fit$vi + fit$tau2)
  noise <- matrix(stats::rnorm(k * reps), k, reps) * spread
  residual <- call_core(cpp_residuals_of(noise, fit$X, design_weights(fit)))
  z <- (residual / core_residuals(fit, NULL)$se)[!is.na(x), , drop = FALSE]
  # A study that the model always fits exactly has no spread.
  z[!is.finite(z)] <- 0
  z <- apply(z, 2L, sort)
  ends <- apply(z, 1L, stats::quantile, c((1 - level) / 2, (1 + level) / 2), names = FALSE)
  at <- sort(x)
  ends <- ends[, seq_along(at), drop = FALSE]
  out <- data.frame(x = at, lower = ends[1L, ], upper = ends[2L, ])
  if (is.null(bass) || length(at) < 5L) return(out)
  out[c("lower", "upper")] <- lapply(out[c("lower", "upper")], function(v) stats::supsmu(at, v, bass = bass)$y)
  out
}

qq_figure <- function(data, region, look, style) {
  if (!is.null(look$grid)) style$grid_col <- look$grid
  further <- look$further
  xlim <- shown_limits(data$x, further$xlim, "xlim")
  ylim <- shown_limits(data$y, further$ylim, "ylim")
  wide <- expand_limits(xlim, 1)
  named <- qq_named(data, region, look$label)
  layers <- list(
    if (!is.null(region)) layer_polygon(c(region$x, rev(region$x)), c(region$lower, rev(region$upper)), look$fill),
    if (!is.null(region)) layer_line(region$x, region$lower, lty = look$lty[2L]),
    if (!is.null(region)) layer_line(region$x, region$upper, lty = look$lty[2L]),
    layer_line(wide, wide, lty = look$lty[1L]),
    layer_points(data$x, data$y, look$pch, 1, look$col, look$bg),
    if (any(named)) layer_labels(data$x[named], data$y[named], data$slab[named], offset = look$offset))
  title <- function(given, default) if (is.null(given)) default else given
  new_figure(layers, plain_axis(xlim, title(own_text(further$xlab), "Theoretical Quantiles"), style,
                                grid = !is.null(look$grid)),
             plain_axis(ylim, title(own_text(further$ylab), "Sample Quantiles"), style, grid = !is.null(look$grid)),
             list(title = own_text(further$main)), style = style, data = data)
}

qq_named <- function(data, region, label) {
  if (isTRUE(label) || identical(label, "all")) return(rep(TRUE, nrow(data)))
  if (isFALSE(label)) return(rep(FALSE, nrow(data)))
  if (is.numeric(label)) return(rank(-abs(data$y - data$x), ties.method = "first") <= label)
  if (is.null(region)) abort_input("label", 'can be "out" only with an envelope')
  at <- match(rank(data$x, ties.method = "first"), seq_len(nrow(region)))
  data$y < region$lower[at] | data$y > region$upper[at]
}
