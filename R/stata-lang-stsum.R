# stdescribe, stsum, stptime, stir: persons' time, rates and times of survival.
# Source: Stata's Survival Analysis manual, the entries of these names. Oracle: sums by hand, poisson.test().

# stdescribe
run_stdescribe <- function(command, session, rows) {
  command_options(command, c(noshow = "nosh", weight = "w"))
  s <- survival_sample(command, session, rows)
  id <- survival_subjects(session, s$rows)
  id <- match(id, unique(id))
  per <- function(x, f) as.vector(tapply(x[s$rows], id, f))
  first <- per(s$t0, min)
  last <- per(s$t, max)
  risk <- per(s$t - s$t0, sum)
  fails <- per(s$d, sum)
  gap <- pmax(last - first - risk, 0)
  gap[gap < 1e-9 * pmax(last, 1)] <- 0
  n <- length(first)
  g <- function(x) justify(trimws(stata_general(x, 9L)), 12L)
  line <- function(name, total, x = NULL) paste0(
    justify(name, 26L, TRUE), if (is.null(total)) strrep(" ", 12L) else g(total),
    if (length(x)) paste(g(c(mean(x), min(x), stata_percentile(x, 50), max(x))), collapse = ""))
  session$r <- list(N_sub = n, N_total = length(s$rows), N_fail = sum(fails), tr_sum = sum(risk), tr_mean = mean(risk),
                    N_gap = sum(gap > 0))
  emit(session, c(st_heading(session), paste0(strrep(" ", 38L), "|-------------- per subject --------------|"),
                  "Category                         total        mean         min      median         max",
                  strrep("-", 80L), line("no. of subjects", n), line("no. of records", length(s$rows), tabulate(id)),
                    "",
                  line("(first) entry time", NULL, first), line("(final) exit time", NULL, last), "",
                  line("subjects with gap", sum(gap > 0)),
                  if (any(gap > 0)) line("time on gap if gap", sum(gap), gap[gap > 0]),
                  line("time at risk", sum(risk), risk), "", line("failures", sum(fails), fails), strrep("-", 80L)))
}

# stsum [, by()]: time at risk, incidence rate, quartiles of the survivor function.
run_stsum <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", noshow = "nosh"))
  by <- sts_by(o, session)
  s <- survival_sample(command, session, rows, by)
  width <- max(8L, nchar(c(s$names, paste(by, collapse = " "))))
  quartile <- function(m, p) {
    hit <- which(m$S <= 1 - p + 1e-12)
    if (length(hit)) m$time[hit[1L]] else NA_real_
  }
  one <- function(name, rows) {
    m <- survivor_table(s, rows, 0.95)
    risk <- sum(s$t[rows] - s$t0[rows])
    subjects <- length(unique(survival_subjects(session, rows)))
    q <- vapply(c(0.25, 0.5, 0.75), quartile, 0, m = m)
    session$r <- list(risk = risk, ir = sum(s$d[rows]) / risk, N_sub = subjects, p25 = q[1L], p50 = q[2L],
      p75 = q[3L])
    paste0(justify(name, width), " |", justify(trimws(stata_general(risk, 10L)), 13L),
           justify(trimws(stata_general(sum(s$d[rows]) / risk, 9L)), 13L), justify(subjects, 12L),
           paste(justify(trimws(stata_general(q, 9L)), 10L), collapse = ""))
  }
  head <- c(paste0(strrep(" ", width), " |               incidence       no. of    |------ Survival time -----|"),
            paste0(justify(paste(by, collapse = " "), width, TRUE),
              " | time at risk     rate        subjects        25%       50%       75%"))
  groups <- if (!is.null(by)) c(vapply(seq_along(s$groups), function(i) one(s$names[i], s$groups[[i]]), ""),
                                rule(width + 1L,
    68L))
  emit(session, c(st_heading(session), head, rule(width + 1L, 68L), groups, one("total", s$rows)))
}


