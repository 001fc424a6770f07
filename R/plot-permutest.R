# Histograms of simulated statistics with the observed one: of permutest() and vif().

#' Plots of permutation and simulation distributions
#'
#' A histogram of the statistic of each coefficient under the permutations of [permutest()], or of each variance
#' inflation factor under the simulations of [vif()], with the observed value.
#'
#' @param x a result of [permutest()], or of [vif()] with `sim`.
#' @param beta numbers of the coefficients to draw; by default all but the intercept.
#' @param alpha,QS for location-scale models: numbers of the scale coefficients, and whether their omnibus test is
#'   drawn.
#' @param QM whether the omnibus test is drawn, too.
#' @param breaks,freq passed on to [graphics::hist()].
#' @param col,border,col.out colours of the bars, their borders, and the bars beyond the observed value.
#' @param col.ref,col.density colours of the distribution under the model and of the density estimate.
#' @param trim share of the values to be left out in the tails.
#' @param adjust passed on to [stats::density()].
#' @param lwd widths of the lines: observed value, distribution under the model, density, line at 0; for [vif()]:
#'   observed value and density. 0 draws none.
#' @param legend `TRUE`, a corner such as `"topleft"`,
#'   or a list with elements `x` (a place, or with `y` coordinates of the left upper corner), `inset` (parts of the
#'   panel), `bty`, `bg`, `cex` and `pt.cex`, as in [graphics::legend()].
#' @param ... further arguments of [graphics::hist()], such as `xlim` or `main`.
#' @return `NULL`, invisibly.
#' @details Errors of class `metaparity_error_input`: unknown coefficients, a result of [vif()] without simulations.
#' @section In other software: \pkg{metafor}: the `plot()` methods of the same classes.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2, -0.4), c(0.33, 0.19, 0.41, 0.02, 0.05, 0.1))
#' plot(permutest(fit, exact = TRUE), lwd = c(2, 2, 2, 2))
#' @name plot.metaparity_permutest
#' @export
plot.metaparity_permutest <- function(x, beta, alpha, QM = FALSE, QS = FALSE, breaks = "Scott", freq = FALSE,
                                      col, border,
                                      col.out, col.ref, col.density, trim = 0, adjust = 1, lwd = c(2, 0, 0, 4),
                                      legend = FALSE, ...) {
  call <- match.call()
  check_drawing(environment(), call)
  if (!missing(alpha) || isTRUE(QS)) abort_input("alpha", "is for location-scale models, fits of rma() with `scale`",
                                                 call)
  panels <- coefficient_panels(x, if (!missing(beta)) beta, check_flag(QM, "QM", call), permuted_words(x), call)
  draw_histograms(panels, histogram_colours(col, border, col.out, col.ref, col.density),
                  histogram_look(breaks, freq, trim, adjust, lwd, legend, call), ...)
}

#' @rdname plot.metaparity_permutest
#' @export
plot.metaparity_permutest_ls <- function(x, beta, alpha, QM = FALSE, QS = FALSE, breaks = "Scott", freq = FALSE, col,
                                         border, col.out, col.ref, col.density, trim = 0, adjust = 1,
                                         lwd = c(2, 0, 0, 4), legend = FALSE, ...) {
  call <- match.call()
  check_drawing(environment(), call)
  QM <- check_flag(QM, "QM", call) && !x$int.only
  QS <- check_flag(QS, "QS", call) && !x$Z.int.only
  location <- if (!is.null(x$zval.perm)) {
    coefficient_panels(x, if (!missing(beta)) beta, QM, permuted_words(x, "Location"), call)
  }
  scale <- if (!is.null(x$zval.alpha.perm)) {
    part <- c(scale_part(x$fit), list(zval.perm = x$zval.alpha.perm, QM.perm = x$QS.perm, alternative = x$alternative))
    coefficient_panels(part, if (!missing(alpha)) alpha, QS, permuted_words(x, "Scale"), call, resolve_att)
  }
  if (!length(location) && !length(scale)) abort_input("x", "holds no permuted statistics", call)
  draw_histograms(c(location, scale), histogram_colours(col, border, col.out, col.ref, col.density),
                  histogram_look(breaks, freq, trim, adjust, lwd, legend, call), ...)
}

