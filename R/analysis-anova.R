# anova(): Wald tests of coefficients and of their linear combinations, and likelihood ratio tests of two fits.
# Sources: Raudenbush (2009); Huizenga et al. (2011) for the likelihood ratio. Oracle: metafor::anova.

#' Wald-type and likelihood ratio tests
#'
#' Tests sets of coefficients or linear combinations of them in one fit, or compares two nested fits.
#'
#' @param object a fit of [rma()] or of [robust()].
#' @param object2 a second fit to the same estimates, for the likelihood ratio test; whichever has more parameters is
#'   the full model.
#' @param btt coefficients to be tested: their numbers, a string to be found in their names, or a list of these for
#'   several tests. By default those of the fit.
#' @param X a vector or matrix with a row per linear combination and a column per coefficient; the column of the
#'   intercept may be left out and counts as 1.
#' @param att,Z for location-scale models: coefficients, or combinations, of the scale part, as `btt` and `X`.
#' @param rhs what the coefficients or combinations are under the null hypothesis; 0 by default.
#' @param adjust method of [stats::p.adjust()] for several tests, may be abbreviated; `TRUE` is Bonferroni's.
#' @param digits number of decimals printed; those of the fit by default.
#' @param refit whether fits by REML are fitted again by ML for the likelihood ratio test.
#' @param ... `L`, another name of `X`; `fixed`, whether a text as `btt` is taken as it is, not as a regular expression;
#'   `df`
#'   is accepted, degrees of freedom are those of the fit.
#' @return An object of class `c("metaparity_anova", "anova.rma")`. For coefficients a list with `QM` (chi-squared, or F
#'   when the tests of the fit use t), `QMdf`, `QMp`, `btt`, `k`, `p`, `m`, `test`; for combinations also `hyp`, `Xb`,
#'   `se`, `zval`, `pval`, `ddf`, and `QM` is `NA` when they are redundant; for two fits `fit.stats.f`, `fit.stats.r`,
#'   `parms.f`, `parms.r`, `LRT`, `pval`, `QE.f`, `QE.r`, `tau2.f`, `tau2.r`, `R2`, `method`. With a list as `btt`, a
#'   list of class `c("metaparity_anova_list", "list.anova.rma")`. `as.data.frame()` gives the printed table, unrounded.
#' @details Likelihoods by REML of fits with different moderators are not comparable, and fits by other methods than ML
#'   and REML do not maximise one: both give a warning of class `metaparity_warning_input`. Errors are of class
#'   `metaparity_error_input`: combinations with the wrong number of columns, unknown coefficients, fits to different
#'   data or with the same number of parameters.
#' @section Formula: Wald: (Xb - rhs)' (X V X')^-1 (Xb - rhs), divided by its rows for F. R2 is the share of tau2 of the
#'   reduced model that the full one accounts for, floored at 0.
#' @section In other software: Stata: `test`, `lrtest`; \pkg{metafor}: `anova()`.
#' @references Raudenbush SW (2009). Analyzing effect sizes: Random-effects models. In *The Handbook of Research
#'   Synthesis and Meta-Analysis*, 2nd ed., 295-315. Russell Sage Foundation.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1),
#'                 v = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
#'                 year = 1:6)
#' fit <- rma(est, v, mods = ~ year, data = d)
#' anova(fit)
#' anova(fit, X = c(1, 3))
#' anova(fit, rma(est, v, data = d), refit = TRUE)
#' @importFrom stats anova
#' @export
anova.metaparity <- function(object, object2, btt, X, att, Z, rhs, adjust, digits, refit = FALSE, ...) {
  call <- match.call()
  dots <- named_dots(c("L", "test", "fixed", "df"), call, ...)
  if (!is.null(dots$test)) check_choice(dots$test, c("LRT", "Wald"), "test", call)
  if (!missing(att) || !missing(Z)) abort_input("att", "is for location-scale models, fits of rma() with `scale`",
                                                call)
  if (!inherits(object, tested_classes)) abort_input("object", "must be a fit of rma() or rma.mv()", call)
  digits <- merge_digits(object, digits)
  if (!missing(object2)) return(likelihood_ratio(object, object2, check_flag(refit, "refit", call), digits, call))
  adjust <- if (missing(adjust)) "none" else adjust_method(adjust, call)
  combos <- if (!missing(X)) X else dots$L
  rhs <- if (missing(rhs)) NULL else check_numeric_vector(rhs, "rhs", call)
  if (!is.null(combos)) return(wald_combinations(object, combos, rhs, adjust, digits, call))
  btt <- if (missing(btt)) object$btt else btt
  wald_sets(object, btt, rhs, adjust, digits, call, dots$fixed)
}

