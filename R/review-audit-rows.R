# Owns the checks within a row of a printed forest plot (A1, A2, A4, A5, A6, B1, B6, C7, C8) by interval arithmetic on
# printed decimals. Oracle: rows of published Cochrane reviews, on which symmetry and order raise no false alarm.

row_checks <- function(s) {
  list(check_order_of_limits(s), check_symmetry(s), count_check(s), check_level_of_rows(s), check_percent(s),
       check_weight_sum(s),
       check_dominant(s), check_p_of_rows(s), check_same_study(s), check_same_values(s))
}

# A1. Limits and estimate in order, allowing for their rounding.
check_order_of_limits <- function(s) {
  if (!has_rows(s, c("est", "lb", "ub"))) return(NULL)
  known <- has_effect(s)
  swapped <- known & s$lb$low > s$ub$high
  outside <- known & !swapped & (s$est$high < s$lb$low | s$est$low > s$ub$high)
  i <- which(swapped)
  j <- which(outside)
  found <- rbind(new_findings("A1", i, "the lower limit is above the upper", what = "limits", printed = show_row(s, i),
                              suggestion = sprintf("exchange %s and %s", show_number(s$lb, i), show_number(s$ub, i))),
                 new_findings("A1", j, "the estimate is not inside its interval", what = "estimate",
                              printed = show_row(s, j),
                              expected = sprintf("%s to %s", show_number(s$lb, j), show_number(s$ub, j)),
                              suggestion = repairs(s, j)))
  new_check("A1", sum(known), found, sum(!known), if (all(known)) "" else
            "an estimate or a limit is missing or cannot be read")
}

# A2. f(lb) + f(ub) = 2 f(est).
check_symmetry <- function(s) {
  if (!has_rows(s, c("est", "lb", "ub"))) return(NULL)
  known <- has_effect(s) & s$lb$low <= s$ub$high
  bad <- rep(FALSE, s$k)
  for (scale in unique(s$scale)) {
    i <- which(known & s$scale == scale)
    bad[i] <- centred(s, scale, i) %in% FALSE
  }
  i <- which(bad)
  other <- vapply(i, other_scale, "", s = s)
  found <- new_findings("A2", i, ifelse(nzchar(other),
                                        "the estimate is the centre of its interval only on the scale of another measure",
                                        "the estimate is not the centre of its interval"), what = "estimate",
                                        printed = show_row(s, i),
                        expected = middle_range(s, i), reading = other, suggestion = repairs(s, i))
  new_check("A2", sum(known), found)
}

scale_words <- c(identity = "differences", log = "ratios", atanh = "correlations", logit = "logits",
                 arcsine = "arcsines")

other_scale <- function(i, s) {
  other <- setdiff(c("identity", "log"), s$scale[i])
  if (s$est$value[i] <= 0 || s$lb$value[i] <= 0) other <- setdiff(other, "log")
  fits <- vapply(other, function(scale) isTRUE(centred(s, scale, i)), NA)
  if (any(fits) && s$scale[i] %in% c("identity", "log")) scale_words[[other[fits][1L]]] else ""
}

# Where the centre lies, as it would be printed.
middle_range <- function(s, i) {
  out <- character(length(i))
  for (scale in unique(s$scale[i])) {
    j <- which(s$scale[i] == scale)
    at <- i[j]
    low <- (scaled(s$lb$low[at], scale) + scaled(s$ub$low[at], scale)) / 2
    high <- (scaled(s$lb$high[at], scale) + scaled(s$ub$high[at], scale)) / 2
    out[j] <- show_range(back_from(scale)(low), back_from(scale)(high), s$est$digits[at])
  }
  out
}

repair_words <- c(sign = "other sign", point = "decimal point", swap = "two digits exchanged", digit = "one digit",
                  reciprocal = "reciprocal")

# The likeliest single slip that would reconcile a row, in words; else the centre instead of the estimate.
repairs <- function(s, i) {
  out <- character(length(i))
  for (scale in unique(s$scale[i])) {
    j <- which(s$scale[i] == scale)
    fixed <- call_core(cpp_audit_repair(core_rows(s, i[j]), scale))
    rank <- matrix(match(fixed$kind, names(repair_words), length(repair_words) + 1L), length(j))
    out[j] <- vapply(seq_along(j), function(row) describe_repair(s, i[j[row]], fixed$value[row, ], rank[row, ]), "")
  }
  out
}

