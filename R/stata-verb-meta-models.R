# Owns what Stata's multivariate and multilevel commands share: their words, the fit by rma.mv(), tests, log and e().
# Source: Stata's documented layout and formulas; Jackson & Riley (2014) for the adjusted variance. Oracle: a real log
# of
# meta mvregress (Stata 17), rma.mv() and exact solutions.

# The words of tables since Stata 17, in which these commands came.
suite_words_of <- list(version = 18)

# ---- words -------------------------------------------------------------------------------------

# The rows that `subset` keeps, found in the data as other verbs do; NULL for all.
model_subset <- function(data, mc, env) {
  if (is.data.frame(data)) check_subset(resolve_column(mc$subset, data, env, "subset", mc), nrow(data), mc)
}

model_data <- function(data, rows, call) {
  if (!is.data.frame(data)) abort_input("data", sprintf("must be a data frame, not %s", describe(data)), call)
  if (!nrow(data)) abort_input("data", "must have rows", call)
  all <- nrow(data)
  if (is.null(rows)) return(list(data = data, rows = seq_len(all), all = all))
  if (!length(rows)) abort_input("subset", "leaves no rows", call)
  list(data = data[rows, , drop = FALSE], rows = rows, all = all)
}

plain_word_list <- function(text) {
  out <- strsplit(trimws(text), "\\s+")[[1L]]
  out[nzchar(out)]
}

# The words of an option that names columns: one string, or a vector of names.
option_columns <- function(x, arg, call) {
  if (!is.character(x) || !length(x) || anyNA(x) || !plain_text(x)) abort_input(arg, "must be names of columns", call)
  plain_word_list(paste(x, collapse = " "))
}

# list(outcomes, moderators): of a two-sided formula, or of Stata's words, `split` telling the outcomes from the others.
model_formula_words <- function(model, split, call) {
  if (inherits(model, "formula")) {
    if (length(model) != 3L) abort_input("model", "must have outcomes on its left side", call)
    right <- stats::as.formula(call("~", model[[3L]]), environment(model))
    empty <- !length(attr(stats::terms(right), "term.labels"))
    return(list(outcomes = all.vars(model[[2L]]), moderators = if (empty) list() else list(right)))
  }
  if (!is.character(model) || length(model) != 1L || is.na(model) || !plain_text(model))
    abort_input("model", sprintf("must be a formula or a string of Stata's words, not %s", describe(model)), call)
  found <- split(model)
  if (!length(found$outcomes)) abort_input("model", "must name an outcome", call)
  list(outcomes = found$outcomes, moderators = lapply(found$moderators, as.name))
}

named_column <- function(word, data, arg, call) {
  if (!word %in% names(data)) abort_unknown_column(word, data, arg, call)
  data[[word]]
}

numeric_column <- function(word, data, arg, call) check_numeric_vector(named_column(word, data, arg, call), arg, call)

# ---- fit ---------------------------------------------------------------------------------------

# The model of stacked estimates. `random`: list(formulas, struct, fixed) or NULL; X has its constants among its
# columns.
# constant: which columns are; of columns that tell each other these stay, as in Stata.
fit_stacked <- function(yi, V, X, frame, method, random, o, constant = rep(FALSE, ncol(X))) {
  X <- X[, order(!constant), drop = FALSE]
  args <- list(yi = yi, V = V, mods = X, intercept = FALSE, method = method, data = frame, level = 100 * o$level,
               control = list(REMLf = FALSE))
  if (!is.null(random)) args <- c(args, list(random = random$formulas), random$struct, random$fixed)
  do.call(rma.mv, args)
}

