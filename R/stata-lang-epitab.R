# cs, csi, cc, cci, tabi: tables of exposure and disease; proportion, total, ratio and mean over groups.
# Source: Stata's Base Reference manual, Epitab (cs, cc; methods and formulas), mean, proportion, ratio, total.
# Oracle: fisher.test(), the formulas written out.

epitab_options <- c(or = "or", rd = "rd", woolf = "w", cornfield = "co", exact = "e", level = "l", tb = "tb", by = "by",
                    istandard = "is", estandard = "es", standard = "st", nocrude = "nocr", nohom = "noh", pool = "p")

# The cells a b c d of a case variable by an exposure variable.
epitab_cells <- function(command, session, rows) {
  vars <- expand_varlist(command$rest, session, 2L, 2L)
  rows <- selected_rows(command, session, rows)
  x <- lapply(vars, function(v) numeric_operand(session$data[[v]])[rows])
  w <- if (is.null(command$weight)) rep(1, length(rows)) else evaluate_column(command$weight$tokens, session)[rows]
  use <- !is.na(x[[1L]]) & !is.na(x[[2L]])
  sick <- x[[1L]][use] != 0
  out <- x[[2L]][use] != 0
  w <- w[use]
  c(sum(w[sick & out]), sum(w[sick & !out]), sum(w[!sick & out]), sum(w[!sick & !out]))
}

epitab_numbers <- function(command, session) {
  n <- number_arguments(command$rest, command$text, session)
  if (length(n) != 4L || anyNA(n) || any(n < 0 | n != trunc(n))) abort_stata("four whole numbers expected: a b c d",
    198L)
  n
}

epitab_command <- function(print, immediate) {
  force(print)
  force(immediate)
  function(command, session, rows) {
    o <- command_options(command, epitab_options, weights = "fweight")
    for (bad in intersect(names(o), c("tb", "istandard", "estandard", "standard"))) {
      abort_gap(sprintf("option %s of %s", bad, command$word), "use metan for strata")
    }
    level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
    if (!is.null(o$by) && !immediate) {
      if (!is.null(o$rd)) abort_gap("cs, by() rd", "use metan with rd fixed")
      odds <- identical(print, print_cc) || !is.null(o$or)
      kind <- odds_limits(o, if (identical(print, print_cc)) "exact" else "cornfield")
      cells <- function(rows) epitab_cells(command, session, rows)
      return(run_strata(command, o, if (odds) "or" else "rr", if (odds) kind else "", level, session, rows, cells))
    }
    n <- if (immediate) epitab_numbers(command, session) else epitab_cells(command, session, rows)
    o$exposure <- if (!immediate) variable_word(expand_varlist(command$rest, session, 2L, 2L)[2L], session)
    print(n, o, level, session)
  }
}

# A variable's label, or its name.
variable_word <- function(name, session) {
  label <- variable_label(name, session)
  if (nzchar(label)) label else name
}

# The name of the exposure, above the words for its groups.
exposure_line <- function(name) {
  if (!is.null(name)) paste0("                 | ", justify(cut_label(name, 22L), 22L, TRUE), " |")
}

# Which limits an odds ratio gets.
odds_limits <- function(o, usual) {
  if (!is.null(o$woolf)) "woolf" else if (!is.null(o$cornfield)) "cornfield" else usual
}

odds_note <- c(exact = " (exact)", woolf = " (Woolf)", cornfield = " (Cornfield)")

# Limits of the odds ratio of one table a b c d.
odds_ratio_limits <- function(n, kind, level) {
  z <- critical_value(level)
  or <- n[1L] * n[4L] / (n[2L] * n[3L])
  switch(kind, woolf = or * exp(c(-1, 1) * z * sqrt(sum(1 / n))), cornfield = cornfield_cells(n, z),
         exact = as.vector(stats::fisher.test(matrix(n, 2L, byrow = TRUE), conf.level = level)$conf.int))
}

