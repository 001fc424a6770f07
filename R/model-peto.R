#' Peto's method
#'
#' Pools odds ratios of 2x2 tables by Peto's one-step method, with the arguments and result fields of `rma.peto()`
#' in \pkg{metafor}.
#'
#' @inheritParams rma.mh
#' @return An object of class `c("metaparity_peto", "metaparity", "rma.peto", "rma")`, a list with the fields of
#'   \pkg{metafor}; `weights` has the hypergeometric variances V.
#' @details The pooled log odds ratio is the sum of O - E over the sum of V; Q has a degree of freedom less than there
#'   are tables with V > 0. Errors and warnings as in [rma.mh()]; tables without any variance at all are an error of
#'   class `metaparity_error_input`.
#' @section In other software: Stata's `metan a b c d, peto` and RevMan's Peto, Fixed are `convention = "stata14"` and
#'   `"revman5"`, which do not correct cells of 0.
#' @references Yusuf S, Peto R, Lewis J, Collins R, Sleight P (1985) Beta blockade during and after myocardial
#'   infarction. Progress in Cardiovascular Diseases 27:335-371.
#' @examples
#' trials <- data.frame(ev1 = c(4, 6, 3), n1 = c(123, 306, 231),
#'                      ev2 = c(11, 29, 11), n2 = c(139, 303, 220))
#' rma.peto(ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = trials)
#' @export
rma.peto <- function(ai, bi, ci, di, n1i, n2i, data, slab, subset, add = 1/2, to = "only0", drop00 = TRUE, level = 95,
                     verbose = FALSE, digits, convention = "metafor", ...) {
  mc <- match.call()
  dots <- named_dots("outlist", mc, ...)
  level <- check_level(level, call = mc)
  chosen <- convention_spec(convention, mc)
  chosen[c("mh_add", "mh_to")] <- list(0, "none")
  rules <- pooling_rules(given_rules(mc, environment()), chosen, chosen$peto_add, "PETO", mc)
  input <- pooled_input(mc, parent.frame(), "PETO")
  fit <- call_core(cpp_peto(input$raw, effect_rules(rules), pool_rules(rules, level)), mc)
  ok <- complete_tables(input, fit$weights, mc)
  report_effects(fit, ok, mc)
  form <- list(digits = expand_digits(if (missing(digits)) NULL else digits, call = mc), level = level,
               correct = NULL, k.pos = fit$counts$k.pos, model = "rma.peto")
  out <- new_common_fit(input, ok, fit, rules, form, mc)
  out[c("CO", "COp", "MH", "MHp", "BD", "BDp", "TA", "TAp", "correct")] <- NULL
  out$outdat <- out$outdat[1:4]
  class(out) <- c("metaparity_peto", "metaparity", "rma.peto", "rma")
  as_listed(out, dots$outlist, mc)
}
