# Owns the layout of a study flow: boxes as high as their texts in rows and lanes, arrows between them, bars of the
# stages at the left and above. Colours after the templates of 2020.

#' @exportS3Method page_block metaparity_prisma
page_block.metaparity_prisma <- function(figure, scale) {
  content <- figure$content
  pt <- figure$style$pt * scale
  size <- prisma_sizes(content, pt)
  boxes <- placed_boxes(content, size)
  items <- c(box_items(boxes, content, size), arrow_items(boxes, size), stage_items(content, boxes, size),
             head_items(content, size))
  body <- list(items = items, width = size$width, height = size$height)
  padded_block(titled_block(body, content$title, pt), size$em)
}

# Lanes from the left: where they begin and end.
prisma_lanes <- function(content, em) {
  used <- union("main", content$boxes$lane)
  most <- max(table(content$boxes$row[content$boxes$lane == "main"]), 1L)
  if (most > 1L) used <- union(used, "side")
  used <- intersect(c("previous", "main", "side", "other", "other_side"), used)
  wide <- stats::setNames(rep(21, length(used)) * em, used)
  lack <- most * 12 * em + (most - 1) * 3 * em - (wide[["main"]] + 3 * em + if ("side" %in% used) wide[["side"]] else 0)
  if (most > 1L && lack > 0) wide[["side"]] <- wide[["side"]] + lack
  left <- (if (length(content$stages)) 3.6 * em else 0) + cumsum(c(0,
                                                                   wide[-length(wide)])) + 3 * em *
                                                                     (seq_along(wide) - 1L)
  matrix(c(left, left + wide), 2L, byrow = TRUE, dimnames = list(c("left", "right"), used))
}

prisma_sizes <- function(content, pt) {
  em <- pt / 72
  lanes <- prisma_lanes(content, em)
  boxes <- content$boxes
  span <- t(vapply(seq_len(nrow(boxes)), function(i) box_span(boxes, i, lanes, em), c(0, 0)))
  words <- lapply(seq_len(nrow(boxes)), function(i) wrapped_box(boxes$text[i], span[i, 2L] - span[i, 1L] - 1.2 * em,
                                                                pt))
  high <- vapply(words, `[[`, 0, "height") + 1.2 * em
  rows <- vapply(seq_len(max(boxes$row)), function(row) max(high[boxes$row == row]), 0)
  gap <- 2 * em
  heads <- head_sizes(content, lanes, pt)
  rows <- rows_for_stages(content, rows, gap, pt)
  top <- -(heads$height + cumsum(c(0, rows[-length(rows)] + gap)))
  list(pt = pt, em = em, lanes = lanes, span = span, words = words, high = high, rows = rows, top = top, gap = gap,
       heads = heads,
       width = max(lanes["right", ]), height = -min(top - rows))
}

# Lines that are set in stay so where they are broken.
wrapped_box <- function(text, width, pt) {
  lines <- text_lines(text)
  inset <- sub("[^\u00a0].*$", "", lines)
  broken <- Map(wrap_text, sub("^\u00a0+", "", lines), width - text_width(inset, pt), pt)
  wrapped_labels(paste(unlist(Map(paste0, inset, broken)), collapse = "\n"), Inf, pt)
}

# Left and right edge of a box; several boxes of a row share the lanes "main" and "side".
box_span <- function(boxes, i, lanes, em) {
  peers <- which(boxes$row == boxes$row[i] & boxes$lane == "main")
  if (boxes$lane[i] != "main" || length(peers) < 2L) return(lanes[, boxes$lane[i]])
  left <- lanes["left", "main"]
  wide <- (lanes["right", "side"] - left - (length(peers) - 1) * 3 * em) / length(peers)
  at <- left + (match(i, peers) - 1) * (wide + 3 * em)
  c(at, at + wide)
}

# A stage is as high as its name is long.
rows_for_stages <- function(content, rows, gap, pt) {
  for (stage in names(content$stages)) {
    own <- stage_rows(content, stage)
    if (!length(own)) next
    own <- min(own):max(own)
    have <- sum(rows[own]) + (length(own) - 1) * gap
    need <- text_width(content$stages[[stage]], pt, 2L) + 1.2 * pt / 72
    if (need > have) rows[own] <- rows[own] + (need - have) / length(own)
  }
  rows
}

stage_rows <- function(content, stage) {
  content$boxes$row[content$boxes$stage == stage & content$boxes$lane %in% c("main", "side")]
}

placed_boxes <- function(content, size) {
  boxes <- content$boxes
  middle <- size$top[boxes$row] - size$rows[boxes$row] / 2
  boxes$left <- size$span[, 1L]
  boxes$right <- size$span[, 2L]
  boxes$bottom <- middle - size$high / 2
  boxes$top <- middle + size$high / 2
  boxes$x <- (boxes$left + boxes$right) / 2
  boxes$y <- middle
  boxes
}

box_items <- function(boxes, content, size) {
  centred <- identical(content$template, "2009")
  unlist(lapply(seq_len(nrow(boxes)), function(i) {
    b <- boxes[i, ]
    middle <- centred && b$lane == "main"
    list(item_rect(c(b$left, b$bottom, b$right, b$top), b$ground, "black"),
         label_item(size$words[[i]], 1L, if (middle) b$x else b$left + 0.6 * size$em, b$y, size$pt,
                    hjust = if (middle) 0.5 else 0,
                    role = "box"))
  }), recursive = FALSE)
}

# ---- arrows ----------------------------------------------------------------------------------------

