# regress: least squares with classical, robust (HC1) and cluster-robust variances; predict after it.
# Source: Stata's Base Reference manual, regress, methods and formulas; White (1980) for the sandwich. Least squares are
# the core's (bias/regression: fit_lm).

run_regress <- function(command, session, rows) {
  o <- command_options(command, c(robust = "r", vce = "vce", cluster = "cl", noconstant = "nocons", level = "l",
                                  beta = "b", noheader = "nohe", notable = "notab", eform = "ef", nolog = "nolog",
                                  hc2 = "hc2", hc3 = "hc3", depname = "dep", allbaselevels = "allbase",
                                  baselevels = "base", vsquish = "vsq", cformat = "cf", pformat = "pf", sformat = "sf"),
                       weights = c("aweight", "fweight", "pweight", "iweight"))
  for (bad in intersect(names(o), c("beta", "eform", "hc2", "hc3", "allbaselevels", "baselevels", "cformat", "pformat",
                                    "sformat"))) {
    abort_unsupported(sprintf("option %s of regress", bad))
  }
  if (!nrow(command$rest) && !is.null(session$regression)) return(emit(session,
      regression_lines(session$regression, o)))
  fit <- fit_regression(command, session, rows, o)
  store_regression(fit, session, command)
  emit(session, regression_lines(fit, o))
}

fit_regression <- function(command, session, rows, o) {
  words <- regressor_words(command$rest, session)
  if (!length(words)) abort_stata("varlist required", 100L)
  y <- numeric_operand(session$data[[find_stata_variable(words[1L], session)]])
  rows <- selected_rows(command, session, rows)
  design <- design_of(words[-1L], session, rows, is.null(o$noconstant))
  if (!ncol(design$X)) abort_stata("no regressors", 198L)
  w <- regression_weights(command, session)
  cluster <- regression_cluster(o, session)
  weighted <- if (is.null(w$value)) rep(TRUE, length(rows)) else !is.na(w$value[rows]) & w$value[rows] > 0
  use <- rows[!is.na(y[rows]) & stats::complete.cases(design$X[rows, , drop = FALSE]) & weighted &
                !is_missing_of(cluster$value, rows)]
  if (length(use) < 2L) abort_stata(if (length(use)) "insufficient observations" else "no observations",
                                    2000L + length(use))
  least_squares(y, design, use, w, cluster, o, session$level, words[1L])
}

is_missing_of <- function(x, rows) if (is.null(x)) rep(FALSE, length(rows)) else is_missing(x[rows])

regression_weights <- function(command, session) {
  if (is.null(command$weight)) return(list(kind = "none"))
  kind <- if (command$weight$kind == "weight") "aweight" else command$weight$kind
  list(kind = kind, value = numeric_operand(evaluate_column(command$weight$tokens, session)))
}

# vce(robust), vce(cluster g), robust, cluster(g)
regression_cluster <- function(o, session) {
  words <- c(plain_words(c(o$vce, "")[1L]), "")
  known <- c(ols = "ols", robust = "r", cluster = "cl", hc2 = "hc2", hc3 = "hc3")
  kind <- if (nzchar(words[1L])) match_option(words[1L], known)
  if (!is.null(kind) && (is.na(kind) || kind %in% c("hc2", "hc3"))) abort_unsupported(sprintf("vce(%s)", o$vce))
  name <- if (!is.null(o$cluster)) o$cluster else if (identical(kind, "cluster")) words[2L]
  if (!is.null(name)) {
    name <- find_stata_variable(name, session)
    return(list(kind = "cluster", name = name, value = session$data[[name]]))
  }
  list(kind = if (!is.null(o$robust) || identical(kind, "robust")) "robust" else "ols")
}

