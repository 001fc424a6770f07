# permutest() of rma.mv(): whole clusters change their signs or their moderators, or rows change theirs within clusters.
# Sources: Follmann & Proschan (1999); Winkler et al. (2015) for blocks of exchangeable rows. Oracle: single rows, where
# it is
# the test of rma(); full enumeration.

#' @rdname permutest
#' @param cluster for fits of [rma.mv()]: what belongs together, a column of the data. By default the sets of rows that
#'   depend
#'   on each other in the model.
#' @param block for fits of [rma.mv()] with moderators: `"between"` exchanges the moderators of whole clusters (of
#'   clusters of
#'   the same size, unless they are constant within clusters), `"within"` those of the rows of each cluster. By default
#'   `"between"` where all moderators are constant within clusters, `"within"` otherwise. Fits without moderators change
#'   the
#'   signs of whole clusters.
#' @exportS3Method permutest metaparity_mv
#' @exportS3Method metafor::permutest metaparity_mv
permutest.metaparity_mv <- function(x, exact = FALSE, iter = 1000, btt = x$btt, cluster, block, progbar = TRUE, digits,
                                    control, ...) {
  mc <- match.call()
  control <- if (missing(control)) list() else control
  how <- permutation_choices(permutation_words(named_dots(permutation_names, mc, ...), control), mc)
  how$control <- permutation_control(control, mc)
  if (x$k <= x$p) abort_input("x", "must have more estimates than coefficients", mc)
  if (!is.null(x$mv$model$W) || !is.null(x$mv$model$beta))
    abort_capability("x", "has weights or coefficients of the user's own, which permutest() does not take", mc)
  given <- mv_clusters(x, mc, parent.frame())
  sets <- if (is.null(given)) unname(mv_marginal_blocks(x)$rows) else given$sets
  block <- permutation_block(if (missing(block)) NULL else block, x, sets, mc)
  total <- count_block_permutations(x, sets, block)
  if (identical(exact, "i")) return(total)
  check_number(iter, "iter", 2, 1e8, mc)
  exact <- check_flag(exact, "exact", mc)
  if (exact && (block != "signs" || total > 1e6))
    abort_capability("exact", "is for signs of at most 20 clusters: use `iter`", mc)
  if (total < 2) abort_input("block", "leaves a single arrangement of the rows", mc)
  x <- unclass(x)
  x$btt <- resolve_btt(btt, rownames(x$beta), mc)
  draw <- block_permutations(x, sets, block, if (exact) total else iter, exact)
  found <- lapply_progress(draw, function(p) permuted_mv(x, p), check_flag(progbar, "progbar", mc))
  new_mv_permutest(x, found, if (exact) total else iter, how, merge_digits(x, digits), block, mc)
}

# "signs", "between" or "within"; the last two for moderators.
permutation_block <- function(block, x, sets, call) {
  if (!is.null(block)) block <- check_choice(block, c("between", "within"), "block", call)
  if (x$int.only) {
    if (!is.null(block)) warn_input("block", "is not used: without moderators the signs of clusters change", call)
    return("signs")
  }
  block %||% if (constant_within(x$X, sets)) "between" else "within"
}

constant_within <- function(X, sets) all(vapply(sets, function(i) nrow(unique(X[i, , drop = FALSE])) == 1L, NA))

# Clusters that may take each other's moderators.
exchangeable_clusters <- function(X, sets) {
  if (constant_within(X, sets)) return(list(seq_along(sets)))
  unname(split(seq_along(sets), lengths(sets)))
}

count_block_permutations <- function(x, sets, block) {
  switch(block, signs = 2^length(sets),
         between = prod(factorial(lengths(exchangeable_clusters(x$X, sets)))),
         within = prod(factorial(lengths(sets))))
}

# The first is the data as given; each other one a list(sign) or list(rows) of the moderators.
block_permutations <- function(x, sets, block, n, exact) {
  of_row <- integer(x$k)
  for (i in seq_along(sets)) of_row[sets[[i]]] <- i
  if (block == "signs") {
    flips <- function(i) 1 - 2 * (if (exact) bitwAnd(bitwShiftR(i, seq_along(sets) - 1L), 1L) else
      stats::rbinom(length(sets), 1L, 0.5))
    return(c(list(list(sign = rep(1, x$k))), lapply(seq_len(n - 1L), function(i) list(sign = flips(i)[of_row]))))
  }
  moved <- if (block == "within") function() {
    rows <- seq_len(x$k)
    for (s in sets) rows[s] <- s[sample.int(length(s))]
    rows
  } else between_clusters(x$X, sets, of_row)
  c(list(list(rows = seq_len(x$k))), lapply(seq_len(n - 1L), function(i) list(rows = moved())))
}

between_clusters <- function(X, sets, of_row) {
  alike <- exchangeable_clusters(X, sets)
  constant <- constant_within(X, sets)
  function() {
    from <- seq_along(sets)
    for (g in alike) from[g] <- g[sample.int(length(g))]
    if (constant) return(vapply(sets, `[`, 0L, 1L)[from[of_row]])
    rows <- integer(length(of_row))
    for (i in seq_along(sets)) rows[sets[[i]]] <- sets[[from[i]]]
    rows
  }
}

# The statistics of one arrangement; missing where its fit fails.
permuted_mv <- function(x, change) {
  if (!is.null(change$rows)) x$mv$model$X <- x$mv$model$X[change$rows, , drop = FALSE]
  yi <- if (!is.null(change$sign)) as.numeric(x$yi) * change$sign
  found <- tryCatch(mv_refit(x, yi = yi)$found, metaparity_error = function(e) NULL)
  if (is.null(found)) return(list(beta = rep(NA_real_, x$p), zval = rep(NA_real_, x$p), QM = NA_real_))
  tests <- mv_tests(found, x$ddf, x$btt, x$spec, rownames(x$beta))
  list(beta = as.numeric(tests$beta), zval = as.numeric(tests$zval), QM = tests$QM)
}

new_mv_permutest <- function(x, found, total, how, digits, block, call) {
  part <- function(field) do.call(rbind, lapply(found, `[[`, field))
  perms <- list(beta = part("beta"), zval = part("zval"), QM = c(part("QM")))
  failed <- sum(is.na(perms$QM))
  if (failed) warn_fit("not_converged", sprintf("%d of %d arrangements have no fit and are left out", failed, total),
                       call)
  seen <- found[[1L]]
  which <- if (how$stat == "coef") "beta" else "zval"
  frame <- function(m) stats::setNames(as.data.frame(m), rownames(x$beta))
  out <- list(pval = permutation_p(perms[[which]], seen[[which]], how), QMdf = x$QMdf,
              QMp = mean(perms$QM >= seen$QM - how$control$comptol, na.rm = TRUE), beta = x$beta, se = x$se,
                zval = x$zval,
              ci.lb = x$ci.lb, ci.ub = x$ci.ub, QM = seen$QM, k = x$k, p = x$p, btt = x$btt, m = length(x$btt),
              test = x$test, dfs = x$dfs, ddf = x$ddf, int.only = x$int.only, int.incl = x$int.incl, digits = digits,
              exact.iter = total, permci = FALSE, alternative = how$alternative, p2defn = how$p2defn, stat = how$stat,
              skip.beta = FALSE, QM.perm = perms$QM, zval.perm = frame(perms$zval), beta.perm = frame(perms$beta),
              level = x$level, control = how$control, block = block)
  structure(out, class = c("metaparity_permutest", "permutest.rma.uni"))
}
