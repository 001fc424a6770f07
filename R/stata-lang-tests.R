# ttest, ranksum, signrank, kwallis, oneway, correlate, pwcorr: classical tests. Source: Stata's Base Reference manual,
# the
# entries of these names; layouts after its printed examples (the fuel data).

run_ttest <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", unequal = "une", unpaired = "unp", level = "l", welch = "w"))
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  tokens <- command$rest
  equal <- which(tokens$text %in% c("==", "="))
  rows <- selected_rows(command, session, rows)
  if (!is.null(o$by)) return(ttest_groups(expand_varlist(tokens, session, 1L, 1L), o, rows, level, session))
  if (!length(equal)) abort_stata("by() option or == required", 198L)
  x <- numeric_operand(session$data[[expand_varlist(tokens[seq_len(equal[1L] - 1L), ], session, 1L, 1L)]])[rows]
  right <- tokens[-seq_len(equal[1L]), ]
  name <- tokens$text[1L]
  if (nrow(right) == 1L && right$type == "name" && !right$text %in% names(session$scalars)) {
    other <- find_stata_variable(right$text, session)
    y <- numeric_operand(session$data[[other]])[rows]
    if (!is.null(o$unpaired)) return(ttest_two(x[!is.na(x)], y[!is.na(y)], c(name, other), o, level, session))
    return(ttest_paired(x, y, c(name, other), level, session))
  }
  ttest_one(x[!is.na(x)], evaluate_scalar(right, session), name, level, session)
}

sample_row <- function(name, x, level) {
  n <- length(x)
  se <- stats::sd(x) / sqrt(n)
  reach <- critical_value(level, n - 1) * se
  list(name = name, n = n, mean = mean(x), se = se, sd = stats::sd(x), lo = mean(x) - reach, hi = mean(x) + reach)
}

ttest_line <- function(r) {
  g <- function(x, width) if (is.null(x)) strrep(" ", width) else stata_general(x, width)
  count <- if (is.null(r[["n"]])) strrep(" ", 8L) else justify(format(r[["n"]], big.mark = ","), 8L)
  paste0(justify(abbreviate_name(r$name, 8L), 8L), " |", count, "   ", g(r$mean, 9L), "   ", g(r$se, 9L), "   ",
         g(r$sd, 9L), "   ", g(r$lo, 9L), "   ", g(r$hi, 9L))
}

ttest_head <- function(title, what, level) {
  c("", title, strrep("-", 78L),
    sprintf("%s |     Obs        Mean    Std. Err.   Std. Dev.   %s", justify(what, 8L), ci_heading(level)),
    rule(9L, 68L))
}

# Both sides of the alternative and what stands above them.
ttest_tail <- function(t, df, shown, words, null, session) {
  p <- two_sided_p(t, df)
  low <- if (t < 0) p / 2 else 1 - p / 2
  session$r <- c(list(level = session$level, df_t = df, t = t, p_l = low, p_u = 1 - low, p = p), shown$r)
  freedom <- if (df == trunc(df)) sprintf("%.0f", df) else trimws(stata_general(df, 8L))
  what <- if (isTRUE(shown$welch)) "Welch's degrees of freedom" else
    if (isTRUE(shown$unequal)) "Satterthwaite's degrees of freedom" else "degrees of freedom"
  c(to_right(shown$left[1L], sprintf("t = %s", stata_fixed(t, 8L, 4L)), 78L),
    to_right(shown$left[2L], sprintf("%s = %s", what, justify(freedom, 8L)), 78L), "", ttest_alternatives(words, null),
    sprintf(" Pr(T < t) = %.4f         Pr(|T| > |t|) = %.4f          Pr(T > t) = %.4f", low, p, 1 - low))
}

# Each stands in the middle of its field; what is odd leaves a blank more behind.
ttest_alternatives <- function(word, null) {
  texts <- sprintf("Ha: %s %s %s", word, c("<", "!=", ">"), null)
  lead <- c(21L, 37L, 23L)
  gap <- (lead - nchar(texts)) %/% 2L
  fields <- paste0(strrep(" ", pmax(gap, 0L)), texts)
  paste0(justify(fields[1L], lead[1L], TRUE), justify(fields[2L], lead[2L], TRUE), fields[3L])
}

