# Deleted residuals, Cook's distances and standardised changes of coefficients of rma.mv(), by row and by cluster. One
# call of
# the core refits the model without each set. Oracle: metafor::rstudent(cluster =); refits.

#' Outliers and influence in multilevel and multivariate models
#'
#' Residuals and deletion statistics of fits of [rma.mv()], for single estimates and for whole clusters.
#'
#' @param model a fit of [rma.mv()].
#' @param digits number of decimals printed.
#' @param cluster the clusters: a column of the data or a vector with an element for each of its rows. By default every
#'   estimate is its own.
#' @param reestimate whether the variance components are estimated again without each cluster; otherwise they keep their
#'   values.
#' @param progbar,parallel,ncpus,cl accepted for compatibility; the refits take microseconds.
#' @param ... for `cooks.distance()` `btt`, the coefficients in which the distance is taken; by default all.
#' @return `rstandard()` and `rstudent()`: tables with `resid`, `se` and `z`; with `cluster` a list of two tables, `obs`
#'   with
#'   the column `cluster` too, and `cluster` with the chi-squared statistic `X2` of each cluster and its size `k`.
#'   `influence()` with `cluster`: a table with a row per cluster: `X2`, the chi-squared statistic of its deleted
#'   residuals,
#'   `k`, its size, `cook.d`, `cov.r` (the determinant of the coefficients' variances without it over that with it), the
#'   components and `QE.del` without it, and `dfbs` of each coefficient.
#'   `cooks.distance()`: a vector named by estimate or cluster. `dfbetas()`: a table with a row per estimate or cluster
#'   and a column per coefficient.
#' @details Where the model without a cluster does not exist the values are `NA`. Errors are of class
#'   `metaparity_error_input`.
#' @section In other software: \pkg{metafor}: the same names.
#' @references Viechtbauer, W. and Cheung, M. W.-L. (2010). Outlier and influence diagnostics for meta-analysis.
#'   *Research Synthesis Methods*, 1, 112-125.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4), id = 1:7, est = c(0.1, 0.3, -0.2, 0, 0.6, 0.9, 0.4),
#'                 v = c(0.02, 0.03, 0.05, 0.02, 0.04, 0.03, 0.06))
#' fit <- rma.mv(est, v, random = ~ 1 | study/id, data = d)
#' rstudent(fit)
#' cooks.distance(fit, cluster = study)
#' @name rma.mv-cases
NULL

# list(labels, sets) of the rows used, and of all rows where missing ones are kept; NULL where no clusters are given.
mv_clusters <- function(model, mc, env) {
  if (is.null(mc$cluster)) return(NULL)
  values <- as_used_rows(resolve_column(mc$cluster, model$data, env, "cluster", mc), model, "cluster", mc)
  bad <- is.na(values) & model$not.na
  if (any(bad)) abort_studies("cluster", which(bad), "must not be missing", mc)
  check_na_fail(model)
  all <- if (keeps_missing()) values else values[model$not.na]
  values <- values[model$not.na]
  labels <- sort(unique(values))
  list(values = values, labels = labels, sets = unname(split(seq_along(values), factor(values, levels = labels))),
       all = all, all_labels = sort(unique(all)))
}

# Values of the clusters with those of which no row was used as missing.
by_cluster <- function(x, clusters) x[match(clusters$all_labels, clusters$labels)]

mv_deleted <- function(model, sets, reestimate, call) {
  x <- unclass(model)
  theta <- mv_theta(x)
  fit <- c(list(beta = as.numeric(x$beta), vb = model_based_vb(x)), theta)
  spec <- x$spec
  spec$many_starts <- FALSE
  # In pieces at the console, where someone waits.
  size <- if (reestimate && interactive()) ceiling(length(sets) / 25) else max(length(sets), 1L)
  pieces <- unname(split(seq_along(sets), (seq_along(sets) - 1L) %/% size))
  out <- lapply_progress(pieces, function(i) call_core(cpp_mv_delete(x$mv$model, spec, fit, sets[i], reestimate), call),
                         TRUE)
  out <- unlist(out, recursive = FALSE)
  lost <- vapply(out, is.null, NA)
  warn_failed(which(lost), as.character(seq_along(sets)), call)
  out
}

# The distance in some of the coefficients.
cook_of <- function(model, found, btt, call) {
  shift <- matrix(deleted_field(found, "shift", model$p), model$p)[btt, , drop = FALSE]
  vb <- model_based_vb(unclass(model))[btt, btt, drop = FALSE]
  apply(shift, 2L, function(d) {
    if (anyNA(d)) NA_real_ else call_core(cpp_wald_statistic(d, vb), call)
  })
}

deleted_field <- function(found, name, n = 1L) {
  vapply(found, function(f) if (is.null(f)) rep(NA_real_, n) else as.numeric(f[[name]]), numeric(n))
}

cluster_tables <- function(model, clusters, resid, se, X2, digits) {
  table <- function(columns) structure(c(columns, list(digits = digits)), class = c("metaparity_list", "list.rma"))
  obs <- rows_by_study(list(resid = resid, se = se, z = standardised(resid, se)), model)
  obs <- c(obs["resid"], obs["se"], obs["z"], list(cluster = clusters$all, slab = obs$slab))
  size <- tabulate(match(clusters$values, clusters$all_labels), length(clusters$all_labels))
  list(obs = table(obs),
       cluster = table(list(X2 = by_cluster(X2, clusters), k = size, slab = clusters$all_labels)))
}

