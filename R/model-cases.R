# What each study does in a fit, for every class on the model contract: residuals, leverage and weights from the
# marginal variances, deletion statistics from refits. Source: Cook & Weisberg (1982); Viechtbauer & Cheung (2010).
# Oracle: the core's own answers for fits of rma(); brute force.

# fitted, resid, se, z, cholesky, hat, weight, vb and three matrices, of the studies used.
case_statistics <- function(x, call) UseMethod("case_statistics")

#' @exportS3Method case_statistics metaparity
case_statistics.metaparity <- function(x, call) {
  s <- model_studies(x)
  m <- marginal_matrix(x)
  # Weights of the user's own, a matrix in multivariate models, replace the inverse of m.
  own <- if (is.matrix(x$W)) x$W else matrix(0, 0L, 0L)
  out <- call_core(cpp_case_statistics(s$yi, s$X, m, own), call)
  out$z <- standardised(out$resid, out$se)
  out$pearson <- out$resid / sqrt(diag(m))
  out
}

#' @exportS3Method case_statistics metaparity_uni
case_statistics.metaparity_uni <- function(x, call) {
  out <- core_residuals(x, call)
  out$cholesky <- out$pearson
  out
}

# What is fitted exactly has a residual of 0 on any scale.
standardised <- function(resid, se) replace(resid / se, resid %in% 0, 0)

# "hat_matrix", "weight_matrix" or "residual_covariance" of the studies used.
case_matrix <- function(x, which, call) UseMethod("case_matrix")

#' @exportS3Method case_matrix metaparity
case_matrix.metaparity <- function(x, which, call) case_statistics.metaparity(x, call)[[which]]

# Weights may be the user's own.
#' @exportS3Method case_matrix metaparity_uni
case_matrix.metaparity_uni <- function(x, which, call) {
  w <- design_weights(x, call)
  switch(which, weight_matrix = diag(w, nrow = length(w)), hat_matrix = call_core(cpp_hat_matrix(x$X, w), call),
         call_core(cpp_residual_covariance(x$X, w, model_marginal(x)), call))
}

# Per study, the fit without it: resid, se, z of the deleted residual, dffits, cook.d, cov.r, tau2.del, QE.del, hat,
# fit.shift, dfbetas.
deletion_statistics <- function(x, call) UseMethod("deletion_statistics")

#' @exportS3Method deletion_statistics metaparity_uni
deletion_statistics.metaparity_uni <- function(x, call) if (is_recentred(x)) NextMethod() else core_influence(x, call)

#' @exportS3Method deletion_statistics metaparity
deletion_statistics.metaparity <- function(x, call) {
  s <- model_studies(x)
  k <- length(s$yi)
  if (k < 2L) abort_input("model", "must have at least 2 studies", call)
  hat <- case_statistics(x, call)$hat
  without <- lapply(seq_len(k), function(i) tried_refit(x, seq_len(k)[-i]))
  failed <- vapply(without, is.null, NA)
  warn_failed(which(failed), s$slab, call)
  rows <- matrix(NA_real_, k, length(deletion_columns) + ncol(s$X))
  for (i in which(!failed)) rows[i, ] <- deleted_row(x, s, i, without[[i]], hat[i], call)
  out <- stats::setNames(lapply(seq_along(deletion_columns), function(j) rows[, j]), deletion_columns)
  of <- function(name) vapply(without, function(f) if (length(f[[name]])) as.numeric(f[[name]])[1L] else NA_real_, 0)
  c(out, list(tau2.del = of("tau2"), QE.del = of("Q"), hat = hat,
              dfbetas = rows[, -seq_along(deletion_columns), drop = FALSE]))
}

deletion_columns <- c("resid", "se", "z", "dffits", "cook.d", "cov.r", "fit.shift")

deleted_row <- function(x, s, i, del, hat, call) {
  m <- model_mean(x)
  # Tests by Knapp and Hartung scale the variances of the model, too.
  spread <- model_marginal(x, del$components) * (del$s2w %||% 1)
  vb_all <- call_core(cpp_mean_covariance(s$X, spread), call)
  call_core(cpp_deletion(s$yi[i], as.double(s$X[i, ]), hat, list(beta = as.double(m$beta), vb = m$vb),
                         list(beta = as.double(del$estimate), vb = unclassed_matrix(del$vb)),
                         if (is.matrix(spread)) spread[i, i] else spread[i], vb_all), call)
}
