# Owns the plot of gosh(): pooled estimates against a measure of heterogeneity with the distributions of both beside the
# panel, or a matrix of all coefficients. Points that fall into the same cell of a fine grid are drawn once.

#' Plot of a GOSH analysis
#'
#' @param x a result of [gosh()].
#' @param het measure of heterogeneity on the y axis: `"I2"`, `"H2"`, `"QE"`, `"tau2"` or `"tau"`.
#' @param pch,cex symbol and its size.
#' @param out number of a study: subsets with it and without it have different colours.
#' @param col colour of the points; with `out`, two: with the study and without it.
#' @param alpha opacity of the points, 0 to 1.
#' @param border colour of the borders of the bars; `FALSE` for none.
#' @param xlim,ylim axis limits; by default the ends of the bars.
#' @param xhist,yhist draw the distributions above and beside the panel?
#' @param hh their height as a share of the plot, one or two numbers.
#' @param breaks as in [hist()]; `adjust` is the factor of the bandwidth of the density, `lwd` its line width (0: none).
#' @param adjust,lwd see `breaks`.
#' @param labels axis titles: two, or one per panel of the matrix.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty`, `xaxt`, `yaxt` as in [graphics::par()]. Other
#'   arguments are ignored with a warning.
#' @return The figure, invisibly; [save_figure()] writes it to a file.
#' @details For a model with moderators a matrix of scatter plots of all coefficients and of `het` is drawn, with their
#' distributions on the diagonal. Errors are of class `metaparity_error_input`.
#' @section In other software: \pkg{metafor}: `plot.gosh.rma()`.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.8),
#'            c(0.33, 0.19, 0.41, 0.02, 0.05, 0.01), method = "FE")
#' plot(gosh(fit, progbar = FALSE), out = 6)
#' @export
plot.metaparity_gosh <- function(x, het = "I2", pch = 16, cex = 0.5, out = NULL, col = NULL, alpha = NULL,
                                 border = "white",
                                 xlim = NULL, ylim = NULL, xhist = TRUE, yhist = TRUE, hh = 0.3,
                                 breaks = "Sturges", adjust = 1,
                                 lwd = 2, labels = NULL, style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call)
  check_choice(het, c("I2", "H2", "QE", "tau2", "tau"), "het", call)
  if (het %in% c("tau2", "tau") && x$method %in% c(common_methods, "MH", "PETO")) {
    abort_input("het", "must be \"I2\", \"H2\" or \"QE\" for a common-effect model", call)
  }
  style <- wished_style(sized_style(style, c(6.5, 6), call), list(...), call = call)
  if (!is.numeric(hh) || !length(hh)) abort_input("hh", sprintf("must be numeric, not %s", describe(hh)), call)
  if (!is.null(labels) && !(is.character(labels) && all(validUTF8(labels))))
    abort_input("labels", sprintf("must be text, not %s", describe(labels)), call)
  hh <- rep_len(vapply(hh, check_number, 0, arg = "hh", lower = 0.02, upper = 0.8, call = call), 2L)
  ask <- list(het = het, pch = pch, cex = cex, colours = gosh_colours(x, out, col, alpha, call), out = out,
              border = border,
              xlim = xlim, ylim = ylim, hist = c(check_flag(xhist, "xhist", call), check_flag(yhist, "yhist", call)),
              hh = hh,
              breaks = breaks, adjust = adjust, lwd = lwd, labels = labels, title = own_text(list(...)$main))
  figure <- with_language(lang, if (isTRUE(x$int.only)) gosh_figure(x, ask, style, call) else
                          gosh_matrix(x, ask, style, call))
  if (check_flag(draw, "draw", call)) with_language(lang, draw_figure(figure))
  invisible(figure)
}

gosh_colours <- function(x, out, col, alpha, call) {
  if (!is.null(out)) check_number(out, "out", 1, x$k, call)
  if (is.null(col)) col <- if (is.null(out)) "black" else c("red", "blue")
  if (!is.null(out) && length(col) != 2L) abort_input("col", "must be two colours with `out`", call)
  if (is.null(alpha)) alpha <- min(1, max(0.05, 40 / sqrt(nrow(x$res))))
  grDevices::adjustcolor(col, check_number(alpha, "alpha", 0, 1, call))
}

