# sts list|test|graph|generate: curves of survival and tests of their equality.
# Source: Stata's Survival Analysis manual, sts (methods and formulas). Oracle: survfit(), survdiff().

# Kaplan and Meier's curve of some rows: one line for each time of a failure or a net loss. A record that goes on in
# the subject's next one is no loss.
survivor_table <- function(s, rows, level) {
  t <- s$t[rows]
  t0 <- s$t0[rows]
  fails <- s$d[rows]
  times <- sort(unique(c(t, t0[t0 > 0])))
  upto <- function(x) findInterval(times, sort(x))
  before <- function(x) findInterval(times, sort(x), left.open = TRUE)
  at <- function(x) tabulate(match(x, times), length(times))
  n <- before(t0) - before(t)
  d <- at(t[fails == 1])
  lost <- at(t) - d - at(t0)
  shown <- d > 0 | lost != 0
  n <- n[shown]
  d <- d[shown]
  times <- times[shown]
  # Nobody is at risk before the first entry.
  step <- ifelse(n > 0, d / n, 0)
  S <- cumprod(1 - step)
  green <- cumsum(ifelse(n > d, d / (n * (n - d)), ifelse(d > 0, Inf, 0)))
  se <- ifelse(S > 0, S * sqrt(green), NA_real_)
  z <- critical_value(level)
  # Limits on the scale of ln(-ln S).
  size <- sqrt(green) / abs(log(S))
  inside <- S > 0 & S < 1
  lo <- ifelse(inside, S^exp(z * size), NA_real_)
  hi <- ifelse(inside, S^exp(-z * size), NA_real_)
  data.frame(time = times, n = n, d = d, lost = lost[shown], S = S, se = ifelse(is.finite(se), se, NA_real_), lo = lo,
             hi = hi, na = cumsum(step), na_se = sqrt(cumsum(step^2 / pmax(d, 1))))
}

run_sts <- function(text, session, statement) {
  word <- leading_word(text)
  known <- c(list = "l", graph = "g", test = "t", generate = "gen")
  what <- if (nzchar(word)) match_option(word, known) else "graph"
  if (is.na(what)) abort_unsupported(paste("sts", word))
  command <- parse_command(paste("sts", sub("^\\s*[[:alpha:]]*", "", text)))
  switch(what, list = sts_list(command, session), test = sts_test(command, session), graph = sts_graph(command,
    session),
         generate = sts_generate(command, session))
}

sts_by <- function(o, session) if (!is.null(o$by)) expand_varlist(tokenize(o$by), session, 1L)

sts_list <- function(command, session) {
  o <- command_options(command, c(by = "by", at = "at", level = "l", failure = "f", survival = "su", enter = "ent",
                                  noshow = "nosh", compare = "comp", risktable = "risk", cumhaz = "cumh", na = "na"))
  if (!is.null(o$compare)) abort_unsupported("option compare of sts list")
  s <- survival_sample(command, session, seq_len(session$n), sts_by(o, session))
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  kind <- if (!is.null(o$failure)) "failure" else if (!is.null(o$cumhaz) || !is.null(o$na)) "hazard" else "survivor"
  at <- if (!is.null(o$at)) sts_times(o$at, s)
  lines <- unlist(lapply(seq_along(s$groups), function(i) {
    m <- survivor_table(s, s$groups[[i]], level)
    if (!is.null(at)) m <- at_times(m, at, s, s$groups[[i]])
    c(if (nzchar(s$names[i])) s$names[i], sts_rows(m, kind, level, !is.null(at)))
  }))
  emit(session, c(st_heading(session), sts_heads(kind, level, !is.null(at)), strrep("-", 79L), lines, strrep("-", 79L),
                  if (!is.null(at)) sts_note(kind)))
}

sts_heads <- function(kind, level, at) {
  word <- c(failure = "Failure", hazard = "Nelson-Aalen", survivor = "Survivor")[[kind]]
  below <- if (kind == "hazard") "Cum. Haz." else "Function"
  limits <- sub("Interval", "Int.", ci_heading(level))
  # Where the words of the curve end, so that those of the error end in column 58.
  end <- c(failure = 0L, hazard = 3L, survivor = 1L)[[kind]]
  heads <- paste0(justify(word, 19L + end), justify("Std.", 11L - end))
  hazard <- kind == "hazard"
  below <- paste0(justify(below, if (hazard) 20L else 19L), justify("Error", if (hazard) 9L else 10L))
  if (at) c(paste0("              Beg.          ", heads),
            paste0("    Time     Total     Fail  ", below, "     ", limits))
  else c(paste0("           Beg.          Net", heads), paste0("  Time    Total   Fail   Lost", below, "     ", limits))
}