least_squares <- function(y, design, use, w, cluster, o, level, depvar) {
  X <- design$X[use, , drop = FALSE]
  y <- y[use]
  weight <- if (is.null(w$value)) rep(1, length(use)) else w$value[use]
  N <- length(use)
  if (w$kind == "fweight") {
    if (any(weight != trunc(weight))) abort_stata("may not use noninteger frequency weights", 401L)
    N <- sum(weight)
  } else weight <- weight * length(use) / sum(weight)
  if (w$kind == "pweight" && cluster$kind == "ols") cluster$kind <- "robust"
  free <- which(!design$base)
  kept <- free[independent_columns(X[, free, drop = FALSE], design$constant)]
  level <- if (is.null(o$level)) level else number_word(o$level)
  core <- call_core(cpp_regression_lm(y, X[, kept, drop = FALSE], weight, level / 100))
  k <- length(kept)
  e <- exact_residuals(y, X[, kept, drop = FALSE], core$beta)
  rss <- sum(weight * e^2)
  mean <- if (design$constant) sum(weight * y) / sum(weight) else 0
  tss <- sum(weight * (y - mean)^2)
  fit <- list(N = N, k = k, rss = rss, mss = tss - rss, tss = tss, df_r = N - k, df_m = k - design$constant,
              kept = kept, design = design, use = use, depvar = depvar, level = level, cluster = cluster,
              weight = w$kind, weights = weight)
  fit$rmse <- if (rss > 0) sqrt(rss / fit$df_r) else 0
  fit$inverse <- if (isTRUE(core$sigma > 0)) core$vb / core$sigma^2 else
    chol2inv(qr.R(qr(X[, kept, drop = FALSE] * sqrt(weight), tol = 0)))
  fit$beta <- as.numeric(core$beta)
  fit$V <- regression_variance(fit, X[, kept, drop = FALSE], e, weight, w$kind)
  if (cluster$kind == "cluster") {
    fit$n_clusters <- length(unique(cluster$value[use]))
    fit$df_t <- fit$n_clusters - 1
  } else fit$df_t <- fit$df_r
  regression_tests(fit, sum(weight))
}

# What is left of a perfect fit is rounding alone: it is 0.
exact_residuals <- function(y, X, beta) {
  e <- y - drop(X %*% beta)
  size <- abs(y) + drop(abs(X) %*% abs(beta))
  if (length(y) <= ncol(X) || all(abs(e) <= 16 * ncol(X) * .Machine$double.eps * size)) e[] <- 0
  e
}

# The constant, which stands last, is kept before anything that repeats it.
independent_columns <- function(X, constant) {
  k <- ncol(X)
  order <- if (constant) c(k, seq_len(k - 1L)) else seq_len(k)
  kept <- call_core(cpp_independent_columns(X[, order, drop = FALSE]))
  sort(order[kept])
}

regression_variance <- function(fit, X, e, weight, kind) {
  if (fit$rss == 0) return(0 * fit$inverse)
  if (fit$cluster$kind == "ols") return(fit$inverse * fit$rmse^2)
  score <- X * (weight * e)
  n <- fit$N
  if (fit$cluster$kind == "cluster") {
    score <- rowsum(score, match(fit$cluster$value[fit$use], unique(fit$cluster$value[fit$use])))
    g <- nrow(score)
    if (g < 2L) abort_stata("insufficient observations: one cluster alone", 2001L)
    scale <- g / (g - 1) * (n - 1) / (n - fit$k)
  } else {
    if (kind == "fweight") score <- X * (sqrt(weight) * e)
    scale <- n / (n - fit$k)
  }
  fit$inverse %*% crossprod(score) %*% fit$inverse * scale
}

regression_tests <- function(fit, total) {
  fit <- coefficient_tests(fit)
  m <- ncol(fit$design$X)
  tested <- seq_along(fit$kept)[!(fit$design$constant & fit$kept == m)]
  fit$r2 <- fit$mss / fit$tss
  fit$r2_a <- if (fit$df_r > 0) 1 - (1 - fit$r2) * (fit$N - fit$design$constant) / fit$df_r else NA_real_
  fit$F <- model_f(fit, tested)
  fit$p <- if (is.na(fit$F)) NA_real_ else upper_p(fit$F, fit$df_m, fit$df_t)
  fit
}

# The rows of the table of coefficients, omitted ones and base levels among them, and their names.
coefficient_tests <- function(fit) {
  se <- sqrt(diag(fit$V))
  se[!(se > 0)] <- NA_real_
  t <- fit$beta / se
  reach <- critical_value(fit$level / 100, fit$df_t) * se
  m <- ncol(fit$design$X)
  blank <- rep(NA_real_, m)
  put <- function(x) replace(blank, fit$kept, x)
  fit$table <- data.frame(block = fit$design$block, name = fit$design$level, b = put(fit$beta), se = put(se),
                          t = put(t),
                          p = put(two_sided_p(t, fit$df_t)), lo = put(fit$beta - reach), hi = put(fit$beta + reach))
  fit$names <- fit$design$names
  omitted <- setdiff(which(!fit$design$base), fit$kept)
  fit$names[omitted] <- sub("(^|[0-9])([.]?)([^.]+)$", "\\1o.\\3", fit$names[omitted])
  fit$omitted <- omitted
  fit
}

