# permutest(): permutation tests of the coefficients. Permutations are numbered and made in the core, on threads; R
# counts. Sources: Follmann & Proschan (1999); Higgins & Thompson (2004). Oracle: metafor::permutest.

#' Permutation tests
#'
#' Tests the coefficients against their distribution when the signs of the estimates (without moderators) or the rows of
#' the design (with moderators) are permuted.
#'
#' @param x a fit of [rma()] or [rma.mv()]; for the methods, a result of `permutest()`.
#' @param exact whether to go through all permutations; `"i"` returns their number.
#' @param iter number of random permutations otherwise; the first is the data as given. When there are no more than
#'   that, all are taken.
#' @param btt coefficients of the omnibus test, as in [anova()][anova.metaparity].
#' @param permci whether limits of the coefficients come from permutations too: `TRUE`, or numbers of coefficients.
#' @param progbar show a progress bar? It appears when the work takes longer than a second.
#' @param digits number of decimals printed.
#' @param control a list: `comptol`, the slack of comparisons (1.5e-8), and `threads`, at most 2 unless you ask for
#'   more. Other names of metafor's are accepted and not needed.
#' @param ... `alternative` (`"two.sided"`, `"less"`, `"greater"`), `p2defn` (`"abs"`, or `"px2"` for twice the smaller
#'   tail), `stat` (`"test"` or `"coef"`); `seed`, as [set.seed()] before the call; `tol`, another name of `comptol`;
#'   `fixed`,
#'   whether a text as `btt` is taken as it is, not as a regular expression.
#' @return An object of class `c("metaparity_permutest", "permutest.rma.uni")`: a list with `pval` and `QMp` by
#'   permutation, `beta`, `se`, `zval`, `ci.lb`, `ci.ub`, `QM`, `QMdf` of the fit, `exact.iter`, the number of all
#'   permutations, `zval.perm`, `beta.perm` (data frames with a row per permutation), `QM.perm`, and how it was done.
#'   `coef()` gives the table of coefficients; `plot()` draws the distributions.
#' @details The work can be interrupted. Random permutations depend on R's seed ([set.seed()]), not on the number of
#'   threads; they are not metafor's for the same seed. Limits are found where the one-sided p-value of estimates
#'   shifted by the limit crosses half of the level; a limit that does not exist is `NA`.
#'
#'   Errors of class `metaparity_error_input`: as many coefficients as studies, more than 1e8 permutations, unknown
#'   coefficients.
#' @section Formula: p = share of permutations whose |statistic| is at least the observed one.
#' @section In other software: Stata: `metareg, permute()`; \pkg{metafor}: `permutest()`.
#' @references Follmann DA, Proschan MA (1999). Valid inference in random effects meta-analysis. *Biometrics*, 55,
#'   732-737.
#'
#'   Higgins JPT, Thompson SG (2004). Controlling the risk of spurious findings from meta-regression. *Statistics in
#'   Medicine*, 23, 1663-1682.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2, -0.4), c(0.33, 0.19, 0.41, 0.02, 0.05, 0.1))
#' permutest(fit, exact = TRUE)
#' @name permutest
#' @export
permutest <- function(x, ...) {
  if (is_foreign(x, "permutest")) return(foreign_generic("permutest", x)(x, ...))
  UseMethod("permutest")
}

#' @rdname permutest
#' @exportS3Method permutest metaparity_uni
#' @exportS3Method metafor::permutest metaparity_uni
permutest.metaparity_uni <- function(x, exact = FALSE, iter = 1000, btt = x$btt, permci = FALSE, progbar = TRUE, digits,
                                     control, ...) {
  call <- match.call()
  control <- if (missing(control)) list() else control
  dots <- named_dots(c(permutation_names, "seed", "tol", "fixed"), call, ...)
  control <- with_slack(control, dots)
  how <- permutation_choices(permutation_words(dots, control), call)
  total <- call_core(cpp_count_permutations(x$X, x$int.only))
  if (identical(exact, "i")) return(total)
  check_number(iter, "iter", 1, Inf, call)
  exact <- check_flag(exact, "exact", call) || iter >= total
  n <- if (exact) total else check_number(iter, "iter", 2, 1e8, call)
  if (n > 1e8) abort_input("exact", sprintf("would need %s permutations: too many", format(n)), call)
  if (x$k <= x$p) abort_input("x", "must have more studies than coefficients", call)
  how$control <- permutation_control(control, call)
  x$spec$btt <- resolve_btt(btt, rownames(x$beta), call, dots$fixed)
  use_seed(dots$seed, call)
  data <- permutation_data(x, exact)
  if (check_flag(progbar, "progbar", call)) {
    cat_lines(sprintf("Running %d iterations for an %s permutation test.", as.integer(n),
                      if (exact) "exact" else "approximate"))
  }
  perms <- permutation_blocks(data, n, how$control$threads, progbar, call)
  out <- new_permutest(x, perms, total, how, merge_digits(x, digits), call)
  if (!isFALSE(permci)) out <- permutation_limits(out, x, data, n, permci, call)
  out
}

