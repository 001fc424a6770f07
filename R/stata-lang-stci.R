# stci: percentiles and restricted means of survival times; predict after stcox and streg.
# Source: Stata's Survival Analysis manual, stci (methods and formulas; Collett 2003, ch. 2 for the density), stcox
# postestimation, streg postestimation. Oracle: survfit(), basehaz(), predict() of the R package survival.

# stci [if] [in] [, by() median p(#) rmean level()]
run_stci <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", median = "m", p = "p", rmean = "r", emean = "e", level = "l", dd = "dd",
                                  noshow = "nosh", ccorr = "cc", graph = "gr"))
  for (bad in intersect(names(o), c("emean", "ccorr", "graph"))) {
    abort_gap(sprintf("option %s of stci", bad), "use rmean")
  }
  s <- survival_sample(command, session, rows, sts_by(o, session))
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  p <- if (is.null(o$p)) 50 else number_word(o$p)
  if (is.null(o$rmean) && !isTRUE(p > 0 && p < 100)) abort_stata("p() must be between 0 and 100", 198L)
  of <- function(at) {
    m <- survivor_table(s, at, level)
    c(n = length(unique(survival_subjects(session, at))),
      if (is.null(o$rmean)) curve_percentile(m, p / 100) else restricted_mean(m, max(s$t[at]), level))
  }
  groups <- if (is.null(o$by)) list() else s$groups
  table <- do.call(rbind, lapply(c(groups, list(s$rows)), of))
  total <- table[nrow(table), ]
  name <- if (is.null(o$rmean)) paste0("p", macro_text(p)) else "rmean"
  session$r <- c(stats::setNames(list(total[["est"]]), name), list(
    se = total[["se"]], lb = total[["lo"]], ub = total[["hi"]], N_sub = total[["n"]]))
  emit(session, stci_lines(table, s, o, p, level, session))
}

# The first time at which the curve is at or below 1 - p; its limits from those of the curve; the error from the
# density around it.
curve_percentile <- function(m, p) {
  first <- function(y) {
    at <- which(y <= 1 - p + 1e-12)
    if (length(at)) m$time[at[1L]] else NA_real_
  }
  est <- first(m$S)
  above <- which(m$S >= 1 - p + 0.05)
  below <- which(m$S <= 1 - p - 0.05)
  # Before the first failure the curve is 1 at time 0.
  u <- if (length(above)) c(m$time[max(above)], m$S[max(above)]) else c(0, 1)
  density <- if (length(below)) (u[2L] - m$S[below[1L]]) / (m$time[below[1L]] - u[1L]) else NA_real_
  c(est = est, se = if (is.na(est)) NA_real_ else m$se[match(est, m$time)] / density,
    lo = first(ifelse(is.na(m$lo), ifelse(m$S == 0, 0, m$S), m$lo)), hi = first(ifelse(is.na(m$hi), 1, m$hi)))
}

# The area under the curve up to the last time.
restricted_mean <- function(m, end, level) {
  width <- diff(c(0, m$time, end))
  area <- c(1, m$S) * width
  est <- sum(area)
  rest <- est - cumsum(area)[seq_along(m$time)]
  told <- m$n > m$d
  se <- sqrt(sum((rest^2 * m$d / (m$n * (m$n - m$d)))[told]))
  reach <- critical_value(level) * se
  c(est = est, se = se, lo = est - reach, hi = est + reach, short = m$S[nrow(m)] > 0)
}

