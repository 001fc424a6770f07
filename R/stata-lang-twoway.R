# twoway: the plots of a command as words: types, variables, options; and the options of the whole graph.
# Source: Stata's Graphics manual, graph twoway. What is drawn stands in stata-lang-twoway-layers.R.

plot_types <- c(scatter = "sc", line = "line", connected = "conn", lfit = "lfit", lfitci = "lfitci", qfit = "qfit",
                rcap = "rcap",
                rspike = "rspike", rarea = "rarea", rbar = "rbar", rline = "rline", function. = "function",
                bar = "bar", area = "area",
                histogram = "hist", spike = "spike", dropline = "dropl", dot = "dot", pci = "pci",
                scatteri = "scatteri",
                rcapsym = "rcapsym", rscatter = "rsc", kdensity = "kden", lowess = "low", qfitci = "qfitci",
                  pcspike = "pcspike",
                pcarrow = "pcarrow", rconnected = "rcon", tsline = "tsline")

# Options of the whole graph, wherever they stand.
whole_options <- c(title = "ti", subtitle = "subti", xtitle = "xti", ytitle = "yti", note = "note", caption = "cap",
                   xlabel = "xla", ylabel = "yla", xtick = "xti_", ytick = "yti_", xmlabel = "xml", ymlabel = "yml",
                   xmtick = "xmt", ymtick = "ymt", legend = "leg", xline = "xli", yline = "yli", xscale = "xsc",
                   yscale = "ysc",
                   name = "name", saving = "sav", scheme = "sch", graphregion = "graphr", plotregion = "plotr",
                   xsize = "xsiz",
                   ysize = "ysiz", aspectratio = "aspect", text = "text", by = "by", nodraw = "nodraw", play = "play",
                   t1title = "t1", b1title = "b1", l1title = "l1", r1title = "r1", b2title = "b2", l2title = "l2",
                   t2title = "t2",
                   imargin = "imargin", commonscheme = "commons", plegend = "pleg", clegend = "cleg", ttitle = "tti",
                   tlabel = "tla", xoverhangs = "xover", yoverhangs = "yover", bgap = "bgap", autotabgraphs = "autot",
                   bgcolor = "bgc", xmirror = "xmir", r2title = "r2", ylabel2 = "yla_2", scale = "scale",
                     fxsize = "fxs",
                   fysize = "fys", nogrid = "nogrid_", isolayout = "isol")

# Options of one plot.
plot_options <- c(mcolor = "mc", msymbol = "ms", msize = "msiz", mlabel = "mlab", mlabcolor = "mlabc",
                  mlabsize = "mlabs",
                  mlabposition = "mlabp", mlabvposition = "mlabv", mlabgap = "mlabg", mlabangle = "mlabang",
                  mfcolor = "mfc",
                  mlcolor = "mlc", mlwidth = "mlw", mstyle = "mst", lcolor = "lc", clcolor = "clc", lpattern = "lp",
                  clpattern = "clp", lwidth = "lw", clwidth = "clw", lstyle = "lst", color = "col", fcolor = "fc",
                  sort = "sort",
                  connect = "c", cmissing = "cmis", barwidth = "barw", range = "ra", n = "n", horizontal = "hor",
                  vertical = "vert",
                  base = "base", fintensity = "finten", bin = "bin", width = "w", start = "start", discrete = "d",
                  density = "den",
                  frequency = "freq", fraction = "frac", percent = "percent", jitter = "jitter", jitterseed = "jitters",
                  yaxis = "yax", xaxis = "xax", lalign = "lal", bstyle = "bsty", pstyle = "psty", blcolor = "blc",
                  bfcolor = "bfc",
                  bcolor = "bc", blwidth = "blw", normal = "norm", normopts = "normop", kdensity = "kden", gap = "gap",
                  lsize = "lsi", acolor = "ac", level = "l", ciplot = "cip", estopts = "esto", dropline = "dropl_",
                  msangle = "msa", recast = "recast", bwidth = "bw", kernel = "k", mean = "mean_", lcap = "lcap_",
                  mlabtextstyle = "mlabt", mlabstyle = "mlabst", lpattern2 = "lp_2", mfcolor2 = "mfc_2",
                    outline = "outl_",
                  recastarea = "recast_", ciopts = "cio", blpattern = "blp", alcolor = "alc", alwidth = "alw",
                    alpattern = "alp",
                  afcolor = "afc", degree = "deg", nograph = "nogr", logit = "logit", adjust = "adj", mcolor2 = "mc_2",
                  epanechnikov = "epan", gaussian = "gau", biweight = "biw", cosine = "cos", rectangle = "rec",
                    triangle = "tri",
                  lineopts = "lineop", addplot = "addp", clstyle = "cls", noline = "noli")

