# Owns where an axis has its ticks and what they say. A tick set is chosen on the scale the reader
# sees (`atransf` of the axis) and placed on the axis; candidates run from rich to sparse, so that the
# layout can take the first whose labels fit.

# rule: "pretty", "limits" (Stata's metan: lower limit, null, upper limit), "symmetric" (RevMan) or "powers" (of 2 for
# ratios: Stata's meta). `lim` are the limits asked for; `fixed` says they may not be widened. Returns lim and a list of
# candidates: list(at, label).
axis_ticks <- function(lim, null, rule = "pretty", atransf = NULL, fixed = FALSE, n = 5) {
  if (rule == "limits") return(limit_ticks(lim, null, atransf, fixed))
  if (rule == "powers" && (is.null(atransf) || identical(atransf, exp))) return(suite_ticks(lim, fixed, n, !is.null(atransf)))
  if (rule == "symmetric" && !fixed && length(null) == 1L && !is.na(null) && null == 0) {
    return(symmetric_ticks(lim, atransf))
  }
  if (is.null(atransf)) return(linear_ticks(lim, null, fixed, n - 1))
  if (identical(atransf, exp)) return(log_ticks(lim, null, fixed, n))
  transformed_ticks(lim, null, atransf, fixed, n)
}

# Ticks the user placed.
given_ticks <- function(at, lim, atransf = NULL, format = tick_labels) {
  at <- sort(unique(at[is.finite(at)]))
  shown <- if (is.null(atransf)) at else atransf(at)
  list(lim = lim, candidates = list(list(at = at, label = format(shown))))
}

# n intervals, as in metafor: of given limits equal ones if their ends are round, else round ones.
linear_ticks <- function(lim, null, fixed, n) {
  lim <- open_limits(lim)
  n <- max(1, n)
  equal <- seq(lim[1L], lim[2L], length.out = n + 1)
  round <- fixed && all(abs(equal - round(equal, 1L - floor(log10(diff(lim))))) < 1e-9 * diff(lim))
  rich <- pretty(lim, n)
  if (!fixed) lim <- range(rich)
  sparser <- lapply(4:1, function(m) inside(pretty(lim, m), lim))
  sets <- c(if (round) list(equal), list(inside(rich, lim)), sparser)
  finish_ticks(lim, lapply(sets, add_null, null = null, lim = lim), identity)
}

# Decades when the axis spans three of them, 1-2-5 down to one, and finer round numbers below one.
log_ticks <- function(lim, null, fixed, n) {
  lim <- open_limits(lim)
  decades <- diff(lim) / log(10)
  if (decades > 30) return(finish_ticks(lim, list(add_null(inside(pretty(lim, n), lim), null, lim)), exp))
  sets <- if (decades >= 3) decade_sets(lim) else if (decades >= 1) list(c(1, 2, 5), c(1, 3), 1) else {
    if (decades > 0.5) list(c(1, 1.5, 2, 3, 5, 7), c(1, 2, 5), c(1, 3), 1) else fine_sets(exp(lim))
  }
  sets <- lapply(sets, function(set) if (is.list(set)) set[[1L]] else mantissa_ticks(set, lim))
  if (!fixed) lim <- widen_to(if (decades >= 3) mantissa_ticks(c(1, 2, 5), lim) else sets[[1L]], lim)
  finish_ticks(lim, lapply(sets, function(at) add_null(inside(at, lim), null, lim)), exp)
}

# Stata's suite: round numbers about a quarter of the range apart in %9.0g; for ratios powers of 2, named as fractions, and
# on a short or an endless axis round numbers.
suite_ticks <- function(lim, fixed, n, ratio) {
  lim <- open_limits(lim)
  unit <- if (ratio) log(2) else 1
  step <- if (ratio) max(1, ceiling(diff(lim) / unit / 4)) else nice_step(diff(lim) / 4)
  if (ratio && (diff(lim) < 1.5 * unit || step > 12)) return(log_ticks(lim, numeric(), fixed, n))
  sets <- lapply(step * c(1, 2, 4), function(by) nice_multiples(lim / unit, by))
  if (!fixed) lim <- range(lim, unit * sets[[1L]])
  label <- if (ratio) power_labels else function(at) trimws(stata_general(at, 9L))
  list(lim = lim, candidates = lapply(sets, function(at) {
    at <- at[unit * at >= lim[1L] - 1e-9 * diff(lim) & unit * at <= lim[2L] + 1e-9 * diff(lim)]
    list(at = unit * at, label = label(at))
  }))
}

# The next of 1, 2, 5 times a power of ten.
nice_step <- function(x) {
  unit <- 10^floor(log10(x))
  unit * c(1, 2, 5, 10)[x / unit <= c(1, 2, 5, 10) * (1 + 1e-9)][1L]
}

nice_multiples <- function(range, step) {
  ends <- round(range / step)
  if (ends[1L] == ends[2L]) ends <- ends + c(-1, 1)
  seq(ends[1L], ends[2L]) * step
}

power_labels <- function(power) vapply(power, function(n) if (n < 0) paste0("1/", format(2^-n)) else format(2^n), "")

mantissa_ticks <- function(mantissa, lim) {
  power <- seq(floor(lim[1L] / log(10)) - 1, ceiling(lim[2L] / log(10)) + 1)
  log(sort(as.vector(outer(mantissa, 10^power))))
}

decade_sets <- function(lim) {
  power <- seq(floor(lim[1L] / log(10)), ceiling(lim[2L] / log(10)))
  lapply(1:max(1, length(power) %/% 2), function(step) list(log(10) * power[power %% step == 0]))
}