sts_rows <- function(m, kind, level, at) {
  if (kind == "failure") m[c("S", "lo", "hi")] <- list(1 - m$S, 1 - m$hi, 1 - m$lo)
  if (kind == "hazard") {
    # Limits on the scale of the logarithm.
    reach <- exp(critical_value(level) * m$na_se / m$na)
    m[c("S", "se", "lo", "hi")] <- list(m$na, m$na_se, m$na / reach, m$na * reach)
  }
  number <- function(x, width) ifelse(is.na(x), justify(".", width), stata_fixed(x, width, 4L))
  lead <- if (at) paste0(justify(m$n, 10L), justify(m$d, 9L)) else
    paste0(justify(m$n, 9L), justify(m$d, 7L), justify(m$lost, 7L))
  time <- if (at) justify(trimws(stata_general(m$time, 7L)), 8L) else justify(trimws(stata_general(m$time, 6L)), 6L)
  paste0(time, lead, number(m$S, if (at) 21L else 19L), number(m$se, 10L), number(m$lo, 11L), number(m$hi, 10L))
}

sts_note <- function(kind) {
  word <- c(failure = "failure function", hazard = "Nelson-Aalen function", survivor = "survivor function")[[kind]]
  c(sprintf("Note: %s is calculated over full data and evaluated at indicated", word),
    "      times; it is not calculated from aggregates shown at left.")
}

# at(10 40 to 160), at(0(5)30); one number alone is how many times to show, evenly spread.
sts_times <- function(text, s) {
  at <- parse_numlist(text)
  if (length(at) > 1L || !grepl("^\\s*[0-9]+\\s*$", text) || at < 2) return(at)
  end <- max(s$t[s$rows])
  step <- end / (at - 1)
  unit <- 10^floor(log10(step))
  step <- ceiling(step / unit) * unit
  seq(0, by = step, length.out = at)
}

# Times that are asked for: what holds at them, and failures since the last.
at_times <- function(m, at, s, rows) {
  k <- findInterval(at, m$time)
  last <- c(0L, utils::head(k, -1L))[seq_along(k)]
  total <- cumsum(m$d)
  upto <- function(i) ifelse(i > 0L, total[pmax(i, 1L)], 0)
  held <- function(column, none) ifelse(k > 0L, m[[column]][pmax(k, 1L)], none)
  n <- vapply(list(s$t0[rows], s$t[rows]), function(x) findInterval(at, sort(x), left.open = TRUE), numeric(length(at)))
  n <- matrix(n, length(at)) %*% c(1, -1)
  data.frame(time = at, n = drop(n), d = upto(k) - upto(last), S = held("S", 1), se = held("se", NA_real_),
             lo = held("lo", NA_real_), hi = held("hi", NA_real_), na = held("na", 0), na_se = held("na_se", NA_real_))
}

sts_weights <- c(wilcoxon = "Wilcoxon (Breslow)", tware = "Tarone-Ware", peto = "Peto-Peto", fh = "Fleming-Harrington",
                 logrank = "Log-rank")

# sts test g [, logrank wilcoxon tware peto fh(p q) strata() trend detail]
sts_test <- function(command, session) {
  o <- command_options(command, c(logrank = "l", wilcoxon = "w", strata = "str", detail = "d", noshow = "nosh",
                                  tware = "tw", peto = "peto", trend = "tr", cox = "c", fh = "fh"))
  if (!is.null(o$cox)) abort_gap("option cox of sts test", "use stcox")
  if (!is.null(o$detail) && is.null(o$strata)) abort_stata("detail requires strata()", 198L)
  by <- expand_varlist(command$rest, session, 1L)
  strata <- if (!is.null(o$strata)) expand_varlist(tokenize(o$strata), session, 1L, 5L)
  s <- survival_sample(command, session, seq_len(session$n), by)
  k <- length(s$groups)
  if (k < 2L) abort_stata("only one group", 498L)
  g <- integer(session$n)
  for (i in seq_len(k)) g[s$groups[[i]]] <- i
  rows <- s$rows
  for (v in strata) rows <- rows[!is_missing(session$data[[v]][rows])]
  kind <- c(intersect(names(sts_weights), names(o)), "logrank")[1L]
  power <- if (kind == "fh") option_numbers(o$fh)
  parts <- lapply(if (length(strata)) groups_of(strata, rows, session) else list(rows), rank_statistics, s = s, g = g,
                  k = k, kind = kind, power = power)
  sum_of <- function(name) Reduce(`+`, lapply(parts, `[[`, name))
  all <- list(observed = sum_of("observed"), expected = sum_of("expected"), score = sum_of("score"), V = sum_of("V"))
  found <- rank_chi2(all, k)
  session$r <- list(df = found$df, chi2 = found$chi2, p = upper_p(found$chi2, found$df))
  lines <- rank_lines(all, found, s$names, by, kind, power, length(strata) > 0L)
  if (!is.null(o$trend)) lines <- c(lines, trend_lines(all, s, by, session))
  inner <- if (!is.null(o$detail)) unlist(lapply(seq_along(parts), function(i) {
    rank_lines(parts[[i]], rank_chi2(parts[[i]], k), s$names, by, kind, power, FALSE)
  }))
  end <- if (length(strata)) c("", sprintf("(*) sum over calculations within %s", paste(strata, collapse = " ")))
  at <- length(lines) - if (is.null(o$trend)) 3L else 7L
  emit(session, c(st_heading(session), inner, if (length(strata)) append(lines, end, at) else lines))
}

