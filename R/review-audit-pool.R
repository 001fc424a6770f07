# Owns the checks of pooled rows (B2 to B10): which model gives the printed pooled numbers from the rows, from raw data
# exactly, from printed rows within the bounds of their rounding. Numbers come from the core (audit_pool, revman).

pool_models <- c(FE = "fixed effect, inverse variance", DL = "random effects, DerSimonian-Laird",
                 REML = "random effects, REML",
                 PM = "random effects, Paule-Mandel", ML = "random effects, maximum likelihood",
                 HE = "random effects, Hedges",
                 HS = "random effects, Hunter-Schmidt", SJ = "random effects, Sidik-Jonkman",
                 EB = "random effects, empirical Bayes")
interval_words <- c(z = "", hk = "Knapp-Hartung interval", t = "t interval")

pooled_numbers <- c(est = "pooled estimate", lb = "lower limit", ub = "upper limit", Q = "Q", I2 = "I2", tau2 = "tau2",
                    z = "z", p = "P",
                    pi.lb = "prediction interval, lower", pi.ub = "prediction interval, upper")
pooled_codes <- c(est = "B3", lb = "B3", ub = "B3", Q = "B4", I2 = "B4", tau2 = "B7", z = "B5", p = "B6", pi.lb = "B9",
                  pi.ub = "B9")

# pooled: columns as printed; analysis and group say which rows it pools.
new_pooled <- function(x, columns, digits, call) {
  if (!is.data.frame(x) ||
      !nrow(x)) abort_input("pooled", sprintf("must be a data frame with a row per pooled result, not %s",
                                              describe(x)), call)
  columns <- columns[columns %in% names(x)]
  out <- printed_columns(x, columns, digits, call)
  if (!length(setdiff(names(out), words_columns))) {
    abort_input("pooled", sprintf("must have columns of pooled results (est, ci.lb, ci.ub, Q, I2, p ...); it has %s",
                                  paste(utils::head(names(x), 8L), collapse = ", ")), call)
  }
  out$k_rows <- nrow(x)
  for (name in c("analysis", "group", "study")) {
    if (is.null(out[[name]])) out[[name]] <- rep("", nrow(x))
    out[[name]][is.na(out[[name]])] <- ""
  }
  out
}

between_pattern <- "between|interaction|subgroup diff|\u7ec4\u95f4"
# What stands before the results of several studies in a printed plot.
total_pattern <- "^\\s*(sub)?total\\b|^\\s*(overall|pooled)\\b|^\\s*(\u5408\u8ba1|\u603b\u8ba1|\u5c0f\u8ba1)"
overall_pattern <- "^$|^(overall|total|all|pooled)( effect)?$|\u5408\u8ba1|\u603b\u8ba1"

pool_checks <- function(s, pooled, model, call) {
  if (is.null(pooled)) return(list())
  out <- list()
  for (i in seq_len(pooled$k_rows)) {
    set <- match(pooled$analysis[i], s$sets)
    if (is.na(set) && length(s$sets) == 1L) set <- 1L
    group <- tolower(pooled$group[i])
    if (!is.na(set) && grepl(between_pattern, group)) {
      out <- c(out, between_checks(s, pooled, i, set))
      next
    }
    rows <- if (is.na(set)) integer() else rows_of_group(s, set, pooled$group[i])
    out <- c(out, own_pool_checks(s, pooled, i, rows, set), total_checks(s, pooled, i, rows),
             if (length(rows)) model_checks(s, pooled, i, rows, model) else undecided_pool(pooled, i))
  }
  out
}

rows_of_group <- function(s, set, group) {
  mine <- s$set == set
  if (grepl(overall_pattern, tolower(group)) && !(group %in% s$group[mine])) return(which(mine))
  if (is.null(s$group)) integer() else which(mine & s$group == group)
}

part_of_pool <- function(pooled, i) paste(c(pooled$analysis[i],
                                            pooled$group[i])[nzchar(c(pooled$analysis[i], pooled$group[i]))],
                                            collapse = ", ")

pool_finding <- function(pooled, i, check, why, ...) {
  out <- new_findings(check, NA_integer_, why, ...)
  out$part <- part_of_pool(pooled, i)
  out
}

