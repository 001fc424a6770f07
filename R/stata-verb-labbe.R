# labbe(): L'Abbe plot of Stata for the four cells of 2x2 tables; fits go to the methods of the same generic.
# Source: L'Abbe, Detsky & O'Rourke (1987) Ann Intern Med 107:224; the help file of metan's labbe.

#' L'Abbe plot
#'
#' Event rates of group 1 against those of group 2. Given the four cells of 2x2 tables, the graph of Stata's `labbe`;
#' given a fit, the method for its class.
#'
#' @param x a fit, or the events of group 1: a bare name or expression, found in `data`.
#' @param ... further cells: non-events of group 1, events and non-events of group 2; for a fit, arguments of the
#'   method.
#' @inheritParams metan
#' @param percent rates in percent.
#' @param or,rr,rd,rrn numbers; for each the line of this odds ratio, risk ratio, risk difference or risk ratio of
#'   non-events is drawn.
#' @param null draw the line of equal rates.
#' @param logit both axes on the logit scale.
#' @param wgt a variable of weights for the areas of the circles; by default the number of participants.
#' @param nowt equal, filled symbols.
#' @param symbol Stata's word for the symbol, such as `"circle_hollow"`, `"triangle"`.
#' @param nolegend no legend.
#' @param id study labels, shown beside the symbols; `clockvar` and `gap` are Stata's places for them, found here.
#' @param clockvar,gap,textsize see `id`; without effect, with a warning.
#' @return For cells an object of class `stata_labbe` (see [stata_view]): `table` with `study`, `y`, `x` (event rates),
#'   `weight`; Stata prints nothing.
#' @details Errors: `metaparity_error_input`; `metaparity_error_studies` names rows with impossible counts.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("labbe")`.
#' @section In other software: Stata `labbe a b c d, null or(0.8)`; metafor `labbe(x)`; meta `labbe(x)`.
#' @references L'Abbe KA, Detsky AS, O'Rourke K (1987). Meta-analysis in clinical research. Annals of Internal Medicine
#'   107, 224-233.
#' @examples
#' d <- data.frame(a = c(5, 12, 8), b = c(45, 60, 30), c = c(9, 20, 7), d = c(40, 52, 33))
#' v <- labbe(a, b, c, d, data = d, null = TRUE, graph = FALSE)
#' as.data.frame(v)
#' @export
labbe <- function(x, ..., data = NULL, subset = NULL, percent = FALSE, or = NULL, rr = NULL, rd = NULL, rrn = NULL,
                  null = FALSE, logit = FALSE, wgt = NULL, nowt = FALSE, symbol = NULL, nolegend = FALSE, id = NULL,
                  label = NULL, clockvar = NULL, gap = NULL, textsize = NULL, graph = TRUE) {
  fit <- if (is.null(data)) tryCatch(x, error = function(e) NULL)
  if (is.list(fit) && is.object(fit)) {
    empty <- vapply(as.list(sys.call()), identical, NA, quote(expr = ))
    if (any(empty)) abort_input(names(which(empty))[1L], "stands without a value", match.call())
    if (is_foreign(fit, "labbe")) return(foreign_labbe(fit)(fit, ...))
    return(UseMethod("labbe", fit))
  }
  call <- match.call()
  mc <- match.call(expand.dots = FALSE)
  mc$... <- c(mc$x, mc$...)
  o <- list(percent = percent, null = null, logit = logit, nowt = nowt, nolegend = nolegend, graph = graph)
  for (name in names(o)) check_flag(o[[name]], name, call)
  o$lines <- labbe_lines(list(or = or, rr = rr, rd = rd, rrn = rrn), call)
  o$pch <- labbe_symbol(symbol, nowt, call)
  idle <- c("clockvar", "gap", "textsize")[c(!is.null(mc$clockvar), !is.null(gap), !is.null(textsize))]
  if (length(idle)) warn_input(idle[1L], "has no effect here: labels find their own places", call)
  view <- labbe_view(mc, data, parent.frame(), o, call)
  if (graph) plot(view)
  view
}

# Fits of the other packages are theirs to draw.
foreign_labbe <- function(fit) {
  if (inherits(fit, "meta") && requireNamespace("meta", quietly = TRUE)) return(getExportedValue("meta", "labbe"))
  foreign_generic("labbe", fit)
}

labbe_lines <- function(given, call) {
  given <- Filter(Negate(is.null), given)
  for (name in names(given)) {
    value <- check_numeric_vector(given[[name]], name, call)
    if (name != "rd" && any(value <= 0)) abort_input(name, "must be positive", call)
    if (name == "rd" && any(abs(value) >= 1)) abort_input(name, "must lie between -1 and 1", call)
  }
  given
}

labbe_symbol <- function(symbol, nowt, call) {
  if (is.null(symbol)) return(if (nowt) 19 else 1)
  known <- c(circle = 19, circle_hollow = 1, diamond = 18, diamond_hollow = 5, triangle = 17, triangle_hollow = 2,
             square = 15, square_hollow = 0, plus = 3, x = 4, o = 19, oh = 1, d = 18, dh = 5, t = 17, th = 2, s = 15,
             sh = 0)
  unname(known[check_choice(tolower(symbol), names(known), "symbol", call)])
}

