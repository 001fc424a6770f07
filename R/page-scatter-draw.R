# Owns the drawing of laid-out figures. It measures nothing and decides nothing: one graphics call per item.

#' Draw a figure
#'
#' Figures are made by [funnel()], [radial()] and the `plot()` methods of the Stata views; they hold data, not ink,
#' so that they can be kept, drawn again and saved in any format with [save_figure()].
#'
#' @param x a figure of class `metaparity_figure`.
#' @param ... not used.
#' @return `x`, invisibly.
#' @details
#' The figure fills the device, or the current panel of `layout()` and `par(mfrow)`. Text keeps its size and the margins
#' follow the text; on a page too small for it, the text shrinks. After drawing, the plot region and its coordinates
#' are those of the panel, so `points()`, `abline()` and `text()` add to it in data units.
#'   There are no errors of its own.
#' @section In other software: Stata: `graph display`.
#' @examples
#' figure <- attr(funnel(c(-.6, -.2, .1), sei = c(.35, .2, .15), draw = FALSE), "figure")
#' plot(figure)
#' @export
plot.metaparity_figure <- function(x, ...) {
  draw_figure(x)
  invisible(x)
}

#' @export
print.metaparity_figure <- function(x, ...) plot(x)

draw_figure <- function(figure) {
  fit_page(function(width) figure_page(figure, width), figure_words(figure))
  return_margins()
  before <- graphics::par("mai")
  graphics::par(mai = c(0, 0, 0, 0))
  on.exit({
    graphics::par(xpd = FALSE)
    keep_region(before)
  })
  own_page(graphics::plot.new())
  family <- figure$style$family
  lay_out <- function(page) with_family(family, figure_layout(figure, page[1L], page[2L]))
  page <- graphics::par("fin")
  layout <- lay_out(page)
  if (!is_plain_device()) warn_missing_font(layout_texts(layout)$label)
  if (layout$scale < 0.7) inform_small_page(figure, page)
  draw_redrawable(layout, function(layout) with_family(family, draw_layout(layout)), lay_out)
}

# By device: the plot region that a figure left. The margins are the caller's, as if nothing had been drawn, but
# points(), text() and legend() add to the panel; the next page has the region that follows from the margins again.
kept_regions <- new.env(parent = emptyenv())

# Gives the caller's margins back and keeps region and coordinates of the panel.
keep_region <- function(margins) {
  panel <- graphics::par("plt", "usr")
  graphics::par(mai = margins)
  graphics::par(plt = panel$plt)
  graphics::par(usr = panel$usr)
  assign(as.character(grDevices::dev.cur()), panel$plt, envir = kept_regions)
}

return_margins <- function() {
  device <- as.character(grDevices::dev.cur())
  region <- kept_regions[[device]]
  if (is.null(region) || device == "1") return(invisible())
  rm(list = device, envir = kept_regions)
  if (isTRUE(all.equal(graphics::par("plt"), region))) graphics::par(mai = graphics::par("mai"))
  invisible()
}

# The page in inches that a figure is made for; a given width keeps its shape.
figure_page <- function(figure, width = NA_real_) {
  size <- c(width = figure$size[[1L]], height = figure$size[[2L]])
  if (is.na(width)) size else size * width / size[[1L]]
}

figure_words <- function(figure) unlist(rapply(unclass(figure), identity, "character", how = "unlist"))

inform_small_page <- function(figure, page) {
  inform(sprintf("On a page of %.1f x %.1f inches the text of this figure was reduced; %.1f x %.1f is its size.",
                 page[1L], page[2L], figure$size[1L], figure$size[2L]), "small_page")
}

# The panel becomes the plot region; items go from inches to its coordinates. Of several parts, the last one's stays.
draw_layout <- function(layout) {
  if (!is.null(layout$parts)) {
    lapply(layout$parts, draw_layout)
    return(invisible(layout))
  }
  panel <- layout$panel
  graphics::par(mai = c(panel[2L], panel[1L], layout$height - panel[4L], layout$width - panel[3L]), xpd = NA)
  graphics::plot.window(layout$xlim, layout$ylim, xaxs = "i", yaxs = "i")
  to_user <- function(v, from, to, limits) limits[1L] + (v - from) / (to - from) * (limits[2L] - limits[1L])
  x <- function(v) to_user(v, panel[1L], panel[3L], layout$xlim)
  y <- function(v) to_user(v, panel[2L], panel[4L], layout$ylim)
  for (item in layout$items) draw_item[[item$type]](item, x(item$x), y(item$y), x, y)
  if (!is.null(layout$draw_within)) layout$draw_within(layout)
  invisible(layout)
}

# Clipped items end at the panel; the others may use the whole page.
clip_mode <- function(item) if (isTRUE(item$clip)) FALSE else NA

draw_item <- list(
  polygon = function(item, x, y, ...) {
    graphics::polygon(x, y, col = item$fill, border = item$border, lty = item$lty, xpd = clip_mode(item))
  },
  line = function(item, x, y, ...) {
    graphics::lines(x, y, col = item$col, lwd = item$lwd, lty = item$lty, xpd = clip_mode(item), lend = 1)
  },
  points = function(item, unused_x, unused_y, x, y) {
    data <- item$data
    graphics::points(x(data$x), y(data$y), pch = data$pch, cex = points_to_cex(12 * data$cex), col = data$col,
                     bg = data$bg, xpd = NA)
  },
  text = function(item, unused_x, unused_y, x, y) {
    if (is.language(item$label)) draw_math(item, x, y) else draw_lines(item, x, y)
  }
)

draw_math <- function(item, x, y) {
  graphics::text(x(item$x), y(item$y), as.expression(item$label), adj = c(item$hjust, item$vjust), srt = item$rot,
                 cex = points_to_cex(item$pt), col = item$col, xpd = NA)
}

# Line by line inside the box that the layout reserved.
draw_lines <- function(item, x, y) {
  lines <- text_lines(item$label)
  down <- (0.5 + (seq_along(lines) - 1) * line_pitch) * item$pt / 72
  box <- item$box
  upright <- item$rot %% 180 != 0
  at_x <- if (upright) box[1L] + down else rep(box[1L] + item$hjust * (box[3L] - box[1L]), length(lines))
  at_y <- if (upright) rep(box[2L] + item$hjust * (box[4L] - box[2L]), length(lines)) else box[4L] - down
  draw_text(x(at_x), y(at_y), lines, item$pt, hadj = item$hjust, col = item$col, font = item$font, srt = item$rot)
}
