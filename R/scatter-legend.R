# Owns legends (their size, their place, their items) and the places of names beside points.

legend_is_inside <- function(at) !at %in% c("below", "above")

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
  rows <- ceiling(length(entries) / columns)
  row <- max(extents[2L, ], em * 0.8) + 0.5 * em
  list(entries = entries, columns = columns, key = key, column = column, gap = gap, row = row,
       w = columns * column + (columns - 1) * gap + em, h = rows * row + 0.4 * em)
}

# Left and top of the legend. Inside the panel a free corner is taken unless a corner is named.
legend_corner <- function(frame, layers, style) {
  block <- frame$legend
  panel <- frame$panel
  if (block$h == 0) return(NULL)
  centre <- min(max((panel[1L] + panel[3L] - block$w) / 2, style$pad), max(frame$width - style$pad - block$w, 0))
  if (block$at == "below") return(c(centre, style$pad + block$h))
  if (block$at == "above") return(c(centre, panel[4L] + style$title_gap + block$h))
  inset <- 0.08 * style$scale
  corners <- c("topright", "topleft", "bottomright", "bottomleft")
  candidates <- lapply(corners, corner_position, panel = panel, block = block, inset = inset)
  if (block$at %in% corners) return(candidates[[match(block$at, corners)]])
  points <- layer_points_in_inches(layers)
  covered <- vapply(candidates, function(at) {
    sum(points$x > at[1L] & points$x < at[1L] + block$w & points$y < at[2L] & points$y > at[2L] - block$h)
  }, 0)
  candidates[[which.min(covered)]]
}

corner_position <- function(corner, panel, block, inset) {
  c(if (grepl("right", corner)) panel[3L] - inset - block$w else panel[1L] + inset,
    if (grepl("top", corner)) panel[4L] - inset else panel[2L] + inset + block$h)
}

layer_points_in_inches <- function(layers) {
  points <- Filter(function(item) item$type == "points", unlist(layers, recursive = FALSE))
  do.call(rbind, lapply(points, function(item) item$data[c("x", "y")]))
}

legend_items <- function(block, corner, style) {
  if (is.null(corner)) return(list())
  em <- style$pt_legend / 72
  box <- if (style$legend_box) {
    outline <- c(corner[1L], corner[2L] - block$h, corner[1L] + block$w, corner[2L])
    list(item_rect(outline, style$legend_bg, style$axis_col))
  }
  one <- function(i) {
    column <- (i - 1L) %% block$columns
    row <- (i - 1L) %/% block$columns
    left <- corner[1L] + em / 2 + column * (block$column + block$gap)
    y <- corner[2L] - 0.2 * em - (row + 0.5) * block$row
    list(key_item(block$entries[[i]], left, y, block$key, em, style),
         item_text(left + block$key + 0.5 * em, y, block$entries[[i]]$label, style$pt_legend, hjust = 0,
                   col = style$axis_col, role = "legend"))
  }
  c(box, unlist(lapply(seq_along(block$entries), one), recursive = FALSE))
}

key_item <- function(entry, left, y, width, em, style) {
  middle <- left + width / 2
  switch(entry$key,
    point = item_points(data.frame(x = middle, y = y, pch = entry$pch, cex = style$point_cex * entry$cex,
                                   col = entry$col, bg = entry$bg)),
    line = item_line(c(left, left + width), c(y, y), entry$col, entry$lwd, entry$lty),
    fill = item_rect(c(middle - 0.4 * em, y - 0.4 * em, middle + 0.4 * em, y + 0.4 * em), entry$fill, entry$border))
}

# ---- names beside points ----

# Turns the `labels` items into texts, each at the first place that is free of other names, points and the legend.
resolve_labels <- function(items, panel) {
  wanted <- vapply(items, function(item) item$type == "labels", NA)
  if (!any(wanted)) return(items)
  boxes <- function(of) do.call(rbind, lapply(items[!wanted], of))
  taken <- list(points = boxes(point_boxes), lines = boxes(line_boxes), texts = boxes(function(item) item$box))
  placed <- list()
  for (item in items[wanted]) {
    extents <- text_extents(item$label, item$pt)
    for (i in seq_along(item$x)) {
      text <- place_label(item, i, extents[, i], taken, panel)
      taken$texts <- rbind(taken$texts, text$box)
      placed <- c(placed, leader_item(item$x[i], item$y[i], text), list(text))
    }
  }
  c(items[!wanted], placed)
}