adjust_method <- function(adjust, call) {
  if (is.logical(adjust)) return(if (check_flag(adjust, "adjust", call)) "bonferroni" else "none")
  known <- stats::p.adjust.methods
  found <- if (is.character(adjust) && length(adjust) == 1L) pmatch(adjust, known) else NA
  if (is.na(found)) abort_input("adjust", sprintf("must be one of %s", paste0('"', known, '"', collapse = ", ")), call)
  known[found]
}

# The joint test of all rows of L by the variances and degrees of freedom of the fit.
test_combinations <- function(object, L, rhs, call) {
  if (!nrow(L)) abort_input("X", "must have at least one row", call)
  rhs <- if (is.null(rhs)) rep(0, nrow(L)) else if (length(rhs) == 1L) rep(rhs, nrow(L)) else rhs
  if (length(rhs) != nrow(L)) {
    abort_input("rhs", sprintf("must have one element, or %d, not %d", nrow(L), length(rhs)), call)
  }
  df <- combination_df(object, L, rhs, call)
  out <- call_core(cpp_linear_tests(L, rhs, as.numeric(object$beta), df$vb, df$ddf, df$df2), call)
  if (!is.null(df$scale) && !is.na(out$QM)) {
    out$QM <- df$scale * out$QM
    out$QMp <- upper_p(out$QM, nrow(L), t_df(df$df2))
  }
  if (!is.null(df$visible)) {
    out[c("QM", "QMp")] <- list(df$QM, upper_p(df$QM, nrow(L), t_df(df$df2)))
    if (length(df$pval)) out$pval <- df$pval
    for (field in c("se", "zval", "pval")) out[[field]][df$visible == "none"] <- NA
  }
  out$ddf <- df$ddf
  out$df2 <- if (is.nan(df$df2)) NA_integer_ else df$df2
  out
}

# Variances, degrees of freedom of each row of L and of their joint test; a robust fit's own joint statistic.
combination_df <- function(object, L, rhs, call) {
  if (is_robust(object)) return(sandwich_tests(object, L, rhs, call))
  kr <- object$mv$kr
  if (!is.null(kr)) return(c(list(vb = unclassed_matrix(object$vb)), call_core(cpp_kenward_roger_test(kr, L), call)))
  ddf <- row_ddf(object, L)
  list(vb = coefficient_variances(object), ddf = ddf, df2 = min(ddf))
}

# One set of coefficients, or a list of them.
wald_sets <- function(object, btt, rhs, adjust, digits, call, fixed = NULL) {
  names <- rownames(object$beta)
  several <- is.list(btt)
  if (!length(btt)) abort_input("btt", "must name at least one coefficient", call)
  sets <- lapply(if (several) btt else list(btt), resolve_btt, names = names, call = call, fixed = fixed)
  out <- lapply(sets, function(set) {
    L <- diag(length(names))[set, , drop = FALSE]
    test <- test_combinations(object, L, rhs, call)
    structure(list(QM = test$QM, QMdf = c(length(set), test$df2), QMp = test$QMp, btt = set, k = object$k, p = object$p,
                   m = length(set), test = object$test, digits = digits, type = "Wald.btt",
                   class = setdiff(class(object), own_class_names)), class = c("metaparity_anova", "anova.rma"))
  })
  p <- stats::p.adjust(vapply(out, `[[`, 0, "QMp"), method = adjust)
  for (i in seq_along(out)) out[[i]]$QMp <- p[i]
  if (!several) return(out[[1L]])
  names(out) <- set_names(btt, sets)
  structure(out, class = c("metaparity_anova_list", "list.anova.rma"))
}

