# Owns what each Stata graph shows, as layers of a figure: metabias6 (Egger, Begg), metafunnel, galbr, metatrim,
# metainf. Numbers come in finished; only straight lines are made here. Source: the commands' help files and
# published figures.

# What all of them share. `...` of a graph: title, subtitle, xtitle, ytitle, xlabel, ylabel (ticks), labels,
# legend (FALSE for none), style, draw, lang.
stata_graph <- function(layers, x, y, words, legend, data, ask, default = scatter_style_stata7(), size = NULL) {
  style <- as_scatter_style(ask$style, default)
  for (word in intersect(c("title", "subtitle"), names(ask))) words[word] <- ask[word]
  if (!is.null(ask$xtitle)) x$title <- ask$xtitle
  if (!is.null(ask$ytitle)) y$title <- ask$ytitle
  x <- with_ticks(x, ask$xlabel)
  y <- with_ticks(y, ask$ylabel)
  if (isFALSE(ask$legend)) legend <- NULL
  y$grid <- y$grid && !is.na(style$grid_col)
  if (!is.null(ask$labels)) layers <- c(layers, list(layer_labels(data$x, data$y, ask$labels)))
  with_language(ask$lang, {
    figure <- new_figure(layers, x, y, words, legend, style, data, if (is.null(size)) style$size else size)
    if (!isFALSE(ask$draw)) draw_figure(figure)
  })
  if (isFALSE(ask$draw)) figure else invisible(figure)
}

# xlabel() and ylabel(): the given ticks, and room for them. `place` brings them to the axis.
with_ticks <- function(axis, ticks) {
  if (is.null(ticks)) return(axis)
  ticks <- check_numeric_vector(ticks, "xlabel")
  at <- if (is.null(axis$place)) ticks else axis$place(ticks)
  keep <- is.finite(at)
  wide <- range(axis$limits, at[keep])
  axis$limits <- if (axis$limits[1L] > axis$limits[2L]) rev(wide) else wide
  axis[c("at", "labels")] <- list(at[keep], format_tick_stata(ticks[keep]))
  axis
}

stata_asked <- function(...) {
  ask <- list(...)
  known <- c("title", "subtitle", "xtitle", "ytitle", "xlabel", "ylabel", "labels", "legend", "style",
             "draw", "size", "lang")
  if (length(ask) && (is.null(names(ask)) || !all(names(ask) %in% known))) {
    abort_input("...", sprintf("must hold only %s", paste(known, collapse = ", ")))
  }
  ask
}

# The look's own drawing of study marks and of straight lines.
stata_points <- function(x, y, style, pch = style$pch) layer_points(x, y, pch, 1, style$point_col, style$point_bg)

stata_line <- function(x, y, style, lty = 1) layer_line(x, y, style$line_col, style$line_lwd, lty)

# Ticks at round numbers that enclose the values, as Stata's automatic axes do.
stata_axis <- function(values, style, title = NULL, n = 5, grid = FALSE, reverse = FALSE) {
  at <- pretty(values, n)
  limits <- expand_limits(range(at), style$expand)
  new_axis(if (reverse) rev(limits) else limits, at, style$format_tick(at), title, grid = grid)
}

# An axis with given ticks only; equal ones are shown once.
stata_exact_axis <- function(at, format, style, title = NULL, expand = style$expand, horizontal = NULL) {
  at <- sort(unique(at))
  limits <- range(at)
  if (limits[1L] == limits[2L]) limits <- limits + c(-0.5, 0.5)
  new_axis(expand_limits(limits, expand), at, format(at), title, crowded = "spread", horizontal = horizontal)
}

stata_graph_egger <- function(z, precision, slope, bias, bias_ci = NULL, ...) {
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata7())
  ends <- c(0, max(precision))
  fitted <- bias + slope * ends
  x <- stata_axis(c(0, precision), style, "precision")
  y <- stata_axis(c(0, z, fitted, bias_ci), style, "standardized effect")
  interval <- if (length(bias_ci) == 2L && !anyNA(bias_ci)) {
    layer_spikes(0, bias_ci[1L], bias_ci[2L], cap = 0.16, style$line_col, 1.5 * style$line_lwd)
  }
  layers <- list(stata_line(x$limits, c(0, 0), style, 3), stata_line(c(0, 0), y$limits, style, 3),
                 stata_line(ends, fitted, style), interval, stata_points(precision, z, style))
  legend <- if (isTRUE(ask$legend)) {
    list(legend_point("Study", style$pch, style$point_col, style$point_bg),
         legend_line("regression line", style$line_col, style$line_lwd),
         if (!is.null(interval)) legend_line("95% CI for intercept", style$line_col, 2 * style$line_lwd))
  }
  stata_graph(layers, x, y, list(title = "Egger's publication bias plot"), Filter(Negate(is.null), legend),
              data.frame(x = precision, y = z), ask)
}

