# areg, xtreg with random effects, between effects and maximum likelihood.
# Source: Stata's Base Reference manual, areg; Longitudinal-Data manual, xtreg (methods and formulas: Swamy & Arora
# 1972);
# Oracle: lm() of the transformed data, nlme::lme().

# areg y x ..., absorb(g) [vce(robust|cluster v) level()]
run_areg <- function(command, session, rows) {
  o <- command_options(command, c(absorb = "a", robust = "r", vce = "vce", cluster = "cl", level = "l"),
                       required = "absorb")
  fit <- fit_absorbed(command, session, rows, o, find_stata_variable(trimws(o$absorb), session))
  store_regression(fit, session, command)
  session$e[c("cmd", "title", "absvar", "r2", "r2_a", "rmse", "df_a", "df_m")] <-
    list("areg", "Linear regression, absorbing indicators", fit$panel, fit$r2, fit$r2_a, fit$rmse, fit$df_u, fit$df_m)
  emit(session, absorbed_lines(fit))
}

fit_absorbed <- function(command, session, rows, o, id) {
  fit <- fit_within(command, session, rows, o, id, absorb = TRUE)
  y <- numeric_operand(session$data[[fit$depvar]])[fit$use]
  tss <- sum((y - mean(y))^2)
  fit$r2 <- 1 - fit$rss / tss
  fit$r2_a <- 1 - (1 - fit$r2) * (fit$N - 1) / fit$df_r
  fit$mss <- tss - fit$rss
  fit$tss <- tss
  fit
}

absorbed_lines <- function(fit) {
  line <- function(name, value) sprintf("%s = %s", justify(name, 17L, TRUE), justify(value, 10L))
  number <- function(x) sprintf("%.4f", x)
  right <- c(line("Number of obs", format(fit$N, big.mark = ",")),
             line("No. of categories", format(fit$n_groups, big.mark = ",")),
             line(sprintf("F(%d, %d)", fit$df_m, as.integer(fit$df_t)),
                  if (is.na(fit$F)) "." else trimws(stata_fixed(fit$F, 9L, 2L))),
             line("Prob > F", if (is.na(fit$p)) "." else number(fit$p)), line("R-squared", number(fit$r2)),
             line("Adj R-squared", number(fit$r2_a)), line("Root MSE", number(fit$rmse)))
  left <- c("Linear regression, absorbing indicators", paste("Absorbed variable:", fit$panel), rep("", 5L))
  note <- if (fit$cluster$kind == "cluster") {
    c("", justify(sprintf("(Std. Err. adjusted for %d clusters in %s)", fit$n_clusters, fit$cluster$name), 78L))
  }
  f <- if (fit$cluster$kind == "ols") {
    sprintf("F test of absorbed indicators: F(%d, %d) = %s%s", fit$df_u, as.integer(fit$df_r),
            trimws(stata_fixed(fit$f_u, 9L, 3L)),
            justify(sprintf("Prob > F = %s", number(upper_p(fit$f_u, fit$df_u, fit$df_r))), 22L))
  }
  c(omitted_notes(fit), "", trimws(paste0(justify(left, 48L, TRUE), right), "right"), note, "",
    coefficient_table(fit), f)
}

omitted_notes <- function(fit) {
  vapply(fit$omitted, function(i) sprintf("note: %s omitted because of collinearity", fit$design$names[i]), "")
}

# The rows, outcome, columns and panels of a random-effects model.
panel_data <- function(command, session, rows, o, id) {
  words <- regressor_words(command$rest, session)
  if (!length(words)) abort_stata("varlist required", 100L)
  y <- numeric_operand(session$data[[find_stata_variable(words[1L], session)]])
  g <- session$data[[id]]
  rows <- selected_rows(command, session, rows)
  design <- design_of(words[-1L], session, rows, TRUE)
  cluster <- regression_cluster(o, session)
  if (cluster$kind == "robust") cluster <- list(kind = "cluster", name = id, value = g)
  use <- rows[!is.na(y[rows]) & !is_missing(g[rows]) & stats::complete.cases(design$X[rows, , drop = FALSE]) &
                !is_missing_of(cluster$value, rows)]
  if (length(use) < 2L) abort_stata("no observations", 2000L)
  own <- match(g[use], unique(g[use]))
  list(y = y[use], X = design$X[use, , drop = FALSE], own = own, design = design, use = use, cluster = cluster,
       sizes = tabulate(own), depvar = words[1L], level = if (is.null(o$level)) session$level else number_word(o$level))
}