undecided_pool <- function(pooled, i) {
  list(new_check("B3", 0L, NULL, 1L, "the rows of a pooled result are not given"))
}

# A printed number of a pooled row; NULL where there is none.
printed_pool <- function(pooled, i, name) {
  p <- pooled[[name]]
  if (is.null(p) || is.na(p$value[i])) return(NULL)
  p[i, ]
}

# ---- a pooled row against its rows --------------------------------------------------------------

model_checks <- function(s, pooled, i, rows, model) {
  rows <- if (has_rows(s, c("est", "lb", "ub"))) rows[has_effect(s)[rows]] else integer()
  printed <- Filter(Negate(is.null), sapply(names(pooled_numbers), function(name) printed_pool(pooled, i, name),
                                            simplify = FALSE))
  if (is.null(printed$pQ) && !is.null(printed_pool(pooled, i, "pQ"))) printed$pQ <- printed_pool(pooled, i, "pQ")
  if (!length(printed)) return(list())
  if (!length(rows)) return(undecided_pool(pooled, i))
  readings <- pool_readings(s, rows, printed)
  if (!length(readings)) return(list(new_check("B3", 0L, NULL, 1L,
                                               "a row has no standard error that could be told from its interval")))
  judge_pool(s, pooled, i, rows, printed, readings, model)
}

# Intervals of all quantities under each reading: a list named by the readings of matrices low, high.
pool_readings <- function(s, rows, printed) {
  scale <- s$scale[rows[1L]]
  raw <- raw_pool(s, rows)
  boxes <- raw$boxes %||% Filter(Negate(is.null), list(pool_box(s, rows, scale)))
  level <- s$level %||% 0.95
  models <- if (length(rows) > 1L) names(pool_models) else "FE"
  # What the rows fit under several conventions is pooled under each.
  own <- lapply(seq_along(boxes), function(b) {
    out <- lapply(models, function(m) tryCatch(pool_ranges(boxes[[b]], m, level), metaparity_error = function(e) NULL))
    words <- if (b > 1L) paste0(", ", names(boxes)[b])
    names(out) <- paste0(pool_models[models], words)
    Filter(Negate(is.null), out)
  })
  own <- unlist(own, recursive = FALSE)
  out <- c(raw$readings, own, if (is.null(raw$readings)) mh_reading(s, rows, printed, own[[pool_models[["FE"]]]]))
  unlist(lapply(names(out), function(name) by_interval(out[[name]], name, length(rows), level)), recursive = FALSE)
}

pool_ranges <- function(box, model, level) {
  out <- call_core(cpp_audit_pool(box, model, level))
  n <- length(out$quantity)
  own <- seq_len(n)
  list(low = stats::setNames(out$low[own], out$quantity), high = stats::setNames(out$high[own], out$quantity),
       weight.low = out$low[-own], weight.high = out$high[-own])
}

# Estimates and standard errors of printed rows as intervals, each the narrowest that the three numbers leave.
pool_box <- function(s, rows, scale) {
  z <- critical_ends(s$level %||% 0.95)
  f <- function(p, end) scaled(p[[end]][rows], scale)
  est <- list(low = f(s$est, "low"), high = f(s$est, "high"))
  lb <- list(low = f(s$lb, "low"), high = f(s$lb, "high"))
  ub <- list(low = f(s$ub, "low"), high = f(s$ub, "high"))
  y <- meet(est, list(low = (lb$low + ub$low) / 2, high = (lb$high + ub$high) / 2))
  half <- meet(meet(list(low = (ub$low - lb$high) / 2, high = (ub$high - lb$low) / 2),
                    list(low = ub$low - est$high, high = ub$high - est$low)),
               list(low = est$low - lb$high, high = est$high - lb$low))
  half$low <- pmax(half$low, 0)
  if (!all(is.finite(unlist(c(y, half)))) || any(half$low <= 0)) return(NULL)
  se <- list(low = half$low / z$high, high = half$high / z$low)
  list(y = (y$low + y$high) / 2, y.half = (y$high - y$low) / 2, s = (se$low + se$high) / 2,
       s.half = (se$high - se$low) / 2)
}

