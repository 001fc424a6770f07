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
#' @param slab labels of the studies, of the length of the data or of the studies used. Like `pch`, `col`, `bg` and `by`
#'   it may name columns of the data of the fit.
#' @param steps number of ticks of the y axis, at equal distances from one of its ends to the other, as in
#'   \pkg{metafor}. By default the ticks are round numbers; with `style = "metafor"` there are 5 such ticks.
#' @param at positions of the ticks of the x axis, which holds all of them.
#' @param atransf function for the labels of the x axis, for example `exp`; `targs` is its second argument, see
#'   [transf].
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
#' @param legend `TRUE`, a place such as `"topright"`,
#'   or a list with elements `x` (a place, or with `y` coordinates of the left upper corner), `inset` (parts of the
#'   panel), `bty`, `bg`, `cex` and `pt.cex`, as in [graphics::legend()], and with `show` (`"pvals"`,
#'   `"cis"` or `NA`) and `studies` (logical). Groups have a legend by default.
#' @param by groups with a symbol of their own each: a column of the data or one value per study. A fit with subgroups
#'   shows these.
#' @param horizontal put the estimates on the y axis, as Begg's funnel plot does? `x` and `y` of the result are then
#'   exchanged.
#' @param refline2,level2 x and level (in percent) of a second funnel, drawn in dashed lines.
#' @param style look of the plot: a style such as [style_metafor()] (default) or [style_stata()], or its name.
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main` (a title), `cex`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty`, `xaxt`, `yaxt` as in
#'   [graphics::par()]. Other arguments are ignored with a warning.
#'
#' @return A data frame, invisibly, with `x` and `y` (coordinates of the points), `slab`, and for [trimfill()]
#' `fill`. Its attribute `figure` is the figure, which [save_figure()] writes to a file.
#'
#' @details
#' The text is measured on the open device; margins and the places of labels follow from it. A label keeps off the other
#' labels and points; one that finds no place is left out, and a message counts these. A legend takes a corner without
#' points, or the place with the fewest; one that is too large for the plot region stands below it. Points can be added
#' in data units afterwards with `points()` and `abline()`.
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
#' funnel(rma(yi, sei = sei), by = rep(c("early", "late"), 3), horizontal = TRUE)
#' @name funnel
NULL

#' @rdname funnel
#' @exportS3Method funnel metaparity
#' @exportS3Method metafor::funnel metaparity
funnel.metaparity <- function(x, yaxis = "sei", xlim = NULL, ylim = NULL, xlab = NULL, ylab = NULL, slab = NULL,
                              steps = NULL, at = NULL, atransf = NULL, targs = NULL, digits = NULL, level,
                              addtau2 = FALSE,
                              type = "rstandard", back, shade, hlines, refline, lty = NULL, pch = NULL, pch.fill = NULL,
                              col = NULL, bg = NULL, label = FALSE, offset = 0.4, legend, by = NULL,
                              horizontal = FALSE, refline2 = NULL, level2 = NULL, style = NULL, draw = TRUE,
                              lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call, c("slab", "pch", "col", "bg", "by"))
  env <- parent.frame()
  of <- function(expr, value) from_data(expr, value, x, env)
  marks <- list(slab = of(substitute(slab), slab), pch = of(substitute(pch), pch), col = of(substitute(col), col),
                bg = of(substitute(bg), bg), by = of(substitute(by), by))
  check_marks(marks, call)
  if (is.null(marks$by) && inherits(x, "metaparity_subgroup")) {
    marks["by"] <- list(x$by)
  }
  if (missing(legend)) legend <- if (is.null(marks$by)) FALSE else list(show = NA)
  x <- whole_fit(x)
  check_choice(type, c("rstandard", "rstudent"), "type", call)
  data <- funnel_fit_data(x, check_choice(yaxis, names(funnel_scales), "yaxis", call), marks$slab, type, call)
  asked <- list(yaxis = yaxis, xlim = xlim, ylim = ylim, xlab = if (is.null(xlab)) funnel_xlab(x, atransf) else
                own_text(xlab),
                ylab = ylab, steps = steps, at = at, atransf = atransf, targs = targs, digits = digits,
                tau2 = if (check_flag(addtau2, "addtau2", call) && isTRUE(x$int.only)) x$tau2 else 0,
                level = if (missing(level)) 100 * (1 - x$level) else level, lty = lty, pch.fill = pch.fill,
                label = label,
                offset = offset, legend = legend, horizontal = horizontal, refline2 = refline2, level2 = level2,
                style = style,
                draw = draw, lang = lang)
  asked <- c(asked, funnel_marks(marks[c("pch", "col", "bg", "by")], x, data, call))
  asked["refline"] <- list(if (missing(refline)) funnel_refline(x) else refline)
  if (isTRUE(x$int.only)) asked$outcomes <- x$yi
  asked$sizes <- x$ni
  if (!missing(back)) asked["back"] <- list(back)
  if (!missing(shade)) asked["shade"] <- list(shade)
  if (!missing(hlines)) asked["hlines"] <- list(hlines)
  funnel_plot(data, asked, list(...), call)
}

