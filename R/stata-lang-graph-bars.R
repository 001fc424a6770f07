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
  command <- parse_command(paste("bar", text))
  o <- command_options(command, c(bar_options, whole_options[setdiff(names(whole_options), "legend")]),
                       weights = c("aweight", "fweight", "pweight"))
  if (!is.null(o$by)) abort_unsupported("option by of graph bar")
  o <- with_all(o, "bar", command)
  style <- scheme_style(c(o$scheme, session$scheme)[1L])
  for (region in intersect(names(o), c("graphregion", "plotregion"))) {
    style <- region_colours(style, o[[region]], c(graphregion = "page", plotregion = "panel")[[region]])
  }
  session$graph_style <- style
  rows <- selected_rows(command, session)
  overs <- over_wishes(command, session)
  groups <- over_groups(vapply(overs, `[[`, "", "name"), rows, session, lapply(overs, `[[`, "relabel"))
  groups <- sorted_groups(groups, overs, command, session, kind)
  wide <- startsWith(kind, "h") || kind == "dot"
  figure <- if (kind %in% c("box", "hbox")) box_figure(expand_varlist(command$rest, session, 1L), groups, o, session,
                                                       wide) else
    bar_figure(command, groups, o, session, kind, wide)
  keep_figure(figure, o, session)
}

# Every text of an option that may stand several times.
with_all <- function(o, name, command) {
  hit <- names(command$options) == name & !is.na(command$options)
  o <- unclass(o)
  if (any(hit)) o[[name]] <- unlist(command$options[hit], use.names = FALSE)
  exact_list(o)
}

over_options <- c(relabel = "relab", label = "lab", sort = "so", descending = "des", gap = "gap", axis = "ax",
                  total = "tot", reverse = "rev")

# The variables of over() with what is asked of each: the first changes fastest.
over_wishes <- function(command, session) {
  given <- command$options[vapply(names(command$options), function(n) identical(match_option(n, bar_options), "over"),
                                  NA)]
  lapply(unlist(given, use.names = FALSE), function(text) {
    inner <- parse_command(paste("over", text))
    o <- command_options(inner, over_options)
    for (bad in intersect(names(o), c("total", "reverse"))) abort_unsupported(sprintf("option %s of over()", bad))
    for (word in intersect(names(o), c("label", "gap", "axis"))) warn_looks(word, command)
    list(name = expand_varlist(inner$rest, session, 1L, 1L), relabel = relabel_words(o$relabel), sort = o$sort,
         sorted = "sort" %in% names(o), descending = "descending" %in% names(o))
  })
}

# relabel(1 "a" 2 "b"): labels by the number of the group.
relabel_words <- function(text) {
  if (is.null(text)) return(NULL)
  words <- macro_words(text)
  if (length(words) %% 2L == 1L) abort_stata("option relabel() needs a number and a label for each group", 198L)
  at <- suppressWarnings(as.integer(words[c(TRUE, FALSE)]))
  if (anyNA(at)) abort_stata("option relabel() needs a number before each label", 198L)
  stats::setNames(words[c(FALSE, TRUE)], at)
}

# Groups by the value of a bar, the median of a box or a variable, or backwards.
sorted_groups <- function(groups, overs, command, session, kind) {
  asked <- which(vapply(overs, function(w) w$sorted || w$descending, NA))
  if (!length(asked)) return(groups)
  if (length(overs) > 1L) abort_unsupported("sort and descending with several over()")
  wish <- overs[[1L]]
  key <- seq_along(groups$rows)
  if (wish$sorted) key <- vapply(groups$rows, bar_sort_key(wish$sort, command, session, kind), 0)
  order <- order(key, decreasing = wish$descending)
  list(rows = groups$rows[order], label = groups$label[order])
}

# sort(#): the number of the plotted variable; sort(v): the mean of another.
bar_sort_key <- function(text, command, session, kind) {
  number <- if (is.null(text) || is.na(text) || !nzchar(text)) 1L else suppressWarnings(as.integer(text))
  if (is.na(number)) {
    x <- numeric_operand(session$data[[find_stata_variable(trimws(text), session)]])
    return(function(g) mean(x[g], na.rm = TRUE))
  }
  if (!nrow(command$rest)) return(function(g) as.numeric(length(g)))
  if (kind %in% c("box", "hbox")) {
    vars <- expand_varlist(command$rest, session, 1L)
    if (number < 1L || number > length(vars)) abort_stata("option sort() is beyond the variables", 198L)
    return(function(g) stata_percentile(stats::na.omit(numeric_operand(session$data[[vars[number]]])[g]), 50))
  }
  wishes <- bar_wishes(command$rest, session)
  if (number < 1L || number > length(wishes)) abort_stata("option sort() is beyond the variables", 198L)
  w <- wishes[[number]]
  if (is.na(w$source)) return(function(g) as.numeric(length(g)))
  weight <- if (!is.null(command$weight)) evaluate_column(command$weight$tokens, session)
  function(g) as.numeric(group_statistic(w$stat, session$data[[w$source]][g], weight[g], command$weight$kind))
}

