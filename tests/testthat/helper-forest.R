# Evaluates code on a fresh page of a device that is closed afterwards.
on_page <- function(code, open = function() grDevices::pdf(NULL, 7, 7)) {
  open()
  on.exit(grDevices::dev.off())
  graphics::par(mar = c(0, 0, 0, 0))
  graphics::plot.new()
  force(code)
}

# The layout of a plot of plain estimates, at its natural size unless `size` is given.
layout_of <- function(x, ..., size = c(NA_real_, NA_real_)) forest(x, ..., plot = FALSE, size = size)$layout

text_boxes <- function(layout) {
  t <- layout$texts
  left <- t$x - t$hadj * t$width
  data.frame(left = left, right = left + t$width, bottom = t$y - 0.22 * t$height, top = t$y + 0.78 * t$height)
}

# The first pair of texts whose boxes share more than a hair. From below, a text can only meet those whose lower edge is
# under its upper edge.
overlapping <- function(layout) {
  b <- text_boxes(layout)
  order <- order(b$bottom)
  b <- b[order, ]
  slack <- 1e-6
  last <- findInterval(b$top - slack, b$bottom)
  for (i in which(last > seq_along(last))) {
    j <- (i + 1L):last[i]
    hit <- j[b$left[j] < b$right[i] - slack & b$right[j] > b$left[i] + slack]
    if (length(hit)) return(order[c(i, hit[1L])])
  }
  integer()
}

expect_sound_layout <- function(layout) {
  pair <- overlapping(layout)
  expect(!length(pair), paste("texts overlap:", paste(layout$texts$text[pair], collapse = " | ")))
  b <- text_boxes(layout)
  expect(all(b$left >= 0 & b$right <= layout$width & b$bottom >= 0 & b$top <= layout$height), "a text leaves the plot")
  inside <- function(x, to) all(x >= -1e-9 & x <= to + 1e-9)
  marks_x <- c(layout$segments$x0, layout$segments$x1, layout$polygons$x)
  marks_y <- c(layout$segments$y0, layout$segments$y1, layout$polygons$y)
  expect(inside(marks_x, layout$width) && inside(marks_y, layout$height), "a mark leaves the plot")
  expect(!any(crossed(layout, b)), "a line runs through a text")
  panel <- layout$panel
  ticks <- layout$axis$x
  expect(all(ticks >= panel[["left"]] - 1e-9 & ticks <= panel[["right"]] + 1e-9), "a tick is outside the axis")
  if (is.null(layout$parts)) expect_arrows(layout)
  invisible(layout)
}

# Is a text crossed by a rule or a vertical line?
crossed <- function(layout, boxes) {
  lines <- layout$segments[layout$segments$role == "line", ]
  hit <- outer(pmin(lines$x0, lines$x1), boxes$right, "<") & outer(pmax(lines$x0, lines$x1), boxes$left, ">") &
    outer(pmin(lines$y0, lines$y1), boxes$top, "<") & outer(pmax(lines$y0, lines$y1), boxes$bottom, ">")
  rowSums(hit) > 0
}

# Every interval that is clipped bears an arrow on that side, and no other does.
expect_arrows <- function(layout) {
  rows <- which(layout$rows$type %in% c("study", "filled") & !is.na(layout$rows$lo))
  clipped <- sum(layout$rows$lo[rows] < layout$lim[1L] - 1e-9) + sum(layout$rows$hi[rows] > layout$lim[2L] + 1e-9)
  arrows <- length(unique(layout$polygons$id[layout$polygons$role == "arrow"]))
  expect(clipped == arrows, sprintf("%d clipped ends, %d arrows", clipped, arrows))
}

make_labels <- function(k) {
  pool <- c(letters, LETTERS, " ", "\u4e2d", "\u6587", "\u859b", "\u56fd", "\u00e9")
  vapply(seq_len(k), function(i) paste(sample(pool, sample(3:80, 1L), TRUE), collapse = ""), "")
}
