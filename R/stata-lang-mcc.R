# mcc, mcci: matched pairs of a case and a control.
# Source: Stata's Base Reference manual, Epitab (mcc; methods and formulas); Fleiss, Levin & Paik (2003), ch. 13.
# Oracle: its printed example, mcnemar.test(), binom.test().

# mcc exposed_case exposed_control [fweight] [, level()]; mcci a b c d
pairs_command <- function(immediate) {
  force(immediate)
  function(command, session, rows) {
    o <- command_options(command, c(level = "l", tb = "tb"), weights = "fweight")
    if (!is.null(o$tb)) abort_gap(sprintf("option tb of %s", command$word), "use the exact limits")
    n <- if (immediate) epitab_numbers(command, session) else epitab_cells(command, session, rows)
    if (sum(n) < 1) abort_stata("no observations", 2000L)
    level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
    print_pairs(n, pairs_found(n, level), level, session)
  }
}

# n: pairs with both exposed, the case alone, the control alone, none.
pairs_found <- function(n, level) {
  z <- critical_value(level)
  all <- sum(n)
  apart <- n[2L] + n[3L]
  p <- c(n[1L] + n[2L], n[1L] + n[3L]) / all
  # D = (b - c) / n, with a correction for continuity of 1 / n.
  half <- 1 / all + z * sqrt(apart - (n[2L] - n[3L])^2 / all) / all
  error <- sqrt(apart / prod(all * p))
  # (p1 - p2) / (1 - p2)
  free <- n[2L] + n[4L]
  relative <- (n[2L] - n[3L]) / free
  spread <- sqrt((free + n[3L]) * (n[2L] * n[3L] + n[2L] * n[4L] + n[3L] * n[4L]) - prod(n[2:4])) / free^2
  # of the pairs that differ, those whose case is exposed: binomial.
  exact <- if (apart > 0) stats::binom.test(n[2L], apart, conf.level = level)
  odds <- if (apart > 0) exact$conf.int / (1 - exact$conf.int) else c(NA_real_, NA_real_)
  chi2 <- (n[2L] - n[3L])^2 / apart
  list(cases = p[1L], controls = p[2L], chi2 = chi2, p = if (apart > 0) upper_p(chi2, 1) else NA_real_,
       p_exact = if (apart > 0) exact$p.value else 1,
       D_f = c(p[1L] - p[2L], p[1L] - p[2L] + c(-1, 1) * half),
       R_f = p[1L] / p[2L] * c(1, exp(c(-1, 1) * z * error)),
       RD_f = relative + c(0, -1, 1) * z * spread, or = c(n[2L] / n[3L], odds))
}

print_pairs <- function(n, found, level, session) {
  limits <- found[c("D_f", "R_f", "RD_f", "or")]
  spread <- unlist(lapply(names(limits), function(name) {
    stats::setNames(as.list(limits[[name]]), paste0(c("", "lb_", "ub_"), name))
  }), recursive = FALSE)
  session$r <- c(found[c("chi2", "p_exact")], spread)
  frame <- epitab_frame(c("Exposed", "Unexposed"), n)
  frame[1L] <- "Cases            |   Exposed   Unexposed  |      Total"
  line <- function(name, x, note = "") paste0("        ", justify(name, 11L, TRUE), stata_general(x[1L], 9L),
    strrep(" ", 5L), stata_general(x[2L], 9L), "  ", stata_general(x[3L], 9L), note)
  share <- function(name, x) paste0("        ", justify(name, 11L, TRUE), stata_general(x, 9L))
  emit(session, c("", "                 |        Controls        |", frame, "",
    sprintf("McNemar's chi2(1) =%s    Prob > chi2 = %s", stata_fixed(found$chi2, 10L, 2L),
            stata_fixed(found$p, 6L, 4L)),
    sprintf("Exact McNemar significance probability       = %s", stata_fixed(found$p_exact, 6L, 4L)), "",
    "Proportion with factor", share("Cases", found$cases),
    paste0(share("Controls", found$controls), "     ", ci_heading(level)),
    "                    ---------    --------------------", line("difference", found$D_f), line("ratio", found$R_f),
    line("rel. diff.", found$RD_f), "", line("odds ratio", found$or, "   (exact)")))
}