# twoway ..., graph twoway ..., scatter ..., line ...: a figure.
run_twoway <- function(text, session, statement) draw_twoway(text, session, NULL)

twoway_word <- function(type) {
  force(type)
  function(text, session, statement) draw_twoway(text, session, type)
}

draw_twoway <- function(text, session, type) {
  parts <- twoway_parts(text, type)
  plots <- Filter(Negate(is.null), lapply(parts$plots, read_plot, session = session, whole = parts$clauses))
  whole <- lapply(c(lapply(plots, `[[`, "whole"), list(read_options(parts$options, "twoway")$whole)), unclass)
  whole <- exact_list(unlist(whole, recursive = FALSE))
  if (!length(plots)) abort_stata("invalid syntax: no plot", 198L)
  session$graph_style <- scheme_style(c(whole$scheme, session$scheme)[1L])
  figure <- if (is.null(whole$by)) plots_figure(plots, whole, session) else panels_by(plots, whole, session)
  keep_figure(figure, whole, session)
}

plots_figure <- function(plots, whole, session) {
  layers <- Map(plot_layers, plots, twoway_looks(plots), MoreArgs = list(session = session))
  twoway_figure(layers, plots, whole, session)
}

# by(v [, total ...]): a panel for each value, all with the same axes.
panels_by <- function(plots, whole, session) {
  comma <- top_level_comma_quoted(whole$by)
  head <- if (is.na(comma)) whole$by else substr(whole$by, 1L, comma - 1L)
  inner <- read_options(gsub("\\b(total|rows?\\([0-9]+\\)|cols?\\([0-9]+\\)|compact|rescale|ixaxes|iyaxes|missing)", "",
                             if (is.na(comma)) "" else substring(whole$by, comma + 1L)), "by")$whole
  by <- expand_varlist(tokenize(head), session, 1L)
  rows <- sort(unique(unlist(lapply(plots, `[[`, "rows"))))
  rows <- rows[!Reduce(`|`, lapply(session$data[by], function(x) is_missing(x[rows])))]
  groups <- groups_of(by, rows, session)
  if (length(groups) > 50L) abort_stata("by(): too many panels", 134L)
  figures <- lapply(groups, function(g) {
    own <- lapply(plots, function(p) replace(p, "rows", list(intersect(p$rows, g))))
    words <- exact_list(utils::modifyList(unclass(whole), list(by = NULL, note = NULL, subtitle = NULL,
      title = sprintf("\"%s\"", paste(vapply(by, function(v) shown_value(v, session, g[1L]), ""), collapse = ", ")))))
    plots_figure(own, words, session)
  })
  figures <- common_limits(common_limits(figures, "x"), "y")
  cols <- regmatches(whole$by, regexec("cols?\\(([0-9]+)\\)", whole$by))[[1L]]
  columns <- if (length(cols)) as.numeric(cols[2L]) else ceiling(sqrt(length(figures)))
  new_panels(figures, min(columns, length(figures)), figures[[1L]]$style,
  title = graph_words_of(c(whole$title, inner$title)[1L]))
}

# list(plots, clauses, options): plots stand in parentheses or between ||; clauses are if and in for all.
twoway_parts <- function(text, type) {
  text <- trimws(text)
  ch <- strsplit(text, "")[[1L]]
  depth <- cumsum(ch == "(") - cumsum(ch == ")") - 0L
  quote <- cumsum(ch == "\"") %% 2L == 1L
  if (is.null(type) && startsWith(text, "(")) {
    plots <- character()
    at <- 1L
    while (at <= length(ch) && ch[at] == "(") {
      close <- which(seq_along(ch) > at & depth == 0L & !quote)[1L]
      if (is.na(close)) abort_stata("parentheses unbalanced", 132L)
      plots <- c(plots, paste(ch[seq(at + 1L, close - 1L)], collapse = ""))
      at <- close + 1L
      while (at <= length(ch) && ch[at] %in% c(" ", "|", "\t")) at <- at + 1L
    }
    rest <- paste(ch[seq(at, length.out = max(0L, length(ch) - at + 1L))], collapse = "")
    comma <- top_level_comma(rest)
    return(list(plots = plots, clauses = if (is.na(comma)) rest else substr(rest, 1L, comma - 1L),
                options = if (is.na(comma)) "" else substring(rest, comma + 1L)))
  }
  if (!is.null(type)) text <- paste(type, text)
  pieces <- split_bars(text)
  bare <- grepl("^\\s*,", pieces)
  list(plots = pieces[!bare & nzchar(trimws(pieces))], clauses = "",
       options = paste(sub("^\\s*,", "", pieces[bare]), collapse = " "))
}

