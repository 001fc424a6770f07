# Prediction intervals of rma.mv(): the variance of a new effect is the sum of the components, with those of the inner
# levels
# that the rows have or the user names. Oracle: metafor::predict.

#' @exportS3Method has_heterogeneity metaparity_mv
has_heterogeneity.metaparity_mv <- function(object, levels) {
  if (has_general(object)) return(FALSE)
  isTRUE(object$withS) || isTRUE(object$withG) || !object$method %in% common_methods
}

# Of random slopes the variance depends on the covariates.
has_general <- function(object) any(vapply(object$mv$terms$inner, function(t) t$struct %in% general_structs, NA))

#' @exportS3Method prediction_levels metaparity_mv
prediction_levels.metaparity_mv <- function(object, rows, fitted, given, free, call) {
  n <- nrow(rows$X)
  terms <- object$mv$terms$inner
  variances <- list(tau2 = object$tau2, gamma2 = object$gamma2)
  several <- vapply(seq_along(terms), function(i) length(variances[[i]]) > 1L && !has_general(object), NA)
  if (!any(several)) {
    base <- sum(object$sigma2) + if (has_general(object)) NA_real_ else object$tau2[1L] + object$gamma2[1L]
    return(list(rows = rows, tau2 = rep(base, n)))
  }
  whole <- fitted && !object$int.only
  if (whole && any(lengths(given) > 0L))
    warn_input("tau2.levels", "is not used: the rows of the data have their levels", call)
  chosen <- lapply(which(several), function(i) {
    if (whole) return(terms[[i]]$core$inner)
    named_levels(given[[i]], terms[[i]]$inner$levels, names(variances)[i], n, fitted, call)
  })
  sizes <- lengths(chosen)
  if (!whole && n == 1L && max(sizes) > 1L) {
    rows$X <- rows$X[rep(1L, max(sizes)), , drop = FALSE]
    n <- max(sizes)
    rows$slab <- seq_len(n)
  }
  chosen <- lapply(chosen, rep_len, n)
  if (!free) return(list(rows = rows, tau2 = rep(0, n)))
  own <- Map(function(i, at) variances[[i]][at], which(several), chosen)
  rest <- sum(object$sigma2) + sum(vapply(seq_along(terms)[!several], function(i) variances[[i]][1L], 0))
  tau2 <- rest + Reduce(`+`, own)
  labels <- Map(function(i, at) terms[[i]]$inner$levels[at], which(several), chosen)
  names(labels) <- c("tau2.level", "gamma2.level")[which(several)]
  if (anyNA(tau2)) labels <- lapply(labels, function(l) rep(NA, n))
  list(rows = rows, tau2 = tau2, columns = labels)
}

# Numbers of the levels; of a model with an average alone every level by default.
named_levels <- function(given, levels, arg, n, fitted, call) {
  arg <- paste0(arg, ".levels")
  if (is.null(given)) return(if (fitted) seq_along(levels) else NA_integer_)
  at <- if (is.numeric(given)) match(given, seq_along(levels)) else pmatch(as.character(given), levels,
                                                                           duplicates.ok = TRUE)
  if (anyNA(at)) abort_input(arg, sprintf("must be among the levels %s", paste(levels, collapse = ", ")), call)
  if (!fitted && !length(at) %in% c(1L, n) && n > 1L)
    abort_input(arg, sprintf("must have one level, or one for each of the %d predictions, not %d", n, length(at)), call)
  at
}