# The common part of two intervals; where there is none the row contradicts itself, and either may be right.
meet <- function(a, b) {
  low <- pmax(a$low, b$low, na.rm = TRUE)
  high <- pmin(a$high, b$high, na.rm = TRUE)
  none <- !(low <= high) & is.finite(a$low) & is.finite(a$high)
  list(low = ifelse(none, pmin(a$low, b$low), low), high = ifelse(none, pmax(a$high, b$high), high))
}

# Exact effects from raw data under the measures that give the rows, and the poolings of tables.
raw_pool <- function(s, rows) {
  kinds <- Filter(function(kind) has_rows(s, raw_kinds[[kind]]$columns) && all(is_raw(s, kind)[rows]), names(raw_kinds))
  s <- with_averages(s, kinds)
  for (kind in kinds) {
    r <- raw_readings(s, kind, rows)
    if (length(r$sets) != 1L || r$count < r$of) next
    level <- r$levels[r$level]
    fits <- r$fits[[r$level]]
    measures <- unique(c(r$measure, if (grepl("^SMD", r$measure)) {
      grep("^SMD", colnames(fits)[colSums(!(fits %in% TRUE) + 0 * fits) %in% 0], value = TRUE)
    }))
    boxes <- lapply(measures, function(m) raw_box(s, kind, rows, m, level))
    names(boxes) <- raw_words[measures]
    if (is.null(boxes[[1L]])) next
    return(list(boxes = Filter(Negate(is.null), boxes),
                readings = if (kind == "table") {
                  measure <- sub("[.].*$", "", r$measure)
                  c(revman_readings(s, rows, measure), sato_reading(s, rows, measure))
                }))
  }
  list()
}

raw_box <- function(s, kind, rows, measure, level) {
  z <- rep_len(critical_value(level), length(rows))
  data <- raw_rows(s, kind, rows, 0)
  if (anyNA(boxes_at(data, measure, "only0", z)$est.lo)) return(NULL)
  exact <- all(box_fits(s, rows, raw_boxes(data, measure, "only0", level)))
  box <- boxes_at(if (exact) data else raw_rows(s, kind, rows, 1), measure, "only0", z)
  f <- if (sub("[.].*$", "", measure) %in% c("RR", "OR", "PETO", "LOG")) log else identity
  ends <- list((f(box$ub.lo) - f(box$lb.lo)) / 2 / z, (f(box$ub.hi) - f(box$lb.hi)) / 2 / z)
  width <- list(low = pmin(ends[[1L]], ends[[2L]]), high = pmax(ends[[1L]], ends[[2L]]))
  list(y = (f(box$est.lo) + f(box$est.hi)) / 2, y.half = (f(box$est.hi) - f(box$est.lo)) / 2,
       s = (width$low + width$high) / 2, s.half = (width$high - width$low) / 2)
}

# One reading per kind of interval: names of the printed numbers -> low, high on the scale of analysis.
by_interval <- function(r, name, k, level) {
  z <- critical_ends(level)
  kinds <- if (k > 1L && "lb.hk" %in% names(r$low)) names(interval_words) else "z"
  out <- lapply(kinds, function(kind) {
    lb <- paste0("lb.", kind)
    ub <- paste0("ub.", kind)
    pick <- function(x, end) {
      own <- c(est = x[["est"]], lb = x[[lb]], ub = x[[ub]], Q = x[["Q"]], I2 = x[["I2"]], tau2 = x[["tau2"]])
      c(own, z = x[[if (kind == "hk") "z.hk" else "z"]])
    }
    low <- pick(r$low)
    high <- pick(r$high)
    if (kind == "z") {
      more <- (z$high - z$low) * r$high[["se"]]
      low[["lb"]] <- low[["lb"]] - more
      high[["ub"]] <- high[["ub"]] + more
    }
    p <- p_of_statistic(low[["z"]], high[["z"]], kind, k)
    pQ <- q_to_p(low[["Q"]], high[["Q"]], k)
    wald <- p_of_statistic(r$low[["z"]], r$high[["z"]], "z", k)
    list(kind = kind, low = c(low, p = p[1L], pQ = pQ[1L]), high = c(high, p = p[2L], pQ = pQ[2L]), raw = r,
         wald = wald)
  })
  names(out) <- paste0(name, ifelse(nzchar(interval_words[kinds]), paste0(", ", interval_words[kinds]), ""))
  out
}

