# prtest, bitest, sdtest, ttesti, signtest, spearman, ktau, swilk, ksmirnov, robvar, centile, median: classical tests
# beside those of stata-lang-tests.R. Source: Stata's Base Reference manual, the entries of these names (methods and
# formulas). Oracle: prop.test(), binom.test(), var.test(), cor.test(), shapiro.test(), ks.test(), kruskal.test().

# prtest x == #p; prtest x, by(g); prtest x == y
run_prtest <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", level = "l", cluster = "cl", rho = "rho"))
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  rows <- selected_rows(command, session, rows)
  binary <- function(v) {
    x <- numeric_operand(session$data[[v]])[rows]
    x <- x[!is.na(x)]
    if (!length(x)) abort_stata("no observations", 2000L)
    if (!all(x %in% 0:1)) abort_stata(sprintf("%s is not a 0/1 variable", v), 450L)
    list(n = length(x), p = mean(x))
  }
  tokens <- command$rest
  equal <- which(tokens$text %in% c("==", "="))
  name <- expand_varlist(if (length(equal)) tokens[seq_len(equal[1L] - 1L), ] else tokens, session, 1L, 1L)
  if (!is.null(o$by)) {
    s <- grouped_sample(one_list(command, name), o, session, rows)
    if (s$k != 2L) abort_stata(sprintf("%d groups found, 2 required", s$k), 420L)
    if (!all(s$x %in% 0:1)) abort_stata(sprintf("%s is not a 0/1 variable", name), 450L)
    n <- tabulate(s$g, 2L)
    return(prtest_two(n, as.vector(rowsum(s$x, s$g)) / n, s$shown, "Group", level, session))
  }
  if (!length(equal)) abort_stata("by() option or == required", 198L)
  right <- tokens[-seq_len(equal[1L]), ]
  a <- binary(name)
  if (nrow(right) == 1L && right$type == "name" && right$text %in% names(session$data)) {
    b <- binary(right$text)
    return(prtest_two(c(a$n, b$n), c(a$p, b$p), c(name, right$text), "Variable", level, session))
  }
  prtest_one(a$n, a$p, evaluate_scalar(right, session), name, level, session)
}

# prtesti n p p0; prtesti n1 p1 n2 p2 [, count]
run_prtesti <- function(command, session, rows) {
  o <- command_options(command, c(level = "l", count = "c"))
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  x <- number_arguments(command$rest, command$text, session)
  if (!length(x) %in% 3:4 || anyNA(x)) abort_stata("invalid syntax: prtesti #obs1 #p1 #p2, or #obs1 #p1 #obs2 #p2",
    198L)
  if (!is.null(o$count)) for (i in c(2L, if (length(x) == 4L) 4L)) x[i] <- x[i] / x[i - 1L]
  if (length(x) == 3L) return(prtest_one(x[1L], x[2L], x[3L], "x", level, session))
  prtest_two(x[c(1L, 3L)], x[c(2L, 4L)], c("x", "y"), "Variable", level, session)
}

prtest_one <- function(n, p, null, name, level, session) {
  if (is.na(null) || null <= 0 || null >= 1) abort_stata("the hypothesized proportion must lie between 0 and 1", 198L)
  z <- (p - null) / sqrt(null * (1 - null) / n)
  se <- sqrt(p * (1 - p) / n)
  session$r <- list(z = z, P_1 = p, N_1 = n, N = n, p = two_sided_p(z), se = se)
  head <- to_right("One-sample test of proportion", sprintf("Number of obs      = %s", justify(format(n,
    big.mark = ","), 8L)), 78L)
  emit(session, c("", head, "", prtest_table("Variable", list(list(name, p, se)), level), prtest_tail(z, p, null,
    name)))
}

prtest_head <- function(what, level) {
  sprintf("%s |       Mean   Std. Err.      z    P>|z|     %s", justify(what, 12L), ci_heading(level))
}

prtest_row <- function(name, p, se, level, z = NULL) {
  reach <- critical_value(level) * se
  paste0(justify(abbreviate_name(name, 12L), 12L), " |  ", stata_general(p, 9L), "  ", stata_general(se, 9L), " ",
         if (is.null(z)) strrep(" ", 16L) else paste0(stata_fixed(z, 8L, 2L), " ", stata_fixed(two_sided_p(z), 7L, 3L)),
         "    ", stata_general(p - reach, 9L), "   ", stata_general(p + reach, 9L))
}