labbe_view <- function(mc, data, env, o, call) {
  data <- resolve_data(data, call)
  vars <- stata_varlist(mc$..., data, env, 4L, call)
  k <- length(vars[[1L]])
  wgt <- stata_option_column(mc$wgt, data, env, "wgt", k, call)
  labels <- stata_labels(if (is.null(mc$label)) mc$id else mc$label, data, env, k, call)$name
  keep <- check_subset(resolve_column(mc$subset, data, env, "subset", call), k, call)
  if (is.null(keep)) keep <- seq_len(k)
  check_metan_counts(lapply(vars, `[`, keep), keep, list(nointeger = TRUE), call)
  n <- list(vars[[1L]] + vars[[2L]], vars[[3L]] + vars[[4L]])
  weight <- if (is.null(wgt)) n[[1L]] + n[[2L]] else wgt
  bad <- keep[which(weight[keep] < 0)]
  if (length(bad)) abort_studies("wgt", bad, "must not be negative", call)
  all <- data.frame(study = labels, y = vars[[1L]] / n[[1L]], x = vars[[3L]] / n[[2L]], weight = weight,
                    row = seq_len(k),
                    stringsAsFactors = FALSE)
  use <- is.finite(all$y) & is.finite(all$x) & is.finite(all$weight)
  if (o$logit) use <- use & all$y > 0 & all$y < 1 & all$x > 0 & all$x < 1
  use <- keep[use[keep]]
  dropped <- setdiff(keep, use)
  if (length(dropped)) warn_dropped(dropped, "an event rate cannot be drawn", call)
  if (!length(use)) abort_input("...", "must hold at least one study with two event rates", call)
  table <- all[use, ]
  rownames(table) <- NULL
  new_stata_view("labbe", list(k = nrow(table)), table, options = o,
                 labels = if (!is.null(mc$id) || !is.null(mc$label)) table$study, call = call)
}

#' @export
format.stata_labbe <- function(x, ...) {
  lines <- x$options$lines
  outside <- vapply(names(lines), function(name) {
    ends <- vapply(lines[[name]], labbe_rate, numeric(2L), measure = name, p = c(0, 1))
    any(ends < 0 | ends > 1)
  }, NA)
  if (any(outside)) "Note: some effect sizes are outside valid ranges" else character()
}

# The rate of group 1 at rate p of group 2.
labbe_rate <- function(measure, value, p) {
  switch(measure, or = value * p / (1 - p + value * p), rr = value * p, rd = p + value, rrn = 1 - value * (1 - p))
}

#' @rdname stata_plots
#' @export
plot.stata_labbe <- function(x, ...) {
  o <- x$options
  ask <- stata_asked(labels = x$labels, ...)
  style <- as_scatter_style(ask$style, scatter_style_stata())
  scale <- labbe_scale(x$table, o)
  curves <- labbe_curves(o, style)
  size <- if (o$nowt) 1 else bubble_cex(x$table$weight, 4)
  layers <- c(lapply(curves, function(curve) labbe_layer(curve, scale)),
              list(layer_points(scale$show(x$table$x), scale$show(x$table$y), o$pch, size, style$point_col)))
  legend <- if (length(curves) > 1L && !o$nolegend) {
    unique(lapply(curves, function(curve) legend_line(curve$name, curve$col, style$line_lwd, curve$lty)))
  }
  axis <- function(title, grid = FALSE) {
    c(new_axis(scale$limits, scale$at, scale$labels, title, grid = grid), list(place = scale$place))
  }
  data <- data.frame(x = scale$show(x$table$x), y = scale$show(x$table$y))
  invisible(stata_graph(layers, axis("Event rate group 2"), axis("Event rate group 1", TRUE), list(), legend, data, ask,
                        scatter_style_stata(), size = c(5, if (length(legend)) 5.5 else 5)))
}

# The same scale on both axes: rates, percent or logits.
labbe_scale <- function(table, o) {
  if (!o$logit) {
    at <- seq(0, 1, 0.25)
    labels <- format_tick_stata(if (o$percent) 100 * at else at)
    return(list(show = identity, place = if (o$percent) function(at) at / 100, limits = c(-0.03, 1.03),
                at = at, labels = labels, grid = seq(0, 1, length.out = 201)))
  }
  range <- range(stats::qlogis(c(table$x, table$y)))
  limits <- expand_limits(range + c(-0.2, 0.2) * (diff(range) == 0), 0.05)
  at <- pretty(limits, 5)
  at <- at[at >= limits[1L] & at <= limits[2L]]
  list(show = stats::qlogis, place = stats::qlogis, limits = limits, at = at, labels = format_tick_stata(at),
       grid = stats::plogis(seq(limits[1L], limits[2L], length.out = 201)))
}

labbe_colours <- c(or = "#90353B", rr = "#55752F", rrn = "#7BAF5B", rd = "#808000")

labbe_names <- c(or = "Odds ratio", rr = "Risk ratio", rrn = "Risk ratio (non-event)", rd = "Risk difference")

labbe_curves <- function(o, style) {
  curves <- unlist(lapply(names(o$lines), function(name) {
    lapply(o$lines[[name]], function(value) {
      list(measure = name, value = value, name = labbe_names[[name]], col = labbe_colours[[name]], lty = 1)
    })
  }), recursive = FALSE)
  c(if (o$null) list(list(measure = "rd", value = 0, name = "Null", col = "#606060", lty = 2)), curves)
}

# The part of a curve with valid rates, as far as the axes reach.
labbe_layer <- function(curve, scale) {
  y <- labbe_rate(curve$measure, curve$value, scale$grid)
  inside <- if (identical(scale$show, identity)) y >= 0 & y <= 1 else {
    y > 0 & y < 1 & stats::qlogis(pmin(pmax(y, 1e-12), 1 - 1e-12)) >= scale$limits[1L] &
      stats::qlogis(pmin(pmax(y, 1e-12), 1 - 1e-12)) <= scale$limits[2L]
  }
  layer_line(scale$show(scale$grid[inside]), scale$show(y[inside]), curve$col, 1.3, curve$lty)
}
