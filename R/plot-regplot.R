# Owns regplot(), the bubble plot of a meta-regression: estimates against one moderator, with the fitted line. The core
# predicts; the returned object is that of metafor's regplot(), the oracle. Thompson & Higgins (2002).

#' Bubble plot of a meta-regression
#'
#' Plots the estimates against a moderator, in symbols as large as the studies' weights, with the regression line and
#' its confidence and prediction limits.
#'
#' @param x a fit of [rma()] with moderators; for `points()`, what `regplot()` returns.
#' @param mod the moderator on the x axis: name or position of its coefficient. Not needed when there is one only.
#' @param pred draw the line? The other moderators are held at their means. Also a result of [predict()] whose rows
#'   belong to `xvals`.
#' @param ci,pi draw the limits of the confidence interval, of the prediction interval?
#' @param shade shade the regions? Also one or two colours, for the confidence and the prediction interval.
#' @param xlim,ylim axis limits; by default they hold points and limits.
#' @param predlim range of the moderator over which the line is drawn.
#' @param olim limits that estimates and intervals cannot exceed.
#' @param xlab,ylab axis titles.
#' @param at positions of the ticks of the y axis, which holds all of them.
#' @param digits decimals of the labels of the y axis; whole numbers written `2L` drop trailing zeros.
#' @param transf function applied to estimates and limits; `atransf` to the labels of the y axis only; `targs` is the
#'   second argument of either, see [transf].
#' @param atransf,targs see `transf`.
#' @param level level of the intervals in percent.
#' @param pch,col,bg symbol, its colour and its filling: one value, or one per study. Like `psize`, `slab` and `label`
#'   they may name columns of the data of the fit.
#' @param psize sizes of the symbols: one, or one per study, or `"seinv"`, `"vinv"`. By default the square root of the
#'   weight, scaled to `plim`.
#' @param plim smallest and largest size; one of them may be `NA`, a third one is the least.
#' @param slab labels of the studies.
#' @param grid draw a grid? Also a colour.
#' @param refline y of a horizontal line.
#' @param label which points are labelled: `TRUE` or `"all"`, `"ciout"`, `"piout"` (outside the interval), or a vector:
#'   logical, or numbers of studies.
#' @param offset distance of a label from its point; `labsize`: size of the labels.
#' @param labsize see `offset`.
#' @param lcol,lwd,lty colours, widths and types of the regression line, the confidence limits, the prediction limits
#'   and `refline`.
#' @param legend `TRUE`, a corner such as `"topleft"`,
#'   or a list with elements `x` (a place, or with `y` coordinates of the left upper corner), `inset` (parts of the
#'   panel), `bty`, `bg`, `cex` and `pt.cex`, as in [graphics::legend()].
#' @param xvals values of the moderator for the rows of `pred`.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the object with its figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty`, `xaxt`, `yaxt` as in [graphics::par()]. Other
#'   arguments are ignored with a warning.
#' @return An object of class `c("metaparity_regplot", "regplot")`, invisibly, a list with `slab`, `ids`, `xi`, `yi`,
#'   `pch`, `psize`, `col`, `bg`, `label`, `order` (that of drawing) and `pred` (the line at each study). Its attribute
#'   `figure` is the figure.
#' @details Errors of class `metaparity_error_input`: a fit without moderators; several moderators and no `mod`; a `mod`
#' that is none of them.
#' @section Formula:
#' The line is X b at the moderator's values and the means of the other columns, -/+ the critical value times sqrt(X V
#' X'), for the prediction interval sqrt(X V X' + tau^2).
#' @section In other software: Stata: `metareg, graph`, `estat bubbleplot`. \pkg{metafor}: `regplot()`; \pkg{meta}:
#'   `bubble()`.
#' @references Thompson SG, Higgins JPT (2002). How should meta-regression analyses be undertaken and interpreted?
#'   *Statistics in Medicine*, 21, 1559-1573.
#' @examples
#' d <- data.frame(yi = c(-0.9, -1.6, -1.3, -1.4, -0.2, -0.8),
#'                 vi = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.01),
#'                 dose = c(44, 55, 42, 52, 13, 44))
#' regplot(rma(yi, vi, mods = ~ dose, data = d), pi = TRUE, legend = TRUE)
#' @name regplot
NULL