ttest_one <- function(x, null, name, level, session) {
  if (length(x) < 2L) abort_stata("insufficient observations", 2001L)
  r <- sample_row(name, x, level)
  t <- (r$mean - null) / r$se
  left <- c(sprintf("    mean = mean(%s)", name), sprintf("Ho: mean = %s", trimws(stata_general(null, 9L))))
  tail <- ttest_tail(t, r$n - 1, list(left = left, r = list(se = r$se, mu_1 = r$mean, N_1 = r$n, sd_1 = r$sd)), "mean",
                     trimws(stata_general(null, 9L)), session)
  emit(session, c(ttest_head("One-sample t test", "Variable", level), ttest_line(r), strrep("-", 78L), tail))
}

ttest_paired <- function(x, y, names, level, session) {
  use <- !is.na(x) & !is.na(y)
  x <- x[use]
  y <- y[use]
  if (length(x) < 2L) abort_stata("insufficient observations", 2001L)
  d <- sample_row("diff", x - y, level)
  r <- list(se = d$se, sd_2 = stats::sd(y), sd_1 = stats::sd(x), mu_2 = mean(y), N_2 = length(y), mu_1 = mean(x),
            N_1 = length(x))
  left <- c(sprintf("     mean(diff) = mean(%s - %s)", names[1L], names[2L]), " Ho: mean(diff) = 0")
  tail <- ttest_tail(d$mean / d$se, d$n - 1, list(left = left, r = r), "mean(diff)", "0", session)
  emit(session, c(ttest_head("Paired t test", "Variable", level), ttest_line(sample_row(names[1L], x, level)),
                  ttest_line(sample_row(names[2L], y, level)), rule(9L, 68L), ttest_line(d), strrep("-", 78L), tail))
}

ttest_groups <- function(name, o, rows, level, session) {
  by <- find_stata_variable(o$by, session)
  x <- numeric_operand(session$data[[name]])
  g <- session$data[[by]]
  rows <- rows[!is.na(x[rows]) & !is_missing(g[rows])]
  values <- sort(unique(g[rows]), method = "radix")
  if (length(values) != 2L) abort_stata(sprintf("%s groups found, 2 required",
                                                if (length(values) > 2L) "more than 2" else
    length(values)), 420L)
  shown <- vapply(values, function(v) shown_value(by, session, rows[match(v, g[rows])]), "")
  x <- lapply(values, function(v) x[rows][g[rows] == v])
  ttest_two(x[[1L]], x[[2L]], shown, o, level, session, "Group")
}

ttest_two <- function(x, y, names, o, level, session, what = "Variable") {
  if (length(x) < 2L || length(y) < 2L) abort_stata("insufficient observations", 2001L)
  a <- sample_row(names[1L], x, level)
  b <- sample_row(names[2L], y, level)
  unequal <- !is.null(o$unequal) || !is.null(o$welch)
  va <- a$sd^2 / a$n
  vb <- b$sd^2 / b$n
  df <- if (unequal) (va + vb)^2 / (va^2 / (a$n - 1) + vb^2 / (b$n - 1)) else a$n + b$n - 2
  if (!is.null(o$welch)) df <- -2 + (va + vb)^2 / (va^2 / (a$n + 1) + vb^2 / (b$n + 1))
  pooled <- ((a$n - 1) * a$sd^2 + (b$n - 1) * b$sd^2) / (a$n + b$n - 2)
  se <- if (unequal) sqrt(va + vb) else sqrt(pooled * (1 / a$n + 1 / b$n))
  d <- a$mean - b$mean
  reach <- critical_value(level, df) * se
  left <- c(sprintf("    diff = mean(%s) - mean(%s)", names[1L], names[2L]), "Ho: diff = 0")
  r <- list(se = se, sd_2 = b$sd, sd_1 = a$sd, mu_2 = b$mean, N_2 = b$n, mu_1 = a$mean, N_1 = a$n)
  tail <- ttest_tail(d / se, df, list(left = left, r = r, unequal = unequal, welch = !is.null(o$welch)), "diff", "0",
    session)
  emit(session, c(ttest_head(sprintf("Two-sample t test with %s variances", if (unequal) "unequal" else "equal"), what,
                             level),
                  ttest_line(a), ttest_line(b), rule(9L, 68L), ttest_line(sample_row("combined", c(x, y), level)),
                  rule(9L, 68L), ttest_line(list(name = "diff", mean = d, se = se, lo = d - reach, hi = d + reach)),
                  strrep("-", 78L), tail))
}

