# Owns the layout: rows + style + options -> pure data in inches, origin at the lower left of the plot.
# Every text with its box, every mark, rule and tick; nothing here draws. Text is measured on the open
# device, on which a plot must have begun.

#' Layout of a forest plot
#'
#' What [forest()] would draw, as data: every text, mark, rule and tick with its place in inches. Nothing is drawn; the
#' layout is that of a page of the natural size, or of the size given. `forest(x, ..., plot = FALSE)$layout` is the
#' same.
#'
#' @param x what [forest()] draws.
#' @param ... arguments of [forest()].
#' @param width,height size of the page in inches; `width` may be `"single"` or `"double"` as in [save_forest()]. `NULL`
#'   leaves it to the plot. What does not fit is scaled as a whole.
#' @param device kind of device whose fonts are measured, as in [forest_size()].
#' @return A list of class `forest_layout`. Lengths are in inches; x runs from the left edge of the page, y upward from
#'   its lower edge.
#'   \describe{
#'   \item{`width`, `height`}{size of the page that the plot needs; a larger device leaves the rest white.}
#'   \item{`scale`, `fontsize`, `pitch`}{factor by which the plot was scaled, size of the text in points, distance of
#'   rows.}
#'   \item{`panel`}{`left`, `right`, `bottom`, `top` of the plot region.}
#'   \item{`lim`, `axis`}{limits of the axis on the scale of the estimates; its ticks: `at` on that scale, `label`,
#'   `x`.}
#'   \item{`lines`}{the lines of the plot from the top: the `row` that each shows, its `text`, `y` of its middle, and
#'   its
#'     `height`, which is `pitch` unless a label or cell has several lines.}
#'   \item{`rows`}{what each row says: `type` (`"study"`, `"summary"`, ...), `label`, `est`, `lo`, `hi`, `weight`, ...}
#'   \item{`texts`}{one row per line of text: `text`; the anchor `x` (left edge, middle or right edge where `hadj` is 0,
#'   0.5 or 1)
#'     and `y` (baseline); `width`, `height`; the box `left`, `right`, `bottom`, `top`; `size` in points, `font`, `col`,
#'     `role`, and the `line` that it stands in.}
#'   \item{`rects`, `segments`, `polygons`}{marks with their `role` (`"box"`, `"ci"`, `"line"`, `"diamond"`, `"arrow"`,
#'   ...),
#'     colours and `row`; the points of a polygon share an `id`.}
#'   \item{`arrows`}{one row per clipped end of a study's interval: `row`, `side` (`"left"` or `"right"`), and the tip
#'   `x`, `y`.}
#'   }
#' @details Errors are those of [forest()], of class `metaparity_error_input`.
#' @section In other software: none; metafor's `forest()` returns the limits and positions that were used, as here
#'   [forest()].
#' @examples
#' layout <- forest_layout(c(-0.6, -0.2, 2.1), sei = c(0.35, 0.2, 0.4), alim = c(-1, 1))
#' layout[c("width", "height", "pitch")]
#' layout$arrows
#' layout$texts[c("text", "left", "right", "bottom", "top")]
#' @export
forest_layout <- function(x, ..., width = NULL, height = NULL, device = NULL) {
  check_given(x)
  call <- sys.call()
  height <- if (is.null(height)) NA_real_ else check_number(height, "height", 0.1, 1000, call)
  forest(x, ..., plot = FALSE, device = device, size = c(column_width(width, call), height))$layout
}

# A layout with what is handy to read: the boxes of its texts, and the ends that are clipped.
described <- function(drawn) {
  texts <- drawn$layout$texts
  left <- texts$x - texts$hadj * texts$width
  bottom <- texts$y - text_descent * texts$height
  drawn$layout$texts <- cbind(texts, left = left, right = left + texts$width, bottom = bottom,
                              top = bottom + texts$height)
  drawn$layout$arrows <- arrow_tips(drawn$layout)
  drawn
}

# Depth below the baseline as a share of the height of a line.
text_descent <- 0.22

# The first point of an arrow is its tip.
arrow_tips <- function(layout) {
  points <- layout$polygons[layout$polygons$role == "arrow", ]
  tips <- points[!duplicated(points$id), ]
  side <- c("left", "right")[1L + (tips$x > mean(layout$panel[c("left", "right")]))]
  data.frame(row = tips$row, side = side, x = tips$x, y = tips$y, row.names = NULL)
}

# Devices round their size to pixels or points; so much of the margin may be lost, in inches.
rounding <- 0.03

# size: c(width, height) available, NA where it is free. What does not fit is scaled as a whole; the field
# `scale` says by how much.
layout_forest <- function(rows, style, options = forest_options(), size = c(NA_real_, NA_real_)) {
  lay <- function(options) {
    function(size) fit_layout(function(scale) lay_out(rows, scaled_style(style, scale), options, size[1L]), size)
  }
  placed <- function(wrap) {
    options$wrap <- wrap
    usual <- with_default_places(rows, style, options)
    if (is.null(usual)) lay(options)(size) else choose_places(lay(usual), lay(options), size)
  }
  if (isTRUE(attr(rows, "info")$sequence)) {
    options$pch <- options$pch %||% style$sequence$pch
    style <- sequence_style(style)
  }
  options$by_hand <- is_placed_by_hand(options)
  wrap_to_fit(placed, size[1L], enough = if (options$by_hand) 0.75 else 1)
}

# What a style draws otherwise in cumulative and leave-one-out results.
sequence_style <- function(style) {
  for (part in c("box", "ci")) style[[part]][names(style$sequence[[part]])] <- style$sequence[[part]]
  style
}

scaled_style <- function(style, scale) {
  style$fontsize <- style$fontsize * scale
  # A plot that is scaled for its height keeps its width.
  style$panel$most <- style$panel$most / scale
  style
}