histogram_look <- function(breaks, freq, trim, adjust, lwd, legend, call) {
  list(breaks = breaks, freq = freq, trim = check_number(trim, "trim", 0, 0.5, call), adjust = adjust,
       lwd = rep_len(lwd, 4L), legend = base_legend(legend, call))
}

# Titles of the panels: a model without parts names its coefficients alone.
permuted_words <- function(x, part = NULL) {
  if (is.null(part)) return(list(omnibus = "Omnibus Test of Coefficients",
                                 of = if (x$int.only) function(n) "" else identity))
  list(omnibus = sprintf("Omnibus Test of %s Coefficients", part),
       of = function(n) sprintf("%s Coefficient: %s", part, n))
}

# One histogram for each coefficient asked for, that of the omnibus test before them.
coefficient_panels <- function(x, which, omnibus, words, call, resolve = resolve_btt) {
  p <- length(x$zval)
  names <- rownames(x$beta)
  which <- if (is.null(which)) seq_len(p)[if (p > 1L && x$int.incl) -1L else TRUE] else resolve(which, names, call)
  t <- x$test != "z"
  panels <- lapply(which, function(j) {
    list(values = x$zval.perm[[j]], seen = x$zval[j], two_sided = x$alternative == "two.sided", omnibus = FALSE,
         upper = x$alternative == "greater", main = words$of(names[j]),
         xlab = if (t) "Value of Test Statistic (t)" else "Value of Test Statistic (z)",
         reference = if (t) function(v) stats::dt(v, x$ddf[1L]) else stats::dnorm)
  })
  if (omnibus) c(list(omnibus_panel(x, words$omnibus)), panels) else panels
}

omnibus_panel <- function(x, title) {
  f <- !is.na(x$QMdf[2L])
  list(values = x$QM.perm, seen = x$QM, two_sided = FALSE, omnibus = TRUE, upper = TRUE,
       main = title,
       xlab = "Value of Test Statistic",
       reference = if (f) function(v) stats::df(v, x$QMdf[1L], x$QMdf[2L]) else function(v)
         stats::dchisq(v, x$QMdf[1L]))
}

histogram_colours <- function(col, border, col.out, col.ref, col.density) {
  list(col = if (missing(col)) "lightgray" else col, border = if (missing(border)) "white" else border,
       out = if (missing(col.out)) grDevices::rgb(1, 0, 0, 0.5) else col.out,
       ref = if (missing(col.ref)) "gray30" else col.ref, density = if (missing(col.density)) "blue" else col.density)
}

draw_histograms <- function(panels, colours, look, ...) {
  call <- sys.call(-1L)
  further <- named_dots(c("xlim", "ylim", "xlab", "ylab", "main", "las", "bty", "cex.lab", "cex.axis",
                          "cex.main", "xaxt", "yaxt"), call, ...)
  check_kinds(further, call)
  for (name in intersect(c("xlim", "ylim"), names(further))) check_limits(further[[name]], name, call)
  n <- length(panels)
  if (n > 1L) {
    old <- graphics::par(mfrow = grDevices::n2mfrow(n))
    on.exit(graphics::par(old))
  }
  for (panel in panels) draw_histogram(panel, colours, look, further)
  invisible()
}

