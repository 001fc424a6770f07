# ir, iri: rates of exposed and unexposed persons, with exact limits of their ratio.
# Source: Stata's Base Reference manual, Epitab (ir; methods and formulas); Rothman & Greenland (1998), ch. 14. Oracle:
# its printed example, binom.test().

rate_options <- c(level = "l", by = "by", ird = "ird", istandard = "is", estandard = "es", standard = "st", tb = "tb",
                  pool = "p", nocrude = "nocr", nohom = "noh")

# ir cases exposed time [fweight] [, by() pool nocrude nohom level()]
run_ir <- function(command, session, rows) {
  o <- rate_words(command)
  vars <- expand_varlist(command$rest, session, 3L, 3L)
  x <- lapply(vars, function(v) numeric_operand(session$data[[v]]))
  w <- if (is.null(command$weight)) rep(1, session$n) else evaluate_column(command$weight$tokens, session)
  cells <- function(rows) {
    use <- rows[!is.na(x[[1L]][rows]) & !is.na(x[[2L]][rows]) & !is.na(x[[3L]][rows]) & x[[3L]][rows] > 0]
    out <- x[[2L]][use] != 0
    part <- function(i, which) sum((x[[i]] * w)[use][which])
    c(part(1L, out), part(1L, !out), part(3L, out), part(3L, !out))
  }
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  if (!is.null(o$by)) return(run_strata(command, o, "irr", "exact", level, session, rows, cells))
  print_ir(cells(selected_rows(command, session, rows)), level, session,
           vapply(vars, variable_word, "", session = session))
}

# iri a b time1 time0
run_iri <- function(command, session, rows) {
  o <- rate_words(command)
  n <- number_arguments(command$rest, command$text, session)
  if (length(n) != 4L || anyNA(n) || any(n < 0) || any(n[1:2] != trunc(n[1:2]))) {
    abort_stata("four numbers expected: cases and persons' time of both groups", 198L)
  }
  print_ir(n, (if (is.null(o$level)) session$level else number_word(o$level)) / 100, session)
}

rate_words <- function(command) {
  o <- command_options(command, rate_options, weights = "fweight")
  for (bad in intersect(names(o), c("ird", "istandard", "estandard", "standard", "tb"))) {
    abort_gap(sprintf("option %s of %s", bad, command$word), "use by(), or the rates of each group")
  }
  o
}

# words: of the cases, the exposure and the time, where they are variables.
print_ir <- function(n, level, session, words = NULL) {
  if (sum(n[1:2]) < 1 || any(n[3:4] <= 0)) abort_stata("no observations", 2000L)
  rate <- n[1:2] / n[3:4]
  all <- sum(n[1:2]) / sum(n[3:4])
  z <- critical_value(level)
  ird <- rate[1L] - rate[2L]
  se <- sqrt(sum(n[1:2] / n[3:4]^2))
  irr <- rate[1L] / rate[2L]
  ends <- rate_ratio_limits(n, level)
  share <- n[3L] / sum(n[3:4])
  up <- isTRUE(irr >= 1)
  fraction <- if (up) 1 - 1 / c(irr, ends) else 1 - c(irr, rev(ends))
  whole <- if (up) fraction[1L] * n[1L] / sum(n[1:2]) else share * fraction[1L]
  fractions <- if (up) c("Attr. frac. ex.", "Attr. frac. pop") else c("Prev. frac. ex.", "Prev. frac. pop")
  tail <- rate_tail(n)
  session$r <- list(irr = irr, lb_irr = ends[1L], ub_irr = ends[2L], ird = ird, lb_ird = ird - z * se,
                    ub_ird = ird + z * se, afe = fraction[1L], lb_afe = fraction[2L], ub_afe = fraction[3L],
                    afp = whole, p = 2 * tail$p)
  g <- function(x) trimws(stata_general(x, 9L))
  row <- function(name, x) paste0(justify(name, 16L), " |", justify(x[1L], 10L), justify(x[2L], 12L), "  |",
                                  justify(x[3L], 11L))
  bar <- rule(17L, 24L, 12L)
  blank <- "                 |                        |"
  head <- if (is.null(words)) c("Cases", "", "Person-time") else substr(words, 1L, 16L)
  emit(session, c("", if (!is.null(words)) exposure_line(words[2L]),
                  "                 |   Exposed   Unexposed  |      Total", bar,
                  row(head[1L], g(c(n[1:2], sum(n[1:2])))), row(head[3L], g(c(n[3:4], sum(n[3:4])))), bar, blank,
                  row("Incidence rate", g(c(rate, all))), blank,
                  paste0("                 |      Point estimate    |    ", ci_heading(level)),
                  paste0(strrep(" ", 17L), "|", rule(24L, 24L)),
                  epitab_row("Inc. rate diff.", ird, ird - z * se, ird + z * se),
                  epitab_row("Inc. rate ratio", irr, ends[1L], ends[2L], " (exact)"),
                  epitab_row(fractions[1L], fraction[1L], fraction[2L], fraction[3L], " (exact)"),
                  epitab_row(fractions[2L], whole), paste0(strrep(" ", 17L), "+", strrep("-", 49L)),
                  midp_line("  ", tail, n[1L], tail$p), midp_line("2*", tail, n[1L], min(2 * tail$p, 1))))
}

# The value ends in column 67.
midp_line <- function(times, tail, k, p) {
  lead <- sprintf("%s(midp) %sPr(k%s%s) =", strrep(" ", 21L), times, tail$sign, trimws(stata_general(k, 9L)))
  paste0(lead, stata_fixed(p, 67L - nchar(lead), 4L), " (exact)")
}

# The smaller tail of the cases of the exposed, given all cases, half of the observed number's probability in it.
rate_tail <- function(n) {
  M <- n[1L] + n[2L]
  p <- n[3L] / (n[3L] + n[4L])
  up <- n[1L] >= M * p
  beyond <- if (up) stats::pbinom(n[1L], M, p, lower.tail = FALSE) else stats::pbinom(n[1L] - 1, M, p)
  list(p = beyond + stats::dbinom(n[1L], M, p) / 2, sign = if (up) ">=" else "<=")
}
