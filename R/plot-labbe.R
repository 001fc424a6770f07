# Owns the L'Abbe plot: the outcome of one arm against that of the other, with the lines of no effect and of the pooled
# effect. Source: L'Abbe, Detsky & O'Rourke (1987). The returned data frame is that of metafor's labbe(), the oracle.

#' L'Abbe plot of a fit
#'
#' Plots the outcome of the treated arm of each study against that of the control arm.
#'
#' @param x a fit of [rma()] from raw data, [rma.mh()] or [rma.peto()], without moderators, with measure `"RD"`, `"RR"`,
#'   `"OR"`, `"PETO"`, `"AS"`, `"IRR"`, `"IRD"` or `"IRSD"`.
#' @param xlim,ylim,lim limits of the x axis, of the y axis, or of both; two numbers each, on the scale of the plot.
#' @param xlab,ylab axis titles.
#' @param flip exchange the axes?
#' @param ci,pi shade the confidence or the prediction interval of the pooled effect? Also a colour.
#' @param grid draw a grid? Also a colour.
#' @param legend `TRUE`, a corner such as `"topleft"`,
#'   or a list with elements `x` (a place, or with `y` coordinates of the left upper corner), `inset` (parts of the
#'   panel), `bty`, `bg`, `cex` and `pt.cex`, as in [graphics::legend()].
#' @param add,to how cells of 0 are treated, as in [escalc()]; by default as in the fit.
#' @param transf a function for the outcomes of the arms, such as `exp` or `plogis`; `targs` is its second argument.
#' @param targs see `transf`.
#' @param pch,col,bg plotting symbol, its colour and its filling: one value, or one per study.
#' @param psize sizes of the symbols; by default 1 / standard error, scaled to `plim`.
#' @param plim smallest and largest size; one of them may be `NA`, a third one is the least.
#' @param lty line types of the line of no effect and of the pooled effect.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty`, `xaxt`, `yaxt` as in [graphics::par()]. Other
#'   arguments are ignored with a warning.
#' @return A data frame, invisibly, with `x`, `y`, `cex`, `pch`, `col`, `bg`, `ids` and `slab`. Its attribute `figure`
#'   is the figure, which [save_figure()] writes to a file.
#' @details The scale of the arms is that on which the measure is a difference: log proportions for `"RR"`, log odds for
#' `"OR"`, proportions for `"RD"`, log rates for `"IRR"` and so on.
#'
#' Errors of class `metaparity_error_input`: another measure; a fit of estimates without the tables; moderators.
#' @section Formula:
#' On that scale the line of the pooled effect b is y = x + b; `transf` is applied to both coordinates.
#' @section In other software: Stata: `labbe`, `meta labbeplot`. RevMan: none. \pkg{metafor}: `labbe()`; \pkg{meta}:
#'   `labbe()`.
#' @references L'Abbe KA, Detsky AS, O'Rourke K (1987). Meta-analysis in clinical research. *Annals of Internal
#'   Medicine*, 107, 224-233.
#' @examples
#' d <- data.frame(a = c(4, 6, 3, 62), n1 = c(123, 306, 231, 13598), c = c(11, 29, 11, 248),
#'                 n2 = c(139, 303, 220, 12867))
#' labbe(rma.mh(measure = "RR", ai = a, n1i = n1, ci = c, n2i = n2, data = d))
#' labbe(rma(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2, data = d), transf = plogis, ci = TRUE)
#' @name labbe.metaparity
#' @seealso [labbe()], the entry, which also takes the cells of tables.
NULL

