# Owns the layout: rows + style + options -> pure data in inches, origin at the lower left of the plot.
# Every text with its box, every mark, rule and tick; nothing here draws. Text is measured on the open
# device, on which a plot must have begun.

# Devices round their size to pixels or points; so much of the margin may be lost, in inches.
rounding <- 0.03

# size: c(width, height) available, NA where it is free. What does not fit is scaled as a whole; the field
# `scale` says by how much.
forest_layout <- function(rows, style, options = forest_options(), size = c(NA_real_, NA_real_)) {
  fit_layout(function(scale) lay_out(rows, scaled_style(style, scale), options, size[1L]), size)
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
  plan <- plan_layout(rows, style, options)
  x <- place_across(plan, width)
  plan <- plan_axis(plan, x)
  plan$lines <- add_notes(plan, x)
  y <- place_down(plan, x)
  marks <- forest_marks(plan, x, y)
  texts <- forest_texts(plan, x, y)
  finish_layout(plan, x, y, marks, texts)
}

plan_layout <- function(rows, style, options) {
  em <- style$fontsize / 72
  plan <- list(rows = rows, style = style, options = options, em = em, info = attr(rows, "info"))
  plan$measure <- function(text, font = 1L, markup = FALSE, size = 1) {
    text_width(text, style$fontsize * size, font, markup)
  }
  plan$head <- header_texts(rows, style, options)
  plan$lines <- display_lines(rows, style, options)
  plan$columns <- plan_columns(plan)
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
                   lim = plan$axis$lim, axis = axis, lines = cbind(plan$lines[c("row", "text")], y = up(at)),
                   edges = c(x$margin - text_offset, x$total - x$margin + text_offset),
                   origin = c(user = origin[["user"]], y = up(y$rows + origin[["depth"]] * y$pitch)),
                   rows = plan$rows, texts = texts, runs = layout_runs(texts),
                   order = unique(c(plan$style$order, "arrow")), fonts = plan$options$fonts[1L], moved = 0, drop = 0),
              layout_context(plan, x, y), marks),
            class = "forest_layout")
}

# What stacks, additions and metafor's fields need to know.
layout_context <- function(plan, x, y) {
  list(top = plan_top(plan), base = addable(plan, x, y$total), columns = column_widths_of(plan$columns),
       sides = least_sides(plan), sizes = plan$style$axis[c("size", "title_size")],
       hand = plan$options[c("ilab.pos", "textpos")], ilab = ilab_centres(plan, x))
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
