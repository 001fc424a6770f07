# Owns legends: their size, their place, their items.

legend_is_inside <- function(at) !at %in% c("below", "above")

# Entries in lines, so that key and text are at most `width` wide.
wrap_legend <- function(entries, width, style) {
  em <- style$pt_legend / 72
  lapply(entries, function(entry) {
    entry$label <- wrap_lines(entry$label, width - 4 * em, style$pt_legend)
    entry
  })
}

# A legend in the panel leaves most of it free.
legend_fits <- function(frame) {
  room <- 0.75 * c(frame$panel[3L] - frame$panel[1L], frame$panel[4L] - frame$panel[2L])
  !legend_is_inside(frame$legend$at) || (frame$legend$w <= room[1L] && frame$legend$h <= room[2L])
}

# Size of a legend: one column inside the panel, as many as fit above or below it.
legend_block <- function(entries, style, max_width, one_column) {
  if (length(entries) == 0L) return(list(entries = NULL, w = 0, h = 0))
  pt <- style$pt_legend
  extents <- text_extents(lapply(entries, function(entry) entry$label), pt)
  em <- pt / 72
  key <- if (any(vapply(entries, function(entry) entry$key == "line", NA))) 2.2 * em else 1.1 * em
  column <- key + 0.5 * em + max(extents[1L, ])
  gap <- 1.2 * em
  columns <- if (one_column) 1L else max(1L, min(length(entries), floor((max_width - em + gap) / (column + gap))))
  deep <- tapply(pmax(extents[2L, ], em * 0.8), (seq_along(entries) - 1L) %/% columns, max) + 0.5 * em
  list(entries = entries, columns = columns, key = key, column = column, gap = gap, deep = as.numeric(deep),
       w = columns * column + (columns - 1) * gap + em, h = sum(deep) + 0.4 * em)
}

# Does a legend whose place was left to the layout cover points?
legend_covers <- function(frame, layers, style) {
  if (frame$legend$at != "corner" || frame$legend$h == 0) return(FALSE)
  covered_by(legend_corner(frame, layers, style), frame$legend,
             stacked_boxes(unlist(layers, recursive = FALSE), point_boxes)) > 0
}

# How many boxes the legend at this left and top covers.
covered_by <- function(at, block, boxes) {
  sum(boxes[, 3L] > at[1L] & boxes[, 1L] < at[1L] + block$w & boxes[, 2L] < at[2L] & boxes[, 4L] > at[2L] - block$h)
}

# Left and top of the legend. Inside the panel a free corner is taken unless a corner or a point is named.
legend_corner <- function(frame, layers, style, map = NULL) {
  block <- frame$legend
  panel <- frame$panel
  if (block$h == 0) return(NULL)
  centre <- min(max((panel[1L] + panel[3L] - block$w) / 2, style$pad), max(frame$width - style$pad - block$w, 0))
  if (block$at == "below") return(c(centre, style$pad + block$h))
  if (block$at == "above") return(c(centre, panel[4L] + style$title_gap + block$h))
  if (block$at == "point") return(c(on_page(map$x(style$legend_xy[1L]), 0, frame$width - block$w),
                                    on_page(map$y(style$legend_xy[2L]), block$h, frame$height)))
  inset <- rep(0.08 * style$scale, 2L)
  if (!is.null(style$legend_inset)) inset <- style$legend_inset * (panel[3:4] - panel[1:2])
  if (block$at != "corner") return(corner_position(block$at, panel, block, inset))
  candidates <- lapply(legend_corners, corner_position, panel = panel, block = block, inset = inset)
  candidates[[emptiest(candidates, block, unlist(layers, recursive = FALSE))]]
}

on_page <- function(at, least, most) max(min(at, most), least)

# In the order in which they are tried: a side is taken when every corner covers a point.
legend_corners <- c("topright", "topleft", "bottomright", "bottomleft", "top", "bottom", "right", "left")

# Of the corners without points the one that covers the least of the lines; else the place with the fewest points.
emptiest <- function(candidates, block, items) {
  points <- vapply(candidates, covered_by, 0, block = block, boxes = stacked_boxes(items, point_boxes))
  lines <- vapply(candidates, covered_by, 0, block = block, boxes = stacked_boxes(items, line_boxes))
  free <- which(points[1:4] == 0)
  if (length(free)) free[which.min(lines[free])] else which.min(points)
}

# Where no side is named the legend is in the middle.
corner_position <- function(corner, panel, block, inset) {
  named <- function(side) grepl(side, corner, fixed = TRUE)
  c(if (named("right")) panel[3L] - inset[1L] - block$w else
      if (named("left")) panel[1L] + inset[1L] else (panel[1L] + panel[3L] - block$w) / 2,
    if (named("top")) panel[4L] - inset[2L] else
      if (named("bottom")) panel[2L] + inset[2L] + block$h else (panel[2L] + panel[4L] + block$h) / 2)
}

legend_items <- function(block, corner, style) {
  if (is.null(corner)) return(list())
  em <- style$pt_legend / 72
  box <- if (style$legend_box) {
    outline <- c(corner[1L], corner[2L] - block$h, corner[1L] + block$w, corner[2L])
    list(c(item_rect(outline, style$legend_bg, style$axis_col), keep_off = TRUE))
  }
  one <- function(i) {
    column <- (i - 1L) %% block$columns
    row <- (i - 1L) %/% block$columns
    left <- corner[1L] + em / 2 + column * (block$column + block$gap)
    y <- corner[2L] - 0.2 * em - sum(block$deep[seq_len(row)]) - block$deep[row + 1L] / 2
    list(key_item(block$entries[[i]], left, y, block$key, em, style),
         item_text(left + block$key + 0.5 * em, y, block$entries[[i]]$label, style$pt_legend, hjust = 0,
                   col = style$axis_col, role = "legend"))
  }
  c(box, unlist(lapply(seq_along(block$entries), one), recursive = FALSE))
}

key_item <- function(entry, left, y, width, em, style) {
  middle <- left + width / 2
  switch(entry$key,
    point = item_points(data.frame(x = middle, y = y, pch = entry$pch,
                                   cex = style$point_cex * entry$cex * (style$legend_key %||% 1),
                                   col = entry$col, bg = entry$bg)),
    line = item_line(c(left, left + width), c(y, y), entry$col, entry$lwd, entry$lty),
    fill = item_rect(c(middle - 0.4 * em, y - 0.4 * em, middle + 0.4 * em, y + 0.4 * em), entry$fill, entry$border))
}