stci_lines <- function(table, s, o, p, level, session) {
  g <- function(x, width) justify(ifelse(is.na(x), ".", trimws(stata_general(x, 9L))), width)
  mean <- !is.null(o$rmean)
  by <- if (is.null(o$by)) "" else paste(expand_varlist(tokenize(o$by), session, 1L), collapse = " ")
  name <- c(if (!is.null(o$by)) s$names, "total")
  mark <- if (mean) ifelse(table[, "short"] == 1, "(*)", "   ") else ""
  line <- paste0(justify(cut_label(name, 12L), 12L), " |", justify(format(table[, "n"], trim = TRUE), 10L),
                 g(table[, "est"], 12L), mark, g(table[, "se"], if (mean) 10L else 13L), "   ",
                 g(table[, "lo"], 10L), " ", g(table[, "hi"], 11L))
  k <- length(line)
  bar <- rule(13L, 61L)
  head <- if (mean) "        mean      Std. Err." else
    sprintf("%s     Std. Err.", justify(paste0(macro_text(p), "%"), 12L))
  c(st_heading(session), paste0("             |    no. of ", if (mean) " restricted"),
    paste0(justify(by, 12L, TRUE), " |  subjects", head, "     ", ci_heading(level)), bar,
    if (k > 1L) c(line[-k], bar), line[k],
    if (mean && any(table[, "short"] == 1)) c(
      "", "(*) largest observed analysis time is censored, mean is underestimated"))
}

# ---- predict -----------------------------------------------------------------------------------

# predict new [, hr xb stdp basesurv basechazard csnell mgale | time surv hazard] after stcox and streg.
predict_survival <- function(command, session, rows) {
  cox <- identical(session$e$cmd2, "stcox")
  fit <- if (cox) session$cox else session$parametric
  o <- command_options(command, c(hr = "hr", xb = "xb", stdp = "stdp", basesurv = "bases", basechazard = "basec",
                                  csnell = "cs", mgale = "mg", time = "time", median = "med", surv = "s",
                                  hazard = "haz", mean = "mean", nooffset = "nooff"))
  kind <- c(setdiff(names(o), c("time", "nooffset")), if (cox) "hr" else "median")[1L]
  if (kind == "median" && !is.null(o$mean)) kind <- "mean"
  known <- if (cox) c("hr", "xb", "stdp", "basesurv", "basechazard", "csnell", "mgale") else
    c("hr", "xb", "stdp", "median", "mean", "surv", "hazard", "csnell", "mgale")
  if (!kind %in% known) abort_unsupported(sprintf("predict, %s after %s", kind, session$e$cmd2))
  words <- command$rest$text
  type <- if (length(words) > 1L && words[1L] %in% storage_types) words[1L] else session$type
  name <- check_new_name(utils::tail(words, 1L), session)
  X <- kept_design(fit, session)
  value <- if (cox) predicted_cox(fit, X, kind, session) else predicted_parametric(fit, X, kind, session)
  value[setdiff(seq_len(session$n), selected_rows(command, session, rows))] <- NA_real_
  labels <- c(hr = if (cox) "Relative hazard" else "Predicted hazard ratio", xb = "Linear prediction",
              stdp = "S.E. of the prediction", basesurv = "Baseline survivor",
              basechazard = "Cumulative baseline hazard",
              csnell = "Cox-Snell residual", mgale = "Martingale residual", median = "Predicted median _t",
              mean = "Predicted mean _t", surv = "S(t)", hazard = "Predicted hazard")
  if (!length(setdiff(names(o), "nooffset"))) {
    emit(session, if (cox) "(option hr assumed; relative hazard)" else
      "(option median time assumed; predicted median time)")
  }
  store_variable(session, name, value, type, labels[[kind]])
  note_missing(value, session)
}

