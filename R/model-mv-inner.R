# Terms ~ inner | outer of rma.mv(): levels, times, places or covariates, and what of them the data cannot tell.

spatial_structs <- c("SPEXP", "SPGAU", "SPLIN", "SPRAT", "SPSPH")
general_structs <- c("GEN", "GDIAG")
level_structs <- c("HCS", "UN", "DIAG", "HAR")

# list(core: the term, inner and outer: groups with their names, counts of levels and of pairs).
inner_term <- function(f, struct, i, input, options, call) {
  outer_expr <- f[[2L]][[3L]]
  outer_value <- random_variable(outer_expr, f, input, call)
  outer <- as_group(outer_value)
  n <- sum(input$not.na)
  codes <- used_codes(outer, input$not.na)
  out <- list(struct = struct, formula = f, outer = list(name = deparsed(outer_expr), full = outer, codes = codes,
                                                         values = outer_value))
  out$core <- list(struct = struct, outer = codes$code)
  if (struct %in% general_structs) return(general_term(out, f, input, call))
  if (struct %in% spatial_structs) return(spatial_term(out, f, i, input, options, call))
  expr <- f[[2L]][[2L]]
  value <- random_variable(expr, f, input, call)
  if (struct == "CAR" && !is.numeric(value)) abort_input("random", "must have numbers as inner part for \"CAR\"", call)
  full <- as_group(value)
  inner <- full$code[input$not.na]
  levels <- length(full$levels)
  out$inner <- list(names = deparsed(expr), levels = full$levels, code = inner, codes.f = full$code)
  out$k <- outer_counts(inner, codes$code, levels)
  out$pairs <- level_pairs(inner, codes$code, levels)
  distance <- switch(struct, AR = , HAR = abs(outer(seq_len(levels), seq_len(levels), `-`)),
                     CAR = abs(outer(sort(unique(value)), sort(unique(value)), `-`)))
  q <- if (struct %in% level_structs) levels else 1L
  m <- if (struct == "UN") levels * (levels - 1L) / 2L else as.integer(!struct %in% c("ID", "DIAG"))
  out$core <- c(out$core, list(inner = inner, levels = levels, distance = distance, tau2 = rep(NA_real_, q),
                               rho = rep(NA_real_, m)))
  out
}

# In how many outer levels each inner level occurs.
outer_counts <- function(inner, outer, levels) {
  first <- !duplicated(inner + (outer - 1) * as.double(levels))
  tabulate(inner[first], levels)
}

# In how many outer levels each pair of inner levels meets, a lower triangle column by column.
level_pairs <- function(inner, outer, levels) {
  if (levels < 2L) return(integer())
  met <- matrix(FALSE, max(outer), levels)
  met[cbind(outer, inner)] <- TRUE
  together <- crossprod(met)
  as.integer(together[lower.tri(together)])
}

# Random slopes: the columns of a design without rows of missing values.
general_term <- function(out, f, input, call) {
  expr <- f[[2L]][[2L]]
  for (name in all.vars(expr)) random_variable(as.name(name), f, input, call)
  rhs <- eval(call("~", expr))
  environment(rhs) <- environment(f)
  Z <- design_rows(rhs, input, call)
  colnames(Z)[colnames(Z) == "(Intercept)"] <- "intrcpt"
  design <- Z[input$not.na, , drop = FALSE]
  q <- ncol(Z)
  out$inner <- list(names = colnames(Z), levels = colnames(Z), values = Z,
                    distinct = nrow(unique(as.data.frame(design))), label = deparsed(rhs))
  out$k <- rep(nrow(design), q)
  out$pairs <- rep(length(unique(out$core$outer)), q * (q - 1) / 2)
  out$core <- c(out$core, list(inner = NULL, design = unname(design), levels = q, tau2 = rep(NA_real_, q),
                               rho = rep(NA_real_, if (out$struct == "GEN") q * (q - 1L) / 2L else 0L)))
  out
}

design_rows <- function(rhs, input, call) {
  X <- tryCatch({
    frame <- stats::model.frame(rhs, data = input$data, na.action = stats::na.pass)
    stats::model.matrix(rhs, frame)
  }, error = function(e) abort_input("random", sprintf("could not be evaluated: %s", conditionMessage(e)), call))
  if (nrow(X) != input$all) abort_input("random", "must have variables with one value for each row", call)
  if (is.null(input$keep)) X else X[input$keep, , drop = FALSE]
}

# Places: rows of coordinates, or labels of the rows of a distance matrix.
spatial_term <- function(out, f, i, input, options, call) {
  parts <- sum_parts(f[[2L]][[2L]])
  values <- lapply(parts, random_variable, f = f, input = input, call = call)
  names(values) <- vapply(parts, deparsed, "")
  key <- if (length(values) == 1L) as.character(values[[1L]]) else do.call(paste, c(lapply(values, as.character),
                                                                                  sep = " + "))
  used <- key[input$not.na]
  labels <- sort(unique(used))
  inner <- match(used, labels)
  first <- match(labels, key)
  distance <- place_distances(lapply(values, `[`, first), labels, dist_choice(options$dist, i), call)
  out$inner <- list(names = names(values), levels = labels, code = inner, values = values, distinct = length(labels),
                    label = paste("~", paste(names(values), collapse = " + ")))
  out$inner$label <- sub("^~ ", "~", out$inner$label)
  out$k <- outer_counts(inner, out$core$outer, length(labels))
  out$pairs <- if (length(labels) > 1L && length(labels) <= 500L) level_pairs(inner, out$core$outer, length(labels))
  shared <- if (is.null(out$pairs)) TRUE else any(out$pairs > 0L)
  if (!shared) abort_input("random", "has no outer level with two places: the correlations cannot be estimated", call)
  out$core <- c(out$core, list(inner = inner, levels = length(labels), distance = distance, tau2 = NA_real_,
                               rho = NA_real_))
  out
}

