# stset, stdes, stsum, sts list|test|graph|generate, stcox: survival data of one record per subject. Estimates by the R
# package survival. Source: Stata's Survival Analysis manual, the entries of these names. Oracle: survival's own
# printed results, Breslow's likelihood written out.

# stset time [, failure(var[==values]) id() origin(time #) enter(time #) exit() scale(#)]
run_stset <- function(command, session, rows) {
  o <- command_options(command, c(failure = "f", id = "id", origin = "ori", enter = "ent", exit = "ex", scale = "sc",
                                  clear = "clear", time0 = "time0", noshow = "nosh", show = "sh"))
  if (!is.null(o$clear)) return(session$survival <- NULL)
  if (!nrow(command$rest)) {
    if (is.null(session$survival)) abort_stata("data not st", 119L)
    return(emit(session, stset_lines(session$survival, session)))
  }
  if (!is.null(o$time0)) abort_unsupported("option time0 of stset")
  name <- expand_varlist(command$rest, session, 1L, 1L)
  time <- numeric_operand(session$data[[name]])
  rows <- selected_rows(command, session, rows)
  died <- failure_of(o$failure, session)
  scale <- if (is.null(o$scale)) 1 else number_word(o$scale)
  at <- function(text) if (is.null(text)) rep(0, session$n) else
    numeric_operand(evaluate_column(tokenize(sub("^\\s*time\\b", "", text)), session))
  origin <- at(o$origin)
  start <- if (is.null(o$enter)) origin else at(o$enter)
  if (!is.null(o$exit)) {
    end <- at(o$exit)
    died$value <- died$value & time <= end
    time <- pmin(time, end)
  }
  t <- (time - origin) / scale
  t0 <- pmax((start - origin) / scale, 0)
  keep <- seq_len(session$n) %in% rows & !is.na(t) & t > t0 & !is.na(died$value)
  if (!is.null(o$id)) {
    id <- find_stata_variable(trimws(o$id), session)
    if (anyDuplicated(session$data[[id]][keep])) abort_gap("stset with several records per subject",
      "use Surv() of the R package survival")
  }
  put <- function(name, value, type) store_variable(session, name, ifelse(keep, value, NA_real_), type)
  store_variable(session, "_st", as.numeric(keep), "byte")
  put("_d", as.numeric(died$value), "byte")
  put("_t", t, "double")
  put("_t0", t0, "double")
  session$survival <- list(time = name, failure = died$text, keep = keep, total = session$n, left = length(rows),
                           ended = sum(!is.na(t) & t <= t0 & seq_len(session$n) %in% rows), id = trimws(c(o$id,
                             "")[1L]),
                           scale = scale)
  session$r <- list()
  emit(session, stset_lines(session$survival, session))
}

# failure(died), failure(status == 1 2): values that are failures; without it every end is one.
failure_of <- function(text, session) {
  if (is.null(text) || !nzchar(text)) return(list(value = rep(TRUE, session$n), text = "(meaning all fail)"))
  part <- strsplit(gsub("==", "=", text, fixed = TRUE), "=", fixed = TRUE)[[1L]]
  name <- find_stata_variable(trimws(part[1L]), session)
  x <- numeric_operand(session$data[[name]])
  if (length(part) == 1L) return(list(value = ifelse(is.na(x), FALSE, x != 0), text = sprintf("%s != 0 & %s < .",
    name, name)))
  list(value = x %in% parse_numlist(part[2L]), text = sprintf("%s == %s", name, trimws(part[2L])))
}

