# What each study does in a fit, for every class on the model contract: residuals, leverage and weights from the
# marginal variances, deletion statistics from refits. Source: Cook & Weisberg (1982); Viechtbauer & Cheung (2010).
# Oracle: the core's own answers for fits of rma(); brute force.

# fitted, resid, se, z, cholesky, hat, weight, vb and three matrices, of the studies used.
case_statistics <- function(x, call, at = NULL) UseMethod("case_statistics")

#' @exportS3Method case_statistics metaparity
case_statistics.metaparity <- function(x, call, at = NULL) {
  s <- model_studies(x)
  m <- model_marginal(x, at)
  if (!is.matrix(m)) m <- diag(m, nrow = length(m))
  out <- call_core(cpp_case_statistics(s$yi, s$X, m), call)
  out$z <- out$resid / out$se
  out$pearson <- out$resid / sqrt(diag(m))
  out
}

#' @exportS3Method case_statistics metaparity_uni
case_statistics.metaparity_uni <- function(x, call, at = NULL) {
  if (!is.null(at)) return(NextMethod())
  out <- core_residuals(x, call)
  out$cholesky <- out$pearson
  out
}

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
  rows <- lapply(seq_len(k), function(i) if (!failed[i]) deleted_row(x, s, i, without[[i]], hat[i], call))
  width <- 9L + ncol(s$X)
  found <- t(vapply(rows, function(row) if (is.null(row)) rep(NA_real_, width) else row, numeric(width)))
  out <- as.list(as.data.frame(found[, seq_len(9L), drop = FALSE]))
  names(out) <- c("resid", "se", "z", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "fit.shift")
  c(out, list(hat = hat, dfbetas = found[, -seq_len(9L), drop = FALSE]))
}

deleted_row <- function(x, s, i, del, hat, call) {
  m <- model_mean(x)
  xi <- s$X[i, ]
  vb <- unclassed_matrix(del$vb)
  shift <- m$beta - del$estimate
  spread <- model_marginal(x, del$components)
  own <- if (is.matrix(spread)) spread[i, i] else spread[i]
  mean_variance <- drop(xi %*% vb %*% xi)
  resid <- s$yi[i] - sum(xi * del$estimate)
  se <- sqrt(own + mean_variance)
  moved <- sum(xi * shift)
  c(resid, se, resid / se, moved / sqrt(hat * own), sum(shift * solve(m$vb, shift)), det(vb) / det(m$vb),
    if (length(del$tau2)) del$tau2[1L] else NA_real_, if (length(del$Q)) del$Q else NA_real_, moved^2 / mean_variance,
    shift / sqrt(diag(case_statistics(x, call, del$components)$vb)))
}