permutation_names <- c("alternative", "p2defn", "stat")

# They may stand in `control`, too.
permutation_words <- function(dots, control) {
  if (is.list(control) && !is.object(control))
    dots <- c(dots, control[setdiff(intersect(names(control), permutation_names), names(dots))])
  dots
}

# `tol`: the slack of comparisons.
with_slack <- function(control, dots) {
  if (!is.null(dots$tol) && is.list(control) && is.null(control$comptol)) control$comptol <- dots$tol
  control
}

permutation_choices <- function(dots, call) {
  pick <- function(name, choices) {
    if (is.null(dots[[name]])) choices[1L] else check_choice(dots[[name]], choices, name, call)
  }
  list(alternative = pick("alternative", c("two.sided", "less", "greater")), p2defn = pick("p2defn", c("abs", "px2")),
       stat = pick("stat", c("test", "coef")))
}

permutation_control <- function(control, call) {
  check_settings(control, "control", call)
  known <- c("comptol", "threads", "tol", "maxiter", "distfac", "extendInt", "maxdist", permutation_names)
  bad <- setdiff(names(control), known)
  if (length(bad)) abort_input("control", sprintf("has the unknown name \"%s\"", bad[1L]), call)
  number <- function(name, default, upper) {
    if (is.null(control[[name]])) default else check_number(control[[name]], name, 0, upper, call)
  }
  list(comptol = number("comptol", sqrt(.Machine$double.eps), Inf),
       threads = as.integer(max(1, number("threads", 2, 256))))
}

# Random permutations are those of R's generator, in the order in which metafor asks for them: its seed is drawn anew,
# each permutation is one sample(), rows are taken in the order of the moderators, and the first is the data as given.
start_permutations <- function() set.seed(as.integer(stats::runif(1L) * 2e9))

# A column for each of the next n: signs of the estimates, or rows.
drawn_permutations <- function(X, signs, n, first) {
  k <- nrow(X)
  if (signs) {
    out <- matrix(sample(c(-1L, 1L), k * n, replace = TRUE), k)
    if (first) out[, 1L] <- 1L
    return(out)
  }
  by <- do.call(order, unname(as.data.frame(X)))
  out <- matrix(by[replicate(n, sample.int(k))], k)
  if (first) out[, 1L] <- seq_len(k)
  out
}

# The seed of the permutations of `permci` comes from R's generator, too.
permutation_data <- function(x, exact) {
  list(yi = as.numeric(x$yi), vi = x$vi, X = x$X, weights = own_weights(x), spec = x$spec, exact = exact,
       signs = x$int.only, seed = c(0, 0))
}

permutation_blocks <- function(data, n, threads, progbar, call, block = 16384) {
  bar <- new_progress(n, progbar && interactive())
  on.exit(bar$close())
  done <- 0
  parts <- list()
  if (!data$exact) start_permutations()
  while (done < n) {
    size <- min(if (data$exact) block else max(64, min(block, 2e6 %/% length(data$yi))), n - done)
    if (!data$exact) {
      drawn <- drawn_permutations(data$X, data$signs, size, done == 0)
      data$given <- if (data$signs) drawn else drawn - 1L
      data$first <- done
    }
    parts[[length(parts) + 1L]] <- call_core(cpp_permutest(data, done, as.integer(size), threads), call)
    done <- done + size
    bar$tick(done)
  }
  if (length(parts) == 1L) return(parts[[1L]])
  list(zval = do.call(rbind, lapply(parts, `[[`, "zval")), beta = do.call(rbind, lapply(parts, `[[`, "beta")),
       QM = unlist(lapply(parts, `[[`, "QM")))
}