describe_repair <- function(s, i, value, rank) {
  if (min(rank) > length(repair_words)) return("")
  fields <- c("est", "lb", "ub")
  best <- which(rank == min(rank))
  text <- vapply(best, function(f) {
    p <- s[[fields[f]]]
    sprintf("%s %s instead of %s", c("estimate", "lower limit", "upper limit")[f],
            sprintf("%.*f", max(p$digits[i], 0L), value[f]), show_number(p, i))
  }, "")
  sprintf("%s (%s)", paste(text, collapse = ", or "), repair_words[[min(rank)]])
}

# A4. Counts are whole, events at most the number, spread not negative.
count_check <- function(s) {
  pairs <- list(c("events1", "n1"), c("events2", "n2"), c("events", "n"))
  pairs <- Filter(function(p) has_rows(s, p[2L]), pairs)
  if (!length(pairs) && !any(c("sd1", "sd2", "se") %in% names(s))) return(NULL)
  found <- lapply(pairs, function(p) {
    n <- s[[p[2L]]]$value
    e <- if (has_rows(s, p[1L])) s[[p[1L]]]$value else rep(NA_real_, s$k)
    many <- which(e > n & n >= 0)
    minus <- which(e < 0 | n < 0)
    part <- setdiff(which(e != round(e) | n != round(n)), minus)
    shown <- function(i) ifelse(is.na(e[i]), format(n[i]), sprintf("%s/%s", format(e[i]), format(n[i])))
    rbind(new_findings("A4", many, "more events than participants", what = p[1L],
                       printed = sprintf("%s/%s", format(e[many]), format(n[many]))),
          new_findings("A4", part, "a number of people or events is no whole number", what = p[1L],
                       printed = shown(part)),
          new_findings("A4", minus, "a number of people or events is negative", what = p[1L], printed = shown(minus)))
  })
  negative <- lapply(intersect(c("sd1", "sd2", "se"), names(s)), function(name) {
    i <- which(s[[name]]$value < 0)
    new_findings("A4", i, "a measure of spread is negative", what = name, printed = show_number(s[[name]], i))
  })
  looked <- length(pairs) && any(!is.na(s[[pairs[[1L]][2L]]]$value))
  new_check("A4", if (looked) sum(!is.na(s[[pairs[[1L]][2L]]]$value)) else s$k, do.call(rbind, c(found, negative)))
}

audit_levels <- c(0.90, 0.95, 0.99)

# A5. The level that interval and printed standard error imply, one for all rows; an interval without width.
check_level_of_rows <- function(s) {
  if (!has_rows(s, c("lb", "ub"))) return(NULL)
  flat <- which(s$lb$value == s$ub$value & s$lb$value != 0 | s$lb$value == s$ub$value & s$scale %in% c("identity", NA))
  found <- new_findings("A5", flat,
                        "the interval has no width: its standard error is smaller than the printed decimals show",
                        "note",
                        what = "interval", printed = if (has_rows(s, "est")) show_row(s, flat) else "")
  if (!has_rows(s, c("se", "est"))) return(new_check("A5", sum(!is.na(s$lb$value)), found))
  width <- row_widths(s)
  fits <- vapply(audit_levels, function(level) {
    z <- critical_ends(level)
    overlaps(width$low / z$high, width$high / z$low, s$se$low, s$se$high)
  }, logical(s$k))
  fits <- matrix(fits, s$k)
  known <- !is.na(fits[, 1L])
  count <- apply(fits, 2L, function(f) by_set(s, f %in% TRUE))
  best <- max.col(matrix(count, ncol = 3L) + rep(c(0, 0.5, 0), each = length(s$sets)), "first")[s$set]
  bad <- which(known & !fits[cbind(seq_len(s$k), best)])
  z <- critical_value(audit_levels[best[bad]])
  any_fit <- rowSums(fits[bad, , drop = FALSE]) > 0
  own <- vapply(bad, function(i) if (any(fits[i, ])) sprintf("%.0f %%", 100 * audit_levels[which(fits[i, ])[1L]]) else
                "", "")
  found <- rbind(found, new_findings("A5", bad,
                                     ifelse(any_fit, "the interval has another level than those of the other rows",
                                                       "interval and standard error do not belong together"),
                                     ifelse(any_fit, "warning", "error"), what = "se", printed = show_number(s$se, bad),
                                     expected = show_range(width$low[bad] / z, width$high[bad] / z, s$se$digits[bad]),
                                     reading = own))
  new_check("A5", sum(!is.na(s$lb$value)), found)
}

