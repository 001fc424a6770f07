# graph bar, graph hbar, graph box, graph hbox, graph dot, graph pie, histogram as a command.
# Source: Stata's Graphics manual, graph bar, graph box; Tukey's boxes with adjacent values at 1.5 interquartile ranges.

bar_options <- c(over = "ov", ascategory = "asc", asyvars = "asy", stack = "stack", percentages = "per",
                 blabel = "blab",
                 bar = "bar", nofill = "nof", missing = "miss", cw = "cw", outergap = "outer", bargap = "barg",
                 intensity = "inten",
                 lintensity = "linten", yvaroptions = "yvar", showyvars = "showy", noyalternate = "noya",
                 medtype = "medt",
                 box = "box", noout = "noout", nooutsides = "noout", marker = "mark", legend = "leg",
                 exclude0 = "excl", line = "line",
                 linetype = "linet", vertical = "vert")

draw_bars <- function(text, session, kind) {
  overs <- over_wishes(text)
  command <- parse_command(paste("bar", text))
  o <- command_options(command, c(bar_options, whole_options[setdiff(names(whole_options), "legend")]),
                       weights = c("aweight", "fweight", "pweight"))
  for (bad in intersect(names(o), c("stack", "percentages", "by"))) abort_unsupported(sprintf("option %s of graph bar",
      bad))
  session$graph_style <- scheme_style(c(o$scheme, session$scheme)[1L])
  rows <- selected_rows(command, session)
  groups <- over_groups(overs, rows, session)
  wide <- startsWith(kind, "h") || kind == "dot"
  figure <- if (kind %in% c("box", "hbox")) box_figure(expand_varlist(command$rest, session, 1L), groups, o, session,
                                                       wide) else
    bar_figure(command, groups, o, session, kind, wide)
  keep_figure(figure, o, session)
}

# The variables of over(): the first changes fastest.
over_wishes <- function(text) {
  hits <- regmatches(text, gregexpr("over\\(([[:alpha:]_][[:alnum:]_]*)", text))[[1L]]
  sub("^over\\(", "", hits)
}

over_groups <- function(overs, rows, session) {
  if (!length(overs)) return(list(rows = list(rows), label = ""))
  overs <- vapply(overs, find_stata_variable, "", session = session)
  rows <- rows[!Reduce(`|`, lapply(session$data[overs], function(x) is_missing(x[rows])))]
  if (!length(rows)) abort_stata("no observations", 2000L)
  groups <- groups_of(rev(overs), rows, session)
  label <- vapply(groups, function(g) paste(vapply(overs, function(v) shown_value(v, session, g[1L]), ""),
                                            collapse = "\n"), "")
  list(rows = groups, label = label)
}

bar_figure <- function(command, groups, o, session, kind, wide) {
  wishes <- if (nrow(command$rest)) bar_wishes(command$rest,
                                               session) else list(list(stat = "count", target = "frequency",
                                                   source = NA))
  style <- session$graph_style
  weight <- if (!is.null(command$weight)) evaluate_column(command$weight$tokens, session)
  value <- vapply(wishes, function(w) vapply(groups$rows, function(g) {
    if (is.na(w$source)) return(as.numeric(length(g)))
    as.numeric(group_statistic(w$stat, session$data[[w$source]][g], weight[g], command$weight$kind))
  }, 0), numeric(length(groups$rows)))
  value <- matrix(value, length(groups$rows))
  k <- ncol(value)
  step <- k + 0.7
  centre <- outer((seq_len(nrow(value)) - 1) * step, seq_len(k), `+`)
  layers <- unlist(lapply(seq_len(k), function(j) lapply(seq_len(nrow(value)), function(i) {
    if (is.na(value[i, j])) return(NULL)
    x <- centre[i, j] + c(-0.5, 0.5, 0.5, -0.5)
    col <- style$group_col[(j - 1L) %% length(style$group_col) + 1L]
    if (kind == "dot") layer_points(centre[i, j], value[i, j], 19, 1, col)
    else layer_polygon(x, c(0, 0, value[i, j], value[i, j]), col)
  })), recursive = FALSE)
  names <- vapply(wishes, function(w) if (is.na(w$source)) "frequency" else sprintf("%s of %s", w$stat, w$source), "")
  bar_frame(Filter(Negate(is.null), layers), c(0, value), rowMeans(centre), groups$label, names, style, o, session,
            wide)
}

bar_wishes <- function(tokens, session) {
  words <- glued_words(tokens)
  if (all(words %in% c("(count)", "(percent)"))) abort_unsupported("graph bar (count) without variables")
  collapse_wishes(tokens, session)
}

