# Owns what a class of fits cannot answer: one classed error that says what to use, registered for every such generic.

abort_capability <- function(arg, message, call = NULL) {
  message <- translated(substitute(message), message, parent.frame())
  stop(errorCondition(sprintf("`%s` %s", arg, message), arg = arg, call = call,
                      class = c("metaparity_error_unsupported", "metaparity_error_input", "metaparity_error")))
}

# The generic or verb that the user called, under the name that it has here: through a variable, lapply() or do.call()
# the call holds another name or none.
asked_generic <- function(call) {
  name <- call[[1L]]
  if (is.call(name) && length(name) == 3L) name <- name[[3L]]
  whole <- if (is.symbol(name)) as.character(name) else ""
  called <- sub("[.]metaparity.*$", "", whole)
  ours <- getNamespaceExports("metaparity")
  if (called != whole || called %in% ours) return(called)
  frames <- which(vapply(sys.calls(), function(frame) identical(frame[[1L]], call[[1L]]), NA))
  for (fun in lapply(rev(frames), sys.function)) {
    same <- Filter(function(verb) identical(get0(verb, asNamespace("metaparity"), mode = "function"), fun), sort(ours))
    if (length(same)) return(same[1L])
  }
  if (nzchar(called)) called else "the verb"
}

# Several fits together: every question to one fit.
refuse_groups <- function(arg, call) {
  abort_capability(arg, sprintf(
    "holds the fits of subgroups, and %s() takes one fit: use its `overall`, or lapply() over its `groups`",
    asked_generic(call)), call)
}

# Pooled two-by-two tables: what needs a model of the estimates with a weight for each. And other models than that of
# rma().
refuse_pooled <- function(x, arg, call) {
  if (inherits(x, c("rma.mh", "rma.peto"))) {
    abort_capability(arg, sprintf(
      'is of class "%s", and %s() takes fits of rma(): use rma(..., method = "EE") on the same data', class(x)[1L],
      asked_generic(call)), call)
  }
  abort_capability(arg, sprintf(
    'is of class "%s", and %s() takes fits of rma(): use a fit of rma() of the same studies', class(x)[1L],
    asked_generic(call)), call)
}

# Generics for linear models or numbers, and what does their work here.
instead_of <- c(
  aggregate = "pool the rows of a study before the fit, with aggregate() of the escalc() data",
  points = "draw it with forest(), funnel() or regplot(), or add to these with addpoly()",
  density = "draw the distribution of subsets with plot(gosh(x)), or use its `yi` and `vi`",
  extractAIC = "use AIC(), fitstats(), or anova() of two fits", dummy.coef = "use coef(), or predict() with `newmods`")
instead_of[c("lines", "text")] <- instead_of[["points"]]
instead_of[c("hist", "boxplot", "pairs")] <- "draw it with forest(), funnel() or plot(), or use its `yi` and `vi`"
instead_of[c("drop1", "add1", "alias", "proj")] <- instead_of[["extractAIC"]]
instead_of[c("effects", "family")] <- "use coef(), residuals() or rstandard()"

refuse_generic <- function(arg, call) {
  generic <- asked_generic(call)
  hint <- unname(instead_of[sub("[.].*$", "", generic)])
  if (is.na(hint)) hint <- unname(instead_of[generic])
  abort_capability(arg, sprintf("is a fit, for which there is no %s(): %s", generic,
                                if (is.na(hint)) "use summary()" else hint), call)
}

# Results of analyses, which are no fits.
refuse_result <- function(x, arg, call) {
  abort_capability(arg, sprintf('is of class "%s", and %s() takes fits, such as those of rma()', class(x)[1L],
                                asked_generic(call)),
                   call)
}

# Methods under the name that each generic gives its first argument.
not_for_fits <- function(object, ...) refuse_generic("object", sys.call())
not_for_fits_x <- function(x, ...) refuse_generic("x", sys.call())
not_for_fits_fit <- function(fit, ...) refuse_generic("fit", sys.call())
fits_only <- function(object, ...) refuse_result(object, "object", sys.call())
one_fit_only <- function(object, ...) refuse_groups("object", sys.call())
one_fit_only_x <- function(x, ...) refuse_groups("x", sys.call())
one_fit_only_model <- function(model, ...) refuse_groups("model", sys.call())
one_fit_only_fitted <- function(fitted, ...) refuse_groups("fitted", sys.call())
uni_only <- function(object, ...) refuse_pooled(object, "object", sys.call())
uni_only_x <- function(x, ...) refuse_pooled(x, "x", sys.call())
uni_only_model <- function(model, ...) refuse_pooled(model, "model", sys.call())
uni_only_fitted <- function(fitted, ...) refuse_pooled(fitted, "fitted", sys.call())

