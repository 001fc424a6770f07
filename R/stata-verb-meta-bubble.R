# Owns the bubble plot of the suite: estat bubbleplot after meta regress.
# Source: exported graphs of Stata 16; Thompson & Higgins (2002).

#' Bubble plot after meta regress
#'
#' The plot of Stata's `estat bubbleplot`: effect sizes against the one continuous moderator, areas by precision, with
#' the linear prediction and its interval.
#'
#' @param x a result of [meta_regress()] with one continuous moderator.
#' @param level level of the interval in percent; that of the regression when missing.
#' @param weights `"invvariance"` (default) or `"regress"`: `1 / (se^2 + tau2)`.
#' @param draw draw the plot.
#' @param ... `title`, `xtitle`, `ytitle`, `legend`, `labels`, `style`.
#' @return A data frame, invisibly: `x`, `y`, `weight`, `xb`, `lo`, `hi`, one row per study used.
#' @details Errors: `metaparity_error_input`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("estat_bubbleplot")`.
#' @section In other software: Stata `estat bubbleplot`; metafor `regplot()`.
#' @references Thompson SG, Higgins JPT (2002). Statistics in Medicine 21, 1559-1573.
#' @examples
#' d <- data.frame(es = c(.2, .5, .1, .4, .3), se = c(.1, .2, .15, .3, .2), year = 2001:2005)
#' estat_bubbleplot(meta_regress(meta_set(es, se, data = d), year))
#' @export
estat_bubbleplot <- function(x, level = NULL, weights = c("invvariance", "regress"), draw = TRUE, ...) {
  check_given(x)
  call <- match.call()
  if (!inherits(x, "stata_meta_regress"))
    abort_input("x", sprintf("must be a result of meta_regress(), not %s", describe(x)), call)
  terms <- x$design$terms
  if (nrow(terms) != 1L || nzchar(terms$block)) abort_input("x", "must have one continuous moderator", call)
  weights <- meta_match(if (is.character(weights)) weights[1L] else weights, c("invvariance", "regress"),
                        "weights", call)
  level <- if (is.null(level)) x$options$level else check_stata_level(level, "level", call)
  d <- x$meta$table[x$rows, ]
  tau2 <- if (weights == "regress" && x$options$model == "random") x$fit$tau2 else 0
  X <- x$design$X[x$rows, ]
  data <- data.frame(x = X[, 2L], y = d[["_meta_es"]], weight = 1 / (d[["_meta_se"]]^2 + tau2))
  data <- cbind(data, bubble_line(x, data$x, level))
  draw <- check_flag(draw, "draw", call)
  ask <- stata_asked(...)
  ask$draw <- draw
  invisible(structure(data, figure = draw_bubbles(x, data, terms$name, level, weights, ask)))
}

#' @rdname estat_bubbleplot
#' @export
meta_bubbleplot <- estat_bubbleplot

bubble_line <- function(x, at, level) {
  X <- cbind(1, at)
  b <- x$reg$coef$b
  se <- spread_along(X, x$fit$vb * x$reg$phi)
  crit <- critical_value(level, x$reg$ddf)
  xb <- values_along(X, list(beta = b))
  data.frame(xb = xb, lo = xb - crit * se, hi = xb + crit * se)
}

draw_bubbles <- function(x, data, moderator, level, weights, ask) {
  style <- as_scatter_style(ask$style, scatter_style_stata())
  xa <- stata_axis(data$x, style, moderator)
  at <- seq(min(data$x), max(data$x), length.out = 101L)
  line <- bubble_line(x, at, level)
  ya <- stata_axis(c(data$y, line$lo, line$hi), style, x$meta$eslabel, grid = TRUE)
  layers <- list(layer_polygon(c(at, rev(at)), c(line$lo, rev(line$hi)), "#D0D0D0"),
                 layer_points(data$x, data$y, 1, area_cex(data$weight), style$point_col),
                 layer_line(at, line$xb, "#90353B", style$line_lwd))
  legend <- list(legend_fill(sprintf("%s%% CI", format(100 * level)), "#D0D0D0"),
                 legend_point("Studies", 1, style$point_col),
                 legend_line("Linear prediction", "#90353B", style$line_lwd))
  note <- if (weights == "regress") "Weights: Random-effects" else "Weights: Inverse-variance"
  if (is.null(ask$subtitle)) ask$subtitle <- note
  invisible(stata_graph(layers, xa, ya, list(title = "Bubble plot"), legend, data[1:2], ask, scatter_style_stata()))
}

#' @rdname stata_plots
#' @export
plot.stata_meta_regress <- function(x, ...) invisible(estat_bubbleplot(x, ...))