prtest_table <- function(what, rows, level) {
  c(strrep("-", 78L), sub("z    P>|z|", "          ", prtest_head(what, level), fixed = TRUE), rule(13L, 64L),
    vapply(rows, function(r) prtest_row(r[[1L]], r[[2L]], r[[3L]], level), ""), strrep("-", 78L))
}

prtest_tail <- function(z, p, null, name) {
  shown <- trimws(stata_general(null, 9L))
  low <- stats::pnorm(z)
  c(to_right(sprintf("    p = proportion(%s)", name), sprintf("z = %s", stata_fixed(z, 8L, 4L)), 78L),
    sprintf("Ho: p = %s", shown), "", ttest_alternatives("p", shown),
    sprintf(" Pr(Z < z) = %.4f         Pr(|Z| > |z|) = %.4f          Pr(Z > z) = %.4f", low, two_sided_p(z), 1 - low))
}

prtest_two <- function(n, p, names, what, level, session) {
  pooled <- sum(n * p) / sum(n)
  d <- p[1L] - p[2L]
  v <- p * (1 - p) / n
  se0 <- sqrt(pooled * (1 - pooled) * sum(1 / n))
  z <- d / se0
  low <- stats::pnorm(z)
  session$r <- list(z = z, P_1 = p[1L], P_2 = p[2L], N_1 = n[1L], N_2 = n[2L], P_diff = d, se_diff = sqrt(sum(v)),
                    se_diff0 = se0, p = two_sided_p(z))
  head <- to_right("Two-sample test of proportions", sprintf("%s: Number of obs = %s", justify(names[1L], 12L),
                                                             justify(n[1L], 8L)), 78L)
  second <- to_right("", sprintf("%s: Number of obs = %s", justify(names[2L], 12L), justify(n[2L], 8L)), 78L)
  null <- paste0("             |  under Ho:  ", stata_general(se0, 9L), " ", stata_fixed(z, 8L, 2L), " ",
                 stata_fixed(two_sided_p(z), 7L, 3L))
  emit(session, c("", head, second, strrep("-", 78L), prtest_head(what, level), rule(13L, 64L),
                  prtest_row(names[1L], p[1L], sqrt(v[1L]), level), prtest_row(names[2L], p[2L], sqrt(v[2L]), level),
                  rule(13L, 64L), prtest_row("diff", d, sqrt(sum(v)), level), null, strrep("-", 78L),
                  to_right(sprintf("        diff = prop(%s) - prop(%s)", names[1L], names[2L]),
                           sprintf("z = %s", stata_fixed(z, 8L, 4L)), 78L), "    Ho: diff = 0", "",
                  ttest_alternatives("diff", "0"),
                  sprintf(" Pr(Z < z) = %.4f         Pr(|Z| > |z|) = %.4f          Pr(Z > z) = %.4f", low,
                    two_sided_p(z),
                          1 - low)))
}

# bitest x == #p; bitesti n k p
run_bitest <- function(command, session, rows) {
  no_options(command, c("detail", "d"))
  tokens <- command$rest
  equal <- which(tokens$text %in% c("==", "="))
  if (length(equal) != 1L) abort_stata("invalid syntax: bitest varname == #p", 198L)
  name <- expand_varlist(tokens[seq_len(equal - 1L), ], session, 1L, 1L)
  x <- numeric_operand(session$data[[name]])[selected_rows(command, session, rows)]
  x <- x[!is.na(x)]
  if (!all(x %in% 0:1)) abort_stata(sprintf("%s is not a 0/1 variable", name), 450L)
  binomial_test(length(x), sum(x), evaluate_scalar(tokens[-seq_len(equal), ], session), name, session)
}

run_bitesti <- function(command, session, rows) {
  no_options(command, c("detail", "d"))
  x <- number_arguments(command$rest, command$text, session)
  if (length(x) != 3L || anyNA(x)) abort_stata("invalid syntax: bitesti #N #succ #p", 198L)
  if (x[2L] > 0 && x[2L] < 1) x[2L] <- round(x[1L] * x[2L])
  binomial_test(x[1L], x[2L], x[3L], "", session)
}