# Half the width of each interval on its scale, as an interval.
row_widths <- function(s, i = seq_len(s$k)) {
  low <- high <- rep(NA_real_, length(i))
  for (scale in unique(stats::na.omit(s$scale[i]))) {
    j <- which(s$scale[i] == scale)
    at <- i[j]
    low[j] <- pmax((scaled(s$ub$low[at], scale) - scaled(s$lb$high[at], scale)) / 2, 0)
    high[j] <- (scaled(s$ub$high[at], scale) - scaled(s$lb$low[at], scale)) / 2
  }
  list(low = low, high = high)
}

# A6. Printed percentages of events.
check_percent <- function(s) {
  arms <- Filter(function(a) has_rows(s, paste0(c("pct", "events", "n"), a)), c("1", "2"))
  if (!length(arms)) return(NULL)
  parts <- lapply(arms, function(arm) {
    pct <- s[[paste0("pct", arm)]]
    ours <- 100 * s[[paste0("events", arm)]]$value / s[[paste0("n", arm)]]$value
    i <- which(!overlaps(pct$low, pct$high, ours, ours))
    list(n = sum(!is.na(ours) & !is.na(pct$value)),
         found = new_findings("A6", i, "the percentage is not that of the events", what = paste0("pct", arm),
                              printed = show_number(pct, i),
                              expected = sprintf("%.*f", pct$digits[i] + 1L, ours[i]),
                              suggestion = sprintf("%.*f", pct$digits[i], ours[i])))
  })
  new_check("A6", sum(vapply(parts, `[[`, 0L, "n")), do.call(rbind, lapply(parts, `[[`, "found")))
}

# B1. The weights of an analysis, or of each of its groups, sum to 100.
check_weight_sum <- function(s) {
  if (!has_rows(s, "weight")) return(NULL)
  w <- s$weight
  there <- by_set(s, !is.na(w$value) & w$value > 0)
  low <- by_set(s, ifelse(is.na(w$value), 0, w$low))
  high <- by_set(s, ifelse(is.na(w$value), 0, w$high))
  counted <- there > 1
  hundreds <- ceiling(low / 100 - 1e-9) * 100
  whole <- counted & hundreds <= high + 1e-9
  groups <- if (is.null(s$group)) rep(1, length(there)) else by_set(s, !duplicated(paste(s$set, s$group)))
  fine <- whole & (hundreds == 100 | hundreds <= 100 * groups)
  bad <- which(counted & !fine)
  found <- new_findings("B1", rep(NA_integer_, length(bad)), "the weights do not sum to 100", what = "weights",
                        printed = format(by_set(s, ifelse(is.na(w$value), 0, w$value))[bad], digits = 6L),
                        expected = "100", suggestion = "")
  if (!is.null(found)) found$part <- s$sets[bad]
  missing <- by_set(s, is.na(w$value)) > 0 & there > 0
  new_check("B1", sum(counted), found)
}

# One study with nearly all of the weight.
check_dominant <- function(s, share = 90) {
  if (!has_rows(s, c("weight"))) return(NULL)
  several <- (by_set(s, !is.na(s$weight$value) & s$weight$value > 0) > 2)[s$set]
  i <- which(several & s$weight$value > share & s$weight$value < 99.995)
  new_check("B2", 0L, new_findings("B2", i, "one row takes nearly all of the weight", "note", what = "weight",
                                   printed = show_number(s$weight, i)))
}

