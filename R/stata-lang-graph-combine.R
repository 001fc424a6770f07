# graph combine with forest plots among the graphs: each is drawn as it is in a cell of the page, whose columns and rows
# are as large as what stands in them. Source: Stata's Graphics manual, graph combine.

combined_view <- function(graphs, columns, title) {
  rows <- ceiling(length(graphs) / columns)
  size <- vapply(graphs, graph_size, numeric(2L))
  column <- (seq_along(graphs) - 1L) %% columns + 1L
  row <- (seq_along(graphs) - 1L) %/% columns + 1L
  head <- if (length(title)) 0.4 * length(title) else 0
  structure(list(graphs = graphs, columns = columns, rows = rows, title = title, head = head,
                 page = combined_ground(graphs),
                 widths = as.numeric(tapply(size[1L, ], column, max)),
                 heights = as.numeric(tapply(size[2L, ], row, max))), class = "stata_combined")
}

# The background of the first graph that has one lies below the whole page.
combined_ground <- function(graphs) {
  for (graph in graphs) {
    if (inherits(graph$view, "stata_combined")) {
      if (!is.na(graph$view$page)) return(graph$view$page)
    } else if (!is_forest_view(graph$view)) return(c(figure_of(graph)$style$page, NA)[1L])
  }
  NA_character_
}

combined_size <- function(x) c(width = sum(x$widths), height = sum(x$heights) + x$head)

#' @rdname stata_plots
#' @export
plot.stata_combined <- function(x, ...) {
  old <- graphics::par("omi")
  on.exit({
    graphics::layout(1)
    graphics::par(omi = old)
  })
  page <- graphics::par("din")
  graphics::par(omi = c(0, 0, min(x$head, page[2L] / 4), 0))
  cells <- matrix(seq_len(x$rows * x$columns), x$rows, byrow = TRUE)
  cells[cells > length(x$graphs)] <- 0L
  graphics::layout(cells, x$widths, x$heights)
  ground_page(x$page)
  for (graph in x$graphs) draw_graph(graph)
  if (length(x$title)) graphics::mtext(paste(x$title, collapse = "\n"), outer = TRUE, line = 0.5, font = 2)
  invisible(x)
}

# Colours the whole page and leaves the first cell to be drawn.
ground_page <- function(colour) {
  if (is.na(colour)) return(invisible())
  graphics::par(mai = c(0, 0, 0, 0))
  graphics::plot.new()
  graphics::rect(graphics::grconvertX(0, "ndc"), graphics::grconvertY(0, "ndc"), graphics::grconvertX(1, "ndc"),
                 graphics::grconvertY(1, "ndc"), col = colour, border = NA, xpd = NA)
  graphics::par(new = TRUE, mfg = c(1L, 1L))
}

save_combined <- function(x, file, dpi) {
  size <- combined_size(x)
  open_figure_device(file, size[["width"]], size[["height"]], dpi)
  device <- grDevices::dev.cur()
  on.exit(if (device %in% grDevices::dev.list()) grDevices::dev.off(device))
  withCallingHandlers(plot(x), metaparity_message_scaled = function(m) invokeRestart("muffleMessage"))
  grDevices::dev.off(device)
  check_written(file)
}