binomial_test <- function(n, k, p, name, session) {
  if (n < 1 || is.na(p) || p <= 0 || p >= 1) abort_stata("the hypothesized p must lie between 0 and 1", 198L)
  test <- stats::binom.test(k, n, p)
  upper <- stats::pbinom(k - 1, n, p, lower.tail = FALSE)
  lower <- stats::pbinom(k, n, p)
  opposite <- opposite_tail(k, n, p)
  session$r <- list(N = n, P_p = p, k = k, p_l = lower, p_u = upper, p = test$p.value, P_o = k / n, k_opp = opposite)
  two <- if (is.na(opposite)) sprintf("  Pr(k >= %d)            = %.6f  (two-sided test)", as.integer(k),
    test$p.value) else
    sprintf("  Pr(k <= %d or k >= %d) = %.6f  (two-sided test)", as.integer(min(k, opposite)),
            as.integer(max(k, opposite)), test$p.value)
  emit(session, c("", paste0(justify(if (nzchar(name)) "Variable |" else "", 14L),
    "        N   Observed k   Expected k   Assumed p   Observed p"),
                  if (nzchar(name)) rule(13L, 60L) else strrep("-", 72L),
                  paste0(if (nzchar(name)) paste0(justify(abbreviate_name(name, 12L), 12L), " |") else strrep(" ", 14L),
                         justify(n, 9L), justify(k, 13L), justify(trimws(stata_general(n * p, 9L)), 13L),
                           stata_fixed(p, 12L, 5L),
                         stata_fixed(k / n, 13L, 5L)), "",
                  sprintf("  Pr(k >= %d)            = %.6f  (one-sided test)", as.integer(k), upper),
                  sprintf("  Pr(k <= %d)            = %.6f  (one-sided test)", as.integer(k), lower), two))
}

# The number of successes on the other side that is no likelier than k.
opposite_tail <- function(k, n, p) {
  if (k == n * p) return(k)
  own <- stats::dbinom(k, n, p)
  all <- stats::dbinom(0:n, n, p)
  other <- if (k > n * p) which(all <= own * (1 + 1e-7) & 0:n < n * p) else which(all <= own * (1 + 1e-7) & 0:n > n * p)
  if (!length(other)) return(NA_real_)
  if (k > n * p) max(other) - 1 else min(other) - 1
}

# sdtest x == #; sdtest x == y; sdtest x, by(g)
run_sdtest <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", level = "l"))
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  rows <- selected_rows(command, session, rows)
  tokens <- command$rest
  equal <- which(tokens$text %in% c("==", "="))
  if (!is.null(o$by)) {
    s <- grouped_sample(command, o, session, rows)
    if (s$k != 2L) abort_stata(sprintf("%d groups found, 2 required", s$k), 420L)
    return(sdtest_two(s$x[s$g == 1L], s$x[s$g == 2L], s$shown, "Group", level, session))
  }
  if (!length(equal)) abort_stata("by() option or == required", 198L)
  name <- expand_varlist(tokens[seq_len(equal[1L] - 1L), ], session, 1L, 1L)
  full <- function(v) {
    x <- numeric_operand(session$data[[v]])[rows]
    x[!is.na(x)]
  }
  right <- tokens[-seq_len(equal[1L]), ]
  if (nrow(right) == 1L && right$type == "name" && right$text %in% names(session$data)) {
    return(sdtest_two(full(name), full(right$text), c(name, right$text), "Variable", level, session))
  }
  sdtest_one(full(name), evaluate_scalar(right, session), name, level, session)
}

