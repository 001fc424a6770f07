# robust(): cluster-robust variances, tests and intervals of a fit. The core computes them, CR2 included.
# Sources: Bell & McCaffrey (2002); Tipton & Pustejovsky (2015). Oracles: metafor::robust, clubSandwich.

#' Cluster-robust tests and confidence intervals
#'
#' Replaces the variances of the coefficients by a sandwich estimate that allows estimates of the same cluster to be
#' dependent.
#'
#' @param x a fit of [rma()] or [rma.mv()]; of the latter the clusters must hold whole groups of dependent estimates.
#' @param cluster the clusters: a column of the data or a vector with an element for each of its rows.
#' @param adjust whether the variances are multiplied by n / (n - p), for n clusters and p coefficients (CR1; otherwise
#'   CR0). Ignored when `clubSandwich = TRUE`.
#' @param clubSandwich whether to use bias-reduced linearisation (CR2) with Satterthwaite degrees of freedom, and
#'   an approximate Hotelling test of the moderators. The package \pkg{clubSandwich} is not needed.
#' @param digits number of decimals printed; those of the fit by default.
#' @param ... with `clubSandwich = TRUE` what that package's functions take: `vcov` (`"CR0"`, `"CR1"`, `"CR1p"`,
#'   `"CR1S"`, `"CR2"`, `"CR3"`), `coef_test` (`"Satterthwaite"`, `"z"`, `"naive-t"`, `"naive-tp"`, `"saddlepoint"`),
#'   `conf_test` (the same words but the last, to which no interval belongs; by default as `coef_test`) and `wald_test`
#'   (`"HTZ"`, `"HTA"`, `"HTB"`, `"chi-sq"`, `"Naive-F"`, `"Naive-Fp"`, `"EDF"`, `"EDT"`).
#' @return The fit with class `c("metaparity_robust", "metaparity_uni", "metaparity", "robust.rma", "rma", "rma.uni")`
#'   (of [rma.mv()] with `mv` for `uni`):
#'   `se`, `zval`, `pval`, `ci.lb`, `ci.ub`, `vb`, `QM`, `QMdf`, `QMp`, `ddf` are robust, `test` is `"t"`; new are `n`
#'   (clusters), `tcl` (studies in each), `vbest` (such as `"CR1"`), `robumethod`, `coef_test`, `conf_test`, `wald_test`
#'   (of clubSandwich), `cluster` and `meat` (k x k, `NA` for clubSandwich and above 5,000 studies). [anova()] and
#'   [predict()] use the robust variances.
#' @details The degrees of freedom are n - p, with `clubSandwich = TRUE` those of Satterthwaite for each coefficient.
#'   Errors of class `metaparity_error_input`: no more clusters than coefficients, missing values in `cluster` of a
#'   study that the fit used.
#'   A cluster that the model fits exactly whatever the data (such as the only one with a level of a moderator) shows no
#'   variance. A coefficient, a combination in [anova()] or a prediction that such clusters determine alone has `NA` for
#'   `se`, tests and limits, with a warning of class `metaparity_warning_input`; where they determine a part, the
#'   warning says that `se` leaves it out.
#' @section Formula: V = M (sum X_j' W_j A_j e_j e_j' A_j' W_j X_j) M over clusters j, M = (X'WX)^-1; A_j is the
#'   identity for CR0 and CR1, and for CR2 the symmetric matrix that makes V unbiased when the working model holds.
#' @section In other software: Stata: `robumeta`; R: `clubSandwich::coef_test()`; \pkg{metafor}: `robust()`.
#' @references Tipton E, Pustejovsky JE (2015). Small-sample adjustments for tests of moderators and model fit using
#'   robust variance estimation in meta-regression. *Journal of Educational and Behavioral Statistics*, 40, 604-634.
#'
#'   Pustejovsky JE, Tipton E (2018). Small-sample methods for cluster-robust variance estimation and hypothesis testing
#'   in fixed effects models. *Journal of Business & Economic Statistics*, 36, 672-683.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1),
#'                 v = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
#'                 lab = c(1, 1, 2, 2, 3, 4))
#' fit <- rma(est, v, data = d)
#' robust(fit, cluster = lab)
#' robust(fit, cluster = lab, clubSandwich = TRUE)
#' @name robust
#' @export
robust <- function(x, cluster, ...) {
  if (is_foreign(x, "robust")) return(foreign_generic("robust", x)(x, cluster, ...))
  UseMethod("robust")
}

#' @rdname robust
#' @exportS3Method robust metaparity_uni
#' @exportS3Method metafor::robust metaparity_uni
robust.metaparity_uni <- function(x, cluster, adjust = TRUE, clubSandwich = FALSE, digits, ...) {
  mc <- match.call()
  given <- named_dots(if (isTRUE(clubSandwich)) names(sandwich_words), mc, ...)
  clustered_fit(x, adjust, clubSandwich, if (!missing(digits)) digits, given, mc, parent.frame())
}

#' @rdname robust
#' @exportS3Method robust metaparity_mv
#' @exportS3Method metafor::robust metaparity_mv
robust.metaparity_mv <- function(x, cluster, adjust = TRUE, clubSandwich = FALSE, digits, ...) {
  mc <- match.call()
  given <- named_dots(if (isTRUE(clubSandwich)) names(sandwich_words), mc, ...)
  clustered_fit(x, adjust, clubSandwich, if (!missing(digits)) digits, given, mc, parent.frame())
}