#' @rawNamespace S3method(AIC, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(BIC, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(addpoly, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(metafor::addpoly, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(anova, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(as.matrix, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(blup, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(metafor::blup, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(confint, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(cooks.distance, metaparity_subgroup, one_fit_only_model)
#' @rawNamespace S3method(cumul, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(metafor::cumul, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(deviance, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(df.residual, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(dfbetas, metaparity_subgroup, one_fit_only_model)
#' @rawNamespace S3method(fitstats, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(metafor::fitstats, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(fitted, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(hatvalues, metaparity_subgroup, one_fit_only_model)
#' @rawNamespace S3method(hc, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(metafor::hc, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(influence, metaparity_subgroup, one_fit_only_model)
#' @rawNamespace S3method(leave1out, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(metafor::leave1out, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(logLik, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(model.matrix, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(permutest, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(metafor::permutest, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(predict, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(profile, metaparity_subgroup, one_fit_only_fitted)
#' @rawNamespace S3method(ranef, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(metafor::ranef, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(regplot, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(metafor::regplot, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(residuals, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(robust, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(metafor::robust, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(rstandard, metaparity_subgroup, one_fit_only_model)
#' @rawNamespace S3method(rstudent, metaparity_subgroup, one_fit_only_model)
#' @rawNamespace S3method(simulate, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(terms, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(trimfill, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(metafor::trimfill, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(vcov, metaparity_subgroup, one_fit_only)
#' @rawNamespace S3method(vif, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(metafor::vif, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(blup, metaparity, uni_only_x)
#' @rawNamespace S3method(metafor::blup, metaparity, uni_only_x)
#' @rawNamespace S3method(cooks.distance, metaparity_mh, uni_only_model)
#' @rawNamespace S3method(cooks.distance, metaparity_peto, uni_only_model)
#' @rawNamespace S3method(dfbetas, metaparity_mh, uni_only_model)
#' @rawNamespace S3method(dfbetas, metaparity_peto, uni_only_model)
#' @rawNamespace S3method(hatvalues, metaparity_mh, uni_only_model)
#' @rawNamespace S3method(hatvalues, metaparity_peto, uni_only_model)
#' @rawNamespace S3method(hc, metaparity, uni_only)
#' @rawNamespace S3method(metafor::hc, metaparity, uni_only)
#' @rawNamespace S3method(influence, metaparity_mh, uni_only_model)
#' @rawNamespace S3method(influence, metaparity_peto, uni_only_model)
#' @rawNamespace S3method(permutest, metaparity, uni_only_x)
#' @rawNamespace S3method(metafor::permutest, metaparity, uni_only_x)
#' @rawNamespace S3method(profile, metaparity_mh, uni_only_fitted)
#' @rawNamespace S3method(profile, metaparity_peto, uni_only_fitted)
#' @rawNamespace S3method(ranef, metaparity, uni_only)
#' @rawNamespace S3method(metafor::ranef, metaparity, uni_only)
#' @rawNamespace S3method(regplot, metaparity, uni_only_x)
#' @rawNamespace S3method(metafor::regplot, metaparity, uni_only_x)
#' @rawNamespace S3method(robust, metaparity, uni_only_x)
#' @rawNamespace S3method(metafor::robust, metaparity, uni_only_x)
#' @rawNamespace S3method(simulate, metaparity_mh, uni_only)
#' @rawNamespace S3method(simulate, metaparity_peto, uni_only)
#' @rawNamespace S3method(trimfill, metaparity, uni_only_x)
#' @rawNamespace S3method(metafor::trimfill, metaparity, uni_only_x)
#' @rawNamespace S3method(stats::aggregate, metaparity, not_for_fits_x)
#' @rawNamespace S3method(graphics::points, metaparity, not_for_fits_x)
#' @rawNamespace S3method(graphics::lines, metaparity, not_for_fits_x)
#' @rawNamespace S3method(graphics::text, metaparity, not_for_fits_x)
#' @rawNamespace S3method(graphics::hist, metaparity, not_for_fits_x)
#' @rawNamespace S3method(stats::density, metaparity, not_for_fits_x)
#' @rawNamespace S3method(graphics::boxplot, metaparity, not_for_fits_x)
#' @rawNamespace S3method(graphics::pairs, metaparity, not_for_fits_x)
#' @rawNamespace S3method(stats::family, metaparity, not_for_fits)
#' @rawNamespace S3method(stats::drop1, metaparity, not_for_fits)
#' @rawNamespace S3method(stats::add1, metaparity, not_for_fits)
#' @rawNamespace S3method(stats::effects, metaparity, not_for_fits)
#' @rawNamespace S3method(stats::alias, metaparity, not_for_fits)
#' @rawNamespace S3method(stats::proj, metaparity, not_for_fits)
#' @rawNamespace S3method(stats::dummy.coef, metaparity, not_for_fits)
#' @rawNamespace S3method(stats::extractAIC, metaparity, not_for_fits_fit)
#' @rawNamespace S3method(stats::confint, metaparity_anova, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_anova, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_anova, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_anova, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_anova_list, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_anova_list, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_anova_list, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_anova_list, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_confint, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_confint, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_confint, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_confint, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_fsn, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_fsn, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_fsn, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_fsn, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_gosh, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_gosh, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_gosh, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_gosh, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_hc, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_hc, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_hc, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_hc, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_hettest, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_hettest, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_hettest, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_hettest, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_influence, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_influence, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_influence, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_influence, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_list, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_list, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_list, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_list, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_permutest, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_permutest, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_permutest, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_permutest, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_profile, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_profile, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_profile, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_profile, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_ranktest, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_ranktest, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_ranktest, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_ranktest, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_regtest, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_regtest, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_regtest, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_regtest, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_tes, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_tes, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_tes, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_tes, fits_only)
#' @rawNamespace S3method(stats::confint, metaparity_vif, fits_only)
#' @rawNamespace S3method(stats::vcov, metaparity_vif, fits_only)
#' @rawNamespace S3method(stats::predict, metaparity_vif, fits_only)
#' @rawNamespace S3method(stats::logLik, metaparity_vif, fits_only)
NULL
