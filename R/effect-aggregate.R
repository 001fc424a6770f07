# aggregate() of effects: one estimate for each cluster of correlated estimates; other columns are averaged.

#' One effect per cluster
#'
#' Combines the estimates of one study (or another cluster) into one, taking the correlation of their sampling errors
#' into account.
#'
#' @param x a result of [escalc()].
#' @param cluster column of `x` (or a vector): which rows belong together.
#' @param time column with the time points, for `"CAR"`, `"CS+CAR"`, `"CS*CAR"`.
#' @param obs column that tells apart estimates of one time point, for `"CS*CAR"`.
#' @param V covariance matrix of the sampling errors of all rows, or a list with one for each cluster; `struct`
#'   then has no meaning.
#' @param struct structure of the correlations within a cluster: `"ID"` none, `"CS"` all `rho`, `"CAR"`
#'   `phi^|time difference|`, `"CS+CAR"` `rho + (1 - rho) phi^|..|`, `"CS*CAR"` the product, `rho` between
#'   values of `obs`.
#' @param rho,phi correlation and autocorrelation: one number, or one per cluster.
#' @param weighted generalised least squares? `FALSE`: plain means.
#' @param checkpd are covariance matrices that are not positive definite refused?
#' @param fun list of three functions that aggregate numeric columns, logical columns, all others.
#' @param na.rm are missing estimates left out, and missing values of other columns? One or two logicals.
#' @param addk is a column `ki` with the number of estimates added?
#' @param subset rows to use: logical or row numbers.
#' @param select names of the columns to return.
#' @param digits decimals for printing.
#' @param var.names names of the columns with effects and variances, when not the first ones.
#' @param ... not used.
#' @return A data frame as that of [escalc()], one row per cluster in the order of their first rows.
#' @details A missing argument is an error of class `metaparity_error_input`; clusters with a covariance
#'   matrix that is not positive definite, or cannot be inverted, are an error of class `metaparity_error_studies`
#'   with the `rows` of `x`.
#' @section In other software: `aggregate()` in \pkg{metafor}; Stata and RevMan have none.
#' @references Hedges LV, Tipton E, Johnson MC (2010) Robust variance estimation in meta-regression with dependent
#'   effect size estimates. Research Synthesis Methods 1:39-65.
#' @examples
#' x <- escalc("SMD", yi = c(.2, .5, .3), vi = c(.04, .05, .03), data = data.frame(study = c(1, 1, 2)))
#' aggregate(x, cluster = study, rho = 0.6)
#' @exportS3Method stats::aggregate metaparity_escalc
aggregate.metaparity_escalc <- function(x, cluster, time, obs, V, struct = "CS", rho, phi, weighted = TRUE,
                                        checkpd = TRUE, fun, na.rm = TRUE, addk = FALSE, subset, select, digits,
                                        var.names, ...) {
  mc <- match.call()
  call <- sys.call()
  env <- parent.frame()
  names <- effect_columns(x, if (missing(var.names)) NULL else var.names, call)
  rows <- aggregate_rows(x, names, mc, env, call)
  given <- if (missing(V)) NULL else V
  model <- aggregate_model(rows, struct, if (missing(rho)) NULL else rho, if (missing(phi)) NULL else phi, given, call)
  model$weighted <- check_flag(weighted, "weighted", call)
  if (!length(na.rm)) abort_input("na.rm", "must be TRUE or FALSE", call)
  na.rm <- rep_len(vapply(na.rm, check_flag, NA, arg = "na.rm", call = call), 2L)
  usable <- !is.na(rows$yi) & !is.na(rows$vi)
  keep <- rows$keep & (usable | !na.rm[1L])
  out <- aggregate_estimates(rows, keep, model, check_flag(checkpd, "checkpd", call), call)
  fun <- check_aggregators(if (missing(fun)) NULL else fun, na.rm[2L], call)
  form <- list(names = names, addk = check_flag(addk, "addk", call), select = if (missing(select)) NULL else select,
               digits = if (missing(digits)) NULL else expand_digits(digits, attr(x, "digits"), call))
  aggregated_frame(x, rows, keep, out, fun, form)
}