# ci [means] a b [, level(#)]: means with their intervals.
run_ci <- function(command, session, rows) {
  o <- command_options(command, c(level = "l", separator = "sep", binomial = "b", proportion_kinds))
  tokens <- command$rest
  kind <- match_option(c(tokens$text, "")[1L], c(means = "mean", proportions = "prop", variances = "var"))
  if (!is.na(kind) && !tokens$text[1L] %in% names(session$data)) {
    if (kind == "variances") abort_unsupported("ci variances")
    tokens <- tokens[-1L, ]
  }
  vars <- expand_varlist(tokens, session)
  if (!length(vars)) vars <- names(session$data)[!vapply(session$data, is.character, NA)]
  level <- if (is.null(o$level)) session$level else number_word(o$level)
  rows <- selected_rows(command, session, rows)
  if (identical(kind, "proportions") || !is.null(o$binomial)) {
    return(ci_proportions(vars, o, rows, level / 100, session))
  }
  lines <- vapply(vars, function(v) {
    x <- numeric_operand(session$data[[v]])[rows]
    x <- x[!is.na(x)]
    if (length(x) < 2L) abort_stata("insufficient observations", 2001L)
    r <- sample_row(v, x, level / 100)
    session$r <- list(N = r$n, mean = r$mean, se = r$se, lb = r$lo, ub = r$hi, level = level)
    paste0(justify(abbreviate_name(v, 12L), 12L), " |", justify(format(r$n, big.mark = ","), 11L), "   ",
           stata_general(r$mean, 9L), "   ", stata_general(r$se, 9L), "       ", stata_general(r$lo, 9L), "   ",
           stata_general(r$hi, 9L))
  }, "", USE.NAMES = FALSE)
  head <- sprintf("    Variable |        Obs        Mean    Std. Err.       %s", ci_heading(level / 100))
  emit(session, c("", head, rule(13L, 63L), lines))
}

# ---- ranks -------------------------------------------------------------------------------------

# Groups of a variable by another one: list(x, g, values, shown).
grouped_sample <- function(command, o, session, rows) {
  name <- expand_varlist(command$rest, session, 1L, 1L)
  by <- find_stata_variable(o$by, session)
  x <- numeric_operand(session$data[[name]])
  g <- session$data[[by]]
  rows <- selected_rows(command, session, rows)
  rows <- rows[!is.na(x[rows]) & !is_missing(g[rows])]
  if (!length(rows)) abort_stata("no observations", 2000L)
  values <- sort(unique(g[rows]), method = "radix")
  shown <- vapply(values, function(v) shown_value(by, session, rows[match(v, g[rows])]), "")
  list(name = name, by = by, x = x[rows], g = match(g[rows], values), shown = unname(shown), k = length(values))
}