clustered_fit <- function(x, adjust, clubSandwich, digits, given, mc, env) {
  club <- check_flag(clubSandwich, "clubSandwich", mc)
  type <- if (check_flag(adjust, "adjust", mc)) "CR1" else "CR0"
  if (inherits(x, "metaparity_robust")) abort_input("x", "is robust already: give the fit of rma()", mc)
  values <- cluster_of_studies(x, mc, env)
  labels <- unique(values)
  if (length(labels) <= x$p) {
    abort_input("cluster", sprintf("must have more groups (%d) than there are coefficients (%d)", length(labels), x$p),
                mc)
  }
  if (!is.null(digits)) x$digits <- merge_digits(x, digits)
  x$vbest <- type
  x$robumethod <- if (club) "clubSandwich" else "default"
  if (club) x[c("vbest", "coef_test", "conf_test", "wald_test")] <- sandwich_choices(given, mc)
  x$cluster <- values
  x$n <- length(labels)
  own <- class(x)
  class(x) <- c("metaparity_robust", own[1:2], "robust.rma", "rma", own[3L])
  robust_fields(x, mc)
}

# What clubSandwich understands, the default first.
sandwich_words <- list(
  vcov = c("CR2", "CR0", "CR1", "CR1p", "CR1S", "CR3"),
  coef_test = c("Satterthwaite", "z", "naive-t", "naive-tp", "saddlepoint"),
  conf_test = c("Satterthwaite", "z", "naive-t", "naive-tp"),
  wald_test = c("HTZ", "HTA", "HTB", "chi-sq", "Naive-F", "Naive-Fp", "EDF", "EDT"))

# No interval belongs to the saddlepoint's p value: Satterthwaite's stands beside it.
sandwich_choices <- function(given, call) {
  out <- Map(function(name, words) {
    if (is.null(given[[name]])) words[1L] else check_choice(given[[name]], words, name, call)
  }, names(sandwich_words), sandwich_words)
  if (is.null(given$conf_test) && out$coef_test != "saddlepoint") out$conf_test <- out$coef_test
  out
}

cluster_of_studies <- function(x, mc, env) {
  if (is.null(mc$cluster)) abort_input("cluster", "must be given", mc)
  values <- as_used_rows(resolve_column(mc$cluster, x$data, env, "cluster", mc), x, "cluster", mc)
  bad <- is.na(values) & x$not.na
  if (any(bad)) abort_studies("cluster", which(bad), "must not be missing", mc)
  values[x$not.na]
}

robust_fields <- function(x, call) {
  p <- x$p
  every <- sandwich_tests(x, diag(p), rep(0, p), call)
  tested <- sandwich_tests(x, diag(p)[x$btt, , drop = FALSE], rep(0, length(x$btt)), call)
  beta <- as.numeric(x$beta)
  lost <- every$visible == "none"
  x$vb[] <- every$vb
  x$vb[lost, ] <- x$vb[, lost] <- NA
  x$se <- sqrt(diag(unclassed_matrix(x$vb)))
  warn_unseen(every$visible, rownames(x$beta), call)
  x$zval <- beta / x$se
  club <- x$robumethod == "clubSandwich"
  x$ddf <- x$dfs <- if (club) every$ddf else x$n - p
  x$pval <- if (length(every$pval)) every$pval else two_sided_p(x$zval, t_df(x$ddf))
  reach <- critical_value(1 - x$level, t_df(interval_ddf(x, every$ddf, call))) * x$se
  x$ci.lb <- beta - reach
  x$ci.ub <- beta + reach
  x$QM <- if (x$int.only) x$zval^2 else tested$QM
  if (is.na(x$QM) && !any(lost))
    warn_input("cluster", "has too few groups for the test of the moderators: it is missing", call)
  # The test of the average alone is that of its coefficient.
  x$QMdf <- c(x$m, if (x$int.only) x$ddf else tested$df2)
  x$QMp <- if (x$int.only) x$pval else upper_p(x$QM, x$m, t_df(x$QMdf[2L]))
  x$test <- "t"
  x$s2w <- 1
  x$tcl <- table(cluster.o = x$cluster)
  x$meat <- if (club || x$k > 5000L) NA_real_ else cluster_meat(x, beta)
  x
}

# Degrees of freedom of the intervals, which may be those of another test.
interval_ddf <- function(x, ddf, call) {
  if (is.null(x$conf_test) || x$conf_test == x$coef_test) return(ddf)
  x$coef_test <- x$conf_test
  sandwich_tests(x, diag(x$p), rep(0, x$p), call)$ddf
}

# The residuals of a cluster that a coefficient fits exactly say nothing of the variance between clusters.
warn_unseen <- function(visible, names, call) {
  told <- function(which, message) {
    if (any(which)) warn_input("cluster", sprintf(message, paste0('"', names[which], '"', collapse = ", ")), call)
  }
  told(visible == "none", "leaves %s to single groups: a variance between groups cannot be estimated and is missing")
  told(visible == "part", "has a group that alone determines part of %s: `se` leaves out its share of the variance")
}

cluster_meat <- function(x, beta) {
  e <- as.numeric(x$yi) - values_along(x$X, list(beta = beta))
  call_core(cpp_cluster_products(e, match(x$cluster, unique(x$cluster))))
}
