# cs, cc and ir with by(): strata, the crude ratio, Mantel and Haenszel's combination, pooled logarithms, homogeneity.
# Source: Greenland & Robins (1985, Biometrics 41: 55) for the variances of risk and rate ratios, Robins, Breslow &
# Greenland (1986, Biometrics 42: 311) for that of odds ratios; Stata's Base Reference manual, Epitab. Oracle: its
# printed
# examples, mantelhaen.test().

# A measure: its name, the ratio of a table and the variance of its logarithm, its weight (top / weight is the ratio),
# the
# variance of the combined logarithm.
strata_measures <- list(
  rr = list(
    head = "RR",
    point = function(n) n[, 1] * (n[, 2] + n[, 4]) / (n[, 2] * (n[, 1] + n[, 3])),
    variance = function(n) 1 / n[, 1] - 1 / (n[, 1] + n[, 3]) + 1 / n[, 2] - 1 / (n[, 2] + n[, 4]),
    weight = function(n) n[, 2] * (n[, 1] + n[, 3]) / rowSums(n),
    top = function(n) n[, 1] * (n[, 2] + n[, 4]) / rowSums(n),
    combined_variance = function(n) {
      N <- rowSums(n)
      exposed <- n[, 1] + n[, 3]
      free <- n[, 2] + n[, 4]
      sum(((n[, 1] + n[, 2]) * exposed * free - n[, 1] * n[, 2] * N) / N^2) /
        (sum(n[, 1] * free / N) * sum(n[, 2] * exposed / N))
    }),
  or = list(
    head = "OR",
    point = function(n) n[, 1] * n[, 4] / (n[, 2] * n[, 3]),
    variance = function(n) rowSums(1 / n),
    weight = function(n) n[, 2] * n[, 3] / rowSums(n),
    top = function(n) n[, 1] * n[, 4] / rowSums(n),
    combined_variance = function(n) {
      N <- rowSums(n)
      P <- (n[, 1] + n[, 4]) / N
      R <- n[, 1] * n[, 4] / N
      S <- n[, 2] * n[, 3] / N
      sum(P * R) / (2 * sum(R)^2) + sum(P * S + (1 - P) * R) / (2 * sum(R) * sum(S)) +
        sum((1 - P) * S) / (2 * sum(S)^2)
    }),
  irr = list(
    head = "IRR",
    point = function(n) n[, 1] * n[, 4] / (n[, 2] * n[, 3]),
    variance = function(n) 1 / n[, 1] + 1 / n[, 2],
    weight = function(n) n[, 2] * n[, 3] / (n[, 3] + n[, 4]),
    top = function(n) n[, 1] * n[, 4] / (n[, 3] + n[, 4]),
    combined_variance = function(n) {
      T <- n[, 3] + n[, 4]
      sum((n[, 1] + n[, 2]) * n[, 3] * n[, 4] / T^2) / (sum(n[, 1] * n[, 4] / T) * sum(n[, 2] * n[, 3] / T))
    }))

log_limits <- function(point, variance, level) {
  reach <- critical_value(level) * sqrt(variance)
  known <- is.finite(reach) & is.finite(point)
  list(lo = ifelse(known, point * exp(-reach), NA_real_), hi = ifelse(known, point * exp(reach), NA_real_))
}

exact_limits <- function(n, kind, level) {
  found <- vapply(seq_len(nrow(n)), function(i) {
    x <- n[i, ]
    if (kind == "irr") rate_ratio_limits(x, level) else
      as.vector(stats::fisher.test(matrix(x, 2L, byrow = TRUE), conf.level = level)$conf.int)
  }, c(0, 0))
  list(lo = found[1L, ], hi = ifelse(is.finite(found[2L, ]), found[2L, ], NA_real_))
}

# Conditionally on the cases those of the exposed are binomial (Rothman & Greenland 1998, p. 249).
rate_ratio_limits <- function(x, level) {
  a <- x[[1L]]
  M <- a + x[[2L]]
  half <- (1 - level) / 2
  odds <- function(p) p / (1 - p) * x[[4L]] / x[[3L]]
  c(if (a > 0) odds(stats::qbeta(half, a, M - a + 1)) else 0,
    if (a < M) odds(stats::qbeta(1 - half, a + 1, M - a)) else Inf)
}

# n: a row a b c d for each stratum; limits: those of the strata and the crude ratio, "" for the logarithm's.
stratified <- function(n, kind, limits_by, level) {
  m <- strata_measures[[kind]]
  whole <- matrix(colSums(n), 1L)
  limits <- function(x) switch(limits_by, exact = exact_limits(x, kind, level), cornfield = {
    found <- apply(x, 1L, cornfield_cells, z = critical_value(level))
    list(lo = found[1L, ], hi = found[2L, ])
  }, log_limits(m$point(x), m$variance(x), level))
  point <- m$point(n)
  weight <- m$weight(n)
  used <- rowSums(n) > 0 & is.finite(weight)
  combined <- sum(m$top(n)[used]) / sum(weight[used])
  both <- log_limits(combined, m$combined_variance(n[used, , drop = FALSE]), level)
  v <- m$variance(n)
  told <- is.finite(v) & is.finite(log(point))
  pooled <- exp(sum((log(point) / v)[told]) / sum(1 / v[told]))
  far <- function(centre) sum(((log(point) - log(centre))^2 / v)[told])
  list(point = point, weight = weight, limits = limits(n), crude = m$point(whole), crude_limits = limits(whole),
       combined = combined, combined_limits = both, pooled = pooled,
       pooled_limits = log_limits(pooled, 1 / sum(1 / v[told]), level), df = sum(told) - 1L, chi2 = far(combined),
       chi2_pooled = far(pooled))
}