group_means <- function(x, own) rowsum(x, own) / tabulate(own)

# The estimate of the variance between panels by Swamy and Arora; the weights of the quasi-deviations follow from it.
random_effects <- function(d) {
  free <- which(!d$design$base)
  kept <- free[independent_columns(d$X[, free, drop = FALSE], TRUE)]
  X <- d$X[, kept, drop = FALSE]
  k <- ncol(X)
  n <- max(d$own)
  N <- length(d$y)
  away <- function(x) as.matrix(x) - group_means(as.matrix(x), d$own)[d$own, , drop = FALSE]
  inside <- stats::lm.fit(away(X), away(d$y)[, 1L])
  df <- N - n - inside$rank
  if (df < 1L) abort_stata("insufficient observations", 2001L)
  s2_e <- sum(inside$residuals^2) / df
  between <- stats::lm.fit(group_means(X, d$own), group_means(as.matrix(d$y), d$own)[, 1L])
  if (n <= between$rank) abort_stata("insufficient observations: fewer panels than coefficients", 2001L)
  s2_u <- max(0, sum(between$residuals^2) / (n - between$rank) - s2_e * mean(1 / d$sizes))
  theta <- (1 - sqrt(s2_e / (d$sizes * s2_u + s2_e)))[d$own]
  shrink <- function(x) as.matrix(x) - theta * group_means(as.matrix(x), d$own)[d$own, , drop = FALSE]
  list(X = shrink(X), y = shrink(d$y)[, 1L], kept = kept, raw = X, s2_e = s2_e, s2_u = s2_u, theta = range(theta))
}

run_xtreg_random <- function(command, session, rows, o, id) {
  d <- panel_data(command, session, rows, o, id)
  g <- random_effects(d)
  fit <- list(N = length(d$y), k = length(g$kept), kept = g$kept, design = d$design, use = d$use, depvar = d$depvar,
              level = d$level, cluster = d$cluster, weight = "none", panel = id, n_groups = max(d$own), sizes = d$sizes)
  core <- call_core(cpp_regression_lm(g$y, g$X, rep(1, fit$N), d$level / 100))
  fit$beta <- as.numeric(core$beta)
  e <- g$y - drop(g$X %*% fit$beta)
  fit$rss <- sum(e^2)
  fit$df_r <- fit$N - fit$k
  fit$rmse <- sqrt(fit$rss / fit$df_r)
  fit$inverse <- core$vb / core$sigma^2
  fit$V <- regression_variance(fit, g$X, e, rep(1, fit$N), "none")
  fit$df_t <- NA_real_
  fit$df_m <- fit$k - 1L
  if (d$cluster$kind == "cluster") fit$n_clusters <- length(unique(d$cluster$value[d$use]))
  fit <- random_tests(coefficient_tests(fit))
  fit[c("sigma_u", "sigma_e", "rho")] <- list(sqrt(g$s2_u), sqrt(g$s2_e), g$s2_u / (g$s2_u + g$s2_e))
  fit <- panel_r2(fit, d, g$raw)
  fit$theta <- if (!is.null(o$theta)) g$theta
  store_random(fit, session, command, "xtreg", "Random-effects GLS regression")
  session$e$theta <- if (diff(g$theta) < 1e-12) g$theta[1L]
  session$e[c("sigma_u", "sigma_e", "rho", "r2_w", "r2_b", "r2_o")] <- fit[c("sigma_u", "sigma_e", "rho", "r2_w",
    "r2_b",
                                                                           "r2_o")]
  emit(session, random_lines(fit))
}

