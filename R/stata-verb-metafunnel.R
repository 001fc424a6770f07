# metafunnel(): the funnel plot of Stata with its pseudo confidence limits.
# Source: Sterne & Harbord (2004) Stata J 4:127-141.

#' Funnel plot as Stata's metafunnel
#'
#' @inheritParams metabias6
#' @param by a variable of groups, one symbol for each.
#' @param forcenull centre the lines on no effect instead of the pooled estimate.
#' @param nolines draw no lines.
#' @param reverse do not put the standard error 0 on top.
#' @param eform show the effect as exponents on a log scale.
#' @param egger add the regression line of Egger's test.
#' @param graph draw the plot at once. Stata's `metafunnel` prints nothing; printing the object lists `r`.
#' @return An object of class `stata_metafunnel` (see [stata_view]): `table` with `theta`, `se`, `outside` (beyond the
#'   pseudo limits); `r` with `k`, `centre`, `max_se`, `lower`, `upper` (ends of the limits).
#' @details The lines meet at the fixed-effect inverse-variance estimate and are at 1.96 standard errors.
#'   Errors: `metaparity_error_input`, `metaparity_error_studies`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metafunnel")`.
#' @section In other software: Stata `metafunnel theta se`; RevMan: funnel plot; metafor
#'   `funnel(rma(..., method = "FE"))`.
#' @references Sterne JAC, Harbord RM (2004). Funnel plots in meta-analysis. Stata Journal 4, 127-141.
#' @examples
#' d <- data.frame(es = c(-0.76, 11.01, -3.76), se = c(3.70, 4.48, 0.51))
#' metafunnel(es, se, data = d, graph = FALSE)
#' @export
metafunnel <- function(..., data = NULL, subset = NULL, by = NULL, var = FALSE, ci = FALSE, forcenull = FALSE,
                       nolines = FALSE, reverse = FALSE, eform = FALSE, egger = FALSE, graph = FALSE, label = NULL) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  s <- bias_input(mc, data, parent.frame(), check_flag(var, "var", call), call)
  flags <- list(forcenull = forcenull, nolines = nolines, reverse = reverse, eform = eform, egger = egger)
  for (name in names(flags)) check_flag(flags[[name]], name, call)
  fit <- fit_estimates(s$theta, s$se^2, "FE", slab = s$label)
  centre <- if (forcenull) 0 else as.numeric(fit$beta)[1L]
  most <- max(s$se)
  table <- data.frame(study = s$label, theta = s$theta, se = s$se,
                      outside = abs(s$theta - centre) > 1.96 * s$se, stringsAsFactors = FALSE)
  table$by <- s$by
  r <- list(k = nrow(table), centre = centre, max_se = most, lower = centre - 1.96 * most, upper = centre + 1.96 * most)
  view <- new_stata_view("metafunnel", r, table, fit, flags, studies = s, call = call)
  if (check_flag(graph, "graph", call)) plot(view)
  view
}

#' @export
format.stata_metafunnel <- function(x, ...) format_return_list(x$r)