over_groups <- function(overs, rows, session, relabel = list()) {
  if (!length(overs)) return(list(rows = list(rows), label = ""))
  overs <- vapply(overs, find_stata_variable, "", session = session)
  rows <- rows[!Reduce(`|`, lapply(session$data[overs], function(x) is_missing(x[rows])))]
  if (!length(rows)) abort_stata("no observations", 2000L)
  groups <- groups_of(rev(overs), rows, session)
  one <- function(i, g) {
    x <- session$data[[overs[i]]]
    own <- if (length(relabel) >= i) relabel[[i]][as.character(match(x[g], sort(unique(x[rows]))))]
    if (length(own) && !is.na(own)) unname(own) else shown_value(overs[i], session, g)
  }
  label <- vapply(groups, function(g) paste(vapply(seq_along(overs), one, "", g = g[1L]), collapse = "\n"), "")
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
  if (!is.null(o$percentages)) value <- 100 * value / rowSums(value, na.rm = TRUE)
  names <- vapply(wishes, function(w) if (is.na(w$source)) "frequency" else sprintf("%s of %s", w$stat, w$source), "")
  if (!is.null(o$asyvars) && ncol(value) == 1L && nrow(value) > 1L) {
    inner <- sub("\n.*$", "", groups$label)
    outer <- ifelse(grepl("\n", groups$label), sub("^[^\n]*\n", "", groups$label), "")
    rows <- unique(outer)
    names <- unique(inner)
    value <- matrix(vapply(names, function(n) value[match(paste(rows, n), paste(outer, inner)), 1L],
      numeric(length(rows))), length(rows))
    groups$label <- rows
  }
  if (!is.null(o$stack) && kind != "dot") return(stacked_figure(value, groups, names, o, style, session, wide))
  k <- ncol(value)
  step <- k + 0.7
  centre <- outer((seq_len(nrow(value)) - 1) * step, seq_len(k), `+`)
  layers <- unlist(lapply(seq_len(k), function(j) lapply(seq_len(nrow(value)), function(i) {
    if (is.na(value[i, j])) return(NULL)
    x <- centre[i, j] + c(-0.5, 0.5, 0.5, -0.5)
    col <- bar_colour(o, j, style)
    if (kind == "dot") layer_points(centre[i, j], value[i, j], 19, 1, col)
    else layer_polygon(x, c(0, 0, value[i, j], value[i, j]), col)
  })), recursive = FALSE)
  layers <- c(layers, bar_labels(o, centre, value, wide))
  bar_frame(Filter(Negate(is.null), layers), c(0, value * if (is.null(o$blabel)) 1 else 1.1), rowMeans(centre),
    groups$label, names, style, o, session,
            wide)
}

# (mean) a (median) a: a variable may stand under several statistics.
bar_wishes <- function(tokens, session) {
  words <- glued_words(tokens)
  if (all(words == "(count)")) return(list(list(stat = "count", target = "frequency", source = NA)))
  if (any(words == "(percent)")) abort_unsupported("graph bar (percent)")
  stat <- "(mean)"
  out <- list()
  for (w in words) {
    if (grepl("^\\(.*\\)$", w)) stat <- w else out <- c(out, collapse_wishes(tokenize(paste(stat, w)), session))
  }
  out
}

# Bars on top of each other.
stacked_figure <- function(value, groups, names, o, style, session, wide) {
  value[is.na(value)] <- 0
  centre <- seq_len(nrow(value)) * 1.5
  top <- t(apply(value, 1L, cumsum))
  top <- matrix(top, nrow(value))
  low <- cbind(0, top)[, seq_len(ncol(value)), drop = FALSE]
  layers <- unlist(lapply(seq_len(ncol(value)), function(j) lapply(seq_len(nrow(value)), function(i) {
    layer_polygon(centre[i] + c(-0.5, 0.5, 0.5, -0.5), c(low[i, j], low[i, j], top[i, j], top[i, j]), bar_colour(o, j,
      style))
  })), recursive = FALSE)
  bar_frame(layers, c(0, top), centre, groups$label, names, style, o, session, wide)
}

