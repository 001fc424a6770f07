# Owns the Baujat plot: the part of each study in the heterogeneity against its influence on the estimate. The core
# computes both. Source: Baujat et al. (2002); Viechtbauer (2021) for models with tau2 and moderators. Oracle: metafor.

#' Baujat plot
#'
#' Shows which studies make the heterogeneity (x axis) and which of them change the estimate (y axis).
#'
#' @param x a fit of [rma()], [rma.mh()] or [rma.peto()].
#' @param xlim,ylim axis limits, two numbers each; by default the range of the values.
#' @param xlab,ylab axis titles.
#' @param cex size of symbols or labels.
#' @param symbol what marks a study: `"ids"` its number, `"slab"` its label, or a plotting symbol as in [points()].
#' @param grid draw a grid? Also a colour.
#' @param col colour of the symbols.
#' @param progbar accepted for compatibility; the work is done before a bar could be drawn.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty`, `xaxt`, `yaxt` as in [graphics::par()]. Other
#'   arguments are ignored with a warning.
#' @return A data frame, invisibly, with `x`, `y`, `ids` and `slab`. Its attribute `figure` is the figure, which
#'   [save_figure()] writes to a file.
#' @details Labels are moved apart so that none covers another; in a dense cluster those without a place nearby are left
#'   out, with a message. A study without which the model cannot be fitted is left
#'   out with a warning of class `metaparity_warning_dropped`. Errors are of class `metaparity_error_input`.
#' @section Formula:
#' x is the squared Pearson residual, (y - fitted)^2 / (v + tau^2). y is (fitted - fitted without the study)^2, divided
#' by the variance of the latter.
#' @section In other software: Stata: none. \pkg{metafor}, \pkg{meta}: `baujat()`.
#' @references Baujat B, Mahe C, Pignon J-P, Hill C (2002). A graphical method for exploring heterogeneity in
#'   meta-analyses: application to a meta-analysis of 65 trials. *Statistics in Medicine*, 21, 2641-2652.
#'
#'   Viechtbauer W (2021). Model checking in meta-analysis. In *Handbook of Meta-Analysis*, 219-254. CRC Press.
#' @examples
#' baujat(rma(c(-0.9, -1.6, -1.3, 0.4, -0.2, -0.8), c(0.33, 0.19, 0.41, 0.05, 0.05, 0.01)))
#' @name baujat
NULL

#' @rdname baujat
#' @exportS3Method baujat metaparity
#' @exportS3Method metafor::baujat metaparity
baujat.metaparity <- function(x, xlim = NULL, ylim = NULL, xlab = NULL, ylab = NULL, cex = 1, symbol = "ids",
                              grid = TRUE, progbar = FALSE, col = NULL, style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call)
  x <- whole_fit(x)
  data <- baujat_data(x, call)
  style <- wished_style(sized_style(style, c(6.5, 5.5), call), list(...), call = call)
  style$point_cex <- style$point_cex * check_number(cex, "cex", 0, 20, call)
  if (cex == 0) symbol <- 19 else style$pt_label <- style$pt_label * cex
  ask <- list(xlim = shown_limits(data$x, xlim, "xlim", call), ylim = shown_limits(data$y, ylim, "ylim", call),
              grid = colour_or(grid, "gray90", "grid", call), title = own_text(list(...)$main), symbol = symbol,
              col = if (is.null(col)) style$point_col else col, xlab = if (is.null(xlab)) baujat_xlab(x) else
                own_text(xlab),
              ylab = if (is.null(ylab)) baujat_ylab(x) else own_text(ylab))
  present(data, baujat_figure(data, ask, style, call), draw, lang, call)
}

baujat_data <- function(x, call) {
  if (x$k < 2L) abort_input("x", "must have at least 2 studies", call)
  found <- if (inherits(x, c("rma.mh", "rma.peto"))) baujat_common(x) else baujat_of_estimates(x, call)
  data <- data.frame(x = found$x, y = found$y, ids = found$ids, slab = found$slab, stringsAsFactors = FALSE)
  if (isFALSE(x$slab.null)) rownames(data) <- make.unique(as.character(data$slab))
  bad <- !is.finite(data$x) | !is.finite(data$y)
  if (all(bad)) abort_input("x", "has no fit without any one of its studies", call)
  if (any(bad)) warn_dropped(data$ids[bad], "no estimate, or no fit without them", call)
  data
}

baujat_of_estimates <- function(x, call) {
  list(x = case_statistics(x, call)$pearson^2, y = deletion_statistics(x, call)$fit.shift, ids = x$ids[x$not.na],
       slab = used_slab(x))
}

# Common-effect pooling: the refits are those of leave1out().
baujat_common <- function(x) {
  without <- of_used(suppressWarnings(leave1out(x)))
  estimate <- as.numeric(x$beta)[1L]
  list(x = ((as.numeric(x$yi.f) - estimate)^2 / x$vi.f)[x$not.na], y = (estimate - without$estimate)^2 / without$se^2,
       ids = x$ids[x$not.na], slab = x$slab[x$not.na])
}

baujat_xlab <- function(x) {
  common <- x$method %in% c(common_methods, "MH", "PETO") && isTRUE(x$int.only)
  if (common) "Contribution to Overall Heterogeneity" else "Squared Pearson Residual"
}

baujat_ylab <- function(x) {
  if (isTRUE(x$int.only)) "Influence on Overall Result" else "Influence on Fitted Value"
}

baujat_figure <- function(data, ask, style, call) {
  data <- data[is.finite(data$x) & is.finite(data$y), ]
  if (!is.null(ask$grid)) style[c("grid_col", "grid_lwd")] <- list(ask$grid, 1)
  layers <- if (is.character(ask$symbol)) {
    check_choice(ask$symbol, c("ids", "slab"), "symbol", call)
    named <- outermost(data, 100L)
    list(layer_points(data$x, data$y, 19, 0.35, ask$col),
         layer_labels(data$x[named], data$y[named], data[[ask$symbol]][named], offset = 0.15,
                      reach = if (ask$symbol == "ids") 0.25 else 0.6))
  } else {
    if (!length(ask$symbol) %in% c(1L, nrow(data))) {
      abort_input("symbol", sprintf("must have one value, or one for each of the %d studies, not %d", nrow(data),
                                    length(ask$symbol)), call)
    }
    list(layer_points(data$x, data$y, check_symbols(ask$symbol, "symbol", call), 1, ask$col, style$point_bg))
  }
  grid <- !is.null(ask$grid)
  new_figure(layers, plain_axis(ask$xlim, ask$xlab, style, grid = grid),
             plain_axis(ask$ylim, ask$ylab, style, grid = grid),
             list(title = ask$title), NULL, style, data)
}

# The n studies farthest from the corner of little influence, in their order: among more there is no place for names.
outermost <- function(data, n) {
  k <- nrow(data)
  if (k <= n) return(seq_len(k))
  inform_left_out(k - n, k)
  share <- function(v) v / max(v, 1e-300)
  sort(order(-pmax(share(data$x), share(data$y)))[seq_len(n)])
}

#' @rdname baujat
#' @export
baujat <- function(x, ...) {
  if (is_foreign(x, "baujat")) return(foreign_generic("baujat", x)(x, ...))
  UseMethod("baujat")
}