stset_lines <- function(s, session) {
  t <- session$data[["_t"]][s$keep]
  d <- session$data[["_d"]][s$keep]
  risk <- sum(t - session$data[["_t0"]][s$keep])
  number <- function(x) justify(format(x, big.mark = ","), 11L)
  value <- function(x) justify(trimws(stata_general(x, 10L)), 11L)
  c("", if (nzchar(s$id)) paste("                id: ", s$id), paste("     failure event: ", s$failure),
    sprintf("obs. time interval:  (0, %s]", s$time), " exit on or before:  failure",
    if (s$scale != 1) sprintf("    t for analysis:  time/%s", macro_text(s$scale)), "", strrep("-", 78L),
    paste0(number(s$total), "  total observations"),
    if (s$ended) paste0(number(s$ended), "  observations end on or before enter()"),
    paste0(number(s$total - sum(s$keep) - s$ended), "  exclusions"), strrep("-", 78L),
    paste0(number(sum(s$keep)), "  observations remaining, representing"),
    if (nzchar(s$id)) paste0(number(sum(s$keep)), "  subjects"),
    paste0(number(as.integer(sum(d))), "  failures in single-record/single-failure data"),
    paste0(value(risk), "  total analysis time at risk and under observation"),
    paste0(strrep(" ", 48L), "at risk from t = ", value(0)), paste0(strrep(" ", 38L), "earliest observed entry t = ",
                                                                  value(min(session$data[["_t0"]][s$keep]))),
    paste0(strrep(" ", 43L), "last observed exit t = ", value(max(t))))
}

# The rows that are under observation: times, failures, group.
survival_sample <- function(command, session, rows, by = NULL) {
  if (is.null(session$survival) || is.null(session$data[["_st"]])) abort_stata("data not st", 119L)
  rows <- selected_rows(command, session, rows)
  rows <- rows[session$data[["_st"]][rows] %in% 1]
  for (v in by) rows <- rows[!is_missing(session$data[[v]][rows])]
  if (!length(rows)) abort_stata("no observations", 2000L)
  group <- if (!is.null(by)) groups_of(by, rows, session)
  list(rows = rows, t = session$data[["_t"]], t0 = session$data[["_t0"]], d = session$data[["_d"]],
       groups = if (is.null(by)) list(rows) else group,
       names = if (is.null(by)) "" else vapply(group, function(g) {
         paste(vapply(by, function(v) shown_value(v, session, g[1L]), ""), collapse = " ")
       }, ""))
}

st_heading <- function(session) {
  s <- session$survival
  c("", sprintf("         failure _d:  %s", sub(" != 0 & .*$", "", s$failure)),
    sprintf("   analysis time _t:  %s", s$time), if (nzchar(s$id)) sprintf("                 id:  %s", s$id), "")
}

# Kaplan and Meier's curve of some rows: one line for each time that somebody leaves.
survivor_table <- function(s, rows, level) {
  t <- s$t[rows]
  times <- sort(unique(t))
  n <- vapply(times, function(u) sum(s$t0[rows] < u & t >= u), 0)
  d <- vapply(times, function(u) sum(s$d[rows][t == u]), 0)
  lost <- vapply(times, function(u) sum(t == u), 0) - d
  S <- cumprod(1 - d / n)
  green <- cumsum(ifelse(n > d, d / (n * (n - d)), Inf))
  se <- ifelse(S > 0, S * sqrt(green), NA_real_)
  z <- critical_value(level)
  # Limits on the scale of ln(-ln S).
  size <- sqrt(green) / abs(log(S))
  inside <- S > 0 & S < 1
  lo <- ifelse(inside, S^exp(z * size), NA_real_)
  hi <- ifelse(inside, S^exp(-z * size), NA_real_)
  data.frame(time = times, n = n, d = d, lost = lost, S = S, se = ifelse(is.finite(se), se, NA_real_), lo = lo, hi = hi)
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
                                  noshow = "nosh", compare = "comp", risktable = "risk", cumhaz = "cumh"))
  if (!is.null(o$compare) || !is.null(o$cumhaz)) abort_unsupported("options compare and cumhaz of sts list")
  s <- survival_sample(command, session, seq_len(session$n), sts_by(o, session))
  level <- if (is.null(o$level)) session$level else number_word(o$level)
  flip <- !is.null(o$failure)
  lines <- unlist(lapply(seq_along(s$groups), function(i) {
    m <- survivor_table(s, s$groups[[i]], level / 100)
    if (!is.null(o$at)) m <- at_times(m, parse_numlist(o$at), s, s$groups[[i]])
    if (flip) m[c("S", "lo", "hi")] <- list(1 - m$S, 1 - m$hi, 1 - m$lo)
    c(if (nzchar(s$names[i])) s$names[i],
      paste0(justify(trimws(stata_general(m$time, 7L)), 8L), justify(m$n, 10L), justify(m$d, 8L), justify(m$lost, 9L),
             stata_fixed(m$S, 15L, 4L), stata_fixed(m$se, 10L, 4L), stata_fixed(m$lo, 10L, 4L), stata_fixed(m$hi, 10L,
               4L)))
  }))
  emit(session, c(st_heading(session), sprintf("           Beg.          Net        %s      Std.",
                                               if (flip) " Failure" else "Survivor"),
                  sprintf("    Time   Total   Fail   Lost        Function     Error     %s",
                          sub("Interval", "Int.", ci_heading(level / 100))), strrep("-", 80L), lines, strrep("-", 80L)))
}

