# Owns the checks of a pooled row against itself, against the totals of its rows, and of subgroups against each other
# (B4, B5, B8 to B10). Source: RevMan's and Stata's definitions of Q, I2 and the test between subgroups.

own_pool_checks <- function(s, pooled, i, rows, set) {
  scale <- if (length(rows)) s$scale[rows[1L]] else pooled_scale(pooled, i)
  known <- length(rows) && has_rows(s, c("est", "lb", "ub"))
  list(pool_symmetry(pooled, i, scale), if (!known) pool_i2(pooled, i), pool_p_of_q(pooled, i), pool_p_of_z(pooled, i),
       pool_inside(pooled, i))
}

pooled_scale <- function(pooled, i) {
  out <- if (is.null(pooled$measure)) NA else scale_of_measure(pooled$measure[i])
  if (is.na(out) || out == "proportion") "identity" else out
}

pool_symmetry <- function(pooled, i, scale) {
  if (is.null(printed_pool(pooled, i, "est")) || is.null(printed_pool(pooled, i, "lb")) ||
      is.null(printed_pool(pooled, i, "ub"))) return(NULL)
  one <- c(lapply(pooled[c("est", "lb", "ub")], function(p) p[i, ]), list(k = 1L, scale = scale))
  if (isTRUE(one$lb$low > one$ub$high)) {
    return(new_check("A1", 1L, pool_finding(pooled, i, "A1", "the lower limit is above the upper", what = "limits",
                                            printed = show_row(one, 1L))))
  }
  if (!isFALSE(centred(one, scale))) return(new_check("A2", 1L))
  other <- other_scale(1L, one)
  new_check("A2", 1L, pool_finding(pooled, i, "A2", "the estimate is not the centre of its interval",
                                   if (nzchar(other) && scale == "identity") "warning" else "error",
                                   what = "pooled estimate", printed = show_row(one, 1L),
                                   expected = middle_range(one, 1L), reading = other,
                                   suggestion = repairs(one, 1L)))
}

# I2 from the printed Q and its degrees of freedom; or from tau2. range: what tau2 gives under the model that fits.
pool_i2 <- function(pooled, i, range = NULL) {
  Q <- printed_pool(pooled, i, "Q")
  df <- printed_pool(pooled, i, "df")
  I2 <- printed_pool(pooled, i, "I2")
  if (is.null(Q) || is.null(df) || is.null(I2)) return(NULL)
  of_q <- function(q) if (q <= 0) 0 else max(0, 100 * (q - df$value) / q)
  low <- of_q(Q$low)
  high <- of_q(Q$high)
  fits <- overlaps(low, high, I2$low, I2$high) || !is.null(range) &&
    any(overlaps(range[, 1L], range[, 2L], I2$low, I2$high))
  if (fits) return(new_check("B4", 1L))
  open <- is.null(range) && (is.null(printed_pool(pooled, i, "tau2")) || printed_pool(pooled, i, "tau2")$high > 0)
  found <- pool_finding(pooled, i, "B4", "I2 does not follow from Q and its degrees of freedom",
                        if (open) "warning" else "error",
                        what = "I2", printed = show_number(I2), expected = show_range(low, high, I2$digits),
                        reading = if (open) "I2 from tau2" else "")
  new_check("B4", 1L, found)
}

pool_p_of_q <- function(pooled, i) {
  Q <- printed_pool(pooled, i, "Q")
  df <- printed_pool(pooled, i, "df")
  p <- printed_pool(pooled, i, "pQ")
  if (is.null(Q) || is.null(df) || is.null(p)) return(NULL)
  upper <- function(q) if (df$value > 0) upper_p(max(q, 0), df$value) else 1
  p_finding(pooled, i, "B5", "P does not follow from Q and its degrees of freedom", "P of Q", p, upper(Q$high),
            upper(Q$low))
}

p_finding <- function(pooled, i, check, why, what, p, low, high, severity = "error", reading = "") {
  if (overlaps(low, high, p$low, p$high)) return(new_check(check, 1L))
  new_check(check, 1L, pool_finding(pooled, i, check, why, severity, what = what, printed = show_number(p),
                                    expected = show_range(low, high, p$digits),
                                    reading = reading))
}

pool_p_of_z <- function(pooled, i) {
  z <- printed_pool(pooled, i, "z")
  p <- printed_pool(pooled, i, "p")
  if (is.null(z) || is.null(p)) return(NULL)
  size <- abs_range(list(low = z$low, high = z$high))
  low <- two_sided_p(size$high)
  high <- two_sided_p(size$low)
  by_t <- !overlaps(low, high, p$low, p$high) && overlaps(high, two_sided_p(size$low, 1), p$low, p$high)
  p_finding(pooled, i, "B5", "P does not follow from its statistic", "P", p, low, high,
            if (by_t) "warning" else "error", if (by_t) "t" else "")
}

# The prediction interval holds the confidence interval.
pool_inside <- function(pooled, i) {
  lb <- printed_pool(pooled, i, "lb")
  ub <- printed_pool(pooled, i, "ub")
  low <- printed_pool(pooled, i, "pi.lb")
  high <- printed_pool(pooled, i, "pi.ub")
  if (is.null(lb) || is.null(ub) || is.null(low) || is.null(high)) return(NULL)
  fine <- low$low <= lb$high && high$high >= ub$low
  new_check("B9", 1L, if (!fine) pool_finding(pooled, i, "B9",
                                              "the prediction interval is narrower than the confidence interval",
                                              what = "prediction interval",
                                              printed = sprintf("%s to %s", show_number(low), show_number(high)),
                                              expected = sprintf("%s to %s", show_number(lb), show_number(ub))))
}

