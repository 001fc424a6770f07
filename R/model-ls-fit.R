# The fitted location-scale model: its fields, what it answers to the contract, its coefficients. Oracle: metafor.

new_ls <- function(input, used, spec, options, found, call) {
  k <- length(used$yi)
  names <- colnames(used$X)
  z_names <- colnames(used$Z)
  matrix_of <- function(v, labels) matrix(v, length(labels), dimnames = list(labels, if (is.matrix(v)) labels))
  p <- length(names)
  q <- length(z_names)
  given <- if (length(spec$alpha)) !is.na(spec$alpha) else rep(FALSE, q)
  df <- function(n) if (spec$test == "z") NA_integer_ else k - n
  out <- list(b = matrix_of(found$beta, names), beta = matrix_of(found$beta, names))
  out[c("se", "zval", "pval", "ci.lb", "ci.ub")] <- found$location[c("se", "zval", "pval", "ci.lb", "ci.ub")]
  stats <- data.frame(ML = found$ML, REML = found$REML, row.names = c("ll", "dev", "AIC", "BIC", "AICc"))
  own <- list(vb = matrix_of(found$vb, names), tau2 = found$tau2, se.tau2 = NA_real_, tau2.fix = FALSE,
              tau2.f = found$tau2, I2 = 100 * found$tau2 / (found$vt + found$tau2), H2 = found$tau2 / found$vt + 1,
              R2 = NULL, vt = found$vt, QE = found$QE[1L], QEp = found$QE[2L], QM = found$location$Q,
              QMdf = c(length(spec$btt), df(p)), QMp = found$location$Qp, k = k, k.f = length(input$yi), k.eff = k,
              k.all = if (is.null(input$subset)) length(input$yi) else length(input$subset), p = p, p.eff = p,
              parms = p + sum(!given), int.only = input$int.only, int.incl = input$int.incl,
              intercept = input$int.incl, allvipos = all(used$vi > 0), coef.na = used$coef.na, yi = used$yi,
              vi = used$vi, X = used$X, weights = NULL, yi.f = input$yi, vi.f = input$vi, X.f = input$X,
              weights.f = NULL, ni = used$ni, ni.f = input$ni, ids = input$ids, not.na = input$not.na,
              subset = input$subset, slab = input$slab, slab.null = input$slab.null, measure = input$measure,
              method = spec$method, model = "rma.ls", weighted = TRUE, test = spec$test, dfs = df(p), ddf = df(p),
              s2w = found$s2w, btt = spec$btt, m = length(spec$btt),
              digits = expand_digits(options$digits, call = call), level = 1 - spec$level, control = options$control,
              verbose = options$verbose, add = options$add, to = options$to, drop00 = options$drop00,
              fit.stats = stats, data = input$data, formula.yi = input$formula.yi, formula.mods = input$formula.mods,
              version = constant_fields$version, call = call)
  attributes(own$yi) <- list(measure = input$measure, ni = used$ni)
  structure(c(out, own, scale_fields(input, used, spec, found, given, matrix_of, df(q))),
            class = c("metaparity_ls", "metaparity", "rma.ls", "rma.uni", "rma"))
}

scale_fields <- function(input, used, spec, found, given, matrix_of, df) {
  names <- colnames(used$Z)
  q <- length(names)
  tests <- found$scale
  list(alpha = matrix_of(found$alpha, names), va = matrix_of(found$va, names), se.alpha = tests$se,
       zval.alpha = tests$zval, pval.alpha = tests$pval, ci.lb.alpha = tests$ci.lb, ci.ub.alpha = tests$ci.ub,
       alpha.fix = given, optbeta = FALSE, randhet = FALSE, q = q, alphas = q, link = spec$link, Z = used$Z,
       Z.f = input$Z, att = spec$att, m.alpha = length(spec$att), ddf.alpha = df, QS = tests$Q,
       QSdf = c(length(spec$att), df), QSp = tests$Qp, formula.scale = input$formula.scale,
       Z.int.incl = input$Z.int.incl, Z.intercept = input$Z.int.incl, Z.int.only = input$Z.int.only,
       coef.na.Z = used$coef.na.Z, H = matrix_of(found$H, names), ll = found$ll, maxima = found$maxima, spec = spec,
       input = input, dropped = input$dropped)
}

