# confunnel: the funnel plot with contours of significance around no effect, as a figure of the session.
# Source: Palmer, Sutton, Peters & Moreno (2008), Stata Journal 8:242-254. Oracle: the contours are at z times the
# standard error.

confunnel_options <- c(contours = "cont", metric = "met", aspectratio = "aspect", contcolor = "contcol",
                       extraplot = "extra", functionlowopts = "functionlow", functionuppopts = "functionupp",
                       legendlabels = "legendlab", legendopts = "legendopt", onesided = "onesided",
                       scatteropts = "scatteropt", shadedcontours = "shadedcont", noshadedcontours = "noshadedcont",
                       shadedregions = "shadedreg", solidcontours = "solidcont", studylab = "study",
                       twowayopts = "two")

# confunnel es se [if] [in] [, contours(1 5 10) metric(se) studylab() twowayopts()]
run_confunnel <- function(command, session, rows) {
  given <- figure_options(command, confunnel_options)
  o <- given$o
  words <- given$words
  for (bad in intersect(names(o), c("onesided", "extraplot", "shadedregions"))) {
    abort_unsupported(sprintf("option %s of confunnel", bad))
  }
  for (i in seq_along(inner <- twoway_words(o$twowayopts))) {
    words <- graph_word(names(inner)[i], inner[[i]], words, command)
  }
  vars <- expand_varlist(command$rest, session, 2L, 2L)
  rows <- selected_rows(command, session, rows)
  x <- lapply(session$data[vars], function(v) numeric_operand(v)[rows])
  use <- !is.na(x[[1L]]) & !is.na(x[[2L]]) & x[[2L]] > 0
  if (!any(use)) abort_stata("no observations", 2000L)
  levels <- meta_contours(option_numbers(o$contours %||% "1 5 10"), NULL)
  figure <- confunnel_figure(x[[1L]][use], x[[2L]][use], confunnel_metric(o$metric), levels,
                             unquote(o$studylab %||% "Studies"))
  name <- words$name
  add_graph(restyled(figure, words), list(name = name), session)
}

twoway_words <- function(text) if (!is.null(text)) parse_command(paste("twoway ,", unquote(text)))$options

confunnel_metric <- function(text) {
  metric <- if (is.null(text)) "se" else trimws(text)
  if (!metric %in% c("se", "invse", "var", "invvar")) abort_unsupported(sprintf("confunnel, metric(%s)", metric))
  metric
}

confunnel_figure <- function(es, se, name, levels, study) {
  style <- scatter_style_stata()
  metric <- meta_metrics[[name]]
  y <- stata_axis(if (metric$reverse) c(0, metric$of(se)) else metric$of(se), style, metric$title, n = 4, grid = TRUE,
                  reverse = metric$reverse)
  reach <- meta_funnel_reach(se, metric, y)
  x <- stata_axis(c(es, meta_contour_ends(levels, reach$se)), style, "Effect estimate")
  area <- meta_contour_layers(levels, reach)
  null <- layer_line(c(0, 0), reach$y[c(1L, length(reach$y))], style$text_col, style$line_lwd)
  legend <- c(list(legend_point(study, style$pch, style$point_col, style$point_bg)), area$legend)
  new_figure(c(area$layers, list(null, stata_points(es, metric$of(se), style))), x, y, list(), legend, style,
             data.frame(x = es, y = metric$of(se)), style$size)
}

# Titles and ticks of twowayopts().
restyled <- function(figure, words) {
  for (word in intersect(c("title", "subtitle"), names(words))) figure[[word]] <- words[[word]]
  if (!is.null(words$xtitle)) figure$x$title <- words$xtitle
  if (!is.null(words$ytitle)) figure$y$title <- words$ytitle
  figure$x <- with_ticks(figure$x, words$xlabel)
  figure$y <- with_ticks(figure$y, words$ylabel)
  if (isFALSE(words$legend)) figure$legend <- NULL
  figure
}
