# Owns drapery(): p-value functions of the studies, of the pooled estimate and of a new study. Source: Rucker &
# Schwarzer (2021). Oracle of the limits and of the curves' ends: the R package meta.

#' Drapery plot
#'
#' Draws, for every value of the effect, the p-value of the test against that value: a curve per study, one for the
#' pooled estimate, and the region of the prediction interval. A horizontal line cuts out the confidence intervals of
#' all levels.
#'
#' @param x a fit of [rma()], [rma.mh()] or [rma.peto()] without moderators.
#' @param type scale of the y axis: `"zvalue"`, on which the curves are straight, or `"pval"`.
#' @param study.results draw the curves of the studies?
#' @param pooled draw the curve of the pooled estimate?
#' @param prediction draw the region of the prediction interval? By default for random-effects fits of 3 studies or
#'   more.
#' @param labels names at the tops of the curves: `FALSE`, `"ids"` or `"slab"`.
#' @param alpha levels with a dashed line each.
#' @param xlim,ylim axis limits, two numbers each: `xlim` on the scale of the estimates; `ylim` of z values or of
#'   p-values.
#' @param xlab,ylab axis titles.
#' @param at positions of the ticks of the x axis.
#' @param atransf function for the labels of the x axis, for example `exp`; `targs` is its second argument, see
#'   [transf].
#' @param targs see `atransf`.
#' @param digits decimals of the labels of the x axis.
#' @param refline x of the vertical line; `NA` for none.
#' @param n.grid number of values at which the curves are computed.
#' @param col,col.predict colours of the pooled curve and of the prediction region; the studies are grey, darker the
#'   larger their weights.
#' @param lwd width of the pooled curve.
#' @param legend `TRUE` (above the plot), `FALSE` or a place such as `"topright"`.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty`, `xaxt`, `yaxt` as in [graphics::par()]. Other
#'   arguments are ignored with a warning.
#' @return A data frame, invisibly, one row per study: `ids`, `slab`, `yi`, `sei`, `ci.lb`, `ci.ub`, `zval`, `pval` and
#'   `weight`. Its attribute `figure` is the figure, which [save_figure()] writes to a file.
#' @details Errors of class `metaparity_error_input`: a fit with moderators; levels that are not between 0 and 1.
#' @section Formula:
#' p(theta) = 2 (1 - F(|estimate - theta| / se)), F the normal distribution, or for the pooled estimate and the
#' prediction that of the fit's test; with `"zvalue"` the height is the normal quantile of p / 2.
#' @section In other software: \pkg{meta}: `drapery()`. Stata, RevMan, metafor: none.
#' @references Rucker G, Schwarzer G (2021). Beyond the forest plot: the drapery plot. *Research Synthesis Methods*, 12,
#'   13-19.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05), measure = "RR")
#' drapery(fit, atransf = exp)
#' drapery(fit, type = "pval", labels = "ids")
#' @export
drapery <- function(x, type = "zvalue", study.results = TRUE, pooled = TRUE, prediction = NULL, labels = FALSE,
                    alpha = c(0.001, 0.01, 0.05, 0.1), xlim = NULL, ylim = NULL, xlab = NULL, ylab = NULL, at = NULL,
                    atransf = NULL, targs = NULL, digits = NULL, refline = 0, n.grid = 1000, col = "red",
                    col.predict = "lightblue", lwd = 3, legend = TRUE, style = NULL, draw = TRUE, lang = NULL, ...) {
  check_given(x)
  call <- sys.call()
  check_drawing(environment(), call)
  if (inherits(x, "meta") && requireNamespace("meta", quietly = TRUE))
    return(getExportedValue("meta", "drapery")(x, ...))
  if (!inherits(x, "metaparity"))
    abort_input("x", sprintf("must be a fit of rma(), rma.mh() or rma.peto(), not %s", describe(x)), call)
  x <- whole_fit(x)
  if (!isTRUE(x$int.only)) abort_input("x", "must be a fit without moderators", call)
  check_choice(type, c("zvalue", "pval"), "type", call)
  style <- wished_style(sized_style(style, c(6.5, 5.5), call), list(...), call = call)
  if (is.null(prediction)) prediction <- x$k > 2L && !x$method %in% c(common_methods, "MH", "PETO")
  data <- drapery_data(x)
  atransf <- bind_transform(atransf, targs, x$ni, arg = "atransf", call = call)
  ask <- list(type = type, alpha = drapery_levels(alpha, call),
              studies = check_flag(study.results, "study.results", call),
              labels = if (isFALSE(labels)) NULL else check_choice(labels, c("ids", "slab"), "labels", call),
              xlim = shown_limits(c(data$ci.lb, data$ci.ub), xlim, "xlim", call), at = at, refline = refline, col = col,
              fill = col.predict, lwd = lwd, legend = legend_wish(if (isTRUE(legend)) "above" else legend, style, call),
              title = own_text(list(...)$main),
              xlab = if (is.null(xlab)) axis_label_of(x$measure, atransf = atransf) else own_text(xlab),
              ylab = if (is.null(ylab)) "p-value" else own_text(ylab), format = axis_format(style, digits, atransf),
              atransf = atransf, digits = digits)
  ask$ylim <- check_limits(ylim, "ylim", call)
  window <- expand_limits(ask$xlim, style$expand)
  grid <- seq(window[1L], window[2L], length.out = check_number(n.grid, "n.grid", 10, 1e5, call))
  curves <- drapery_curves(x, data, grid, check_flag(pooled, "pooled", call),
                           check_flag(prediction, "prediction", call))
  present(data, with_language(lang, drapery_figure(data, curves, ask, style)), draw, lang, call)
}