# Cornfield (1956): the cells with the table's margins whose first is z standard errors from the one observed.
cornfield_cells <- function(n, z) {
  cases <- n[1L] + n[2L]
  exposed <- n[1L] + n[3L]
  corner <- n[4L] - n[1L]
  ends <- c(max(0, -corner), min(cases, exposed))
  cells <- function(x) c(x, cases - x, exposed - x, corner + x)
  far <- function(x) abs(x - n[1L]) * sqrt(sum(1 / cells(x))) - z
  ratio <- function(x) {
    m <- cells(x)
    m[1L] * m[4L] / (m[2L] * m[3L])
  }
  side <- function(end, none) {
    if (n[1L] == end || ends[1L] == ends[2L]) return(none)
    gap <- 1e-12 * (n[1L] - end)
    ratio(stats::uniroot(far, sort(c(n[1L] - gap, end + gap)), tol = 1e-14 * max(1, exposed))$root)
  }
  c(side(ends[1L], 0), side(ends[2L], NA_real_))
}

epitab_frame <- function(heads, n, last = NULL, exposure = NULL) {
  line <- function(name, a, b, t, p = NULL) paste0(justify(name, 16L), " |", justify(a, 10L), justify(b, 12L), "  |",
                                                   justify(t, 11L), if (!is.null(p)) stata_fixed(p, 12L, 4L))
  wide <- if (is.null(last)) 12L else 24L
  bar <- rule(17L, 24L, wide)
  share <- function(a, t) if (is.null(last)) NULL else a / t
  c(if (!is.null(last)) paste0(strrep(" ", 57L), "Proportion"), exposure_line(exposure),
    paste0("                 |   Exposed   Unexposed  |      Total", if (!is.null(last)) "     Exposed"), bar,
    line(heads[1L], n[1L], n[2L], n[1L] + n[2L], share(n[1L], n[1L] + n[2L])),
    line(heads[2L], n[3L], n[4L], n[3L] + n[4L], share(n[3L], n[3L] + n[4L])), bar,
    line("Total", n[1L] + n[3L], n[2L] + n[4L], sum(n), share(n[1L] + n[3L], sum(n))))
}

epitab_row <- function(name, point, lo = NULL, hi = NULL, note = "") {
  paste0(justify(name, 16L), " |", justify(trimws(stata_general(point, 9L)), 17L), strrep(" ", 7L), "|",
    if (!is.null(lo))
    paste0(justify(trimws(stata_general(lo, 9L)), 12L), justify(trimws(stata_general(hi, 9L)), 12L), note))
}

pearson_chi2 <- function(n) {
  m <- matrix(n, 2L, byrow = TRUE)
  e <- outer(rowSums(m), colSums(m)) / sum(m)
  sum((m - e)^2 / e)
}

