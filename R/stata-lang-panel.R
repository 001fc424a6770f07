# xtset, tsset, xtreg (its fixed effects), mean. Source: Stata's Longitudinal-Data manual, xtset and xtreg (methods and
# formulas: the within estimator, F test that all u_i = 0); Base Reference manual, mean. Oracle: lm() with indicators.

# xtset panel [time]; tsset [panel] time; xtset, clear
run_xtset <- function(command, session, rows) {
  o <- command_options(command, c(clear = "clear", delta = "del", yearly = "y", daily = "d", monthly = "m",
                                  quarterly = "q", weekly = "w", generic = "g", noquery = "noq"))
  if (!is.null(o$clear)) return(session$panel <- NULL)
  vars <- expand_varlist(command$rest, session, 0L, 2L)
  if (length(vars)) session$panel <- panel_of(vars, command$word, session)
  if (is.null(session$panel)) abort_stata("panel variable not set; use xtset varname ...", 459L)
  p <- session$panel
  session$r <- Filter(Negate(is.null), list(panelvar = p$id, timevar = p$time, balanced = p$balance))
  emit(session, panel_lines(p, session))
}

panel_of <- function(vars, word, session) {
  alone <- length(vars) == 1L && startsWith(word, "ts")
  id <- if (!alone) vars[1L]
  time <- if (alone) vars[1L] else if (length(vars) == 2L) vars[2L]
  for (v in vars) if (is.character(session$data[[v]])) abort_stata("string variables not allowed in varlist", 109L)
  p <- list(id = id, time = time)
  if (is.null(time)) return(p)
  g <- if (is.null(id)) rep(1, session$n) else session$data[[id]]
  t <- session$data[[time]]
  use <- !is.na(g) & !is.na(t)
  if (anyDuplicated(cbind(g, t)[use, , drop = FALSE])) {
    abort_stata(if (is.null(id)) "repeated time values in sample" else "repeated time values within panel", 451L)
  }
  size <- tabulate(match(g[use], unique(g[use])))
  span <- tapply(t[use], g[use], function(v) diff(range(v)) + 1)
  same <- length(unique(size)) == 1L && length(unique(tapply(t[use], g[use], min))) == 1L
  p$gaps <- any(span > size)
  p$balance <- if (same && !p$gaps) "strongly balanced" else if (length(unique(size)) == 1L) "weakly balanced" else
    "unbalanced"
  p$range <- range(t[use])
  p
}

panel_lines <- function(p, session) {
  line <- function(name, text) sprintf("%s:  %s", justify(name, 21L), text)
  ends <- function() trimws(apply_format(p$range, session$meta[[p$time]]$format))
  c(if (!is.null(p$id)) line("panel variable", paste0(p$id, if (!is.null(p$balance)) sprintf(" (%s)", p$balance))),
    if (!is.null(p$time)) c(line("time variable", sprintf("%s, %s to %s%s", p$time, ends()[1L], ends()[2L],
                                                         if (p$gaps) ", but with gaps" else "")),
                            line("delta", "1 unit")))
}

# ---- xtreg, fe ---------------------------------------------------------------------------------

# xtreg y x ..., fe [i(panel) vce(robust|cluster v) level()]
run_xtreg <- function(command, session, rows) {
  o <- command_options(command, c(fe = "fe", re = "re", be = "be", mle = "mle", pa = "pa", i = "i", robust = "r",
                                  vce = "vce", cluster = "cl", level = "l", theta = "th", nolog = "nolog"))
  if (!is.null(o$pa)) abort_unsupported("xtreg, pa")
  id <- if (!is.null(o$i)) find_stata_variable(o$i, session) else session$panel$id
  if (is.null(id)) abort_stata("panel variable not set; use xtset varname ...", 459L)
  if (!is.null(o$be)) return(run_xtreg_between(command, session, rows, o, id))
  if (!is.null(o$mle)) return(run_xtreg_likelihood(command, session, rows, o, id))
  if (is.null(o$fe)) return(run_xtreg_random(command, session, rows, o, id))
  if (!is.null(o$theta)) abort_stata("option theta is for xtreg, re", 198L)
  fit <- fit_within(command, session, rows, o, id)
  store_regression(fit, session, command)
  session$e[c("cmd", "title", "ivar")] <- list("xtreg", "Fixed-effects (within) regression", id)
  session$e[c("sigma_u", "sigma_e", "rho", "N_g", "r2_w")] <- fit[c("sigma_u", "sigma_e", "rho", "n_groups", "r2_w")]
  emit(session, within_lines(fit))
}