# ---- the contract ----

#' @exportS3Method model_studies metaparity_ls
model_studies.metaparity_ls <- model_studies.metaparity_uni

alpha_names <- function(x) paste0("alpha.", seq_len(x$q))

#' @exportS3Method model_components metaparity_ls
model_components.metaparity_ls <- function(x) {
  new_components(alpha_names(x), x$alpha, x$se.alpha, x$alpha.fix, -Inf, Inf)
}

#' @exportS3Method model_marginal metaparity_ls
model_marginal.metaparity_ls <- function(x, at = NULL) x$vi + x$tau2

# New studies have the heterogeneity of the scale part, which values of X alone do not tell.
#' @exportS3Method model_predictive metaparity_ls
model_predictive.metaparity_ls <- function(x, X) {
  m <- model_mean(x)
  tau2 <- if (x$Z.int.only) x$tau2[1L] else if (nrow(X) == x$k) x$tau2 else NA_real_
  list(mean = values_along(X, m), variance = tau2 + spread_along(X, m$vb)^2, df = if (x$test == "z") NaN else x$k - x$p)
}

#' @exportS3Method model_refit metaparity_ls
model_refit.metaparity_ls <- function(x, rows = NULL, yi = NULL, spec = NULL) {
  if (is.null(rows)) rows <- seq_len(x$k)
  if (is.null(yi)) yi <- as.numeric(x$yi)[rows]
  data <- list(yi = yi, vi = x$vi[rows], X = x$X[rows, , drop = FALSE], Z = x$Z[rows, , drop = FALSE])
  found <- call_core(cpp_location_scale(data, if (is.null(spec)) x$spec else spec), x$call)
  c(list(estimate = found$beta), found$location[c("se", "zval", "pval", "ci.lb", "ci.ub")],
    list(vb = found$vb, components = found$alpha, Q = found$QE[1L], Qp = found$QE[2L], tau2 = found$tau2,
         I2 = 100 * found$tau2 / (found$vt + found$tau2), H2 = found$tau2 / found$vt + 1))
}

scale_data <- function(x) list(yi = as.numeric(x$yi), vi = x$vi, X = x$X, Z = x$Z)

#' @exportS3Method model_loglik metaparity_ls
model_loglik.metaparity_ls <- function(x, at) {
  if (all(is.na(at))) return(x$ll)
  spec <- x$spec
  if (!length(spec$alpha)) spec$alpha <- rep(NA_real_, x$q)
  spec$alpha[!is.na(at)] <- at[!is.na(at)]
  call_core(cpp_location_scale(scale_data(x), spec), x$call)$ll
}

#' @exportS3Method model_words metaparity_ls
model_words.metaparity_ls <- function(x = NULL) {
  list(scheme = "IV", effects = "Random", model_name = "Location-scale model")
}

# ---- accessors ----

#' @export
coef.metaparity_ls <- function(object, ...) {
  list(beta = named(object$beta, object), alpha = stats::setNames(as.vector(object$alpha), rownames(object$alpha)))
}

#' @export
fitted.metaparity_ls <- function(object, ...) {
  eta <- call_core(cpp_fitted(object$Z, as.numeric(object$alpha)))
  list(location = NextMethod(), scale = by_study(eta, object))
}

#' @export
vcov.metaparity_ls <- function(object, type = "fixed", ...) {
  if (!identical(type, "fixed") && !identical(type, "beta")) return(NextMethod())
  list(beta = object$vb, alpha = object$va)
}
