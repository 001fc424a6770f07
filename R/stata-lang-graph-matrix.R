# graph matrix: every variable against every other, in one figure of cells.
# Source: Stata's Graphics manual, graph matrix. Oracle: where the points of a cell lie.

matrix_graph_options <- c(half = "half", jitter = "jit", jitterseed = "jitters", diagonal = "diag", maxes = "max",
                          mcolor = "mc", msymbol = "ms", msize = "msiz")

# graph matrix x y z [if] [in] [, half msymbol() mcolor() msize() title() name()]
draw_matrix_graph <- function(text, session) {
  command <- parse_command(paste("matrix", text))
  o <- command_options(command, c(matrix_graph_options, whole_options), weights = c("aweight", "fweight", "pweight"))
  for (word in intersect(names(o), c("jitter", "jitterseed", "diagonal", "maxes"))) warn_looks(word, command)
  style <- session$graph_style <- scheme_style(c(o$scheme, session$scheme)[1L])
  vars <- expand_varlist(command$rest, session, 2L, 30L)
  rows <- selected_rows(command, session)
  x <- lapply(session$data[vars], function(v) numeric_operand(v)[rows])
  if (!any(Reduce(`&`, lapply(x, function(v) !is.na(v))))) abort_stata("no observations", 2000L)
  names <- vapply(vars, series_title, "", session = session)
  keep_figure(matrix_figure(x, names, o, style), o, session)
}

matrix_figure <- function(x, names, o, style) {
  k <- length(x)
  scaled <- lapply(x, cell_scale)
  look <- matrix_mark(o, style, sum(!is.na(x[[1L]])))
  cells <- expand.grid(row = seq_len(k), col = seq_len(k))
  if (!is.null(o$half)) cells <- cells[cells$row >= cells$col, ]
  layers <- lapply(seq_len(nrow(cells)), function(i) matrix_cell(cells$row[i], cells$col[i], k, scaled, names, look,
                                                                 style))
  # Ticks of the columns below, those of the rows at the left; names stand on the diagonal.
  ticks <- function(places) {
    new_axis(c(0, k), unlist(Map(function(i, p) p + scaled[[i]]$ticks, seq_len(k), places)),
             unlist(lapply(scaled, function(s) style$format_tick(s$values))), NULL, crowded = "thin")
  }
  style$frame <- "none"
  style$size <- c(max(5, 1.3 * k), max(4.2, 1.2 * k))
  style$point_cex <- 1
  finish_figure(unlist(layers, recursive = FALSE), ticks(seq_len(k) - 1), ticks(k - seq_len(k)), o, NULL, style)
}

# Values in a cell of width 1, and three round ticks.
cell_scale <- function(v) {
  ends <- range(v, na.rm = TRUE)
  if (ends[1L] == ends[2L]) ends <- ends + c(-0.5, 0.5)
  values <- pretty(ends, 3L)
  values <- values[values >= ends[1L] & values <= ends[2L]]
  place <- function(u) 0.08 + 0.84 * (u - ends[1L]) / (ends[2L] - ends[1L])
  list(at = place(v), ticks = place(values), values = values)
}

matrix_mark <- function(o, style, n) {
  symbol <- stata_symbol(o$msymbol, style$pch)
  list(col = stata_colour(o$mcolor, style$group_col[1L]), pch = symbol$pch,
       cex = symbol$cex * (if (n > 500L) 0.35 else if (n > 100L) 0.55 else 0.8) * stata_size(o$msize))
}

matrix_cell <- function(row, col, k, scaled, names, look, style) {
  left <- col - 1
  below <- k - row
  box <- layer_line(left + c(0, 1, 1, 0, 0), below + c(0, 0, 1, 1, 0), style$axis_col, 1)
  if (row == col) {
    return(list(box, layer_words(left + 0.5, below + 0.5, paste(strwrap(names[row], 14L), collapse = "\n"),
                                 style$text_col)))
  }
  x <- scaled[[col]]$at
  y <- scaled[[row]]$at
  use <- !is.na(x) & !is.na(y)
  list(box, layer_points(left + x[use], below + y[use], look$pch, look$cex, look$col, style$point_bg))
}