print_cs <- function(n, o, level, session) {
  exposed <- n[1L] + n[3L]
  free <- n[2L] + n[4L]
  r <- c(n[1L] / exposed, n[2L] / free)
  z <- critical_value(level)
  rd <- r[1L] - r[2L]
  se <- sqrt(sum(r * (1 - r) / c(exposed, free)))
  rr <- r[1L] / r[2L]
  half <- exp(z * sqrt(1 / n[1L] - 1 / exposed + 1 / n[2L] - 1 / free))
  chi2 <- pearson_chi2(n)
  ends <- if (is.finite(half)) rr * c(1 / half, half) else c(NA_real_, NA_real_)
  chance <- exposed / sum(n)
  all <- (n[1L] + n[2L]) / sum(n)
  fraction <- if (rr >= 1) c(1 - 1 / rr, 1 - 1 / ends) else c(1 - rr, 1 - rev(ends))
  whole <- if (rr >= 1) (all - r[2L]) / all else chance * (1 - rr)
  words <- if (isTRUE(rr >= 1)) c("Attr. frac. ex.", "Attr. frac. pop") else c("Prev. frac. ex.", "Prev. frac. pop")
  or <- n[1L] * n[4L] / (n[2L] * n[3L])
  kind <- odds_limits(o, "cornfield")
  odds <- odds_ratio_limits(n, kind, level)
  session$r <- list(rd = rd, lb_rd = rd - z * se, ub_rd = rd + z * se, rr = rr, lb_rr = ends[1L], ub_rr = ends[2L],
    or = or,
                    lb_or = odds[1L], ub_or = odds[2L], chi2 = chi2, p = upper_p(chi2, 1), afe = fraction[1L])
  risk <- paste0(justify("Risk", 16L), " |", justify(trimws(stata_general(r[1L], 9L)), 10L),
    justify(trimws(stata_general(r[2L], 9L)), 12L), "  |",
                 justify(trimws(stata_general(all, 9L)), 11L))
  exact <- if (!is.null(o$exact)) exact_lines(n, session) else
    sprintf("%schi2(1) =%s  Pr>chi2 = %.4f", strrep(" ", 31L), stata_fixed(chi2, 9L, 2L), upper_p(chi2, 1))
  emit(session, c("", epitab_frame(c("Cases", "Noncases"), n, exposure = o$exposure),
                  "                 |                        |", risk,
                  "                 |                        |",
                  paste0("                 |      Point estimate    |    ", ci_heading(level)), paste0(strrep(" ",
                    17L), "|", rule(24L, 24L)),
                  epitab_row("Risk difference", rd, rd - z * se, rd + z * se), epitab_row("Risk ratio", rr, ends[1L],
                    ends[2L]),
                  epitab_row(words[1L], fraction[1L], fraction[2L], fraction[3L]), epitab_row(words[2L], whole),
                  if (!is.null(o$or)) epitab_row("Odds ratio", or, odds[1L], odds[2L], odds_note[[kind]]),
                  paste0(strrep(" ", 17L), "+", strrep("-", 49L)), exact))
}

exact_lines <- function(n, session) {
  m <- matrix(n, 2L, byrow = TRUE)
  one <- min(stats::fisher.test(m, alternative = "less")$p.value, stats::fisher.test(m,
    alternative = "greater")$p.value)
  two <- stats::fisher.test(m)$p.value
  session$r[c("p_exact", "p1_exact")] <- list(two, one)
  c(sprintf("%s1-sided Fisher's exact P = %.4f", strrep(" ", 32L), one),
    sprintf("%s2-sided Fisher's exact P = %.4f", strrep(" ", 32L), two))
}

print_cc <- function(n, o, level, session) {
  or <- n[1L] * n[4L] / (n[2L] * n[3L])
  chi2 <- pearson_chi2(n)
  kind <- odds_limits(o, "exact")
  ends <- odds_ratio_limits(n, kind, level)
  kind <- odds_note[[kind]]
  share <- n[1L] / (n[1L] + n[2L])
  up <- isTRUE(or >= 1)
  fraction <- if (up) c(1 - 1 / or, 1 - 1 / ends) else c(1 - or, 1 - rev(ends))
  free <- n[3L] / (n[3L] + n[4L])
  whole <- if (up) fraction[1L] * share else free * fraction[1L] / (free * fraction[1L] + or)
  words <- if (up) c("Attr. frac. ex.", "Attr. frac. pop") else c("Prev. frac. ex.", "Prev. frac. pop")
  session$r <- list(or = or, lb_or = ends[1L], ub_or = ends[2L], afe = fraction[1L], lb_afe = fraction[2L],
    ub_afe = fraction[3L],
                    afp = whole, chi2 = chi2, p = upper_p(chi2, 1))
  exact <- if (!is.null(o$exact)) exact_lines(n, session) else
    sprintf("%schi2(1) =%s  Pr>chi2 = %.4f", strrep(" ", 31L), stata_fixed(chi2, 9L, 2L), upper_p(chi2, 1))
  emit(session, c(epitab_frame(c("Cases", "Controls"), n, TRUE), "                 |                        |",
                  paste0("                 |      Point estimate    |    ", ci_heading(level)), paste0(strrep(" ",
                    17L), "|", rule(24L, 24L)),
                  epitab_row("Odds ratio", or, ends[1L], ends[2L], kind),
                  epitab_row(words[1L], fraction[1L], fraction[2L], fraction[3L], kind), epitab_row(words[2L], whole),
                  paste0(strrep(" ", 17L), "+", strrep("-", 49L)), exact))
}