drapery_levels <- function(alpha, call) {
  alpha <- check_numeric_vector(alpha, "alpha", call)
  if (!length(alpha) || anyNA(alpha) || any(alpha <= 0 | alpha >= 1))
    abort_input("alpha", "must be between 0 and 1", call)
  sort(alpha)
}

drapery_data <- function(x) {
  kept <- if (is.null(x$not.na.yivi)) x$not.na else x$not.na.yivi
  yi <- as.numeric(x$yi)
  sei <- sqrt(as.numeric(x$vi))
  reach <- critical_value(1 - x$level) * sei
  weight <- of_plotted(as.numeric(of_used(stats::weights(x))), x, length(yi))
  out <- data.frame(ids = x$ids[kept], slab = as.character(point_names(x, NULL, length(yi), NULL)), yi = yi,
                    sei = sei, ci.lb = yi - reach,
                    ci.ub = yi + reach, zval = yi / sei, pval = two_sided_p(yi / sei), weight = weight,
                    stringsAsFactors = FALSE)
  out[is.finite(yi) & is.finite(sei), ]
}

# Normal quantiles of p / 2 at the values of the grid: a row per study, and the pooled and the prediction curve.
drapery_curves <- function(x, data, grid, pooled, prediction) {
  b <- as.numeric(x$beta)[1L]
  quantile <- function(se, df) {
    t <- -abs(grid - b) / se
    if (is.finite(df) && df > 0) stats::qnorm(stats::pt(t, df, log.p = TRUE), log.p = TRUE) else t
  }
  df <- if (length(x$ddf) && !is.na(x$ddf[1L])) x$ddf[1L] else Inf
  spread <- if (prediction) stats::predict(x)$pi.se
  list(grid = grid, studies = -abs(outer(data$yi, grid, `-`)) / data$sei, pooled = if (pooled) quantile(x$se[1L], df),
       prediction = if (length(spread) && is.finite(spread)) quantile(spread, df))
}

drapery_figure <- function(data, curves, ask, style) {
  height <- if (ask$type == "pval") function(z) 2 * stats::pnorm(z) else identity
  ylim <- if (!is.null(ask$ylim)) ask$ylim else if (ask$type == "pval") c(0, 1) else
    c(stats::qnorm(min(ask$alpha) / 2), 0)
  shares <- (data$weight - min(data$weight)) / max(diff(range(data$weight)), 1e-12)
  shades <- grDevices::gray(0.85 - 0.45 * shares)
  floor <- if (ask$type == "pval") min(ylim) else min(expand_limits(ylim, 1))
  line <- function(z, col, lwd) layer_line(curves$grid, height(z), col, lwd)
  wide <- expand_limits(ask$xlim, 1)
  layers <- c(
    if (!is.null(curves$prediction)) {
      list(layer_polygon(c(curves$grid, rev(range(curves$grid))), c(height(curves$prediction), floor, floor), ask$fill))
    },
    lapply(height(stats::qnorm(ask$alpha / 2)), function(y) layer_line(wide, c(y, y), "black", 1, 2)),
    if (isTRUE(is.finite(ask$refline))) list(layer_line(rep(ask$refline, 2L), expand_limits(ylim, 1), "black")),
    if (ask$studies) lapply(order(data$weight), function(i) line(curves$studies[i, ], shades[i], 1)),
    if (!is.null(curves$pooled)) list(line(curves$pooled, ask$col, ask$lwd)),
    if (!is.null(ask$labels)) list(layer_labels(data$yi, rep(height(0), nrow(data)), data[[ask$labels]], offset = 0.1,
                                                reach = 0.9)))
  marks <- if (ask$type == "pval") seq(0, 1, 0.2) else unique(c(ask$alpha, 1))
  window <- drapery_window(ylim, if (!is.null(ask$labels)) data[[ask$labels]], ask, style)
  y_axis <- new_axis(window, height(stats::qnorm(marks / 2)), vapply(marks, style$format_tick, ""), ask$ylab,
                     horizontal = TRUE)
  at <- if (is.null(ask$at)) scale_ticks(ask$xlim, style, ask$atransf, ask$digits) else ask$at
  new_figure(layers, plain_axis(ask$xlim, ask$xlab, style, at, ask$format), y_axis,
             list(title = ask$title, legend = ask$legend), if (ask$legend$shown) drapery_legend(curves, ask),
             style, data)
}

# The limits of the y axis with a band above the peaks that takes the names of the studies in rows.
drapery_window <- function(ylim, names, ask, style) {
  window <- expand_limits(ylim, style$expand)
  if (is.null(names) || !is.null(ask$ylim)) return(window)
  line <- 1.6 * style$pt_label / 72
  wide <- sum((nchar(enc2utf8(as.character(names)), "width") + 1) * style$pt_label / 72 * 0.6)
  rows <- min(ceiling(wide / (0.45 * style$size[1L])), 4)
  share <- rows * line / (0.7 * style$size[2L])
  replace(window, 2L, window[2L] + diff(window) * share / (1 - share))
}

drapery_legend <- function(curves, ask) {
  Filter(Negate(is.null), list(
    if (ask$studies) legend_line("Studies", "gray60"), if (!is.null(curves$pooled))
      legend_line("Pooled Estimate", ask$col, ask$lwd),
    if (!is.null(curves$prediction)) legend_fill("Prediction Interval", ask$fill)))
}