# Observed and expected failures of the groups, weighted scores and their hypergeometric covariances.
rank_statistics <- function(rows, s, g, k, kind, power) {
  t <- s$t[rows]
  fails <- s$d[rows] == 1
  times <- sort(unique(t[fails]))
  per <- function(f) vapply(seq_len(k), function(i) f(g[rows] == i), numeric(length(times)))
  n <- per(function(own) findInterval(times, sort(s$t0[rows][own]), left.open = TRUE) -
             findInterval(times, sort(t[own]), left.open = TRUE))
  d <- per(function(own) tabulate(match(t[own & fails], times), length(times)))
  n <- matrix(n, ncol = k)
  d <- matrix(d, ncol = k)
  N <- rowSums(n)
  D <- rowSums(d)
  before <- c(1, utils::head(cumprod(1 - D / N), -1L))[seq_along(times)]
  w <- switch(kind, wilcoxon = N, tware = sqrt(N), peto = cumprod(1 - D / (N + 1)),
              fh = before^power[1L] * (1 - before)^power[2L], rep(1, length(times)))
  e <- D * n / N
  v <- ifelse(N > 1, w^2 * D * (N - D) / pmax(N - 1, 1), 0)
  share <- n / N
  list(observed = colSums(d), expected = colSums(e), score = colSums(w * (d - e)),
       V = diag(colSums(v * share), k) - crossprod(share, v * share))
}

# A group that is never at risk beside others says nothing.
rank_chi2 <- function(x, k) {
  told <- which(diag(x$V) > 0)
  keep <- utils::head(told, -1L)
  if (!length(keep)) return(list(chi2 = NA_real_, df = 0L))
  list(chi2 = drop(x$score[keep] %*% solve(x$V[keep, keep, drop = FALSE], x$score[keep])), df = length(keep))
}

rank_lines <- function(x, found, names, by, kind, power, star) {
  sums <- kind != "logrank"
  width <- max(nchar(c(names, paste(by, collapse = ", "))), 5L)
  line <- function(name, a, b, c) paste0(justify(name, width, TRUE), " |", justify(a, 10L), stata_fixed(b, 15L, 2L),
                                         if (sums) sum_of_ranks(c))
  wide <- if (sums) 38L else 25L
  bar <- rule(width + 1L, wide)
  title <- sprintf("%s test for equality of survivor functions",
                   if (star) paste("Stratified", if (kind == "logrank") "log-rank" else sts_weights[[kind]]) else
                     sts_weights[[kind]])
  head <- paste0(justify(paste(by, collapse = ", "), width, TRUE), " |  observed       expected", if (star) "(*)",
                 if (sums) if (star) "     ranks(*)" else "        ranks")
  c("", title, "", paste0(strrep(" ", width), " |   Events         Events", if (sums) "        Sum of"), head, bar,
    line(names, x$observed, x$expected, x$score), bar, line("Total", sum(x$observed), sum(x$expected), 0), "",
    justify(sprintf("chi2(%d) = %s", found$df, stata_fixed(found$chi2, 10L, 2L)), width + 27L),
    justify(sprintf("Pr>chi2 = %s", stata_fixed(upper_p(found$chi2, found$df), 10L, 4L)), width + 27L))
}

# Sums of ranks are whole numbers under Wilcoxon's weights; a rounding error is none.
sum_of_ranks <- function(x) {
  near <- abs(x - round(x)) < 1e-9 * pmax(1, abs(x))
  x[near] <- round(x[near])
  justify(trimws(stata_general(x, 9L)), 13L)
}