aggregate_rows <- function(x, names, mc, env, call) {
  data <- plain_frame(x)
  k <- nrow(data)
  find <- function(arg) {
    value <- resolve_column(mc[[arg]], data, env, arg, call)
    if (!is.null(value) && length(value) != k) {
      abort_input(arg, sprintf("must have one element for each of the %d rows, not %d", k, length(value)), call)
    }
    value
  }
  cluster <- find("cluster")
  if (is.null(cluster)) abort_input("cluster", "must be given", call)
  if (anyNA(cluster)) abort_studies("cluster", which(is.na(cluster)), "must not be missing", call)
  keep <- rep_len(TRUE, k)
  wanted <- check_subset(resolve_column(mc$subset, data, env, "subset", call), k, call)
  if (!is.null(wanted)) keep <- seq_len(k) %in% wanted
  list(yi = as.numeric(data[[names[1L]]]), vi = as.numeric(data[[names[2L]]]), cluster = as.character(cluster),
       time = find("time"), obs = find("obs"), keep = keep)
}

# rho and phi by cluster, in the order of the clusters' first rows.
aggregate_model <- function(rows, struct, rho, phi, V, call) {
  clusters <- unique(rows$cluster[rows$keep])
  if (!is.null(V)) {
    return(list(struct = "given", clusters = clusters, V = covariance_matrix(V, rows, call)))
  }
  check_choice(struct, c("ID", "CS", "CAR", "CS+CAR", "CS*CAR"), "struct", call)
  needs <- list(rho = grepl("CS", struct), phi = grepl("CAR", struct))
  values <- list(rho = rho, phi = phi)[unlist(needs)]
  for (arg in names(values)) values[[arg]] <- check_cluster_values(values[[arg]], arg, length(clusters), call)
  for (arg in c(if (needs$phi) "time", if (struct == "CS*CAR") "obs")) {
    if (is.null(rows[[arg]])) abort_input(arg, sprintf("is needed for `struct` \"%s\"", struct), call)
  }
  c(list(struct = struct, clusters = clusters), values)
}

check_cluster_values <- function(x, arg, n, call) {
  if (is.null(x)) abort_input(arg, "is needed for this `struct`", call)
  x <- check_numeric_vector(x, arg, call)
  if (!length(x) %in% c(1L, n)) abort_input(arg, sprintf("must have 1 element, or one for each of the %d clusters", n),
                                            call)
  if (anyNA(x) || any(abs(x) > 1)) abort_input(arg, "must be between -1 and 1", call)
  rep_len(x, n)
}

# A list of matrices belongs to the clusters in the order of their first rows.
covariance_matrix <- function(V, rows, call) {
  k <- length(rows$yi)
  if (is.list(V) && !is.data.frame(V)) {
    clusters <- unique(rows$cluster)
    if (length(V) != length(clusters)) {
      abort_input("V", sprintf("must have one matrix for each of the %d clusters, not %d", length(clusters), length(V)),
                  call)
    }
    out <- matrix(0, k, k)
    for (i in seq_along(V)) {
      at <- which(rows$cluster == clusters[i])
      out[at, at] <- square_matrix(V[[i]], length(at), "V", call)
    }
    return(out)
  }
  square_matrix(V, k, "V", call)
}

square_matrix <- function(x, k, arg, call) {
  x <- if (is.data.frame(x)) as.matrix(x) else if (is.atomic(x) && length(dim(x)) < 3L) as.matrix(unclass(x))
  if (!is.numeric(x) || any(dim(x) != k))
    abort_input(arg, sprintf("must be a numeric matrix with %d rows and columns", k), call)
  x
}