predicted_cox <- function(fit, X, kind, session) {
  xb <- drop(X %*% fit$beta)
  if (kind == "xb") return(xb)
  if (kind == "hr") return(exp(xb))
  if (kind == "stdp") return(sqrt(rowSums((X %*% fit$V) * X)))
  d <- session$data
  H <- rep(NA_real_, session$n)
  own <- rep(0, session$n)
  groups <- if (length(fit$strata)) groups_of(fit$strata, fit$use, session) else list(fit$use)
  for (at in groups) {
    steps <- baseline_steps(d[["_t0"]][at], d[["_t"]][at], d[["_d"]][at], xb[at])
    upto <- function(t) c(0, cumsum(steps$h))[findInterval(t, steps$time) + 1L]
    survival <- function(t) c(1, cumprod(1 - steps$a))[findInterval(t, steps$time) + 1L]
    H[at] <- if (kind == "basesurv") survival(d[["_t"]][at]) else upto(d[["_t"]][at])
    own[at] <- exp(xb[at]) * (upto(d[["_t"]][at]) - upto(d[["_t0"]][at]))
  }
  own[setdiff(seq_len(session$n), fit$use)] <- NA_real_
  switch(kind, csnell = own, mgale = d[["_d"]] - own, H)
}

# Breslow's steps of the cumulative hazard at 0 of all regressors, and Kalbfleisch and Prentice's of the survivor
# function: the alpha with sum of w / (1 - alpha^w) over the failures = sum of w at risk.
baseline_steps <- function(t0, t, d, xb) {
  w <- exp(xb)
  times <- sort(unique(t[d %in% 1]))
  found <- vapply(times, function(u) {
    risk <- sum(w[t0 < u & t >= u])
    fails <- w[t == u & d %in% 1]
    alpha <- if (length(fails) == 1L) (1 - fails / risk)^(1 / fails) else {
      f <- function(l) sum(fails / -expm1(fails * l)) - risk
      exp(stats::uniroot(f, c(-60 / min(fails), -1e-12 / max(fails)), tol = 1e-14)$root)
    }
    c(length(fails) / risk, 1 - alpha)
  }, c(0, 0))
  list(time = times, h = found[1L, ], a = found[2L, ])
}

# Of the proportional form: hazard exp(xb) p t^(p-1); of the accelerated one xb is that of ln t.
predicted_parametric <- function(fit, X, kind, session) {
  xb <- drop(X %*% fit$beta)
  if (streg_is_other(fit$kind)) return(predicted_other(fit, X, xb, kind, session))
  p <- if (length(fit$theta) > fit$k) exp(fit$theta[fit$k + 1L]) else 1
  scale <- if (fit$aft) exp(-p * xb) else exp(xb)
  t <- session$data[["_t"]]
  t0 <- session$data[["_t0"]]
  gone <- scale * (t^p - ifelse(t0 > 0, t0^p, 0))
  switch(kind, xb = xb, stdp = sqrt(rowSums((X %*% fit$V) * X)),
         hr = {
           slopes <- seq_len(ncol(X) - 1L)
           exp((if (fit$aft) -p else 1) * drop(X[, slopes, drop = FALSE] %*% fit$beta[slopes]))
         },
         median = (log(2) / scale)^(1 / p), mean = gamma(1 + 1 / p) / scale^(1 / p), surv = exp(-gone),
         hazard = scale * p * t^(p - 1), csnell = gone, mgale = session$data[["_d"]] - gone)
}

predicted_other <- function(fit, X, xb, kind, session) {
  if (kind == "hr" && fit$kind != "gompertz") abort_stata("hr is for proportional hazards", 198L)
  curves <- other_curves(fit, xb)
  t0 <- session$data[["_t0"]]
  survival <- curves$survivor(session$data[["_t"]]) / ifelse(t0 > 0, curves$survivor(pmax(t0, 1e-300)), 1)
  if (kind == "mean" && is.null(curves$mean)) {
    abort_unsupported(sprintf("predict, mean time after streg, distribution(%s)", fit$kind))
  }
  switch(kind, xb = xb, stdp = sqrt(rowSums((X %*% fit$V) * X)), hr = exp(drop(
    X[, -ncol(X), drop = FALSE] %*% fit$beta[-ncol(X)])), median = curves$median, mean = curves$mean, surv = survival,
    hazard = curves$hazard(session$data[["_t"]]), csnell = -log(survival), mgale = session$data[["_d"]] + log(survival))
}