# Half the width in inches of a plotting symbol of size 1.
point_half <- 0.045

point_boxes <- function(item) {
  if (item$type != "points") return(NULL)
  half <- item$data$cex * point_half
  cbind(item$data$x - half, item$data$y - half, item$data$x + half, item$data$y + half)
}

# A drawn line as a chain of small boxes: a name should not be struck through.
line_boxes <- function(item) {
  if (item$type != "line" || !isTRUE(item$clip) || length(item$x) < 2L) return(NULL)
  steps <- seq(1, length(item$x), length.out = max(60L, length(item$x)))
  x <- stats::approx(seq_along(item$x), item$x, steps)$y
  y <- stats::approx(seq_along(item$y), item$y, steps)$y
  cbind(x - 0.02, y - 0.02, x + 0.02, y + 0.02)
}

# The cheapest of the places around the point at four distances. Covered text is worst, then points, then lines; going
# far costs as much as covering something small.
place_label <- function(item, i, extent, taken, panel) {
  place <- label_places(item$side[i])
  away <- item$offset + point_half
  x <- item$x[i] + place$dx * away + sign(place$dx) * extent[1L] / 2
  y <- item$y[i] + place$dy * (away + extent[2L] / 2)
  boxes <- cbind(x - extent[1L] / 2, y - extent[2L] / 2, x + extent[1L] / 2, y + extent[2L] / 2)
  near <- lapply(taken, boxes_near, c(min(boxes[, 1L]), min(boxes[, 2L]), max(boxes[, 3L]), max(boxes[, 4L])))
  covered <- function(j) {
    10 * overlap_area(boxes[j, ], near$texts) + overlap_area(boxes[j, ], near$points) +
      0.2 * overlap_area(boxes[j, ], near$lines)
  }
  off_panel <- pmax(panel[1L] - boxes[, 1L], 0) + pmax(boxes[, 3L] - panel[3L], 0) +
    pmax(panel[2L] - boxes[, 2L], 0) + pmax(boxes[, 4L] - panel[4L], 0)
  cost <- vapply(seq_len(nrow(boxes)), covered, 0) + 10 * off_panel + 0.004 * (place$far - 1)
  best <- which.min(cost)
  item_text(x[best], y[best], item$label[i], item$pt, col = item$col, role = "label", extent = extent)
}

label_places <- function(side) {
  first <- if (side == "left") -1 else 1
  far <- rep(c(1, 2.2, 4, 7), each = 8L)
  data.frame(dx = c(first, -first, 0, 0, first, first, -first, -first) * far, dy = c(0, 0, 1, -1, 1, -1, 1, -1) * far,
             far = far)
}

# A name that had to go far is tied to its point by a thin line.
leader_item <- function(x, y, text) {
  near_x <- min(max(x, text$box[1L]), text$box[3L])
  near_y <- min(max(y, text$box[2L]), text$box[4L])
  if (sqrt((near_x - x)^2 + (near_y - y)^2) < text$pt / 72) return(NULL)
  list(item_line(c(x, near_x), c(y, near_y), "gray40", 0.6))
}

boxes_near <- function(boxes, window) {
  if (is.null(boxes)) return(NULL)
  near <- boxes[, 3L] > window[1L] & boxes[, 1L] < window[3L] & boxes[, 4L] > window[2L] & boxes[, 2L] < window[4L]
  boxes[near, , drop = FALSE]
}

overlap_area <- function(box, boxes) {
  if (is.null(boxes)) return(0)
  w <- pmin(box[3L], boxes[, 3L]) - pmax(box[1L], boxes[, 1L])
  h <- pmin(box[4L], boxes[, 4L]) - pmax(box[2L], boxes[, 2L])
  sum(pmax(w, 0) * pmax(h, 0))
}