aggregate_estimates <- function(rows, keep, model, checkpd, call) {
  at <- which(keep)
  clusters <- unique(rows$cluster[at])
  if (!length(clusters)) abort_input("x", "holds no estimate to aggregate", call)
  pick <- match(clusters, model$clusters)
  number <- function(x) if (is.null(x)) numeric() else as.numeric(factor(x, levels = unique(x)))
  core <- list(struct = model$struct, rho = as.numeric(model$rho[pick]), phi = as.numeric(model$phi[pick]),
               time = as.numeric(rows$time[at]), obs = number(rows$obs[at]), weighted = model$weighted,
               V = if (is.null(model$V)) matrix(0, 0L, 0L) else model$V[at, at, drop = FALSE])
  own <- match(rows$cluster[at], clusters)
  out <- call_core(cpp_aggregate(rows$yi[at], rows$vi[at], own, length(clusters), core), call)
  complete <- !clusters %in% rows$cluster[at][is.na(rows$vi[at])]
  bad <- if (checkpd) out$not_positive else out$singular
  bad <- bad[complete[bad]]
  if (length(bad)) {
    abort_studies("V", at[own %in% bad], "or the correlations give no positive definite covariance matrix", call)
  }
  list(yi = out$yi, vi = out$vi, clusters = clusters, own = own, at = at)
}

check_aggregators <- function(fun, na.rm, call) {
  if (is.null(fun)) {
    average <- function(v) mean(v, na.rm = na.rm)
    return(list(average, average, function(v) most_frequent(v, na.rm)))
  }
  if (!is.list(fun) || length(fun) != 3L || !all(vapply(fun, is.function, NA))) {
    abort_input("fun", "must be a list of three functions: for numeric, logical and other columns", call)
  }
  fun
}

# Of several the last in sorted order.
most_frequent <- function(v, na.rm) {
  if (na.rm) v <- v[!is.na(v)]
  counts <- sort(table(v, useNA = "ifany"))
  if (length(counts)) names(counts)[length(counts)] else NA_character_
}

aggregated_frame <- function(x, rows, keep, out, fun, form) {
  data <- plain_frame(x)
  first <- data[out$at[match(seq_along(out$clusters), out$own)], , drop = FALSE]
  for (name in names(data)) {
    parts <- split(as_column(data[[name]][out$at]), out$own)
    first[[name]] <- aggregate_column(parts, data[[name]], fun)
  }
  measure <- attr(data[[form$names[1L]]], "measure")
  first[[form$names[1L]]] <- structure(out$yi, measure = if (is.null(measure)) "GEN" else measure)
  first[[form$names[2L]]] <- out$vi
  if (form$addk) first$ki <- as.vector(table(out$own))
  if (!is.null(form$select)) first <- first[check_selected(form$select, first)]
  row.names(first) <- NULL
  for (kind in c("digits", names(escalc_kinds))) attr(first, kind) <- attr(x, kind)
  for (i in 1:2) if (is.null(attr(first, escalc_pair[i]))) attr(first, escalc_pair[i]) <- form$names[i]
  if (!is.null(form$digits)) attr(first, "digits") <- form$digits
  class(first) <- class(x)
  first
}

escalc_pair <- c("yi.names", "vi.names")

as_column <- function(v) if (is.factor(v) || !is.object(v)) as.vector(v) else v

aggregate_column <- function(parts, column, fun) {
  kind <- if (is.logical(column)) 2L else if (is.numeric(column)) 1L else 3L
  values <- unlist(lapply(parts, fun[[kind]]), use.names = FALSE)
  if (is.factor(column)) factor(values) else values
}

check_selected <- function(select, data) {
  at <- if (is.character(select)) match(select, names(data)) else if (is.numeric(select) || is.logical(select)) {
    seq_along(data)[select]
  }
  if (is.null(at) || anyNA(at)) abort_input("select", sprintf("must name columns of `x`, not %s", describe(select)))
  at
}