# Times that are asked for: what holds at them, and failures since the last.
at_times <- function(m, at, s, rows) {
  out <- lapply(seq_along(at), function(i) {
    k <- sum(m$time <= at[i])
    before <- if (i > 1L) at[i - 1L] else -Inf
    inside <- m$time > before & m$time <= at[i]
    data.frame(time = at[i], n = sum(s$t0[rows] < at[i] & s$t[rows] >= at[i]), d = sum(m$d[inside]),
      lost = sum(m$lost[inside]),
               S = if (k) m$S[k] else 1, se = if (k) m$se[k] else NA, lo = if (k) m$lo[k] else NA,
                 hi = if (k) m$hi[k] else NA)
  })
  do.call(rbind, out)
}

# sts test g: log-rank test, or Wilcoxon's by Breslow and Gehan.
sts_test <- function(command, session) {
  o <- command_options(command, c(logrank = "l", wilcoxon = "w", strata = "str", detail = "d", noshow = "nosh",
                                  tware = "tw", peto = "peto", trend = "tr", cox = "c"))
  for (bad in intersect(names(o), c("strata", "tware", "peto", "trend", "cox"))) {
    abort_unsupported(sprintf("option %s of sts test", bad))
  }
  by <- expand_varlist(command$rest, session, 1L)
  s <- survival_sample(command, session, seq_len(session$n), by)
  k <- length(s$groups)
  if (k < 2L) abort_stata("only one group", 498L)
  g <- integer(session$n)
  for (i in seq_len(k)) g[s$groups[[i]]] <- i
  r <- s$rows
  times <- sort(unique(s$t[r][s$d[r] == 1]))
  gehan <- !is.null(o$wilcoxon)
  observed <- expected <- score <- numeric(k)
  V <- matrix(0, k, k)
  for (u in times) {
    at <- r[s$t0[r] < u & s$t[r] >= u]
    n <- tabulate(g[at], k)
    d <- tabulate(g[at[s$t[at] == u & s$d[at] == 1]], k)
    N <- sum(n)
    D <- sum(d)
    w <- if (gehan) N else 1
    observed <- observed + d
    expected <- expected + D * n / N
    score <- score + w * (d - D * n / N)
    if (N > 1) V <- V + w^2 * D * (N - D) / (N - 1) * (diag(n / N) - outer(n, n) / N^2)
  }
  keep <- seq_len(k - 1L)
  chi2 <- drop(score[keep] %*% solve(V[keep, keep, drop = FALSE], score[keep]))
  session$r <- list(df = k - 1L, chi2 = chi2, p = upper_p(chi2, k - 1))
  width <- max(nchar(c(s$names, paste(by, collapse = ", "))), 5L)
  line <- function(name, a, b, c = NULL) paste0(justify(name, width, TRUE), " |", justify(a, 11L), stata_fixed(b, 16L,
    2L),
                                                if (!is.null(c)) stata_fixed(c, 16L, 2L))
  head <- paste0(justify(paste(by, collapse = ", "), width, TRUE), " |   observed       expected",
                 if (gehan) "        ranks")
  top <- paste0(strrep(" ", width), " |   Events         Events", if (gehan) "          Sum of")
  emit(session, c(st_heading(session), "", sprintf("%s test for equality of survivor functions",
                                                   if (gehan) "Wilcoxon (Breslow)" else "Log-rank"), "", top, head,
                  rule(width + 1L, if (gehan) 43L else 27L),
                  vapply(seq_len(k), function(i) line(s$names[i], observed[i], expected[i], if (gehan) score[i]), ""),
                  rule(width + 1L, if (gehan) 43L else 27L), line("Total", sum(observed), sum(expected),
                    if (gehan) 0), "",
                  sprintf("%schi2(%d) = %s", strrep(" ", width + 8L), k - 1L, stata_fixed(chi2, 10L, 2L)),
                  sprintf("%sPr>chi2 = %s", strrep(" ", width + 8L), stata_fixed(upper_p(chi2, k - 1), 10L, 4L))))
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
    at <- match(s$t[g], m$time)
    value[g] <- switch(what, s = m$S, se = m$se, lb = m$lo, ub = m$hi, n = m$n, d = m$d,
                       na = cumsum(m$d / m$n))[at]
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
  for (word in intersect(names(o), c("risktable", "atrisk", "lost", "censored", "ciopts", "plot1opts", "plot2opts", "plot3opts"))) {
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
    list(layers = c(Filter(Negate(is.null), band), list(layer_line(x, if (flip) 1 - y else y, col, 1.5, c("solid", "44", "22", "13")[(i - 1L) %% 4L +
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

# stdescribe
run_stdescribe <- function(command, session, rows) {
  command_options(command, c(noshow = "nosh", weight = "w"))
  s <- survival_sample(command, session, rows)
  t <- s$t[s$rows]
  t0 <- s$t0[s$rows]
  d <- s$d[s$rows]
  n <- length(t)
  line <- function(name, total, x = NULL) paste0(justify(name, 26L, TRUE), justify(trimws(stata_general(total, 9L)),
    12L),
    if (!is.null(x)) paste(justify(trimws(stata_general(c(mean(x), min(x), stata_percentile(x, 50), max(x)), 9L)),
      12L), collapse = ""))
  session$r <- list(N_sub = n, N_total = n, N_fail = sum(d), tr_sum = sum(t - t0), tr_mean = mean(t - t0))
  emit(session, c(st_heading(session), paste0(strrep(" ", 38L), "|-------------- per subject --------------|"),
                  "Category                         total        mean         min      median         max",
                  strrep("-", 80L), line("no. of subjects", n), line("no. of records", n, rep(1, n)), "",
                  paste0(justify("(first) entry time", 38L, TRUE), substring(line("", 0, t0), 39L)),
                  paste0(justify("(final) exit time", 38L, TRUE), substring(line("", 0, t), 39L)), "",
                  line("time at risk", sum(t - t0), t - t0), "", line("failures", sum(d), d), strrep("-", 80L)))
}

# stsum [, by()]: time at risk, incidence rate, quartiles of the survivor function.
run_stsum <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", noshow = "nosh"))
  by <- sts_by(o, session)
  s <- survival_sample(command, session, rows, by)
  quartile <- function(m, p) {
    hit <- which(m$S <= 1 - p + 1e-12)
    if (length(hit)) m$time[hit[1L]] else NA_real_
  }
  one <- function(name, rows) {
    m <- survivor_table(s, rows, 0.95)
    risk <- sum(s$t[rows] - s$t0[rows])
    q <- vapply(c(0.25, 0.5, 0.75), quartile, 0, m = m)
    session$r <- list(risk = risk, ir = sum(s$d[rows]) / risk, N_sub = length(rows), p25 = q[1L], p50 = q[2L],
      p75 = q[3L])
    paste0(justify(abbreviate_name(name, 8L), 8L), " |", justify(trimws(stata_general(risk, 10L)), 13L),
           justify(trimws(stata_general(sum(s$d[rows]) / risk, 9L)), 13L), justify(length(rows), 12L),
           paste(justify(trimws(stata_general(q, 9L)), 10L), collapse = ""))
  }
  head <- c("         |               incidence       no. of    |------ Survival time -----|",
            paste0(justify(paste(by, collapse = " "), 8L, TRUE),
              " | time at risk     rate        subjects        25%       50%       75%"))
  groups <- if (!is.null(by)) c(vapply(seq_along(s$groups), function(i) one(s$names[i], s$groups[[i]]), ""), rule(9L,
    68L))
  emit(session, c(st_heading(session), head, rule(9L, 68L), groups, one("total", s$rows)))
}

# stcox x ... [, nohr strata() efron breslow exactp vce(robust|cluster v) level()]
run_stcox <- function(command, session, rows) {
  o <- command_options(command, c(nohr = "nohr", hr = "hr", strata = "st", efron = "efr", breslow = "bre",
    exactp = "exactp",
                                  exactm = "exactm", robust = "r", vce = "vce", cluster = "cl", level = "l",
                                    noshow = "nosh",
                                  nolog = "nolog", estimate = "est", tvc = "tvc", texp = "tex", shared = "sh",
                                  offset = "off", noheader = "nohead"))
  for (bad in intersect(names(o), c("exactm", "tvc", "texp", "shared", "offset"))) {
    abort_gap(sprintf("option %s of stcox", bad), "use coxph() of the R package survival")
  }
  require_reader("survival", "stcox")
  fit <- fit_cox(command, session, rows, o)
  fit$hr <- is.null(o$nohr)
  store_cox(fit, session, command)
  emit(session, cox_lines(fit, session))
}

fit_cox <- function(command, session, rows, o) {
  words <- regressor_words(command$rest, session)
  s <- survival_sample(command, session, rows)
  design <- design_of(words, session, s$rows, FALSE)
  cluster <- regression_cluster(o, session)
  strata <- if (!is.null(o$strata)) expand_varlist(tokenize(o$strata), session, 1L, 5L)
  use <- s$rows[stats::complete.cases(design$X[s$rows, , drop = FALSE]) & !is_missing_of(cluster$value, s$rows)]
  for (v in strata) use <- use[!is_missing(session$data[[v]][use])]
  if (length(use) < 2L) abort_stata("no observations", 2000L)
  free <- which(!design$base)
  X <- design$X[use, free, drop = FALSE]
  kept <- free[call_core(cpp_independent_columns(cbind(1, X)))[-1L] - 1L]
  X <- design$X[use, kept, drop = FALSE]
  g <- if (length(strata)) interaction(lapply(session$data[strata], function(x) x[use]), drop = TRUE) else
    factor(rep(1L, length(use)))
  method <- if (!is.null(o$efron)) "efron" else if (!is.null(o$exactp)) "exact" else "breslow"
  y <- if (any(s$t0[use] > 0)) survival::Surv(s$t0[use], s$t[use], s$d[use]) else survival::Surv(s$t[use], s$d[use])
  data <- list(y = y, X = X, g = g, cl = if (cluster$kind == "cluster") factor(cluster$value[use]) else seq_along(use))
  formula <- if (nlevels(g) > 1L) y ~ X + strata(g) else y ~ X
  environment(formula) <- list2env(c(data, list(strata = survival::strata)), parent = baseenv())
  cox <- survival::coxph(formula, ties = method, control = survival::coxph.control(eps = 1e-13, toler.chol = 1e-14,
    iter.max = 60L), x = TRUE,
                         model = TRUE)
  V <- unname(stats::vcov(cox))
  fit <- list(N = length(use), k = length(kept), kept = kept, design = design, use = use, depvar = "_t",
              level = if (is.null(o$level)) session$level else number_word(o$level), cluster = cluster, weight = "none",
              beta = unname(stats::coef(cox)), df_t = NA_real_, df_m = length(kept), ll = cox$loglik[2L],
                ll_0 = cox$loglik[1L],
              failures = sum(s$d[use]), risk = sum(s$t[use] - s$t0[use]), method = method, strata = strata, cox = cox)
  if (cluster$kind != "ols") {
    score <- stats::residuals(cox, type = "score")
    score <- rowsum(as.matrix(score), data$cl)
    n <- nrow(score)
    V <- V %*% crossprod(score) %*% V * n / (n - 1)
    fit$n_clusters <- n
  }
  fit$V <- V
  fit <- coefficient_tests(fit)
  fit$chi2type <- if (cluster$kind == "ols") "LR" else "Wald"
  fit$chi2 <- if (cluster$kind == "ols") 2 * (fit$ll - fit$ll_0) else sum(fit$beta * solve(V, fit$beta))
  fit$p <- upper_p(fit$chi2, fit$df_m)
  fit
}

store_cox <- function(fit, session, command) {
  stored <- stored_estimates(fit)
  e <- list(N = fit$N, N_sub = fit$N, N_fail = fit$failures, risk = fit$risk, df_m = fit$df_m, ll = fit$ll,
    ll_0 = fit$ll_0,
            chi2 = fit$chi2, p = fit$p, chi2type = fit$chi2type, N_clust = fit$n_clusters, rank = fit$k,
            cmdline = paste("stcox", sub("^\\S+\\s*", "", command$text)), cmd = "cox", cmd2 = "stcox", depvar = "_t",
            t0 = "_t0", ties = fit$method, title = "Cox regression", properties = "b V", b = stored$b, V = stored$V)
  session$e <- Filter(Negate(is.null), e)
  session$cox <- fit
  session$regression <- session$estimates <- NULL
  session$sample <- fit$use
  table <- shown_cox(fit)
  table$b[is.na(table$b)] <- as.numeric(fit$hr)
  r <- rbind(b = table$b, se = table$se, z = table$t, pvalue = table$p, ll = table$lo, ul = table$hi, df = NA_real_,
             crit = critical_value(fit$level / 100), eform = as.numeric(fit$hr))
  colnames(r) <- fit$names
  session$r <- list(table = r, level = fit$level)
}

shown_cox <- function(fit) {
  fit$eform <- fit$hr
  shown_coefficients(fit)
}

cox_lines <- function(fit, session) {
  line <- function(name, value) sprintf("%s = %s", justify(name, 16L, TRUE), justify(value, 10L))
  strata <- length(fit$strata) > 0L
  words <- c(breslow = "Breslow method for ties", efron = "Efron method for ties", exact = "exact partial likelihood")
  if (!anyDuplicated(session$data[["_t"]][fit$use][session$data[["_d"]][fit$use] == 1])) words[] <- "no ties"
  title <- sprintf("%sCox regression -- %s", if (strata) "Stratified " else "", words[[fit$method]])
  robust <- fit$cluster$kind != "ols"
  count <- function(x) format(x, big.mark = ",")
  head <- c(to_right(sprintf("No. of subjects = %s", justify(count(fit$N), 12L)), line("Number of obs", count(fit$N)),
    78L),
            sprintf("No. of failures = %s", justify(count(fit$failures), 12L)),
            sprintf("Time at risk    = %s", justify(trimws(stata_general(fit$risk, 11L)), 12L)),
            to_right("", line(sprintf("%s chi2(%d)", fit$chi2type, fit$df_m), stata_fixed(fit$chi2, 9L, 2L)), 78L),
            to_right(sprintf("Log %slikelihood  =   %s", if (robust) "pseudo" else "", stata_general(fit$ll, 10L)),
                     line("Prob > chi2", sprintf("%.4f", fit$p)), 78L))
  table <- shown_cox(fit)[!fit$design$base, ]
  lines <- format_coef_table(table[0L, ], "_t", fit$level / 100, "z", if (fit$hr) "Haz. Ratio" else "Coef.")
  body <- regress_lines(table)
  if (length(body) && !nzchar(trimws(sub("|", "", body[1L], fixed = TRUE)))) body <- body[-1L]
  c(st_heading(session), omitted_notes(fit), title, "", head, cluster_note(fit), "", lines[1L],
    if (robust) "             |               Robust", lines[2:3], body, lines[1L],
    if (strata) to_right("", paste("Stratified by", paste(fit$strata, collapse = " ")), 78L))
}

# estat phtest [, detail log]: the test of proportional hazards on scaled Schoenfeld residuals against time, with the
# variance of a residual averaged over the failures (Grambsch and Therneau 1994, Biometrika 81: 515-526); failures of all
# strata together, the variance of the model.
cox_phtest <- function(session, command) {
  o <- command_options(command, c(detail = "d", log = "log", rank = "ra", km = "km", time = "time", plot = "pl"))
  for (bad in setdiff(names(o), c("detail", "log"))) {
    abort_gap(sprintf("option %s of estat phtest", bad), "use cox.zph() of the R package survival")
  }
  fit <- session$cox
  if (fit$method == "exact") abort_unsupported("estat phtest after stcox, exactp")
  found <- phtest_numbers(fit$cox, if (is.null(o$log)) identity else log)
  names <- fit$names[fit$kept]
  session$r <- list(df = found$df, chi2 = found$chi2, p = upper_p(found$chi2, found$df))
  if (!is.null(o$detail)) {
    session$r$phtest <- cbind(rho = found$rho, chi2 = found$each, df = 1, p = upper_p(found$each, 1))
    rownames(session$r$phtest) <- names
  }
  emit(session, phtest_lines(found, names, !is.null(o$detail), !is.null(o$log)))
}

phtest_numbers <- function(cox, transform) {
  raw <- as.matrix(stats::residuals(cox, type = "schoenfeld"))
  V <- as.matrix(if (is.null(cox$naive.var)) cox$var else cox$naive.var)
  g <- transform(as.numeric(rownames(raw)))
  g <- g - mean(g)
  d <- nrow(raw)
  score <- colSums(g * raw)
  scale <- d / sum(g^2)
  list(rho = drop(stats::cor(raw %*% V, g)), each = drop(V %*% score)^2 / diag(V) * scale,
       chi2 = sum(score * (V %*% score)) * scale, df = ncol(raw))
}

phtest_lines <- function(found, names, detail, logged) {
  margin <- strrep(" ", 6L)
  line <- function(name, rho, chi2, df) {
    paste0(margin, justify(abbreviate_name(name, 12L), 12L, TRUE), "|", if (detail) rho, stata_fixed(chi2, 13L, 2L),
           justify(format(df), 9L), stata_fixed(upper_p(chi2, df), 16L, 4L))
  }
  width <- if (detail) 51L else 38L
  blank <- strrep(" ", 13L)
  c("", paste0(margin, "Test of proportional-hazards assumption"), "",
    paste0(margin, "Time:  ", if (logged) "Log(t)" else "Time"), paste0(margin, strrep("-", width + 13L)),
    paste0(margin, strrep(" ", 12L), "|", if (detail) "       rho   ", "         chi2       df       Prob>chi2"),
    paste0(margin, rule(12L, width)),
    if (detail) c(line(names, stata_fixed(found$rho, 13L, 5L), found$each, rep(1, length(names))),
                  paste0(margin, rule(12L, width))),
    line("global test", blank, found$chi2, found$df), paste0(margin, strrep("-", width + 13L)))
}
