# What a fit of rma.mv() answers to the model contract.

#' @exportS3Method model_studies metaparity_mv
model_studies.metaparity_mv <- function(x) {
  list(yi = as.numeric(x$yi), X = x$X, V = x$V, weights = if (is.null(x$W)) numeric() else x$W, slab = used_slab(x),
       rows = which(x$not.na),
       yi.f = as.numeric(x$yi.f), X.f = x$X.f)
}

#' @exportS3Method model_mean metaparity_mv
model_mean.metaparity_mv <- function(x) {
  out <- model_mean.default(x)
  out$vb <- known_as_certain(out$vb)
  out$ddf <- x$ddf
  out
}

#' @exportS3Method model_components metaparity_mv
model_components.metaparity_mv <- function(x) {
  terms <- x$mv$terms
  estimate <- mv_estimates(x)
  if (!length(estimate)) return(new_components(character(), numeric()))
  labels <- component_labels(terms)
  fixed <- mv_fixed(x)
  bounds <- mv_bounds(terms)
  se <- rep(NA_real_, length(estimate))
  if (is.matrix(x$vvc) && identical(x$spec$cvvc, "varcor")) se[match(rownames(x$vvc), labels)] <- sqrt(diag(x$vvc))
  new_components(labels, estimate, se, fixed, bounds$lower, bounds$upper, mv_level_counts(x))
}

mv_estimates <- function(x) as.numeric(unlist(in_order(mv_theta(unclass(x)))))

mv_fixed <- function(x) component_fixed(x$mv$terms, x$vc.fix)

# Whether each component of the core's order is fixed: structures without correlations have none.
component_fixed <- function(terms, fixed) {
  has <- vapply(terms$inner, function(t) length(t$core$rho) > 0L, NA)
  keep <- c(sigma2 = length(terms$groups) > 0L, tau2 = length(has) > 0L, rho = isTRUE(has[1L]),
            gamma2 = length(has) > 1L, phi = isTRUE(has[2L]))
  as.logical(unlist(fixed[keep], use.names = FALSE))
}

mv_bounds <- function(terms) {
  each <- lapply(terms$core, function(t) {
    range <- if (t$struct %in% spatial_structs) c(0, Inf) else if (t$struct == "CAR") c(0, 1) else c(-1, 1)
    list(lower = c(rep(0, length(t$tau2)), rep(range[1L], length(t$rho))),
         upper = c(rep(Inf, length(t$tau2)), rep(range[2L], length(t$rho))))
  })
  list(lower = unlist(lapply(each, `[[`, "lower")), upper = unlist(lapply(each, `[[`, "upper")))
}

mv_level_counts <- function(x) {
  terms <- x$mv$terms
  s <- length(terms$groups)
  inner <- lapply(terms$inner, function(t) {
    q <- length(t$core$tau2)
    c(if (q == length(t$k)) t$k else rep(length(t$outer$codes$levels), q), rep(NA_integer_, length(t$core$rho)))
  })
  as.integer(c(if (s) x$s.nlevels, unlist(inner)))
}

#' @exportS3Method model_marginal metaparity_mv
model_marginal.metaparity_mv <- function(x, at = NULL) {
  x <- unclass(x)
  if (is.null(at)) return(mv_joined_marginal(x))
  mv_joined_marginal(x, theta_of(x, at))
}

# A vector in the order of model_components() as the core takes it; NA: that of the fit.
theta_of <- function(x, at) {
  own <- mv_theta(x)
  flat <- in_order(own)
  at <- ifelse(is.na(at), flat, at)
  sizes <- Map(function(t, r) c(length(t), length(r)), own$tau2, own$rho)
  from <- cumsum(c(0L, vapply(sizes, sum, 0L)))
  pick <- function(i, j) at[from[i] + (if (j == 1L) 0L else sizes[[i]][1L]) + seq_len(sizes[[i]][j])]
  list(tau2 = lapply(seq_along(sizes), pick, j = 1L), rho = lapply(seq_along(sizes), pick, j = 2L))
}

#' @exportS3Method model_predictive metaparity_mv
model_predictive.metaparity_mv <- function(x, X) {
  m <- model_mean(x)
  list(mean = values_along(X, m), variance = sum(x$sigma2) + mean_heterogeneity(x) + spread_along(X, m$vb)^2,
       df = if (x$test == "z") NaN else min(x$ddf))
}

