# What each plot of twoway draws: layers of a figure, its legend entry, and the ranges that the axes must hold.
# Lines of lfit and qfit are the core's least squares.

# One look per plot: colour and symbol in turn, the plot's own words over them.
twoway_looks <- function(plots) {
  at <- cumsum(c(0L, vapply(plots, series_of, 0L)))
  lapply(seq_along(plots), function(i) at[i])
}

# Several y variables of one plot take several looks.
series_of <- function(p) if (p$type %in% c("scatter", "tsline", "line", "connected", "bar", "area", "spike",
  "dropline", "dot")) {
  max(1L, length(p$vars) - 1L)
} else 1L

# list(layers, legend, x, y, titles) of a plot; `first` looks are taken.
plot_layers <- function(p, first, session) {
  second <- !is.null(p$options$yaxis) && any(grepl("2", p$options$yaxis))
  if (!is.null(p$options$xaxis) && any(grepl("2", p$options$xaxis))) abort_unsupported("a second x axis of twoway")
  draw <- switch(p$type, scatter = , line = , connected = , area = , bar = , spike = , dropline = , dot = xy_layers,
                 lfit = , qfit = , lfitci = , qfitci = fit_layers, rcap = , rspike = , rarea = , rbar = , rline = ,
                   rcapsym = ,
                 rscatter = , rconnected = range_layers, `function` = function_layers, histogram = histogram_layers,
                   kdensity = density_layers,
                 lowess = lowess_layers, pcspike = , pcarrow = pair_layers, immediate_layers)
  out <- draw(p, first, session)
  out$second <- second
  out
}

# The look number `k` with the words of the plot.
plot_look <- function(p, k, session_style) {
  o <- p$options
  # pstyle(p2): the look of the second series, whichever the plot is.
  style <- regmatches(trimws(o$pstyle %||% ""), regexec("^p([0-9]+)", trimws(o$pstyle %||% "")))[[1L]]
  place <- if (length(style)) as.integer(style[2L]) - 1L else k
  at <- function(x) x[(place %% length(x)) + 1L]
  word <- function(text, i) {
    words <- regmatches(text, gregexpr("\"[^\"]*\"|\\S+", text))[[1L]]
    if (!length(words)) "" else words[min(i, length(words))]
  }
  col <- at(session_style$group_col)
  i <- k - p$start + 1L
  given <- function(...) for (name in c(...)) if (!is.null(o[[name]])) return(word(o[[name]], i))
  symbol <- stata_symbol(given("msymbol"), at(session_style$group_pch))
  mcol <- stata_colour(given("mcolor", "color", "mlcolor"), col)
  lcol <- stata_colour(given("lcolor", "clcolor", "color", "blcolor"), if (is.null(o$mcolor)) col else mcol)
  fill <- stata_colour(given("fcolor", "bfcolor", "color", "bcolor"), col)
  list(pch = symbol$pch, cex = symbol$cex * stata_size(o$msize), point = mcol, line = lcol, fill = fill,
       lwd = 1.3 * stata_size(given("lwidth", "clwidth", "blwidth")),
       lty = stata_pattern(given("lpattern", "clpattern")))
}

series_title <- function(name, session) {
  label <- variable_label(name, session)
  if (nzchar(label)) label else name
}

plotted_rows <- function(vars, rows, session) {
  rows[stats::complete.cases(do.call(cbind, lapply(session$data[vars], function(x) numeric_operand(x)[rows])))]
}