q_to_p <- function(low, high, k) {
  if (k < 2L) return(c(1, 1))
  upper_p(pmax(c(high, low), 0), k - 1L)
}

p_of_statistic <- function(low, high, kind, k) {
  size <- abs_range(list(low = low, high = high))
  two_sided_p(c(size$high, size$low), if (kind == "z") NA_real_ else k - 1L)
}

# Printed numbers against one reading; TRUE, FALSE or NA by name.
reading_fits <- function(printed, reading, scale) {
  back <- back_from(scale)
  sapply(names(printed), function(name) {
    p <- printed[[name]]
    if (name %in% c("pi.lb", "pi.ub")) {
      ways <- paste0(name, c(".t2", ".t1", ".z", ".hk1", ".hk2"))
      ways <- ways[ways %in% names(reading$raw$low)]
      if (!length(ways)) return(NA)
      return(any(overlaps(back(reading$raw$low[ways]), back(reading$raw$high[ways]), p$low, p$high), na.rm = TRUE))
    }
    low <- reading$low[[name]]
    high <- reading$high[[name]]
    if (name %in% c("est", "lb", "ub")) {
      low <- back(low)
      high <- back(high)
    }
    if (name == "z") return(overlaps_size(low, high, p) ||
                            overlaps_size(reading$raw$low[["z"]], reading$raw$high[["z"]], p))
    fits <- overlaps(low, high, p$low, p$high)
    # RevMan Web prints Wald's P beside a Knapp-Hartung interval.
    if (name == "p") fits <- fits || overlaps(reading$wald[1L], reading$wald[2L], p$low, p$high)
    if (name == "I2" && !isTRUE(fits) &&
        !is.na(reading$raw$low[["I2.tau2"]])) fits <- overlaps(reading$raw$low[["I2.tau2"]],
                                                               reading$raw$high[["I2.tau2"]], p$low, p$high)
    fits
  })
}

# I2 that tau2 gives under the readings that contradict no other printed number, a row each.
i2_of_readings <- function(readings, fits) {
  rest <- fits[rownames(fits) != "I2", , drop = FALSE]
  wrong <- colSums(!rest, na.rm = TRUE)
  own <- readings[wrong == min(wrong)]
  ends <- t(vapply(own, function(r) c(r$raw$low[["I2.tau2"]], r$raw$high[["I2.tau2"]]), c(0, 0)))
  ends <- ends[!is.na(ends[, 1L]), , drop = FALSE]
  if (nrow(ends)) unname(ends)
}

# Of statistics whose sign is not printed.
overlaps_size <- function(low, high, p) {
  size <- abs_range(list(low = low, high = high))
  own <- abs_range(list(low = p$low, high = p$high))
  overlaps(size$low, size$high, own$low, own$high)
}

judge_pool <- function(s, pooled, i, rows, printed, readings, model) {
  scale <- s$scale[rows[1L]]
  if (!is.null(printed_pool(pooled, i, "pQ"))) printed$pQ <- printed_pool(pooled, i, "pQ")
  fits <- vapply(readings, reading_fits, logical(length(printed)), printed = printed, scale = scale)
  fits <- matrix(fits, length(printed), dimnames = list(names(printed), names(readings)))
  best <- best_reading(fits, readings, model)
  stated <- best$stated
  out <- lapply(names(printed), function(name) pool_number(s, pooled, i, rows, name, printed[[name]], fits, readings,
                                                           best$index, scale, model))
  all_fit <- colSums(!fits, na.rm = TRUE) == 0 & !open_readings(readings)
  if (stated && !all(fits[, best$index] %in% c(TRUE, NA)) && any(all_fit)) {
    out <- list(new_check("B2", 1L, pool_finding(pooled, i, "B2",
                                                 "the numbers are those of another model than the one stated",
                                                 "warning", what = "model",
                                                 printed = model, reading = names(readings)[which(all_fit)[1L]])))
  }
  of_tau2 <- i2_of_readings(readings, fits)
  out <- c(out, list(pool_i2(pooled, i, of_tau2)))
  weights <- weight_check(s, pooled, i, rows, readings, best$index, fits, model)
  reading <- data.frame(part = part_of_pool(pooled, i), reading = names(readings)[best$index],
                        fits = sum(fits[, best$index], na.rm = TRUE),
                        of = sum(!is.na(fits[, best$index])), stringsAsFactors = FALSE)
  c(lapply(Filter(Negate(is.null), out), function(x) c(x, list(readings = reading))), list(weights))
}