# The category axis has the groups, the other the values.
bar_frame <- function(layers, values, at, labels, names, style, o, session, wide) {
  values <- values[is.finite(values)]
  ticks <- read_ticks(o$ylabel, values, FALSE)
  limits <- range(values, ticks$at)
  if (limits[1L] == limits[2L]) limits <- limits + c(0, 1)
  y <- new_axis(expand_limits(limits, c(0.02)), ticks$at,
                if (is.null(ticks$labels)) format_tick_stata(ticks$at) else ticks$labels,
                if (!is.null(o$ytitle)) graph_words_of(o$ytitle) else if (length(names) == 1L) names,
                grid = !is.na(style$grid_col))
  half <- if (length(at) > 1L) min(diff(sort(at))) / 2 else 1
  x <- new_axis(range(at) + c(-half, half) * 1.05, at, labels, crowded = "shrink", ticks = FALSE)
  legend <- if (length(names) > 1L) Map(function(n, i) legend_fill(n,
                                                                   style$group_col[(i -
                                                                       1L) %% length(style$group_col) + 1L]), names,
                                        seq_along(names), USE.NAMES = FALSE)
  if (!is.null(o$legend)) {
    entries <- list(list(legend = if (is.null(legend)) list() else legend))
    legend <- twoway_legend(entries, list(legend = o$legend), style)
  }
  figure <- finish_figure(layers, x, y, o, legend, style)
  if (!wide) return(figure)
  out <- turned_figure(figure)
  out$y$limits <- rev(out$y$limits)
  out$y$horizontal <- TRUE
  out
}

box_figure <- function(vars, groups, o, session, wide) {
  style <- session$graph_style
  k <- length(vars)
  layers <- list()
  values <- numeric()
  n <- length(groups$rows)
  centre <- outer((seq_len(n) - 1) * (k + 0.7), seq_len(k), `+`)
  for (j in seq_len(k)) for (i in seq_len(n)) {
    x <- numeric_operand(session$data[[vars[j]]])[groups$rows[[i]]]
    x <- x[!is.na(x)]
    if (!length(x)) next
    values <- c(values, x)
    col <- style$group_col[(j - 1L) %% length(style$group_col) + 1L]
    layers <- c(layers, box_layers(x, centre[i, j], col, !any(c("noout", "nooutsides") %in% names(o)), wide))
  }
  bar_frame(layers, values, rowMeans(centre), groups$label, vapply(vars, series_title, "", session = session), style,
            o, session, wide)
}

box_layers <- function(x, at, col, outside, wide) {
  q <- vapply(c(25, 50, 75), function(p) stata_percentile(x, p), 0)
  reach <- 1.5 * (q[3L] - q[1L])
  low <- min(x[x >= q[1L] - reach])
  high <- max(x[x <= q[3L] + reach])
  out <- x[x < q[1L] - reach | x > q[3L] + reach]
  line <- function(a, b) layer_line(a, b, "#1E2D53", 1)
  w <- 0.35
  c(list(layer_polygon(at + w * c(-1, 1, 1, -1), q[c(1, 1, 3, 3)], col, "#1E2D53"),
         layer_line(at + w * c(-1, 1), q[c(2, 2)], "white", 1.6),
         line(c(at, at), c(q[3L], high)), line(c(at, at), c(low, q[1L])), line(at + w / 2 * c(-1, 1), c(high, high)),
         line(at + w / 2 * c(-1, 1), c(low, low))),
    if (outside && length(out)) list(layer_points(rep(at, length(out)), out, 19, 0.9, col)))
}

# ---- graph -------------------------------------------------------------------------------------

# graph twoway|bar|box|... and what handles graphs: export, save, combine, display, use, drop, rename, dir.
run_graph <- function(text, session, statement) {
  word <- leading_word(text)
  rest <- trimws(substring(text, nchar(word) + 1L))
  kinds <- c(twoway = "tw", bar = "bar", hbar = "hbar", box = "box", hbox = "hbox", dot = "dot", export = "exp",
             save = "sa",
             combine = "comb", display = "di", use = "u", drop = "drop", rename = "ren", dir = "dir", close = "close",
             set = "set",
             copy = "copy", describe = "des", query = "q", print = "pr", matrix = "mat", pie = "pie", play = "play")
  what <- match_option(word, kinds)
  switch(if (is.na(what)) "" else what,
    twoway = run_twoway(rest, session, statement), bar = , hbar = , box = , hbox = ,
    dot = draw_bars(rest, session, what),
    export = export_graph(rest, session), save = save_gph(sub("^Graph\\s+(?=\\S)", "", rest, perl = TRUE), session),
    combine = combine_graphs(rest, session), display = , use = display_graph(rest, session),
    drop = drop_graphs(rest, session),
    rename = rename_graph(rest, session), copy = rename_graph(rest, session, TRUE), close = , set = invisible(),
    dir = emit(session, in_columns(sort(names(session$named_graphs)), session$linesize)),
    {
      if (word %in% names(plot_types) || !is.na(match_option(word, plot_types))) return(draw_twoway(text, session,
          NULL))
      abort_unsupported(paste("graph", word))
    })
  invisible()
}