# With `out`, the subsets with the study first: 1, without it: 2.
gosh_group <- function(x, out) if (is.null(out)) rep(1L, nrow(x$res)) else ifelse(x$incl[, out], 1L, 2L)

# One point for all that fall into the same cell of a grid of 500 x 500; as opaque as they are together.
thinned_points <- function(x, y, group, ask) {
  fine <- is.finite(x) & is.finite(y)
  x <- x[fine]
  y <- y[fine]
  group <- group[fine]
  if (length(x) > 20000L) {
    cell <- function(v) if (diff(range(v)) > 0) floor((v - min(v)) / diff(range(v)) * 499.999) else rep(0, length(v))
    key <- (cell(x) * 500 + cell(y)) * 2 + group
    first <- !duplicated(key)
    times <- tabulate(match(key, key[first]))
    x <- x[first]
    y <- y[first]
    group <- group[first]
    opacity <- grDevices::col2rgb(ask$colours, alpha = TRUE)[4L, ] / 255
    plain <- grDevices::rgb(t(grDevices::col2rgb(ask$colours)), maxColorValue = 255)
    ask$colours <- Map(grDevices::adjustcolor, plain[group], round(1 - (1 - opacity[group])^pmin(times, 50), 2))
    return(layer_points(x, y, ask$pch, ask$cex, unlist(ask$colours, use.names = FALSE), NA))
  }
  layer_points(x, y, ask$pch, ask$cex, ask$colours[group], NA)
}

gosh_title <- function(x, name) {
  if (name == "estimate") return(axis_label_of(x$measure))
  switch(name, I2 = quote(I^2), H2 = quote(H^2), QE = quote(Q), tau2 = quote(tau^2), tau = quote(tau), name)
}

gosh_figure <- function(x, ask, style, call) {
  estimate <- x$res$estimate
  het <- x$res[[ask$het]]
  titles <- if (is.null(ask$labels)) list(gosh_title(x, "estimate"), gosh_title(x, ask$het)) else
    as.list(rep_len(ask$labels, 2L))
  bars <- list(margin_bars(estimate, ask), margin_bars(het, ask))
  ends <- function(bars) c(bars$from, bars$to)
  xlim <- shown_limits(ends(bars[[1L]]), ask$xlim, "xlim", call)
  ylim <- shown_limits(ends(bars[[2L]]), ask$ylim, "ylim", call)
  layers <- list(thinned_points(estimate, het, gosh_group(x, ask$out), ask))
  legend <- if (!is.null(ask$out)) {
    list(legend_point(sprintf("With study %d", as.integer(ask$out)), ask$pch, gsub("..$", "", ask$colours[1L])),
         legend_point(sprintf("Without study %d", as.integer(ask$out)), ask$pch, gsub("..$", "", ask$colours[2L])))
  }
  figure <- new_figure(layers, plain_axis(xlim, titles[[1L]], style), plain_axis(ylim, titles[[2L]], style),
                       list(title = ask$title), legend, style, x$res)
  figure$margins <- list(top = if (ask$hist[1L]) bars[[1L]], right = if (ask$hist[2L]) bars[[2L]],
                         share = ask$hh)
  class(figure) <- c("metaparity_margins", class(figure))
  figure
}

# Bars and a density on a scale of heights from 0 to 1.
margin_bars <- function(v, ask) {
  v <- v[is.finite(v)]
  bars <- histogram(v, ask$breaks)
  curve <- if (ask$lwd[1L] > 0 && length(unique(v)) > 1L) stats::density(v, adjust = ask$adjust)
  top <- max(bars$density, curve$y)
  list(from = utils::head(bars$breaks, -1L), to = bars$breaks[-1L], height = bars$density / top, x = curve$x,
       y = curve$y / top,
       border = if (isFALSE(ask$border)) NA else ask$border, lwd = ask$lwd[1L])
}

