# Fitted values and covariances along a design (core/model/hat_matrix): one call each, for fits and what rests on them.

values_along <- function(X, fit) call_core(cpp_fitted(X, as.double(fit$beta)))

# X V X'.
covariance_along <- function(X, V) call_core(cpp_covariance_along(X, unclassed_matrix(V)))

# Standard errors of X b for coefficients b of variance V.
spread_along <- function(X, V) call_core(cpp_spread_along(X, unclassed_matrix(V)))

# Of the studies used, as the fit weighs them.
design_weights <- function(x, call = NULL) call_core(cpp_weights(x$vi, own_weights(x), x$tau2, x$weighted, FALSE), call)