display_graph <- function(text, session) {
  name <- plain_words(sub(",.*$", "", text))[1L]
  if (is.na(name)) {
    if (!length(session$graphs)) abort_stata("no graph", 198L)
    graph <- session$graphs[[length(session$graphs)]]
  } else graph <- find_graph(name, session)
  session$graphs <- c(session$graphs, list(graph))
  add_item(session$record, list(kind = "graph", lines = length(session$graphs)))
  if (is.function(session$draw)) session$draw(graph)
}

drop_graphs <- function(text, session) {
  names <- plain_words(text)
  if ("_all" %in% names) return(invisible(session$named_graphs <- list()))
  for (n in names) find_graph(n, session)
  session$named_graphs[names] <- NULL
}

rename_graph <- function(text, session, copy = FALSE) {
  words <- plain_words(sub(",.*$", "", text))
  if (length(words) == 1L) words <- c("Graph", words)
  graph <- find_graph(words[1L], session)
  session$named_graphs[[words[2L]]] <- graph
  if (!copy) session$named_graphs[[words[1L]]] <- NULL
}

# graph export file [, replace width(#) height(#) as(pdf) name()]: pixels of png and tif, inches of the others.
export_graph <- function(text, session) {
  if (!grepl("^[`\"]", text)) text <- sub("^([^,]+?)\\s*(,.*)?$", "\"\\1\"\\2", text, perl = TRUE)
  command <- parse_command(paste("export", text))
  o <- command_options(command, c(replace = "replace", width = "wid", height = "hei", as = "as", name = "name",
                                  quality = "qual",
                                  logo = "logo", fontface = "font", orientation = "orient", mag = "mag", cmyk = "cmyk",
                                  pagesize = "page", pagewidth = "pagew", pageheight = "pageh", tmargin = "tmarg",
                                  lmargin = "lmarg", preview = "prev", baselineshift = "base"))
  if (!length(session$graphs)) abort_stata("no graph to export", 198L)
  graph <- if (is.null(o$name)) session$graphs[[length(session$graphs)]] else find_graph(o$name, session)
  shown <- with_extension(command$rest$text[1L], if (is.null(o$as)) "png" else o$as)
  if (tolower(sub("^.*[.]", "", shown)) %in% c("wmf", "gif")) {
    abort_unsupported(sprintf("graph export to %s", tolower(sub("^.*[.]", "", shown))))
  }
  file <- check_kind(session_path(shown, session), "graph")
  if (file.exists(file) && is.null(o$replace)) abort_stata(sprintf("file %s already exists", shown), 602L)
  if (tolower(tools::file_ext(file)) == "emf") export_emf(graph, file) else
    save_graph(graph, file, export_dpi(graph, o, shown))
  emit(session, sprintf("(file %s written in %s format)", shown, toupper(tools::file_ext(file))))
}

# A metafile holds the figure as a bitmap.
export_emf <- function(graph, file) {
  bitmap <- tempfile(fileext = ".bmp")
  on.exit(unlink(bitmap))
  save_graph(graph, bitmap, 200)
  size <- graph_size(graph)
  check_writable(file)
  write_emf(bitmap, file, size[[1L]], size[[2L]])
}

# The resolution at which the figure is as many pixels wide or high as was asked for.
export_dpi <- function(graph, o, file) {
  bitmap <- tolower(sub("^.*[.]", "", file)) %in% c("png", "tif", "tiff", "jpg", "jpeg")
  pixels <- c(pixel_option(o$width), pixel_option(o$height))
  if (!bitmap || all(is.na(pixels))) return(300)
  size <- graph_size(graph)
  min(max(c(pixels[1L] / size[1L], pixels[2L] / size[2L]), na.rm = TRUE), 5000)
}

# Pixels; sizes of the vector formats may be in inches, which have no pixels.
pixel_option <- function(text) {
  if (is.null(text) || grepl("in\\s*$", text)) return(NA_real_)
  max(number_word(sub("px\\s*$", "", text)), 10)
}

graph_size <- function(graph) {
  if (inherits(graph$view, "stata_combined")) return(combined_size(graph$view))
  if (inherits(graph$view, "metaparity_figure")) return(figure_size(graph$view))
  if (is_forest_view(graph$view)) return(forest_size(graph$view))
  figure_size(do.call(plot, c(list(graph$view, draw = FALSE), graph_arguments(graph)), quote = TRUE))
}
