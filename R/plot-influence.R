# Owns the panels of case diagnostics: one cell per measure, the studies along the x axis, cut-offs as dotted lines,
# influential studies filled and named. Source: Viechtbauer & Cheung (2010). Limits are those of metafor's plot, the
# oracle.

#' Plot of case diagnostics
#'
#' @param x a result of [influence()][rma-residuals].
#' @param plotinf which of the eight measures are drawn: `TRUE` (all), `FALSE` (none) or numbers: 1 externally
#'   standardised residuals, 2 DFFITS, 3 Cook's distances, 4 covariance ratios, 5 tau^2 and 6 Q without the study, 7 hat
#'   values, 8 weights.
#' @param plotdfbs the same for the DFBETAS of the coefficients.
#' @param dfbsnew accepted for compatibility: all panels are on one page.
#' @param logcov covariance ratios on a logarithmic axis?
#' @param slab.style labels of the studies on the x axis: 1 numbers, 2 labels (up to 24 characters), 3 abbreviated
#'   labels.
#' @param las accepted for compatibility: long labels are turned by themselves.
#' @param pch,bg,bg.infl plotting symbol, its filling, and that of influential studies.
#' @param col.na colour of the line across studies without a value.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `layout`, the numbers of rows and columns of panels; `main`, `cex`, `cex.lab`, `cex.axis`, `cex.main`,
#'   `las`, `bty` as in [graphics::par()]. Other arguments are ignored with a warning.
#' @return The figure, invisibly; [save_figure()] writes it to a file, at the size that [figure_size()] tells.
#' @details Influential studies carry their label in every panel.
#' Errors of class `metaparity_error_input`: a number that is none of the panels; no panel at all.
#' @section In other software: \pkg{metafor}: `plot.infl.rma.uni()`.
#' @references Viechtbauer W, Cheung MW-L (2010). Outlier and influence diagnostics for meta-analysis. *Research
#'   Synthesis Methods*, 1, 112-125.
#' @examples
#' plot(influence(rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))))
#' @export
plot.metaparity_influence <- function(x, plotinf = TRUE, plotdfbs = FALSE, dfbsnew = FALSE, logcov = TRUE,
                                      slab.style = 1,
                                      las = 0, pch = 21, bg = "#A6A6A6", bg.infl = "red", col.na = "gray85",
                                      style = NULL,
                                      draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call)
  panels <- influence_panels(x, check_flag(logcov, "logcov", call))
  coefficients <- dfbetas_panels(x)
  chosen <- c(panels[panel_numbers(plotinf, length(panels), "plotinf", call)],
              coefficients[panel_numbers(plotdfbs, length(coefficients), "plotdfbs", call)])
  if (!length(chosen)) abort_input("plotinf", "and `plotdfbs` must leave a panel to draw", call)
  labels <- study_labels(x, as.integer(check_number(slab.style, "slab.style", 1, 3, call)))
  longest <- max(nchar(labels, "width"))
  size <- c(4, 2.3 + if (longest > 4L) min(0.075 * longest, 1.5) else 0)
  style <- wished_style(sized_style(style, size, call), list(...), "layout", call)
  flagged <- x$is.infl %in% TRUE
  marks <- list(pch = pch, bg = ifelse(flagged, bg.infl, bg), col.na = col.na, flagged = flagged,
                name = study_labels(x, 2L))
  figure <- with_language(lang, {
    cells <- lapply(chosen, panel_figure, labels = labels, marks = marks, style = influence_style(style))
    new_panels(cells, panel_columns(list(...)$layout, length(cells), call), style, title = own_text(list(...)$main))
  })
  if (check_flag(draw, "draw", call)) with_language(lang, draw_figure(figure))
  invisible(figure)
}

panel_columns <- function(layout, n, call) {
  if (is.null(layout)) return(if (n > 3L) 2L else 1L)
  layout <- check_numeric_vector(layout, "layout", call)
  if (length(layout) != 2L || anyNA(layout) || any(layout < 1))
    abort_input("layout", "must be the numbers of rows and columns", call)
  as.integer(layout[2L])
}

influence_style <- function(style) {
  for (size in c("pt_title", "pt_axis_title", "pt_tick", "pt_label")) style[[size]] <- style[[size]] * 0.75
  style$pad <- 0.08
  style
}

