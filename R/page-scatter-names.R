# Owns the names beside points. The core finds a place for each in which it covers no other name; where there is none
# the names become smaller, and those that still cover others are left out with a message.

name_scales <- c(1, 0.85, 0.7, 0.55)

# How far in inches a name may stand out of the panel.
name_margin <- 0.06

# Turns the `labels` items into texts and leader lines on a page of c(width, height).
resolve_labels <- function(items, panel, page) {
  wanted <- vapply(items, function(item) item$type == "labels" && length(item$x) > 0L, NA)
  empty <- vapply(items, function(item) item$type == "labels", NA) & !wanted
  if (!any(wanted)) return(items[!empty])
  names <- do.call(rbind, lapply(items[wanted], name_rows))
  obstacles <- name_obstacles(items[!wanted & !empty], panel)
  best <- NULL
  for (step in seq_along(name_scales)) {
    placed <- place_names(names, name_scales[step], items, obstacles, panel, page)
    # Smaller type is worth it for a tenth of the names.
    placed$cost <- length(placed$lost) + (step - 1) * nrow(names) / 10
    if (is.null(best) || placed$cost < best$cost) best <- placed
    if (!length(placed$lost)) break
  }
  c(items[!empty & !wanted], named_items(best))
}

# The names in type of the given scale: their boxes, and which of them are `lost` for want of a place.
place_names <- function(names, scale, items, obstacles, panel, page) {
  pt <- names$pt[1L] * scale
  names$shown <- wrap_long(names$label, 0.45 * (panel[3L] - panel[1L]), pt)
  extents <- text_extents(names$shown, pt)
  anchors <- cbind(names$x, names$y, extents[1L, ], extents[2L, ],
                   names$offset * scale + name_clearance(names, items), names$reach)
  boxes <- call_core(cpp_place_labels(anchors, names$side, obstacles))
  far <- name_distances(names, boxes) > anchors[, 5L] + names$reach
  off <- boxes$left < max(0, panel[1L] - name_margin) | boxes$bottom < max(0, panel[2L] - name_margin) |
    boxes$right > min(page[1L], panel[3L] + name_margin) | boxes$top > min(page[2L], panel[4L] + name_margin)
  over <- over_texts(boxes, obstacles$texts) | over_texts(boxes, point_centres(obstacles$points))
  list(names = names, boxes = boxes, anchors = anchors, pt = pt, lost = which(far | off | over | boxes$covered == 1L))
}

name_rows <- function(item) {
  data.frame(x = item$x, y = item$y, label = item$label, side = ifelse(item$side == "left", -1L, 1L), pt = item$pt,
             offset = item$offset, col = item$col, reach = item$reach, stringsAsFactors = FALSE)
}

# Half the width in inches of a plotting symbol of size 1.
point_half <- 0.045

# A name keeps off the symbol that stands at its point.
name_clearance <- function(names, items) {
  points <- do.call(rbind, lapply(items, function(item) if (item$type == "points") item$data[c("x", "y", "cex")]))
  if (is.null(points)) return(rep(0, nrow(names)))
  at <- match(paste(round(names$x, 4), round(names$y, 4)), paste(round(points$x, 4), round(points$y, 4)))
  ifelse(is.na(at), point_half, points$cex[at] * point_half)
}

name_obstacles <- function(items, panel) {
  lines <- stacked_boxes(items, line_boxes)
  # Among very many curves no place is free of them.
  if (nrow(lines) > 8000L) lines <- lines[0L, , drop = FALSE]
  list(texts = stacked_boxes(items, text_boxes), points = stacked_boxes(items, point_boxes), lines = lines,
       panel = as.numeric(panel))
}

# left, bottom, right and top of what `of` finds in the items, a row each.
stacked_boxes <- function(items, of) {
  found <- do.call(rbind, lapply(items, of))
  if (is.null(found)) matrix(numeric(), 0L, 4L) else unname(as.matrix(found))
}

# Texts, and the frame of a legend.
text_boxes <- function(item) if (isTRUE(item$keep_off)) c(range(item$x), range(item$y))[c(1, 3, 2, 4)] else item$box

point_boxes <- function(item) {
  if (item$type != "points") return(NULL)
  half <- item$data$cex * point_half
  cbind(item$data$x - half, item$data$y - half, item$data$x + half, item$data$y + half)
}

# A name may touch a symbol, but leaves its middle free; dots that are there to be named may lie under names.
point_centres <- function(boxes) {
  boxes <- boxes[boxes[, 3L] - boxes[, 1L] > point_half, , drop = FALSE]
  middle <- (boxes[, 1:2, drop = FALSE] + boxes[, 3:4, drop = FALSE]) / 2
  half <- pmin((boxes[, 3L] - boxes[, 1L]) / 2, point_half) / 2
  cbind(middle - half, middle + half)
}

# A drawn line as a chain of small boxes: a name should not be struck through.
line_boxes <- function(item) {
  if (item$type != "line" || !isTRUE(item$clip) || length(item$x) < 2L) return(NULL)
  steps <- seq(1, length(item$x), length.out = 60L)
  x <- stats::approx(seq_along(item$x), item$x, steps)$y
  y <- stats::approx(seq_along(item$y), item$y, steps)$y
  cbind(x - 0.02, y - 0.02, x + 0.02, y + 0.02)
}

# Names in their boxes, each far one tied to its point by a thin line.
named_items <- function(placed) {
  names <- placed$names
  if (length(placed$lost)) inform_left_out(length(placed$lost), nrow(names))
  boxes <- do.call(cbind, placed$boxes[c("left", "bottom", "right", "top")])
  out <- list()
  for (i in setdiff(seq_len(nrow(names)), placed$lost)) {
    box <- boxes[i, ]
    text <- item_text((box[[1L]] + box[[3L]]) / 2, (box[[2L]] + box[[4L]]) / 2, names$shown[i], placed$pt,
                      col = names$col[i],
                      role = "label", extent = placed$anchors[i, 3:4])
    out <- c(out, leader_item(names$x[i], names$y[i], text, placed$anchors[i, 5L]), list(text))
  }
  out
}

# From each point to the nearest edge of its name, in inches.
name_distances <- function(names, boxes) {
  sqrt(pmax(boxes$left - names$x, names$x - boxes$right, 0)^2 + pmax(boxes$bottom - names$y, names$y - boxes$top, 0)^2)
}

# Which names cover one of the given boxes: texts of the figure, the frame of its legend, points.
over_texts <- function(boxes, texts) {
  if (!nrow(texts)) return(rep(FALSE, length(boxes$left)))
  common <- function(low, high, from, to) outer(high, to, pmin) - outer(low, from, pmax)
  wide <- common(boxes$left, boxes$right, texts[, 1L], texts[, 3L]) > 0.005
  high <- common(boxes$bottom, boxes$top, texts[, 2L], texts[, 4L]) > 0.005
  rowSums(wide & high) > 0
}

leader_item <- function(x, y, text, clear) {
  near_x <- min(max(x, text$box[1L]), text$box[3L])
  near_y <- min(max(y, text$box[2L]), text$box[4L])
  if (sqrt((near_x - x)^2 + (near_y - y)^2) < clear + 0.1) return(NULL)
  list(item_line(c(x, near_x), c(y, near_y), "gray40", 0.6))
}

inform_left_out <- function(n, all) {
  inform(sprintf("%d of %d labels are left out: a larger figure has room for them.", n, all), "labels_left_out")
}
