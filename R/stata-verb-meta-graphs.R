# Owns the suite's graphs with two axes: funnel, Galbraith and L'Abbe plots, as layers of a figure.
# Source: exported graphs of Stata 16 (funnel), the manual's description (Galbraith, L'Abbe).

#' Funnel, Galbraith and L'Abbe plots as Stata's meta suite
#'
#' @inheritParams meta_summarize
#' @param random,fixed,common model of the estimate drawn: for the funnel the common-effect inverse-variance one by
#'   default.
#' @param contours levels in percent, `c(1, 5, 10)`: a contour-enhanced plot. Also as a string, `"1 5 10"`.
#' @param by a variable of groups: one symbol for each.
#' @param metric y axis of the funnel: `"se"`, `"invse"`, `"var"`, `"invvar"`; `"n"` or `"invn"`, the sizes of the
#'   studies, without limits.
#' @param reweighted areas of the circles by random-effects weights.
#' @param n with `contours`: not used; kept for Stata's option of that name.
#' @param addplot not supported: an error.
#' @param draw draw the plot.
#' @param ... `title`, `xtitle`, `ytitle`, `legend` (`FALSE` for none), `labels`, `style`.
#' @param nometashow leave out the declaration of the data.
#' @return An object of classes `stata_meta_<plot>` and `stata_view`: `r` with `theta`, the estimate drawn; `table` with
#'   the coordinates. `plot()` draws it again; the log is the declaration.
#' @details Errors: `metaparity_error_input`. The L'Abbe plot needs the cells of 2x2 tables.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("meta_funnelplot")`.
#' @section In other software: Stata `meta funnelplot, contours(1 5 10)`, `meta galbraithplot`, `meta labbeplot`;
#'   metafor `funnel()`, `radial()`, `labbe()`.
#' @references Peters JL et al. (2008). Journal of Clinical Epidemiology 61, 991-996. Galbraith RF (1988). Statistics in
#'   Medicine 7, 889-894. L'Abbe KA et al. (1987). Annals of Internal Medicine 107, 224-233.
#' @examples
#' d <- data.frame(a = c(1, 9, 2), b = c(39, 126, 198), c = c(2, 23, 7), d = c(34, 112, 193))
#' m <- meta_esize(a, b, c, d, data = d, esize = "lnrratio")
#' meta_funnelplot(m, contours = c(1, 5, 10))
#' meta_galbraithplot(m)
#' meta_labbeplot(m)
#' @export
meta_funnelplot <- function(x, random = FALSE, fixed = FALSE, common = FALSE, contours = NULL, by = NULL, metric = "se",
                            level = NULL, n = NULL, addplot = NULL, nometashow = FALSE, subset = NULL,
                            draw = TRUE, ...) {
  check_given(x)
  mc <- match.call()
  check_meta(x, mc)
  if (!is.null(addplot)) abort_input("addplot", "is not supported", mc)
  x <- meta_subset(x, mc$subset, parent.frame(), mc)
  o <- meta_graph_options(x, random, fixed, common, level, nometashow, "common", mc)
  o$metric <- meta_match(metric, names(meta_metrics), "metric", mc)
  o$contours <- meta_contours(contours, mc)
  by <- if (is.null(mc$by)) NULL else stata_groups(meta_columns(mc$by, x, parent.frame(), "by", mc)[[1L]])
  p <- meta_pool(x, seq_len(nrow(x$table)), o)
  d <- x$table
  table <- data.frame(study = d[["_meta_studylabel"]], es = d[["_meta_es"]], se = d[["_meta_se"]],
                      stringsAsFactors = FALSE)
  table$by <- by
  table$y <- meta_metrics[[o$metric]]$of(if (meta_metrics[[o$metric]]$size) meta_sizes(x, mc) else table$se)
  meta_graph_view("meta_funnelplot", x, o, p, table, c("es", "y"), list(...), draw, mc)
}

