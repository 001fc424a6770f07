# Owns where things stand across a forest plot: the left block, the panel and the right block, and the columns in them.

# The panel takes what the rest leaves, within the style's bounds; beside it there is room for the blocks and for half a
# tick label.
place_across <- function(plan, width) {
  by_hand <- place_by_hand(plan, width)
  if (!is.null(by_hand)) return(by_hand)
  em <- plan$em
  columns <- plan$columns
  margin <- plan$style$margin * em
  gap <- plan$style$gap * em
  common <- plan$options$widths$sides
  least <- if (is.null(common)) least_sides(plan) else pmax(least_sides(plan), common)
  panel <- panel_width(plan$style$panel, em, width - 2 * margin - sum(least))
  left <- margin + least[1L]
  total <- max(left + panel + least[2L], margin + widest_math(plan))
  x <- list(margin = margin, left = left, right = left + panel, gap = gap, total = total + margin,
            columns_right = left + panel + least[2L] - columns$right_width)
  x$starts <- column_starts(plan, x)
  x
}

# What the panel needs beside it: the columns, or half a tick label.
least_sides <- function(plan) {
  gap <- plan$style$gap * plan$em
  block <- c(plan$columns$left_width, plan$columns$right_width)
  pmax(ifelse(block > 0, block + gap, 0), 2 * plan$em)
}

panel_width <- function(bounds, em, room) {
  if (is.na(room)) bounds$natural * em else min(max(room, bounds$least * em), bounds$most * em)
}

# Plotmath is not wrapped: titles and notes need its width.
widest_math <- function(plan) {
  text <- c(plan$options$main, plan$options$note, plan$options$xlab)
  text <- text[is_math(text)]
  max(0, plan$measure(text, 2L, FALSE, plan$style$main_size))
}

column_starts <- function(plan, x) {
  gap <- plan$style$gap * plan$em
  width <- function(columns) vapply(columns, `[[`, 0, "width")
  starts <- function(from, width) from + cumsum(c(0, width + gap))[seq_along(width)]
  c(starts(x$margin, width(plan$columns$left)), starts(x$columns_right, width(plan$columns$right)))
}

# Position of a value in the panel.
panel_x <- function(value, plan, x) {
  lim <- plan$axis$lim
  x$left + (value - lim[1L]) / diff(lim) * (x$right - x$left)
}

# ---- metafor's ilab.xpos ------------------------------------------------------------------------

# Texts at given user coordinates: columns at `ilab.xpos`, labels and annotation at the ends of `xlim`, or at `textpos`.
# The scale, inches per unit of the axis, is the least with which nothing touches its neighbour; NULL where none of a
# sensible size is found.
place_by_hand <- function(plan, width) {
  at <- plan$options$ilab.xpos
  all <- c(plan$columns$left, plan$columns$right)
  hand <- which(vapply(all, function(column) identical(column$kind, "ilab"), NA))
  if (is.null(at) || !length(hand)) hand <- integer()
  if (!length(hand) && is.null(plan$options$xlim) && is.null(plan$options$textpos)) return(NULL)
  if (length(hand) && length(at) != length(hand)) {
    abort_input("ilab.xpos", sprintf("must have one position for each of the %d columns, not %d", length(hand),
                                     length(at)))
  }
  boxes <- hand_boxes(plan, all, hand, at[seq_along(hand)])
  scale <- hand_scale(plan, boxes, width)
  if (is.null(scale)) {
    if (isTRUE(plan$options$default_places)) return(NULL)
    inform("At no scale do the texts fit where `ilab.xpos` and `xlim` put them; they stand side by side.", "unused")
    return(NULL)
  }
  hand_result(plan, all, hand, boxes, scale)
}

# text(pos = 4) and text(pos = 2) stand half a line beside their coordinate, in inches, and so do labels and annotation.
text_offset <- 0.1

# Each thing across as its anchor in user coordinates and its reach in inches to both sides; anchors that are NA are
# free.
hand_boxes <- function(plan, all, hand, at) {
  ends <- function(value) if (is.null(value)) c(NA_real_, NA_real_) else range(value)
  xlim <- ends(plan$options$xlim)
  textpos <- ifelse(is.na(ends(plan$options$textpos)), xlim, ends(plan$options$textpos))
  n_left <- length(plan$columns$left)
  width <- vapply(all, `[[`, 0, "width")
  share <- c("2" = 1, "4" = 0)[as.character(rep_len(c(plan$options$ilab.pos, NA)[seq_along(at)], length(at)))]
  share[is.na(share)] <- 0.5
  gap <- plan$style$gap * plan$em
  others <- setdiff(seq_along(all), hand)
  left <- others[others <= n_left]
  right <- others[others > n_left]
  block <- function(index) sum(width[index]) + gap * max(0L, length(index) - 1L)
  list(label = left, right = right, width = width, share = unname(share), at = at, xlim = xlim, textpos = textpos,
       label_width = block(left), right_width = block(right), lim = plan$limits$lim, gap = gap, ink = inked_range(plan),
       over = max(block(right), vapply(all[right[1L][length(right) > 0L]], `[[`, 0, "head_width")))
}