sdtest_one <- function(x, null, name, level, session) {
  if (length(x) < 2L) abort_stata("insufficient observations", 2001L)
  df <- length(x) - 1L
  chi2 <- df * stats::var(x) / null^2
  low <- stats::pchisq(chi2, df)
  session$r <- list(N = length(x), sd = stats::sd(x), df = df, chi2 = chi2, p_l = low, p_u = 1 - low,
                    p = 2 * min(low, 1 - low))
  shown <- trimws(stata_general(null, 9L))
  emit(session, c(ttest_head("One-sample test of variance", "Variable", level), ttest_line(sample_row(name, x, level)),
                  strrep("-", 78L),
                  to_right(sprintf("    sd = sd(%s)", name), sprintf("c = chi2 = %s", stata_fixed(chi2, 8L, 4L)), 78L),
                  to_right(sprintf("Ho: sd = %s", shown), sprintf("degrees of freedom = %s", justify(df, 8L)), 78L), "",
                  ttest_alternatives("sd", shown),
                  sprintf(" Pr(C < c) = %.4f         2*Pr(C %s c) = %.4f           Pr(C > c) = %.4f", low,
                          if (low < 0.5) "<" else ">", 2 * min(low, 1 - low), 1 - low)))
}

sdtest_two <- function(x, y, names, what, level, session) {
  if (length(x) < 2L || length(y) < 2L) abort_stata("insufficient observations", 2001L)
  f <- stats::var(x) / stats::var(y)
  df <- c(length(x), length(y)) - 1L
  low <- stats::pf(f, df[1L], df[2L])
  session$r <- list(N = length(x) + length(y), F = f, df_1 = df[1L], df_2 = df[2L], sd_1 = stats::sd(x),
                    sd_2 = stats::sd(y), p_l = low, p_u = 1 - low, p = 2 * min(low, 1 - low))
  emit(session, c(ttest_head("Variance ratio test", what, level), ttest_line(sample_row(names[1L], x, level)),
                  ttest_line(sample_row(names[2L], y, level)), rule(9L, 68L),
                  ttest_line(sample_row("combined", c(x, y), level)), strrep("-", 78L),
                  to_right(sprintf("    ratio = sd(%s) / sd(%s)", names[1L], names[2L]),
                           sprintf("f = %s", stata_fixed(f, 8L, 4L)), 78L),
                  to_right("Ho: ratio = 1", sprintf("degrees of freedom = %s", justify(sprintf("%d, %d", df[1L],
                    df[2L]), 8L)),
                           78L), "", ttest_alternatives("ratio", "1"),
                  sprintf("  Pr(F < f) = %.4f         2*Pr(F %s f) = %.4f           Pr(F > f) = %.4f", low,
                          if (low < 0.5) "<" else ">", 2 * min(low, 1 - low), 1 - low)))
}

# ttesti n mean sd #; ttesti n1 mean1 sd1 n2 mean2 sd2 [, unequal]
run_ttesti <- function(command, session, rows) {
  o <- command_options(command, c(unequal = "une", welch = "w", level = "l"))
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  v <- number_arguments(command$rest, command$text, session)
  if (!length(v) %in% c(4L, 6L) || anyNA(v)) abort_stata("invalid syntax: ttesti #obs #mean #sd #val", 198L)
  # Two values per moment give the sample that the formulas need.
  made <- function(n, mean, sd) {
    if (n < 2 || n != trunc(n) || n > 1e7) abort_stata("the number of observations must be a whole number above 1",
      198L)
    z <- seq_len(n)
    z <- (z - mean(z)) / stats::sd(z)
    mean + sd * z
  }
  x <- made(v[1L], v[2L], v[3L])
  if (length(v) == 4L) return(ttest_one(x, v[4L], "x", level, session))
  ttest_two(x, made(v[4L], v[5L], v[6L]), c("x", "y"), o, level, session)
}

