# Owns the order of the studies in a forest plot: metafor's words, each with what it sorts by, or a variable.

# metafor's words, or a variable to sort by.
resolve_order <- function(order, studies) {
  k <- studies$k
  if (is.null(order)) return(seq_len(k))
  if (is.character(order) && length(order) == 1L && k > 1L) {
    return(order(order_keys[[check_choice(order, names(order_keys), "order")]](studies)))
  }
  if (length(order) != k) {
    abort_input("order", sprintf("must have one value for each of the %d studies, not %d", k, length(order)))
  }
  order(order)
}

fit_key <- function(value) {
  function(studies) {
    if (is.null(studies$fit)) abort_input("order", "of that kind needs a fit")
    as.numeric(align_rows(value(studies$fit), studies$fit))
  }
}

# What each word sorts by.
order_keys <- local({
  residual <- fit_key(function(x) stats::residuals(x))
  standardized <- fit_key(function(x) stats::rstandard(x)$z)
  estimate <- function(studies) studies$est
  variance <- function(studies) studies$vi
  list(obs = estimate, est = estimate, yi = estimate, prec = variance, vi = variance, alphabetic = function(s) s$label,
       fit = fit_key(function(x) stats::fitted(x)), resid = residual, rstandard = standardized,
       abs.resid = function(s) abs(residual(s)), abs.rstandard = function(s) abs(standardized(s)))
})