# The part of the axis above which something is drawn: beside it texts may stand over the axis.
inked_range <- function(plan) {
  lim <- plan$limits$lim
  value <- c(unlist(plan$rows[c("est", "lo", "hi", "fit", "fit_lo", "fit_hi")], use.names = FALSE), plan$limits$null)
  value <- pmin(pmax(value[is.finite(value)], lim[1L]), lim[2L])
  if (length(value) && diff(range(value)) > 0) range(value) else lim
}

hand_scale <- function(plan, boxes, width) {
  # A block that begins or ends within the panel would lie on it.
  ink <- boxes$ink
  within <- c(boxes$textpos[1L] >= ink[1L] & boxes$textpos[1L] < ink[2L],
              boxes$textpos[2L] > ink[1L] & boxes$textpos[2L] <= ink[2L])
  if (any(within & c(boxes$label_width, boxes$right_width) > 0, na.rm = TRUE)) return(NULL)
  w <- boxes$width[setdiff(seq_along(boxes$width), c(boxes$label, boxes$right))]
  anchors <- c(boxes$textpos[1L], boxes$at, ink, boxes$textpos[2L])
  is_ink <- rep(c(FALSE, TRUE, FALSE), c(1L + length(boxes$at), 2L, 1L))
  off <- text_offset
  before <- c(0, w * boxes$share, 0, 0, boxes$right_width + off)
  after <- c(boxes$label_width + off, w * (1 - boxes$share), 0, 0, 0)
  known <- !is.na(anchors) & (c(boxes$label_width, w, 1, 1, boxes$right_width) > 0 | is_ink)
  scale <- least_scale(anchors[known], before[known], after[known], plan$em)
  # The heading of the annotation, which may begin over the panel, must not meet those of the left columns.
  before[length(before)] <- boxes$over + off
  known <- known & !is_ink
  scale <- max(scale, least_scale(anchors[known], before[known], after[known], plan$em))
  span <- diff(boxes$lim)
  bounds <- plan$style$panel
  if (!is.finite(scale) || scale * span > 4 * bounds$most * plan$em) return(NULL)
  wide <- if (is.na(width) || anyNA(boxes$xlim)) bounds$natural * plan$em / span else {
    min(filling_scale(boxes, width - 2 * plan$style$margin * plan$em, plan$em), bounds$most * plan$em / span)
  }
  max(scale, wide)
}

# Inches per unit with which the plot fills a width: the ends of texts, which stand within the margins by their offset,
# and the axis with half a tick label.
filling_scale <- function(boxes, room, em) {
  outer <- range(boxes$xlim, boxes$textpos, na.rm = TRUE)
  lim <- boxes$lim
  extent <- c(diff(outer), lim[2L] - outer[1L], outer[2L] - lim[1L], diff(lim))
  min((room + c(2, 1, 1, 0) * text_offset - c(0, 1, 1, 2) * em) / extent)
}

# Inches per unit with which neighbours that reach so far before and after their anchors stand apart. Who places texts
# by hand may set them nearer than the style does.
least_scale <- function(anchors, before, after, em) {
  if (length(anchors) < 2L) return(0)
  order <- order(anchors)
  need <- after[order][-length(order)] + before[order][-1L]
  max(ifelse(need > 0, (need + 0.5 * em) / diff(anchors[order]), 0))
}

hand_result <- function(plan, all, hand, boxes, scale) {
  margin <- plan$style$margin * plan$em
  w <- boxes$width[hand]
  edge <- boxes$at * scale - w * boxes$share
  off <- text_offset
  label <- boxes$textpos[1L] * scale + off
  if (is.na(label)) label <- min(edge, boxes$lim[1L] * scale) - boxes$gap - boxes$label_width
  anno <- boxes$textpos[2L] * scale - off
  if (is.na(anno)) anno <- max(edge + w, boxes$lim[2L] * scale) + boxes$gap + boxes$right_width
  # Half a tick label may stand beside the axis.
  from <- min(label, edge, boxes$xlim[1L] * scale + off, boxes$lim[1L] * scale - plan$em, na.rm = TRUE)
  to <- max(anno, edge + w, boxes$xlim[2L] * scale - off, boxes$lim[2L] * scale + plan$em, na.rm = TRUE)
  starts <- numeric(length(all))
  block <- function(index, at) at + cumsum(c(0, boxes$width[index] + boxes$gap))[seq_along(index)]
  starts[hand] <- edge
  starts[boxes$label] <- block(boxes$label, label)
  starts[boxes$right] <- block(boxes$right, anno - boxes$right_width)
  shift <- margin - from
  list(margin = margin, left = boxes$lim[1L] * scale + shift, right = boxes$lim[2L] * scale + shift, gap = boxes$gap,
       total = max(to + shift, margin + widest_math(plan)) + margin, columns_right = anno + shift - boxes$right_width,
       starts = starts + shift, by_hand = length(hand) > 0L, ilab = boxes$at * scale + shift,
       edges = if (anyNA(boxes$xlim)) c(margin - off, max(to + shift, margin) + off) else boxes$xlim * scale + shift)
}