# ranksum x, by(g): the variance is that of ranks with ties.
run_ranksum <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", porder = "p"), required = "by")
  s <- grouped_sample(command, o, session, rows)
  if (s$k != 2L) abort_stata(sprintf("%d groups found, 2 required", s$k), 420L)
  n <- tabulate(s$g, 2L)
  N <- sum(n)
  ranks <- rank(s$x)
  sums <- as.vector(rowsum(ranks, s$g))
  expected <- n * (N + 1) / 2
  plain <- n[1L] * n[2L] * (N + 1) / 12
  variance <- n[1L] * n[2L] * stats::var(ranks) / N
  z <- (sums[1L] - expected[1L]) / sqrt(variance)
  session$r <- list(N_1 = n[1L], N_2 = n[2L], sum_obs = sums[1L], sum_exp = expected[1L], z = z, Var_a = variance,
                    p = two_sided_p(z))
  line <- function(name, ...) paste0(justify(abbreviate_name(name, 12L), 12L), " |",
                                     paste0(justify(c(...), c(9L, 12L, 12L)),
                                                                                       collapse = ""))
  g <- function(x) trimws(stata_general(x, 10L))
  labels <- c(line(s$shown[1L], n[1L], g(sums[1L]), g(expected[1L])),
              line(s$shown[2L], n[2L], g(sums[2L]), g(expected[2L])))
  emit(session, c("", "Two-sample Wilcoxon rank-sum (Mann-Whitney) test", "", line(s$by, "obs", "rank sum", "expected"),
                  rule(13L, 33L), labels, rule(13L, 33L), line("combined", N, g(sum(sums)), g(sum(expected))), "",
                  variance_lines(plain, variance), "",
                  sprintf("Ho: %s(%s==%s) = %s(%s==%s)", s$name, s$by, s$shown[1L], s$name, s$by, s$shown[2L]),
                  sprintf("             z = %s", stata_fixed(z, 7L, 3L)),
                  sprintf("    Prob > |z| = %s", stata_fixed(two_sided_p(z), 8L, 4L))))
}

variance_lines <- function(plain, adjusted, zeros = NULL) {
  line <- function(name, x) paste0(justify(name, 19L, TRUE), " ", stata_fixed(x, 11L, 2L))
  c(line("unadjusted variance", plain), line("adjustment for ties",
                                             adjusted + (if (is.null(zeros)) 0 else zeros) - plain),
    if (!is.null(zeros)) line("adjustment for zeros", -zeros), "                     ----------",
    line("adjusted variance", adjusted))
}

# kwallis x, by(g)
run_kwallis <- function(command, session, rows) {
  o <- command_options(command, c(by = "by"), required = "by")
  s <- grouped_sample(command, o, session, rows)
  ranks <- rank(s$x)
  n <- tabulate(s$g, s$k)
  sums <- as.vector(rowsum(ranks, s$g))
  N <- length(ranks)
  chi2 <- 12 / (N * (N + 1)) * sum(sums^2 / n) - 3 * (N + 1)
  ties <- table(ranks)
  adjusted <- chi2 / (1 - sum(ties^3 - ties) / (N^3 - N))
  df <- s$k - 1L
  session$r <- list(df = df, chi2 = chi2, chi2_adj = adjusted)
  width <- max(nchar(s$shown), nchar(s$by), 8L)
  row <- function(a, b, c) sprintf("  | %s | %s | %s |", justify(a, width), justify(b, 4L), justify(c, 9L))
  edge <- paste0("  +", strrep("-", width + 2L + 7L + 12L), "+")
  probability <- function(x) sprintf("probability = %s", stata_fixed(upper_p(x, df), 10L, 4L))
  emit(session, c("", "Kruskal-Wallis equality-of-populations rank test", "", edge, row(s$by, "Obs", "Rank Sum"),
                  paste0("  |", strrep("-", width + 2L), "+", strrep("-", 6L), "+", strrep("-", 11L), "|"),
                  row(s$shown, n, sprintf("%.2f", sums)), edge, "",
                  sprintf("chi-squared = %s with %d d.f.", stata_fixed(chi2, 9L, 3L), df), probability(chi2), "",
                  sprintf("chi-squared with ties = %s with %d d.f.", stata_fixed(adjusted, 9L, 3L), df),
                  probability(adjusted)))
}

# What stands before the sign less what stands behind it, in the rows that have both, and the texts of both.
paired_differences <- function(command, session, rows, word) {
  no_options(command)
  tokens <- command$rest
  equal <- which(tokens$text %in% c("=", "=="))
  if (length(equal) != 1L) abort_stata(paste("invalid syntax:", word, "varname = exp"), 198L)
  rows <- selected_rows(command, session, rows)
  d <- numeric_operand(evaluate_column(tokens[seq_len(equal - 1L), ], session))[rows] -
    numeric_operand(evaluate_column(tokens[-seq_len(equal), ], session))[rows]
  list(d = d[!is.na(d)], left = token_text(command$text, tokens, 1L, equal - 1L),
       right = token_text(command$text, tokens, equal + 1L, nrow(tokens)))
}