# robvar x, by(g): Levene's test and those of Brown and Forsythe.
run_robvar <- function(command, session, rows) {
  o <- command_options(command, c(by = "by"), required = "by")
  s <- grouped_sample(command, o, session, rows)
  test <- function(centre) {
    z <- abs(s$x - vapply(split(s$x, s$g), centre, 0)[s$g])
    n <- tabulate(s$g, s$k)
    m <- as.vector(rowsum(z, s$g)) / n
    sum(n * (m - mean(z))^2) / (s$k - 1) / (sum((z - m[s$g])^2) / (length(z) - s$k))
  }
  trimmed <- function(x) {
    cut <- stats::quantile(x, c(0.05, 0.95), type = 2, names = FALSE)
    mean(x[x >= cut[1L] & x <= cut[2L]])
  }
  w <- c(w0 = test(mean), w50 = test(stats::median), w10 = test(trimmed))
  df <- c(s$k - 1L, length(s$x) - s$k)
  p <- upper_p(w, df[1L], df[2L])
  session$r <- list(N = length(s$x), w50 = w[["w50"]], p_w50 = p[2L], w0 = w[["w0"]], p_w0 = p[1L], w10 = w[["w10"]],
                    p_w10 = p[3L], df_1 = df[1L], df_2 = df[2L])
  line <- function(name, i) sprintf("%s = %s   df(%d, %d)     Pr > F = %s", justify(name, 3L, TRUE),
                                    justify(stata_general(w[[i]], 10L), 11L), df[1L], df[2L],
                                    trimws(stata_general(p[i], 10L)))
  emit(session, c(summary_table(s, session), "", line("W0", 1L), "", line("W50", 2L), "", line("W10", 3L)))
}

# signtest x = exp
run_signtest <- function(command, session, rows) {
  pairs <- paired_differences(command, session, rows, "signtest")
  d <- pairs$d
  k <- c(sum(d > 0), sum(d < 0), sum(d == 0))
  n <- k[1L] + k[2L]
  up <- stats::pbinom(k[1L] - 1, n, 0.5, lower.tail = FALSE)
  down <- stats::pbinom(k[2L] - 1, n, 0.5, lower.tail = FALSE)
  p <- if (n) min(1, 2 * min(up, down)) else 1
  session$r <- list(N_neg = k[2L], N_pos = k[1L], N_tie = k[3L], p_2 = p, p_neg = down, p_pos = up)
  line <- function(name, a, b) paste0(justify(name, 12L), " |", justify(a, 12L), justify(trimws(stata_general(b, 9L)),
    12L))
  left <- pairs$left
  right <- pairs$right
  most <- max(k[1L], k[2L])
  emit(session, c("", "Sign test", "", "        sign |    observed    expected", rule(13L, 24L), line("positive",
    k[1L], n / 2),
                  line("negative", k[2L], n / 2), line("zero", k[3L], k[3L]), rule(13L, 24L), line("all", length(d),
                    length(d)),
                  "", "One-sided tests:", sprintf("  Ho: median of %s - %s = 0 vs.", left, right),
                  sprintf("  Ha: median of %s - %s > 0", left, right), sprintf("      Pr(#positive >= %d) =", k[1L]),
                  sprintf("         Binomial(n = %d, x >= %d, p = 0.5) = %s", n, k[1L], stata_fixed(up, 7L, 4L)), "",
                  sprintf("  Ho: median of %s - %s = 0 vs.", left, right),
                  sprintf("  Ha: median of %s - %s < 0", left, right), sprintf("      Pr(#negative >= %d) =", k[2L]),
                  sprintf("         Binomial(n = %d, x >= %d, p = 0.5) = %s", n, k[2L], stata_fixed(down, 7L, 4L)), "",
                  "Two-sided test:", sprintf("  Ho: median of %s - %s = 0 vs.", left, right),
                  sprintf("  Ha: median of %s - %s != 0", left, right),
                  sprintf("      Pr(#positive >= %d or #negative >= %d) =", most, most),
                  sprintf("         min(1, 2*Binomial(n = %d, x >= %d, p = 0.5)) = %s", n, most, stata_fixed(p, 7L,
                    4L))))
}

# spearman a b ...: ranks over the rows that have all of them.
run_spearman <- function(command, session, rows) {
  o <- command_options(command, c(stats = "st", print = "p", star = "sta", bonferroni = "b", sidak = "sid", pw = "pw",
                                  matrix = "m"))
  for (bad in intersect(names(o), c("bonferroni", "sidak"))) abort_unsupported(sprintf("option %s of spearman", bad))
  x <- rank_columns(command, session, rows)
  rho <- stats::cor(apply(x, 2L, rank))
  n <- nrow(x)
  p <- two_sided_p(rho * sqrt((n - 2) / pmax(1 - rho^2, 1e-300)), n - 2)
  session$r <- list(N = n, rho = rho[2L, 1L], p = p[2L, 1L])
  if (ncol(x) == 2L) {
    return(emit(session, c("", sprintf(" Number of obs = %7s", format(n, big.mark = ",")),
                           sprintf("Spearman's rho = %13.4f", rho[2L, 1L]), "",
                           sprintf("Test of Ho: %s and %s are independent", colnames(x)[1L], colnames(x)[2L]),
                           sprintf("    Prob > |t| = %13.4f", p[2L, 1L]))))
  }
  rank_matrix(x, rho, p, o, session)
}