# Words that a stated model matches.
best_reading <- function(fits, readings, model) {
  score <- colSums(fits, na.rm = TRUE)
  stated <- FALSE
  if (!is.null(model) && nzchar(model)) {
    own <- grepl(model_pattern(model), names(readings), ignore.case = TRUE)
    stated <- any(own)
    if (stated) score[!own] <- -1
  }
  # What counts alone can give is read so where it contradicts nothing, and no other reading gives all.
  wrong <- colSums(!fits, na.rm = TRUE)
  open <- open_readings(readings) & score >= 0
  closed <- which.max(ifelse(open, -2, score))
  index <- if (any(open & wrong == 0) && (wrong[closed] > 0 || score[closed] < 0)) which(open & wrong == 0)[1L] else
    if (score[closed] < 0 && any(open)) which(open)[1L] else closed
  list(index = index, stated = stated)
}

# Readings that leave numbers to counts that are not given.
open_readings <- function(readings) vapply(readings, function(r) isTRUE(r$raw$open), NA)

# A stated model by its abbreviation; else what it says is looked for in the names of the readings.
model_shorthands <- c(
  fe = "fixed effect", ee = "fixed effect", ce = "fixed effect", fixed = "fixed effect|^Peto", common = "fixed effect",
  random = "random effects", dl = "DerSimonian", reml = "REML", pm = "Paule", mh = "Mantel", iv = "inverse",
  ml = "maximum", peto = "^Peto", hs = "Hunter", sj = "Sidik", eb = "Bayes", he = "Hedges")

model_pattern <- function(model) {
  word <- tolower(model)
  if (word %in% names(model_shorthands)) return(model_shorthands[[word]])
  gsub("([][(){}.*+?^$|\\\\])", "\\\\\\1", word)
}

check_stated_model <- function(model, call) {
  check_word(model, "model", call)
  known <- c(pool_models, "Mantel-Haenszel", "Peto")
  short <- nchar(model, "bytes") <= 60L
  named <- short && any(grepl(model_pattern(model), known, ignore.case = TRUE))
  if (tolower(model) %in% names(model_shorthands) || named) return(model)
  abort_input("model", sprintf("must be one of %s, or words of their names, not %s",
                               paste(names(model_shorthands), collapse = ", "), describe(model)), call)
}

# One printed pooled number: given by the best reading, by another one (warning), by none (error).
pool_number <- function(s, pooled, i, rows, name, p, fits, readings, best, scale, model = NULL) {
  check <- if (name == "pQ") "B5" else pooled_codes[[name]]
  what <- if (name == "pQ") "P of Q" else pooled_numbers[[name]]
  fit <- fits[name, best]
  open <- open_readings(readings)
  if (is.na(fit)) {
    return(new_check(check, 0L, NULL, 1L, if (open[best]) counts_words else "the model that fits gives no such number"))
  }
  if (fit) return(new_check(check, 1L, if (name == "p") wald_note(pooled, i, p, readings[[best]])))
  # Both limits have one reading.
  alike <- if (name %in% c("lb", "ub")) intersect(c("lb", "ub"), rownames(fits)) else name
  other <- which(colSums(!fits[alike, , drop = FALSE], na.rm = TRUE) == 0 & fits[name, ] %in% TRUE & !open)
  r <- readings[[best]]
  if (name == "I2" && is.null(printed_pool(pooled, i, "tau2"))) {
    range <- i2_of_readings(readings, fits)
    if (!is.null(range) && any(overlaps(range[, 1L], range[, 2L], p$low, p$high))) {
      return(new_check(check, 0L, NULL, 1L, "I2 may follow from a tau2 that is not printed"))
    }
  }
  back <- if (name %in% c("est", "lb", "ub", "pi.lb", "pi.ub")) back_from(scale) else identity
  source <- if (name %in% c("pi.lb", "pi.ub")) c(r$raw$low[[paste0(name, ".t2")]],
                                                 r$raw$high[[paste0(name, ".t2")]]) else c(r$low[[name]],
                                                                                           r$high[[name]])
  hidden <- needs_counts(s, rows) && !open[best] &&
    name %in% c("est", "lb", "ub", "z", "p", "Q", "I2", "tau2", "pQ")
  second <- length(other) > 0L
  why <- if (second) "the rows give this number only under another model than the rest" else if (hidden) {
    "no inverse-variance model gives this number; Mantel-Haenszel or Peto cannot be computed without counts"
  } else "no model gives this number from the rows"
  new_check(check, 1L, pool_finding(pooled, i, check, why, if (second || hidden) "warning" else "error", what = what,
                                    printed = show_number(p),
                                    expected = show_source(name, back(source[1L]), back(source[2L]), p),
                                    reading = if (second) names(readings)[other[1L]] else names(readings)[best]))
}