# Mantel and Haenszel's test that the common odds ratio is 1, without a correction.
mantel_haenszel_chi2 <- function(n) {
  N <- rowSums(n)
  n <- n[N > 1, , drop = FALSE]
  N <- N[N > 1]
  exposed <- n[, 1] + n[, 3]
  cases <- n[, 1] + n[, 2]
  sum(n[, 1] - exposed * cases / N)^2 / sum(exposed * (N - exposed) * cases * (N - cases) / (N^2 * (N - 1)))
}

# Rates and odds stand in other columns than risks.
strata_lines <- function(s, kind, by, shown, limits_by, o, level, session) {
  note <- if (nzchar(limits_by)) odds_note[[limits_by]] else ""
  wide <- if (kind == "rr") c(12L, 13L, 11L) else c(11L, 14L, 11L)
  g <- function(x, width) justify(trimws(stata_general(x, 9L)), width)
  line <- function(name, point, limits, weight = NULL, note = "") {
    paste0(justify(cut_label(name, 16L), 16L), " |", g(point, wide[1L]), g(limits$lo, wide[2L]), g(limits$hi, wide[3L]),
           if (!is.null(weight)) g(weight, 13L) else if (nzchar(note)) strrep(" ", 13L), note)
  }
  label <- table_title(by, session, 16L)
  bar <- rule(17L, 49L)
  chi2 <- function(name, x, digits) {
    lead <- if (kind == "irr") paste0(" ", justify(name, 28L, TRUE)) else justify(name, 30L, TRUE)
    sprintf("%s chi2(%d) =%s  Pr>chi2 = %s", lead, s$df,
            stata_fixed(x, if (kind == "irr") 10L else 9L, digits), stata_fixed(upper_p(x, s$df), 6L, 4L))
  }
  digits <- if (kind == "rr") 3L else 2L
  c("", paste0(justify(label, 16L), " |", c(rep("", length(label) - 1L), paste0(
    justify(strata_measures[[kind]]$head, 9L), "       ", ci_heading(level), "   M-H Weight"))), bar,
    line(shown, s$point, s$limits, s$weight, note), bar,
    if (is.null(o$nocrude)) line("Crude", s$crude, s$crude_limits, note = note),
    if (!is.null(o$pool)) line("Pooled (direct)", s$pooled, s$pooled_limits),
    line("M-H combined", s$combined, s$combined_limits), strrep("-", 67L),
    if (is.null(o$nohom)) c(if (!is.null(o$pool)) chi2("Test of homogeneity (direct)", s$chi2_pooled, digits),
                            chi2("Test of homogeneity (M-H)", s$chi2, digits)))
}

# The tables of the strata: cells(rows) gives a b c d.
run_strata <- function(command, o, kind, limits_by, level, session, rows, cells) {
  by <- expand_varlist(tokenize(o$by), session, 1L, 1L)
  rows <- selected_rows(command, session, rows)
  rows <- rows[!is_missing(session$data[[by]][rows])]
  if (!length(rows)) abort_stata("no observations", 2000L)
  groups <- groups_of(by, rows, session)
  n <- do.call(rbind, lapply(groups, cells))
  groups <- groups[rowSums(n) > 0]
  n <- n[rowSums(n) > 0, , drop = FALSE]
  shown <- vapply(groups, function(r) shown_value(by, session, r[1L]), "")
  s <- stratified(n, kind, limits_by, level)
  lines <- strata_lines(s, kind, by, shown, limits_by, o, level, session)
  key <- function(name) paste0(c("", "lb_", "ub_"), name)
  session$r <- c(
    stats::setNames(list(s$combined, s$combined_limits$lo, s$combined_limits$hi), key(kind)),
    stats::setNames(list(s$crude, s$crude_limits$lo, s$crude_limits$hi), key("crude")),
    if (!is.null(o$pool)) c(stats::setNames(list(s$pooled, s$pooled_limits$lo, s$pooled_limits$hi), key("pooled")),
                            list(chi2_p = s$chi2_pooled)),
    list(chi2_mh = s$chi2, df = s$df))
  if (kind == "or") {
    test <- mantel_haenszel_chi2(n)
    session$r[c("chi2", "p")] <- list(test, upper_p(test, 1))
    lines <- c(lines, "", "                   Test that combined OR = 1:",
               sprintf("                                Mantel-Haenszel chi2(1) = %s", stata_fixed(test, 9L, 2L)),
               sprintf("                                                Pr>chi2 = %s",
                       stata_fixed(upper_p(test, 1), 9L, 4L)))
  }
  emit(session, lines)
}