meta_graph_view <- function(command, m, o, p, table, axes, ask, draw, call) {
  r <- c(list(theta = p$est), range_results(table[[axes[1L]]], table[[axes[2L]]]),
         list(model = o$model, method = o$method, metric = o$metric,
              contours = if (!is.null(o$contours)) paste(o$contours, collapse = " ")))
  view <- new_stata_view(command, Filter(Negate(is.null), r), table, p$fit, o, meta = m, pool = p, ask = ask,
                         call = call)
  class(view) <- c(class(view)[1L], "stata_meta_graph", "stata_view")
  if (check_flag(draw, "draw", call)) plot(view)
  view
}

meta_graph_options <- function(m, random, fixed, common, level, nometashow, default, call) {
  iv <- function(value) if (isTRUE(value)) "invvariance" else value
  given <- list(random = random, fixed = iv(fixed), common = iv(common))
  model <- meta_model_of(given, m$type, call)
  if (is.null(model)) model <- list(model = default, method = "invvariance")
  c(model, list(test = "z", level = if (is.null(level)) m$level else check_stata_level(level, "level", call),
                nometashow = check_flag(nometashow, "nometashow", call)))
}

meta_contours <- function(x, call) {
  if (is.null(x)) return(NULL)
  if (is.character(x)) x <- suppressWarnings(as.numeric(meta_suboptions(sub(",.*$", "", x), "contours", call)))
  x <- check_numeric_vector(x, "contours", call)
  if (!length(x) || anyNA(x) || any(x <= 0 | x >= 50)) abort_input("contours", "must be levels between 0 and 50", call)
  sort(unique(x))
}

#' @export
format.stata_meta_graph <- function(x, ...) {
  if (x$meta$metashow && !x$options$nometashow) format_meta_show(x$meta) else character()
}

meta_theta_name <- function(p, o) {
  paste("Estimated", if (o$method == "invvariance") "\u03b8_IV" else if (o$method == "mhaenszel") "\u03b8_MH" else
    paste0("\u03b8_", toupper(if (o$method == "dlaird") "dl" else o$method)))
}

meta_ask <- function(x, ...) {
  given <- list(...)
  out <- x$ask
  out[names(given)] <- given
  do.call(stata_asked, out, quote = TRUE)
}

#' @rdname stata_plots
#' @export
plot.stata_meta_funnelplot <- function(x, ...) {
  o <- x$options
  studies <- x$table
  if (meta_metrics[[o$metric]]$size) {
    return(draw_size_funnel(studies, x$pool$est, meta_theta_name(x$pool, o), x$meta$eslabel, o, meta_ask(x, ...)))
  }
  draw_meta_funnel(studies$es, studies$se, studies$by, NULL, x$pool$est, meta_theta_name(x$pool, o), x$meta$eslabel, o,
                   meta_ask(x, ...))
}

#' @rdname stata_plots
#' @export
plot.stata_meta_trimfill <- function(x, ...) {
  given <- list(...)
  contours <- meta_contours(given$contours, NULL)
  s <- x$studies
  o <- c(list(metric = "se", contours = contours), x$options$pool["method"], x$options["level"])
  draw_meta_funnel(s$es, s$se, NULL, s$imputed, x$fit[[2L]]$beta[[1L]], meta_theta_name(NULL, o), x$meta$eslabel, o,
                   do.call(stata_asked, given[setdiff(names(given), "contours")], quote = TRUE))
}

#' @rdname stata_plots
#' @export
plot.stata_meta_bias <- function(x, ...) {
  if (x$options$bias != "egger") abort_input("x", "has a plot for Egger's test only")
  d <- x$meta$table
  o <- list(metric = "se", contours = NULL, method = "invvariance", level = x$options$level)
  all <- seq_len(nrow(d))
  p <- meta_pool(x$meta, all, list(model = "common", method = "invvariance", test = "z", level = o$level))
  slope <- if (!length(x$moderators)) x$table$b[c(nrow(x$table), 1L)]
  draw_meta_funnel(d[["_meta_es"]], d[["_meta_se"]], NULL, NULL, p$est, meta_theta_name(p, o), x$meta$eslabel, o,
                   stata_asked(...), slope)
}