draw_histogram <- function(panel, colours, look, args) {
  v <- trimmed(panel$values[is.finite(panel$values)], look$trim, panel$two_sided)
  bars <- histogram(v, look$breaks)
  beyond <- extreme_bars(bars, panel)
  if (is.null(args$xlim)) args$xlim <- range(bars$breaks, panel$seen, if (panel$two_sided) -panel$seen)
  if (is.null(args$xlab)) args$xlab <- panel$xlab
  if (is.null(args$main)) args$main <- panel$main
  fill <- ifelse(beyond, colours$out, colours$col)
  do.call(graphics::plot, c(list(bars, freq = look$freq, col = fill, border = colours$border), args), quote = TRUE)
  if (!panel$omnibus && look$lwd[4L] > 0) graphics::abline(v = 0, lwd = look$lwd[4L], col = colours$border)
  at <- seq(graphics::par("usr")[1L], graphics::par("usr")[2L], length.out = 500L)
  scale <- if (isTRUE(look$freq)) length(v) * diff(bars$breaks[1:2]) else 1
  if (look$lwd[2L] > 0) graphics::lines(at, scale * panel$reference(at), lwd = look$lwd[2L], col = colours$ref)
  if (look$lwd[3L] > 0) {
    d <- stats::density(v, adjust = look$adjust)
    graphics::lines(d$x, scale * d$y, lwd = look$lwd[3L], col = colours$density)
  }
  seen <- if (panel$two_sided) c(-1, 1) * panel$seen else panel$seen
  if (look$lwd[1L] > 0) graphics::abline(v = seen, lwd = look$lwd[1L], lty = "dashed")
  histogram_legend(look, colours)
}

trimmed <- function(v, trim, both) {
  if (trim == 0) return(v)
  ends <- stats::quantile(v, c(if (both) trim else 0, 1 - trim))
  v[v >= ends[1L] & v <= ends[2L]]
}

# Bars whose middle lies beyond what was seen.
extreme_bars <- function(bars, panel) {
  middle <- bars$mids
  if (panel$two_sided) abs(middle) >= abs(panel$seen) else if (panel$upper) middle >= panel$seen else
    middle <= panel$seen
}

histogram_legend <- function(look, colours) {
  if (isFALSE(look$legend)) return(invisible())
  place <- if (is.character(look$legend)) look$legend else "topright"
  shown <- look$lwd[1:3] > 0
  args <- list(x = place, legend = translate(c("Observed Statistic", "Reference Distribution",
                                               "Density Estimate"))[shown],
               lty = c("dashed", "solid", "solid")[shown], lwd = look$lwd[1:3][shown],
               col = c("black", colours$ref, colours$density)[shown], bg = "white", inset = 0.01)
  do.call(graphics::legend, utils::modifyList(args, if (is.list(look$legend)) look$legend else list()), quote = TRUE)
}

# What base graphics draw: one of its places, or a list of its arguments.
base_legend <- function(legend, call) {
  wish <- legend_wish(legend, list(legend_at = "topright"), call)
  if (wish$at != "point") check_choice(wish$at, base_places, "legend", call)
  if (!is.list(legend)) return(if (wish$shown) wish$at else FALSE)
  legend[intersect(names(legend), setdiff(legend_elements, c("show", "studies")))]
}

#' @rdname plot.metaparity_permutest
#' @export
plot.metaparity_vif <- function(x, breaks = "Scott", freq = FALSE, col, border, col.out, col.density,
                                trim = 0, adjust = 1,
                                lwd = c(2, 0), ...) {
  call <- match.call()
  check_drawing(environment(), call)
  if (is.null(x$sim)) abort_input("x", "has no simulated values: use vif(sim = TRUE)", call)
  colours <- histogram_colours(col, border, col.out, , col.density)
  look <- list(breaks = breaks, freq = freq, trim = check_number(trim, "trim", 0, 0.5, call), adjust = adjust,
               lwd = c(lwd[1L], 0, lwd[2L], 0), legend = FALSE)
  panels <- lapply(seq_along(x$vifs), function(j) {
    set <- x$vif[[j]]
    word <- if (set$m > 1L) "GVIF" else "VIF"
    name <- if (set$m > 1L) paste0("Coefficients ", set$coefs) else set$coefname
    list(values = x$sim[, j], seen = x$vifs[[j]], two_sided = FALSE, omnibus = TRUE, upper = TRUE, main = name,
         xlab = paste(word, "Value"))
  })
  draw_histograms(panels, colours, look, ...)
}

histogram <- function(v, breaks) {
  tryCatch(graphics::hist(v, breaks = breaks, plot = FALSE),
           error = function(e) abort_input("breaks", "must span the range of the values"))
}