# Estimates given as numbers or as a data frame; called by the generic before dispatch.
funnel_plain <- function(x, vi, sei, ni = NULL, subset = NULL, slab = NULL, yaxis = "sei", xlab = NULL, level = 95,
                         refline = 0, ...) {
  call <- sys.call(-1L)
  check_drawing(environment(), call)
  data <- if (is.data.frame(x)) x
  if (is.data.frame(x)) {
    columns <- funnel_columns(x, call)
    if (missing(vi) && missing(sei)) vi <- columns$vi
    x <- columns$yi
  }
  check_choice(yaxis, names(funnel_scales), "yaxis", call)
  if (missing(vi) && missing(sei)) abort_input("vi", "or `sei` is needed with plain estimates", call)
  sei <- if (missing(sei)) sqrt(check_numeric_vector(vi, "vi", call)) else check_numeric_vector(sei, "sei", call)
  notes <- if (is.null(ni) || is.null(slab)) effect_notes(x, data, "x", call)
  if (is.null(ni)) ni <- notes$ni
  if (is.null(slab)) slab <- notes$slab
  measure <- attr(x, "measure")
  data <- funnel_plain_data(check_numeric_vector(x, "x", call), sei, ni, slab, subset, yaxis, call)
  given <- list(...)
  known <- intersect(names(given), funnel_arguments)
  asked <- list(label = FALSE, offset = 0.4, draw = TRUE, tau2 = 0,
                legend = if (is.null(given[["by"]])) FALSE else list(show = NA))
  asked <- utils::modifyList(asked, given[known], keep.null = TRUE)
  asked["refline"] <- list(refline)
  asked[c("yaxis", "level")] <- list(yaxis, level)
  asked$sizes <- ni
  asked$xlab <- if (is.null(xlab)) axis_label_of(measure, atransf = asked$atransf) else own_text(xlab)
  for (arg in c("pch", "col", "bg", "by")) if (length(asked[[arg]]) == length(sei))
    asked[[arg]] <- asked[[arg]][data$row]
  funnel_plot(data, asked, given[setdiff(names(given), known)], call)
}

funnel_arguments <- c("xlim", "ylim", "ylab", "steps", "at", "atransf", "targs", "digits", "back", "shade", "hlines",
                      "lty", "pch", "pch.fill", "col", "bg", "label", "offset", "legend", "by", "horizontal",
                      "refline2",
                      "level2", "style", "draw", "lang")

# The one road from points and wishes to the plot.
funnel_plot <- function(data, asked, extra, call) {
  style <- wished_style(as_scatter_style(asked$style, scatter_style_metafor(), call), extra, call = call)
  look <- funnel_look(data, asked, extra, style, call)
  flipped <- check_flag(if (is.null(asked$horizontal)) FALSE else asked$horizontal, "horizontal", call)
  figure <- with_language(asked$lang, if (flipped) turned_figure(funnel_figure(data, look, style)) else
                          funnel_figure(data, look, style))
  out <- data[c("x", "y", "slab", if (any(data$fill)) "fill")]
  if (!is.null(asked$outcomes)) out$x <- as_outcomes(out$x, asked$outcomes, data$row)
  if (flipped) out[c("x", "y")] <- out[c("y", "x")]
  if (asked$yaxis != "wi") rownames(out) <- NULL
  present(out, figure, asked$draw, asked$lang, call)
}

funnel_look <- function(data, asked, extra, style, call) {
  pick <- function(name, default) if (name %in% names(asked)) asked[[name]] else default
  # A level of 0 leaves the reference line alone.
  if (!is.numeric(asked$level) || !length(asked$level))
    abort_input("level", sprintf("must be numeric, not %s", describe(asked$level)), call)
  if (length(asked$level) > 100L) abort_input("level", sprintf("must be at most 100 levels, not %d",
                                                               length(asked$level)), call)
  levels <- vapply(asked$level, function(level) if (level %in% 0) 0 else check_level(level, call = call), 0)
  digits <- if (is.null(asked$digits)) NULL else rep_len(as.list(asked$digits), 2L)
  transform <- shown_scale(asked$atransf, asked$targs, asked$sizes, "atransf", call)
  format_x <- tick_format(style, digits[[1L]])
  look <- list(yaxis = asked$yaxis, refline = check_refline(asked$refline, call), levels = levels, tau2 = asked$tau2,
       xlim = check_limits(asked$xlim, "xlim", call), ylim = check_limits(asked$ylim, "ylim", call), xlab = asked$xlab,
       ylab = asked$ylab, steps = y_steps(asked, style, call), at = asked[["at"]],
       atransf = if (!is.null(asked$atransf)) transform, digits = asked$digits,
       format_x = function(v) format_x(transform(v)),
       format_y = tick_format(style, digits[[2L]]),
       back = pick("back", style$back), shade = funnel_shades(pick("shade", style$shade), length(levels)),
       hlines = pick("hlines", style$hlines),
       lty = rep_len(if (is.null(asked$lty)) c(style$limit_lty, style$ref_lty) else asked$lty, 2L),
       title = own_text(extra$main), label = check_label(asked$label, call), offset = asked$offset,
       second = second_funnel(asked, levels, call))
  c(look, funnel_symbols(data, asked, style, call), list(legend = legend_wish(asked$legend, style, call)))
}