# Coefficients in the order of X; a column that the others tell has none. list(b, se, V, test, ...).
stacked_tests <- function(fit, X, constant, o) {
  k <- length(fit$yi)
  at <- fitted_places(fit, X, constant)
  p <- sum(!is.na(at))
  if (is.null(o$seadj)) scale <- 1 else scale <- adjusted_scale(fit, k - p, o)
  b <- as.numeric(fit$beta)[at]
  V <- unname(fit$vb)[at, at, drop = FALSE] * scale
  ddf <- if (o$test == "t") k - p else NA_real_
  tested <- which(!constant & !is.na(at))
  chi2 <- if (length(tested)) sum(b[tested] * solve(V[tested, tested], b[tested])) else NA_real_
  if (!is.na(ddf)) chi2 <- chi2 / length(tested)
  coef <- coef_tests(b, sqrt(diag(V)), ddf, o$level)
  kept <- !is.na(at)
  list(coef = coef, V = V[kept, kept, drop = FALSE], kept = kept, ddf = ddf, df_m = length(tested), chi2 = chi2,
       p = if (length(tested)) upper_p(chi2, length(tested), ddf) else NA_real_, scale = scale, k = k)
}

# Where the columns of X stand among the coefficients: rma.mv() calls a column of ones by its own name.
fitted_places <- function(fit, X, constant = rep(FALSE, ncol(X))) {
  ones <- which(colSums(X != 1) == 0)
  ones <- ones[order(!constant[ones])]
  name <- colnames(X)
  if (length(ones)) name[ones[1L]] <- "intrcpt"
  match(name, rownames(fit$beta))
}

# Jackson & Riley (2014): (y - Xb)' M^-1 (y - Xb) / (n - p), at least 1 when truncated.
adjusted_scale <- function(fit, df, o) {
  if (df < 1) return(1)
  around <- rma.mv(as.numeric(fit$yi), fit$M, mods = fit$X, intercept = FALSE, method = "FE")
  scale <- around$QE / df
  if (o$seadj == "truncated") max(1, scale) else scale
}

model_se_options <- function(se, tdistribution, call) {
  check_flag(tdistribution, "tdistribution", call)
  if (is.null(se)) return(list(test = if (tdistribution) "t" else "z", seadj = NULL))
  words <- meta_suboptions(se, "se", call)
  meta_match(words[1L], "khartung", "se", call)
  truncated <- if (length(words) > 1L) meta_match(words[2L], "truncated", "se", call)
  list(test = "t", seadj = if (is.null(truncated)) "khartung" else "truncated")
}

model_seadj_line <- function(seadj) {
  if (!is.null(seadj)) paste0("SE adjustment: ", if (seadj == "truncated") "Truncated ", "Jackson\u2013Riley")
}

# ---- log ---------------------------------------------------------------------------------------

right_line <- function(name, value) paste0(justify(name, 18L, left = TRUE), "= ", justify(value, 10L))

# Lines of the left and of the right half, the right one from column 49.
two_halves <- function(left, right) {
  n <- max(length(left), length(right))
  left <- c(left, rep("", n - length(left)))
  right <- c(rep("", n - length(right)), right)
  sub("\\s+$", "", ifelse(nzchar(right), at_column(left, 49L, right), left))
}

test_lines <- function(test) {
  t <- !is.na(test$ddf)
  name <- if (t) sprintf("F(%d, %d)", test$df_m, as.integer(test$ddf)) else sprintf("Wald chi2(%d)", test$df_m)
  right_line(c(name, if (t) "Prob > F" else "Prob > chi2"), c(stata_fixed(test$chi2, 9L, 2L),
                                                              stata_fixed(test$p, 6L, 4L)))
}

model_likelihood_line <- function(fit, method) {
  if (!method %in% c("REML", "ML")) return("")
  sprintf("Log %slikelihood = %s", if (method == "REML") "restricted-" else "",
          stata_general(as.numeric(stats::logLik(fit)), 10L))
}

format_model_table <- function(blocks, depvar, test, level) {
  t <- if (is.na(test$ddf)) "z" else "t"
  head <- sprintf("%s | Coefficient  Std. err.      %s    P>|%s|     %s", justify(abbreviate_name(depvar, 12L), 12L), t,
                  t, meta_ci_head(level, 18))
  bar <- rule(13L, 64L)
  equations <- if (!is.null(names(blocks))) paste0(justify(abbreviate_name(names(blocks), 12L), 13L, left = TRUE), "|")
  body <- unlist(lapply(seq_along(blocks), function(i) c(bar, equations[i], regress_lines(blocks[[i]]))))
  c(strrep("-", 78L), head, body, strrep("-", 78L))
}

