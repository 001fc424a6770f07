# The fitted mixed model of counts: its fields and what it answers to the contract. Oracle: metafor's fields.

new_glmm <- function(input, used, spec, options, data, found, coef.na, call) {
  keep <- used$not.na
  names <- colnames(data$X)
  k <- nrow(data$X)
  p <- ncol(data$X)
  X.f <- columns_of_fit(input$X, names)
  with_estimate <- keep & !is.na(input$yi) & !is.na(input$vi)
  vt <- glmm_typical_variance(input, with_estimate, names, call)
  two <- spec$n > k
  common <- !spec$random
  matrix_of <- function(v) matrix(v, length(names), dimnames = list(names, if (is.matrix(v)) names))
  df <- if (spec$test == "z") NA_integer_ else spec$ddf
  reach <- critical_value(spec$level) * found$se.tau2
  stats <- fit_stats_table(found$stats, rep(NA_real_, 5L))
  out <- c(list(b = matrix_of(found$beta), beta = matrix_of(found$beta)),
           found[c("se", "zval", "pval", "ci.lb", "ci.ub")],
           list(vb = matrix_of(found$vb), tau2 = found$tau2, se.tau2 = found$se.tau2, sigma2 = found$sigma2,
                rho = found$rho, ci.lb.tau2 = max(0, found$tau2 - reach), ci.ub.tau2 = found$tau2 + reach,
                I2 = if (common) NA_real_ else 100 * found$tau2 / (vt + found$tau2),
                H2 = if (common) NA_real_ else found$tau2 / vt + 1, vt = vt, QE.Wld = found$QE.Wld$stat,
                QEp.Wld = found$QE.Wld$pval, QE.LRT = found$QE.LRT$stat, QEp.LRT = found$QE.LRT$pval,
                QE.df = spec$df, QM = found$QM$stat,
                QMdf = c(length(spec$btt), df), QMp = found$QM$pval, k = k, k.f = length(input$yi), k.yi =
                  sum(with_estimate), k.eff = spec$n,
                k.all = if (is.null(input$subset)) length(input$yi) else length(input$subset), p = p,
                p.eff = p + (if (!two) 0 else if (spec$model == "UM.FS") k else 1), parms = found$parms,
                int.only = input$int.only, int.incl = input$int.incl, intercept = input$int.incl, coef.na = coef.na,
                yi = input$yi[with_estimate], vi = input$vi[with_estimate], X = data$X, yi.f = input$yi,
                vi.f = input$vi, X.f = X.f,
                outdat = glmm_tables(used$counts, spec$measure, keep),
                outdat.f = glmm_tables(used$counts, spec$measure), ni = input$ni[with_estimate], ni.f = input$ni,
                ids = input$ids, not.na = keep, subset = input$subset, not.na.yivi = with_estimate, slab = input$slab,
                slab.null = input$slab.null, measure = spec$measure, method = spec$method, model = spec$model,
                weighted = TRUE, test = spec$test, dfs = df, ddf = df, btt = spec$btt, m = length(spec$btt),
                digits = expand_digits(options$digits, call = call), level = 1 - spec$level, control = options$control,
                verbose = options$verbose, add = options$add, to = options$to, drop00 = options$drop00,
                fit.stats = stats, data = input$data, se.warn = found$singular, formula.yi = NULL,
                formula.mods = input$formula.mods, version = constant_fields$version, call = call, coding = spec$coding,
                cor = spec$cor, points = found$points, ll = found$ll, ll.common = found$ll.common,
                ll.saturated = found$ll.saturated, hessian = found$hessian, effect = found$effect, study = found$study,
                tau2.fix = FALSE, counts = data, spec = spec, dropped = glmm_dropped(input, used)))
  class(out) <- c("metaparity_glmm", "metaparity", "rma.glmm", "rma")
  out
}

# The raw data under the names of escalc()'s arguments; those of other measures are a single NA.
glmm_tables <- function(counts, measure, keep = TRUE) {
  rest <- function(arm) counts[[paste0("size", arm)]] - counts[[paste0("events", arm)]]
  own <- switch(measure,
    OR = list(ai = counts$events1, bi = rest(1), ci = counts$events2, di = rest(2)),
    IRR = list(x1i = counts$events1, x2i = counts$events2, t1i = counts$size1, t2i = counts$size2),
    PLO = list(xi = counts$events1, mi = rest(1)),
    list(xi = counts$events1, ti = counts$size1))
  out <- glmm_no_tables
  out[names(own)] <- if (all(keep)) own else lapply(own, `[`, keep)
  out
}

glmm_no_tables <- list(ai = NA_real_, bi = NA_real_, ci = NA_real_, di = NA_real_, x1i = NA_real_, x2i = NA_real_,
                       t1i = NA_real_, t2i = NA_real_, xi = NA_real_, mi = NA_real_, ti = NA_real_)