# B6. P of a row against its interval: by the normal distribution, or by t where the sizes are printed.
check_p_of_rows <- function(s) {
  if (!has_rows(s, c("est", "lb", "ub", "p"))) return(NULL)
  width <- row_widths(s)
  crit <- critical_ends(s$level %||% 0.95)
  se <- list(low = width$low / crit$high, high = width$high / crit$low)
  est <- list(low = rep(NA_real_, s$k), high = rep(NA_real_, s$k))
  for (scale in c("identity", "log", "atanh")) {
    at <- which(s$scale == scale)
    est$low[at] <- scaled(s$est$low[at], scale)
    est$high[at] <- scaled(s$est$high[at], scale)
  }
  range <- p_range(est, se)
  known <- !is.na(range$low) & !is.na(s$p$value)
  bad <- which(known & !overlaps(range$low, range$high, s$p$low, s$p$high))
  by_t <- vapply(bad, function(i) isTRUE(overlaps(range$low[i], p_range_t(est, se, i, 3)$high, s$p$low[i],
                                                  s$p$high[i])), NA)
  found <- new_findings("B6", bad, ifelse(by_t, "P belongs to the interval only if it is of a t test",
                                          "P does not belong to the estimate and its interval"),
                        ifelse(by_t, "warning", "error"), what = "p", printed = show_number(s$p, bad),
                        expected = show_range(range$low[bad], range$high[bad], s$p$digits[bad]),
                        reading = ifelse(by_t, "t", ""))
  new_check("B6", sum(known), found)
}

abs_range <- function(x) {
  list(low = ifelse(x$low <= 0 & x$high >= 0, 0, pmin(abs(x$low), abs(x$high))), high = pmax(abs(x$low), abs(x$high)))
}

p_range <- function(est, se) {
  size <- abs_range(est)
  list(low = two_sided_p(size$high / se$low), high = two_sided_p(size$low / se$high))
}

p_range_t <- function(est, se, i, df) {
  size <- abs_range(list(low = est$low[i], high = est$high[i]))
  list(low = two_sided_p(size$high / se$low[i], df), high = two_sided_p(size$low / se$high[i], df))
}

# C7. One study several times in one analysis: its rows are not independent.
check_same_study <- function(s) {
  named <- nzchar(s$study)
  if (!any(named)) return(NULL)
  key <- paste(s$set, if (is.null(s$group)) "" else s$group, tolower(s$study), sep = "\r")
  again <- which(named & duplicated(key))
  first <- match(key[again], key)
  found <- new_findings("C7", again, "the study has another row in the same analysis: its rows are not independent",
                        "note",
                        what = "study", reading = if (length(again)) sprintf("row %d", first) else "")
  new_check("C7", sum(named), found)
}

# C8. Two studies with one result: a copy, or one study published twice.
check_same_values <- function(s) {
  raw <- intersect(c("events1", "n1", "events2", "n2", "mean1", "sd1", "mean2", "sd2"), names(s))
  own <- if (length(raw) >= 4L) raw else if (has_rows(s, c("est", "lb", "ub"))) c("est", "lb", "ub") else return(NULL)
  values <- do.call(cbind, lapply(own, function(name) s[[name]]$value))
  known <- rowSums(!is.na(values)) >= 3L & rowSums(values != 0, na.rm = TRUE) > length(own) / 2
  if (length(raw) < 4L) known <- known & !(s$lb$value == s$ub$value) %in% TRUE
  key <- paste(s$set, do.call(paste, as.data.frame(values)))
  label <- tolower(s$study)
  again <- which(known & duplicated(key))
  first <- match(key[again], key)
  keep <- label[again] != label[first] | !nzchar(label[again])
  again <- again[keep]
  first <- first[keep]
  found <- new_findings("C8", again, "another row of the analysis has the same numbers",
                        if (length(raw) >= 4L) "warning" else "note", what = "row",
                        printed = if (has_rows(s, c("est", "lb", "ub"))) show_row(s, again) else "",
                        reading = if (length(again)) sprintf("row %d", first) else "")
  new_check("C8", sum(known), found)
}