xy_layers <- function(p, first, session) {
  if (length(p$vars) < 2L) abort_stata("too few variables specified", 102L)
  ys <- utils::head(p$vars, -1L)
  xname <- utils::tail(p$vars, 1L)
  p$start <- first
  style <- session$graph_style
  out <- lapply(seq_along(ys), function(i) {
    rows <- plotted_rows(c(ys[i], xname), p$rows, session)
    x <- session$data[[xname]][rows]
    y <- session$data[[ys[i]]][rows]
    look <- plot_look(p, first + i - 1L, style)
    c(one_series(p, x, y, look, session), list(label = series_title(ys[i], session)),
      list(marks = if (!is.null(p$options$mlabel)) mark_labels(p, rows, x, y, session)))
  })
  flip <- !is.null(p$options$horizontal)
  legend <- Map(function(s, i) legend_of(p$type, s$label, plot_look(p, first + i - 1L, style)), out, seq_along(ys))
  list(layers = c(unlist(lapply(out, `[[`, "layers"), recursive = FALSE),
                  Filter(Negate(is.null), lapply(out, `[[`, "marks"))),
       legend = legend, x = unlist(lapply(out, `[[`, if (flip) "y" else "x")),
       y = unlist(lapply(out, `[[`, if (flip) "x" else "y")),
       xtitle = series_title(xname, session), ytitle = vapply(out, `[[`, "", "label"), xname = xname, yname = ys)
}

one_series <- function(p, x, y, look, session) {
  base <- if (is.null(p$options$base)) 0 else number_word(p$options$base)
  order <- if (!is.null(p$options$sort) || p$type %in% c("bar", "area")) order(x) else seq_along(x)
  joined <- layer_line(x[order], y[order], look$line, look$lwd, look$lty)
  points <- if (!is.na(look$pch)) layer_points(x, y, look$pch, look$cex, look$point)
  connect <- p$type == "scatter" && !is.null(p$options$connect) && !startsWith(trimws(p$options$connect), "i")
  layers <- switch(p$type,
    scatter = c(if (connect) list(joined), list(points)), line = list(joined), connected = list(joined, points),
    area = list(layer_polygon(c(x[order[1L]], x[order], x[order[length(order)]]), c(base, y[order], base), look$fill)),
    bar = bar_polygons(x, rep(base, length(x)), y, p, look),
    spike = list(layer_spikes(x, rep(base, length(x)), y, 0, look$line, look$lwd)),
    dropline = , dot = list(layer_spikes(x, rep(base, length(x)), y, 0, look$line, look$lwd), points))
  grounded <- p$type %in% c("bar", "area", "spike", "dropline", "dot")
  half <- if (p$type == "bar") bar_width(x, p) / 2 else 0
  list(layers = if (!is.null(p$options$horizontal)) lapply(layers, turned_layer) else layers,
       x = c(x - half, x + half), y = c(y, if (grounded) base))
}

turned_layer <- function(layer) {
  if (layer$type == "points") layer$data[c("x", "y")] <- layer$data[c("y", "x")]
  else if (layer$type == "spikes") layer <- list(type = "line", x = as.vector(rbind(layer$lo, layer$hi, NA)),
    y = rep(layer$x, each = 3L), col = layer$col, lwd = layer$lwd, lty = 1)
  else layer[c("x", "y")] <- layer[c("y", "x")]
  layer
}

bar_width <- function(x, p) {
  if (!is.null(p$options$barwidth)) return(number_word(p$options$barwidth))
  gaps <- diff(sort(unique(x)))
  if (length(gaps)) min(gaps) else 1
}

bar_polygons <- function(x, lo, hi, p, look) {
  half <- bar_width(x, p) / 2
  Map(function(x, lo, hi) layer_polygon(x + half * c(-1, 1, 1, -1), c(lo, lo, hi, hi), look$fill, look$line), x, lo, hi,
      USE.NAMES = FALSE)
}

# mlabel(v): its values beside the points, on the side that mlabposition() asks for.
mark_labels <- function(p, rows, x, y, session) {
  label <- shown_value(find_stata_variable(plain_words(p$options$mlabel)[1L], session), session, rows)
  position <- suppressWarnings(as.numeric(c(p$options$mlabposition, "3")[1L]))
  layer_labels(x, y, label, if (isTRUE(position %in% 6:11)) "left" else "right")
}

