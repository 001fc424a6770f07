# metabias6(): Begg's and Egger's tests together, and the by() table. The one-test metabias of 2009 belongs here too.
# Source: Steichen (1998) STB-41 to STB-61 sbe19; Begg & Mazumdar (1994); Egger et al. (1997).

#' Begg's and Egger's tests as Stata's metabias 6
#'
#' The metabias of Stata 6 to 8, which papers cite as "Begg's test / Egger's test": both tests in one log,
#' and with `by` the table of all strata.
#'
#' @param ... `theta, se` (or with `var = TRUE` `theta, variance`); or on the ratio scale `exp(theta), ll, ul` and
#'   optionally the confidence level of each study. Bare names or expressions, found in `data`.
#' @inheritParams metan
#' @param by a variable of strata, tested one by one and pooled.
#' @param var the second of two variables is a variance.
#' @param ci three variables are an estimate and its limits on the ratio scale (assumed with three).
#' @param graph `"begg"` or `"egger"` draws that plot at once.
#' @param level confidence level in percent of the regression.
#' @param gweight in Begg's funnel plot, symbols by the weights of the studies.
#' @param begg,egger accepted: both tests are always done.
#' @param label study labels, as in [metan()].
#' @return An object of class `stata_metabias6` (see [stata_view]): `r` with `k`, `score`, `score_sd`, `z`, `p`, `z_cc`,
#'   `p_cc`, `slope`, `bias`, `se_bias`, `t_bias`, `p_bias`; `table` one row per stratum.
#' @details Begg's score is Kendall's S between the variances and the standardised deviates, with the normal
#'   approximation, with and without the continuity correction; Egger's test is the unweighted regression
#'   of `theta/se` on `1/se` with `k - 2` degrees of freedom. A stratum that is too small, or whose
#'   standard errors are all equal, prints `.`.
#'   Errors: `metaparity_error_input`, `metaparity_error_studies` (limits that are not positive).
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metabias6")`.
#' @section In other software: Stata `metabias6 theta se, by(g)`; later Stata `metabias theta se, egger`; metafor
#'   `regtest(yi, sei = se, model = "lm")` and `ranktest()`, the latter with an exact p for few studies.
#' @references Steichen TJ (1998). Tests for publication bias in meta-analysis. Stata Technical Bulletin 41, 9-15.
#' @examples
#' d <- data.frame(es = c(-0.76, 11.01, -3.76), se = c(3.70, 4.48, 0.51))
#' metabias6(es, se, data = d)
#' @export
metabias6 <- function(..., data = NULL, subset = NULL, by = NULL, var = FALSE, ci = FALSE, graph = NULL,
                      level = 95, gweight = FALSE, begg = FALSE, egger = FALSE, label = NULL) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  level <- check_stata_level(level, "level", call)
  check_flag(begg, "begg", call)
  check_flag(egger, "egger", call)
  graph <- bias_graph(graph, call)
  s <- bias_input(mc, data, parent.frame(), check_flag(var, "var", call), call, drop = TRUE)
  view <- if (is.null(s$by)) metabias6_single(s, level) else metabias6_strata(s, level)
  view$call <- call
  view$options$gweight <- check_flag(gweight, "gweight", call)
  if (!is.null(graph)) plot(view, which = graph)
  view
}

# graph(begg) and graph(egger): the first letter is enough.
bias_graph <- function(graph, call) {
  if (is.null(graph)) return(NULL)
  known <- c(begg = "b", egger = "e")
  word <- if (is_word(graph)) match_option(tolower(graph), known) else NA
  check_choice(if (is.na(word)) graph else word, c("begg", "egger"), "graph", call)
}

