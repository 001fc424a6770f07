# Owns the plots of cumulative and of leave-one-out analyses. Oracle of plot() after cumul(): metafor, whose limits and
# returned data frame are these.

#' Plots of cumulative and leave-one-out analyses
#'
#' After [cumul()], the pooled estimates against the heterogeneity, from light to dark as studies are added. After
#' [leave1out()], the pooled estimate without each study, with its interval, and lines for the estimate of all studies.
#'
#' @param x a result of [cumul()] or [leave1out()].
#' @param yaxis measure of heterogeneity: `"tau2"`, `"tau"`, `"I2"` or `"H2"`; by default `"tau2"` after a
#'   random-effects model, else `"I2"`.
#' @param xlim,ylim axis limits, two numbers each.
#' @param xlab,ylab axis titles.
#' @param at positions of the ticks of the x axis, which holds all of them.
#' @param transf function applied to the estimates, for example `exp`; `atransf` only to the labels of the x axis;
#'   `targs` is the second argument of either, see [transf].
#' @param atransf,targs see `transf`.
#' @param digits decimals of the tick labels: one number, or two for x and y.
#' @param cols two or more colours, from the first result to the last.
#' @param grid draw a grid? Also a colour.
#' @param pch,cex,lwd symbol, its size, and the width of the lines.
#' @param col colour of points and intervals.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty`, `xaxt`, `yaxt` as in [graphics::par()]. Other
#'   arguments are ignored with a warning.
#' @return A data frame, invisibly: `estim`, `yval` and `col` after [cumul()]; `estimate`, `ci.lb`, `ci.ub` and `slab`
#'   after [leave1out()]. Its attribute `figure` is the figure, which [save_figure()] writes to a file.
#' @details Forest plots of both are drawn by [forest()]. Errors of class `metaparity_error_input`: a measure that the
#' analysis does not have; fewer than two colours.
#' @section In other software: \pkg{metafor}: `plot()` of a `cumul()` result. Stata: `metainf` for the second.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))
#' plot(cumul(fit), transf = exp)
#' plot(leave1out(fit))
#' @name plot.metaparity_cumul
#' @export
plot.metaparity_cumul <- function(x, yaxis = NULL, xlim = NULL, ylim = NULL, xlab = NULL, ylab = NULL,
                                  at = NULL, transf = NULL,
                                  atransf = NULL, targs = NULL, digits = NULL, cols = c("gray80", "gray20"),
                                  grid = TRUE,
                                  pch = 19, cex = 1, lwd = 2, style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call)
  style <- wished_style(sized_style(style, c(6.5, 5.5), call), list(...), call = call)
  values <- cumul_heterogeneity(x, yaxis, call)
  if (!is.character(cols) || length(cols) < 2L) abort_input("cols", "must be two or more colours", call)
  shade <- colour_or(grid, "gray85", "grid", call)
  ni <- attr(x, "ni", exact = TRUE)
  transf <- bind_transform(transf, targs, ni, call = call)
  atransf <- bind_transform(atransf, targs, ni, arg = "atransf", call = call)
  shown <- shown_estimates(x, transf)
  data <- data.frame(estim = shown$estimate, yval = values$y, stringsAsFactors = FALSE)
  data$col <- grDevices::colorRampPalette(cols)(nrow(data))
  if (!is.null(shade)) style[c("grid_col", "grid_lwd")] <- list(shade, 1)
  asked <- list(xlim = xlim, at = at, xlab = xlab, label = attr(x, "label", exact = TRUE), digits = digits,
                atransf = atransf,
                grid = !is.null(shade))
  x_axis <- estimate_axis(data$estim, asked, x$measure, transf, style, call)
  ylim <- shown_limits(data$yval, ylim, "ylim", call)
  format_y <- axis_format(style, if (length(digits)) rep_len(as.list(digits), 2L)[[2L]])
  y_axis <- plain_axis(ylim, if (is.null(ylab)) values$title else own_text(ylab), style, format = format_y,
                       grid = !is.null(shade))
  figure <- with_language(lang, new_figure(
    c(gradient_lines(data, lwd), list(layer_points(data$estim, data$yval, pch, cex, data$col, data$col))),
    x_axis, y_axis,
    list(title = own_text(list(...)$main)), style = style, data = data))
  present(data, figure, draw, lang, call)
}