# signrank x = y
run_signrank <- function(command, session, rows) {
  pairs <- paired_differences(command, session, rows, "signrank")
  d <- pairs$d
  ranks <- rank(abs(d))
  n <- length(d)
  zero <- sum(d == 0)
  sums <- c(sum(ranks[d > 0]), sum(ranks[d < 0]), sum(ranks[d == 0]))
  plain <- n * (n + 1) * (2 * n + 1) / 24
  zeros <- zero * (zero + 1) * (2 * zero + 1) / 24
  adjusted <- sum(ranks[d != 0]^2) / 4
  expected <- (n * (n + 1) / 2 - sums[3L]) / 2
  z <- (sums[1L] - expected) / sqrt(adjusted)
  session$r <- list(N_neg = sum(d < 0), N_pos = sum(d > 0), N_tie = zero, sum_pos = sums[1L], sum_neg = sums[2L], z = z,
                    Var_a = adjusted, p = two_sided_p(z))
  g <- function(x) justify(trimws(stata_general(x, 10L)), 12L)
  line <- function(name, k, s, e) paste0(justify(name, 12L), " |", justify(k, 9L), g(s), g(e))
  name <- pairs$left
  other <- pairs$right
  emit(session, c("", "Wilcoxon signed-rank test", "", "        sign |      obs   sum ranks    expected",
                  rule(13L, 33L),
                  line("positive", sum(d > 0), sums[1L], expected), line("negative", sum(d < 0), sums[2L], expected),
                  line("zero", zero, sums[3L], sums[3L]), rule(13L, 33L), line("all", n, sum(sums), n * (n + 1) / 2),
                  "",
                  variance_lines(plain, adjusted, zeros), "", sprintf("Ho: %s = %s", name, other),
                  sprintf("             z = %s", stata_fixed(z, 7L, 3L)),
                  sprintf("    Prob > |z| = %s", stata_fixed(two_sided_p(z), 8L, 4L))))
}

# oneway x g [, tabulate]: analysis of variance with Bartlett's test.
run_oneway <- function(command, session, rows) {
  o <- command_options(command, c(tabulate = "t", noanova = "noan", bonferroni = "b", scheffe = "sc", sidak = "si"))
  vars <- expand_varlist(command$rest, session, 2L, 2L)
  s <- grouped_sample(one_list(command, vars[1L]), list(by = vars[2L]), session, rows)
  n <- tabulate(s$g, s$k)
  mean <- as.vector(rowsum(s$x, s$g)) / n
  between <- sum(n * (mean - mean(s$x))^2)
  within <- sum((s$x - mean[s$g])^2)
  N <- length(s$x)
  df <- c(s$k - 1L, N - s$k)
  f <- between / df[1L] / (within / df[2L])
  variance <- vapply(split(s$x, s$g), stats::var, 0)
  bartlett <- bartlett_test(variance, n)
  session$r <- list(N = N, mss = between, df_m = df[1L], rss = within, df_r = df[2L], F = f, chi2bart = bartlett,
                    df_bart = df[1L])
  line <- function(name, ss, d) paste0(justify(name, 15L, TRUE), justify(trimws(stata_general(ss, 11L)), 14L),
                                       justify(d, 7L), justify(trimws(stata_general(ss / d, 11L)), 14L))
  table <- c("                        Analysis of Variance",
             "    Source              SS         df      MS            F     Prob > F", strrep("-", 72L),
             paste0(line("Between groups", between, df[1L]), stata_fixed(f, 10L, 2L),
                    stata_fixed(upper_p(f, df[1L], df[2L]), 11L, 4L)),
             line(" Within groups", within, df[2L]), strrep("-", 72L), line("    Total", between + within, N - 1L), "",
             sprintf("Bartlett's test for equal variances:  chi2(%d) = %s  Prob>chi2 = %.3f", df[1L],
                     stata_fixed(bartlett, 8L, 4L), upper_p(bartlett, df[1L])))
  pairs <- unlist(lapply(intersect(c("bonferroni", "scheffe", "sidak"), names(o)), function(k)
    pairwise_lines(k, s, mean, n, within / df[2L], df, session)))
  emit(session, c(if (!is.null(o$tabulate)) summary_table(s, session), "", if (is.null(o$noanova)) table, pairs))
}