tested_classes <- c("metaparity_uni", "metaparity_mv", "metaparity_selmodel", "metaparity_ls", "metaparity_glmm",
                    "metaparity_dta")
own_class_names <- c(tested_classes, "metaparity", "metaparity_robust", "metaparity_trimfill")

# Strings name themselves, numbers are written as runs.
set_names <- function(btt, sets) {
  vapply(seq_along(sets), function(i) if (is.character(btt[[i]])) btt[[i]][1L] else format_runs(sets[[i]]), "")
}

combination_matrix <- function(object, X, call) {
  if (is.data.frame(X)) X <- as.matrix(X)
  if (!is.numeric(X)) abort_input("X", sprintf("must be numeric, not %s", describe(X)), call)
  if (!is.matrix(X)) X <- matrix(X, nrow = 1L)
  storage.mode(X) <- "double"
  p <- length(object$beta)
  if (ncol(X) == p - 1L && isTRUE(object$int.incl)) X <- cbind(1, X)
  if (ncol(X) != p) {
    abort_input("X", sprintf("must have %d columns, one for each coefficient, not %d", p, ncol(X)), call)
  }
  if (!all(is.finite(X))) abort_input("X", "must hold finite numbers", call)
  if (any(rowSums(X != 0) == 0)) abort_input("X", "must not have rows of zeros", call)
  unname(X)
}

wald_combinations <- function(object, X, rhs, adjust, digits, call) {
  L <- combination_matrix(object, X, call)
  if (is.data.frame(X)) X <- as.matrix(X)
  rows <- if (is.matrix(X)) rownames(X) else "X"
  test <- test_combinations(object, L, rhs, call)
  m <- nrow(L)
  hyp <- data.frame(hypothesis_text(L, rownames(object$beta), rhs, digits[["est"]]))
  dimnames(hyp) <- list(paste0(seq_len(m), ":"), "")
  df2 <- test$df2
  out <- list(QM = test$QM, QMdf = if (is.na(test$QM)) NA_integer_ else c(m, df2), QMp = test$QMp, hyp = hyp,
              Xb = matrix(test$estimate, dimnames = if (!is.null(rows)) list(rows, NULL)),
              se = stats::setNames(test$se, rows), zval = test$zval,
              pval = stats::p.adjust(test$pval, method = adjust), k = object$k, p = object$p, m = m, test = object$test,
              ddf = ifelse(is.nan(test$ddf), NA_integer_, test$ddf), digits = digits, type = "Wald.Xb")
  structure(out, class = c("metaparity_anova", "anova.rma"))
}

# "intrcpt + 30*year = 0": one number on the right is rounded, several have fixed decimals.
hypothesis_text <- function(L, names, rhs, digits) {
  L <- round(L, digits)
  right <- if (is.null(rhs)) "0" else if (length(rhs) == 1L) round(rhs, digits) else format_fixed(rhs, digits)
  right <- rep_len(right, nrow(L))
  vapply(seq_len(nrow(L)), function(i) {
    used <- which(L[i, ] != 0)
    size <- abs(L[i, used])
    term <- ifelse(size == 1, names[used], paste0(size, "*", names[used]))
    sign <- ifelse(L[i, used] < 0, "-", "+")
    first <- paste0(if (isTRUE(sign[1L] == "-")) "-", term[1L])
    paste(c(first, rbind(sign[-1L], term[-1L]), "=", right[i]), collapse = " ")
  }, "")
}