# stptime [, by() at() per() dd() trim]: persons' time and rates, limits on the scale of the logarithm.
run_stptime <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", at = "at", per = "per", dd = "dd", trim = "trim", title = "t", level = "l",
                                  noshow = "nosh", smr = "smr", using = "using", jackknife = "jack"))
  for (bad in intersect(names(o), c("smr", "using", "jackknife"))) {
    abort_unsupported(sprintf("option %s of stptime", bad))
  }
  by <- sts_by(o, session)
  s <- survival_sample(command, session, rows, by)
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  per <- if (is.null(o$per)) 1 else number_word(o$per)
  table <- if (is.null(o$at)) do.call(rbind, lapply(seq_along(s$groups), function(i) {
    person_time(s, s$groups[[i]], -Inf, Inf, if (is.null(by)) "total" else s$names[i], per, level)
  })) else person_bands(s, parse_numlist(o$at), !is.null(o$trim), per, level)
  if (!is.null(by) || !is.null(o$at)) {
    total <- if (is.null(o$trim)) person_time(s, s$rows, -Inf, Inf, "total", per, level) else
      person_rate(sum(table$time), sum(table$d), "total", per, level)
    table <- rbind(table, total)
  }
  last <- table[nrow(table), ]
  session$r <- list(ptime = last$time, failures = last$d, rate = last$rate, lb = last$lo, ub = last$hi)
  emit(session, person_lines(table, if (is.null(by)) "Cohort" else paste(by, collapse = " "), per, o$dd, level, session,
                             !is.null(by) || !is.null(o$at)))
}

# stir x [, strata()]: rates of exposed and unexposed as ir compares them.
run_stir <- function(command, session, rows) {
  o <- command_options(command, c(strata = "st", level = "l", noshow = "nosh", nocrude = "nocr", nohom = "noh",
                                  pool = "p"))
  s <- survival_sample(command, session, rows)
  x <- expand_varlist(command$rest, session, 1L, 1L)
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  out <- numeric_operand(session$data[[x]])
  cells <- function(rows) {
    rows <- rows[rows %in% s$rows & !is.na(out[rows])]
    part <- function(v, which) sum(v[rows][which])
    exposed <- out[rows] == max(out[s$rows], na.rm = TRUE)
    c(part(s$d, exposed), part(s$d, !exposed), part(s$t - s$t0, exposed), part(s$t - s$t0, !exposed))
  }
  emit(session, st_heading(session))
  if (!is.null(o$strata)) {
    o$by <- o$strata
    return(run_strata(command, o, "irr", "exact", level, session, s$rows, cells))
  }
  told <- sort(unique(out[s$rows]), decreasing = TRUE)
  if (length(told) != 2L) abort_stata(sprintf("%s does not take on exactly two values", x), 450L)
  emit(session, c("", sprintf("Note: Exposed <-> %s==%s and Unexposed <-> %s==%s", x, macro_text(told[1L]), x,
                              macro_text(told[2L]))))
  print_ir(cells(s$rows), level, session, c("Failure", variable_word(x, session), "Time"))
}

# What of the records lies in (from, to].
person_time <- function(s, rows, from, to, name, per, level) {
  spent <- pmax(pmin(s$t[rows], to) - pmax(s$t0[rows], from), 0)
  person_rate(sum(spent), sum(s$d[rows][s$t[rows] > from & s$t[rows] <= to]), name, per, level)
}

person_rate <- function(time, d, name, per, level) {
  rate <- d / time * per
  reach <- if (d > 0) exp(critical_value(level) / sqrt(d)) else NA_real_
  data.frame(name = name, time = time, d = d, rate = rate, lo = rate / reach, hi = rate * reach)
}

person_bands <- function(s, at, trim, per, level) {
  ends <- sort(unique(at))
  if (!trim) ends <- unique(c(0, ends, Inf))
  from <- utils::head(ends, -1L)
  to <- ends[-1L]
  name <- ifelse(is.finite(to), sprintf("(%s - %s]", macro_texts(from), macro_texts(to)),
                 sprintf("> %s", macro_texts(from)))
  out <- do.call(rbind, Map(function(a, b, w) person_time(s, s$rows, a, b, w, per, level), from, to, name))
  out[out$time > 0, ]
}

macro_texts <- function(x) vapply(x, macro_text, "")

person_lines <- function(table, head, per, dd, level, session, total) {
  g <- function(x, width) {
    out <- if (is.null(dd)) trimws(stata_general(x, 9L)) else trimws(stata_fixed(x, 12L, as.integer(number_word(dd))))
    justify(ifelse(is.na(x), ".", out), width)
  }
  width <- max(11L, nchar(c(table$name, head)))
  line <- paste0(justify(table$name, width), " |", justify(trimws(stata_general(table$time, 10L)), 12L),
                 justify(format(table$d, trim = TRUE), 11L), g(table$rate, 12L), g(table$lo, 12L), g(table$hi, 11L))
  k <- length(line)
  bar <- rule(width + 1L, 58L)
  c(st_heading(session), if (per != 1) sprintf("Rates are per %s persons' units of time", macro_text(per)),
    paste0(justify(head, width), " | person-time   failures        rate   ", ci_heading(level)), bar,
    if (total) c(line[-k], bar), line[k])
}
