# Owns forest plots over several pages: a layout cut between its lines, each part with the header above and the axis
# below. Pure data in, pure data out, as the layout itself.

# Parts that are at most `most` inches high; the layout itself where it fits or cannot be cut.
forest_pages <- function(layout, most) {
  if (layout$height <= most) return(list(layout))
  gap <- 0.4 * layout$pitch
  cuts <- page_cuts(layout, most - (layout$height - body_height(layout)) - gap)
  lapply(seq_len(length(cuts) - 1L), function(i) {
    cut_layout(layout, cuts[i + 1L], cuts[i], if (i > 1L) gap else 0, last = i == length(cuts) - 1L)
  })
}

body_height <- function(layout) layout$panel[["top"]] - layout$panel[["bottom"]]

# Heights at which the body is cut, from its top to its bottom, so that no part is higher than `room`. A cut lies above
# a study or a heading; with no room for ten lines the body stays whole.
page_cuts <- function(layout, room) {
  ends <- c(layout$panel[["top"]], layout$panel[["bottom"]])
  if (room < 10 * layout$pitch) return(ends)
  high <- layout$lines$y + layout$lines$height / 2
  low <- layout$lines$y - layout$lines$height / 2
  type <- layout$rows$type[layout$lines$row]
  heads <- c(FALSE, type[-length(type)] %in% "heading")
  open <- which(type %in% c("study", "filled", "excluded", "heading") & !heads)[-1L]
  at <- (high[open] + low[open - 1L]) / 2
  # A page of four lines less is better than a subgroup that begins at its foot.
  bonus <- ifelse(type[open] == "heading", 4 * layout$pitch, 0)
  target <- -diff(ends) / ceiling(-diff(ends) / room)
  cuts <- ends[1L]
  while (cuts[length(cuts)] - ends[2L] > room) {
    from <- cuts[length(cuts)]
    possible <- which(at < from - 1e-6 & at >= from - room)
    if (!length(possible)) return(ends)
    cuts <- c(cuts, at[possible[which.min(abs(from - at[possible] - target) - bonus[possible])]])
  }
  c(cuts, ends[2L])
}

# The part of the body between the heights `low` and `high`, `gap` below the header. Marks that cross the body (the line
# of no effect) are clipped.
cut_layout <- function(layout, low, high, gap, last) {
  bottom <- layout$panel[["bottom"]]
  lost <- body_height(layout) - (high - low) - gap
  place <- function(y) {
    head <- y >= layout$panel[["top"]] - 1e-6
    foot <- y <= bottom + 1e-6
    inside <- pmin(pmax(y, low), high) - low + bottom
    list(y = ifelse(head, y - lost, ifelse(foot, y, inside)), kept = head | foot | (y >= low & y <= high))
  }
  texts <- place(layout$texts$y)
  texts$kept <- texts$kept & (last | layout$texts$role != "note")
  layout$runs$y <- layout$runs$y + (texts$y - layout$texts$y)[layout$runs$id]
  layout$runs <- layout$runs[texts$kept[layout$runs$id], , drop = FALSE]
  layout$runs$id <- cumsum(texts$kept)[layout$runs$id]
  layout$texts$y <- texts$y
  layout$texts <- layout$texts[texts$kept, , drop = FALSE]
  for (name in c("rects", "segments")) layout[[name]] <- cut_marks(layout[[name]], place, low, high)
  polygon <- stats::ave(layout$polygons$y, layout$polygons$id)
  kept <- place(polygon)$kept
  layout$polygons$y <- layout$polygons$y + place(polygon)$y - polygon
  layout$polygons <- layout$polygons[kept, , drop = FALSE]
  layout$lines <- layout$lines[layout$lines$y >= low & layout$lines$y <= high, , drop = FALSE]
  layout$lines$y <- place(layout$lines$y)$y
  layout$panel["top"] <- layout$panel[["top"]] - lost
  layout$height <- layout$height - lost
  layout
}

# A mark stays if any of it lies in the part; what stands at one height keeps its shape.
cut_marks <- function(marks, place, low, high) {
  from <- place(marks$y0)
  to <- place(marks$y1)
  middle <- (marks$y0 + marks$y1) / 2
  small <- abs(marks$y1 - marks$y0) < high - low
  centre <- place(middle)
  crosses <- !small & pmin(marks$y0, marks$y1) < high & pmax(marks$y0, marks$y1) > low
  half <- (marks$y1 - marks$y0) / 2
  marks$y0 <- ifelse(small, centre$y - half, from$y)
  marks$y1 <- ifelse(small, centre$y + half, to$y)
  marks[ifelse(small, centre$kept, crosses | (from$kept & to$kept)), , drop = FALSE]
}
