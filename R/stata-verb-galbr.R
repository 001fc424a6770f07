# galbr(): the Galbraith (radial) plot of Stata and the studies outside its band.
# Source: Tobias (1998) STB-41 sbe20; Galbraith (1988) Stat Med 7:889-894.

#' Galbraith plot as Stata's galbr
#'
#' @inheritParams metabias6
#' @param id,label study labels, as in [metan()].
#' @param graph draw the plot at once. Stata's `galbr` prints nothing; printing the object lists `r`.
#' @return An object of class `stata_galbr` (see [stata_view]): `table` with `x` (1/se), `y` (theta/se), `residual` from
#'   the line through the origin and `outside` (beyond 2); `r` with `k`, `slope` (the fixed-effect estimate) and
#'   `n_outside`.
#' @details Errors: `metaparity_error_input`, `metaparity_error_studies`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("galbr")`.
#' @section In other software: Stata `galbr theta se, id(study)`; metafor `radial(rma(..., method = "FE"))`.
#' @references Galbraith RF (1988). A note on graphical presentation of estimated odds ratios from several clinical
#'   trials. Statistics in Medicine 7, 889-894.
#' @examples
#' d <- data.frame(es = c(-0.76, 11.01, -3.76), se = c(3.70, 4.48, 0.51))
#' galbr(es, se, data = d, graph = FALSE)
#' @export
galbr <- function(..., data = NULL, subset = NULL, id = NULL, label = NULL, graph = FALSE) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  s <- bias_input(mc, data, parent.frame(), FALSE, call)
  fit <- fit_estimates(s$theta, s$se^2, "FE", slab = s$label)
  slope <- as.numeric(fit$beta)[1L]
  table <- data.frame(study = s$label, x = 1 / s$se, y = s$theta / s$se, stringsAsFactors = FALSE)
  table$residual <- (s$theta - slope) / s$se
  table$outside <- abs(table$residual) > 2
  view <- new_stata_view("galbr", list(k = nrow(table), slope = slope, n_outside = sum(table$outside)), table, fit,
                         studies = s, labels = if (!is.null(mc$id) || !is.null(mc$label)) s$label, call = call)
  if (check_flag(graph, "graph", call)) plot(view)
  view
}

#' @export
format.stata_galbr <- function(x, ...) format_return_list(x$r)
