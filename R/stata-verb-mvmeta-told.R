# Which parts of the covariances between studies the data can tell, and what the fits of mvmeta() do about the others.
# Source: the information of linear covariance parameters in the restricted likelihood, tr(P D P D), which is 0 for all
# V or for none: it is computed here with P = I - QQ', Q a basis of the design. Order without fill: Rose (1970) J Math
# Anal Appl 32:597. Oracle: rma.mv() of metafor, which fixes the same ones.

# cells: of Sigma, whether the data tell it; variances: any information on a common variance; whole: whether those that
# they tell can be told apart.
mvmeta_told <- function(s) {
  p <- length(s$outcomes)
  seen <- which(is.finite(as.vector(t(s$y))))
  study <- (seen - 1L) %/% p + 1L
  outcome <- (seen - 1L) %% p + 1L
  decomposed <- qr(s$X[seen, , drop = FALSE])
  Q <- qr.Q(decomposed)[, seq_len(decomposed$rank), drop = FALSE]
  at <- which(lower.tri(diag(p), TRUE), arr.ind = TRUE)
  parts <- lapply(seq_len(nrow(at)), function(j) mvmeta_direction(at[j, 2L], at[j, 1L], Q, study, outcome))
  information <- mvmeta_information(parts)
  told <- diag(information) > 1e-9 * pmax(vapply(parts, `[[`, 0, "size"), 1)
  cells <- matrix(FALSE, p, p)
  cells[at] <- told
  cells <- cells | t(cells)
  kept <- information[told, told, drop = FALSE]
  scale <- sqrt(diag(kept))
  list(cells = cells, variances = length(seen) > ncol(Q),
       whole = !any(told) || min(eigen(kept / outer(scale, scale), TRUE, TRUE)$values) > 1e-9)
}

# The derivative of all covariances in one cell of Sigma: times Q, its square's trace.
mvmeta_direction <- function(a, b, Q, study, outcome) {
  one <- which(outcome == a)
  two <- which(outcome == b)
  both <- intersect(study[one], study[two])
  one <- one[match(both, study[one])]
  two <- two[match(both, study[two])]
  DQ <- matrix(0, nrow(Q), ncol(Q))
  DQ[one, ] <- Q[two, ]
  DQ[two, ] <- Q[one, ]
  list(DQ = DQ, QDQ = crossprod(Q, DQ), size = length(both) * if (a == b) 1 else 2)
}

# tr(P D P E) of all pairs of directions.
mvmeta_information <- function(parts) {
  pair <- function(i, j) {
    a <- parts[[i]]
    b <- parts[[j]]
    (if (i == j) a$size else 0) - 2 * sum(a$DQ * b$DQ) + sum(a$QDQ * t(b$QDQ))
  }
  n <- seq_along(parts)
  out <- outer(n, n, Vectorize(function(i, j) if (i >= j) pair(i, j) else 0))
  out + t(out) - diag(diag(out), length(n))
}

# What the user is to know of it.
mvmeta_tell <- function(told, s, model, call) {
  kind <- model$sigma$kind
  if (kind == "equals") return(invisible())
  if (kind %in% c("proportional", "exchangeable")) {
    if (!told$variances) warn_fit("not_identified",
      "The data cannot tell the variance between studies: it is fixed at 0", call)
    else if (kind == "exchangeable" && length(s$outcomes) > 1L && !any(told$cells[lower.tri(told$cells)]))
      warn_fit("not_identified", "The data cannot tell the correlation between studies: it is fixed at 0", call)
    return(invisible())
  }
  none <- !diag(told$cells)
  if (any(none)) warn_fit("not_identified", sprintf(
    "The data cannot tell the variance between studies of %s: it is fixed at 0", toString(s$outcomes[none])), call)
  if (kind == "unstructured" && !all(none)) mvmeta_tell_pairs(told, s, none, call)
}

mvmeta_tell_pairs <- function(told, s, none, call) {
  form <- mvmeta_factor(told$cells)
  back <- order(form$order)
  free <- form$known[back, back] + t(form$known[back, back]) > 0
  lost <- lower.tri(told$cells) & !told$cells & !outer(none, none, `|`)
  words <- function(which) {
    at <- which(which, arr.ind = TRUE)
    toString(paste(s$outcomes[at[, 2L]], "&", s$outcomes[at[, 1L]]))
  }
  if (any(lost & !free)) warn_fit("not_identified", sprintf(
    "The data cannot tell the correlation between studies of %s: it is fixed at 0", words(lost & !free)), call)
  if (any(lost & free)) warn_fit("not_identified", sprintf(
    "The data tell the correlation between studies of %s through those of others alone", words(lost & free)), call)
  if (!told$whole) warn_fit("not_identified",
    "The data cannot tell all variances and correlations between studies apart", call)
}

# The form with what is fixed: of the unstructured one the cells of the factor and the order of the outcomes in which a
# covariance of 0 is a cell of 0.
mvmeta_form <- function(sigma, told) {
  p <- nrow(told$cells)
  zero <- list(kind = "equals", known = matrix(0, p, p))
  if (sigma$kind == "equals") return(sigma[c("kind", "known")])
  if (sigma$kind == "unstructured") return(if (any(diag(told$cells))) mvmeta_factor(told$cells) else zero)
  if (!told$variances) return(zero)
  if (sigma$kind == "exchangeable" && p > 1L && !any(told$cells[lower.tri(told$cells)]))
    return(list(kind = "proportional", known = diag(p)))
  if (sigma$kind == "correlation") {
    if (!any(diag(told$cells))) return(zero)
    sigma$known[!diag(told$cells), ] <- 0
    sigma$known[, !diag(told$cells)] <- 0
  }
  list(kind = sigma$kind, known = sigma$known)
}

# Outcomes are taken out one by one, each time one that joins the fewest of the others that are not joined already.
mvmeta_factor <- function(cells) {
  left <- seq_len(nrow(cells))
  order <- integer()
  filled <- cells
  while (length(left)) {
    fill <- vapply(left, function(j) {
      near <- setdiff(left[filled[j, left]], j)
      sum(!filled[near, near])
    }, 0)
    j <- left[which.min(fill)]
    near <- setdiff(left[filled[j, left]], j)
    filled[near, near] <- TRUE
    order <- c(order, j)
    left <- setdiff(left, j)
  }
  list(kind = "unstructured", known = filled[order, order, drop = FALSE] * 1, order = order)
}