# Least squares of deviations from the panels' means, the grand means added again. areg counts the absorbed indicators
# in its robust variances, xtreg does not.
fit_within <- function(command, session, rows, o, id, absorb = FALSE) {
  words <- regressor_words(command$rest, session)
  y <- numeric_operand(session$data[[find_stata_variable(words[1L], session)]])
  g <- numeric_operand(session$data[[id]])
  rows <- selected_rows(command, session, rows)
  design <- design_of(words[-1L], session, rows, TRUE)
  cluster <- regression_cluster(o, session)
  # Stata takes robust as clustered by the panels.
  if (cluster$kind == "robust" && !absorb) cluster <- list(kind = "cluster", name = id, value = session$data[[id]])
  use <- rows[!is.na(y[rows]) & !is.na(g[rows]) & stats::complete.cases(design$X[rows, , drop = FALSE]) &
                !is_missing_of(cluster$value, rows)]
  if (length(use) < 2L) abort_stata("no observations", 2000L)
  own <- match(g[use], unique(g[use]))
  within <- function(x) x - (rowsum(x, own) / tabulate(own))[own] + mean(x)
  moved <- design
  for (j in seq_len(ncol(design$X) - 1L)) moved$X[use, j] <- within(design$X[use, j])
  y_within <- replace(y, use, within(y[use]))
  fit <- least_squares(y_within, moved, use, list(kind = "none"), list(kind = "ols"), o, session$level, words[1L])
  within_fit(fit, design, y, own, cluster, id, absorb)
}

within_fit <- function(fit, design, y, own, cluster, id, absorb = FALSE) {
  n <- max(own)
  use <- fit$use
  df <- fit$N - fit$k - n + 1L
  if (df < 1L) abort_stata("insufficient observations", 2001L)
  moved <- fit$design$X[use, fit$kept, drop = FALSE]
  within <- function(x) x - (rowsum(x, own) / tabulate(own))[own] + mean(x)
  e <- within(y[use]) - drop(moved %*% fit$beta)
  fit[c("panel", "n_groups", "sizes", "df_r", "cluster")] <- list(id, n, tabulate(own), df, cluster)
  fit$rmse <- fit$sigma_e <- sqrt(fit$rss / df)
  fit$r2_w <- fit$r2
  xb <- drop(design$X[use, fit$kept, drop = FALSE] %*% fit$beta)
  mean_of <- function(x) drop(rowsum(x, own)) / tabulate(own)
  u <- mean_of(y[use]) - mean_of(xb)
  square <- function(a, b) if (length(a) < 2L) NA_real_ else suppressWarnings(stats::cor(a, b))^2
  fit$r2_b <- square(mean_of(xb), mean_of(y[use]))
  fit$r2_o <- square(xb, y[use])
  fit$sigma_u <- stats::sd(u)
  fit$rho <- fit$sigma_u^2 / (fit$sigma_u^2 + fit$sigma_e^2)
  fit$corr <- suppressWarnings(stats::cor(u[own], xb))
  plain <- stats::lm.fit(design$X[use, fit$kept, drop = FALSE], y[use])
  fit$f_u <- ((sum(plain$residuals^2) - fit$rss) / (n - 1)) / (fit$rss / df)
  fit$df_u <- n - 1L
  within_variance(fit, moved, e, if (absorb) n - 1L else 0L)
}

within_variance <- function(fit, X, e, absorbed) {
  fit$V <- regression_variance(replace(fit, "k", fit$k + absorbed), X, e, rep(1, length(e)), "none")
  fit$df_t <- fit$df_r
  if (fit$cluster$kind == "cluster") {
    g <- length(unique(fit$cluster$value[fit$use]))
    fit$n_clusters <- g
    fit$df_t <- g - 1
  }
  fit <- coefficient_tests(fit)
  tested <- seq_len(fit$k - 1L)
  V <- fit$V[tested, tested, drop = FALSE]
  singular <- length(tested) > fit$df_t || !length(tested) || rcond(V) < 1e-14
  fit$F <- if (singular) NA_real_ else sum(fit$beta[tested] * solve(V, fit$beta[tested])) / length(tested)
  fit$p <- if (is.na(fit$F)) NA_real_ else upper_p(fit$F, fit$df_m, fit$df_t)
  fit
}

