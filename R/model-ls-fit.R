# What a location-scale model answers to the contract, and its coefficients. Oracle: metafor.

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
    list(vb = found$vb, components = found$alpha, Q = found$QE$stat, Qp = found$QE$pval, tau2 = found$tau2,
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
coef.metaparity_ls <- function(object, type = NULL, ...) {
  pick_part(list(beta = named(object$beta, object),
                 alpha = stats::setNames(as.vector(object$alpha), rownames(object$alpha))), type, sys.call())
}

#' @exportS3Method se metaparity_ls
#' @exportS3Method metafor::se metaparity_ls
se.metaparity_ls <- function(object, type = NULL, ...) {
  pick_part(list(beta = named(object$se, object), alpha = stats::setNames(object$se.alpha, rownames(object$alpha))),
            type,
            sys.call())
}

#' @export
model.matrix.metaparity_ls <- function(object, asdf = FALSE, ...) {
  scale <- list(formula.mods = object$formula.scale, X = object$Z, X.f = object$Z.f)
  object <- unclass(object)
  of <- function(fields) model.matrix.metaparity(replace(object, names(fields), fields), asdf)
  list(location = of(object[c("X", "X.f")]), scale = of(scale))
}

# The marginal variances as a matrix are made when they are asked for.
#' @export
`$.metaparity_ls` <- function(x, name) {
  value <- .subset2(x, name, exact = FALSE)
  if (!is.null(value) || name != "M") return(value)
  structure(marginal_matrix(x), class = c("vcovmat", "metaparity_vcov", "matrix", "array"))
}

#' @exportS3Method coefficient_tables metaparity_ls
coefficient_tables.metaparity_ls <- function(x) list(beta = coef_table(x), alpha = coef_table(scale_part(x)))

#' @export
fitted.metaparity_ls <- function(object, ...) {
  eta <- call_core(cpp_fitted(object$Z, as.numeric(object$alpha)))
  list(location = NextMethod(), scale = by_study(eta, object))
}

#' @export
vcov.metaparity_ls <- function(object, type = "fixed", ...) {
  if (identical(type, "fixed")) return(list(beta = object$vb, alpha = object$va))
  switch(if (is.character(type)) type[1L] else "", beta = object$vb, alpha = object$va, NextMethod())
}