# Of structures with several variances there is no one new effect.
mean_heterogeneity <- function(x) {
  if (length(x$tau2) > 1L || length(x$gamma2) > 1L) {
    abort_capability("x", "has variances that differ by level: predict() with `tau2.levels` names the level",
                     sys.call(-2L))
  }
  x$tau2 + x$gamma2
}

#' @exportS3Method model_refit metaparity_mv
model_refit.metaparity_mv <- function(x, rows = NULL, yi = NULL, spec = NULL) {
  fit <- mv_refit(x, rows, yi, spec = spec)
  found <- fit$found
  spec <- fit$spec
  k <- length(fit$model$yi)
  p <- ncol(fit$model$X)
  ddf <- if (spec$test == "z") rep(NA_real_, p) else rep(as.numeric(if (is.null(rows)) min(x$ddf) else k - p), p)
  tests <- mv_tests(found, ddf, seq_len(p), spec, colnames(x$X))
  out <- c(list(estimate = as.numeric(found$beta)), tests[c("se", "zval", "pval", "ci.lb", "ci.ub")],
           list(vb = found$vb, components = in_order(list(tau2 = found$tau2, rho = found$rho)), Q = found$QE,
                Qp = if (is.na(found$QE) || k <= p) NA_real_ else upper_p(found$QE, k - p), tau2 = NA_real_,
                I2 = NA_real_, H2 = NA_real_))
  out
}

# The core's fit of the same model to other rows or estimates; `at`: components held at values, NA free.
mv_refit <- function(x, rows = NULL, yi = NULL, at = NULL, spec = NULL) {
  x <- unclass(x)
  spec <- mv_refit_spec(x, spec)
  model <- mv_started_model(x)
  if (!is.null(rows)) model <- model_of_rows(model, rows)
  if (!is.null(yi)) model$yi <- as.double(yi)
  if (!is.null(at) && !is.null(model$ties)) at <- tied(at, model$ties)
  if (!is.null(at)) model$terms <- held_terms(model$terms, at)
  lost <- !is.null(rows) && (ncol(model$X) > length(model$yi) ||
                             length(call_core(cpp_independent_columns(model$X))) < ncol(model$X))
  if (lost) abort_input("rows", "leave coefficients without data", x$call)
  list(found = core_result(cpp_mv(model, spec), x$call), model = model, spec = spec)
}

mv_refit_spec <- function(x, spec = NULL) {
  spec <- spec %||% x$spec
  spec$vcov <- FALSE
  spec$many_starts <- FALSE
  spec
}

# The model of an unclassed fit, whose components are where the search begins.
mv_started_model <- function(x) {
  theta <- mv_theta(x)
  model <- x$mv$model
  model$terms <- Map(function(t, tau2, rho) {
    t$tau2.init <- tau2
    t$rho.init <- rho
    t
  }, model$terms, theta$tau2, theta$rho)
  model
}

model_of_rows <- function(model, rows) {
  keep <- if (is.logical(rows)) which(rows) else rows
  V <- blocks_of_rows(model[c("vi", "blocks", "rows")], keep)
  model$yi <- model$yi[keep]
  model$X <- model$X[keep, , drop = FALSE]
  model[c("vi", "blocks", "rows")] <- V
  if (!is.null(model$W)) model$W <- model$W[keep, keep, drop = FALSE]
  model$terms <- lapply(model$terms, function(t) {
    t$inner <- t$inner[keep]
    t$outer <- t$outer[keep]
    if (!is.null(t$design)) t$design <- t$design[keep, , drop = FALSE]
    t
  })
  model
}

#' @exportS3Method model_loglik metaparity_mv
model_loglik.metaparity_mv <- function(x, at) {
  statistic <- if (x$method == "REML") "REML" else "ML"
  if (all(is.na(at))) return(x$fit.stats["ll", statistic])
  found <- tryCatch(mv_refit(x, at = at)$found, metaparity_error_not_converged = function(e) NULL)
  if (is.null(found)) -Inf else found[[statistic]][1L]
}