model_f <- function(fit, tested) {
  if (!length(tested)) return(if (fit$cluster$kind == "ols") 0 else NA_real_)
  if (fit$cluster$kind == "ols") return(if (fit$rss > 0) fit$mss / fit$df_m / (fit$rss / fit$df_r) else NA_real_)
  V <- fit$V[tested, tested, drop = FALSE]
  if (length(tested) > fit$df_t || rcond(V) < 1e-14) return(NA_real_)
  sum(fit$beta[tested] * solve(V, fit$beta[tested])) / length(tested)
}

# ---- what is saved -----------------------------------------------------------------------------

# e(b) and e(V): 0 for what was omitted.
stored_estimates <- function(fit) {
  m <- length(fit$names)
  b <- matrix(0, 1L, m, dimnames = list("y1", fit$names))
  b[1L, fit$kept] <- fit$beta
  V <- matrix(0, m, m, dimnames = list(fit$names, fit$names))
  V[fit$kept, fit$kept] <- fit$V
  list(b = b, V = V)
}

store_regression <- function(fit, session, command) {
  stored <- stored_estimates(fit)
  ll <- function(ss) -fit$N / 2 * (log(2 * pi) + log(ss / fit$N) + 1)
  e <- list(N = fit$N, df_m = fit$df_m, df_r = fit$df_t, F = fit$F, r2 = fit$r2, rmse = fit$rmse, mss = fit$mss,
            rss = fit$rss, r2_a = fit$r2_a, ll = ll(fit$rss), ll_0 = ll(fit$tss), rank = fit$k,
            N_clust = fit$n_clusters,
            cmdline = paste("regress", sub("^\\S+\\s*", "", command$text)), title = "Linear regression",
            marginsok = "XB default",
            vce = if (fit$cluster$kind == "ols") "ols" else fit$cluster$kind, depvar = fit$depvar, cmd = "regress",
            properties = "b V", predict = "regres_p", model = if (fit$cluster$kind == "ols") "ols",
            clustvar = fit$cluster$name,
            b = stored$b, V = stored$V)
  session$e <- Filter(Negate(is.null), e)
  session$regression <- fit
  session$estimates <- NULL
  session$sample <- fit$use
  session$r <- coefficient_results(fit$table, fit$names, fit$level, df = fit$df_t)
}

# ---- what is printed ---------------------------------------------------------------------------

regression_lines <- function(fit, o) {
  lines <- unlist(lapply(fit$omitted, function(i) sprintf("note: %s omitted because of collinearity",
                                                          fit$design$names[i])))
  if (is.null(o$noheader)) lines <- c(lines, if (fit$cluster$kind == "ols") anova_header(fit) else robust_header(fit))
  if (is.null(o$notable)) lines <- c(lines, "", coefficient_table(fit))
  lines
}

anova_header <- function(fit) {
  ss <- function(name, ss, df) {
    paste0(justify(name, 12L), " | ", justify(trimws(stata_general(ss, 11L)), 11L), justify(df, 10L),
           justify(if (df > 0) trimws(stata_general(ss / df, 11L)) else ".", 12L))
  }
  bar <- paste0(rule(13L, 34L))
  line <- function(name, value) sprintf("%s = %s", justify(name, 15L, TRUE), justify(value, 9L))
  left <- c("      Source |       SS           df       MS", bar, ss("Model", fit$mss, fit$df_m),
            ss("Residual", fit$rss, fit$df_r), bar, ss("Total", fit$tss, fit$df_m + fit$df_r))
  right <- regression_facts(fit, line)
  c("", paste0(justify(left, 48L, TRUE), "   ", right))
}

# Two columns more than the width of the numbers stand before them.
regression_facts <- function(fit, line, adjusted = TRUE) {
  p <- if (is.na(fit$p)) "." else sprintf("%.4f", fit$p)
  f <- if (is.na(fit$F)) "." else trimws(stata_fixed(fit$F, 9L, 2L))
  c(line("Number of obs", format(fit$N, big.mark = ",")), line(sprintf("F(%d, %d)", fit$df_m, as.integer(fit$df_t)), f),
    line("Prob > F", p), line("R-squared", sprintf("%.4f", fit$r2)),
    if (adjusted) line("Adj R-squared", if (is.na(fit$r2_a)) "." else sprintf("%.4f", fit$r2_a)),
    line("Root MSE", trimws(stata_general(fit$rmse, 9L, 5L))))
}

