# Owns where an axis has its ticks and what they say. A tick set is chosen on the scale the reader
# sees (`atransf` of the axis) and placed on the axis; candidates run from rich to sparse, so that the
# layout can take the first whose labels fit.

# rule: "pretty", "limits" (Stata's metan: lower limit, null, upper limit), "symmetric" (RevMan) or "powers" (of 2 for
# ratios: Stata's meta). `lim` are the limits asked for; `fixed` says they may not be widened. Returns lim and a list of
# candidates: list(at, label). decimals: those that labels of a transformed scale may have; bounds: beyond them there
# are no values.
axis_ticks <- function(lim, null, rule = "pretty", atransf = NULL, fixed = FALSE, n = 5, decimals = Inf,
                       bounds = c(-Inf, Inf)) {
  if (rule == "limits") return(limit_ticks(lim, null, atransf, fixed, bounds))
  if (rule == "powers" && (is.null(atransf) || identical(atransf, exp)))
    return(suite_ticks(lim, fixed, n, !is.null(atransf)))
  if (rule == "symmetric" && !fixed && length(null) == 1L && !is.na(null) && null == 0) {
    return(symmetric_ticks(lim, atransf))
  }
  if (is.null(atransf)) return(linear_ticks(lim, null, fixed, n - 1))
  if (identical(atransf, exp)) return(log_ticks(lim, null, fixed, n))
  transformed_ticks(lim, null, atransf, fixed, n, decimals)
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

# Stata's suite: round numbers about a quarter of the range apart in %9.0g; for ratios powers of 2, named as fractions,
# and on a short or an endless axis round numbers.
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

# Round values of the scale that is shown over the whole axis: at equal steps where these spread over it, else graded
# ones such as 0.01, 0.1, 0.5, 0.9, 0.99 on a logit axis, else the roundest near equal distances.
transformed_ticks <- function(lim, null, atransf, fixed, n, decimals = Inf) {
  lim <- open_limits(lim)
  part <- monotone_part(lim, atransf)
  if (is.null(part)) {
    return(labelled_ticks(linear_ticks(lim, null, fixed, n), atransf))
  }
  n <- min(max(n, 2), 7)
  sets <- c(equal_steps(part, atransf, n, decimals), graded_values(part, atransf, decimals))
  sets <- c(sets, lapply(unique(pmin(n, c(n, 4, 3, 2))), spread_values, part = part, atransf = atransf,
                         decimals = decimals))
  finish_ticks(lim, lapply(sets, function(at) add_null(sort(at), null, lim)), atransf)
}

# Ticks of the axis with what `atransf` makes of them, those that it makes something of if there are any.
labelled_ticks <- function(ticks, atransf) {
  ticks$candidates <- lapply(ticks$candidates, function(set) {
    shown <- suppressWarnings(as.numeric(atransf(set$at)))
    fine <- is.finite(shown)
    if (!any(fine)) fine <- !fine
    list(at = set$at[fine], label = tick_labels(shown[fine]))
  })
  ticks
}

# The longest part of the axis over which `f` rises or falls; NULL where that is less than a third of it.
monotone_part <- function(lim, f) {
  x <- seq(lim[1L], lim[2L], length.out = 301L)
  y <- suppressWarnings(f(x))
  y[!is.finite(y)] <- NA
  step <- diff(y)
  least <- 1e-9 * diff(range(0, y, na.rm = TRUE))
  runs <- rle(ifelse(is.na(step) | abs(step) <= least, 0, sign(step)))
  runs$lengths[runs$values == 0] <- 0L - runs$lengths[runs$values == 0]
  best <- which.max(runs$lengths)
  if (runs$lengths[best] < 100L) return(NULL)
  end <- sum(abs(runs$lengths[seq_len(best)])) + 1L
  start <- end - runs$lengths[best]
  c(edge_of(f, x, y, start, -1L), edge_of(f, x, y, end, 1L))
}

# Where `f` starts to rise or fall, or to have values: near point i of the grid, in whose direction `out` it does not.
edge_of <- function(f, x, y, i, out) {
  if (i %in% c(1L, length(x))) return(x[i])
  if (is.na(y[i + out])) i <- i + out
  outer <- x[i]
  inner <- x[i - out]
  for (step in 1:50) {
    middle <- (outer + inner) / 2
    value <- suppressWarnings(f(middle))
    if (!is.finite(value) || identical(value, y[i])) outer <- middle else inner <- middle
  }
  inner
}

# Of 4 to 7 equal steps those that leave no wide part of the axis without a tick, in places of the axis; a list of one
# or none.
equal_steps <- function(part, atransf, n, decimals) {
  shown <- range(atransf(part))
  for (m in n + c(0, 1, 2, -1)) {
    values <- inside(pretty(shown, m), shown)
    if (!length(values) %in% min(n, 4):7 || any(abs(round(values, min(decimals, 300)) - values) > 1e-9 * diff(shown)))
      next
    at <- sort(vapply(values, invert, 0, f = atransf, lim = part))
    if (max(diff(c(part[1L], at, part[2L]))) <= 0.36 * diff(part)) return(list(at))
  }
  list()
}

# Numbers of one digit, and what they leave of 1 on a scale that ends there, the roundest first, as far as they keep a
# distance from those before; a list of one or none.
graded_values <- function(part, atransf, decimals) {
  shown <- range(atransf(part))
  reach <- max(abs(shown))
  powers <- 10^seq(ceiling(log10(reach)), by = -1, length.out = 12L)
  size <- as.vector(outer(powers, c(1, 5, 2)))
  if (reach <= 1) size <- c(0.5, rbind(size, 1 - size)[, size < 0.5])
  values <- unique(signif(c(0, rbind(size, -size)), 12))
  values <- values[values >= shown[1L] & values <= shown[2L] & abs(round(values, min(decimals, 300)) - values) < 1e-12]
  at <- numeric()
  for (place in vapply(values, invert, 0, f = atransf, lim = part)) {
    if (all(abs(place - at) >= diff(part) / 8)) at <- c(at, place)
  }
  at <- sort(at)
  if (length(at) %in% 4:7 && max(diff(c(part[1L], at, part[2L]))) <= 0.36 * diff(part)) list(at) else list()
}

spread_values <- function(m, part, atransf, decimals) {
  width <- diff(part) / m
  middle <- part[1L] + (seq_len(m) - 0.5) * width
  values <- vapply(middle, function(x) roundest(range(atransf(x + c(-0.35, 0.35) * width)), decimals), 0)
  vapply(values[!is.na(values)], invert, 0, f = atransf, lim = part)
}

# The roundest number between two: the multiple of the largest step of 1, 2, 5 times a power of ten.
roundest <- function(range, decimals = Inf) {
  if (range[1L] <= 0 && range[2L] >= 0) return(0)
  top <- floor(log10(max(abs(range)))) + 1
  for (power in seq(top, top - 16)) for (step in c(5, 2, 1) * 10^power) {
    if (power < -decimals) return(NA_real_)
    ends <- c(ceiling(range[1L] / step - 1e-9), floor(range[2L] / step + 1e-9))
    if (ends[1L] <= ends[2L]) return(signif(step * round(min(max(mean(range) / step, ends[1L]), ends[2L])), 12))
  }
  mean(range)
}

invert <- function(value, f, lim) {
  ends <- f(lim) - value
  if (any(ends == 0)) return(lim[ends == 0][1L])
  stats::uniroot(function(x) f(x) - value, lim, tol = 1e-9 * diff(lim))$root
}

# metan 9: symmetric about the null, three labels in %7.3g.
limit_ticks <- function(lim, null, atransf, fixed, bounds) {
  if (length(null) != 1L || is.na(null)) null <- mean(lim)
  if (!fixed) {
    lim <- null + c(-1, 1) * max(abs(open_limits(lim) - null))
    lim <- c(max(lim[1L], bounds[1L]), min(lim[2L], bounds[2L]))
  }
  at <- sort(unique(c(lim, if (null > lim[1L] && null < lim[2L]) null)))
  shown <- if (is.null(atransf)) at else atransf(at)
  list(lim = lim, candidates = list(list(at = at, label = trimws(stata_general(shown, 7L, 3L)))))
}

# RevMan: ticks about the null, at 1/S, about S^-1/2, 1, about S^1/2, S or -S, -S/2, 0, S/2, S. S is round, and at
# most 1000 for ratios. A root is rounded to what the label says and stands there.
symmetric_ticks <- function(lim, atransf) {
  reach <- max(abs(open_limits(lim)))
  ratio <- identical(atransf, exp)
  shown <- if (ratio) ratio_scale(exp(min(reach, log(1000)))) else round_scale(reach, c(1, 2, 4, 5, 10)) *
    c(-1, -0.5, 0, 0.5, 1)
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

# Both limits moved outward by a share of their distance; keeps a reversed axis reversed.
expand_limits <- function(limits, by) limits + c(-by, by) * (limits[2L] - limits[1L])

pretty_inside <- function(limits, n = 6) {
  at <- pretty(limits, n)
  at[at >= min(limits) & at <= max(limits)]
}