# The score of the groups' values against no trend.
trend_lines <- function(x, s, by, session) {
  if (length(by) > 1L) abort_stata("trend allows one variable only", 198L)
  value <- vapply(s$groups, function(rows) numeric_operand(session$data[[by]])[rows[1L]], 0)
  chi2 <- sum(value * x$score)^2 / drop(value %*% x$V %*% value)
  session$r[c("chi2_tr", "df_tr", "p_tr")] <- list(chi2, 1, upper_p(chi2, 1))
  c("", "Test for trend of survivor functions", "", sprintf("chi2(1) = %s", stata_fixed(chi2, 10L, 2L)),
    sprintf("Pr>chi2 = %s", stata_fixed(upper_p(chi2, 1), 10L, 4L)))
}

# sts generate new = s [, by()]
sts_generate <- function(command, session) {
  o <- command_options(command, c(by = "by", level = "l"))
  a <- parse_assignment(command$rest, TRUE)
  what <- a$tokens$text[1L]
  if (!what %in% c("s", "se", "lb", "ub", "n", "d", "na")) abort_unsupported(sprintf("sts generate: %s", what))
  s <- survival_sample(command, session, seq_len(session$n), sts_by(o, session))
  value <- rep(NA_real_, session$n)
  for (g in s$groups) {
    m <- survivor_table(s, g, session$level / 100)
    at <- at_times(m, s$t[g], s, g)
    at$d <- ifelse(s$t[g] %in% m$time, m$d[match(s$t[g], m$time)], 0)
    value[g] <- at[[c(s = "S", se = "se", lb = "lo", ub = "hi", n = "n", d = "d", na = "na")[[what]]]]
  }
  store_variable(session, check_new_name(a$name, session), value, session$type)
}

sts_graph <- function(command, session) {
  own <- c(by = "by", failure = "fail", survival = "su", risktable = "risk", ci = "ci", level = "l", censored = "cen",
           atrisk = "atr", noshow = "nosh", cumhaz = "cumh", hazard = "haz", noorigin = "noor", tmax = "tmax",
             tmin = "tmin",
           plot1opts = "plot1", plot2opts = "plot2", plot3opts = "plot3", ciopts = "cio", noatrisk = "noatr",
             lost = "lost")
  o <- command_options(command, c(own, whole_options[setdiff(names(whole_options), "by")]))
  for (bad in intersect(names(o), c("cumhaz", "hazard"))) abort_unsupported(sprintf("option %s of sts graph", bad))
  for (word in intersect(names(o),
                         c("risktable", "atrisk", "lost", "censored", "ciopts", "plot1opts", "plot2opts",
                           "plot3opts"))) {
    warn_looks(word, command)
  }
  level <- if (is.null(o$level)) session$level else number_word(o$level)
  s <- survival_sample(command, session, seq_len(session$n), sts_by(o, session))
  style <- session$graph_style <- scheme_style(c(o$scheme, session$scheme)[1L])
  flip <- !is.null(o$failure)
  parts <- lapply(seq_along(s$groups), function(i) {
    m <- survivor_table(s, s$groups[[i]], level / 100)
    x <- c(0, rep(m$time, each = 2L))
    y <- c(rep(c(1, m$S[-nrow(m)]), each = 2L), m$S[nrow(m)])
    col <- style$group_col[(i - 1L) %% length(style$group_col) + 1L]
    name <- if (nzchar(s$names[i])) paste(trimws(o$by), "=", s$names[i]) else "Survivor function"
    band <- if (!is.null(o$ci)) list(survivor_band(m, col, flip))
    list(layers = c(Filter(Negate(is.null), band),
                    list(layer_line(x, if (flip) 1 - y else y, col, 1.5, c("solid", "44", "22", "13")[(i - 1L) %% 4L +
      1L]))),
         legend = list(legend_line(name, col, 1.5, "solid")), x = x, y = c(0, 1), xtitle = "analysis time",
         ytitle = "", xname = "", yname = character())
  })
  whole <- unclass(o)
  if (is.null(whole$title)) whole$title <- sprintf("\"Kaplan-Meier %s estimate%s\"", if (flip) "failure" else
    "survival",
                                                   if (length(parts) > 1L) "s" else "")
  keep_figure(twoway_figure(parts, list(), exact_list(whole[setdiff(names(whole), "by")]), session), o, session)
}

# The steps between the limits of a curve, where there are some.
survivor_band <- function(m, col, flip) {
  known <- which(!is.na(m$lo))
  if (!length(known)) return(NULL)
  # The last limits hold until the next time.
  ends <- c(m$time[known], m$time[min(max(known) + 1L, nrow(m))])
  x <- utils::head(rep(ends, each = 2L)[-1L], -1L)
  y <- c(rep(m$lo[known], each = 2L), rev(rep(m$hi[known], each = 2L)))
  layer_polygon(c(x, rev(x)), if (flip) 1 - y else y, grDevices::adjustcolor(col, 0.25))
}