robust_header <- function(fit) {
  line <- function(name, value) sprintf("%s = %s", justify(name, 17L, TRUE), justify(value, 10L))
  right <- regression_facts(fit, line, FALSE)
  note <- if (fit$cluster$kind == "cluster") {
    justify(sprintf("(Std. Err. adjusted for %d clusters in %s)", fit$n_clusters, fit$cluster$name), 78L)
  }
  c("", paste0(justify(c("Linear regression", rep("", length(right) - 1L)), 48L, TRUE), right),
    if (!is.null(note)) c("", note))
}

# The lines of coefficients; a gap stands between terms, not above the first.
coefficient_rows <- function(table) {
  if (!nrow(table)) return(character())
  body <- regress_lines(table)
  if (length(body) && !nzchar(trimws(sub("|", "", body[1L], fixed = TRUE)))) body[-1L] else body
}

coefficient_table <- function(fit) {
  table <- fit$table[!fit$design$base, ]
  lines <- format_coef_table(table[0L, ], fit$depvar, fit$level / 100)
  robust <- if (fit$cluster$kind != "ols") "             |               Robust"
  body <- coefficient_rows(table)
  c(lines[1L], robust, lines[2:3], body, lines[1L])
}

# ---- predict -----------------------------------------------------------------------------------

prediction_kinds <- c(xb = "xb", residuals = "r", stdp = "stdp", stdf = "stdf", stdr = "stdr", leverage = "l",
                      hat = "h",
                      rstandard = "rsta", rstudent = "rstu", cooksd = "c", score = "sc")

# predict [type] new [if] [in] [, xb residuals stdp stdf stdr leverage rstandard rstudent cooksd]
predict_regression <- function(command, session, rows) {
  fit <- session$regression
  words <- command$rest$text
  type <- if (length(words) > 1L && words[1L] %in% storage_types) words[1L] else session$type
  name <- check_new_name(utils::tail(words, 1L), session)
  o <- command_options(command, prediction_kinds)
  if (length(o) > 1L) abort_stata("only one statistic may be specified", 198L)
  kind <- c(names(o), "xb")[1L]
  design <- design_of(fit$design$terms, session, fit$use, fit$design$constant)
  at <- match(fit$design$names[fit$kept], design$names)
  value <- predicted(kind, fit, design$X[, at, drop = FALSE], session)
  if (kind %in% c("leverage", "hat", "rstandard", "rstudent", "cooksd", "stdr")) {
    value[setdiff(seq_len(session$n), fit$use)] <- NA_real_
  }
  value[setdiff(seq_len(session$n), selected_rows(command, session, rows))] <- NA_real_
  labels <- c(xb = "Fitted values", residuals = "Residuals", stdp = "S.E. of the prediction",
              stdf = "S.E. of the forecast",
              leverage = "Leverage", hat = "Leverage", rstandard = "Standardized residuals", cooksd = "Cook's D",
              rstudent = "Studentized residuals", stdr = "S.E. of the residual", score = "Residuals")
  if (!length(o)) emit(session, "(option xb assumed; fitted values)")
  store_variable(session, name, value, type, labels[[kind]])
  note_missing(value, session)
}

predicted <- function(kind, fit, X, session) {
  xb <- drop(X %*% fit$beta)
  if (kind == "xb") return(xb)
  if (kind == "stdp") return(sqrt(rowSums((X %*% fit$V) * X)))
  e <- numeric_operand(session$data[[find_stata_variable(fit$depvar, session)]]) - xb
  if (kind %in% c("residuals", "score")) return(e)
  h <- pmin(rowSums((X %*% fit$inverse) * X), 1)
  s <- fit$rmse
  r <- e / (s * sqrt(1 - h))
  r[!is.finite(r)] <- NA_real_
  switch(kind, leverage = , hat = h, stdf = s * sqrt(1 + h), stdr = s * sqrt(1 - h), rstandard = r,
         rstudent = r * sqrt((fit$df_r - 1) / (fit$df_r - r^2)), cooksd = r^2 * h / (1 - h) / fit$k)
}

# testparm varlist: each coefficient of these variables is 0.
run_testparm <- function(text, session, statement) {
  command <- parse_command(paste("testparm", text))
  no_options(command)
  words <- regressor_words(command$rest, session)
  names <- colnames(session$e$b)
  bare <- function(x) gsub("(^|#)[0-9a-z]*[.]", "\\1", x)
  hit <- names[bare(names) %in% bare(words) & diag(session$e$V) > 0]
  if (!length(hit)) abort_stata("no such variables; the specified varlist does not identify any testable coefficients",
                                111L)
  run_test(paste(sprintf("(_b[%s])", hit), collapse = " "), session, statement)
}
