# Owns funnel(): what the user asks -> points and a look -> figure (R/funnel-layout.R) -> ink. The returned data
# frame is that of metafor's funnel(), which is the oracle of the tests; the figure rides in its attribute "figure".

#' Funnel plot
#'
#' Plots the estimates of a meta-analysis against their standard errors, or another measure of their precision, with
#' pseudo confidence limits around the pooled estimate.
#'
#' @param x a fit of [rma()], [rma.mh()], [rma.peto()] or [trimfill()]. Plain estimates are possible as well, see
#'   'Plain estimates'.
#' @param yaxis what the y axis shows: `"sei"` standard errors, `"vi"` variances, `"seinv"`, `"vinv"` their inverses,
#'   `"ni"`, `"ninv"`, `"sqrtni"`, `"sqrtninv"`, `"lni"` functions of the sample size, `"wi"` weights in percent.
#'   The last six have no pseudo confidence limits.
#' @param xlim,ylim axis limits, two numbers each. By default they hold all points and, for `xlim`, the limits.
#' @param xlab,ylab axis titles.
#' @param slab labels of the studies, of the length of the data or of the studies used.
#' @param steps number of ticks of the y axis.
#' @param at positions of the ticks of the x axis.
#' @param atransf function for the labels of the x axis, for example `exp`; `targs` are its further arguments (a list).
#' @param targs see `atransf`.
#' @param digits decimals of the tick labels: one number, or two for x and y. Whole numbers written `2L` drop
#'   trailing zeros.
#' @param level level of the pseudo confidence limits in percent; several levels make a contour-enhanced plot.
#' @param addtau2 add the between-study variance to the limits?
#' @param type residuals of a meta-regression: `"rstandard"` (default) or `"rstudent"`, without the study itself.
#' @param back,shade,hlines colours of the background, of the region between the limits (one per level) and of the
#'   horizontal lines. `NULL` omits them.
#' @param refline x of the vertical line. By default the pooled estimate; 0 for a meta-regression, whose residuals are
#'   plotted. `NULL` omits line and limits.
#' @param lty line types of the limits and of the reference line.
#' @param pch,pch.fill plotting symbols of the studies and of those filled in by [trimfill()].
#' @param col,bg colours of the symbols; two values stand for observed and filled studies.
#' @param label which points carry their label: `FALSE`, `TRUE` or `"all"`, `"out"` (outside the widest limits), or
#'   a number: that many of the most extreme.
#' @param offset distance of a label from its point, in character widths.
#' @param legend `TRUE`, a corner such as `"topright"`, or a list with elements `x`, `show` (`"pvals"`, `"cis"` or `NA`)
#'   and `studies` (logical).
#' @param style look of the plot: a style such as [style_metafor()] (default) or [style_stata()], or its name.
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param ... `main`, a title. Other arguments are ignored with a warning.
#'
#' @return A data frame, invisibly, with `x` and `y` (coordinates of the points), `slab`, and for [trimfill()]
#' `fill`. Its attribute `figure` is the figure, which [save_figure()] writes to a file.
#'
#' @details
#' The text is measured on the open device; margins and the places of labels follow from it. Points can be added in data
#' units afterwards with `points()` and `abline()`.
#' Errors of class `metaparity_error_input`: an unknown `yaxis`; no sample sizes for a function of them; a level outside
#' 50 to 100; limits that are not two numbers. A warning of class `metaparity_warning_input`: limits that leave
#' studies outside.
#'
#' @section Plain estimates:
#' `funnel(x, vi, sei, ni, subset, slab, level = 95, refline = 0, ...)`: `x` is the vector of estimates, or a data frame
#' with columns `yi` and `vi` as [escalc()] makes it; `vi` variances or `sei` standard errors; `ni` sample sizes. All
#' other arguments are as above.
#'
#' @section Formula:
#' The limits at standard error s are refline -/+ z s, or refline -/+ z sqrt(s^2 + tau^2) with `addtau2 = TRUE`, with z
#' the normal quantile at (1 + level) / 2.
#'
#' @section In other software:
#' Stata: `metafunnel theta se` (here [metafunnel()]), `meta funnelplot`, `confunnel`. RevMan: Funnel plot.
#' metafor: `funnel()`, same arguments.
#'
#' @references
#' Sterne JAC, Egger M (2001). Funnel plots for detecting bias in meta-analysis: guidelines on choice of axis.
#' *Journal of Clinical Epidemiology*, 54, 1046-1055.
#'
#' Peters JL, Sutton AJ, Jones DR, Abrams KR, Rushton L (2008). Contour-enhanced meta-analysis funnel plots help
#' distinguish publication bias from other causes of asymmetry. *Journal of Clinical Epidemiology*, 61, 991-996.
#'
#' @examples
#' yi <- c(-0.89, -1.59, -1.35, -1.44, -0.22, -0.79)
#' sei <- c(0.57, 0.44, 0.64, 0.14, 0.23, 0.08)
#' funnel(yi, sei = sei, refline = -0.8)
#' funnel(yi, sei = sei, level = c(90, 95, 99), legend = TRUE)
#' funnel(rma(yi, sei = sei), style = style_stata())
#' @name funnel
NULL