random_tests <- function(fit) {
  tested <- seq_len(fit$k - 1L)
  V <- fit$V[tested, tested, drop = FALSE]
  fit$chi2 <- if (length(tested)) sum(fit$beta[tested] * solve(V, fit$beta[tested])) else NA_real_
  fit$p <- if (length(tested)) upper_p(fit$chi2, fit$df_m) else NA_real_
  fit
}

panel_r2 <- function(fit, d, X) {
  xb <- drop(X %*% fit$beta)
  mean_of <- function(x) drop(group_means(as.matrix(x), d$own))
  square <- function(a, b) if (length(a) < 2L || stats::sd(a) == 0) 0 else suppressWarnings(stats::cor(a, b))^2
  fit$r2_w <- square(xb - mean_of(xb)[d$own], d$y - mean_of(d$y)[d$own])
  fit$r2_b <- square(mean_of(xb), mean_of(d$y))
  fit$r2_o <- square(xb, d$y)
  fit
}

store_random <- function(fit, session, command, word, title) {
  stored <- stored_estimates(fit)
  e <- list(N = fit$N, df_m = fit$df_m, chi2 = fit$chi2, p = fit$p, rank = fit$k, N_g = fit$n_groups,
            g_min = min(fit$sizes), g_avg = mean(fit$sizes), g_max = max(fit$sizes), ivar = fit$panel,
            N_clust = fit$n_clusters, cmdline = paste(word, sub("^\\S+\\s*", "", command$text)), cmd = word,
            title = title, depvar = fit$depvar, vce = if (fit$cluster$kind == "ols") "conventional" else "cluster",
            clustvar = fit$cluster$name, properties = "b V", ll = fit$ll, b = stored$b, V = stored$V)
  session$e <- Filter(Negate(is.null), e)
  session$regression <- NULL
  session$estimates <- NULL
  session$sample <- fit$use
  session$r <- coefficient_results(fit$table, fit$names, fit$level)
}

panel_counts <- function(fit, blank = FALSE) {
  line <- function(name, value, left = TRUE) sprintf("%s = %s", justify(name, 17L, left), justify(value, 10L))
  c(line("Number of obs", format(fit$N, big.mark = ",")), line("Number of groups", format(fit$n_groups,
    big.mark = ",")),
    "", "Obs per group:", line("min", format(min(fit$sizes)), FALSE), line("avg", sprintf("%.1f", mean(fit$sizes)),
      FALSE),
    line("max", format(max(fit$sizes)), FALSE))
}

wald_facts <- function(fit) {
  line <- function(name, value) sprintf("%s = %s", justify(name, 17L, TRUE), justify(value, 10L))
  c(line(sprintf("Wald chi2(%d)", fit$df_m), if (is.na(fit$chi2)) "." else trimws(stata_fixed(fit$chi2, 9L, 2L))),
    line("Prob > chi2", if (is.na(fit$p)) "." else sprintf("%.4f", fit$p)))
}

z_table <- function(fit) {
  table <- fit$table[!fit$design$base, ]
  lines <- format_coef_table(table[0L, ], fit$depvar, fit$level / 100, "z")
  robust <- if (fit$cluster$kind != "ols") "             |               Robust"
  body <- coefficient_rows(table)
  c(lines[1L], robust, lines[2:3], body, lines[1L])
}

cluster_note <- function(fit) {
  if (fit$cluster$kind != "cluster") return(character())
  c("", justify(sprintf("(Std. Err. adjusted for %d clusters in %s)", fit$n_clusters, fit$cluster$name), 78L))
}

# theta, the share of the panels' means that is taken off: one number in balanced panels, else its range.
theta_line <- function(theta) {
  if (is.null(theta)) return(NULL)
  number <- trimws(stata_general(unique(theta), 9L))
  paste("theta          =", if (diff(theta) < 1e-12) number[1L] else paste(number, collapse = " to "))
}

