# Owns the order of the studies in a forest plot: metafor's words, each with what it sorts by, or a variable.

# metafor's words, or a variable to sort by.
resolve_order <- function(order, studies, decreasing = FALSE) {
  k <- studies$k
  if (is.null(order)) return(seq_len(k))
  decreasing <- check_flag(decreasing %||% FALSE, "decreasing")
  if (is.character(order) && length(order) == 1L && k > 1L) {
    return(order(order_keys[[check_choice(order, names(order_keys), "order")]](studies), decreasing = decreasing))
  }
  if (length(order) != k) {
    abort_input("order", sprintf("must have one value for each of the %d studies, not %d", k, length(order)))
  }
  order(order, decreasing = decreasing)
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

# Values for the rows of a fit, `yi.f`: those for all its data are cut to its subset, those for the rows that entered
# it are put into their places, and the others are missing.
align_rows <- function(value, x) {
  n <- NROW(value)
  k <- length(x$yi.f)
  if (is.null(value) || n == k) return(value)
  take <- function(i) if (is.null(dim(value))) value[i] else value[i, , drop = FALSE]
  if (!is.null(x$subset) && n == length(x$subset)) return(take(which(x$subset)))
  for (used in list(x$not.na.yivi, x$not.na)) {
    if (length(used) == k && n == sum(used)) return(take(match(seq_len(k), which(used))))
  }
  value
}