# tabi 1 2 \ 3 4 [, options of tabulate]
run_tabi <- function(text, session, statement) {
  comma <- top_level_comma(text)
  head <- if (is.na(comma)) text else substr(text, 1L, comma - 1L)
  rows <- lapply(strsplit(head, "\\", fixed = TRUE)[[1L]], function(r) suppressWarnings(as.numeric(plain_words(r))))
  if (length(unique(lengths(rows))) != 1L || anyNA(unlist(rows)) || any(unlist(rows) < 0)) {
    abort_stata("invalid syntax: tabi # # \\ # #", 198L)
  }
  m <- do.call(rbind, rows)
  inner <- new_session(data.frame(row = as.vector(row(m)), col = as.vector(col(m)), pop = as.vector(m)))
  inner$r <- list()
  inner$linesize <- session$linesize
  run_command(sprintf("tabulate row col [fw = pop]%s", if (is.na(comma)) "" else substring(text, comma)), inner,
    statement)
  session$r <- inner$r
  emit(session, log_lines(inner))
}

# Estimates with their scores: V is n / (n - 1) times the scores' cross products.
run_survey_mean <- function(kind) {
  force(kind)
  function(command, session, rows) {
    o <- command_options(command, c(over = "over", level = "l", missing = "miss", noheader = "nohe", nolegend = "nol",
                                    citype = "cit", percent = "perc"))
    level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
    parts <- if (kind == "ratio") ratio_parts(command$rest, session) else lapply(expand_varlist(command$rest, session,
      1L),
                                                                                function(v) list(name = v, y = v))
    rows <- selected_rows(command, session, rows)
    over <- if (!is.null(o$over)) expand_varlist(tokenize(sub(",.*$", "", o$over)), session, 1L)
    for (v in unique(c(unlist(lapply(parts, `[`, c("y", "x"))), over))) {
      if (!is.null(v)) rows <- rows[!is_missing(session$data[[v]][rows])]
    }
    if (length(rows) < 2L) abort_stata("no observations", 2000L)
    groups <- if (is.null(over)) list(rows) else groups_of(over, rows, session)
    labels <- if (is.null(over)) "" else vapply(groups, function(g) paste(vapply(over, function(v) shown_value(v,
      session, g[1L]), ""),
                                                                          collapse = " "), "")
    found <- unlist(lapply(parts, survey_part, kind = kind, rows = rows, groups = groups, labels = labels,
      session = session),
                    recursive = FALSE)
    survey_result(found, kind, rows, level, over, session)
  }
}

ratio_parts <- function(tokens, session) {
  text <- gsub("[()]", " ", paste0(ifelse(tokens$blank, " ", ""), tokens$text, collapse = ""))
  text <- gsub("\\s*([:/])\\s*", "\\1", text)
  lapply(plain_words(text), function(w) {
    hit <- regmatches(w, regexec("^(?:(\\w+):)?(\\w+)/(\\w+)$", w))[[1L]]
    if (!length(hit)) abort_stata("invalid syntax: ratio y/x", 198L)
    list(name = if (nzchar(hit[2L])) hit[2L] else sprintf("_ratio_%s", hit[3L]), y = find_stata_variable(hit[3L],
      session),
         x = find_stata_variable(hit[4L], session))
  })
}