glmm_dropped <- function(input, used) {
  left <- !used$not.na
  if (!any(left)) return(NULL)
  data.frame(row = input$ids[left], slab = as.character(input$slab[left]), reason = used$reason[left])
}

# Of the estimates with their variances, as far as there are any.
glmm_typical_variance <- function(input, keep, names, call) {
  if (sum(keep) <= length(names)) return(NA_real_)
  X <- columns_of_fit(input$X, names)[keep, , drop = FALSE]
  input <- new_input(input$yi[keep], input$vi[keep], if (!input$int.only) X, int.incl = input$int.incl)
  tryCatch(suppressWarnings(fit_uni(input, model_spec("FE"), list(), call))$vt,
           metaparity_error = function(e) NA_real_)
}

# ---- the contract ----

#' @exportS3Method model_studies metaparity_glmm
model_studies.metaparity_glmm <- function(x) {
  list(yi = as.numeric(x$yi.f)[x$not.na], X = x$X, V = x$vi.f[x$not.na], weights = numeric(), slab = used_slab(x),
       rows = which(x$not.na),
       yi.f = as.numeric(x$yi.f), X.f = x$X.f)
}

#' @exportS3Method model_components metaparity_glmm
model_components.metaparity_glmm <- function(x) {
  if (!x$spec$random) return(new_components(character(), numeric()))
  new_components("tau^2", x$tau2, x$se.tau2, FALSE, 0, Inf)
}

#' @exportS3Method model_marginal metaparity_glmm
model_marginal.metaparity_glmm <- function(x, at = NULL) x$vi.f[x$not.na] + (if (is.null(at)) x$tau2 else at)

#' @exportS3Method model_predictive metaparity_glmm
model_predictive.metaparity_glmm <- function(x, X) {
  m <- model_mean(x)
  list(mean = values_along(X, m), variance = x$tau2 + spread_along(X, m$vb)^2,
       df = if (x$test == "z") NaN else x$k - x$p)
}

#' @exportS3Method model_refit metaparity_glmm
model_refit.metaparity_glmm <- function(x, rows = NULL, yi = NULL, spec = NULL) {
  if (!is.null(yi)) abort_capability("yi", "cannot be replaced: the model is one of counts, not of estimates",
                                     sys.call())
  if (is.null(rows)) rows <- seq_len(x$k)
  data <- lapply(x$counts, function(v) if (is.matrix(v)) v[rows, , drop = FALSE] else v[rows])
  found <- call_core(cpp_glmm(data, if (is.null(spec)) x$spec else spec), x$call)
  c(list(estimate = found$beta), found[c("se", "zval", "pval", "ci.lb", "ci.ub", "vb")],
    list(components = found$tau2, Q = found$QE.LRT$stat, Qp = found$QE.LRT$pval, tau2 = found$tau2,
         I2 = 100 * found$tau2 / (x$vt + found$tau2), H2 = found$tau2 / x$vt + 1))
}

#' @exportS3Method model_loglik metaparity_glmm
model_loglik.metaparity_glmm <- function(x, at) {
  if (is.na(at)) return(x$ll)
  call_core(cpp_glmm_profile(x$counts, x$spec, at), x$call)$ll
}

#' @exportS3Method model_words metaparity_glmm
model_words.metaparity_glmm <- function(x = NULL) {
  list(scheme = "GLMM", effects = if (isTRUE(x$spec$random)) "Random" else "Fixed",
       model_name = "Generalised linear mixed model")
}

#' @export
nobs.metaparity_glmm <- function(object, ...) object$k

# Hat values, weights and deletions rest on a linear model of the estimates.
refuse_counts <- function(x, call) {
  abort_capability("x", "is a model of counts, in which estimates have no weights or hat values: use those of a fit of rma() to the same studies, or residuals() and ranef()",
                   call)
}
#' @exportS3Method case_statistics metaparity_glmm
case_statistics.metaparity_glmm <- function(x, call) refuse_counts(x, call)
#' @exportS3Method case_matrix metaparity_glmm
case_matrix.metaparity_glmm <- function(x, which, call) refuse_counts(x, call)
#' @exportS3Method deletion_statistics metaparity_glmm
deletion_statistics.metaparity_glmm <- function(x, call) refuse_counts(x, call)

#' @export
residuals.metaparity_glmm <- function(object, type = "response", ...) {
  check_choice(type, c("response", "rstandard", "rstudent", "pearson", "cholesky"), "type", sys.call())
  if (type != "response") refuse_counts(object, sys.call())
  by_study(as.numeric(object$yi.f)[object$not.na] - values_along(object$X, object), object)
}

#' @rawNamespace S3method(simulate, metaparity_glmm, uni_only)
#' @rawNamespace S3method(cumul, metaparity_glmm, uni_only_x)
#' @rawNamespace S3method(metafor::cumul, metaparity_glmm, uni_only_x)
NULL