likelihood_ratio <- function(object, object2, refit, digits, call) {
  if (!inherits(object2, intersect(class(object), tested_classes)))
    abort_input("object2", "must be a fit of the same class as `object`", call)
  if (object$parms == object2$parms) abort_input("object2", "has the same number of parameters as `object`", call)
  same <- identical(as.numeric(object$yi), as.numeric(object2$yi)) &&
    identical(model_sampling(object), model_sampling(object2))
  if (!same) abort_input("object2", "is a fit to other estimates or variances than `object`", call)
  full <- if (object$parms > object2$parms) object else object2
  reduced <- if (object$parms > object2$parms) object2 else object
  moderators_differ <- !identical(unname(full$X), unname(reduced$X))
  if (refit && full$method == "REML" && moderators_differ) {
    full <- refit_ml(full)
    reduced <- refit_ml(reduced)
  }
  warn_incomparable(full, reduced, moderators_differ, call)
  if (setequal(c(full$method, reduced$method), c("ML", "REML"))) {
    abort_input("object2", "must be fitted by the same likelihood as `object`: one is by ML, one by REML", call)
  }
  statistic <- if (full$method == "REML") "REML" else "ML"
  stats_of <- function(fit) stats::setNames(fit$fit.stats[[statistic]], rownames(fit$fit.stats))
  stats.f <- stats_of(full)
  stats.r <- stats_of(reduced)
  LRT <- max(0, 2 * (stats.f[["ll"]] - stats.r[["ll"]]))
  out <- list(fit.stats.f = stats.f, fit.stats.r = stats.r, parms.f = full$parms, parms.r = reduced$parms, LRT = LRT,
              pval = upper_p(LRT, full$parms - reduced$parms), QE.f = full$QE %||% full$QE.Wld,
              QE.r = reduced$QE %||% reduced$QE.Wld, tau2.f = one_tau2(full), tau2.r = one_tau2(reduced),
              R2 = if (is.na(one_tau2(full))) NA_real_ else explained_share(full, reduced), method = full$method,
              class.f = setdiff(class(full), own_class_names), digits = digits, type = "LRT")
  structure(out, class = c("metaparity_anova", "anova.rma"))
}

warn_incomparable <- function(full, reduced, moderators_differ, call) {
  methods <- c(full$method, reduced$method)
  if (!all(methods %in% c("ML", "REML", common_methods))) {
    warn_input("object", "and `object2` should be fitted by ML or REML for a likelihood ratio test", call)
  }
  if (full$method == "REML" && moderators_differ) {
    warn_input("refit", "should be TRUE: restricted likelihoods of fits with different moderators are not comparable",
               call)
  }
}

# Of models with one amount of heterogeneity.
one_tau2 <- function(x) if (inherits(x, "metaparity_mv") || length(x$tau2) != 1L) NA_real_ else x$tau2

# The same data and design by maximum likelihood.
refit_ml <- function(x) {
  if (inherits(x, "metaparity_mv")) return(mv_by_ml(x))
  x$spec$method <- "ML"
  used <- list(yi = as.numeric(x$yi), vi = x$vi, X = x$X, weights = x$weights, ni = x$ni, coef.na = x$coef.na)
  fit_used(x$input, used, x$spec, list(digits = x$digits), x$call, x$ids[x$not.na])
}

# A location-scale model has an amount for each study: no single one.
# Of tau2; without it, of the residual mean square.
explained_share <- function(full, reduced) {
  if (inherits(full, "metaparity_ls")) return(NA_real_)
  if (full$method %in% common_methods) {
    return(100 * max(0, 1 - (full$QE / (full$k - full$p)) / (reduced$QE / (reduced$k - reduced$p))))
  }
  if (reduced$tau2 == 0) 0 else 100 * max(0, (reduced$tau2 - full$tau2) / reduced$tau2)
}