within_lines <- function(fit) {
  line <- function(name, value, left = TRUE) sprintf("%s = %s", justify(name, 17L, left), justify(value, 10L))
  number <- function(x) sprintf("%.4f", x)
  p <- if (is.na(fit$p)) "." else number(fit$p)
  left <- c("Fixed-effects (within) regression", paste("Group variable:", fit$panel), "", "R-sq:",
            paste("     within  =", number(fit$r2_w)), paste("     between =", number(fit$r2_b)),
            paste("     overall =", number(fit$r2_o)), "", "", sprintf("corr(u_i, Xb)  = %s", number(fit$corr)))
  right <- c(line("Number of obs", format(fit$N, big.mark = ",")),
             line("Number of groups", format(fit$n_groups, big.mark = ",")), "", "Obs per group:",
             line("min", format(min(fit$sizes)), FALSE),
             line("avg", sprintf("%.1f", mean(fit$sizes)), FALSE),
             line("max", format(max(fit$sizes)), FALSE), "",
             line(sprintf("F(%d,%d)", fit$df_m, as.integer(fit$df_t)),
                  if (is.na(fit$F)) "." else trimws(stata_fixed(fit$F, 9L, 2L))), line("Prob > F", p))
  note <- if (fit$cluster$kind == "cluster") {
    c("", justify(sprintf("(Std. Err. adjusted for %d clusters in %s)", fit$n_clusters, fit$cluster$name), 78L))
  }
  table <- coefficient_table(fit)
  tail <- function(name, value, text = "") paste0(justify(name, 12L), " |  ", stata_general(value, 9L), text)
  f <- sprintf("F test that all u_i=0: F(%d, %d) = %s%s", fit$df_u, as.integer(fit$df_r),
               trimws(stata_fixed(fit$f_u, 9L, 2L)),
               justify(sprintf("Prob > F = %s", number(upper_p(fit$f_u, fit$df_u, fit$df_r))), 31L))
  omitted <- vapply(fit$omitted, function(i) sprintf("note: %s omitted because of collinearity", fit$design$names[i]),
                    "")
  c(omitted, "", trimws(paste0(justify(left, 48L, TRUE), right), "right"), note, "", table[-length(table)],
    rule(13L, 64L), tail("sigma_u", fit$sigma_u), tail("sigma_e", fit$sigma_e),
    tail("rho", fit$rho, "   (fraction of variance due to u_i)"), strrep("-", 78L),
    if (fit$cluster$kind == "ols") f)
}

# ---- mean --------------------------------------------------------------------------------------

# mean a b [if] [in] [, level()]: over the rows that have all of them.
run_mean <- function(command, session, rows) {
  if (any(startsWith(as.character(names(command$options)), "over"))) return(run_survey_mean("mean")(command, session,
    rows))
  o <- command_options(command, c(level = "l", noheader = "nohe", nolegend = "nol"))
  vars <- expand_varlist(command$rest, session, 1L)
  rows <- selected_rows(command, session, rows)
  x <- vapply(session$data[vars], function(v) numeric_operand(v)[rows], numeric(length(rows)))
  x <- matrix(x, length(rows), dimnames = list(NULL, vars))
  x <- x[stats::complete.cases(x), , drop = FALSE]
  n <- nrow(x)
  if (n < 2L) abort_stata(if (n) "insufficient observations" else "no observations", 2000L + n)
  level <- if (is.null(o$level)) session$level else number_word(o$level)
  b <- colMeans(x)
  V <- stats::cov(x) / n
  se <- sqrt(diag(V))
  reach <- critical_value(level / 100, n - 1) * se
  session$e <- list(N = n, df_r = n - 1, cmd = "mean", title = "Mean estimation", depvar = "", properties = "b V",
                    b = matrix(b, 1L, dimnames = list("y1", vars)), V = V)
  session$regression <- session$estimates <- NULL
  session$sample <- rows
  table <- rbind(b = b, se = se, t = b / se, pvalue = two_sided_p(b / se, n - 1), ll = b - reach, ul = b + reach)
  session$r <- list(table = table, level = level)
  row <- paste0(justify(abbreviate_name(vars, 12L), 12L), " |  ", stata_general(b, 9L), "  ", stata_general(se, 9L),
                "    ", stata_general(b - reach, 9L), "   ", stata_general(b + reach, 9L))
  head <- paste0("             |       Mean   Std. Err.     ", ci_heading(level / 100))
  emit(session, c("", paste0(justify("Mean estimation", 34L, TRUE), "Number of obs   = ",
                             justify(format(n, big.mark = ","), 10L)), "",
                  strrep("-", 62L), head, rule(13L, 48L), row, strrep("-", 62L)))
}