# Differences between row and column means above their p values for so many comparisons.
pairwise_lines <- function(kind, s, mean, n, ms, df, session) {
  m <- s$k * (s$k - 1) / 2
  cell <- function(i, j) {
    d <- mean[i] - mean[j]
    t <- abs(d) / sqrt(ms * (1 / n[i] + 1 / n[j]))
    p <- two_sided_p(t, df[2L])
    p <- switch(kind, bonferroni = min(1, m * p), sidak = min(1, 1 - (1 - p)^m), upper_p(t^2 / df[1L], df[1L], df[2L]))
    c(trimws(stata_general(d, 8L)), sprintf("%.3f", p))
  }
  short <- justify(abbreviate_name(s$shown, 8L), 8L)
  title <- variable_label(s$name, session)
  lines <- unlist(lapply(seq_len(s$k)[-1L], function(i) {
    cells <- vapply(seq_len(i - 1L), function(j) cell(i, j), character(2L))
    c(paste0(short[i], " |", paste(justify(cells[1L, ], 11L), collapse = "")),
      paste0(strrep(" ", 8L), " |", paste(justify(cells[2L, ], 11L), collapse = "")), paste0(strrep(" ", 8L), " |"))
  }))
  by <- variable_label(s$by, session)
  c("", centered(sprintf("Comparison of %s by %s", if (nzchar(title)) title else s$name, if (nzchar(by)) by else
    s$by), 80L),
    centered(sprintf("(%s)", c(bonferroni = "Bonferroni", scheffe = "Scheffe", sidak = "Sidak")[[kind]]), 80L),
    paste0("Row Mean-|"), paste0("Col Mean |", paste(justify(short[-s$k], 11L), collapse = "")), rule(9L,
      11L * (s$k - 1L)),
    utils::head(lines, -1L))
}

bartlett_test <- function(v, n) {
  if (any(n < 2L)) return(NA_real_)
  k <- length(n)
  N <- sum(n)
  pooled <- sum((n - 1) * v) / (N - k)
  c <- 1 + (sum(1 / (n - 1)) - 1 / (N - k)) / (3 * (k - 1))
  ((N - k) * log(pooled) - sum((n - 1) * log(v))) / c
}

# Mean, standard deviation and frequency of each group.
summary_table <- function(s, session) {
  line <- function(name, x) paste0(justify(abbreviate_name(name, 11L), 11L), " |",
                                   justify(stata_general(mean(x), 10L), 12L),
                                   justify(stata_general(stats::sd(x), 10L), 12L), justify(length(x), 12L))
  title <- variable_label(s$name, session)
  head <- paste("Summary of", if (nzchar(title)) title else s$name)
  c("", paste0("            |", strrep(" ", max(0L, (36L - nchar(head)) %/% 2L)), head),
    paste0(justify(s$by, 11L), " |        Mean   Std. Dev.       Freq."), rule(12L, 36L),
    vapply(seq_len(s$k), function(i) line(s$shown[i], s$x[s$g == i]), ""), rule(12L, 36L), line("Total", s$x))
}

# ---- correlations ------------------------------------------------------------------------------