fine_sets <- function(natural) {
  lapply(list(6, 4, 3, 2), function(n) {
    at <- pretty(natural, n)
    list(log(at[at > 0]))
  })
}

transformed_ticks <- function(lim, null, atransf, fixed, n) {
  lim <- open_limits(lim)
  shown <- atransf(lim)
  if (anyNA(shown) || !all(is.finite(shown)) || shown[1L] == shown[2L]) {
    ticks <- linear_ticks(lim, null, fixed, n)
    ticks$candidates <- lapply(ticks$candidates, function(s) list(at = s$at, label = tick_labels(atransf(s$at))))
    return(ticks)
  }
  sets <- lapply(unique(c(n, 3, 2)), function(m) {
    values <- inside(pretty(shown, m), range(shown))
    vapply(values, function(value) invert(value, atransf, lim), 0)
  })
  finish_ticks(lim, lapply(sets, function(at) add_null(sort(at), null, lim)), atransf)
}

invert <- function(value, f, lim) {
  ends <- f(lim) - value
  if (any(ends == 0)) return(lim[ends == 0][1L])
  stats::uniroot(function(x) f(x) - value, lim, tol = 1e-9 * diff(lim))$root
}

# metan 9: symmetric about the null, three labels in %7.3g.
limit_ticks <- function(lim, null, atransf, fixed) {
  if (length(null) != 1L || is.na(null)) null <- mean(lim)
  if (!fixed) lim <- null + c(-1, 1) * max(abs(open_limits(lim) - null))
  at <- sort(unique(c(lim, if (null > lim[1L] && null < lim[2L]) null)))
  shown <- if (is.null(atransf)) at else atransf(at)
  list(lim = lim, candidates = list(list(at = at, label = trimws(stata_general(shown, 7L, 3L)))))
}

# RevMan: ticks about the null, at 1/S, about S^-1/2, 1, about S^1/2, S or -S, -S/2, 0, S/2, S. S is round, and at
# most 1000 for ratios. A root is rounded to what the label says and stands there.
symmetric_ticks <- function(lim, atransf) {
  reach <- max(abs(open_limits(lim)))
  ratio <- identical(atransf, exp)
  shown <- if (ratio) ratio_scale(exp(min(reach, log(1000)))) else round_scale(reach, c(1, 2, 4, 5, 10)) * c(-1, -0.5, 0, 0.5, 1)
  at <- if (ratio) log(shown) else shown
  label <- tick_labels(if (ratio || is.null(atransf)) shown else atransf(shown))
  list(lim = range(at), candidates = lapply(list(seq_along(at), c(1L, (length(at) + 1L) / 2L, length(at))),
                                            function(i) list(at = at[i], label = label[i])))
}

# 0.5 0.7 1 1.5 2; 0.2 0.5 1 2 5; 0.1 0.2 0.5 1 2 5 10; 0.05 0.2 1 5 20; 0.01 0.1 1 10 100 ...
ratio_scale <- function(reach) {
  end <- round_scale(reach, c(2, 5, 10))
  if (end == 10) return(c(0.1, 0.2, 0.5, 1, 2, 5, 10))
  inner <- c(1.5, 2, 5, 10)[findInterval(end, c(2, 5, 20, 50))]
  c(1 / end, if (inner == 1.5) 0.7 else 1 / inner, 1, inner, end)
}

# The least of `steps` times a power of ten that is not below the value.
round_scale <- function(value, steps) {
  scales <- sort(unique(as.vector(outer(steps, 10^(floor(log10(value)) + -2:2)))))
  scales[scales >= value * (1 - 1e-9)][1L]
}

# ---- helpers ----------------------------------------------------------------------------------

# Finite limits of positive width.
open_limits <- function(lim) {
  lim <- lim[is.finite(lim)]
  lim <- if (length(lim)) range(lim) else c(-1, 1)
  if (diff(lim) > 1e-12 * max(abs(lim))) return(lim)
  lim + c(-1, 1) * if (lim[1L] == 0) 1 else 0.1 * abs(lim[1L])
}

inside <- function(at, lim) {
  slack <- 1e-9 * diff(lim)
  at[abs(at) < slack] <- 0
  pmin(pmax(at[at >= lim[1L] - slack & at <= lim[2L] + slack], lim[1L]), lim[2L])
}

# The null is always a tick; a neighbour too near to it gives way.
add_null <- function(at, null, lim) {
  for (value in null[!is.na(null) & null >= lim[1L] & null <= lim[2L]]) {
    step <- if (length(at) > 1L) stats::median(diff(at)) else diff(lim)
    at <- sort(c(at[abs(at - value) > 0.4 * step], value))
  }
  at
}

widen_to <- function(at, lim) {
  slack <- 1e-9 * diff(lim)
  below <- at[at <= lim[1L] + slack]
  above <- at[at >= lim[2L] - slack]
  c(if (length(below)) min(lim[1L], max(below)) else lim[1L], if (length(above)) max(lim[2L], min(above)) else lim[2L])
}

finish_ticks <- function(lim, sets, shown) {
  sets <- unique(Filter(length, sets))
  list(lim = lim, candidates = lapply(sets, function(at) list(at = at, label = tick_labels(shown(at)))))
}

# Plain decimals without trailing zeros; scientific only far from 1.
tick_labels <- function(x) {
  far <- is.finite(x) & x != 0 & (abs(x) >= 1e6 | abs(x) < 1e-5)
  out <- formatC(signif(x, 7), digits = 7, format = "fg", width = 1L)
  out[far] <- formatC(x[far], digits = 3, format = "g")
  sub("(\\.[0-9]*[1-9])0+$|\\.0+$", "\\1", out)
}