#' @rdname funnel
#' @exportS3Method funnel metaparity
#' @exportS3Method metafor::funnel metaparity
funnel.metaparity <- function(x, yaxis = "sei", xlim = NULL, ylim = NULL, xlab = NULL, ylab = NULL, slab = NULL,
                              steps = 5, at = NULL, atransf = NULL, targs = NULL, digits = NULL, level, addtau2 = FALSE,
                              type = "rstandard", back, shade, hlines, refline, lty = NULL, pch = NULL, pch.fill = NULL,
                              col = NULL, bg = NULL, label = FALSE, offset = 0.4, legend = FALSE, style = NULL,
                              draw = TRUE, ...) {
  call <- sys.call()
  if (inherits(x, "metaparity_subgroup")) x <- x$overall
  check_choice(type, c("rstandard", "rstudent"), "type", call)
  data <- funnel_fit_data(x, check_choice(yaxis, names(funnel_scales), "yaxis", call), slab, type, call)
  tau2 <- if (check_flag(addtau2, "addtau2", call) && isTRUE(x$int.only)) x$tau2 else 0
  if (is.null(xlab)) xlab <- funnel_xlab(x, !is.null(atransf))
  asked <- list(yaxis = yaxis, xlim = xlim, ylim = ylim, xlab = xlab, ylab = ylab,
                steps = steps, at = at, atransf = atransf, targs = targs, digits = digits, tau2 = tau2,
                level = if (missing(level)) 100 * (1 - x$level) else level, lty = lty, pch = pch, pch.fill = pch.fill,
                col = col, bg = bg, label = label, offset = offset, legend = legend, style = style, draw = draw)
  asked["refline"] <- list(if (missing(refline)) funnel_refline(x) else refline)
  if (!missing(back)) asked["back"] <- list(back)
  if (!missing(shade)) asked["shade"] <- list(shade)
  if (!missing(hlines)) asked["hlines"] <- list(hlines)
  funnel_plot(data, asked, list(...), call)
}

# Estimates given as numbers or as a data frame; called by the generic before dispatch.
funnel_plain <- function(x, vi, sei, ni = NULL, subset = NULL, slab = NULL, yaxis = "sei", xlab = NULL, level = 95,
                         refline = 0, ...) {
  call <- sys.call(-1L)
  if (is.data.frame(x)) {
    columns <- funnel_columns(x, call)
    if (missing(vi) && missing(sei)) vi <- columns$vi
    if (is.null(slab)) slab <- columns$slab
    x <- columns$yi
  }
  check_choice(yaxis, names(funnel_scales), "yaxis", call)
  if (missing(vi) && missing(sei)) abort_input("vi", "or `sei` is needed with plain estimates", call)
  sei <- if (missing(sei)) sqrt(check_numeric_vector(vi, "vi", call)) else check_numeric_vector(sei, "sei", call)
  if (is.null(ni)) ni <- attr(x, "ni")
  if (is.null(slab)) slab <- attr(x, "slab")
  measure <- attr(x, "measure")
  data <- funnel_plain_data(check_numeric_vector(x, "x", call), sei, ni, slab, subset, yaxis, call)
  given <- list(...)
  known <- intersect(names(given), funnel_arguments)
  asked <- utils::modifyList(list(steps = 5, label = FALSE, offset = 0.4, legend = FALSE, draw = TRUE, tau2 = 0),
                             given[known], keep.null = TRUE)
  asked["refline"] <- list(refline)
  asked[c("yaxis", "level")] <- list(yaxis, level)
  asked$xlab <- if (is.null(xlab)) axis_label_of(measure, !is.null(asked$atransf)) else xlab
  funnel_plot(data, asked, given[setdiff(names(given), known)], call)
}

funnel_arguments <- c("xlim", "ylim", "ylab", "steps", "at", "atransf", "targs", "digits", "back", "shade", "hlines",
                      "lty", "pch", "pch.fill", "col", "bg", "label", "offset", "legend", "style", "draw")

# The one road from points and wishes to the plot.
funnel_plot <- function(data, asked, extra, call) {
  style <- as_scatter_style(asked$style, scatter_style_metafor(), call)
  look <- funnel_look(data, asked, extra, style, call)
  figure <- funnel_figure(data, look, style)
  if (check_flag(asked$draw, "draw", call)) draw_figure(figure)
  out <- data[c("x", "y", "slab", if (any(data$fill)) "fill")]
  attr(out, "figure") <- figure
  invisible(out)
}