# The regression of metabias 2009: labels at -2, 0 and 2, the interval of the intercept as a capped spike at 0.
stata_graph_metabias <- function(data, line, names, ...) {
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata())
  ends <- c(0, max(data$x))
  fitted <- if (!is.null(line)) line$bias$b + line$slope * ends
  ci <- if (!is.null(line) && !is.na(line$bias$lo)) c(line$bias$lo, line$bias$hi)
  x <- stata_axis(c(0, data$x), style, names[1L])
  y <- new_axis(expand_limits(range(data$y, fitted, ci, -2, 2), style$expand), c(-2, 0, 2), c("-2", "0", "2"),
                names[2L],
                grid = TRUE)
  layers <- list(layer_line(x$limits, c(0, 0), style$text_col, style$line_lwd), stata_points(data$x, data$y, style),
                 if (!is.null(fitted)) layer_line(ends, fitted, stata_colours[2L], style$line_lwd),
                 if (!is.null(ci)) layer_spikes(0, ci[1L], ci[2L], cap = 0.16, stata_colours[3L], 1.5 * style$line_lwd))
  legend <- if (!is.null(line) && !isFALSE(ask$legend)) {
    c(list(legend_point("Study", style$pch, style$point_col, style$point_bg),
           legend_line("regression line", stata_colours[2L], style$line_lwd)),
      if (!is.null(ci)) list(legend_line(sprintf("%s%% CI for intercept", format(100 * line$level)), stata_colours[3L],
                                         2 * style$line_lwd)))
  }
  stata_graph(Filter(Negate(is.null), layers), x, y, list(), legend, data.frame(x = data$x, y = data$y), ask,
              scatter_style_stata())
}

stata_graph_begg <- function(theta, se, pooled, level = 95, gweight = FALSE, ...) {
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata7())
  marks <- if (gweight) layer_points(se, theta, style$pch, bubble_cex(1 / se^2), style$point_col, style$point_bg)
  else stata_points(se, theta, style)
  side_funnel(theta, se, pooled, level, marks, NULL, ask,
              c("Begg's funnel plot with pseudo %s%% confidence limits", "theta", "s.e. of: theta"))
}

stata_graph_metatrim <- function(theta, se, filled, pooled, level = 95, ...) {
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata7())
  filled <- as.logical(filled)
  marks <- layer_points(c(se, se[filled]), c(theta, theta[filled]), rep(c(style$pch, 0), c(length(se), sum(filled))),
                        rep(c(1, 1.7), c(length(se), sum(filled))), style$point_col)
  legend <- if (any(filled)) {
    list(legend_point("observed", style$pch, style$point_col),
         legend_point("filled", c(style$pch, 0), style$point_col, cex = c(1, 1.7)))
  }
  side_funnel(theta, se, pooled, level, marks, legend, ask,
              c("Filled funnel plot with pseudo %s%% confidence limits", "theta, filled", "s.e. of: theta, filled"))
}

# The funnel on its side of Stata 7: effect against standard error, limits spreading from the pooled estimate at 0.
side_funnel <- function(theta, se, pooled, level, marks, legend, ask, words) {
  style <- as_scatter_style(ask$style, scatter_style_stata7())
  level <- check_stata_level(level)
  x <- stata_axis(c(0, se), style, words[3L])
  ends <- c(0, max(se))
  reach <- critical_value(level) * ends
  y <- stata_axis(c(theta, pooled - reach, pooled + reach), style, words[2L])
  layers <- list(stata_line(ends, pooled - reach, style), stata_line(ends, pooled + reach, style),
                 stata_line(ends, c(pooled, pooled), style), marks)
  stata_graph(layers, x, y, list(title = sprintf(words[1L], formatC(100 * level, format = "g"))), legend,
              data.frame(x = se, y = theta), ask)
}

# `egger`: c(slope, bias) of Egger's regression, drawn as theta = slope + bias * se. `by`: one symbol per group.
stata_graph_metafunnel <- function(theta, se, pooled, by = NULL, eform = FALSE, egger = NULL, reverse = FALSE,
                                   lines = TRUE, ...) {
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata())
  ends <- c(0, max(se))
  reach <- 1.96 * ends
  x <- stata_axis(c(theta, pooled - reach, pooled + reach), style, if (eform) "exp(theta), log scale" else "theta")
  if (eform) {
    x$at <- axis_ticks(x$limits, NA, atransf = exp, fixed = TRUE)$candidates[[1L]]$at
    x$labels <- style$format_tick(exp(x$at))
    x$place <- log
  }
  y <- stata_axis(c(0, se), style, "s.e. of theta", n = 4, grid = TRUE, reverse = !reverse)
  marks <- group_marks(theta, se, by, style)
  fitted <- if (!is.null(egger)) layer_line(egger[1L] + egger[2L] * ends, ends, "#90353B", style$line_lwd)
  limits <- if (lines) list(stata_line(pooled - reach, ends, style, 2), stata_line(pooled + reach, ends, style, 2),
                            stata_line(c(pooled, pooled), ends, style))
  layers <- c(limits, list(fitted), marks$layers)
  stata_graph(layers, x, y, list(subtitle = if (lines) "Funnel plot with pseudo 95% confidence limits"), marks$legend,
              data.frame(x = theta, y = se), ask, scatter_style_stata())
}