item_arrow <- function(x, y, em) {
  n <- length(x)
  to <- c(x[n], y[n])
  along <- c(x[n] - x[n - 1L], y[n] - y[n - 1L])
  along <- along / sqrt(sum(along^2))
  back <- to - along * 0.7 * em
  across <- c(-along[2L], along[1L]) * 0.32 * em
  list(item_line(c(x[-n], back[1L]), c(y[-n], back[2L])),
       item_polygon(c(to[1L], back[1L] + across[1L], back[1L] - across[1L]),
                    c(to[2L], back[2L] + across[2L], back[2L] - across[2L]),
                    "black", "black"))
}

arrow_items <- function(boxes, size) {
  c(down_arrows(boxes, "main", size), down_arrows(boxes, "other", size), side_arrows(boxes, "main", "side", size),
    side_arrows(boxes, "other", "other_side", size), joining_arrows(boxes, size))
}

# From each row of a lane to its next row; boxes side by side are joined by a line between the rows.
down_arrows <- function(boxes, lane, size) {
  rows <- sort(unique(boxes$row[boxes$lane == lane]))
  unlist(lapply(seq_along(rows)[-1L], function(i) {
    from <- boxes[boxes$lane == lane & boxes$row == rows[i - 1L], ]
    to <- boxes[boxes$lane == lane & boxes$row == rows[i], ]
    x <- to$x[1L]
    if (nrow(to) > 1L) x <- mean(range(to$x))
    if (nrow(from) == 1L && nrow(to) == 1L) return(item_arrow(c(from$x, x), c(from$bottom, to$top), size$em))
    join <- size$top[rows[i - 1L] + 1L] + 0.55 * size$gap
    stems <- lapply(seq_len(nrow(from)), function(j) item_line(rep(from$x[j], 2L), c(from$bottom[j], join)))
    bar <- list(item_line(range(c(from$x, to$x)), c(join, join)))
    c(stems, bar, unlist(lapply(seq_len(nrow(to)), function(j) item_arrow(rep(to$x[j], 2L), c(join, to$top[j]),
                                                                          size$em)), recursive = FALSE))
  }), recursive = FALSE)
}

# From a box, or from the line below it, to what leaves the flow at that row.
side_arrows <- function(boxes, lane, side, size) {
  unlist(lapply(which(boxes$lane == side), function(i) {
    own <- boxes[boxes$lane == lane & boxes$row == boxes$row[i], ]
    if (nrow(own) > 1L) return(NULL)
    if (!nrow(own) && !any(boxes$lane == lane & boxes$row < boxes$row[i])) return(NULL)
    from <- if (nrow(own)) own$right else mean(size$lanes[, lane])
    item_arrow(c(from, boxes$left[i]), rep(boxes$y[i], 2L), size$em)
  }), recursive = FALSE)
}

# Previous studies join what is included from the left, other methods from the right.
joining_arrows <- function(boxes, size) {
  ends <- boxes[boxes$id %in% c("included", "total", "qualitative", "quantitative") & boxes$lane == "main", ]
  if (!nrow(ends)) return(NULL)
  join <- function(lane, target, edge) {
    own <- boxes[boxes$lane == lane, ]
    if (!nrow(own)) return(NULL)
    last <- own[which.max(own$row), ]
    if (last$row >= target$row) return(NULL)
    item_arrow(c(last$x, last$x, target[[edge]]), c(last$bottom, target$y, target$y), size$em)
  }
  total <- if (any(ends$id == "total")) ends[ends$id == "total", ] else ends[1L, ]
  c(join("previous", total, "left"), join("other", ends[1L, ], "right"))
}

# ---- bars ------------------------------------------------------------------------------------------

stage_colours <- c(`2020` = "#9DC3E6", `2009` = "#CFE2F3")
head_colours <- c(previous = "grey80", main = "#FFC000", other = "grey80")

stage_items <- function(content, boxes, size) {
  unlist(lapply(names(content$stages), function(stage) {
    rows <- stage_rows(content, stage)
    if (!length(rows)) return(NULL)
    top <- size$top[min(rows)]
    bottom <- size$top[max(rows)] - size$rows[max(rows)]
    list(item_rect(c(0, bottom, 2.2 * size$em, top), stage_colours[[content$template]], "black"),
         item_text(1.1 * size$em, (top + bottom) / 2, content$stages[[stage]], size$pt, rot = 90, font = 2L,
                   role = "stage"))
  }), recursive = FALSE)
}

head_lanes <- list(previous = "previous", main = c("main", "side"), other = c("other", "other_side"))

head_sizes <- function(content, lanes, pt) {
  if (!length(content$heads)) return(list(height = 0))
  em <- pt / 72
  span <- t(vapply(names(content$heads), function(name) {
    own <- intersect(head_lanes[[name]], colnames(lanes))
    c(min(lanes["left", own]), max(lanes["right", own]))
  }, c(0, 0)))
  words <- lapply(seq_along(content$heads), function(i) {
    wrapped_labels(content$heads[[i]], span[i, 2L] - span[i, 1L] - 1.2 * em, pt, 2L)
  })
  box <- max(vapply(words, `[[`, 0, "height")) + 1.2 * em
  list(span = span, words = words, box = box, height = box + 1.2 * em)
}

head_items <- function(content, size) {
  unlist(lapply(seq_along(content$heads), function(i) {
    span <- size$heads$span[i, ]
    list(item_rect(c(span[1L], -size$heads$box, span[2L], 0), head_colours[[names(content$heads)[i]]], "black"),
         label_item(size$heads$words[[i]], 1L, mean(span), -size$heads$box / 2, size$pt, hjust = 0.5, font = 2L,
                    role = "head"))
  }), recursive = FALSE)
}