# bar(1, color(navy)): the colour of the series number j.
bar_colour <- function(o, j, style) {
  own <- style$group_col[(j - 1L) %% length(style$group_col) + 1L]
  for (text in unlist(unclass(o)[names(o) == "bar"])) {
    number <- suppressWarnings(as.integer(sub(",.*$", "", text)))
    if (isTRUE(number == j)) return(region_fill(sub("^[^,]*,", "", text), own))
  }
  own
}

# blabel(bar, format()): the values at the ends of the bars.
bar_labels <- function(o, centre, value, wide) {
  if (!grepl("^\\s*(bar|total)", o$blabel %||% "")) return(list())
  format <- regmatches(o$blabel, regexec("format\\(([^)]*)\\)", o$blabel))[[1L]]
  text <- trimws(apply_format(as.vector(value), if (length(format)) format[2L] else "%9.0g"))
  keep <- !is.na(as.vector(value))
  span <- diff(range(c(0, value), na.rm = TRUE))
  x <- as.vector(centre)[keep]
  y <- as.vector(value)[keep]
  list(layer_labels(x, if (wide) y else y + 0.03 * span, text[keep], if (wide) "right" else "centre", 0))
}

# graph pie a b | a, over(g) | over(g) [, plabel(_all percent|sum|name) legend() title()]
pie_options <- c(over = "ov", plabel = "pl", pie = "pie", sort = "sort", descending = "desc", angle0 = "ang",
  noclockwise = "noc",
                 line = "line", intensity = "inten", ptext = "pt", missing = "miss", legend = "leg",
                   allcategories = "all", cw = "cw")

draw_pie <- function(text, session) {
  command <- parse_command(paste("pie", text))
  o <- command_options(command, c(pie_options, whole_options[setdiff(names(whole_options), "legend")]),
                       weights = c("aweight", "fweight", "pweight"))
  o <- with_all(o, "plabel", command)
  style <- session$graph_style <- scheme_style(c(o$scheme, session$scheme)[1L])
  rows <- selected_rows(command, session)
  vars <- expand_varlist(command$rest, session)
  w <- if (is.null(command$weight)) rep(1, session$n) else numeric_operand(evaluate_column(command$weight$tokens,
    session))
  total <- function(v, g) sum((w * numeric_operand(session$data[[v]]))[g], na.rm = TRUE)
  if (!is.null(o$over)) {
    groups <- over_groups(find_stata_variable(trimws(sub(",.*$", "", o$over)), session), rows, session)
    size <- vapply(groups$rows, function(g) if (length(vars)) total(vars[1L], g) else sum(w[g]), 0)
    label <- groups$label
  } else {
    if (!length(vars)) abort_stata("varlist or over() required", 100L)
    size <- vapply(vars, total, 0, g = rows)
    label <- vapply(vars, series_title, "", session = session)
  }
  if (any(size < 0) || sum(size) <= 0) abort_stata("a pie needs sums above 0", 198L)
  if (!is.null(o$sort)) {
    order <- order(size, decreasing = !is.null(o$descending))
    size <- size[order]
    label <- label[order]
  }
  keep_figure(pie_figure(size, label, o, style), o, session)
}

# Slices clockwise from the top.
pie_figure <- function(size, label, o, style) {
  size <- unname(size)
  ends <- c(0, cumsum(size) / sum(size))
  col <- rep_len(style$group_col, length(size))
  layers <- lapply(seq_along(size), function(i) {
    at <- pi / 2 - 2 * pi * seq(ends[i], ends[i + 1L], length.out = max(2, ceiling(200 * size[i] / sum(size))))
    layer_polygon(c(0, cos(at)), c(0, sin(at)), col[i], "white")
  })
  texts <- unlist(unclass(o)[names(o) == "plabel"])
  for (text in texts) layers <- c(layers, pie_labels(text, size, label, ends))
  legend <- lapply(seq_along(size), function(i) legend_fill(label[i], col[i]))
  if (!is.null(o$legend)) legend <- twoway_legend(list(list(legend = legend)), list(legend = o$legend), style)
  style$hidden_axes <- c("x", "y")
  style$frame <- "none"
  style$panel <- NA
  blank <- function() new_axis(c(-1.1, 1.1), numeric(), character(), NULL, grid = FALSE)
  figure <- finish_figure(layers, blank(), blank(), o, legend, style)
  figure$square <- TRUE
  figure
}