funnel_look <- function(data, asked, extra, style, call) {
  warn_unused(setdiff(names(extra), "main"), call)
  pick <- function(name, default) if (name %in% names(asked)) asked[[name]] else default
  levels <- vapply(asked$level, check_level, 0, call = call)
  digits <- if (is.null(asked$digits)) NULL else rep_len(asked$digits, 2L)
  lty <- rep_len(if (is.null(asked$lty)) c(style$limit_lty, style$ref_lty) else asked$lty, 2L)
  transform <- shown_scale(asked$atransf, asked$targs)
  format_x <- if (is.null(asked$digits)) style$format_tick else format_tick_digits(digits[1L])
  look <- list(yaxis = asked$yaxis, refline = check_refline(asked$refline, call), levels = levels, tau2 = asked$tau2,
       xlim = check_limits(asked$xlim, "xlim", call), ylim = check_limits(asked$ylim, "ylim", call), xlab = asked$xlab,
       ylab = asked$ylab, steps = check_number(asked$steps, "steps", 2, 50, call), at = asked[["at"]],
       atransf = if (!is.null(asked$atransf)) transform, digits = asked$digits,
       format_x = function(v) format_x(transform(v)),
       format_y = if (is.null(asked$digits)) style$format_tick else format_tick_digits(digits[2L]),
       back = pick("back", style$back), shade = funnel_shades(pick("shade", style$shade), length(levels)),
       hlines = pick("hlines", style$hlines), lty = lty, title = extra$main,
       pch = funnel_symbols(data$fill, asked, style),
       col = by_fill(data$fill, asked$col, style$point_col), bg = by_fill(data$fill, asked$bg, style$point_bg),
       label = check_label(asked$label, call), offset = asked$offset)
  c(look, funnel_legend_wish(asked$legend, style, call))
}

# The function itself while it needs no more arguments, so that exp is still known as exp.
shown_scale <- function(transf, targs) {
  if (is.null(transf)) return(identity)
  if (is.null(targs)) transf else function(v) do.call(transf, c(list(v), targs))
}

warn_unused <- function(names, call) {
  if (length(names) == 0L) return(invisible())
  warn_input("...", sprintf("holds arguments that are not used: %s", paste(names, collapse = ", ")), call)
}

check_limits <- function(x, arg, call = NULL) {
  if (is.null(x)) return(NULL)
  if (!is.numeric(x) || length(x) != 2L || anyNA(x) || x[1L] == x[2L]) {
    abort_input(arg, sprintf("must be two different numbers, not %s", describe(x)), call)
  }
  x
}

check_refline <- function(x, call = NULL) if (is.null(x)) NULL else check_number(x, "refline", call = call)

check_label <- function(x, call = NULL) {
  fine <- length(x) == 1L && !is.na(x) && (is.logical(x) || is.numeric(x) || x %in% c("all", "out"))
  if (!fine) abort_input("label", sprintf('must be TRUE, FALSE, "all", "out" or a number, not %s', describe(x)), call)
  x
}

# One level has the first shade; several spread over the rest, and more levels than shades go round again.
funnel_shades <- function(shade, levels) {
  if (is.null(shade)) return(rep(NA_character_, levels))
  rep_len(shade, levels)
}

funnel_symbols <- function(fill, asked, style) {
  observed <- if (is.null(asked[["pch"]])) style$pch else asked[["pch"]]
  filled <- if (is.null(asked$pch.fill)) style$pch_fill else asked$pch.fill
  out <- rep_len(observed, length(fill))
  out[fill] <- filled
  out
}

# A value per point; two values with filled studies mean observed and filled.
by_fill <- function(fill, given, default) {
  if (is.null(given)) return(rep_len(default, length(fill)))
  if (any(fill) && length(given) == 2L) return(given[1L + fill])
  rep_len(given, length(fill))
}

funnel_legend_wish <- function(legend, style, call) {
  wish <- list(legend = FALSE, legend_at = style$legend_at, show = "pvals", studies = TRUE)
  if (is.list(legend)) {
    wish$legend <- TRUE
    if (!is.null(legend$x)) wish$legend_at <- legend$x
    wish$show <- if (is.null(legend$show)) "pvals" else legend$show
    wish$studies <- !isFALSE(legend$studies)
  } else if (is.character(legend)) {
    wish[c("legend", "legend_at")] <- list(TRUE, legend)
  } else {
    wish$legend <- check_flag(legend, "legend", call)
  }
  places <- c("corner", "topright", "topleft", "bottomright", "bottomleft", "above", "below")
  check_choice(wish$legend_at, places, "legend", call)
  wish
}
