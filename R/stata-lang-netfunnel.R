# netfunnel: the comparison-adjusted funnel plot. Source: Chaimani & Salanti (2012) Res Synth Methods 3:161;
# Chaimani et al. (2013) PLoS ONE 8:e76654; help of netfunnel. Oracle: metan of each comparison.

netfunnel_options <- c(fixed = "fixed", random = "random", bycomparison = "bycomp", addplot = "add",
    scatteroptions = "scat",
                       noci = "noci", order = "ord", noalpha = "noalph")

# netfunnel es se t1 t2 [if] [in] [, fixed|random bycomparison addplot() order() noalpha noci ...]
run_netfunnel <- function(command, session, rows) {
  given <- figure_options(command, netfunnel_options)
  o <- given$o
  words <- given$words
  method <- c(fixed = "FE", random = "DL")[[only_one_of(o, c("fixed", "random"))]]
  p <- netgraph_pairs(command, session, rows, c("es", "se", "t1", "t2"))
  f <- netfunnel_centred(p, o, method)
  x <- rep(NA_real_, session$n)
  x[p$rows] <- f$x
  store_variable(session, "_ES_CEN", x, "double", "Effect size centred at the summary of its comparison")
  session$r <- list(N = length(f$x), comparisons = length(f$names))
  figure <- netfunnel_figure(f, p$se, o, words, session)
  add_graph(restyled(figure_with_page(figure, words), words), list(name = words$name), session)
}

# Studies of a comparison in one direction, less its summary: the treatment that comes first in the order against
# the other one; noalpha takes the direction of the comparison's first row.
netfunnel_centred <- function(p, o, method) {
  if (!is.null(o$order) && !is.null(o$noalpha)) abort_stata("only one of order() and noalpha may be specified", 198L)
  place <- seq_along(p$codes)
  if (!is.null(o$order)) place[netgraph_order(o$order, p$codes, "order")] <- seq_along(p$codes)
  k <- netgraph_comparisons(p)
  one <- if (is.null(o$noalpha)) ifelse(place[k$a] < place[k$b], k$a, k$b) else p$a[match(seq_along(k$a), k$of)]
  x <- ifelse(p$a == one[k$of], p$y, -p$y)
  for (i in seq_along(one)) {
    at <- which(k$of == i)
    x[at] <- x[at] - fit_estimates(x[at], p$se[at]^2, method)$beta[[1L]]
  }
  list(x = x, of = k$of, names = sprintf("%s vs %s", p$codes[one], p$codes[k$a + k$b - one]))
}

netfunnel_figure <- function(f, se, o, words, session) {
  style <- scatter_style_stata()
  looks <- part_words(o$scatteroptions)
  symbol <- stata_symbol(looks$msymbol %||% "", 19)
  n <- length(f$names)
  look <- if (is.null(o$bycomparison)) list(col = stata_colour(looks$mcolor %||% "", stata_colours[1L]),
      pch = symbol$pch) else
    list(col = rep_len(stata_colours, n), pch = rep_len(rep(stata_symbols, each = length(stata_colours)), n))
  cex <- symbol$cex * stata_size(looks$msize)
  mark <- function(v) if (length(v) == 1L) v else v[f$of]
  points <- layer_points(f$x, se, mark(look$pch), cex, mark(look$col))
  most <- max(se)
  reach <- if (is.null(o$noci)) critical_value(0.95) * most else 0
  x <- stata_axis(c(f$x, -reach, reach), style, "Effect size centred at comparison-specific pooled effect")
  y <- stata_axis(c(0, se), style, "Standard error of effect size", n = 4, grid = TRUE, reverse = TRUE)
  y$limits <- c(max(y$limits, most * 1.03), min(y$limits))
  limits <- if (is.null(o$noci)) lapply(c(-1, 1), function(s) layer_line(c(0, s * reach), c(0, most), "#000000", 1,
      "44"))
  added <- netfunnel_added(o$addplot, session)
  legend <- c(if (!is.null(o$bycomparison)) Map(legend_point, f$names, look$pch, look$col, USE.NAMES = FALSE),
      added$legend)
  layers <- c(list(layer_line(c(0, 0), c(0, most), "#C10534", 1.3)), limits, added$layers, list(points))
  new_figure(layers, x, y, list(), legend, style, data.frame(x = f$x, y = se, comparison = f$names[f$of]),
             c(6.2, 4.6 + 0.22 * if (is.null(o$bycomparison)) 0 else ceiling(n / 6)))
}

# addplot(): plots of twoway on the data with _ES_CEN.
netfunnel_added <- function(text, session) {
  if (is.null(text)) return(NULL)
  parts <- twoway_parts(text, NULL)
  plots <- Filter(Negate(is.null), lapply(parts$plots, read_plot, session = session, whole = parts$clauses))
  style <- session$graph_style
  on.exit(session$graph_style <- style)
  session$graph_style <- scheme_style(session$scheme)
  found <- Map(plot_layers, plots, lapply(seq_along(plots), function(i) i + 1L), MoreArgs = list(session = session))
  list(layers = unlist(lapply(found, `[[`, "layers"), recursive = FALSE),
       legend = unlist(lapply(found, `[[`, "legend"), recursive = FALSE))
}