# Equally many steps as asked for, by number or by a look that has them; NULL: round numbers.
y_steps <- function(asked, style, call) {
  if (!is.null(asked$steps)) return(check_number(asked$steps, "steps", 2, 50, call))
  if (!is.null(asked$style) && style$y_ticks == "steps") 5
}

# Reference line and level of the second funnel.
second_funnel <- function(asked, levels, call) {
  if (is.null(asked$refline2)) return(NULL)
  list(refline = check_number(asked$refline2, "refline2", call = call), tau2 = asked$tau2,
       levels = if (is.null(asked$level2)) levels[1L] else check_level(asked$level2, "level2", call))
}

# What a plot shows its values through.
shown_scale <- function(transf, targs, ni = NULL, arg = "transf", call = NULL) {
  if (is.null(transf)) identity else bind_transform(transf, targs, ni, arg = arg, call = call)
}

check_refline <- function(x, call = NULL) if (is.null(x)) NULL else check_number(x, "refline", call = call)

check_label <- function(x, call = NULL) {
  fine <- is.atomic(x) && length(x) == 1L && !is.na(x) && (is.logical(x) || is.numeric(x) || x %in% c("all", "out"))
  if (!fine) abort_input("label", sprintf('must be TRUE, FALSE, "all", "out" or a number, not %s', describe(x)), call)
  x
}

# One level has the first shade; several spread over the rest, and more levels than shades go round again.
funnel_shades <- function(shade, levels) {
  if (is.null(shade)) return(rep(NA_character_, levels))
  rep_len(shade, levels)
}

# Symbols, their colours and fillings per point; groups have those of the look, unless others are given.
funnel_symbols <- function(data, asked, style, call) {
  fill <- data$fill
  check_symbol_count(asked, fill, call)
  pch <- rep_len(if (is.null(asked[["pch"]])) style$pch else asked[["pch"]], length(fill))
  pch[fill] <- if (is.null(asked$pch.fill)) style$pch_fill else asked$pch.fill
  out <- list(pch = pch, col = by_fill(fill, asked$col, style$point_col), bg = by_fill(fill, asked$bg, style$point_bg))
  if (is.null(asked$by)) return(out)
  if (length(asked$by) != length(fill)) {
    abort_input("by", sprintf("must have one value for each of the %d studies, not %d", length(fill), length(asked$by)),
                call)
  }
  out$group <- addNA(factor(check_values(asked$by, "by", call)), ifany = TRUE)
  of_group <- function(given, own)
    rep_len(if (is.null(given)) own else given, nlevels(out$group))[as.integer(out$group)]
  if (length(asked[["pch"]]) <= nlevels(out$group)) out$pch[!fill] <- of_group(asked[["pch"]], style$group_pch)[!fill]
  if (length(asked$col) <= nlevels(out$group)) out$col <- of_group(asked$col, style$group_col)
  out
}

# One symbol, one per study, or one per group.
check_symbol_count <- function(asked, fill, call) {
  n <- length(asked[["pch"]])
  of_groups <- length(asked$by) == length(fill) && n <= length(unique(asked$by))
  if (n < 2L || of_groups || n %in% c(length(fill), sum(!fill))) return(invisible())
  abort_input("pch", sprintf("must have one value, or one for each of the %d studies, not %d", sum(!fill), n), call)
}

# A value per point; two values with filled studies mean observed and filled.
by_fill <- function(fill, given, default) {
  if (is.null(given)) return(rep_len(default, length(fill)))
  if (any(fill) && length(given) == 2L) return(given[1L + fill])
  rep_len(given, length(fill))
}

#' @rdname funnel
#' @export
funnel <- function(x, ...) {
  if (is_plain(x)) return(funnel_plain(x, ...))
  if (is_foreign(x, "funnel")) return(foreign_generic("funnel", x)(x, ...))
  UseMethod("funnel")
}
