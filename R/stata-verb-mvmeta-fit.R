# The fits of mvmeta(): what the core is asked, and the words of the covariances between studies.
# Sources: White (2011) Stata J 11:255; Jackson, White & Riley (2013) Biometrical J 55:231. Oracle: genuine logs.

mvmeta_structures <- c(unstructured = "uns", proportional = "prop", equals = "eq", correlation = "corr",
                       exchangeable = "exch")

# "exch 0.5", list("prop", P): kind, matrix, the words of the header and of the note.
mvmeta_sigma <- function(given, p, call) {
  parts <- if (is.list(given)) given else as.list(strsplit(trimws(check_word(given, "bscovariance", call)),
                                                           "\\s+")[[1L]])
  word <- if (length(parts) && is.character(parts[[1L]])) parts[[1L]] else ""
  kind <- mvmeta_kind(word)
  if (is.na(kind)) abort_input("bscovariance", sprintf("has no structure %s", word), call)
  value <- if (length(parts) > 1L) parts[[2L]]
  if (kind == "unstructured") return(list(kind = kind, label = kind, note = "unstructured"))
  if (kind == "exchangeable" && is.null(value)) return(list(kind = kind, label = kind, note = "exchangeable"))
  if (kind == "exchangeable") return(mvmeta_exchangeable(value, p, call))
  label <- if (length(parts) > 2L) parts[[3L]] else if (is.character(value)) value else "matrix"
  known <- mvmeta_known(value, p, call)
  list(kind = kind, known = known, label = paste(kind, label),
       note = paste(c(proportional = "proportional to", correlation = "correlation equal to", equals = "")[[kind]],
                    label))
}

mvmeta_kind <- function(word) {
  if (startsWith("equals", word) && nchar(word) >= 2L) return("equals")
  match_option(word, mvmeta_structures)
}

mvmeta_exchangeable <- function(value, p, call) {
  rho <- suppressWarnings(as.numeric(value))
  rho <- check_number(rho, "bscovariance", -1, 1, call)
  known <- matrix(rho, p, p)
  diag(known) <- 1
  text <- sprintf("%s*I(%d)+%s*J(%d,%d,1)", trimws(stata_general(1 - rho, 18L)), p, trimws(stata_general(rho, 18L)),
                  p, p)
  list(kind = "proportional", known = known, label = paste("proportional", text), note = paste("proportional to", text))
}

# A matrix, or I(p).
mvmeta_known <- function(value, p, call) {
  if (is.character(value) && grepl("^I[(][0-9]+[)]$", value)) value <- diag(as.integer(gsub("[^0-9]", "", value)))
  if (!is.matrix(value) || !is.numeric(value) || !all(is.finite(value)))
    abort_input("bscovariance", "needs a matrix of numbers, as list(\"proportional\", P)", call)
  if (nrow(value) != p || ncol(value) != p)
    abort_input("bscovariance", sprintf("needs a matrix with %d rows and columns, one for each outcome", p), call)
  if (!isSymmetric(unname(value))) abort_input("bscovariance", "needs a symmetric matrix", call)
  if (min(eigen(value, TRUE, TRUE)$values) < -1e-8 * max(abs(value)))
    abort_input("bscovariance", "needs a matrix without negative eigenvalues", call)
  value
}

mvmeta_core_data <- function(s, outcomes = seq_along(s$outcomes), columns = seq_len(ncol(s$X))) {
  p <- length(s$outcomes)
  rows <- as.vector(outer(outcomes, (seq_len(s$N) - 1L) * p, `+`))
  cells <- as.vector(outer(outcomes, (outcomes - 1L) * p, `+`))
  list(outcomes = length(outcomes), y = as.numeric(t(s$y[, outcomes, drop = FALSE])),
       X = s$X[rows, columns, drop = FALSE], S = s$S[, cells, drop = FALSE])
}

mvmeta_fit <- function(s, model, call) {
  data <- mvmeta_core_data(s)
  moments <- model$method %in% c("mm1", "mm2", "fixed")
  if (moments) return(mvmeta_moments(s, data, model, call))
  told <- mvmeta_told(s)
  if (model$overall && !all(diag(told$cells))) abort_input("wscorr",
    sprintf("\"riley\" needs more estimates than coefficients of %s", toString(s$outcomes[!diag(told$cells)])), call)
  mvmeta_tell(told, s, model, call)
  spec <- list(restricted = model$method == "reml", overall = model$overall)
  fit <- mvmeta_core_fit(s, data, mvmeta_form(model$sigma, told), spec, call)
  fit$moments <- FALSE
  mvmeta_remarks(mvmeta_named(fit, s, model), call)
}