#' @exportS3Method figure_layout metaparity_margins
figure_layout.metaparity_margins <- function(figure, width, height) {
  margins <- figure$margins
  strip <- c(if (is.null(margins$right)) 0 else margins$share[2L] * 0.6 * width,
             if (is.null(margins$top)) 0 else margins$share[1L] * 0.6 * height)
  title <- panels_title(figure, width, height)
  head <- title$depth
  figure["title"] <- list(NULL)
  height <- height - head
  layout <- figure_layout.metaparity_figure(figure, width - strip[1L], height - strip[2L])
  panel <- layout$panel
  map <- scatter_map(figure, panel)
  gap <- 0.05
  base <- c(panel[3L] + gap, height - strip[2L] + gap)
  full <- strip - 2 * gap - figure$style$pad * layout$scale * 0.5
  layout$items <- c(list(item_rect(c(0, 0, width, height + head), figure$style$page)), layout$items[-1L], title$items,
                    margin_items(margins$top, map$x, base[2L], full[2L], panel[c(1L, 3L)], FALSE),
                    margin_items(margins$right, map$y, base[1L], full[1L], panel[c(2L, 4L)], TRUE))
  layout[c("width", "height")] <- list(width, height + head)
  layout
}

# Bars that stand on `base` along the panel's span; `upright`: on the y axis.
margin_items <- function(bars, along, base, full, span, upright) {
  if (is.null(bars) || full <= 0) return(NULL)
  place <- function(item, a, b) {
    item[c("x", "y")] <- if (upright) list(b, a) else list(a, b)
    item
  }
  clip <- function(v) pmin(pmax(v, span[1L]), span[2L])
  shown <- which(bars$height > 0 & along(bars$to) > span[1L] & along(bars$from) < span[2L])
  boxes <- lapply(shown, function(i) {
    a <- clip(along(c(bars$from[i], bars$from[i], bars$to[i], bars$to[i])))
    place(item_polygon(0, 0, "gray70", bars$border), a, base + c(0, 1, 1, 0) * bars$height[i] * full)
  })
  inside <- along(bars$x) >= span[1L] & along(bars$x) <= span[2L]
  curve <- if (length(bars$x)) place(item_line(0, 0, "black", bars$lwd), along(bars$x[inside]),
                                     base + bars$y[inside] * full)
  c(boxes, if (!is.null(curve)) list(curve))
}

# All coefficients and the measure of heterogeneity against each other.
gosh_matrix <- function(x, ask, style, call) {
  columns <- c(ask$het, names(x$res)[-(1:6)])
  titles <- if (is.null(ask$labels)) lapply(columns, gosh_title, x = x) else
    as.list(rep_len(ask$labels, length(columns)))
  group <- gosh_group(x, ask$out)
  style$size <- c(2.6, 2.4)
  for (size in c("pt_axis_title", "pt_tick")) style[[size]] <- style[[size]] * 0.8
  one <- function(i, j) {
    a <- x$res[[columns[j]]]
    b <- x$res[[columns[i]]]
    if (i == j) return(density_figure(a, titles[[i]], ask, style))
    new_figure(list(thinned_points(a, b, group, ask)), plain_axis(shown_limits(a, NULL, "xlim"), titles[[j]], style),
               plain_axis(shown_limits(b, NULL, "ylim"), titles[[i]], style), style = style)
  }
  n <- length(columns)
  cells <- expand.grid(j = seq_len(n), i = seq_len(n))
  new_panels(Map(one, cells$i, cells$j), n, style, x$res, ask$title)
}

density_figure <- function(v, title, ask, style) {
  bars <- margin_bars(v, ask)
  shades <- Map(function(from, to, height) layer_polygon(c(from, from, to, to), c(0, height, height, 0),
                                                         "gray70", bars$border),
                bars$from, bars$to, bars$height)
  curve <- if (length(bars$x)) layer_line(bars$x, bars$y, lwd = bars$lwd)
  lim <- range(bars$from, bars$to)
  new_figure(c(shades, list(curve)), plain_axis(lim, title, style), new_axis(c(0, 1.05), numeric(), character()),
             style = style)
}