# correlate a b c [, covariance]: rows with all values.
run_correlate <- function(command, session, rows) {
  o <- command_options(command, c(covariance = "c", means = "m", noformat = "nof"), weights = c("aweight", "fweight"))
  if (!is.null(o$means) || !is.null(command$weight)) abort_unsupported("means and weights of correlate")
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)[!vapply(session$data, is.character, NA)]
  rows <- selected_rows(command, session, rows)
  x <- vapply(session$data[vars], function(v) numeric_operand(v)[rows], numeric(length(rows)))
  x <- matrix(x, length(rows), dimnames = list(NULL, vars))
  x <- x[stats::complete.cases(x), , drop = FALSE]
  if (nrow(x) < 2L) abort_stata("no observations", 2000L)
  m <- if (is.null(o$covariance)) stats::cor(x) else stats::cov(x)
  session$r <- list(N = nrow(x), rho = m[min(2L, nrow(m)), 1L], C = m)
  cell <- if (is.null(o$covariance)) sprintf("%.4f", m) else trimws(stata_general(as.vector(m), 8L))
  cell <- matrix(cell, nrow(m))
  body <- vapply(seq_along(vars), function(i) {
    paste0(justify(abbreviate_name(vars[i], 12L), 12L), " |", paste(justify(cell[i, seq_len(i)], 9L), collapse = ""))
  }, "")
  emit(session, c(sprintf("(obs=%s)", format(nrow(x), big.mark = ",")), "",
                  paste0(strrep(" ", 13L), "|", paste(justify(abbreviate_name(vars, 8L), 9L), collapse = "")),
                  rule(13L, 9L * length(vars)), body, ""))
}

# pwcorr a b c [, sig obs star(#) print(#)]: each pair by its own rows.
run_pwcorr <- function(command, session, rows) {
  o <- command_options(command, c(sig = "sig", obs = "o", star = "st", print = "p", listwise = "list",
                                  casewise = "case",
                                  bonferroni = "b", sidak = "sid"))
  for (bad in intersect(names(o), c("bonferroni", "sidak"))) abort_unsupported(sprintf("option %s of pwcorr", bad))
  vars <- expand_varlist(command$rest, session, 1L)
  rows <- selected_rows(command, session, rows)
  x <- lapply(session$data[vars], function(v) numeric_operand(v)[rows])
  if (!is.null(o$listwise) || !is.null(o$casewise)) {
    whole <- stats::complete.cases(do.call(cbind, x))
    x <- lapply(x, `[`, whole)
  }
  lines <- unlist(lapply(seq_along(vars), function(i) pwcorr_block(i, x, vars, o)))
  last <- pair_correlation(x[[length(x)]], x[[1L]])
  session$r <- list(N = last$n, rho = last$r)
  emit(session, c("", paste0(strrep(" ", 13L), "|", paste(justify(abbreviate_name(vars, 8L), 9L), collapse = "")),
                  rule(13L, 9L * length(vars)), lines, ""))
}

pair_correlation <- function(a, b) {
  use <- !is.na(a) & !is.na(b)
  n <- sum(use)
  r <- if (n > 1L) suppressWarnings(stats::cor(a[use], b[use])) else NA_real_
  p <- if (n > 2L && !is.na(r)) two_sided_p(r * sqrt((n - 2) / max(1 - r^2, 1e-300)), n - 2) else NA_real_
  list(r = r, n = n, p = p)
}

pwcorr_block <- function(i, x, vars, o) {
  pairs <- lapply(seq_len(i), function(j) pair_correlation(x[[i]], x[[j]]))
  star <- if (!is.null(o$star)) number_word(o$star)
  mark <- vapply(seq_len(i), function(j) if (j < i && !is.null(star) && isTRUE(pairs[[j]]$p <= star)) "*" else " ", "")
  cells <- paste0(stata_fixed(vapply(pairs, `[[`, 0, "r"), 8L, 4L), mark)
  line <- function(name, cells) paste0(justify(abbreviate_name(name, 12L), 12L), " | ", paste(cells, collapse = ""))
  sig <- c(vapply(pairs[-i], function(p) stata_fixed(p$p, 8L, 4L), ""), "")
  extra <- c(if (!is.null(o$sig)) line("", paste0(sig, " ")),
             if (!is.null(o$obs)) line("", paste0(justify(vapply(pairs, `[[`, 0L, "n"), 8L), " ")))
  c(line(vars[i], cells), extra, if (length(extra)) "             |")
}