# The text between || that stand in no parentheses or quotes.
split_bars <- function(text) {
  ch <- strsplit(text, "")[[1L]]
  depth <- cumsum(ch == "(") - cumsum(ch == ")")
  quote <- cumsum(ch == "\"") %% 2L == 1L
  n <- length(ch)
  bar <- which(ch == "|" & c(ch[-1L], "") == "|" & depth == 0L & !quote)
  if (!length(bar)) return(text)
  from <- c(1L, bar + 2L)
  to <- c(bar - 1L, n)
  substring(text, from, to)
}

# list(type, vars, rows, options, whole) of one plot.
read_plot <- function(text, session, whole) {
  text <- trimws(text)
  word <- leading_word(text)
  type <- match_option(sub("^function$", "function.", word), plot_types)
  rest <- if (is.na(type)) text else trimws(substring(text, nchar(word) + 1L))
  if (is.na(type)) {
    if (is.na(match(word, names(session$data)))) refuse_plot(word)
    type <- "scatter"
  }
  type <- sub(".", "", type, fixed = TRUE)
  options <- function(text) read_options(text, type)
  if (type == "function") return(c(read_function(rest), list(type = type)))
  comma <- top_level_comma(rest)
  head <- if (is.na(comma)) rest else substr(rest, 1L, comma - 1L)
  o <- options(if (is.na(comma)) "" else substring(rest, comma + 1L))
  command <- parse_command(paste(type, paste(head, whole)))
  if (type %in% c("pci", "scatteri")) return(list(type = type, numbers = immediate_numbers(command), options = o$plot,
                                                  whole = o$whole))
  vars <- expand_varlist(command$rest, session, 1L)
  if (type == "tsline") {
    if (is.null(session$panel$time)) abort_stata("time variable not set, use tsset varname ...", 111L)
    vars <- c(vars, session$panel$time)
    type <- "line"
  }
  recast <- match_option(trimws(o$plot$recast %||% ""), plot_types[c("scatter", "line", "connected", "area", "bar",
    "spike",
                                                                     "dropline", "rarea", "rcap", "rspike", "rline",
                                                                       "rbar")])
  if (!is.na(recast) && !type %in% c("kdensity", "function")) type <- recast
  list(type = type, vars = vars, rows = selected_rows(command, session),
       options = o$plot,
       whole = o$whole, weight = command$weight)
}

refuse_plot <- function(word) {
  gaps <- c("mspline", "fpfit", "fpfitci", "mband", "contour", "pccap", "lpoly", "lpolyci", "pcbarrow", "image",
    "paired", "pcscatter")
  if (word %in% gaps) abort_gap(sprintf("plot type %s", word),
                                "use scatter, line, lfit or rarea on variables that hold it")
  abort_unknown(sprintf("plot type %s", word), near_word(word, c(names(plot_types), gaps)))
}

immediate_numbers <- function(command) {
  tokens <- command$rest
  text <- tokens$type == "string"
  list(value = option_numbers(gsub("\"[^\"]*\"|\\([0-9]+\\)", " ", command$rest_text)), label = tokens$text[text])
}

# function y = exp(x), range(a b) n(#)
read_function <- function(text) {
  comma <- top_level_comma(text)
  head <- if (is.na(comma)) text else substr(text, 1L, comma - 1L)
  o <- read_options(if (is.na(comma)) "" else substring(text, comma + 1L), "function")
  list(expression = sub("^\\s*y\\s*=\\s*", "", head), options = o$plot, whole = o$whole, vars = character(),
       rows = integer())
}

# list(plot, whole): texts of options by full name; one that no table has is refused.
read_options <- function(text, type) {
  given <- parse_command(paste("plot ,", text))$options
  out <- list(plot = list(), whole = list())
  for (i in seq_along(given)) {
    word <- names(given)[i]
    value <- if (is.na(given[[i]])) "" else given[[i]]
    whole <- match_option(word, whole_options)
    plot <- match_option(word, plot_options)
    if (word %in% c("xtick", "ytick")) whole <- word
    if (!is.na(whole) && (is.na(plot) || nchar(word) >= nchar(whole_options[[whole]]) &&
        plot != word)) out$whole[[whole]] <-
      if (whole %in% c("xline", "yline", "text", "ytitle", "ylabel", "yscale", "ytick",
        "ymtick")) c(out$whole[[whole]], value) else
        value
    else if (!is.na(plot)) out$plot[[plot]] <- value
    else refuse_option(word, type, c(names(whole_options), names(plot_options)))
  }
  lapply(out, exact_list)
}

# ---- graphs in memory --------------------------------------------------------------------------

# The figure is the last graph, and has the name that was asked for.
keep_figure <- function(figure, whole, session) {
  words <- plain_words(sub(",.*$", "", c(whole$name, "")[1L]))
  add_figure(figure, session, c(words, "Graph")[1L])
  if (!is.null(whole$saving)) save_gph(whole$saving, session)
  invisible()
}