meta_metric <- function(of, se, title, reverse, size = FALSE)
  list(of = of, se = se, title = title, reverse = reverse, size = size)

meta_metrics <- list(
  se = meta_metric(identity, identity, "Standard error", TRUE),
  invse = meta_metric(function(s) 1 / s, function(y) 1 / y, "Inverse standard error", FALSE),
  var = meta_metric(function(s) s^2, sqrt, "Variance", TRUE),
  invvar = meta_metric(function(s) 1 / s^2, function(y) 1 / sqrt(y), "Inverse variance", FALSE),
  n = meta_metric(identity, NULL, "Sample size", FALSE, size = TRUE),
  invn = meta_metric(function(n) 1 / n, NULL, "Inverse sample size", TRUE, size = TRUE))

meta_sizes <- function(m, call) {
  size <- m$table[["_meta_studysize"]]
  if (is.null(size) || anyNA(size)) abort_input("metric", "needs the sizes of the studies: `studysize` of meta_set()",
                                                call)
  size
}

# `egger`: constant and slope of a line to be drawn.
draw_meta_funnel <- function(es, se, by, imputed, theta, name, label, o, ask, egger = NULL) {
  style <- as_scatter_style(ask$style, scatter_style_stata())
  metric <- meta_metrics[[o$metric]]
  y <- stata_axis(if (metric$reverse) c(0, metric$of(se)) else metric$of(se), style, metric$title, n = 4, grid = TRUE,
                  reverse = metric$reverse)
  reach <- meta_funnel_reach(se, metric, y)
  z <- critical_value(o$level)
  edge <- z * reach$se
  flank <- if (is.null(o$contours)) theta + c(-1, 1) * max(edge) else meta_contour_ends(o$contours, reach$se)
  x <- stata_axis(c(es, flank), style, label)
  area <- meta_contour_layers(o$contours, reach)
  limits <- if (is.null(o$contours))
    lapply(c(-1, 1), function(side) layer_line(theta + side * edge, reach$y, meta_funnel_colours$limit, style$line_lwd))
  marks <- meta_funnel_marks(es, metric$of(se), by, imputed, style)
  line <- if (!is.null(egger)) layer_line(egger[1L] + egger[2L] * reach$se, reach$y, "#90353B", style$line_lwd)
  estimate <- layer_line(c(theta, theta), reach$y[c(1L, length(reach$y))], meta_funnel_colours$estimate, style$line_lwd)
  layers <- c(area$layers, limits, list(estimate, line), marks$layers)
  legend <- c(if (is.null(o$contours)) list(legend_line(sprintf("Pseudo %s%% CI", format(100 * o$level)),
                                                        meta_funnel_colours$limit, style$line_lwd)),
              area$legend, marks$legend, list(legend_line(name, meta_funnel_colours$estimate, style$line_lwd)),
              if (!is.null(egger)) list(legend_line("Regression line", "#90353B", style$line_lwd)))
  title <- if (is.null(o$contours)) "Funnel plot" else "Contour-enhanced funnel plot"
  invisible(stata_graph(Filter(Negate(is.null), layers), x, y, list(title = title), legend,
                        data.frame(x = es, y = metric$of(se)), ask, scatter_style_stata()))
}

meta_funnel_colours <- list(limit = "#C0C0C0", estimate = "#C10534", imputed = "#C10534")

# The funnel runs from the top of the axis (a precision has none: from the largest) to the largest standard error.
meta_funnel_reach <- function(se, metric, y) {
  ends <- metric$of(range(se))
  span <- if (metric$reverse) c(0, ends[2L]) else c(max(y$at), ends[2L])
  along <- seq(span[1L], span[2L], length.out = 101L)
  list(se = metric$se(along), y = along)
}