#' @rdname plot.metaparity_cumul
#' @export
plot.metaparity_leave1out <- function(x, xlim = NULL, xlab = NULL, at = NULL, transf = NULL, atransf = NULL,
                                      targs = NULL,
                                      digits = NULL, pch = 19, cex = 1, col = NULL, style = NULL, draw = TRUE,
                                      lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call)
  if (is.matrix(x$estimate)) abort_input("x", "must come from a model without moderators", call)
  style <- wished_style(as_scatter_style(style, scatter_style_metafor(), call), list(...), call = call)
  ni <- attr(x, "ni", exact = TRUE)
  transf <- bind_transform(transf, targs, ni, call = call)
  atransf <- bind_transform(atransf, targs, ni, arg = "atransf", call = call)
  data <- data.frame(shown_estimates(x, transf), slab = as.character(x$slab), stringsAsFactors = FALSE)
  whole <- shown_estimates(attr(x, "all", exact = TRUE), transf)
  col <- if (is.null(col)) style$point_col else col
  asked <- list(xlim = xlim, at = at, xlab = xlab, label = attr(x, "label", exact = TRUE), digits = digits,
                atransf = atransf,
                grid = FALSE)
  axis <- estimate_axis(unlist(c(data[1:3], whole)), asked, list_origin(x, "measure"), transf, style, call)
  rows <- rev(seq_len(nrow(data)))
  window <- c(0.4, nrow(data) + 0.6)
  fine <- which(is.finite(data$ci.lb) & is.finite(data$ci.ub))
  layers <- c(if (length(whole)) list(layer_polygon(unlist(whole[c(2, 3, 3, 2)]), window[c(1, 1, 2, 2)], "gray90"),
                                      layer_line(rep(whole[[1L]], 2L), window, lty = 2)),
              lapply(fine, function(i) layer_line(c(data$ci.lb[i], data$ci.ub[i]), rep(rows[i], 2L), col)),
              list(layer_points(data$estimate, rows, pch, cex, col)))
  figure <- with_language(lang, new_figure(
    layers, axis, new_axis(window, rows, data$slab, "Study left out", crowded = "shrink", ticks = FALSE,
                           horizontal = TRUE),
    list(title = own_text(list(...)$main)), style = style, data = data, size = metainf_size(data$slab, style)))
  present(data, figure, draw, lang, call)
}

# Estimates and limits, transformed; a falling function exchanges the limits.
shown_estimates <- function(x, transf) {
  values <- lapply(unclass(x)[c("estimate", "ci.lb", "ci.ub")], function(v) {
    if (is.null(transf)) as.numeric(v) else transf(as.numeric(v))
  })
  swapped <- values
  swapped$ci.lb <- pmin(values$ci.lb, values$ci.ub)
  swapped$ci.ub <- pmax(values$ci.lb, values$ci.ub)
  swapped
}

cumul_heterogeneity <- function(x, yaxis, call) {
  random <- !is.null(x$tau2)
  if (is.null(yaxis)) yaxis <- if (random) "tau2" else "I2"
  check_choice(yaxis, c("tau2", "tau", "I2", "H2"), "yaxis", call)
  if (!random && yaxis %in% c("tau2", "tau"))
    abort_input("yaxis", 'must be "I2" or "H2" after a common-effect model', call)
  y <- if (yaxis == "tau") sqrt(x$tau2) else x[[yaxis]]
  list(y = as.numeric(y), title = switch(yaxis, tau2 = quote(tau^2), tau = quote(tau), I2 = quote(I^2),
                                         H2 = quote(H^2)))
}

# Results that were transformed before know what they are.
estimate_title <- function(label, measure, transf, atransf) {
  if (is.null(label) || !is.null(transf) || !is.null(atransf)) axis_label_of(measure, transf, atransf) else label
}

# The axis of estimates: it holds the ticks that are asked for.
estimate_axis <- function(values, ask, measure, transf, style, call) {
  lim <- range(shown_limits(values, ask$xlim, "xlim", call), ask$at)
  title <- if (is.null(ask$xlab)) estimate_title(ask$label, measure, transf, ask$atransf) else own_text(ask$xlab)
  at <- if (is.null(ask$at)) scale_ticks(lim, style, ask$atransf, ask$digits) else ask$at
  plain_axis(lim, title, style, at, axis_format(style, if (length(ask$digits)) ask$digits[[1L]], ask$atransf), ask$grid)
}

# Lines between successive points that change from the colour of one to that of the next.
gradient_lines <- function(data, lwd, pieces = 16L) {
  fine <- which(is.finite(data$estim) & is.finite(data$yval))
  steps <- lapply(seq_along(fine)[-1L], function(i) {
    ends <- fine[c(i - 1L, i)]
    x <- seq(data$estim[ends[1L]], data$estim[ends[2L]], length.out = pieces + 1L)
    y <- seq(data$yval[ends[1L]], data$yval[ends[2L]], length.out = pieces + 1L)
    Map(function(j, col) layer_line(x[j + 0:1], y[j + 0:1], col, lwd), seq_len(pieces),
        grDevices::colorRampPalette(data$col[ends])(pieces))
  })
  unlist(steps, recursive = FALSE)
}

# Title of an axis of estimates on the scale that is shown.
axis_label_of <- function(measure, transf = NULL, atransf = NULL) axis_label(measure %||% "GEN", transf, atransf)

# A row is 0.22 inch high per line of its name; names have the width they need, up to four inches.
metainf_size <- function(labels, style) {
  names <- nchar(enc2utf8(as.character(labels)), type = "width") * style$pt_tick / 72 * 0.55
  widest <- min(max(names, 0.1), 4)
  width <- max(6, widest / 0.42, widest + 4.4)
  lines <- ceiling(names / (0.4 * width))
  c(width, max(3, 1.6 + 0.22 * sum(pmax(lines, 1))))
}