pie_labels <- function(text, size, label, ends) {
  part <- regmatches(text, regexec("^\\s*(_all|[0-9]+)\\s+(\"[^\"]*\"|[a-z]+)", text))[[1L]]
  if (!length(part)) return(list())
  format <- regmatches(text, regexec("format\\(([^)]*)\\)", text))[[1L]]
  share <- 100 * size / sum(size)
  number <- function(x, default) trimws(apply_format(x, if (length(format)) format[2L] else default))
  words <- switch(part[3L], percent = paste0(number(share, "%9.4g"), "%"), sum = number(size, "%9.0g"), name = label,
                  rep(unquote(part[3L]), length(size)))
  which <- if (part[2L] == "_all") seq_along(size) else intersect(as.integer(part[2L]), seq_along(size))
  at <- pi / 2 - 2 * pi * (ends[which] + ends[which + 1L]) / 2
  list(layer_labels(0.6 * cos(at), 0.6 * sin(at), words[which], "centre", 0))
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
  legend <- if (length(names) > 1L) Map(function(n, i) legend_fill(n, bar_colour(o, i, style)), names, seq_along(names),
                                        USE.NAMES = FALSE)
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
    dot = draw_bars(rest, session, what), pie = draw_pie(rest, session), matrix = draw_matrix_graph(rest, session),
      print = , query = invisible(),
    play = emit(session, "(recordings of the graph editor are not applied)"),
    export = export_graph(rest, session), save = save_gph(sub("^Graph\\s+(?=\\S)", "", rest, perl = TRUE), session),
    combine = combine_graphs(rest, session), display = , use = display_graph(rest, session),
    drop = drop_graphs(rest, session),
    rename = rename_graph(rest, session), copy = rename_graph(rest, session, TRUE), close = , set = invisible(),
    dir = emit(session, in_columns(sort(names(session$named_graphs)), session$linesize)),
    {
      if (word %in% names(plot_types) || !is.na(match_option(word, plot_types))) return(draw_twoway(text, session,
          NULL))
      if (word %in% names(session$data)) return(old_graph(text, session))
      abort_unsupported(paste("graph", word))
    })
  invisible()
}

# graph y x [, c(.l) s(Oi)]: the syntax of before Stata 8.
old_graph <- function(text, session) {
  comma <- top_level_comma(text)
  head <- if (is.na(comma)) text else substr(text, 1L, comma - 1L)
  o <- parse_command(paste("graph ,", if (is.na(comma)) "" else substring(text, comma + 1L)))$options
  command <- parse_command(paste("graph", head))
  vars <- expand_varlist(command$rest, session, 1L)
  if (length(vars) == 1L) return(draw_twoway(head, session, "histogram"))
  letters <- function(names) {
    hit <- unlist(o[names(o) %in% names])
    strsplit(c(hit, "")[1L], "")[[1L]]
  }
  connect <- letters(c("c", "co", "con", "connect"))
  symbol <- letters(c("s", "sy", "sym", "symbol"))
  ys <- vars[-length(vars)]
  clause <- sub(paste0("^\\s*", paste(vars, collapse = "\\s+")), "", head)
  plots <- vapply(seq_along(ys), function(i) {
    line <- isTRUE(connect[i] %in% c("l", "L", "s", "m"))
    hidden <- isTRUE(symbol[i] %in% c("i", "."))
    sprintf("(%s %s %s %s%s)", if (line && hidden) "line" else if (line) "connected" else "scatter", ys[i],
      vars[length(vars)], clause,
            if (line) ", sort" else "")
  }, "")
  draw_twoway(paste(plots, collapse = " "), session, NULL)
}

display_graph <- function(text, session) {
  name <- plain_words(sub(",.*$", "", text))[1L]
  if (is.na(name)) {
    graph <- window_graph(session)
    if (is.null(graph)) abort_stata("no graph", 198L)
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
  graph <- if (is.null(o$name)) window_graph(session) else find_graph(o$name, session)
  if (is.null(graph)) abort_stata("no graph to export", 198L)
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

# The last graph drawn, by this call or one before.
window_graph <- function(session) {
  shown <- c(session$window, session$graphs)
  if (length(shown)) shown[[length(shown)]]
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
  if (is_forest_view(graph$view)) {
    if (!has_page(graph)) return(forest_size(graph$view))
    page <- stata_page(graph)
    return(c(width = page$width, height = page$height))
  }
  figure_size(figure_of(graph))
}
