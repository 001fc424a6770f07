# Owns estat after Stata's multivariate and multilevel models: heterogeneity, standard deviations, covariances, groups.
# Source: Cochran (1954); Higgins & Thompson (2002); White (2011); Jackson, White & Riley (2012). Oracle: closed forms.

#' Heterogeneity, standard deviations, covariances and groups of Stata's multilevel and multivariate models
#'
#' Stata's `estat` after `meta mvregress`, `meta meregress` and `meta multilevel`.
#'
#' @param x a result of [meta_mvregress()], [meta_meregress()] or [meta_multilevel()].
#' @param cochran,jwriley,white,all statistics of a multivariate model: Cochran's (default), those of Jackson, White and
#'   Riley (default), of White. `jwriley` may name outcomes.
#' @param relevel name of one level.
#' @param variance variances and covariances in place of standard deviations and correlations.
#' @param correlation correlations in place of covariances.
#' @return A view (see [stata_view]); `table` holds the numbers, unrounded, and `r` Stata's `r()`.
#' @details Errors: `metaparity_error_input`; `metaparity_error_unsupported` after models without random effects.
#' @section Formula: Cochran: I2 = 100 (Q_M - df)/Q_M, H2 = Q_M/df. Higgins and Thompson, of models with random
#'   intercepts:
#'   I2_l = 100 sigma2_l/(sum sigma2 + s2), s2 = (k - 1) sum w/((sum w)^2 - sum w^2). Jackson, White and Riley:
#'   R = (det V_R/det V_F)^(1/2p), I2 = 100 (R^2 - 1)/R^2, of the covariance matrices of the coefficients with and
#'   without
#'   random effects. White: I2_j = 100 Sigma_jj/(Sigma_jj + s2_j).
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("estat_heterogeneity")`.
#' @section In other software: Stata `estat heterogeneity`, `estat sd`, `estat recovariance`, `estat group`.
#' @references Jackson D, White IR, Riley RD (2012). Statistics in Medicine 31, 3805-3820. White IR (2011). Stata
#'   Journal
#'   11, 255-270.
#' @examples
#' d <- data.frame(district = c(1, 1, 2, 2, 3, 3, 4), school = 1:7,
#'                 y = c(0.1, 0.3, -0.2, 0, 0.6, 0.9, 0.4),
#'                 se = c(0.14, 0.17, 0.22, 0.14, 0.2, 0.17, 0.24))
#' fit <- meta_multilevel("y", d, relevels = "district school", essevariable = "se")
#' estat_heterogeneity(fit)
#' estat_recovariance(fit)
#' @export
estat_heterogeneity <- function(x, cochran = FALSE, jwriley = FALSE, white = FALSE, all = FALSE, relevel = NULL) {
  check_given(x)
  mc <- match.call()
  check_model_view(x, mc)
  for (name in c("cochran", "white", "all")) check_flag(get(name), name, mc)
  mv <- inherits(x, "stata_meta_mvregress")
  if (mv && is.null(x$re)) abort_capability("x", "has no random effects", mc)
  named <- outcomes_named(jwriley, x, mc)
  none <- !cochran && isFALSE(jwriley) && !white
  cochran_rows <- if (!mv || cochran || all || none) cochran_statistics(x, mv)
  table <- rbind(cochran_rows, if (mv && (all || none || !isFALSE(jwriley))) jwriley_statistics(x, named),
                 if (mv && (white || all)) white_statistics(x), if (!mv) level_statistics(x, relevel, mc))
  rownames(table) <- NULL
  new_stata_view("estat_heterogeneity", heterogeneity_return(table), table, options = list(mv = mv), call = mc)
}

check_model_view <- function(x, call) {
  if (!inherits(x, c("stata_meta_mvregress", "stata_meta_meregress")))
    abort_input("x", sprintf("must be a result of meta_mvregress(), meta_meregress() or meta_multilevel(), not %s",
                             describe(x)), call)
}

outcomes_named <- function(jwriley, x, call) {
  if (is.logical(jwriley)) {
    check_flag(jwriley, "jwriley", call)
    return(NULL)
  }
  names <- option_columns(jwriley, "jwriley", call)
  bad <- setdiff(names, x$outcomes)
  if (length(bad)) abort_input("jwriley", sprintf("must name outcomes of the model, not %s", bad[1L]), call)
  names
}

statistic_row <- function(method, part, ...) {
  value <- c(...)
  data.frame(method = method, part = part, name = names(value), value = unname(value), stringsAsFactors = FALSE)
}

cochran_statistics <- function(x, mv) {
  Q <- x$fit$QE
  df <- x$fit$QEdf
  value <- c(I2 = if (Q > 0) max(0, 100 * (Q - df) / Q) else 0, H2 = if (df > 0) max(1, Q / df) else 1)
  statistic_row("Cochran", "Joint", if (mv) value else value["I2"])
}

# Covariance matrices of the coefficients with and without random effects.
jwriley_statistics <- function(x, named) {
  X <- x$design$X[, x$test$kept, drop = FALSE]
  fixed <- fit_stacked(x$stack$yi, x$stack$V, X, NULL, "FE", NULL, x$options)
  order <- fitted_places(fixed, X)
  V <- unname(fixed$vb)[order, order, drop = FALSE]
  equation <- x$outcomes[x$design$equation[x$test$kept]]
  one <- function(part, at) {
    gain <- log_determinant(x$test$V[at, at, drop = FALSE]) - log_determinant(V[at, at, drop = FALSE])
    R <- exp(gain / (2 * length(at)))
    statistic_row("Jackson\u2013White\u2013Riley", part, I2 = max(0, 100 * (R^2 - 1) / R^2), R = R)
  }
  each <- lapply(named %||% x$outcomes, function(name) one(name, which(equation == name)))
  joint <- if (is.null(named) || length(named) > 1L) one("Joint", which(equation %in% (named %||% x$outcomes)))
  rbind(do.call(rbind, each), joint)
}

log_determinant <- function(m) as.numeric(determinant(m, logarithm = TRUE)$modulus)

typical_within <- function(v) {
  w <- 1 / v
  (length(v) - 1) * sum(w) / (sum(w)^2 - sum(w^2))
}

white_statistics <- function(x) {
  own <- unlist(lapply(x$stack$V, diag))
  tau2 <- diag(x$re[[1L]]$Sigma)
  do.call(rbind, lapply(seq_along(x$outcomes), function(j) {
    within <- typical_within(own[x$stack$outcome == j])
    statistic_row("White", x$outcomes[j], I2 = 100 * tau2[[j]] / (tau2[[j]] + within))
  }))
}

level_statistics <- function(x, relevel, call) {
  if (any(lengths(lapply(x$equations, `[[`, "slopes")) > 0L)) return(NULL)
  levels <- x$groups$level
  if (!is.null(relevel)) relevel <- meta_match(relevel, levels, "relevel", call)
  sigma2 <- vapply(x$re, function(one) one$Sigma[1L], 0)
  value <- 100 * sigma2 / (sum(sigma2) + typical_within(x$fit$vi))
  part <- c(levels, "Total")
  value <- c(value, sum(value))
  if (!is.null(relevel)) value <- value[part == relevel]
  if (!is.null(relevel)) part <- relevel
  do.call(rbind, Map(function(p, v) statistic_row("Higgins\u2013Thompson", p, I2 = v), part, value))
}

heterogeneity_return <- function(table) {
  short <- c(Cochran = "Q", "Jackson\u2013White\u2013Riley" = "JWR", White = "W", "Higgins\u2013Thompson" = "HT")
  name <- paste(table$name, short[table$method], sep = "_")
  own <- !table$part %in% c("Joint", "Total")
  name[own] <- paste(name[own], table$part[own], sep = "_")
  as.list(stats::setNames(table$value, name))
}

#' @export
format.stata_estat_heterogeneity <- function(x, ...) {
  t <- x$table
  unlist(lapply(unique(t$method), function(m) {
    own <- t[t$method == m, ]
    c("", paste("Method:", m), unlist(lapply(unique(own$part), function(p) {
      row <- own[own$part == p, ]
      name <- ifelse(row$name == "I2", "I2 (%)", row$name)
      c(paste0(p, ":"), paste0(justify(name, 11L), " = ", stata_fixed(row$value, 5L, 2L)))
    })))
  }))
}

#' @rdname estat_heterogeneity
#' @export
estat_sd <- function(x, variance = FALSE) {
  check_given(x)
  mc <- match.call()
  check_model_view(x, mc)
  check_flag(variance, "variance", mc)
  if (is.null(x$re)) abort_capability("x", "has no random effects", mc)
  rows <- lapply(x$re, function(one) cbind(level = one$level, random_effect_rows(one, variance)))
  new_stata_view("estat_sd", list(), do.call(rbind, rows), options = list(variance = variance), re = x$re, call = mc)
}

#' @export
format.stata_estat_sd <- function(x, ...) format_random_effects(x$re, x$options$variance)

#' @rdname estat_heterogeneity
#' @export
estat_recovariance <- function(x, relevel = NULL, correlation = FALSE) {
  check_given(x)
  mc <- match.call()
  check_model_view(x, mc)
  check_flag(correlation, "correlation", mc)
  if (is.null(x$re)) abort_capability("x", "has no random effects", mc)
  re <- x$re
  if (!is.null(relevel)) {
    levels <- vapply(re, `[[`, "", "level")
    if (identical(levels, "")) abort_input("relevel", "has no meaning after meta_mvregress()", mc)
    re <- re[levels == meta_match(relevel, levels, "relevel", mc)]
  }
  for (i in seq_along(re)) if (correlation) re[[i]]$Sigma <- as_correlation(re[[i]]$Sigma)
  r <- stats::setNames(lapply(re, `[[`, "Sigma"), if (length(re) == 1L) if (correlation) "corr" else "cov" else
    sprintf("Cov%d", rev(seq_along(re)) + 1L))
  table <- do.call(rbind, lapply(re, function(one) data.frame(level = one$level, as.data.frame(as.table(one$Sigma)))))
  new_stata_view("estat_recovariance", r, table, options = list(correlation = correlation), re = re, call = mc)
}

as_correlation <- function(S) {
  sd <- sqrt(diag(S))
  out <- S / outer(sd, sd)
  out[!is.finite(out)] <- 0
  diag(out) <- 1
  out
}

#' @export
format.stata_estat_recovariance <- function(x, ...) {
  what <- if (x$options$correlation) "correlation" else "covariance"
  unlist(lapply(x$re, function(one) {
    title <- if (nzchar(one$level)) sprintf("Random-effects %s matrix for level %s", what, one$level) else
      sprintf("Between-study %s matrix", what)
    c("", title, "", lower_triangle(one$Sigma))
  }))
}

lower_triangle <- function(S) {
  name <- abbreviate_name(rownames(S), 12L)
  p <- nrow(S)
  cell <- matrix(stata_general(as.vector(S), 9L), p)
  cell[upper.tri(cell)] <- strrep(" ", 9L)
  body <- apply(cell, 1L, function(row) paste0(" ", row, " ", collapse = ""))
  c(paste0(strrep(" ", 13L), "|", paste0(" ", justify(abbreviate_name(name, 9L), 9L), " ", collapse = "")),
    paste0(strrep("-", 13L), "+", strrep("-", 11L * p)), paste0(justify(name, 12L), " |", body))
}

#' @rdname estat_heterogeneity
#' @export
estat_group <- function(x) {
  check_given(x)
  mc <- match.call()
  if (inherits(x, "stata_meta_mvregress"))
    abort_input("x", "must be a result of meta_meregress() or meta_multilevel(): meta_mvregress() has no groups", mc)
  check_model_view(x, mc)
  new_stata_view("estat_group", list(), x$groups, call = mc)
}

#' @export
format.stata_estat_group <- function(x, ...) c("", format_groups(x$table))