legend_of <- function(type, label, look) {
  switch(type, line = , spike = , lfit = , qfit = , rspike = , rcap = , `function` = ,
         rline = legend_line(label, look$line, look$lwd, look$lty),
         area = , bar = , rarea = , rbar = , histogram = , lfitci = legend_fill(label, look$fill, look$line),
         legend_point(label, if (is.na(look$pch)) 46 else look$pch, look$point))
}

# ---- fitted lines and functions ----------------------------------------------------------------

fit_layers <- function(p, first, session) {
  if (length(p$vars) != 2L) abort_stata("two variables needed", 102L + (length(p$vars) > 2L))
  rows <- plotted_rows(p$vars, p$rows, session)
  y <- session$data[[p$vars[1L]]][rows]
  x <- session$data[[p$vars[2L]]][rows]
  p$start <- first
  look <- plot_look(p, first, session$graph_style)
  X <- cbind(1, x, if (p$type %in% c("qfit", "qfitci")) x^2)
  w <- if (is.null(p$weight)) rep(1, length(x)) else numeric_operand(evaluate_column(p$weight$tokens, session))[rows]
  fit <- call_core(cpp_regression_lm(y, X, w, session$level / 100))
  range <- if (is.null(p$options$range)) range(x) else option_numbers(p$options$range)
  at <- seq(range[1L], range[2L], length.out = 100L)
  A <- cbind(1, at, if (p$type %in% c("qfit", "qfitci")) at^2)
  value <- drop(A %*% fit$beta)
  layers <- list(layer_line(at, value, look$line, look$lwd, look$lty))
  legend <- list(legend_of("lfit", "Fitted values", look))
  ends <- value
  if (p$type %in% c("lfitci", "qfitci")) {
    reach <- critical_value(session$level / 100, fit$df.residual) * sqrt(rowSums((A %*% fit$vb) * A))
    grey <- stata_colour(c(p$options$fcolor, p$options$acolor)[1L], "#D0D0D0")
    layers <- c(list(layer_polygon(c(at, rev(at)), c(value - reach, rev(value + reach)), grey)), layers)
    legend <- list(legend_fill(sprintf("%s%% CI", trimws(stata_general(session$level, 9L))), grey), legend[[1L]])
    ends <- c(value - reach, value + reach)
  }
  list(layers = layers, legend = legend, x = at, y = ends, xtitle = series_title(p$vars[2L], session),
       ytitle = "Fitted values",
       xname = p$vars[2L], yname = character())
}

function_layers <- function(p, first, session) {
  p$start <- first
  look <- plot_look(p, first, session$graph_style)
  range <- if (is.null(p$options$range)) c(0, 1) else option_numbers(p$options$range)
  n <- if (is.null(p$options$n)) 300L else as.integer(number_word(p$options$n))
  if (length(range) != 2L || is.na(n) || n < 2L || n > 100000L) abort_stata("range() or n() invalid", 198L)
  inner <- new_session(data.frame(x = seq(range[1L], range[2L], length.out = n)))
  inner$scalars <- session$scalars
  inner$r <- session$r
  inner$e <- session$e
  inner$matrices <- session$matrices
  inner$data$x <- seq(range[1L], range[2L], length.out = n)
  y <- numeric_operand(evaluate_column(tokenize(p$expression), inner))
  use <- !is.na(y)
  list(layers = list(layer_line(inner$data$x[use], y[use], look$line, look$lwd, look$lty)),
       legend = list(legend_of("function", "y", look)), x = inner$data$x, y = y[use], xtitle = "x", ytitle = "y",
       xname = "x",
       yname = character())
}

# ---- ranges and immediate plots ----------------------------------------------------------------