rank_columns <- function(command, session, rows) {
  vars <- expand_varlist(command$rest, session, 2L)
  rows <- selected_rows(command, session, rows)
  x <- vapply(session$data[vars], function(v) numeric_operand(v)[rows], numeric(length(rows)))
  x <- matrix(x, length(rows), dimnames = list(NULL, vars))
  x <- x[stats::complete.cases(x), , drop = FALSE]
  if (nrow(x) < 3L) abort_stata("insufficient observations", 2001L)
  x
}

rank_matrix <- function(x, r, p, o, session) {
  vars <- colnames(x)
  star <- if (!is.null(o$star)) number_word(o$star)
  lines <- unlist(lapply(seq_along(vars), function(i) {
    j <- seq_len(i)
    mark <- ifelse(j < i & !is.null(star) & p[i, j] <= (star %||% 0), "*", " ")
    line <- function(name, cells) paste0(justify(abbreviate_name(name, 12L), 12L), " |", paste(cells, collapse = ""))
    c(line(vars[i], paste0(stata_fixed(r[i, j], 9L, 4L), mark)),
      if (grepl("\\bp\\b", c(o$stats, "")[1L])) line("", c(paste0(stata_fixed(p[i, j[-i]], 9L, 4L), " "))))
  }))
  emit(session, c(sprintf("(obs=%s)", format(nrow(x), big.mark = ",")), "",
                  paste0(strrep(" ", 13L), "|", paste(justify(abbreviate_name(vars, 8L), 9L), collapse = " ")),
                  rule(13L, 10L * length(vars)), lines))
}

# ktau a b: Kendall's tau-a, tau-b, score with its standard error and the continuity-corrected test.
run_ktau <- function(command, session, rows) {
  command_options(command, c(stats = "st", print = "p", star = "sta", pw = "pw"))
  x <- rank_columns(command, session, rows)
  if (ncol(x) > 2L) abort_unsupported("ktau of more than two variables")
  n <- nrow(x)
  pairs <- function(v) sign(outer(v, v, `-`))
  score <- sum(pairs(x[, 1L]) * pairs(x[, 2L])) / 2
  ties <- lapply(1:2, function(j) as.vector(table(x[, j])))
  N <- n * (n - 1) / 2
  tied <- vapply(ties, function(t) sum(t * (t - 1)) / 2, 0)
  s <- function(t, f) sum(vapply(t, f, 0))
  v <- (n * (n - 1) * (2 * n + 5) - s(ties[[1L]], function(t) t * (t - 1) * (2 * t + 5)) -
          s(ties[[2L]], function(t) t * (t - 1) * (2 * t + 5))) / 18 +
    s(ties[[1L]], function(t) t * (t - 1) * (t - 2)) * s(ties[[2L]], function(t) t * (t - 1) * (t - 2)) /
      (9 * n * (n - 1) * (n - 2)) +
    s(ties[[1L]], function(t) t * (t - 1)) * s(ties[[2L]], function(t) t * (t - 1)) / (2 * n * (n - 1))
  z <- if (score == 0) 0 else (abs(score) - 1) / sqrt(v) * sign(score)
  p <- two_sided_p(z)
  session$r <- list(N = n, score = score, tau_a = score / N, tau_b = score / sqrt(prod(N - tied)), se_score = sqrt(v),
    p = p)
  line <- function(name, value) sprintf("%s = %s", justify(name, 19L), value)
  emit(session, c("", line("Number of obs", sprintf("%7s", format(n, big.mark = ","))),
                  line("Kendall's tau-a", sprintf("%12.4f", score / N)),
                  line("Kendall's tau-b", sprintf("%12.4f", session$r$tau_b)),
                  line("Kendall's score", sprintf("%7s", trimws(stata_general(score, 9L)))),
                  paste0(line("SE of score", sprintf("%11.3f", sqrt(v))),
                    if (any(tied > 0)) "   (corrected for ties)"), "",
                  sprintf("Test of Ho: %s and %s are independent", colnames(x)[1L], colnames(x)[2L]),
                  sprintf("     Prob > |z| = %12.4f  (continuity corrected)", p)))
}