# lay: the layout at a scale. The scale is lowered until the layout fits.
fit_layout <- function(lay, size) {
  layout <- lay(1)
  scale <- 1
  for (round in 1:8) {
    if (all(size - c(layout$width, layout$height) > -rounding, na.rm = TRUE)) break
    fits <- min(1, size / c(layout$width, layout$height), na.rm = TRUE)
    scale <- scale * fits * if (round > 1L) 0.99 else 1
    layout <- lay(scale)
  }
  layout$scale <- scale
  for (name in c("segments", "polygons")) layout[[name]]$lwd <- layout[[name]]$lwd * max(scale, 0.3)
  layout
}

# One pass at one font size. plan: what does not depend on the place of things; x, y: the places.
lay_out <- function(rows, style, options, width = NA_real_) {
  if (is.null(options$fonts) && !identical(style$family, "")) options$fonts <- style$family
  with_family(options$fonts, {
    plan <- plan_layout(rows, style, options)
    x <- place_across(plan, width)
    plan <- plan_axis(plan, x)
    plan$lines <- add_notes(plan, x)
    y <- place_down(plan, x)
    finish_layout(plan, x, y, forest_marks(plan, x, y), forest_texts(plan, x, y))
  })
}

plan_layout <- function(rows, style, options) {
  em <- style$fontsize / 72
  plan <- list(rows = rows, style = style, options = options, em = em, info = attr(rows, "info"))
  plan$measure <- function(text, font = 1L, markup = FALSE, size = 1) {
    text_width(text, style$fontsize * size, font, markup)
  }
  plan$head <- header_texts(rows, style, options)
  plan$wrap <- options$wrap %||% wrap_levels[[1L]]
  plan$lines <- display_lines(rows, style, options)
  plan <- wrap_labels(plan)
  plan$columns <- plan_columns(plan)
  room <- label_room(plan)
  if (any(label_reach(plan$columns) > room)) {
    plan <- wrap_labels(plan, room)
    plan$columns <- plan_columns(plan)
  }
  plan <- place_lines(plan)
  plan$limits <- axis_limits(rows, style, options)
  plan$ticks <- plan_ticks(plan)
  plan$limits$lim <- plan$ticks$lim
  plan
}

# Depths become heights above the lower edge; texts get their runs.
finish_layout <- function(plan, x, y, marks, texts) {
  up <- function(depth) y$total - depth
  texts$y <- up(texts$y)
  for (name in c("rects", "segments")) {
    marks[[name]]$y0 <- up(marks[[name]]$y0)
    marks[[name]]$y1 <- up(marks[[name]]$y1)
  }
  marks$polygons$y <- up(marks$polygons$y)
  origin <- row_origin(plan)
  at <- y$rows + plan$lines$at * y$pitch
  axis <- data.frame(at = plan$axis$at, label = plan$axis$label, x = panel_x(plan$axis$at, plan, x),
                     stringsAsFactors = FALSE)
  structure(c(list(width = x$total, height = y$total, scale = 1, fontsize = plan$style$fontsize, pitch = y$pitch,
                   panel = c(left = x$left, right = x$right, bottom = up(y$axis), top = up(y$rule)),
                   lim = plan$axis$lim, axis = axis,
                   lines = cbind(plan$lines[c("row", "text")], y = up(at), height = plan$lines$height * y$pitch),
                   edges = if (is.null(x$edges)) c(x$margin - text_offset, x$total - x$margin + text_offset) else
                     x$edges,
                   origin = c(user = origin[["user"]], y = up(y$rows + origin[["depth"]] * y$pitch)),
                   rows = plan$rows, texts = texts, runs = layout_runs(texts),
                   order = unique(c(plan$style$order, "light", "arrow")), fonts = plan$options$fonts[1L], moved = 0,
                     drop = 0),
              layout_context(plan, x, y), marks),
            class = "forest_layout")
}

# What stacks, additions and metafor's fields need to know.
layout_context <- function(plan, x, y) {
  rows <- plan$options$rows
  list(top = plan_top(plan), base = addable(plan, x, y$total), columns = column_widths_of(plan$columns),
       sides = least_sides(plan), sizes = plan$style$axis[c("size", "title_size")],
       hand = c(plan$options[c("ilab.pos", "textpos")], list(whole = is.null(rows) || is_whole(rows))),
       ilab = ilab_centres(plan, x), longest = longest_texts(plan), placed = !is.null(x$edges),
       shares = default_shares(plan$rows, plan$options))
}

# The anchors of metafor's ilab, in inches from the left.
ilab_centres <- function(plan, x) {
  if (isTRUE(x$by_hand)) return(x$ilab)
  columns <- c(plan$columns$left, plan$columns$right)
  some <- which(vapply(columns, function(column) identical(column$kind, "ilab"), NA))
  x$starts[some] + vapply(columns[some], `[[`, 0, "width") / 2
}

layout_runs <- function(texts) {
  runs <- lay_runs(texts$text, texts$size, texts$hadj, rep(0, nrow(texts)), texts$font, texts$markup)
  runs$x <- texts$x[runs$id] + runs$along
  runs$y <- texts$y[runs$id] + runs$up
  runs$col <- texts$col[runs$id]
  runs
}

#' @export
print.forest_layout <- function(x, ...) {
  cat(format_forest_layout(x), sep = "\n")
  invisible(x)
}

format_forest_layout <- function(x) {
  sprintf("Forest plot: %d studies, %.2f x %.2f in at %.1f pt%s", sum(x$rows$type %in% c("study", "filled")), x$width,
          x$height, x$fontsize, if (x$scale < 1) sprintf(" (scaled to %.0f%%)", 100 * x$scale) else "")
}