range_layers <- function(p, first, session) {
  if (length(p$vars) != 3L) abort_stata("three variables needed: y1 y2 x", 102L + (length(p$vars) > 3L))
  rows <- plotted_rows(p$vars, p$rows, session)
  lo <- session$data[[p$vars[1L]]][rows]
  hi <- session$data[[p$vars[2L]]][rows]
  x <- session$data[[p$vars[3L]]][rows]
  p$start <- first
  look <- plot_look(p, first, session$graph_style)
  flip <- !is.null(p$options$horizontal)
  order <- if (!is.null(p$options$sort) || p$type %in% c("rarea", "rline")) order(x) else seq_along(x)
  points <- list(layer_points(c(x, x), c(lo, hi), look$pch, look$cex, look$point))
  layers <- switch(p$type,
    rcap = list(if (flip) capped_rows(x, lo, hi, look) else layer_spikes(x, lo, hi, 0.08, look$line, look$lwd)),
    rspike = list(layer_spikes(x, lo, hi, 0, look$line, look$lwd)),
    rcapsym = c(list(layer_spikes(x, lo, hi, 0, look$line, look$lwd)), points),
    rarea = list(layer_polygon(c(x[order], rev(x[order])), c(lo[order], rev(hi[order])), look$fill)),
    rbar = bar_polygons(x, lo, hi, p, look), rscatter = points,
    rconnected = c(list(layer_line(x[order], lo[order], look$line, look$lwd, look$lty),
                        layer_line(x[order], hi[order], look$line, look$lwd, look$lty)), points),
    rline = list(layer_line(x[order], lo[order], look$line, look$lwd, look$lty),
                 layer_line(x[order], hi[order], look$line, look$lwd, look$lty)))
  if (flip && p$type != "rcap") layers <- lapply(layers, turned_layer)
  label <- paste(series_title(p$vars[1L], session), series_title(p$vars[2L], session), sep = "/")
  values <- list(x = x, y = c(lo, hi))
  list(layers = layers, legend = list(legend_of(p$type, label, look)), x = values[[if (flip) "y" else "x"]],
       y = values[[if (flip) "x" else "y"]], xtitle = if (flip) label else series_title(p$vars[3L], session),
       ytitle = if (flip) series_title(p$vars[3L], session) else label, xname = if (flip) "" else p$vars[3L],
       yname = character())
}

# Capped intervals from left to right; the caps are a fiftieth of the rows' span high.
capped_rows <- function(y, lo, hi, look) {
  half <- max(diff(range(y)), 1) / 60
  x <- as.vector(rbind(lo, lo, NA, lo, hi, NA, hi, hi, NA))
  up <- as.vector(rbind(y - half, y + half, NA, y, y, NA, y - half, y + half, NA))
  layer_line(x, up, look$line, look$lwd, look$lty)
}

immediate_layers <- function(p, first, session) {
  p$start <- first
  look <- plot_look(p, first, session$graph_style)
  v <- p$numbers$value
  if (p$type == "scatteri") {
    if (length(v) %% 2L) abort_stata("scatteri: y x expected", 198L)
    m <- matrix(v, ncol = 2L, byrow = TRUE)
    kind <- trimws(p$options$recast %||% "")
    joined <- kind %in% c("line", "connected") || nzchar(p$options$connect %||% "")
    layers <- list(if (joined) layer_line(m[, 2L], m[, 1L], look$line, look$lwd, look$lty) else if (kind == "area")
      layer_polygon(c(m[1L, 2L], m[, 2L], m[nrow(m), 2L]), c(0, m[, 1L], 0), look$fill),
                   if (!kind %in% c("line", "area")) layer_points(m[, 2L], m[, 1L], look$pch, look$cex, look$point),
                   if (length(p$numbers$label)) layer_labels(m[, 2L], m[, 1L], rep_len(p$numbers$label, nrow(m))))
    return(list(layers = Filter(Negate(is.null), layers), legend = list(legend_of(if (joined) "line" else "scatter",
      "y", look)), x = m[, 2L],
                y = m[, 1L], xtitle = "x",
                ytitle = "y", xname = "", yname = character()))
  }
  if (length(v) %% 4L) abort_stata("pci: y1 x1 y2 x2 expected", 198L)
  m <- matrix(v, ncol = 4L, byrow = TRUE)
  lines <- lapply(seq_len(nrow(m)), function(i) layer_line(m[i, c(2L, 4L)], m[i, c(1L, 3L)], look$line, look$lwd,
                                                           look$lty))
  list(layers = lines, legend = list(legend_of("line", "y/yb", look)), x = m[, c(2L, 4L)], y = m[, c(1L, 3L)],
       xtitle = "x",
       ytitle = "y", xname = "", yname = character())
}

