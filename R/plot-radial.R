# Owns radial() = galbraith(): a fit -> standardised points and an arc of estimates -> figure (R/radial-layout.R) ->
# ink. Source: Galbraith (1988, 1994). The returned data frame is that of metafor's radial(), the oracle of the
# tests.

#' Radial (Galbraith) plot
#'
#' Plots standardised estimates against their precision. A line from the origin through a point meets the arc on the
#' right at the estimate of that study.
#'
#' @param x a fit of [rma()], [rma.mh()] or [rma.peto()] without moderators.
#' @param center centre the estimates at the pooled estimate?
#' @param xlim,zlim limits of the horizontal and the vertical axis, two numbers each.
#' @param xlab,zlab axis titles: strings or expressions.
#' @param atz,aty positions of the ticks of the vertical axis and of the arc.
#' @param steps number of ticks of the arc.
#' @param level level of the band in percent; by default the fit's.
#' @param digits decimals of the labels of the arc.
#' @param transf function for the labels of the arc, for example `exp`; `targs` is its second argument, see [transf].
#' @param targs see `transf`.
#' @param pch,col,bg plotting symbol, its colour and its filling: one value, or one per study.
#' @param back colour of the band; `NA` for none.
#' @param arc.res number of line pieces of an arc.
#' @param cex size of the symbols; `cex.lab` and `cex.axis` of the axis titles and of the tick labels.
#' @param cex.lab,cex.axis see `cex`.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main` (a title), `las`, `xaxt`, `yaxt` as in [graphics::par()]. Other arguments are ignored with a
#'   warning.
#'
#' @return A data frame, invisibly, with `x`, `y` (coordinates of the points), `ids` and `slab`. Its attribute
#' `figure` is the figure, which [save_figure()] writes to a file.
#'
#' @details
#' The limits of the axes are those of metafor's plot. The outer arc ends where the page does. The second, inner arc is
#' the confidence interval of the pooled estimate. Errors of class `metaparity_error_input`: a fit with moderators;
#' limits that are not two numbers.
#'
#' @section Formula:
#' x = 1 / sqrt(v + tau^2) and z = y / sqrt(v + tau^2), with tau^2 = 0 in common-effect fits; the band is
#' estimate * x -/+ the normal quantile at (1 + level) / 2.
#'
#' @section In other software:
#' Stata: `galbr theta se` (here [galbr()]), `meta galbraithplot`. metafor: `radial()`, `galbraith()`, same arguments.
#'
#' @references
#' Galbraith RF (1988). Graphical display of estimates having differing standard errors. *Technometrics*, 30, 271-281.
#'
#' Galbraith RF (1994). Some applications of radial plots. *Journal of the American Statistical Association*, 89,
#' 1232-1242.
#'
#' @examples
#' fit <- rma(c(-0.89, -1.59, -1.35, -1.44, -0.22, -0.79), sei = c(0.57, 0.44, 0.64, 0.14, 0.23, 0.08))
#' radial(fit)
#' radial(fit, center = TRUE, transf = exp)
#' @name radial
NULL

#' @rdname radial
#' @exportS3Method radial metaparity
#' @exportS3Method metafor::radial metaparity
radial.metaparity <- function(x, center = FALSE, xlim = NULL, zlim = NULL, xlab = NULL, zlab = NULL, atz = NULL,
                              aty = NULL, steps = 7, level, digits = 2, transf = NULL, targs = NULL, pch = 21,
                              col = "black",
                              bg = "gray65", back = "gray90", arc.res = 100, cex = 1, cex.lab = 1, cex.axis = 1,
                              style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call, c("pch", "col", "bg"))
  env <- parent.frame()
  marks <- list(pch = from_data(substitute(pch), pch, x, env), col = from_data(substitute(col), col, x, env),
                bg = from_data(substitute(bg), bg, x, env))
  check_marks(marks, call)
  x <- whole_fit(x)
  require_independent(x, "x", call)
  if (!isTRUE(x$int.only)) abort_input("x", "must be a fit without moderators", call)
  for (field in c("ci.lb", "ci.ub")) if (!is.finite(x[[field]])) abort_damaged("x", field, call)
  style <- wished_style(as_scatter_style(style, scatter_style_metafor(), call), list(...), call = call)
  style <- radial_style(style, cex, cex.lab, cex.axis)
  points <- radial_points(x, check_flag(center, "center", call), call)
  marks <- Map(function(value, arg) {
    if (length(value) > 1L) per_study(value, x, length(x$yi), arg, call)[points$rows] else value
  }, marks, names(marks))
  level <- if (missing(level)) 1 - x$level else check_level(level, call = call)
  ask <- list(xlim = check_limits(xlim, "xlim", call), zlim = check_limits(zlim, "zlim", call), xlab = xlab,
              zlab = if (is.numeric(zlab)) format(zlab) else zlab, atz = atz, aty = aty,
              steps = check_number(steps, "steps", 2, 50, call),
              crit = critical_value(level),
              label = radial_label(digits %||% 2, shown_scale(transf, targs, x$ni, call = call)), pch = marks$pch,
              col = marks$col, bg = marks$bg, back = back,
              arc.res = check_number(arc.res, "arc.res", 2, 10000, call), title = own_text(list(...)$main))
  present(points$data, with_language(lang, radial_figure(points, ask, style)), draw, lang, call)
}

radial_label <- function(digits, transform) {
  format <- format_tick_digits(digits)
  function(v) format(transform(v))
}

radial_style <- function(style, cex, cex_lab, cex_axis) {
  style$point_cex <- style$point_cex * cex
  style$pt_axis_title <- style$pt_axis_title * cex_lab
  style$pt_tick <- style$pt_tick * cex_axis
  style$size <- c(6.5, 5.5)
  style
}

# Points, the pooled estimate with its interval (both less `shift` when centred), and what the axis titles speak of.
radial_points <- function(x, center, call = NULL) {
  tau2 <- if (is.null(x$tau2) || is.na(x$tau2)) 0 else x$tau2
  usable <- !is.na(x$yi) & !is.na(x$vi)
  estimate <- as.numeric(x$beta)[1L]
  if (!any(usable) || !is.finite(estimate)) {
    abort_input("x", "must hold a pooled estimate and at least one study with its variance", call)
  }
  shift <- if (center) estimate else 0
  precision <- 1 / sqrt(as.numeric(x$vi)[usable] + tau2)
  theta <- as.numeric(x$yi)[usable] - shift
  ids <- of_plotted(x$ids, x, length(usable))
  data <- data.frame(x = precision, y = theta * precision, ids = ids[usable])
  data$slab <- point_names(x, NULL, length(usable), NULL)[usable]
  rownames(data) <- NULL
  data$y <- as_outcomes(data$y, x$yi, which(usable))
  list(data = data, rows = which(usable), theta = theta, pooled = c(estimate, x$ci.lb[1L], x$ci.ub[1L]) - shift,
       shift = shift,
       random = !x$method %in% c("FE", "EE", "CE"), center = center)
}

#' @rdname radial
#' @export
radial <- function(x, ...) {
  if (is_foreign(x, "radial")) return(foreign_generic("radial", x)(x, ...))
  UseMethod("radial")
}

#' @rdname radial
#' @export
galbraith <- function(x, ...) {
  if (is_foreign(x, "radial")) return(foreign_generic("radial", x)(x, ...))
  UseMethod("radial")
}