# B10. Totals of events, participants and weights; degrees of freedom.
total_checks <- function(s, pooled, i, rows) {
  if (!length(rows)) return(list())
  own <- lapply(intersect(c("events1", "n1", "events2", "n2"), intersect(names(s), names(pooled))), function(name) {
    total <- printed_pool(pooled, i, name)
    sum <- sum(s[[name]]$value[rows])
    if (is.null(total) || is.na(sum)) return(NULL)
    new_check("B10", 1L, if (!overlaps(total$low, total$high, sum, sum)) {
      pool_finding(pooled, i, "B10", "the total is not the sum of the rows", what = name, printed = show_number(total),
                   expected = format(sum))
    })
  })
  weight <- printed_pool(pooled, i, "weight")
  if (!is.null(weight) && has_rows(s, "weight") && !anyNA(s$weight$value[rows])) {
    low <- sum(s$weight$low[rows])
    high <- sum(s$weight$high[rows])
    own <- c(own, list(new_check("B1", 1L, if (!overlaps(low, high, weight$low, weight$high)) {
      pool_finding(pooled, i, "B1", "the weight is not the sum of the rows' weights", what = "weight",
                   printed = show_number(weight),
                   expected = show_range(low, high, weight$digits))
    })))
  }
  df <- printed_pool(pooled, i, "df")
  usable <- if (has_rows(s, c("est", "lb", "ub"))) sum(has_effect(s)[rows]) else length(rows)
  if (!is.null(df)) {
    fits <- df$value == usable - 1
    own <- c(own, list(new_check("B4", 1L, if (!fits) {
      pool_finding(pooled, i, "B4", "the degrees of freedom are not the number of estimable rows less 1", what = "df",
                   printed = show_number(df),
                   expected = format(usable - 1), severity = if (df$value < length(rows)) "warning" else "error")
    })))
  }
  own
}

# B8. The test between subgroups from the printed subgroups, or from the Qs; the subgroups hold the whole.
between_checks <- function(s, pooled, i, set) {
  mine <- which(pooled$analysis == pooled$analysis[i] & seq_len(pooled$k_rows) != i &
                !grepl(between_pattern, tolower(pooled$group)) &
                  !grepl(overall_pattern, tolower(pooled$group)))
  df <- printed_pool(pooled, i, "df")
  out <- list()
  if (!is.null(df)) {
    out <- list(new_check("B8", 1L, if (df$value != length(mine) - 1L) {
      pool_finding(pooled, i, "B8", "the degrees of freedom are not the number of subgroups less 1", "warning",
                   what = "df", printed = show_number(df),
                   expected = format(length(mine) - 1L))
    }))
  }
  Q <- printed_pool(pooled, i, "Q")
  p <- printed_pool(pooled, i, "pQ") %||% printed_pool(pooled, i, "p")
  if (is.null(Q) && is.null(p) || length(mine) < 2L || !has_rows(pooled, c("est", "lb", "ub"))) return(out)
  groups <- c(lapply(pooled[c("est", "lb", "ub")], function(x) x[mine, ]), list(k = length(mine), level = s$level))
  box <- pool_box(groups, seq_along(mine), s$scale[s$set == set][1L])
  if (is.null(box)) return(c(out, list(new_check("B8", 0L, NULL, 1L,
                                                 "a subgroup has no standard error that could be told from its interval"))))
  range <- pool_ranges(box, "FE", s$level %||% 0.95)
  low <- max(range$low[["Q"]], 0)
  high <- range$high[["Q"]]
  one <- function(value, what, low, high, why) {
    if (is.null(value)) return(NULL)
    other <- what == "P of Q" && partition_fits(pooled, i, mine, value)
    new_check("B8", 1L, if (!overlaps(low, high, value$low, value$high)) {
      pool_finding(pooled, i, "B8", why, if (other) "warning" else "error", what = what, printed = show_number(value),
                   expected = show_range(low, high, value$digits),
                   reading = if (other) "Q of all rows less those of the subgroups" else "")
    })
  }
  ps <- upper_p(c(high, low), length(mine) - 1L)
  c(out, list(one(Q, "Q between", low, high, "Q between subgroups does not follow from them"),
              one(p, "P of Q", ps[1L], ps[2L], "P of the test between subgroups does not follow from them")))
}

# Stata's test between groups under a fixed effect: Q of the whole less the sum of the groups' Qs.
partition_fits <- function(pooled, i, mine, p) {
  whole <- which(pooled$analysis == pooled$analysis[i] & grepl(overall_pattern, tolower(pooled$group)))
  if (length(whole) != 1L || !has_rows(pooled, "Q")) return(FALSE)
  low <- pooled$Q$low[whole] - sum(pooled$Q$high[mine])
  high <- pooled$Q$high[whole] - sum(pooled$Q$low[mine])
  ps <- upper_p(pmax(c(high, low), 0), length(mine) - 1L)
  isTRUE(overlaps(ps[1L], ps[2L], p$low, p$high))
}