# ---- histogram ---------------------------------------------------------------------------------

# Bins of equal width: min(sqrt(n), 10 log10(n)) of them, or bin(), width(), start(), discrete.
histogram_layers <- function(p, first, session) {
  x <- numeric_operand(session$data[[p$vars[1L]]])[p$rows]
  x <- x[!is.na(x)]
  if (!length(x)) abort_stata("no observations", 2000L)
  p$start <- first
  o <- p$options
  look <- plot_look(p, first, session$graph_style)
  bins <- histogram_bins(x, o)
  n <- tabulate(findInterval(x, bins$breaks, rightmost.closed = TRUE), length(bins$breaks) - 1L)
  kind <- c(intersect(names(o), c("frequency", "fraction", "percent")), "density")[1L]
  height <- switch(kind, frequency = n, fraction = n / sum(n), percent = 100 * n / sum(n), n / sum(n) / bins$width)
  left <- utils::head(bins$breaks, -1L)
  right <- bins$breaks[-1L]
  fill <- if (is.null(o$fcolor) && is.null(o$color)) "#CAC27E" else look$fill
  edge <- stata_colour(c(o$lcolor, o$blcolor)[1L], "#55501F")
  bars <- Map(function(a, b, h) layer_polygon(c(a, b, b, a), c(0, 0, h, h), fill, edge), left, right, height,
              USE.NAMES = FALSE)
  if (!is.null(o$normal)) bars <- c(bars, list(normal_over(x, kind, bins$width)))
  title <- c(density = "Density", frequency = "Frequency", fraction = "Fraction", percent = "Percent")[[kind]]
  emit(session, sprintf("(bin=%d, start=%s, width=%s)", length(n), trimws(stata_general(bins$breaks[1L], 9L)),
                        trimws(stata_general(bins$width, 9L))))
  list(layers = bars, legend = list(legend_fill(title, fill, edge)), x = bins$breaks, y = c(0, height),
       xtitle = series_title(p$vars[1L], session), ytitle = title, xname = p$vars[1L], yname = character())
}

histogram_bins <- function(x, o) {
  if (!is.null(o$discrete)) {
    values <- sort(unique(x))
    width <- if (length(values) > 1L) min(diff(values)) else 1
    start <- values[1L] - width / 2
    k <- round((max(x) - values[1L]) / width) + 1L
    return(list(breaks = start + width * (0:k), width = width))
  }
  start <- if (is.null(o$start)) min(x) else number_word(o$start)
  span <- max(x) - start
  if (!is.null(o$width)) {
    width <- number_word(o$width)
    k <- max(1, ceiling(span / width - 1e-9))
  } else {
    k <- if (is.null(o$bin)) max(1, trunc(min(sqrt(length(x)), 10 * log10(length(x))))) else number_word(o$bin)
    width <- if (span > 0) span / k else 1
  }
  if (is.na(k) || k < 1 || k > 10000) abort_stata("bin() or width() invalid", 198L)
  list(breaks = start + width * (0:k), width = width)
}

normal_over <- function(x, kind, width) {
  at <- seq(min(x), max(x), length.out = 100L)
  scale <- switch(kind, frequency = length(x) * width, fraction = width, percent = 100 * width, 1)
  layer_line(at, stats::dnorm(at, mean(x), stats::sd(x)) * scale, "#1A476F", 1.3)
}
