# Owns figures made of several figures on one page: a grid of cells, each laid out as a page of its own. After drawing,
# the plot region is that of the cell named by `main`, so that later text() and abline() calls go there.

# figures: a list, drawn row by row; columns: their number. The page is as large as its cells.
new_panels <- function(figures, columns, style, data = NULL, title = NULL, main = length(figures)) {
  rows <- ceiling(length(figures) / columns)
  cell <- c(max(vapply(figures, function(f) f$size[1L], 0)), max(vapply(figures, function(f) f$size[2L], 0)))
  structure(list(figures = figures, columns = columns, rows = rows, title = translate(title), style = style,
                 data = data,
                 main = main, size = c(columns, rows) * cell + c(0, if (is.null(title)) 0 else 0.4)),
            class = c("metaparity_panels", "metaparity_figure"))
}

#' @exportS3Method figure_layout metaparity_panels
figure_layout.metaparity_panels <- function(figure, width, height) {
  title <- panels_title(figure, width, height)
  head <- title$depth
  cell <- c(width / figure$columns, (height - head) / figure$rows)
  parts <- lapply(seq_along(figure$figures), function(i) {
    column <- (i - 1L) %% figure$columns
    row <- (i - 1L) %/% figure$columns
    move_layout(figure_layout(figure$figures[[i]], cell[1L], cell[2L]), column * cell[1L],
                height - head - (row + 1) * cell[2L],
                 width, height)
  })
  parts[[1L]]$items <- c(parts[[1L]]$items, title$items)
  last <- parts[[figure$main]]
  parts <- c(parts[-figure$main], list(last))
  parts[[1L]]$items <- c(list(item_rect(c(0, 0, width, height), figure$style$page)), parts[[1L]]$items)
  out <- last
  out$parts <- parts
  out$items <- unlist(lapply(parts, `[[`, "items"), recursive = FALSE)
  out$scale <- min(vapply(parts, `[[`, 0, "scale"))
  out
}

# The title over all panels in the largest type in which its lines take a fifth of the page at most, and its depth.
panels_title <- function(figure, width, height) {
  if (is.null(figure$title)) return(list(depth = 0, items = list()))
  style <- figure$style
  for (scale in text_scales) {
    pt <- style$pt_title * scale
    words <- wrap_lines(figure$title, width - 2 * style$pad, pt, style$font_title)
    depth <- text_extent(words, pt, style$font_title)[2L] * 1.4
    if (depth <= max(0.2 * height, 0.08)) break
  }
  list(depth = depth, items = list(item_text(width / 2, height - depth / 2, words, pt, font = style$font_title,
                                             col = style$text_col, role = "title")))
}

# A layout made for a page of its own, moved onto a larger page.
move_layout <- function(layout, dx, dy, width, height) {
  layout$items <- lapply(layout$items, function(item) {
    if (item$type == "points") {
      item$data$x <- item$data$x + dx
      item$data$y <- item$data$y + dy
      return(item)
    }
    item$x <- item$x + dx
    item$y <- item$y + dy
    if (!is.null(item$box)) item$box <- item$box + c(dx, dy, dx, dy)
    item
  })
  layout$panel <- layout$panel + c(dx, dy, dx, dy)
  layout$width <- width
  layout$height <- height
  layout
}