group_marks <- function(x, y, by, style) {
  if (is.null(by)) return(list(layers = list(stata_points(x, y, style)), legend = NULL))
  by <- addNA(factor(by), ifany = TRUE)
  levels(by)[is.na(levels(by))] <- "."
  pch <- rep_len(style$group_pch, nlevels(by))
  col <- rep_len(style$group_col, nlevels(by))
  group <- as.integer(by)
  list(layers = list(layer_points(x, y, pch[group], 1, col[group])),
       legend = Map(legend_point, levels(by), pch, col, USE.NAMES = FALSE))
}

stata_graph_galbr <- function(theta, se, labels = NULL, slope, ...) {
  ask <- stata_asked(labels = labels, ...)
  style <- as_scatter_style(ask$style, scatter_style_stata7())
  precision <- 1 / se
  b <- theta / se
  ends <- c(0, max(precision))
  fitted <- slope * ends
  x <- stata_exact_axis(ends, style$format_tick, style, "1/se(b)")
  y <- stata_exact_axis(c(min(b), -2, 0, 2, max(b)), style$format_tick, style, "b/se(b)", horizontal = TRUE)
  y$limits <- expand_limits(range(b, -2, 2, fitted + 2, fitted - 2), style$expand)
  layers <- list(stata_line(ends, fitted, style), stata_line(ends, fitted + 2, style),
                 stata_line(ends, fitted - 2, style), stata_points(precision, b, style))
  legend <- list(legend_point("b/se(b)", style$pch, style$point_col, style$point_bg),
                 legend_line("Fitted values", style$line_col, style$line_lwd))
  stata_graph(layers, x, y, list(), legend, data.frame(x = precision, y = b), ask)
}

stata_graph_metainf <- function(labels, est, lo, hi, combined, eform = FALSE, ...) {
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata7())
  show <- if (eform) exp else identity
  rows <- data.frame(x = show(est), lo = show(lo), hi = show(hi), y = seq_along(est))
  all <- show(combined)
  x <- stata_exact_axis(c(min(rows$lo), all[c(2L, 1L, 3L)], max(rows$hi)), function(v) sprintf("%.2f", v), style,
                        expand = 0.02)
  x$limits <- expand_limits(range(rows$lo, rows$hi, all), 0.02)
  y <- new_axis(c(nrow(rows) + 0.6, 0.4), rows$y, as.character(labels), crowded = "shrink", ticks = FALSE,
                horizontal = TRUE)
  upright <- lapply(all, function(at) stata_line(c(at, at), y$limits, style))
  joined <- Map(function(lo, hi, at) stata_line(c(lo, hi), c(at, at), style, 3), rows$lo, rows$hi, rows$y)
  bars <- layer_points(c(rows$lo, rows$hi), rep(rows$y, 2L), "|", 0.8, style$point_col)
  legend <- list(legend_point("Lower CI Limit", "|", style$point_col), legend_point("Estimate", 1, style$point_col),
                 legend_point("Upper CI Limit", "|", style$point_col))
  layers <- c(upright, joined, list(bars, layer_points(rows$x, rows$y, 1, 0.9, style$point_col, "white")))
  stata_graph(layers, x, y, list(title = "Meta-analysis estimates, given named study is omitted"), legend,
              rows, ask, size = metainf_size(labels, style))
}

# xlabel(.1 "a tenth" 1 "one" 10): ticks with texts of their own as names; NULL where there are none.
ticks_with_texts <- function(text) {
  text <- sub(",\\s*[a-z][^\"]*$", "", text)
  one <- "([-+]?[0-9]*[.]?[0-9]+(?:e[-+]?[0-9]+)?)(?:\\s+(?:`\"([^\"]*)\"'|\"([^\"]*)\"))?"
  if (!grepl(sprintf("^\\s*(?:%s\\s*)+$", one), text, perl = TRUE) || !grepl("\"", text, fixed = TRUE)) return(NULL)
  parts <- regmatches(text, gregexpr(one, text, perl = TRUE))[[1L]]
  number <- trimws(sub("[`\"].*$", "", parts))
  label <- ifelse(grepl("\"", parts), gsub("^[^\"]*\"|\"'?$", "", parts), number)
  stats::setNames(as.numeric(number), label)
}