add_figure <- function(figure, session, name = "Graph") {
  graph <- list(view = figure, words = list())
  session$graphs <- c(session$graphs, list(graph))
  session$named_graphs[[name]] <- graph
  add_item(session$record, list(kind = "graph", lines = length(session$graphs)))
  if (is.function(session$draw)) session$draw(graph)
}

# A graph on disk: a note for the reader, and the picture as SVG. It is known by its name as long as the session runs.
save_gph <- function(text, session) {
  text <- trimws(text)
  command <- parse_command(paste("save", if (grepl("^[`\"]", text)) text else sub("^([^,]+?)\\s*(,|$)", "\"\\1\"\\2",
      text, perl = TRUE)))
  o <- command_options(command, c(replace = "replace", asis = "asis"))
  shown <- with_extension(command$rest$text[1L], "gph")
  graph <- window_graph(session)
  if (is.null(graph)) abort_stata("no graph to save", 198L)
  file <- check_kind(session_path(shown, session), "gph")
  if (file.exists(file) && is.null(o$replace)) abort_stata(sprintf("file %s already exists", shown), 602L)
  picture <- tempfile(fileext = ".svg")
  on.exit(unlink(picture))
  save_graph(graph, picture)
  write_lines(c("<!-- graph of metaparity -->", readLines(picture, warn = FALSE, encoding = "UTF-8")), file)
  session$named_graphs[[sub("[.]gph$", "", basename(shown))]] <- graph
  emit(session, sprintf("(file %s saved)", shown))
}

write_lines <- function(lines, file) {
  check_writable(file)
  con <- file(file, "wb")
  on.exit(close(con))
  writeLines(enc2utf8(lines), con, useBytes = TRUE)
}

find_graph <- function(name, session) {
  graph <- session$named_graphs[[sub("[.]gph$", "", basename(unquote(name)))]]
  if (is.null(graph)) abort_stata(sprintf("graph %s not found", name), 111L)
  graph
}

# graph combine a b [, rows(#) cols(#) title() ...]: figures side by side.
combine_graphs <- function(text, session) {
  comma <- top_level_comma(text)
  names <- macro_words(if (is.na(comma)) text else substr(text, 1L, comma - 1L))
  given <- parse_command(paste("combine ,", if (is.na(comma)) "" else substring(text, comma + 1L)))
  o <- command_options(given, c(whole_options, rows = "r", cols = "c", colfirst = "colf", holes = "ho", iscale = "isc",
                                altshrink = "alts", ycommon = "ycom", xcommon = "xcom"))
  graphs <- lapply(names, find_graph, session = session)
  k <- length(graphs)
  columns <- if (!is.null(o$cols)) number_word(o$cols) else if (!is.null(o$rows)) ceiling(k / number_word(o$rows)) else
    ceiling(sqrt(k))
  columns <- max(1L, min(columns, k))
  title <- graph_words_of(o$title)
  whole <- vapply(graphs, function(g) inherits(g$view, "stata_combined") || is_forest_view(g$view), NA)
  if (any(whole)) return(keep_figure(combined_view(graphs, columns, title), o, session))
  figures <- lapply(graphs, figure_of)
  if (!is.null(o$xcommon)) figures <- common_limits(figures, "x")
  if (!is.null(o$ycommon)) figures <- common_limits(figures, "y")
  panels <- new_panels(figures, columns, figures[[1L]]$style, title = title)
  keep_figure(panels, o, session)
}

figure_of <- function(graph) {
  if (inherits(graph$view, "metaparity_figure")) return(graph$view)
  figure <- do.call(plot, c(list(graph$view, draw = FALSE), graph_arguments(graph)), quote = TRUE)
  if (has_page(graph) || !is.null(graph$words$xsize)) figure_with_page(as_figure(figure), graph$words) else figure
}

common_limits <- function(figures, axis) {
  limits <- range(unlist(lapply(figures, function(f) f[[axis]]$limits)))
  lapply(figures, function(f) {
    f[[axis]]$limits <- limits
    f
  })
}

# What stands in quotes of title("a" "b", size(small)): lines of text.
graph_words_of <- function(text) {
  if (is.null(text) || !nzchar(text)) return(NULL)
  comma <- top_level_comma_quoted(text)
  head <- trimws(if (is.na(comma)) text else substr(text, 1L, comma - 1L))
  tokens <- tokenize(head)
  lines <- if (any(tokens$type == "string")) tokens$text[tokens$type == "string"] else head
  paste(plain_graph_text(lines), collapse = "\n")
}

# Markup of graph text, such as {bf:...} and {it:...}, shows what it holds.
plain_graph_text <- function(text) gsub("[{](bf|it|sub|sup|sf)\\s*:([^}]*)[}]", "\\2", text)