# model_loglik() of values of one component, for loops over them.
mv_held_loglik <- function(x, j) {
  statistic <- if (x$method == "REML") "REML" else "ML"
  x <- unclass(x)
  call <- x$call
  spec <- mv_refit_spec(x)
  model <- mv_started_model(x)
  sizes <- vapply(model$terms, function(t) length(t$tau2) + length(t$rho), 0L)
  term <- which(j <= cumsum(sizes))[1L]
  place <- j - sum(sizes[seq_len(term - 1L)])
  q <- length(model$terms[[term]]$tau2)
  slot <- if (place > q) "rho" else "tau2"
  place <- if (place > q) place - q else place
  function(value) {
    model$terms[[term]][[slot]][place] <- value
    found <- cpp_mv(model, spec)
    if (!inherits(found, "metaparity_core_error")) return(found[[statistic]][1L])
    tryCatch(core_result(found, call), metaparity_error_not_converged = function(e) -Inf)
  }
}

#' @exportS3Method model_words rma.mv
model_words.rma.mv <- function(x = NULL) {
  random <- is.null(x) || isTRUE(x$withS) || isTRUE(x$withG)
  out <- named_words("IV", random, x$method)
  out$model_name <- if (random) sprintf("Multivariate %s model", x$method %||% "random-effects") else
    "Fixed-effects inverse-variance model"
  out
}

# The marginal variances in each cluster, in the order in which clusters appear. Estimates of different clusters must be
# independent.
#' @exportS3Method sandwich_variances metaparity_mv
sandwich_variances.metaparity_mv <- function(x) {
  cluster <- match(x$cluster, unique(x$cluster))
  found <- mv_marginal_blocks(x)
  if (any(vapply(found$rows, function(r) length(unique(cluster[r])), 0L) > 1L)) {
    abort_capability("cluster",
                     "must hold whole groups of dependent estimates: random effects or covariances cross them",
                     x$call)
  }
  sets <- split(seq_along(cluster), cluster)
  if (!is.null(x$W)) return(own_sandwich_weights(x, cluster, sets))
  block <- integer(length(cluster))
  for (b in seq_along(found$rows)) block[found$rows[[b]]] <- b
  list(marginal = lapply(unname(sets), function(rows) {
    M <- matrix(0, length(rows), length(rows))
    for (b in unique(block[rows])) {
      at <- match(found$rows[[b]], rows)
      M[at, at] <- found$M[[b]]
    }
    M
  }))
}

# Weights of the user's own: without clubSandwich only they count, by clusters; its adjustments need independent
# estimates.
own_sandwich_weights <- function(x, cluster, sets) {
  if (any(x$W[outer(cluster, cluster, `!=`)] != 0))
    abort_capability("x", "has weights between clusters, with which robust variances are not available", x$call)
  diagonal <- function(M) all(M[row(M) != col(M)] == 0)
  M <- marginal_matrix(x)
  if (diagonal(x$W) && (x$robumethod != "clubSandwich" || diagonal(M)))
    return(list(vi = diag(M), weights = diag(x$W), tau2 = 0, weighted = TRUE))
  if (x$robumethod == "clubSandwich")
    abort_capability("clubSandwich", "is not available for weights of the user's own and dependent estimates", x$call)
  list(marginal = lapply(unname(sets), function(rows) {
    tryCatch(chol2inv(chol(x$W[rows, rows, drop = FALSE])), error = function(e) {
      abort_capability("x", "has weights that are not positive definite within clusters", x$call)
    })
  }))
}

# The sampling variances that two fits must share to be compared.
model_sampling <- function(x) UseMethod("model_sampling")

#' @exportS3Method model_sampling metaparity
model_sampling.metaparity <- function(x) as.numeric(x$vi)

#' @exportS3Method model_sampling metaparity_mv
model_sampling.metaparity_mv <- function(x) x$mv$model[c("vi", "blocks", "rows")]

# The same model by maximum likelihood.
mv_by_ml <- function(x) {
  x <- unclass(x)
  spec <- x$spec
  spec$method <- "ML"
  spec$restricted <- FALSE
  used <- list(yi = as.numeric(x$yi), V = x$mv$model[c("vi", "blocks", "rows")], X = x$X, W = x$W, ni = x$ni,
               coef.na = x$coef.na)
  found <- core_result(cpp_mv(x$mv$model, spec), x$call)
  new_mv(x$input, used, x$mv$terms, x$mv$model, found, spec, x$mv$options, x$call)
}