# swilk a b: Shapiro and Wilk's test of normality by Royston's approximation.
run_swilk <- function(command, session, rows) {
  no_options(command)
  vars <- expand_varlist(command$rest, session, 1L)
  rows <- selected_rows(command, session, rows)
  lines <- vapply(vars, function(v) {
    x <- numeric_operand(session$data[[v]])[rows]
    x <- x[!is.na(x)]
    if (length(x) < 4L || length(x) > 5000L) abort_stata("swilk needs 4 to 2000 observations", 2001L)
    test <- stats::shapiro.test(x)
    W <- test$statistic[[1L]]
    z <- stats::qnorm(test$p.value, lower.tail = FALSE)
    # V is W's distance from 1 beside its median under normality.
    V <- (1 - W) / royston_distance(length(x))
    session$r <- list(N = length(x), W = W, V = V, z = z, p = test$p.value)
    paste0(justify(abbreviate_name(v, 12L), 12L), " |", justify(length(x), 11L), stata_fixed(W, 11L, 5L),
           stata_fixed(V, 11L, 3L), stata_fixed(z, 10L, 3L), stata_fixed(test$p.value, 11L, 5L))
  }, "", USE.NAMES = FALSE)
  emit(session, c("", "                   Shapiro-Wilk W test for normal data", "",
                  "    Variable |        Obs       W           V         z       Prob>z", rule(13L, 54L), lines))
}

# 1 - W at its median under normality in Royston's (1992) approximation.
royston_distance <- function(n) {
  y <- log(n)
  if (n > 11L) return(exp(-1.5861 - 0.31082 * y - 0.083751 * y^2 + 0.0038915 * y^3))
  exp(-2.273 + 0.459 * n - exp(-(0.544 - 0.39978 * n + 0.025054 * n^2 - 0.0006714 * n^3)))
}

# ksmirnov x, by(g); ksmirnov x = exp
run_ksmirnov <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", exact = "e"))
  if (is.null(o$by)) abort_unsupported("ksmirnov of one sample")
  s <- grouped_sample(command, o, session, rows)
  if (s$k != 2L) abort_stata(sprintf("%d groups found, 2 required", s$k), 420L)
  a <- s$x[s$g == 1L]
  b <- s$x[s$g == 2L]
  at <- sort(unique(s$x))
  gap <- stats::ecdf(b)(at) - stats::ecdf(a)(at)
  d <- c(max(gap, 0), min(gap, 0))
  m <- length(a) * length(b) / length(s$x)
  one <- exp(-2 * m * d^2)
  D <- max(abs(d))
  i <- 1:100
  p <- min(1, max(0, 2 * sum((-1)^(i - 1) * exp(-2 * i^2 * m * D^2))))
  session$r <- list(D_1 = d[1L], p_1 = one[1L], D_2 = d[2L], p_2 = one[2L], D = D, p = p)
  line <- function(name, d, p) sprintf(" %s %s   %s", justify(name, 17L, TRUE), stata_fixed(d, 9L, 4L), stata_fixed(p,
    8L, 3L))
  emit(session, c("", "Two-sample Kolmogorov-Smirnov test for equality of distribution functions", "",
                  " Smaller group             D     P-value  ", paste0(" ", strrep("-", 39L)),
                  line(paste0(s$shown[1L], ":"), d[1L], one[1L]), line(paste0(s$shown[2L], ":"), d[2L], one[2L]),
                  line("Combined K-S:", D, p)))
}