# The share of permutations as extreme as what was seen; `perm` has a column for each element of `seen`.
permutation_p <- function(perm, seen, how) {
  slack <- how$control$comptol
  vapply(seq_along(seen), function(j) {
    v <- perm[, j]
    above <- mean(v >= seen[j] - slack, na.rm = TRUE)
    below <- mean(v <= seen[j] + slack, na.rm = TRUE)
    if (how$alternative != "two.sided") return(if (how$alternative == "greater") above else below)
    if (how$p2defn == "px2") return(min(1, 2 * if (seen[j] > 0) above else below))
    mean(abs(v) >= abs(seen[j]) - slack, na.rm = TRUE)
  }, 0)
}

# What was seen comes from the same code as the permutations, so that equal data compare as equal.
new_permutest <- function(x, perms, total, how, digits, call) {
  as_given <- permutation_data(x, TRUE)
  as_given$exact <- FALSE
  seen <- call_core(cpp_permutest(as_given, 0, 1L, 1L), call)
  which <- if (how$stat == "coef") "beta" else "zval"
  above <- perms$QM >= seen$QM - how$control$comptol
  frame <- function(m) stats::setNames(as.data.frame(m), rownames(x$beta))
  btt <- x$spec$btt
  df2 <- if (is.na(x$ddf[1L])) NA_integer_ else x$ddf[1L]
  out <- list(pval = permutation_p(perms[[which]], as.numeric(seen[[which]]), how), QMdf = c(length(btt), df2),
              QMp = mean(above, na.rm = TRUE), beta = x$beta, se = x$se, zval = x$zval, ci.lb = x$ci.lb,
              ci.ub = x$ci.ub,
              QM = seen$QM, k = x$k, p = x$p, btt = btt, m = length(btt), test = x$test, dfs = x$dfs, ddf = x$ddf,
              int.only = x$int.only, int.incl = x$int.incl, digits = digits, exact.iter = total, permci = FALSE,
              alternative = how$alternative, p2defn = how$p2defn, stat = how$stat, skip.beta = FALSE,
              QM.perm = perms$QM,
              zval.perm = frame(perms$zval), beta.perm = frame(perms$beta), level = x$level, control = how$control)
  structure(out, class = c("metaparity_permutest", "permutest.rma.uni"))
}

permutation_limits <- function(out, x, data, n, permci, call) {
  if (!data$exact) data$seed <- floor(stats::runif(2L) * 2^31)
  which <- if (isTRUE(permci)) seq_len(x$p) else resolve_btt(permci, rownames(x$beta), call)
  for (j in which) {
    for (upper in c(FALSE, TRUE)) {
      search <- c(x$level / 2, as.numeric(x$beta)[j], 2 * x$se[j], out$control$comptol)
      end <- call_core(cpp_permutation_end(data, j, upper, search, as.integer(n), out$control$threads), call)
      out[[if (upper) "ci.ub" else "ci.lb"]][j] <- end
    }
  }
  out$permci <- TRUE
  out
}

#' @rdname permutest
#' @param signif.stars,signif.legend whether significance marks and their legend are shown.
#' @export
print.metaparity_permutest <- function(x, digits = x$digits, signif.stars = getOption("show.signif.stars"),
                                       signif.legend = signif.stars, ...) {
  dots <- named_dots(c("legend", "num"), sys.call(), ...)
  digits <- expand_digits(digits, x$digits, sys.call())
  if (isTRUE(dots$num)) x <- numbered(x)
  stars <- isTRUE(signif.stars)
  what <- paste0(if (x$int.only) "p-value" else "p-values", if (x$permci) " and CI bounds")
  cat_lines(join_blocks(
    if (!x$int.only) format_moderator_test(x, digits),
    "Model Results:",
    format_coefficients(x, digits, stars),
    if (stars && isTRUE(signif.legend)) format_signif_legend(),
    translatef("1) %s based on permutation testing", what)))
  invisible(x)
}

#' @rdname permutest
#' @param object a result of `permutest()`.
#' @export
coef.metaparity_permutest <- function(object, ...) coef.summary.metaparity(object)