#' @rdname regplot
#' @exportS3Method regplot metaparity_uni
#' @exportS3Method metafor::regplot metaparity_uni
#' @rawNamespace S3method(regplot, metaparity_mv, regplot.metaparity_uni)
#' @rawNamespace S3method(metafor::regplot, metaparity_mv, regplot.metaparity_uni)
regplot.metaparity_uni <- function(x, mod, pred = TRUE, ci = TRUE, pi = FALSE, shade = TRUE, xlim = NULL, ylim = NULL,
                                   predlim = NULL, olim = NULL, xlab = NULL, ylab = NULL, at = NULL, digits = 2L,
                                   transf = NULL, atransf = NULL, targs = NULL, level, pch = 21, psize = NULL,
                                   plim = c(0.5, 3), col = "black", bg = "#A6A6A6", slab = NULL, grid = FALSE,
                                   refline = NULL,
                                   label = FALSE, offset = c(1, 1), labsize = 1, lcol = NULL, lwd = NULL, lty = NULL,
                                   legend = FALSE, xvals = NULL, style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call, c("label", "pch", "psize", "col", "bg", "slab"))
  env <- parent.frame()
  of <- function(expr, value) from_data(expr, value, x, env)
  label <- of(substitute(label), label)
  marks <- list(pch = of(substitute(pch), pch), psize = of(substitute(psize), psize), plim = plim,
                col = of(substitute(col), col),
                bg = of(substitute(bg), bg), slab = of(substitute(slab), slab))
  check_marks(marks, call)
  style <- exact_sizes(wished_style(sized_style(style, c(6.5, 5.5), call), list(...), call = call))
  if (is.list(pred)) {
    if (is.null(xvals)) abort_input("xvals", "must be given with a `pred` of predict()", call)
  } else {
    check_flag(pred, "pred", call)
  }
  column <- regplot_column(x, if (missing(mod)) NULL else mod, call)
  targs <- align_sizes(targs, transf, function(v) if (is.null(v)) v else of_plotted(v, x, length(x$yi)) %||% v)
  ask <- list(show = shown_scale(transf, targs, x$ni, call = call), olim = check_limits(olim, "olim", call),
              predlim = predlim, xvals = xvals,
              pred = pred, level = if (missing(level)) 1 - x$level else check_level(level, call = call),
              ci = check_flag(ci, "ci", call), pi = check_flag(pi, "pi", call), shade = regplot_shades(shade, call),
              refline = refline, label = label, offset = offset[1L],
              labsize = check_number(labsize, "labsize", 0.05, 20, call),
              lines = regplot_lines(lcol, lwd, lty, style), legend = legend_wish(legend, style, call),
              grid = colour_or(grid, "gray85", "grid", call), title = own_text(list(...)$main), xlim = xlim,
              ylim = ylim, at = at,
              xlab = if (is.null(xlab)) own_text(rownames(x$beta)[column]) else own_text(xlab),
              ylab = if (is.null(ylab)) axis_label_of(x$measure, transf, atransf) else own_text(ylab),
              atransf = bind_transform(atransf, targs, x$ni, arg = "atransf", call = call), digits = digits)
  line <- regplot_line(x, column, ask)
  data <- regplot_data(x, column, line, marks, ask, call)
  out <- structure(data, class = c("metaparity_regplot", "regplot"), offset = offset, labsize = labsize)
  present(out, regplot_figure(data, line, ask, style, call), draw, lang, call)
}

# The column of X on the x axis.
regplot_column <- function(x, mod, call) {
  if (isTRUE(x$int.only)) abort_input("x", "must be a fit with moderators", call)
  names <- rownames(x$beta)
  choices <- if (isTRUE(x$int.incl)) names[-1L] else names
  if (is.null(mod)) {
    if (length(choices) == 1L) return(match(choices, names))
    abort_input("mod", sprintf("must be one of %s: the model has several moderators", paste(choices, collapse = ", ")),
                call)
  }
  if (is.character(mod)) return(match(check_choice(mod, names, "mod", call), names))
  as.integer(check_number(mod, "mod", 1, length(names), call))
}

regplot_shades <- function(shade, call) {
  if (isFALSE(shade)) return(c(NA_character_, NA_character_))
  if (isTRUE(shade)) return(c("gray85", "gray95"))
  if (!is.character(shade) || !length(shade) %in% 1:2)
    abort_input("shade", "must be TRUE, FALSE or one or two colours", call)
  c(shade, NA_character_)[1:2]
}

