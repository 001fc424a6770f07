# sensitivity_table(): one meta-analysis under other estimators, tests and sets of studies. Every row is a refit through
# the
# model contract.

#' A table of sensitivity analyses
#'
#' Shows the pooled result under other estimators of the between-study variance, another test, a common-effect model,
#' and
#' without each study in turn, in one table.
#'
#' @param x a result of [rma()] without moderators, of [rma.mh()] or of [rma.peto()].
#' @param estimators estimators of tau2, as in `rma(method =)`.
#' @param tests tests of the mean, as in `rma(test =)`.
#' @param leave1out whether each study is left out in turn.
#' @param natural,columns,layout,digits,p.style,lang,caption as in [results_table()].
#' @return A `metaparity_table`, see [results_table()].
#' @details The common-effect model has inverse-variance weights and the normal distribution, whatever the test of `x`.
#'   Results of [rma.mh()] and [rma.peto()] have no estimators: their table shows the studies left out.
#'   An estimator that finds no solution is told in a note. Errors of class `metaparity_error_input`: a model with
#'   moderators, a single study, an unknown estimator or test.
#' @section In other software: Stata: `meta summarize` with its options one at a time and `leaveoneout`; \pkg{metafor}:
#'   `update()` and `leave1out()`; RevMan: the choice of the model, one at a time.
#' @references Viechtbauer W (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects
#'   model.
#'   Journal of Educational and Behavioral Statistics 30, 261-293.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -1.4, -0.2), v = c(0.33, 0.19, 0.41, 0.02, 0.05))
#' sensitivity_table(rma(est, v, data = d), estimators = c("DL", "PM"))
#' @export
sensitivity_table <- function(x, estimators = c("REML", "DL", "PM", "ML", "SJ", "EB"), tests = c("z", "knha"),
                              leave1out = TRUE, natural = TRUE, columns = NULL, layout = "rows", digits = 2,
                                p.style = NULL,
                              lang = NULL, caption = NULL) {
  check_given(x)
  form <- table_form(columns, layout, digits, p.style, lang, caption, sys.call())
  if (!inherits(x, c("metaparity_uni", "metaparity_mh", "metaparity_peto")) || !isTRUE(x$int.only)) {
    abort_input("x", "must be a result of rma(), rma.mh() or rma.peto() without moderators", sys.call())
  }
  look_whole(x, "x", studies = TRUE)
  if (x$k < 2L) abort_input("x", "must have at least 2 studies", sys.call())
  check_flag(natural, "natural", sys.call())
  check_flag(leave1out, "leave1out", sys.call())
  check_choices(estimators, tau2_methods, "estimators", sys.call())
  check_choices(tests, c("z", "t", "knha", "adhoc"), "tests", sys.call())
  with_language(form$lang, {
    blocks <- list(c(list(name = translate("As analysed")), table_rows(x, natural)))
    if (inherits(x, "metaparity_uni")) blocks <- c(blocks, refit_blocks(x, estimators, tests, natural))
    if (leave1out) blocks <- c(blocks, list(c(list(name = translate("Without one study")),
                                              left_out_rows(x, natural))))
    new_results_table(blocks, form, sys.call())
  })
}

# The rows say which study is left out.
left_out_rows <- function(x, natural) {
  out <- table_rows(leave1out(x), natural)
  if (all(is.na(out$rows$k))) out$rows$k <- x$k - 1L
  out
}

refit_blocks <- function(x, estimators, tests, natural) {
  change <- function(...) utils::modifyList(x$spec, list(...))
  others <- setdiff(estimators, if (!isTRUE(x$tau2.fix)) x$method)
  variance <- lapply(stats::setNames(nm = others), function(method) change(method = method, tau2 = NA_real_))
  test <- lapply(stats::setNames(nm = setdiff(tests, x$test)), function(test) change(test = test))
  names(test) <- c(z = "Normal distribution", t = "t distribution", knha = "Knapp-Hartung",
                   adhoc = "Knapp-Hartung, variance not below the model's")[names(test)]
  common <- if (is_random(x)) stats::setNames(list(change(method = "EE", tau2 = NA_real_, test = "z", weighted = TRUE)),
                                              "")
  blocks <- list(refit_block(x, variance, "Heterogeneity estimator", natural),
                 refit_block(x, test, "Test and interval", natural),
                 refit_block(plainly_weighted(x), common, "Common-effect model", natural))
  Filter(Negate(is.null), blocks)
}

# The common-effect model has weights of inverse variances, whatever those of the fit.
plainly_weighted <- function(x) {
  x["weights"] <- list(NULL)
  x
}

refit_block <- function(x, specs, name, natural) {
  if (!length(specs)) return(NULL)
  fits <- lapply(specs, function(spec) {
    tryCatch(model_refit(x, spec = spec), metaparity_error = function(e) conditionMessage(e))
  })
  bad <- vapply(fits, is.character, NA)
  scale <- if (natural) natural_scale(x$measure, ni = x$ni)
  random <- !vapply(specs, function(spec) spec$method %in% common_methods && is.na(spec$tau2), NA)
  rows <- do.call(rbind, Map(function(fit, label, random) refit_row(fit, label, x$k, scale, random), fits,
                             translate(names(specs)),
                            random))
  list(name = translate(name), rows = rows, measure = row_measure(x, scale), level = shown_level(list(overall = x)),
       notes = if (any(bad)) paste0(names(specs)[bad], ": ", sub("[.]$", "", unlist(fits[bad]))))
}

refit_row <- function(fit, label, k, scale, random) {
  if (is.character(fit)) return(table_frame(label, k = k))
  table_frame(label, k = k, estimate = fit$estimate, ci.lb = fit$ci.lb, ci.ub = fit$ci.ub, pval = fit$pval,
              tau2 = if (random) fit$tau2, I2 = fit$I2, Q = fit$Q, Qp = fit$Qp, scale = scale)
}
