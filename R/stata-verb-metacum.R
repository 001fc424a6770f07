# metacum(): cumulative meta-analysis as Stata's metacum, a view of metan(version = 4, cumulative = TRUE).
# Source: Sterne (1998) STB-42 sbe22; the command as it is now passes its words to metan. Oracle: a verified log.

#' Cumulative meta-analysis as Stata's metacum
#'
#' The pooled estimate and its interval of the first study, the first two, and so on, in the order of the data.
#'
#' @param ... the variables and options of [metan()] with `version = 4`: models, measures, `eform`, `by`, `effect`.
#' @param lcols columns of the forest plot left of it; the first labels the studies.
#' @inheritParams metan
#' @return An object of class `stata_metacum` (see [stata_view]): `table` with one row per step (`es`,
#'   `ci_low`, `ci_upp` as shown, `se`, `tau2`), `r` as that of [metan()].
#' @details Errors and warnings are those of [metan()]; several models are an error of class `metaparity_error_input`.
#'   An object of the package \pkg{meta} is passed on to its function of this name.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metacum")`.
#' @section In other software: Stata `metacum theta se, random label(namevar=id)`; metafor `cumul(rma(...))`.
#' @references Lau J, Antman EM, Jimenez-Silva J, et al. (1992). Cumulative meta-analysis of therapeutic trials for
#'   myocardial infarction. New England Journal of Medicine 327, 248-254.
#' @examples
#' d <- data.frame(id = c("A", "B", "C"), logor = c(-0.76, 0.31, -0.26), se = c(0.70, 0.48, 0.31))
#' metacum(logor, se, data = d, eform = TRUE, random = TRUE, label = c(namevar = "id"))
#' @export
metacum <- function(..., data = NULL, subset = NULL, label = NULL, lcols = NULL, graph = FALSE) {
  mc <- match.call()
  if (is.null(data) && is_meta_call(as.list(mc)[-1L], parent.frame())) return(meta::metacum(...))
  call <- mc
  mc$graph <- NULL
  mc[c("version", "cumulative")] <- list(4, TRUE)
  mc[[1L]] <- quote(metaparity::metan)
  view <- eval(mc, parent.frame())
  view$options["nowt"] <- TRUE
  view$call <- call
  class(view) <- c("stata_metacum", class(view))
  if (check_flag(graph, "graph", call)) plot(view)
  view
}

#' @export
format.stata_metacum <- function(x, ...) {
  if (x$options$notable) return(character())
  c("", format_metan4_table(x), format_xlabel_note(x))
}