# Colour, width and type of the line, of both pairs of limits and of the reference line.
regplot_lines <- function(lcol, lwd, lty, style) {
  if (is.numeric(lty)) lty <- line_type_words(lty)
  fill <- function(given, default) if (is.null(given)) default else
    c(rep_len(given, max(length(given), 1L)), default[-seq_along(given)])[1:4]
  data.frame(col = fill(lcol, c("black", "black", "black", "gray40")), lwd = fill(lwd, c(3, 1, 1, 2)),
             lty = I(as.list(fill(lty, c("solid", "dashed", "dotted", "solid")))))
}

# The line and its limits over the plot's range of the moderator, one row per value; the limits of the axes hold them
# even when no line is drawn.
regplot_line <- function(x, column, ask) {
  if (is.list(ask$pred)) return(clip_line(data.frame(x = ask$xvals, regplot_columns(ask$pred)), ask))
  values <- if (!is.null(ask$xvals)) as.numeric(check_places(ask$xvals, "xvals"))
  if (is.null(values)) {
    span <- if (is.null(ask$predlim)) expand_limits(range(x$X[, column]), 0.04) else
      check_limits(ask$predlim, "predlim")
    values <- seq(span[1L], span[2L], length.out = 1000L)
  }
  clip_line(data.frame(x = values, regplot_columns(regplot_predict(x, column, values, ask$level))), ask)
}

regplot_predict <- function(x, column, values, level) {
  X <- matrix(colMeans(x$X), length(values), ncol(x$X), byrow = TRUE)
  X[, column] <- values
  if (isTRUE(x$int.incl)) X <- X[, -1L, drop = FALSE]
  stats::predict(x, newmods = X, level = 100 * level)
}

regplot_columns <- function(pred) {
  of <- function(name) if (is.null(pred[[name]])) NA_real_ else as.numeric(pred[[name]])
  data.frame(pred = as.numeric(pred$pred), ci.lb = of("ci.lb"), ci.ub = of("ci.ub"), pi.lb = of("pi.lb"),
             pi.ub = of("pi.ub"))
}

clip_line <- function(line, ask) {
  line[-1L] <- lapply(line[-1L], function(v) clip_to(as.numeric(ask$show(v)), ask$olim))
  line[order(line$x), ]
}

clip_to <- function(v, lim) if (is.null(lim)) v else pmin(pmax(v, min(lim)), max(lim))

regplot_data <- function(x, column, line, marks, ask, call) {
  k <- length(x$yi)
  if (!is.null(marks$psize) && !is.numeric(marks$psize)) check_choice(marks$psize, c("seinv", "vinv"), "psize", call)
  size <- if (is.null(marks$psize)) sqrt(of_used(stats::weights(x))) else if (identical(marks$psize, "seinv"))
    1 / sqrt(x$vi) else
    if (identical(marks$psize, "vinv")) 1 / x$vi else NULL
  psize <- if (is.null(size)) per_study(marks$psize, x, k, "psize", call) else
    scaled_sizes(as.numeric(size), marks$plim, call)
  data <- list(slab = point_names(x, marks$slab, k, call), ids = x$ids[x$not.na], xi = as.numeric(x$X[, column]),
               yi = clip_to(transform_studies(ask$show, as.numeric(x$yi)), ask$olim),
               pch = per_study(marks$pch, x, k, "pch", call),
               psize = psize, col = per_study(marks$col, x, k, "col", call), bg = per_study(marks$bg, x, k, "bg", call))
  at_study <- regplot_predict(x, column, data$xi, ask$level)
  interval <- if (identical(ask$label, "piout")) c("pi.lb", "pi.ub") else c("ci.lb", "ci.ub")
  if (is.character(ask$label) && is.null(at_study[[interval[1L]]]))
    abort_input("label", "needs an interval that this model has", call)
  outside <- data$yi < ask$show(at_study[[interval[1L]]]) | data$yi > ask$show(at_study[[interval[2L]]])
  data$label <- regplot_labels(ask$label, outside, x, k, call)
  data$order <- order(psize, decreasing = TRUE)
  data$pred <- as.numeric(ask$show(at_study$pred))
  data
}

regplot_labels <- function(label, outside, x, k, call) {
  if (isTRUE(label) || identical(label, "all")) return(rep(TRUE, k))
  if (isFALSE(label) || is.null(label)) return(rep(FALSE, k))
  if (is.character(label)) {
    check_choice(label, c("all", "ciout", "piout"), "label", call)
    return(outside)
  }
  if (is.logical(label)) return(per_study(label, x, k, "label", call) %in% TRUE)
  if (!is.numeric(label)) abort_input("label", 'must be TRUE, FALSE, "all", "ciout", "piout" or numbers of studies',
                                      call)
  x$ids[x$not.na] %in% label
}