homogeneity_line <- function(fit) {
  at_column(sprintf("Test of homogeneity: Q_M = chi2(%d) = %s", as.integer(fit$QEdf), meta_stat(fit$QE)), 60L,
            sprintf("Prob > Q_M = %s", stata_fixed(fit$QEp, 6L, 4L)))
}

# The table of standard deviations and correlations (or variances and covariances) of each level.
format_random_effects <- function(re, variance = FALSE) {
  bar <- rule(29L, 11L)
  title <- "   Random-effects parameters |   Estimate"
  block <- function(one) {
    head <- paste0(if (nzchar(one$level)) paste0(one$level, ": "), one$kind, if (!nzchar(one$level)) ":")
    rows <- random_effect_rows(one, variance)
    c(bar, paste0(justify(head, 29L, left = TRUE), "|"),
      paste0(justify(rows$name, 28L), " |  ", stata_general(rows$value, 9L), ifelse(rows$fixed, "  (fixed)", "")))
  }
  c("", bar_top(bar), title, unlist(lapply(re, block)), bar_top(bar))
}

bar_top <- function(bar) gsub("+", "-", bar, fixed = TRUE)

random_effect_rows <- function(one, variance) {
  S <- one$Sigma
  sd <- sqrt(diag(S))
  p <- nrow(S)
  shared <- one$kind %in% c("Identity", "Exchangeable") && p > 1L
  names <- if (shared) paste(one$names, collapse = " ") else one$names
  rows <- data.frame(name = sprintf(if (variance) "var(%s)" else "sd(%s)", names),
                     value = if (variance) diag(S)[seq_along(names)] else sd[seq_along(names)],
                     fixed = rep_len(one$fixed, length(names)))
  pairs <- which(lower.tri(S), arr.ind = TRUE)
  if (one$kind == "Exchangeable") pairs <- pairs[1L, , drop = FALSE]
  if (p < 2L || one$kind %in% c("Identity", "Independent")) return(rows)
  own <- paste(one$names[pairs[, 2L]], one$names[pairs[, 1L]], sep = ",")
  if (shared) own <- paste(one$names, collapse = " ")
  value <- if (variance) S[pairs] else ifelse(S[pairs] == 0, 0, S[pairs] / (sd[pairs[, 1L]] * sd[pairs[, 2L]]))
  rbind(rows, data.frame(name = sprintf(if (variance) "cov(%s)" else "corr(%s)", own), value = value, fixed = FALSE))
}

# ---- e() ---------------------------------------------------------------------------------------

# Coefficients under `equation:name`, standard deviations as Stata names them behind them: lns1_1_1:_cons.
model_matrices <- function(b, V, names, sds) {
  all <- c(names, names(sds))
  full <- matrix(0, length(all), length(all), dimnames = list(all, all))
  full[seq_along(names), seq_along(names)] <- V
  list(b = matrix(c(b, sds), 1L, dimnames = list("y1", all)), V = full, k_f = length(names), k_r = length(sds))
}

term_names <- function(terms, equation = NULL) {
  name <- c(coefficient_words(terms), "_cons")
  if (is.null(equation)) name else paste0(equation, ":", name)
}

model_return <- function(fit, test, method) {
  out <- list(N = test$k, df_m = test$df_m, df_r = test$ddf, ll = if (method %in% c("REML", "ML"))
    as.numeric(stats::logLik(fit)), p = test$p, Q_M = fit$QE, df_Q_M = fit$QEdf, p_Q_M = fit$QEp)
  out[[if (is.na(test$ddf)) "chi2" else "F"]] <- test$chi2
  Filter(function(v) !is.null(v) && !is.na(v[1L]), out)
}