panel_numbers <- function(wish, n, arg, call) {
  if (isFALSE(wish)) return(integer())
  if (isTRUE(wish)) return(seq_len(n))
  wish <- check_numeric_vector(wish, arg, call)
  if (anyNA(wish) || any(!wish %in% seq_len(n)))
    abort_input(arg, sprintf("must be TRUE, FALSE or numbers from 1 to %d", n), call)
  as.integer(wish)
}

# Per panel: title, values, the lines across it, and the limits of its y axis.
influence_panels <- function(x, logcov) {
  v <- unclass(x$inf)
  share <- x$p / x$k
  cut <- if (x$k > x$p) 3 * sqrt(x$p / (x$k - x$p)) else NA_real_
  panel <- function(title, y, lines, lim, log = FALSE) list(title = title, y = y, lines = lines, lim = lim, log = log)
  wide <- function(...) 1.05 * range(..., finite = TRUE)
  plain <- function(y) range(y, finite = TRUE)
  list(panel("rstudent", v$rstudent, c(-1.96, 0, 1.96), wide(v$rstudent, -2, 2)),
       panel("dffits", v$dffits, c(-cut, 0, cut), wide(v$dffits, -cut, cut)),
       panel("cook.d", v$cook.d, stats::qchisq(0.5, df = x$m), wide(0, v$cook.d)),
       panel("cov.r", if (logcov) log10(v$cov.r) else v$cov.r, if (logcov) 0 else 1,
             plain(if (logcov) log10(v$cov.r) else v$cov.r), logcov),
       panel("tau2.del", v$tau2.del, x$tau2, plain(v$tau2.del)),
       panel("QE.del", v$QE.del, c(x$QE, heterogeneity_df(x)), plain(v$QE.del)),
       panel("hat", v$hat, c(share, 3 * share), wide(0, v$hat, 3 * share)),
       panel("weight", v$weight, 100 / x$k, wide(0, v$weight)))
}

dfbetas_panels <- function(x) {
  columns <- list_columns(x$dfbs)
  Map(function(y, name) {
    list(title = paste("dfbs:", name), y = y, lines = c(-1, 0, 1), lim = 1.05 * range(y, finite = TRUE), log = FALSE)
  }, columns, names(columns))
}

study_labels <- function(x, kind) {
  if (kind == 1L) return(as.character(x$ids[x$not.na]))
  labels <- as.character(x$inf$slab)
  if (kind == 3L) return(abbreviate(labels, 8L, named = FALSE, method = "both.sides"))
  long <- nchar(labels, "width") > 24L
  labels[long] <- paste0(strtrim(labels[long], 21L), "...")
  labels
}

panel_figure <- function(panel, labels, marks, style) {
  k <- length(panel$y)
  fine <- which(is.finite(panel$y))
  lim <- panel$lim
  if (lim[1L] == lim[2L]) lim <- lim + c(-0.5, 0.5) * if (lim[1L] == 0) 1 else abs(lim[1L]) * 0.1
  xlim <- if (k > 1L) c(1, k) else c(0.5, 1.5)
  gap <- layer_line(fine, panel$y[fine], marks$col.na)
  runs <- split(fine, cumsum(c(1L, diff(fine) > 1L)))
  joined <- lapply(runs, function(i) if (length(i) > 1L) layer_line(i, panel$y[i]))
  across <- lapply(panel$lines[is.finite(panel$lines)],
                   function(at) layer_line(expand_limits(xlim, 1), c(at, at), lty = 3))
  points <- layer_points(fine, panel$y[fine], marks$pch, 0.9, "black", marks$bg[fine])
  named <- fine[marks$flagged[fine]]
  names <- if (length(named)) layer_labels(named, panel$y[named], marks$name[named],
                                           ifelse(named > k / 2, "left", "right"))
  format <- if (panel$log) function(v) style$format_tick(10^v) else style$format_tick
  window <- range(expand_limits(lim, style$expand))
  at <- if (panel$log) log10(pretty_inside(10^window, 4)) else pretty_inside(window, 4)
  new_figure(c(across, list(gap), joined, list(points, names)),
             new_axis(expand_limits(xlim, style$expand), seq_len(k), labels,
                      upright = max(nchar(labels, "width")) > 4L),
             new_axis(expand_limits(lim, style$expand), at, format(at)), list(title = panel$title), style = style)
}