# Against the sizes of the studies there are no limits to draw.
draw_size_funnel <- function(s, theta, name, label, o, ask) {
  style <- as_scatter_style(ask$style, scatter_style_stata())
  metric <- meta_metrics[[o$metric]]
  y <- stata_axis(if (metric$reverse) c(0, s$y) else s$y, style, metric$title, n = 4, grid = TRUE,
                  reverse = metric$reverse)
  marks <- meta_funnel_marks(s$es, s$y, s$by, NULL, style)
  layers <- c(list(layer_line(c(theta, theta), range(y$at), "#C10534", style$line_lwd)), marks$layers)
  legend <- c(marks$legend, list(legend_line(name, "#C10534", style$line_lwd)))
  invisible(stata_graph(layers, stata_axis(c(s$es, theta), style, label), y, list(title = "Funnel plot"), legend,
                        data.frame(x = s$es, y = s$y), ask, scatter_style_stata()))
}

# Both flanks of the outermost region.
meta_contour_ends <- function(levels, se) c(-1, 1) * critical_value(1 - levels[1L] / 100) * max(se)

# Regions of significance around no effect: the least significant one darkest, white beyond the last level.
meta_contour_layers <- function(levels, reach) {
  if (is.null(levels)) return(NULL)
  n <- length(levels)
  shade <- grDevices::gray(seq(0.86, 0.6, length.out = n))
  half <- outer(reach$se, critical_value(1 - levels / 100))
  layers <- lapply(seq_len(n), function(i) {
    layer_polygon(c(-half[, i], rev(half[, i])), c(reach$y, rev(reach$y)), shade[i])
  })
  word <- c(if (n > 1L) sprintf("%g%% < p < %g%%", levels[-n], levels[-1L]), sprintf("p > %s%%", format(levels[n])))
  list(layers = layers, legend = Map(legend_fill, word, shade, USE.NAMES = FALSE))
}

meta_funnel_marks <- function(es, y, by, imputed, style) {
  if (!is.null(imputed)) {
    layers <- list(stata_points(es[!imputed], y[!imputed], style),
                   if (any(imputed)) layer_points(es[imputed], y[imputed], 19, 1, meta_funnel_colours$imputed))
    return(list(layers = layers, legend = list(legend_point("Observed studies", style$pch, style$point_col),
                                               legend_point("Imputed studies", 19, meta_funnel_colours$imputed))))
  }
  marks <- group_marks(es, y, by, style)
  if (is.null(by)) marks$legend <- list(legend_point("Studies", style$pch, style$point_col, style$point_bg))
  marks
}

#' @rdname meta_funnelplot
#' @export
meta_galbraithplot <- function(x, random = FALSE, fixed = FALSE, common = FALSE, level = NULL, nometashow = FALSE,
                               subset = NULL, draw = TRUE, ...) {
  check_given(x)
  mc <- match.call()
  check_meta(x, mc)
  x <- meta_subset(x, mc$subset, parent.frame(), mc)
  o <- meta_graph_options(x, random, fixed, common, level, nometashow, "common", mc)
  p <- meta_pool(x, seq_len(nrow(x$table)), o)
  d <- x$table
  table <- data.frame(study = d[["_meta_studylabel"]], x = 1 / d[["_meta_se"]], y = d[["_meta_es"]] / d[["_meta_se"]],
                      stringsAsFactors = FALSE)
  meta_graph_view("meta_galbraithplot", x, o, p, table, c("x", "y"), list(...), draw, mc)
}

#' @rdname stata_plots
#' @export
plot.stata_meta_galbraithplot <- function(x, ...) {
  ask <- meta_ask(x, ...)
  style <- as_scatter_style(ask$style, scatter_style_stata())
  s <- x$table
  z <- critical_value(x$options$level)
  xa <- stata_axis(c(0, s$x), style, "Precision (1/se)")
  ends <- c(0, max(xa$at))
  line <- x$pool$est * ends
  ya <- stata_axis(c(s$y, line + z, line - z, 0), style, sprintf("Standardized %s (es/se)", x$meta$eslabel),
                   grid = TRUE)
  band <- layer_polygon(c(ends, rev(ends)), c(line - z, rev(line + z)), "#C9D4DD")
  layers <- list(band, layer_line(ends, c(0, 0), "#55752F", style$line_lwd),
                 layer_line(ends, line, "#C10534", style$line_lwd),
                 stata_points(s$x, s$y, style))
  legend <- list(legend_fill(sprintf("%s%% CI", format(100 * x$options$level)), "#C9D4DD"),
                 legend_point("Studies", style$pch, style$point_col, style$point_bg),
                 legend_line("Regression line", "#C10534", style$line_lwd),
                 legend_line("No effect", "#55752F", style$line_lwd))
  invisible(stata_graph(layers, xa, ya, list(title = "Galbraith plot"), legend, s, ask, scatter_style_stata()))
}