# The studies of the commands that take theta and se: unusable ones are left out with a warning.
bias_input <- function(mc, data, env, var, call, sizes = 2:4, drop = FALSE) {
  data <- resolve_data(data, call)
  vars <- stata_varlist(mc$..., data, env, sizes, call)
  k <- length(vars[[1L]])
  by <- stata_option_column(mc$by, data, env, "by", k, call)
  labels <- stata_labels(if (is.null(mc$label)) mc$id else mc$label, data, env, k, call)
  keep <- check_subset(resolve_column(mc$subset, data, env, "subset", call), k, call)
  if (is.null(keep)) keep <- seq_len(k)
  effect <- bias_effects(lapply(vars, `[`, keep), var, drop = drop, call = call)
  use <- usable_studies(effect$theta, effect$se, call, keep, effect$bad)
  list(theta = effect$theta[use], se = effect$se[use], log = effect$log, by = stata_groups(by[keep][use]),
       label = labels$name[keep][use], rows = keep[use], dropped = keep[!use], names = names(vars),
       by_name = by_name(mc$by), nvars = length(vars),
       note = input_note(length(vars), var, check_ci(mc, env, length(vars), call)))
}

check_ci <- function(mc, env, nvars, call) {
  ci <- if (is.null(mc$ci)) FALSE else check_flag(eval(mc$ci, env), "ci", call)
  if (ci && nvars < 3L) abort_input("ci", "goes with an estimate and its limits, not with two variables", call)
  ci
}

input_note <- function(nvars, var, ci) {
  if (ci) return("Note: option 'ci' specified.")
  if (nvars > 2L) return("Warning: varlist has 3 variables but option 'ci' not specified; 'ci' assumed.")
  if (var) "Note: option 'var' specified." else "Note: default data input format (theta, se_theta) assumed."
}

# One row of results for one stratum; NA where a stratum is too small.
bias_tests <- function(theta, se, level) {
  begg <- begg_test(theta, se)
  egger <- single_egger_test(theta, se, level)
  data.frame(n = length(theta), score = begg$score, score_sd = begg$sd, ties = begg$ties, z = begg$z, p = begg$p,
             z_cc = begg$z_cc, p_cc = begg$p_cc, bias = egger$bias$b, se_bias = egger$bias$se, p_bias = egger$bias$p)
}

metabias6_single <- function(s, level) {
  begg <- begg_test(s$theta, s$se)
  egger <- single_egger_test(s$theta, s$se, level)
  table <- cbind(stratum = "", bias_tests(s$theta, s$se, level))
  r <- list(k = length(s$theta), score = begg$score, score_sd = begg$sd, z = begg$z, p = begg$p, z_cc = begg$z_cc,
            p_cc = begg$p_cc, slope = egger$slope$b, bias = egger$bias$b, se_bias = egger$bias$se,
            t_bias = egger$bias$t, p_bias = egger$bias$p)
  r <- c(r, metabias6_names(r, s))
  new_stata_view("metabias6", r, table, fit = list(begg = begg, egger = egger), list(level = level),
                 studies = s, begg = begg, coef = egger_coef(egger))
}

egger_coef <- function(egger, names = c("slope", "bias")) {
  part <- function(name, p) data.frame(name = name, b = p$b, se = p$se, t = p$t, p = p$p, lo = p$lo, hi = p$hi)
  rbind(part(names[1L], egger$slope), part(names[2L], egger$bias))
}

# ---- from the core -----------------------------------------------------------------------------

begg_test <- function(theta, se) {
  if (length(theta) < 2L) {
    return(list(score = 0, sd = NA_real_, z = NA_real_, p = NA_real_, z_cc = NA_real_, p_cc = NA_real_, ties = FALSE,
                k = length(theta)))
  }
  out <- call_core(cpp_rank_test(theta, se^2, FALSE))
  list(score = out$score, sd = out$sd, z = out$z, p = out$p_z, z_cc = out$z_cc, p_cc = out$p_cc, ties = out$ties,
       k = out$k)
}

# Two studies still give a line, without a test; fewer, or equal standard errors, give nothing.
egger_test <- function(theta, se, level) {
  if (length(theta) < 2L || all(se == se[1L])) return(list(slope = no_coefficient, bias = no_coefficient))
  stata_line_fit(call_core(cpp_egger_line(theta, se, level)))
}

# metabias 6 regresses columns that it holds in single precision.
single_egger_test <- function(theta, se, level) {
  x <- in_single(list(theta = theta, se = se))
  egger_test(x$theta, x$se, level)
}

no_coefficient <- list(b = NA_real_, se = NA_real_, t = NA_real_, p = NA_real_, lo = NA_real_, hi = NA_real_)