random_lines <- function(fit) {
  number <- function(x) sprintf("%.4f", x)
  left <- c("Random-effects GLS regression", paste("Group variable:", fit$panel), "", "R-sq:",
            paste("     within  =", number(fit$r2_w)), paste("     between =", number(fit$r2_b)),
            paste("     overall =", number(fit$r2_o)), "", "", "corr(u_i, X)   = 0 (assumed)", theta_line(fit$theta))
  right <- c(panel_counts(fit), "", wald_facts(fit))
  right <- c(right, rep("", max(0L, length(left) - length(right))))
  table <- z_table(fit)
  tail <- function(name, value, text = "") paste0(justify(name, 12L), " |  ", stata_general(value, 9L), text)
  c(omitted_notes(fit), "", trimws(paste0(justify(left, 48L, TRUE), right), "right"), cluster_note(fit), "",
    table[-length(table)], rule(13L, 64L), tail("sigma_u", fit$sigma_u), tail("sigma_e", fit$sigma_e),
    tail("rho", fit$rho, "   (fraction of variance due to u_i)"), strrep("-", 78L))
}

# Least squares of the panels' means.
run_xtreg_between <- function(command, session, rows, o, id) {
  d <- panel_data(command, session, rows, o, id)
  if (d$cluster$kind != "ols") abort_unsupported("robust variances of xtreg, be")
  n <- max(d$own)
  moved <- d$design
  moved$X <- group_means(d$X, d$own)
  y <- drop(group_means(as.matrix(d$y), d$own))
  fit <- least_squares(y, moved, seq_len(n), list(kind = "none"), list(kind = "ols"), o, session$level, d$depvar)
  fit[c("panel", "n_groups", "sizes")] <- list(id, n, d$sizes)
  fit <- panel_r2(fit, d, d$X[, fit$kept, drop = FALSE])
  groups <- fit$N
  store_regression(fit, session, command)
  fit$N <- length(d$y)
  session$e[c("cmd", "title", "ivar", "N", "N_g", "r2_w", "r2_b", "r2_o")] <-
    list("xtreg", "Between regression", id, fit$N, groups, fit$r2_w, fit$r2_b, fit$r2_o)
  session$regression <- NULL
  session$sample <- d$use
  line <- function(name, value) sprintf("%s = %s", justify(name, 17L, TRUE), justify(value, 10L))
  number <- function(x) sprintf("%.4f", x)
  left <- c("Between regression (regression on group means)", paste("Group variable:", id), "", "R-sq:",
            paste("     within  =", number(fit$r2_w)), paste("     between =", number(fit$r2_b)),
            paste("     overall =", number(fit$r2_o)), "", "",
            sprintf("sd(u_i + avg(e_i.))=  %s", trimws(stata_general(fit$rmse, 9L))))
  right <- c(panel_counts(fit), "", line(sprintf("F(%d,%d)", fit$df_m, as.integer(fit$df_t)),
                                         if (is.na(fit$F)) "." else trimws(stata_fixed(fit$F, 9L, 2L))),
             line("Prob > F", if (is.na(fit$p)) "." else number(fit$p)))
  emit(session, c(omitted_notes(fit), "", trimws(paste0(justify(left, 48L, TRUE), right), "right"), "",
                  coefficient_table(fit)))
}

# The maximum for a random intercept.
random_intercept <- function(d, reml) {
  found <- random_coefficients(d, matrix(1, length(d$y), 1L), "identity", reml)
  found$s2_u <- found$G[1L, 1L]
  found
}

intercept_result <- function(d, found, id) {
  fit <- list(N = length(d$y), k = length(found$kept), kept = found$kept, design = d$design, use = d$use,
              depvar = d$depvar, level = d$level, cluster = list(kind = "ols"), panel = id, n_groups = max(d$own),
              sizes = d$sizes, beta = found$beta, V = found$V, df_t = NA_real_, df_m = length(found$kept) - 1L,
              ll = found$ll)
  random_tests(coefficient_tests(fit))
}