# One estimate per group (and per level of a proportion): list(head, name, b, score).
survey_part <- function(part, kind, rows, groups, labels, session) {
  y <- session$data[[part$y]][rows]
  levels <- if (kind == "proportion") levels(table_key(part$y, session, rows, FALSE)) else ""
  shown <- if (kind == "proportion") levels(table_key(part$y, session, rows)) else part$name
  unlist(lapply(seq_along(levels), function(l) lapply(seq_along(groups), function(g) {
    own <- as.numeric(rows %in% groups[[g]])
    value <- if (kind == "proportion") as.numeric(table_key(part$y, session, rows, FALSE) == levels[l]) else
      numeric_operand(y)
    if (kind == "ratio") {
      x <- numeric_operand(session$data[[part$x]][rows])
      b <- sum(own * value) / sum(own * x)
      score <- own * (value - b * x) / sum(own * x)
    } else if (kind == "total") {
      b <- sum(own * value)
      score <- own * value - b / length(rows)
    } else {
      b <- sum(own * value) / sum(own)
      score <- own * (value - b) / sum(own)
    }
    group <- nzchar(labels[g])
    list(head = if (kind == "proportion" || group) part$name else "",
         name = if (kind == "proportion") (if (group) paste(shown[l], labels[g]) else shown[l]) else
           if (group) labels[g] else part$name,
         key = paste0(if (kind == "proportion") paste0(levels[l], "."), part$name, if (group) paste0("@", labels[g])),
           b = b, score = score)
  })), recursive = FALSE)
}

survey_result <- function(found, kind, rows, level, over, session) {
  n <- length(rows)
  S <- vapply(found, `[[`, numeric(n), "score")
  V <- crossprod(S) * n / (n - 1)
  b <- vapply(found, `[[`, 0, "b")
  key <- vapply(found, `[[`, "", "key")
  dimnames(V) <- list(key, key)
  se <- sqrt(diag(V))
  t <- critical_value(level, n - 1)
  lo <- b - t * se
  hi <- b + t * se
  if (kind == "proportion") {
    # Limits on the logit scale.
    inside <- b > 0 & b < 1
    reach <- ifelse(inside, t * se / (b * (1 - b)), NA_real_)
    lo <- ifelse(inside, stats::plogis(stats::qlogis(b) - reach), NA_real_)
    hi <- ifelse(inside, stats::plogis(stats::qlogis(b) + reach), NA_real_)
  }
  title <- c(mean = "Mean", proportion = "Proportion", total = "Total", ratio = "Ratio")[[kind]]
  session$e <- list(N = n, df_r = n - 1, cmd = kind, title = paste(title, "estimation"), depvar = "",
    properties = "b V",
                    b = matrix(b, 1L, dimnames = list("y1", key)), V = V)
  session$regression <- session$estimates <- NULL
  session$sample <- rows
  table <- rbind(b = b, se = unname(se), t = unname(b / se), pvalue = two_sided_p(unname(b / se), n - 1),
    ll = unname(lo), ul = unname(hi))
  colnames(table) <- key
  session$r <- list(table = table, level = 100 * level)
  heads <- vapply(found, `[[`, "", "head")
  names <- vapply(found, `[[`, "", "name")
  line <- paste0(justify(abbreviate_name(names, 12L), 12L), " |  ", stata_general(b, 9L), "  ", stata_general(se, 9L),
    "    ",
                 stata_general(lo, 9L), "   ", stata_general(hi, 9L))
  body <- unlist(lapply(seq_along(line), function(i) {
    new <- nzchar(heads[i]) && (i == 1L || heads[i] != heads[i - 1L])
    mark <- if (length(over) && kind == "mean") sprintf("c.%s@%s", heads[i], paste(over, collapse = "#")) else heads[i]
    c(if (new) c(if (i > 1L) "             |", paste0(justify(abbreviate_name(mark, 12L), 12L, kind == "proportion"),
      " |")), line[i])
  }))
  emit(session, c("", paste0(justify(paste(title, "estimation"), 34L, TRUE), "Number of obs   = ", justify(format(n,
    big.mark = ","), 10L)), "",
                  strrep("-", 62L), if (kind == "proportion") "             |                                    Logit",
                  paste0("             | ", justify(title, 10L), "   Std. Err.     ", ci_heading(level)), rule(13L,
                    48L), body, strrep("-", 62L)))
}