stata_line_fit <- function(out) {
  part <- function(p) stats::setNames(p[c("est", "se", "tval", "pval", "ci.lb", "ci.ub")], names(no_coefficient))
  list(slope = part(out$slope), bias = part(out$bias), covariance = out$covariance, rmse = out$rmse, df = out$df,
       k = out$k, excluded = out$excluded, x = out$x, y = out$y)
}

# Sum of the scores over the root of the summed variances; inverse-variance mean of the biases.
bias_overall <- function(table, n) {
  score <- call_core(cpp_pool_scores(table$score, table$score_sd))
  bias <- call_core(cpp_pool_bias(table$bias, table$se_bias))
  data.frame(stratum = "overall", n = n, score = score$score, score_sd = score$sd, ties = NA, z = score$z,
             p = score$p_z, z_cc = score$z_cc, p_cc = score$p_cc, bias = bias$bias, se_bias = bias$se,
             p_bias = bias$pval)
}

metabias6_strata <- function(s, level) {
  rows <- split(seq_along(s$theta), s$by)
  table <- do.call(rbind, lapply(rows, function(i) bias_tests(s$theta[i], s$se[i], level)))
  table <- cbind(stratum = names(rows), table)
  overall <- bias_overall(table, length(s$theta))
  rownames(table) <- NULL
  r <- c(list(k = overall$n), as.list(overall[setdiff(names(overall), c("stratum", "ties", "n"))]))
  new_stata_view("metabias6", c(r, metabias6_names(r, s)), rbind(table, overall), options = list(level = level),
                 studies = s, by = TRUE)
}

# The names under which the command itself saves its results; effect is the fixed-effect mean.
metabias6_names <- function(r, s) {
  list(Begg_p = r$p, Begg_pcc = r$p_cc, Egger_bc = r$bias, Egger_p = r$p_bias,
       effect = fit_estimates(s$theta, s$se^2, "FE")$beta[[1L]])
}

# Both commands post their regression line.
line_estimates <- function(fit, names, depvar, order = 1:2) {
  V <- matrix(c(fit$slope$se^2, fit$covariance, fit$covariance, fit$bias$se^2), 2L)[order, order]
  b <- c(fit$slope$b, fit$bias$b)[order]
  c(list(N = fit$k, df_r = fit$df, depvar = depvar), coefficient_matrices(b, V, names[order]))
}

#' @exportS3Method
saved_estimates.stata_metabias6 <- function(view) {
  fit <- view$fit$egger
  if (!is.null(fit$covariance)) line_estimates(fit, c("slope", "bias"), "Std_Eff")
}

#' @export
format.stata_metabias6 <- function(x, ...) {
  note <- if (!is.null(x$studies$note)) c("", x$studies$note)
  if (isTRUE(x$by)) return(c(note, format_metabias6_by(x$table, x$studies$by_name)))
  c(note, "", "Tests for Publication Bias", "", "Begg's Test", format_begg_block(x$begg), "",
    "Egger's test", format_coef_table(x$coef, "Std_Eff", x$options$level))
}

format_metabias6_by <- function(table, name) {
  bar <- rule(9L, 6L, 47L, 14L)
  n <- nrow(table)
  line <- paste0(justify(cut_label(c(table$stratum[-n], "overall"), 8L), 8L), " | ", stata_integer(table$n, 4L), " |",
                 stata_integer(table$score, 4L), ifelse(table$ties %in% TRUE, "*", " "), "   ",
                 stata_fixed(table$score_sd, 6L, 3L), "  ", stata_fixed(table$z, 6L, 2L), "  ",
                 stata_fixed(table$p, 6L, 3L), "  ", stata_fixed(table$z_cc, 6L, 2L), "  ",
                 stata_fixed(table$p_cc, 6L, 3L), " |", stata_fixed(table$bias, 6L, 2L), "  ",
                 stata_fixed(table$p_bias, 6L, 3L))
  c(" ", "Tests for Publication Bias", " ", strrep("-", 79L),
    "         |      |    Begg's           Begg's       cont. corr.  |    Egger's ",
    paste(justify(name, 8L), "|    n | score    s.d.      z      p        z      p   |  bias     p"),
    bar, line[-n], bar, line[n], strrep("-", 79L),
    if (any(table$ties %in% TRUE)) "                     * (corrected for ties)")
}
