# The figure of a profile likelihood. Source: metafor's plot of profile(), its labels and marks.

#' @rdname profile.metaparity
#' @param x a result of `profile()`.
#' @param pch plotting symbol.
#' @param xlab,ylab,main axis titles and title.
#' @param refline mark the estimate and its log-likelihood?
#' @param cline mark the log-likelihood at the ends of the 95% profile interval? Also another level in percent.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @export
plot.metaparity_profile <- function(x, xlim = x$xlim, ylim = x$ylim, pch = 19, xlab = NULL, ylab = NULL, main = NULL,
                                    refline = TRUE, cline = FALSE, style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call, but = "refline")
  style <- wished_style(sized_style(style, c(6.5, 5), call), list(...), "log", call)
  xlim <- check_limits(xlim, "xlim", call)
  scale <- profile_scale(list(...)$log, x[[1L]], xlim, call)
  shown <- scale$of(x[[1L]])
  kept <- is.finite(shown)
  xlim <- scale$of(scale$xlim)
  ylim <- check_limits(ylim %||% x$ylim, "ylim", call)
  marks <- list(if (check_flag(refline, "refline", call) && scale$fits(x$vc))
                  layer_line(scale$of(c(x$vc, x$vc)), expand_limits(ylim, 1), lty = 3),
                if (refline) layer_line(expand_limits(xlim, 1), rep(x$maxll, 2L), lty = 3))
  if (!isFALSE(cline)) {
    level <- if (isTRUE(cline)) 0.95 else check_level(cline, "cline", call)
    marks <- c(marks, list(layer_line(expand_limits(xlim, 1), rep(x$maxll - stats::qchisq(level, df = 1) / 2, 2L),
                                      lty = 3)))
  }
  figure <- with_language(lang, {
    ylab <- if (is.null(ylab)) if (x$method == "REML") "Restricted Log-Likelihood" else "Log-Likelihood" else
      own_text(ylab)
    new_figure(c(marks, list(layer_line(shown[kept], x$ll[kept]),
                             layer_points(shown[kept], x$ll[kept], pch, 1, style$point_col))),
               plain_axis(xlim, if (is.null(xlab)) x$parameter %||% profile_label(x) else own_text(xlab), style,
                          scale$at, scale$format %||% style$format_tick),
               plain_axis(ylim, ylab, style),
               list(title = if (is.null(main)) "Profile likelihood" else own_text(main)), style = style)
  })
  if (check_flag(draw, "draw", call)) with_language(lang, draw_figure(figure))
  invisible(figure)
}

# `log = "x"`: the parameter on a logarithmic axis, where it is above 0.
profile_scale <- function(log, values, xlim, call) {
  if (is.null(log) || identical(log, ""))
    return(list(of = identity, xlim = xlim, fits = function(v) TRUE, at = NULL, format = NULL))
  if (!identical(log, "x")) abort_input("log", sprintf("must be \"x\", not %s", describe(log)), call)
  above <- values[values > 0]
  if (length(above) < 2L) abort_input("log", "needs values of the parameter above 0", call)
  xlim <- range(pmax(xlim, min(above)))
  list(of = function(v) suppressWarnings(log10(v)), xlim = xlim, fits = function(v) v > 0,
       at = log10(grDevices::axisTicks(log10(xlim), log = TRUE)),
         format = function(at) vapply(10^at, format, "", digits = 3L))
}

# Of the one tau2 of rma() its symbol, of other components their names.
profile_label <- function(x) if (is.character(x$xlab)) sub(" Value$", "", x$xlab) else quote(tau^2)

#' @rdname rma.mv-intervals
#' @export
plot.metaparity_profile_list <- function(x, ...) {
  parts <- unclass(x)
  invisible(lapply(parts[vapply(parts, inherits, NA, "metaparity_profile")], graphics::plot, ...))
}