#' @rdname meta_funnelplot
#' @export
meta_labbeplot <- function(x, random = FALSE, fixed = FALSE, common = FALSE, reweighted = FALSE, level = NULL,
                           nometashow = FALSE, subset = NULL, draw = TRUE, ...) {
  check_given(x)
  mc <- match.call()
  check_meta(x, mc)
  if (!x$type %in% c("lnoratio", "lnrratio", "rdiff")) {
    abort_input("x", "must hold log odds-ratios, log risk-ratios or risk differences made by meta_esize()", mc)
  }
  x <- meta_subset(x, mc$subset, parent.frame(), mc)
  o <- meta_graph_options(x, random, fixed, common, level, nometashow, "common", mc)
  p <- meta_pool(x, seq_len(nrow(x$table)), o)
  circles <- if (!check_flag(reweighted, "reweighted", mc)) p else {
    meta_pool(x, seq_len(nrow(x$table)),
              utils::modifyList(o, list(model = "random", method = if (o$model == "random") o$method else "reml")))
  }
  meta_graph_view("meta_labbeplot", x, o, p, meta_labbe_data(x, circles), c("control", "treatment"), list(...), draw,
                  mc)
}

# Event rates of the arms on the scale of the effect; 0.5 is added to the cells of tables with a 0.
meta_labbe_data <- function(m, p) {
  cells <- stats::setNames(unname(m$vars), c("a", "b", "c", "d"))
  zero <- (cells$a == 0 | cells$b == 0 | cells$c == 0 | cells$d == 0) & m$type != "rdiff"
  cells <- lapply(cells, function(v) v + 0.5 * zero)
  rate <- function(e, n) switch(m$type, lnoratio = log(e / n), lnrratio = log(e / (e + n)), e / (e + n))
  data.frame(study = m$table[["_meta_studylabel"]], control = rate(cells$c, cells$d),
             treatment = rate(cells$a, cells$b),
             weight = percent_of(p$weight), stringsAsFactors = FALSE)
}

#' @rdname stata_plots
#' @export
plot.stata_meta_labbeplot <- function(x, ...) {
  ask <- meta_ask(x, ...)
  style <- as_scatter_style(ask$style, scatter_style_stata())
  s <- x$table
  scale <- c(lnoratio = "log odds", lnrratio = "log risk", rdiff = "risk")[[x$meta$type]]
  xa <- stata_axis(c(s$control, s$treatment), style, paste("Control group", scale))
  ya <- stata_axis(c(s$control, s$treatment), style, paste("Treatment group", scale), grid = TRUE)
  ends <- range(xa$at)
  layers <- list(layer_line(ends, ends, "#55752F", style$line_lwd),
                 layer_line(ends, ends + x$pool$est, "#C10534", style$line_lwd, 2),
                 layer_points(s$control, s$treatment, 1, area_cex(s$weight), style$point_col))
  legend <- list(legend_point("Studies", 1, style$point_col), legend_line("No effect", "#55752F", style$line_lwd),
                 legend_line(sub("Estimated", "Estimated effect size", meta_theta_name(x$pool, x$options)), "#C10534",
                             style$line_lwd, 2))
  invisible(stata_graph(layers, xa, ya, list(title = "L'Abb\u00e9 plot"), legend, s, ask, scatter_style_stata()))
}

# Areas proportional to the weights.
area_cex <- function(weight) 0.6 + 2.6 * sqrt(weight / max(weight))
