# Owns the plot of a regression test: the studies against its predictor with the fitted line, or Egger's own view,
# standardised effects against precision. Source: Egger et al. (1997); Sterne & Egger (2005).

#' Plot of a regression test
#'
#' Draws the regression of [regtest()]: in Egger's view the standardised effect against the precision, whose intercept
#' is the asymmetry and whose slope is the effect in large studies; or the effect against the predictor.
#'
#' @param x a result of [regtest()].
#' @param view `"egger"`, or `"predictor"`; by default the first for the standard error as the predictor and no
#'   moderators.
#' @param ci shade the confidence interval of the line? Also a colour.
#' @param xlim,ylim axis limits, two numbers each.
#' @param xlab,ylab axis titles.
#' @param pch,cex,col,bg plotting symbol, its size, its colour and its filling.
#' @param legend `TRUE` or a place such as `"topright"`.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty`, `xaxt`, `yaxt` as in [graphics::par()]. Other
#'   arguments are ignored with a warning.
#' @return A data frame, invisibly, with `x` and `y` of the points and `fitted`, the line at `x`. Its attribute `figure`
#'   is the figure, which [save_figure()] writes to a file.
#' @details Other moderators are held at their means. Errors of class `metaparity_error_input`: Egger's view of another
#' predictor.
#' @section Formula:
#' With y = a + b s the line of the test, Egger's view is y / s = b + a (1 / s).
#' @section In other software: Stata: `metabias6, graph(egger)`, `metabias, egger graph`. \pkg{meta}:
#'   `metabias(plotit = TRUE)`. metafor: none.
#' @references Egger M, Davey Smith G, Schneider M, Minder C (1997). Bias in meta-analysis detected by a simple,
#'   graphical test. *BMJ*, 315, 629-634.
#' @examples
#' d <- data.frame(yi = c(-0.9, -1.6, -1.3, -1.4, -0.2, -0.8),
#'                 se = c(0.57, 0.44, 0.64, 0.14, 0.23, 0.08))
#' plot(regtest(yi, sei = se, data = d, model = "lm"))
#' @export
plot.metaparity_regtest <- function(x, view = NULL, ci = TRUE, xlim = NULL, ylim = NULL, xlab = NULL,
                                    ylab = NULL, pch = 21,
                                    cex = 1, col = "black", bg = "#A6A6A6", legend = FALSE, style = NULL, draw = TRUE,
                                    lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call)
  style <- wished_style(sized_style(style, c(6.5, 5.5), call), list(...), known = "cex", call = call)
  test <- attr(x, "regression", exact = TRUE)
  plain <- x$predictor == "sei" && ncol(test$X) == 2L
  view <- check_choice(if (is.null(view)) if (plain) "egger" else "predictor" else view, c("egger", "predictor"),
                       "view", call)
  if (view == "egger" && !plain)
    abort_input("view", 'must be "predictor": the regression is not on the standard error alone', call)
  fill <- colour_or(ci, "gray90", "ci", call)
  shown <- if (view == "egger") egger_view(test) else predictor_view(test)
  words <- regtest_words(x, view)
  ask <- list(xlim = shown_limits(shown$line$x, xlim, "xlim", call), title = own_text(list(...)$main),
              pch = pch, cex = cex, col = col, bg = bg,
              ylim = shown_limits(unlist(c(shown$points$y,
                                           shown$line[if (is.null(fill)) "y" else c("y", "low", "high")],
                                           if (view == "egger") 0)),
                                  ylim, "ylim", call),
              xlab = if (is.null(xlab)) words[1L] else own_text(xlab), ylab = if (is.null(ylab)) words[2L] else
                own_text(ylab), fill = fill,
              legend = legend_wish(legend, style, call), zero = view == "egger",
              percent = formatC(100 * test$level, format = "g"))
  present(shown$points, with_language(lang, regtest_figure(shown, ask, style)), draw, lang, call)
}

regtest_words <- function(x, view) {
  if (view == "egger") return(c("Precision (1 / Standard Error)", "Standardized Effect"))
  c(switch(x$predictor, sei = "Standard Error", vi = "Variance", ni = "Sample Size", ninv = "Inverse Sample Size",
           sqrtni = "Square Root Sample Size", sqrtninv = "Inverse Square Root Sample Size"), "Estimate")
}

# Points and the line with its limits over the range of the predictor. Lines at the values `at` of the last column.
predictor_view <- function(test) {
  p <- ncol(test$X)
  value <- test$X[, p]
  at <- seq(min(value, if (p == 2L) 0), max(value), length.out = 101L)
  fitted <- line_at(test, at)
  list(points = data.frame(x = value, y = test$yi, fitted = line_at(test, value)$y),
       line = data.frame(x = at, fitted))
}

# In units of the standard error: everything divided by s, against 1 / s.
egger_view <- function(test) {
  s <- test$X[, 2L]
  at <- seq(0, max(1 / s), length.out = 101L)
  fitted <- line_at(test, 1 / at[-1L])
  edge <- with_limits(test, matrix(c(0, 1), 1L))
  line <- data.frame(x = at, rbind(edge, fitted * at[-1L]))
  list(points = data.frame(x = 1 / s, y = test$yi / s, fitted = line_at(test, s)$y / s), line = line)
}

line_at <- function(test, values) {
  X <- matrix(colMeans(test$X), length(values), ncol(test$X), byrow = TRUE)
  X[, ncol(X)] <- values
  with_limits(test, X)
}

with_limits <- function(test, X) {
  y <- values_along(X, test)
  reach <- test$crit * spread_along(X, test$vb)
  data.frame(y = y, low = y - reach, high = y + reach)
}

regtest_figure <- function(shown, ask, style) {
  line <- shown$line
  points <- shown$points
  layers <- list(if (!is.null(ask$fill)) layer_polygon(c(line$x, rev(line$x)), c(line$low, rev(line$high)), ask$fill),
                 if (ask$zero) layer_line(expand_limits(ask$xlim, 1), c(0, 0), lty = 3),
                 if (ask$zero) layer_line(c(0, 0), expand_limits(ask$ylim, 1), lty = 3),
                 layer_line(line$x, line$y, style$line_col, 1.5 * style$line_lwd),
                 layer_points(points$x, points$y, ask$pch, ask$cex, ask$col, ask$bg))
  entries <- c(list(legend_point("Studies", ask$pch, ask$col, ask$bg),
                    legend_line("Regression Line", style$line_col, 1.5 * style$line_lwd)),
               if (!is.null(ask$fill)) list(legend_fill(sprintf("%s%% Confidence Interval", ask$percent), ask$fill)))
  new_figure(layers, plain_axis(ask$xlim, ask$xlab, style), plain_axis(ask$ylim, ask$ylab, style),
             list(title = ask$title, legend = ask$legend), if (ask$legend$shown) entries, style, points)
}
