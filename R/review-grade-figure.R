# Owns GRADE's tables as figures: columns of wrapped cells between rules, the signs of certainty drawn as shapes, so
# that no device needs a font that has them.

#' @rdname grade_profile
#' @param fontsize size of the text in points, by default 9; columns follow it.
#' @param draw draw the figure? `FALSE` only returns it.
#' @export
plot.metaparity_grade <- function(x, fontsize = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  named_dots(character(), call, ...)
  style <- page_style(fontsize, call = call)
  if (!is.null(lang)) x$lang <- check_language(lang, call = call)
  figure <- with_language(x$lang, new_page_figure("metaparity_grade_figure", grade_cells(x), style))
  present(as.data.frame(x), figure, draw, x$lang, call)
}

#' @exportS3Method page_block metaparity_grade_figure
page_block.metaparity_grade_figure <- function(figure, scale) {
  t <- figure$content
  pt <- figure$style$pt * scale
  em <- pt / 72
  size <- grade_sizes(t, pt)
  rows <- unlist(lapply(seq_len(nrow(t$cells)), function(i) grade_row_items(t, size, i)), recursive = FALSE)
  body <- list(items = c(grade_head_items(t, size), rows, grade_rules(t, size)), width = size$width,
               height = size$head + sum(size$high))
  room <- if (is.null(t$set)) body$width else Inf
  if (length(t$notes)) {
    part <- key_block(t$notes, room, pt)
    body$items <- c(body$items, shift_items(part$items, 0, -body$height - 0.6 * em))
    body$height <- body$height + 0.6 * em + part$height
  }
  out <- padded_block(titled_block(body, t$title, pt, room), em)
  out$settled <- settled_lines(t, size, room, pt)
  out
}

# The texts in the lines that they were set in: another device's letters, a little wider, break none of them anew.
settled_lines <- function(t, size, room, pt) {
  spans <- vapply(size$spans$words, `[[`, "", "text")
  t$heads[size$shown] <- vapply(size$heads, `[[`, "", "text")
  t$cells[, size$shown] <- vapply(size$cells, `[[`, character(nrow(t$cells)), "text")
  t$spans[size$shown] <- rep(spans, size$spans$lengths)
  if (length(t$notes)) t$notes <- wrapped_labels(t$notes, room, pt)$text
  if (length(t$title)) t$title <- wrapped_labels(t$title, room, 1.2 * pt, 2L)$text
  c(t[intersect(c("heads", "cells", "spans", "notes", "title"), names(t))], set = TRUE)
}

# Columns that say nothing are left out; the others are as wide as given in em, or narrower where all cells are.
grade_sizes <- function(t, pt) {
  em <- pt / 72
  if (!is.null(t$set)) t$widths[] <- Inf
  shown <- which(colSums(matrix(nzchar(t$cells), nrow(t$cells))) > 0L | seq_along(t$heads) == t$signs)
  room <- t$widths[shown] * em
  pad <- 0.8 * em
  heads <- Map(function(text, w) wrapped_labels(text, w, pt, 2L), t$heads[shown], room)
  cells <- lapply(seq_along(shown), function(j) wrapped_labels(t$cells[, shown[j]], room[j], pt))
  wide <- vapply(seq_along(shown), function(j) max(heads[[j]]$width, cells[[j]]$width), 0)
  wide[shown == t$signs] <- max(wide[shown == t$signs], 4.4 * em)
  spans <- rle(t$spans[shown])
  spans$end <- cumsum(spans$lengths)
  spans$words <- Map(function(text, end, n) {
    own <- seq(end - n + 1L, end)
    wrapped_labels(text, if (is.null(t$set)) sum(wide[own]) + (n - 1L) * pad else Inf, pt, 2L)
  }, spans$values, spans$end, spans$lengths)
  above <- max(0, vapply(spans$words, function(w) if (nzchar(w$text)) w$height + 0.7 * em else 0, 0))
  high <- vapply(seq_len(nrow(t$cells)), function(i) {
    signs <- if (is.na(t$level[i])) 0 else 1.4 * em
    max(vapply(seq_along(shown), function(j) cells[[j]]$height[i] + if (shown[j] == t$signs) signs else 0, 0))
  }, 0) + 0.9 * em
  right <- cumsum(wide + pad)
  list(pt = pt, em = em, shown = shown, wide = wide, left = right - wide - pad + pad / 2, pad = pad, heads = heads,
       cells = cells, spans = spans, above = above, high = high, width = max(right),
       head = above + max(vapply(heads, `[[`, 0, "height")) + 0.9 * em)
}

grade_head_items <- function(t, size) {
  em <- size$em
  heads <- lapply(seq_along(size$shown), function(j) {
    label_item(size$heads[[j]], 1L, size$left[j], -size$head + 0.45 * em, size$pt, vjust = 0, font = 2L, role = "head")
  })
  spans <- lapply(which(nzchar(size$spans$values)), function(i) {
    end <- size$spans$end[i]
    start <- end - size$spans$lengths[i] + 1L
    x <- c(size$left[start], size$left[end] + size$wide[end])
    list(label_item(size$spans$words[[i]], 1L, mean(x), -0.35 * em, size$pt, hjust = 0.5, vjust = 1, font = 2L,
                    role = "head"),
         item_line(x, rep(-size$above + 0.05 * em, 2L), lwd = 0.6))
  })
  c(heads, unlist(spans, recursive = FALSE))
}

grade_row_items <- function(t, size, i) {
  top <- -size$head - sum(size$high[seq_len(i - 1L)]) - 0.45 * size$em
  unlist(lapply(seq_along(size$shown), function(j) {
    lower <- if (size$shown[j] == t$signs && !is.na(t$level[i])) 1.4 * size$em else 0
    signs <- if (lower > 0) sign_items(t$level[i], size$left[j], top - 0.5 * size$em, size$em)
    text <- if (nzchar(size$cells[[j]]$text[i])) {
      list(label_item(size$cells[[j]], i, size$left[j], top - lower, size$pt, vjust = 1, role = "cell"))
    }
    c(signs, text)
  }), recursive = FALSE)
}

# Circles with a cross for the levels there are, open ones for the rest.
sign_items <- function(level, left, y, em) {
  radius <- 0.44 * em
  unlist(lapply(1:4, function(n) {
    x <- left + radius + (n - 1) * 1.05 * em
    ring <- list(item_disc(x, y, radius, NA))
    if (n > level) return(ring)
    c(ring, list(item_line(x + c(-1, 1) * radius, c(y, y)), item_line(c(x, x), y + c(-1, 1) * radius)))
  }), recursive = FALSE)
}

# Rules over and under the head, above each outcome, and at the end.
grade_rules <- function(t, size) {
  below <- -size$head - c(0, cumsum(size$high))
  at <- c(0, below[c(which(t$first), length(below))])
  lwd <- c(1.2, 1, rep(0.4, max(0L, sum(t$first) - 1L)), 1.2)
  Map(function(y, w) item_line(c(0, size$width), c(y, y), lwd = w), at, rep_len(lwd, length(at)))
}