# xtreg, mle
run_xtreg_likelihood <- function(command, session, rows, o, id) {
  d <- panel_data(command, session, rows, o, id)
  if (d$cluster$kind != "ols") abort_unsupported("robust variances of xtreg, mle")
  found <- random_intercept(d, FALSE)
  fit <- intercept_result(d, found, id)
  fit$reml <- FALSE
  null <- d
  null$X <- d$X[, found$kept[length(found$kept)], drop = FALSE]
  null$design$base <- FALSE
  ll_0 <- random_intercept(null, FALSE)$ll
  fit$chi2 <- if (fit$df_m) 2 * (found$ll - ll_0) else NA_real_
  fit$p <- if (fit$df_m) upper_p(fit$chi2, fit$df_m) else NA_real_
  store_random(fit, session, command, "xtreg", "Random-effects ML regression")
  s <- sqrt(c(found$s2_u, found$s2_e))
  rho <- found$s2_u / (found$s2_u + found$s2_e)
  session$e <- c(session$e, list(sigma_u = s[1L], sigma_e = s[2L], rho = rho, ll_0 = ll_0, ll_c = found$ll_c,
                                 chi2_c = 2 * (found$ll - found$ll_c)))
  right <- c(panel_counts(fit), "", sub("Wald chi2", "LR chi2", wald_facts(fit)))
  right[9L] <- sprintf("%s = %s", justify(sprintf("LR chi2(%d)", fit$df_m), 17L, TRUE),
                       justify(if (is.na(fit$chi2)) "." else trimws(stata_fixed(fit$chi2, 9L, 2L)), 10L))
  left <- c("Random-effects ML regression", paste("Group variable:", id), "", "Random effects u_i ~ Gaussian",
            rep("", 5L), sprintf("Log likelihood  = %s", trimws(stata_general(found$ll, 10L))))
  chibar <- max(2 * (found$ll - found$ll_c), 0)
  table <- z_table(fit)
  emit(session, c(omitted_notes(fit), "", trimws(paste0(justify(left, 48L, TRUE), right), "right"), "",
                  table[-length(table)], rule(13L, 64L), sigma_rows(d, found, s, rho, fit$level / 100), strrep("-",
                    78L),
                  sprintf("LR test of sigma_u=0: chibar2(01) = %s%s", trimws(stata_fixed(chibar, 9L, 2L)),
                          justify(sprintf("Prob >= chibar2 = %.3f", if (chibar > 0) upper_p(chibar, 1) / 2 else 1),
                            34L))))
}

sigma_rows <- function(d, found, s, rho, level) {
  V <- if (found$s2_u > 0) found$v_theta else diag(NA_real_, 2L)
  z <- critical_value(level)
  row <- function(name, est, se, lo, hi) {
    paste0(justify(name, 12L), " |  ", stata_general(est, 9L), "  ", stata_general(se, 9L), strrep(" ", 21L),
           stata_general(lo, 9L), "   ", stata_general(hi, 9L))
  }
  se <- sqrt(diag(V))
  slope <- 2 * rho * (1 - rho) * c(1, -1)
  se_rho <- sqrt(drop(t(slope) %*% V %*% slope))
  # The interval of rho is that of its logit, the difference of the logarithms.
  logit <- stats::qlogis(rho) + c(-1, 1) * z * 2 * sqrt(V[1L, 1L] + V[2L, 2L] - 2 * V[1L, 2L])
  c(row("/sigma_u", s[1L], s[1L] * se[1L], s[1L] * exp(-z * se[1L]), s[1L] * exp(z * se[1L])),
    row("/sigma_e", s[2L], s[2L] * se[2L], s[2L] * exp(-z * se[2L]), s[2L] * exp(z * se[2L])),
    row("rho", rho, se_rho, stats::plogis(logit[1L]), stats::plogis(logit[2L])))
}