# centile a b [, centile(numlist) level() normal meansd cci]: between order statistics, binomial limits interpolated.
run_centile <- function(command, session, rows) {
  o <- command_options(command, c(centile = "c", level = "l", cci = "cci", normal = "n", meansd = "m"))
  way <- only_one_way(o, c("cci", "normal", "meansd"))
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)[!vapply(session$data, is.character, NA)]
  rows <- selected_rows(command, session, rows)
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  at <- if (is.null(o$centile)) 50 else parse_numlist(o$centile)
  if (any(at < 0 | at > 100)) abort_stata("centile() must lie between 0 and 100", 198L)
  lines <- unlist(lapply(vars, function(v) {
    x <- numeric_operand(session$data[[v]])[rows]
    x <- sort(x[!is.na(x)])
    n <- length(x)
    if (n < 1L) abort_stata("no observations", 2000L)
    found <- lapply(at, function(c) if (way %in% c("normal", "meansd")) normal_centile(x, c / 100, level, way) else
      centile_of(x, c / 100, level, way == "cci"))
    r <- list(N = n, n_cent = length(at), centiles = paste(vapply(at, macro_text, ""), collapse = " "))
    for (i in seq_along(at)) r[sprintf(c("c_%d", "lb_%d", "ub_%d"), i)] <- found[[i]][1:3]
    session$r <- r
    vapply(seq_along(at), function(i) {
      f <- found[[i]]
      paste0(justify(if (i == 1L) abbreviate_name(v, 12L) else "", 12L), " |",
             justify(if (i == 1L) format(n, big.mark = ",") else "", 11L), justify(trimws(stata_general(at[i], 9L)),
               12L),
             justify(trimws(stata_general(f$c, 9L)), 13L), "        ", stata_general(f$lo, 9L), "   ",
               stata_general(f$hi, 9L), if (f$end) "*")
    }, "")
  }))
  note <- if (any(grepl("\\*$", lines))) c("", "* Lower (upper) confidence limit held at minimum (maximum) of sample")
  kind <- c(normal = "-- Normal, based on observed centiles --", meansd = "-- Normal, based on mean and std. dev.--",
            cci = "-- Binomial Exact --")
  emit(session, c("", justify(if (way %in% names(kind)) kind[[way]] else "-- Binom. Interp. --", 76L),
                  sprintf("    Variable |       Obs  Percentile    Centile        %s", ci_heading(level)), rule(13L,
                    65L),
                  lines, note))
}

only_one_way <- function(o, words) {
  given <- intersect(names(o), words)
  if (length(given) > 1L) abort_stata(sprintf("only one of %s may be specified", paste(words, collapse = ", ")), 198L)
  c(given, "")[1L]
}

# Limits from a normal distribution with the sample's mean and standard deviation: around the observed centile, or the
# centile itself from them.
normal_centile <- function(x, q, level, way) {
  n <- length(x)
  s <- stats::sd(x)
  z <- stats::qnorm(q)
  if (way == "meansd") {
    c <- mean(x) + z * s
    se <- s * sqrt(1 / n + z^2 / (2 * (n - 1)))
  } else {
    c <- centile_of(x, q, level, FALSE)$c
    se <- sqrt(q * (1 - q) / n) / stats::dnorm(c, mean(x), s)
  }
  reach <- critical_value(level) * se
  list(c = c, lo = c - reach, hi = c + reach, end = FALSE)
}

centile_of <- function(x, q, level, exact) {
  n <- length(x)
  value <- function(r) {
    i <- floor(r)
    if (i < 1) return(x[1L])
    if (i >= n) return(x[n])
    x[i] + (r - i) * (x[i + 1L] - x[i])
  }
  tail <- (1 - level) / 2
  below <- function(r) stats::pbinom(r - 1, n, q)
  # The order statistics whose tails enclose the level; between them by the tails' own share.
  s <- 0:(n + 1L)
  low <- max(s[below(s) <= tail])
  high <- min(s[1 - below(s) <= tail])
  lo_end <- low < 1
  hi_end <- high > n
  if (exact || q %in% c(0, 1)) {
    lo <- value(max(low, 1))
    hi <- value(min(high, n))
  } else {
    lo <- if (lo_end) x[1L] else value(low + (tail - below(low)) / (below(low + 1) - below(low)))
    up <- 1 - below(high)
    upper <- 1 - below(high - 1)
    hi <- if (hi_end) x[n] else value(high - (tail - up) / (upper - up))
  }
  list(c = value(q * (n + 1)), lo = lo, hi = hi, end = lo_end || hi_end)
}