sum_parts <- function(expr) {
  if (is.call(expr) && identical(expr[[1L]], quote(`+`)) && length(expr) == 3L)
    return(c(sum_parts(expr[[2L]]), list(expr[[3L]])))
  list(expr)
}

dist_choice <- function(dist, i) {
  if (is.null(dist)) return("euclidean")
  if (is.list(dist) && !is.data.frame(dist)) return(dist[[min(i, length(dist))]])
  if (is.character(dist)) return(dist[min(i, length(dist))])
  dist
}

place_distances <- function(coordinates, labels, dist, call) {
  if (is.matrix(dist) || is.data.frame(dist)) {
    D <- as.matrix(dist)
    at <- match(labels, rownames(D) %||% colnames(D))
    if (!is.numeric(D) || nrow(D) != ncol(D) || anyNA(at))
      abort_input("dist", "must be a square matrix of distances whose row names are the places", call)
    return(unname(D[at, at, drop = FALSE]))
  }
  if (!all(vapply(coordinates, is.numeric, NA))) abort_input("random", "must have coordinates that are numbers", call)
  C <- do.call(cbind, lapply(coordinates, as.double))
  if (is.function(dist)) {
    D <- tryCatch(as.matrix(dist(C)), error = function(e) abort_input("dist", sprintf("could not be evaluated: %s",
                                                                                     conditionMessage(e)), call))
    return(unname(D))
  }
  dist <- check_choice(dist, c("euclidean", "maximum", "manhattan", "gcd"), "dist", call)
  if (dist == "gcd") {
    if (ncol(C) != 2L) abort_input("dist", "\"gcd\" needs two coordinates, longitude and latitude", call)
    return(core_result(cpp_great_circle(C), call))
  }
  unname(as.matrix(stats::dist(C, method = dist)))
}

# Given values, and those that the data cannot tell.
fixed_inner <- function(term, tau2, rho, names, call) {
  core <- term$core
  q <- length(core$tau2)
  m <- length(core$rho)
  bounds <- if (term$struct %in% spatial_structs) c(.Machine$double.xmin, Inf) else c(-1, 1)
  if (term$struct == "CAR") bounds[1L] <- 0
  if (!is.null(tau2)) core$tau2 <- fixed_values(tau2, names[1L], q, 0, Inf, call)
  if (!is.null(rho) && m > 0L) core$rho <- fixed_values(rho, names[2L], m, bounds[1L], bounds[2L], call)
  if (term$struct %in% level_structs) core <- fixed_levels(core, term, names, call)
  if (!term$struct %in% c(spatial_structs, general_structs)) core <- fixed_pairs(core, term, names, call)
  # With one of two variances fixed to 0 there is nothing to correlate.
  if (core$levels == 2L && m == 1L && !term$struct %in% spatial_structs && any(core$tau2 %in% 0) && is.na(core$rho))
    core$rho <- 0
  term$rho.fixed <- !is.na(core$rho)
  # The correlations of an effect without variance have no part in the likelihood.
  if (m == 1L && q > 2L && sum(!core$tau2 %in% 0) < 2L) {
    core$rho[is.na(core$rho)] <- 0
  } else if (m > 1L) {
    at <- which(lower.tri(diag(term$core$levels)), arr.ind = TRUE)
    idle <- core$tau2[at[, 1L]] %in% 0 | core$tau2[at[, 2L]] %in% 0
    core$rho[idle & is.na(core$rho)] <- 0
  }
  term$core <- core
  term
}

fixed_levels <- function(core, term, names, call) {
  rare <- term$k <= 1L & is.na(core$tau2)
  if (!any(rare)) return(core)
  warn_input("random", sprintf("has inner levels with one estimate or none, whose %s is fixed to 0: %s", names[1L],
                               paste(term$inner$levels[rare], collapse = ", ")), call)
  core$tau2[rare] <- 0
  core
}

fixed_pairs <- function(core, term, names, call) {
  if (term$struct == "UN") {
    never <- term$pairs == 0L & is.na(core$rho)
    if (any(never)) {
      warn_input("random", sprintf("has inner levels that never meet, whose %s is fixed to 0", names[2L]), call)
      core$rho[never] <- 0
    }
  } else if (length(core$rho) == 1L && is.na(core$rho) && !any(term$pairs > 0L)) {
    warn_input("random", sprintf("has one inner level in each outer level: %s is fixed to 0", names[2L]), call)
    core$rho <- 0
  }
  core
}

own_starts <- function(term, names, init) {
  fill <- function(x, n) if (!is.null(x)) rep_len(as.numeric(x), n)
  term$core$tau2.init <- fill(init[[names[1L]]], length(term$core$tau2))
  term$core$rho.init <- fill(init[[names[2L]]], length(term$core$rho))
  term
}