# A statistic printed without a sign is expected without one.
show_source <- function(name, low, high, p) {
  if (name == "z" && p$value >= 0) {
    size <- abs_range(list(low = low, high = high))
    return(show_range(size$low, size$high, p$digits))
  }
  show_range(low, high, p$digits)
}

# P of the Wald test beside a Knapp-Hartung interval.
wald_note <- function(pooled, i, p, r) {
  if (r$kind != "hk" || overlaps(r$low[["p"]], r$high[["p"]], p$low, p$high)) return(NULL)
  pool_finding(pooled, i, "B6", "P is that of the Wald test beside a Knapp-Hartung interval", "note", what = "P",
               printed = show_number(p),
               expected = show_range(r$low[["p"]], r$high[["p"]], p$digits), reading = "Wald")
}

# B2. Printed weights under the model that gives the pooled numbers, and under any other.
weight_check <- function(s, pooled, i, rows, readings, best, fits, model = NULL) {
  if (!has_rows(s, "weight") || anyNA(s$weight$value[rows])) return(NULL)
  share <- sum(s$weight$value[rows])
  # Weights of a group that are shares of the whole follow from the whole's model, which is checked with the whole.
  if (!(share > 0) || abs(share - 100) > 0.05 * length(rows) + 0.5) return(NULL)
  low <- s$weight$low[rows]
  high <- s$weight$high[rows]
  open <- open_readings(readings)
  fit <- vapply(readings, function(r) sum(overlaps(r$raw$weight.low - 0.05, r$raw$weight.high + 0.05, low, high)), 0)
  if (fit[best] == length(rows) && !open[best]) return(new_check("B2", length(rows)))
  stated <- is.null(model) || grepl(model_pattern(model), names(readings)[open], ignore.case = TRUE)
  if (any(open) && stated && !any(!fits[, open], na.rm = TRUE)) {
    return(new_check("B2", 0L, NULL, length(rows), counts_words))
  }
  other <- which(fit == length(rows) & !open)
  # The pooled numbers may follow from several models: the weights tell them apart.
  known <- colSums(fits, na.rm = TRUE)
  if (any(known[other] >= known[best])) return(new_check("B2", length(rows)))
  r <- readings[[if (length(other)) other[1L] else best]]
  wrong <- rows[!overlaps(r$raw$weight.low - 0.05, r$raw$weight.high + 0.05, low, high)]
  if (length(other)) {
    return(new_check("B2", length(rows), pool_finding(pooled, i, "B2",
                                                      "the weights are those of another model than the pooled numbers",
                                                      "warning", what = "weights",
                                                      reading = names(readings)[other[1L]])))
  }
  if (needs_counts(s, rows) && length(wrong) * 2L > length(rows)) {
    return(new_check("B2", 0L, NULL, length(rows), counts_words))
  }
  at <- match(wrong, rows)
  severity <- if (!needs_counts(s, rows) && length(wrong) * 2L <= length(rows)) "error" else "warning"
  found <- new_findings("B2", wrong,
                        if (severity == "error") "the weight does not follow from the model that gives the other weights" else
                          "no model that is tried gives the weights",
                        severity, what = "weight", printed = show_number(s$weight, wrong),
                        expected = show_range(r$raw$weight.low[at], r$raw$weight.high[at],
                                              s$weight$digits[wrong]),
                        reading = names(readings)[best])
  new_check("B2", length(rows), found)
}