#' @rdname labbe.metaparity
#' @exportS3Method labbe metaparity
#' @exportS3Method metafor::labbe metaparity
labbe.metaparity <- function(x, xlim = NULL, ylim = NULL, lim = NULL, xlab = NULL, ylab = NULL, flip = FALSE,
                             ci = FALSE,
                             pi = FALSE, grid = FALSE, legend = FALSE, add = x$add, to = x$to, transf = NULL,
                             targs = NULL,
                             pch = 21, psize = NULL, plim = c(0.5, 3.5), col = NULL, bg = NULL,
                             lty = c("solid", "dashed"),
                             style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call, c("pch", "psize", "col", "bg"))
  env <- parent.frame()
  marks <- list(pch = from_data(substitute(pch), pch, x, env), psize = from_data(substitute(psize), psize, x, env),
                col = from_data(substitute(col), col, x, env), bg = from_data(substitute(bg), bg, x, env))
  check_marks(marks, call)
  x <- whole_fit(x)
  require_independent(x, "x", call)
  style <- exact_sizes(wished_style(sized_style(style, c(6, 6), call), list(...), call = call))
  arms <- labbe_arms(x, add[1L], to[1L], call)
  show <- shown_scale(transf, targs, call = call)
  shown <- lapply(arms[c("x", "y")], show)
  if (check_flag(flip, "flip", call)) shown[c("x", "y")] <- shown[c("y", "x")]
  k <- length(x$yi)
  data <- data.frame(x = as.numeric(shown$x), y = as.numeric(shown$y), stringsAsFactors = FALSE)
  of <- function(arg, default = NULL) per_study(if (is.null(marks[[arg]])) default else marks[[arg]], x,
                                                k, arg, call)[arms$used]
  data$cex <- if (is.null(marks$psize)) scaled_sizes(1 / sqrt(arms$vi), plim, call) else of("psize")
  data$pch <- of("pch")
  data$col <- of("col", "black")
  data$bg <- of("bg", "#A6A6A6")
  data$ids <- arms$ids
  data$slab <- arms$slab
  both <- if (is.null(lim)) range(data$x, data$y) else lim
  colours <- list(ci = colour_or(ci, "gray75", "ci", call), pi = colour_or(pi, "gray90", "pi", call),
                  grid = colour_or(grid, "gray85", "grid", call))
  ask <- list(xlim = shown_limits(both, xlim, "xlim", call), ylim = shown_limits(both, ylim, "ylim", call), flip = flip,
              show = show, colours = colours, legend = legend_wish(legend, style, call), lty = rep_len(lty, 2L),
              title = own_text(list(...)$main), titles = labbe_titles(x$measure, is.null(transf), xlab, ylab, flip))
  present(data, labbe_figure(x, data, arms, ask, style), draw, lang, call)
}

# Per measure: the name of the scale of one arm, the outcome of x events among n (or in time n), and its variance.
arm_scale <- function(title, value, variance) list(title = title, value = value, variance = variance)

arm_scales <- local({
  proportion <- arm_scale("Proportion", function(x, n) x / n, function(x, n) x / n * (1 - x / n) / n)
  log_odds <- arm_scale("Log Odds", function(x, n) log(x / (n - x)), function(x, n) 1 / x + 1 / (n - x))
  list(RD = proportion, RR = arm_scale("Log Proportion", function(x, n) log(x / n), function(x, n) 1 / x - 1 / n),
       OR = log_odds, PETO = log_odds,
       AS = arm_scale("Arcsine Square Root Proportion", function(x, n) asin(sqrt(x / n)), function(x, n) 1 / (4 * n)),
       IRR = arm_scale("Log Incidence Rate", function(x, n) log(x / n), function(x, n) 1 / x),
       IRD = arm_scale("Incidence Rate", function(x, n) x / n, function(x, n) x / n^2),
       IRSD = arm_scale("Square Root Incidence Rate", function(x, n) sqrt(x / n), function(x, n) 1 / (4 * n)))
})

# Outcomes of the arms (x: control, y: treated), the sums of their variances, and which studies they belong to.
labbe_arms <- function(x, add, to, call) {
  if (!x$measure %in% names(arm_scales)) {
    abort_input("x", sprintf("must be a fit with measure %s, not \"%s\"", paste(names(arm_scales), collapse = ", "),
                             x$measure), call)
  }
  if (!isTRUE(x$int.only)) abort_input("x", "must be a fit without moderators", call)
  raw <- if (inherits(x, "metaparity_uni")) x$input$raw else x$outdat.f
  if (is.null(raw)) abort_input("x", "holds estimates without the tables: fit the counts (ai, bi, ci, di) themselves",
                                call)
  check_choice(to, c("only0", "all", "if0all", "none"), "to", call)
  add <- check_number(add, "add", 0, 1e6, call)
  kept <- if (is.null(x$not.na.yivi)) x$not.na else x$not.na.yivi
  rows <- if (length(raw[[1L]]) == length(kept)) which(kept) else x$ids[kept]
  raw <- lapply(raw, function(v) as.numeric(v)[rows])
  rates <- any(names(raw) == "t1i")
  if (!rates) raw <- table_columns(raw[names(raw) %in% c("ai", "bi", "ci", "di", "n1i", "n2i")], x$measure, call)
  arm <- function(events, other) one_arm(raw[[events]], raw[[other]], rates, arm_scales[[x$measure]], add, to)
  treated <- if (rates) arm(1L, 3L) else arm(1L, 2L)
  control <- if (rates) arm(2L, 4L) else arm(3L, 4L)
  fine <- is.finite(treated$value) & is.finite(control$value)
  if (!any(fine)) abort_input("x", "has no study with an outcome in both arms", call)
  if (!all(fine)) warn_dropped(x$ids[kept][!fine],
                               "an arm without events, or with events only, has no place on this scale", call)
  list(x = control$value[fine], y = treated$value[fine], vi = (control$variance + treated$variance)[fine],
       used = which(fine),
       ids = x$ids[kept][fine], slab = x$slab[kept][fine])
}