mvmeta_theta_names <- function(form, p, order) {
  at <- which(lower.tri(diag(p), TRUE) & (if (form$kind == "unstructured") form$known != 0 else TRUE), arr.ind = TRUE)
  switch(form$kind, unstructured = sprintf("chol%d%d", order[at[, 2L]], order[at[, 1L]]), proportional = "tau",
         correlation = paste0("tau", seq_len(p)), exchangeable = c("tau", "rho")[seq_len(min(p, 2L))], character())
}

# In the core the outcomes stand in the order of the form; what is given back is in their own.
mvmeta_core_fit <- function(s, data, form, spec, call) {
  p <- length(s$outcomes)
  order <- form$order %||% seq_len(p)
  if (is.unsorted(order)) data <- mvmeta_core_data(s, order)
  fit <- call_core(cpp_mvmeta(data, form[c("kind", "known")], spec), call)
  back <- order(order)
  fit$Sigma <- fit$Sigma[back, back, drop = FALSE]
  cells <- as.vector(outer(back, (back - 1L) * p, `+`))
  fit$slopes <- fit$slopes[cells, , drop = FALSE]
  fit$theta_names <- mvmeta_theta_names(form, p, order)
  if (form$kind == "correlation") mvmeta_without(fit, which(diag(form$known) == 0)) else fit
}

# Without parameters that are fixed.
mvmeta_without <- function(fit, gone) {
  kept <- setdiff(seq_along(fit$theta), gone)
  all <- c(seq_along(fit$beta), length(fit$beta) + kept)
  fit[c("theta", "theta_names")] <- list(fit$theta[kept], fit$theta_names[kept])
  fit$slopes <- fit$slopes[, kept, drop = FALSE]
  fit$vb_full <- fit$vb_full[all, all, drop = FALSE]
  fit
}

# Means at a Sigma that moments gave, or at 0.
mvmeta_moments <- function(s, data, model, call) {
  p <- length(s$outcomes)
  if (model$method != "fixed" && (model$sigma$kind != "unstructured" || model$overall))
    abort_input(model$method, "goes with unstructured covariances alone", call)
  found <- if (model$method == "fixed") list(Sigma = matrix(0, p, p), raw = matrix(0, p, p), negative = 0L) else
    mvmeta_found_moments(s, model, call)
  fit <- call_core(cpp_mvmeta(data, list(kind = "equals", known = found$Sigma), list(restricted = TRUE,
                                                                                     overall = FALSE)),
                   call)
  fit[c("raw", "negative")] <- found[c("raw", "negative")]
  fit["ll"] <- list(NULL)
  fit$moments <- TRUE
  mvmeta_named(fit, s, model)
}

# Moments of the outcomes whose variance the data tell; 0 for what they do not.
mvmeta_found_moments <- function(s, model, call) {
  p <- length(s$outcomes)
  told <- mvmeta_told(s)
  mvmeta_tell(told, s, model, call)
  own <- which(diag(told$cells))
  out <- list(Sigma = matrix(0, p, p), raw = matrix(0, p, p), negative = 0L)
  if (!length(own)) return(out)
  rows <- as.vector(outer(own, (seq_len(s$N) - 1L) * p, `+`))
  columns <- which(colSums(s$X[rows, , drop = FALSE] != 0) > 0)
  found <- call_core(cpp_mvmeta_moments(mvmeta_core_data(s, own, columns), model$method == "mm2"), call)
  for (part in c("Sigma", "raw")) out[[part]][own, own] <- ifelse(told$cells[own, own], found[[part]], 0)
  out$negative <- found$negative
  out
}

mvmeta_named <- function(fit, s, model) {
  names <- if (model$sigma$kind == "equals") colnames(model$sigma$known) %||% paste0("c", seq_along(s$outcomes)) else
    s$outcomes
  dimnames(fit$Sigma) <- list(names, names)
  full <- mvmeta_full_names(s)
  names(fit$beta) <- full
  dimnames(fit$vb) <- list(full, full)
  fit
}

# What the user is to know of the maximum.
mvmeta_remarks <- function(fit, call) {
  if (!fit$converged) abort_not_converged("the likelihood of mvmeta has no maximum that the search could reach", call)
  sd <- sqrt(diag(fit$Sigma))
  corr <- fit$Sigma / outer(sd, sd)
  if (any(abs(corr[is.finite(corr)]) > 1 + 1e-8))
    warn_input("bscovariance", "gives a correlation beyond 1: the likelihood is highest there", call)
  fit
}

# mvmeta() of arguments in a list, with a call that does not hold the data.
mvmeta_with <- function(args) {
  data <- args$data
  args$data <- quote(data)
  eval(as.call(c(quote(mvmeta), args)), list(data = data), asNamespace("metaparity"))
}
