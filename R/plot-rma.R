# Owns plot() of a fit: four panels on one page, as metafor's plot() draws them; its oracle for the user coordinates,
# which are those of the last panel.

#' Four plots of a fit
#'
#' Draws a forest plot, a funnel plot, a radial plot (for a meta-regression: residuals against fitted values), and the
#' standardised residuals.
#'
#' @param x a fit of [rma()], [rma.mh()] or [rma.peto()]; of a subgroup analysis the forest plot alone is drawn.
#' @param qqplot replace the last plot by a normal quantile plot, see [qqnorm()][qqnorm.metaparity]?
#' @param style look of the plots, see [funnel()].
#' @param draw draw the plots? `FALSE` only returns the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `seed`, as [set.seed()] before the call, for the envelope of the last plot; for a subgroup analysis,
#'   arguments of [forest()].
#' @return The figure, invisibly; [save_figure()] writes it to a file.
#' @details The four panels share the page. Where `par(mfrow = )` or `layout()` has divided it, each panel takes the
#'   next cell, as
#' four single plots would, and continues on a further page when the cells are used up.
#'
#' With many studies the forest plot of a small page is hard to read: [save_figure()] takes the page that it needs.
#' Conditions are those of the single plots.
#'   Errors are of class `metaparity_error_input`: an unknown `style` or `lang`, a `qqplot` that is no flag.
#' @section In other software: \pkg{metafor}: `plot()` of a fit, same panels.
#' @examples
#' plot(rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05)))
#' @importFrom graphics plot
#' @name plot.metaparity
#' @export
plot.metaparity <- function(x, qqplot = FALSE, style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  use_seed(named_dots("seed", call, ...)$seed, call)
  check_flag(qqplot, "qqplot", call)
  look <- sized_style(style, c(5.5, 5), call)
  figure <- with_language(lang, {
    cells <- list(titled(forest_cell(x, style), "Forest Plot"),
                  scatter_cell(funnel(x, style = style, draw = FALSE), "Funnel Plot"),
                  third_cell(x, style, look),
                  if (qqplot) scatter_cell(qqnorm(x, style = style, draw = FALSE), "Normal QQ Plot") else
                    residual_figure(x, look))
    if (!isTRUE(x$int.only)) cells[[2L]] <- titled(cells[[2L]], "Residual Funnel Plot")
    new_panels(cells, 2L, look)
  })
  if (check_flag(draw, "draw", call)) with_language(lang, draw_cells(figure))
  invisible(figure)
}

# On a page that par(mfrow) or layout() divides each panel takes a cell of that page, otherwise all four share the page.
draw_cells <- function(figure) {
  divided <- grDevices::dev.cur() > 1L && prod(graphics::par("mfrow")) > 1
  if (divided) for (cell in figure$figures) draw_figure(cell) else draw_figure(figure)
}

#' @rdname plot.metaparity
#' @export
plot.metaparity_subgroup <- function(x, ...) invisible(forest(x, ...))

titled <- function(figure, title) {
  figure["title"] <- list(translate(title))
  figure
}

scatter_cell <- function(x, title) titled(attr(x, "figure", exact = TRUE), title)

third_cell <- function(x, style, look) {
  if (isTRUE(x$int.only)) return(scatter_cell(radial(x, style = style, draw = FALSE), "Radial Plot"))
  z <- of_used(stats::rstandard(x)$z)
  fitted <- stats::fitted(x)
  fitted <- as.numeric(of_used(if (is.list(fitted)) fitted$location else fitted))
  fine <- is.finite(z) & is.finite(fitted)
  residual_layers(fitted[fine], z[fine], look, "Fitted vs. Standardized Residuals", "Fitted Value", joined = FALSE)
}

residual_figure <- function(x, look) {
  z <- of_used(stats::rstandard(x)$z)
  residual_layers(seq_along(z), z, look, "Standardized Residuals", "Study", joined = TRUE)
}

# Residuals with lines at 0 and at the normal quantiles of 95 percent.
residual_layers <- function(x, z, style, title, xlab, joined) {
  fine <- is.finite(z)
  xlim <- shown_limits(x, NULL, "xlim")
  ylim <- shown_limits(c(z, -2, 2), NULL, "ylim")
  across <- lapply(c(-1, 0, 1) * critical_value(0.95), function(at) {
    layer_line(expand_limits(xlim, 1), c(at, at), lty = if (at == 0) "dashed" else "dotted")
  })
  at <- if (joined) unique(round(pretty_inside(xlim, 8)))
  new_figure(c(across, list(if (joined && sum(fine) > 1L) layer_line(x[fine], z[fine]),
                            layer_points(x[fine], z[fine], 21, 1, style$point_col, "#A6A6A6"))),
             plain_axis(xlim, xlab, style, at), plain_axis(ylim, "Standardized Residual", style),
             list(title = title), style = style)
}

# ---- a forest plot as a cell of a page ----

forest_cell <- function(x, style) {
  ready <- forest(x, style = style, plot = NA)
  natural <- forest_natural(ready$rows, ready$style, ready$options, NA_real_)
  structure(list(ready = ready, lang = getOption("metaparity.lang", "en"),
                 size = c(max(natural$width, 4.5), min(natural$height + 0.4, 12))),
            class = c("metaparity_forest_cell", "metaparity_figure"))
}

#' @exportS3Method figure_layout metaparity_forest_cell
figure_layout.metaparity_forest_cell <- function(figure, width, height) {
  style <- figure$ready$style
  head <- if (is.null(figure$title)) 0 else min(0.4, 0.1 * height)
  pt <- min(14, head * 72 * 0.6)
  title <- if (head > 0) item_text(width / 2, height - head / 2, figure$title, pt, role = "title")
  forest <- with_language(figure$lang,
                          layout_forest(figure$ready$rows, style, figure$ready$options, c(width, height - head)))
  items <- Filter(Negate(is.null), list(item_rect(c(0, 0, width, height), forest_page_colour(style)), title))
  out <- new_layout(items, c(0, 0, width, height), c(0, width), c(0, height), width, height, forest$scale)
  out$forest <- forest
  out$forest_head <- head
  out$draw_within <- draw_forest_cell
  out
}

forest_page_colour <- function(style) if (is.null(style$page)) "white" else style$page

# Within the page the layout stands in its cell, which is the panel.
draw_forest_cell <- function(layout) {
  cell <- layout$panel
  inner <- c(cell[3L] - cell[1L], cell[4L] - cell[2L] - layout$forest_head)
  spare <- inner - c(layout$forest$width, layout$forest$height)
  page <- c(layout$width, layout$height)
  placed <- layout$forest
  placed$width <- page[1L] - 2 * cell[1L] - spare[1L]
  placed$height <- page[2L] - cell[2L] - spare[2L]
  graphics::par(mai = c(0, 0, 0, 0))
  draw_forest(placed, page)
}