#' @rdname rma.mv-cases
#' @export
rstandard.metaparity_mv <- function(model, digits, cluster, ...) {
  mc <- match.call()
  named_dots("type", mc, ...)
  clusters <- mv_clusters(model, mc, parent.frame())
  found <- case_statistics(model, mc)
  digits <- merge_digits(model, digits)
  if (is.null(clusters)) {
    return(structure(c(rows_by_study(found[c("resid", "se", "z")], model), list(digits = digits)),
                     class = c("metaparity_list", "list.rma")))
  }
  X2 <- call_core(cpp_cluster_chisq(found$resid, found$residual_covariance, clusters$sets), mc)
  cluster_tables(model, clusters, found$resid, found$se, X2, digits)
}

#' @rdname rma.mv-cases
#' @export
rstudent.metaparity_mv <- function(model, digits, progbar = FALSE, cluster, reestimate = TRUE, parallel = "no",
                                   ncpus = 1,
                                   cl, ...) {
  mc <- match.call()
  named_dots(character(), mc, ...)
  clusters <- mv_clusters(model, mc, parent.frame())
  sets <- if (is.null(clusters)) as.list(seq_len(model$k)) else clusters$sets
  found <- mv_deleted(model, sets, check_flag(reestimate, "reestimate", mc), mc)
  resid <- se <- rep(NA_real_, model$k)
  for (i in seq_along(sets)) if (!is.null(found[[i]])) {
    resid[sets[[i]]] <- found[[i]]$resid
    se[sets[[i]]] <- found[[i]]$se
  }
  digits <- merge_digits(model, digits)
  if (is.null(clusters)) {
    return(structure(c(rows_by_study(list(resid = resid, se = se, z = standardised(resid, se)), model),
                       list(digits = digits)),
                     class = c("metaparity_list", "list.rma")))
  }
  cluster_tables(model, clusters, resid, se, deleted_field(found, "X2"), digits)
}

#' @rdname rma.mv-cases
#' @export
cooks.distance.metaparity_mv <- function(model, progbar = FALSE, cluster, reestimate = TRUE, parallel = "no", ncpus = 1,
                                         cl, ...) {
  mc <- match.call()
  btt <- named_dots("btt", mc, ...)$btt
  clusters <- mv_clusters(model, mc, parent.frame())
  sets <- if (is.null(clusters)) as.list(seq_len(model$k)) else clusters$sets
  found <- mv_deleted(model, sets, check_flag(reestimate, "reestimate", mc), mc)
  out <- if (is.null(btt)) deleted_field(found, "cook") else {
    cook_of(model, found, resolve_btt(btt, rownames(model$beta), mc), mc)
  }
  if (is.null(clusters)) by_study(out, model) else stats::setNames(by_cluster(out, clusters), clusters$all_labels)
}

#' @rdname rma.mv-cases
#' @export
dfbetas.metaparity_mv <- function(model, progbar = FALSE, cluster, reestimate = TRUE, parallel = "no", ncpus = 1, cl,
                                  ...) {
  mc <- match.call()
  named_dots(character(), mc, ...)
  clusters <- mv_clusters(model, mc, parent.frame())
  sets <- if (is.null(clusters)) as.list(seq_len(model$k)) else clusters$sets
  found <- mv_deleted(model, sets, check_flag(reestimate, "reestimate", mc), mc)
  values <- matrix(deleted_field(found, "dfbetas", model$p), model$p)
  values <- t(values)
  colnames(values) <- make.names(rownames(model$beta), unique = TRUE)
  if (!is.null(clusters)) {
    values <- values[match(clusters$all_labels, clusters$labels), , drop = FALSE]
    return(data.frame(values, row.names = as.character(clusters$all_labels), check.names = FALSE))
  }
  rows <- rows_by_study(as.list(as.data.frame(values)), model)
  data.frame(rows[seq_len(ncol(values))], row.names = make.unique(as.character(rows$slab)), check.names = FALSE)
}

#' @rdname rma.mv-cases
#' @export
influence.metaparity_mv <- function(model, digits, progbar = FALSE, cluster, reestimate = TRUE, parallel = "no",
                                    ncpus = 1, cl, ...) {
  mc <- match.call()
  clusters <- mv_clusters(model, mc, parent.frame())
  if (is.null(clusters)) return(NextMethod())
  named_dots(character(), mc, ...)
  found <- mv_deleted(model, clusters$sets, check_flag(reestimate, "reestimate", mc), mc)
  of <- function(name) by_cluster(deleted_field(found, name), clusters)
  out <- list(X2 = of("X2"), k = tabulate(match(clusters$values, clusters$all_labels), length(clusters$all_labels)),
              cook.d = of("cook"), cov.r = of("cov.r"))
  out <- c(out, deleted_components(model, found, clusters), list(QE.del = of("QE")))
  values <- matrix(deleted_field(found, "dfbetas", model$p), model$p)
  names <- paste0("dfbs", if (model$p > 1L) paste0(".", make.names(rownames(model$beta), unique = TRUE)))
  for (j in seq_len(model$p)) out[[names[j]]] <- by_cluster(values[j, ], clusters)
  structure(c(out, list(slab = clusters$all_labels, digits = merge_digits(model, digits))),
            class = c("metaparity_list", "list.rma"))
}

# The free components without each cluster.
deleted_components <- function(model, found, clusters) {
  terms <- model$mv$terms
  free <- which(!component_fixed(terms, terms$fixed))
  if (!length(free)) return(NULL)
  n <- length(component_fixed(terms, terms$fixed))
  values <- matrix(vapply(found, function(f) if (is.null(f)) rep(NA_real_, n) else in_order(f[c("tau2", "rho")]),
                          numeric(n)), n)
  stats::setNames(lapply(free, function(j) by_cluster(values[j, ], clusters)),
                  paste0(component_labels(terms)[free], ".del"))
}