# `other`: non-events, or time. `add` goes to the cells of an arm as `to` says.
one_arm <- function(events, other, rates, scale, add, to) {
  empty <- events == 0 | (!rates & other == 0)
  add <- add * switch(to, only0 = empty, all = TRUE, if0all = any(empty), none = FALSE)
  x <- events + add
  n <- if (rates) other else x + other + add
  list(value = suppressWarnings(scale$value(x, n)), variance = scale$variance(x, n))
}

labbe_titles <- function(measure, raw, xlab, ylab, flip) {
  scale <- if (raw) arm_scales[[measure]]$title else
    sub("^(Log|Arcsine Square Root|Square Root) ", "", arm_scales[[measure]]$title)
  if (!raw && scale == "Odds") scale <- "Proportion"
  titles <- sprintf("%s (Group %d)", scale, if (flip) 1:2 else 2:1)
  list(x = if (is.null(xlab)) titles[1L] else own_text(xlab), y = if (is.null(ylab)) titles[2L] else own_text(ylab))
}

labbe_figure <- function(x, data, arms, ask, style) {
  if (!is.null(ask$colours$grid)) style$grid_col <- ask$colours$grid
  grid <- !is.null(ask$colours$grid)
  band <- function(ends, fill) {
    if (is.null(fill) || anyNA(ends)) return(NULL)
    low <- labbe_line(ends[1L], arms, ask)
    high <- labbe_line(ends[2L], arms, ask)
    layer_polygon(c(low$x, rev(high$x)), c(low$y, rev(high$y)), fill)
  }
  interval <- if (!is.null(ask$colours$pi)) unlist(unclass(stats::predict(x))[c("pi.lb", "pi.ub")])
  line <- labbe_line(as.numeric(x$beta)[1L], arms, ask)
  none <- range(ask$xlim, ask$ylim)
  layers <- c(list(band(if (length(interval)) interval else NA, ask$colours$pi),
                   band(c(x$ci.lb[1L], x$ci.ub[1L]), ask$colours$ci),
                   layer_line(expand_limits(none, 1), expand_limits(none, 1), style$line_col, style$line_lwd,
                              ask$lty[1L]),
                   layer_line(line$x, line$y, style$line_col, style$line_lwd, ask$lty[2L])),
              list(largest_first(data)))
  new_figure(layers, plain_axis(ask$xlim, ask$titles$x, style, grid = grid),
             plain_axis(ask$ylim, ask$titles$y, style, grid = grid),
             list(title = ask$title, legend = ask$legend), if (ask$legend$shown) labbe_legend(data, ask, style),
             style, data)
}

# Small symbols lie on top of large ones.
largest_first <- function(data) {
  o <- order(data$cex, decreasing = TRUE)
  layer_points(data$x[o], data$y[o], data$pch[o], data$cex[o], data$col[o], data$bg[o])
}

# The control arm's outcomes, beyond the data on both sides, and what the effect makes of them.
labbe_line <- function(effect, arms, ask) {
  if (!is.finite(effect)) return(list(x = numeric(), y = numeric()))
  span <- range(arms$x, arms$y)
  control <- seq(span[1L] - diff(span) - abs(effect), span[2L] + diff(span) + abs(effect), length.out = 1001L)
  line <- suppressWarnings(list(x = ask$show(control), y = ask$show(control + effect)))
  fine <- is.finite(line$x) & is.finite(line$y)
  line <- lapply(line, `[`, fine)
  if (ask$flip) list(x = line$y, y = line$x) else line
}

labbe_legend <- function(data, ask, style) {
  Filter(Negate(is.null), list(
    legend_line("Reference Line of No Effect", style$line_col, style$line_lwd, ask$lty[1L]),
    legend_line("Line for the Estimated Effect", style$line_col, style$line_lwd, ask$lty[2L]),
    if (!is.null(ask$colours$ci)) legend_fill("Confidence Interval", ask$colours$ci),
    if (!is.null(ask$colours$pi)) legend_fill("Prediction Interval", ask$colours$pi),
    legend_point("Studies", data$pch[1L], data$col[1L], data$bg[1L])))
}