regplot_figure <- function(data, line, ask, style, call) {
  if (!is.null(ask$grid)) style$grid_col <- ask$grid
  shown <- c("pred", if (ask$ci) c("ci.lb", "ci.ub"), if (ask$pi) c("pi.lb", "pi.ub"))
  xlim <- shown_limits(data$xi, ask$xlim, "xlim", call)
  ylim <- range(shown_limits(c(data$yi, unlist(line[shown])), ask$ylim, "ylim", call), ask$at)
  at <- if (is.null(ask$at)) scale_ticks(ylim, style, ask$atransf, ask$digits) else ask$at
  format <- axis_format(style, ask$digits, ask$atransf)
  named <- data$label
  if (isFALSE(ask$pred)) line <- NULL
  layers <- c(regplot_bands(line, ask), list(regplot_reference(ask, xlim)), regplot_strokes(line, ask),
              list(largest_first(list(x = data$xi, y = data$yi, pch = data$pch, cex = data$psize,
                                      col = data$col, bg = data$bg)),
                   if (any(named)) layer_labels(data$xi[named], data$yi[named], data$slab[named],
                                                offset = 0.4 * ask$offset)))
  style$pt_label <- style$pt_label * ask$labsize
  grid <- !is.null(ask$grid)
  new_figure(layers, plain_axis(xlim, ask$xlab, style, grid = grid),
             plain_axis(ylim, ask$ylab, style, at, format, grid = grid),
             list(title = ask$title, legend = ask$legend), if (ask$legend$shown) regplot_legend(data, line, ask),
             style, data)
}

regplot_bands <- function(line, ask) {
  band <- function(lower, upper, fill) {
    if (is.null(line) || is.na(fill) || all(is.na(line[[lower]]))) return(NULL)
    layer_polygon(c(line$x, rev(line$x)), c(line[[lower]], rev(line[[upper]])), fill)
  }
  list(if (ask$pi) band("pi.lb", "pi.ub", ask$shade[2L]), if (ask$ci) band("ci.lb", "ci.ub", ask$shade[1L]))
}

regplot_reference <- function(ask, xlim) {
  if (is.null(ask$refline)) return(NULL)
  at <- check_number(ask$refline, "refline")
  look <- ask$lines[4L, ]
  layer_line(expand_limits(xlim, 1), c(at, at), look$col, look$lwd, look$lty[[1L]])
}

regplot_strokes <- function(line, ask) {
  if (is.null(line)) return(NULL)
  stroke <- function(column, row) {
    if (all(is.na(line[[column]]))) return(NULL)
    look <- ask$lines[row, ]
    layer_line(line$x, line[[column]], look$col, look$lwd, look$lty[[1L]])
  }
  c(if (ask$pi) list(stroke("pi.lb", 3L), stroke("pi.ub", 3L)),
    if (ask$ci) list(stroke("ci.lb", 2L), stroke("ci.ub", 2L)),
    list(stroke("pred", 1L)))
}

regplot_legend <- function(data, line, ask) {
  percent <- formatC(100 * ask$level, format = "g")
  entry <- function(label, row) legend_line(label, ask$lines$col[row], ask$lines$lwd[row], ask$lines$lty[[row]])
  Filter(Negate(is.null), list(
    legend_point("Studies", data$pch[1L], data$col[1L], data$bg[1L]),
    if (!is.null(line)) entry("Regression Line", 1L),
    if (ask$ci && !is.null(line)) entry(sprintf("%s%% Confidence Interval", percent), 2L),
    if (ask$pi && !is.null(line)) entry(sprintf("%s%% Prediction Interval", percent), 3L)))
}

#' @rdname regplot
#' @exportS3Method graphics::points metaparity_regplot
points.metaparity_regplot <- function(x, ...) {
  o <- x$order
  graphics::points(x$xi[o], x$yi[o], pch = x$pch[o], cex = points_to_cex(12 * x$psize[o]), col = x$col[o],
                   bg = x$bg[o], ...)
  invisible()
}

#' @rdname regplot
#' @export
regplot <- function(x, ...) {
  if (is_foreign(x, "regplot")) return(foreign_generic("regplot", x)(x, ...))
  UseMethod("regplot")
}
