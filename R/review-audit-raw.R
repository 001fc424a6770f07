# Owns the check of raw data against effects (A3, A7): which measure, correction and level gives all rows of an
# analysis, and which rows it does not give. Numbers come from the core (audit_rows).

raw_kinds <- list(
  table = list(columns = c("events1", "n1", "events2", "n2"),
               measures = c("RR", "OR", "RD", "PETO", "RD.unbiased", "RR.average", "OR.average", "RD.average",
                            "RR.null",
                            "OR.null", "RD.null")),
  means = list(columns = c("mean1", "sd1", "n1", "mean2", "sd2", "n2"),
               measures = c("MD", "SMD.revman", "SMD.hedges", "SMD.cohen", "SMD.glass", "MD.pooled", "SMD.stata",
                            "SMD.approximate", "SMD.borenstein", "SMD.unbiased", "SMD.plain", "SMD.glassg",
                              "SMD.unequal",
                            "SMD.glassunequal", "SMD.average", "SMD.null")),
  generic = list(columns = c("entry", "entry_se"), measures = c("LOG", "LINEAR")))

raw_words <- c(RR = "risk ratio", OR = "odds ratio", RD = "risk difference", PETO = "Peto's odds ratio",
               RD.unbiased = "risk difference (unbiased variance)",
               RR.average = "risk ratio (variance at the studies' average risks)",
               OR.average = "odds ratio (variance at the studies' average risks)",
               RD.average = "risk difference (variance at the studies' average risks)",
               RR.null = "risk ratio (variance at one risk in both arms)",
               OR.null = "odds ratio (variance at one risk in both arms)",
               RD.null = "risk difference (variance at one risk in both arms)",
               MD = "mean difference",
               MD.pooled = "mean difference with a pooled variance",
               SMD.revman = "standardised mean difference (Hedges' g, RevMan)",
               SMD.hedges = "standardised mean difference (Hedges' g, exact)",
               SMD.cohen = "standardised mean difference (Cohen's d)",
               SMD.glass = "standardised mean difference (Glass' delta)",
               SMD.stata = "standardised mean difference (Hedges' g, exact, adjusted standard error)",
               SMD.approximate = "standardised mean difference (Hedges' g, approximate)",
               SMD.borenstein = "standardised mean difference (Hedges' g, variance of d times the correction squared)",
               SMD.unbiased = "standardised mean difference (Hedges' g, unbiased variance)",
               SMD.plain = "standardised mean difference (Cohen's d, large-sample variance)",
               SMD.glassg = "standardised mean difference (Glass' delta, corrected for bias)",
               SMD.unequal = "standardised mean difference (unequal variances)",
               SMD.glassunequal = "standardised mean difference (Glass' delta, unequal variances)",
               SMD.average = "standardised mean difference (variance at the studies' average)",
               SMD.null = "standardised mean difference (variance without a difference)",
                 LOG = "exponential of the entry",
               LINEAR = "the entry")

zero_words <- c(only0 = "1/2 in tables with a zero", all = "1/2 in all tables", none = "no correction",
                arms = "shares of the arms' sizes in tables with a zero")

# Measures that a printed word stands for; all of the kind where it says nothing.
raw_measures <- function(kind, measure) {
  all <- raw_kinds[[kind]]$measures
  word <- gsub("[^a-z]", "", tolower(measure))
  variants <- function(name) grep(paste0("^", name, "($|[.])"), all, value = TRUE)
  own <- switch(if (is.na(word)) "" else word, rr = , riskratio = variants("RR"), or = ,
                oddsratio = c(variants("OR"), "PETO"), petoor = , peto = "PETO", rd = , ard = variants("RD"),
                md = , wmd = variants("MD"), smd = , g = , d = variants("SMD"), NULL)
  intersect(own, all)
}

# Raw data of some rows for the core; half: share of the rounding of means and spreads that is allowed.
raw_rows <- function(s, kind, i, half, swap = FALSE) {
  of <- function(name) s[[name]]$value[i]
  width <- function(name) half * (s[[name]]$high[i] - s[[name]]$low[i]) / 2
  out <- switch(kind,
    table = list(x1 = of("events1"), n1 = of("n1"), x2 = of("events2"), n2 = of("n2")),
    means = list(x1 = of("mean1"), sd1 = of("sd1"), n1 = of("n1"), x2 = of("mean2"), sd2 = of("sd2"), n2 = of("n2"),
                 x1.half = width("mean1"), sd1.half = width("sd1"), x2.half = width("mean2"), sd2.half = width("sd2")),
    generic = list(x1 = of("entry"), sd1 = of("entry_se"), x1.half = width("entry"), sd1.half = width("entry_se")))
  if (swap) names(out) <- chartr("12", "21", names(out))
  c(out, lapply(s$averages[[kind]], function(x) if (swap && kind == "means") -x[i] else x[i]))
}

# Averages over the studies of an analysis that some variances are taken at, each weighted by its size (escalc's AV). A
# printed difference that is not that of its data leaves them open between both.
raw_averages <- function(s, kind) {
  known <- is_raw(s, kind)
  of <- function(name) ifelse(known, s[[name]]$value, NA)
  mean_of <- function(x, n) {
    fine <- known & !is.na(x) & !is.na(n)
    (by_set(s, ifelse(fine, x * n, 0)) / by_set(s, ifelse(fine, n, 0)))[s$set]
  }
  if (kind == "table") {
    add <- 0.5 * (has_zero(s, seq_len(s$k)) %in% TRUE)
    share <- function(x, n) mean_of((of(x) + add) / (of(n) + 2 * add), of(n) + 2 * add)
    return(list(average1 = share("events1", "n1"), average2 = share("events2", "n2")))
  }
  if (kind != "means") return(NULL)
  n <- of("n1") + of("n2")
  # Of their effects the exact factor of Hedges (1981).
  factor <- exp(lgamma(pmax(n - 2, 2) / 2) - lgamma(pmax(n - 3, 1) / 2)) / sqrt(pmax(n - 2, 2) / 2)
  ours <- mean_of(factor * (of("mean1") - of("mean2")) / pooled_sd(s), n)
  printed <- mean_of(ifelse(has_effect(s), s$est$value, NA), n)
  list(average1 = (ours + printed) / 2, average1.half = abs(ours - printed) / 2 + 1e-12)
}

# Effects and limits, by the exact quantile or, too, by the one that tables give.
raw_boxes <- function(data, measure, zero, level) {
  z <- critical_ends(rep_len(level, length(data$x1)))
  low <- boxes_at(data, measure, zero, z$low)
  high <- boxes_at(data, measure, zero, z$high)
  for (end in c("lb", "ub")) {
    own <- paste0(end, ".lo")
    low[[own]] <- pmin(low[[own]], high[[own]])
    own <- paste0(end, ".hi")
    low[[own]] <- pmax(low[[own]], high[[own]])
  }
  low
}

boxes_at <- function(data, measure, zero, z) as.data.frame(call_core(cpp_audit_effects(data, measure, zero, z)))

# The quantile of a level, and what it is rounded to in books: 1.645, 1.96, 2.576.
critical_ends <- function(level) {
  z <- critical_value(level)
  known <- match(round(level, 6L), audit_levels)
  table <- ifelse(is.na(known), z, c(1.645, 1.96, 2.576)[known])
  list(low = pmin(z, table), high = pmax(z, table))
}

# Do the boxes hold the printed numbers? NA where the measure does not apply.
box_fits <- function(s, i, box) {
  fit <- function(lo, hi, p) overlaps(lo, hi, p$low[i], p$high[i])
  fit(box$est.lo, box$est.hi, s$est) & fit(box$lb.lo, box$lb.hi, s$lb) & fit(box$ub.lo, box$ub.hi, s$ub)
}

raw_check <- function(s) {
  if (!has_rows(s, c("est", "lb", "ub"))) return(list())
  kinds <- Filter(function(kind) has_rows(s, raw_kinds[[kind]]$columns), names(raw_kinds))
  # Rows of tables of means carry zeros for events, and the other way round, in files with all columns.
  kind <- rep(NA_character_, s$k)
  for (name in rev(kinds)) {
    i <- is.na(kind) & is_raw(s, name)
    kind[i] <- name
  }
  if (!length(kinds)) return(list())
  s <- with_averages(s, kinds)
  parts <- lapply(kinds, function(name) {
    sets <- unique(s$set[which(kind == name)])
    i <- which(kind == name & has_effect(s) & s$set %in% sets)
    if (length(i)) raw_check_kind(s, name, i)
  })
  found <- unlist(parts, recursive = FALSE)
  left <- sum(is.na(kind) & has_effect(s))
  c(found, if (left) list(new_check("A3", 0L, NULL, left, "no raw data, or events in neither arm")))
}

with_averages <- function(s, kinds) {
  s$averages <- stats::setNames(lapply(kinds, raw_averages, s = s), kinds)
  s
}

# Rows that have data of a kind.
is_raw <- function(s, kind) {
  values <- lapply(raw_kinds[[kind]]$columns, function(name) s[[name]]$value)
  known <- Reduce(`&`, lapply(values, function(x) !is.na(x)))
  known & switch(kind, table = values[[2L]] > 0 & values[[4L]] > 0 & (values[[1L]] > 0 | values[[3L]] > 0),
                 means = values[[3L]] > 0 & values[[6L]] > 0 & values[[2L]] > 0 & values[[5L]] > 0,
                 generic = values[[2L]] > 0)
}

# Matrix of fits of rows i, one column per measure, under the level of each row and a correction; what the data do not
# give as they are, they may give within their rounding.
fit_matrix <- function(s, kind, i, level, zero = "only0", swap = FALSE) {
  measures <- raw_kinds[[kind]]$measures
  exact <- raw_rows(s, kind, i, 0, swap)
  rounded <- raw_rows(s, kind, i, 1, swap)
  has_rounding <- any(unlist(rounded[grepl("half$", names(rounded))]) > 0, na.rm = TRUE)
  fits <- vapply(measures, function(m) {
    out <- box_fits(s, i, raw_boxes(exact, m, zero, level))
    if (has_rounding && !all(out, na.rm = TRUE)) out <- out | box_fits(s, i, raw_boxes(rounded, m, zero, level))
    out
  }, logical(length(i)))
  matrix(fits, length(i), dimnames = list(NULL, measures))
}

# The reading of each analysis: level and measure that fit most rows, the usual ones first.
raw_readings <- function(s, kind, i) {
  levels <- if (is.null(s$level)) c(0.95, 0.90, 0.99) else s$level
  sets <- sort(unique(s$set[i]))
  at <- factor(s$set[i], sets)
  fits <- level_fits(s, kind, i, levels, as.integer(at))
  score <- do.call(cbind, lapply(fits, function(f) {
    storage.mode(f) <- "double"
    f[is.na(f)] <- 0
    rowsum(f, as.integer(at))
  }))
  measures <- rep(raw_kinds[[kind]]$measures, length(levels))
  words <- if (is.null(s$measure)) rep(NA_character_,
                                       length(sets)) else s$measure[i][match(seq_along(sets), as.integer(at))]
  stated <- rep(FALSE, length(sets))
  for (word in unique(words[!is.na(words)])) {
    own <- raw_measures(kind, word)
    if (!length(own)) next
    # A stated measure goes first unless it fits no row.
    j <- which(words == word)
    stated[j] <- TRUE
    score[j, ] <- score[j, ] + 0.5 * (score[j, , drop = FALSE] > 0) * rep(measures %in% own, each = length(j))
  }
  best <- max.col(score, "first")
  list(at = as.integer(at), sets = sets, fits = fits, column = (best - 1L) %% length(raw_kinds[[kind]]$measures) + 1L,
       level = (best - 1L) %/% length(raw_kinds[[kind]]$measures) + 1L, levels = levels, measure = measures[best],
       count = floor(score[cbind(seq_along(sets), best)]), of = tabulate(at, length(sets)), stated = stated)
}

# A list of fit matrices by level; further levels are tried where no measure gives all rows of an analysis under the
# first.
level_fits <- function(s, kind, i, levels, at) {
  first <- fit_matrix(s, kind, i, levels[1L])
  missed <- rowsum((!first %in% TRUE) * 1 + matrix(0, nrow(first), ncol(first)), at)
  open <- which((apply(missed, 1L, min) > 0)[at])
  more <- lapply(levels[-1L], function(level) {
    out <- matrix(NA, length(i), ncol(first), dimnames = dimnames(first))
    if (length(open)) out[open, ] <- fit_matrix(s, kind, i[open], level)
    out
  })
  c(list(first), more)
}

raw_check_kind <- function(s, kind, i) {
  r <- raw_readings(s, kind, i)
  column <- r$column[r$at]
  fit <- vapply(seq_along(i), function(j) r$fits[[r$level[r$at[j]]]][j, column[j]], NA)
  zero <- kind == "table" & has_zero(s, i)
  open <- which(is.na(fit))
  bad <- which(fit %in% FALSE)
  judged <- judge_rows(s, kind, i, r, bad)
  readings <- data.frame(part = s$sets[r$sets], reading = ifelse(r$count > 0,
                                                                 sprintf("%s, %.0f %%", raw_words[r$measure],
                                                                         100 * r$levels[r$level]), ""),
                         fits = r$count, of = r$of, stringsAsFactors = FALSE)
  is_zero <- zero[bad]
  list(c(new_check("A3", sum(!zero) - sum(is.na(fit) & !zero), judged[!is_zero[match(judged$row, i[bad])], ],
                   sum(is.na(fit) & !zero),
                   if (any(is.na(fit) & !zero)) "no effect can be computed from the data" else ""),
                   list(readings = readings)),
       if (any(zero)) new_check("A7", sum(zero & !is.na(fit)), judged[is_zero[match(judged$row, i[bad])], ],
                                sum(is.na(fit) & zero),
                                if (any(is.na(fit) & zero)) "no effect can be computed from the data" else ""))
}

has_zero <- function(s, i) {
  x <- s$events1$value[i]
  y <- s$events2$value[i]
  if (is.null(x)) return(rep(FALSE, length(i)))
  x == 0 | y == 0 | x == s$n1$value[i] | y == s$n2$value[i]
}

# Findings of rows that the reading of their analysis does not give.
judge_rows <- function(s, kind, i, r, bad) {
  if (!length(bad)) return(cbind(new_findings("", 1L, "")[0L, ]))
  rows <- i[bad]
  set <- r$at[bad]
  measure <- r$measure[set]
  level <- r$levels[r$level[set]]
  box <- boxes_of(s, kind, rows, measure, level)
  second <- second_readings(s, kind, rows, measure, level)
  alone <- r$count[set] == 0 & !r$stated[set]
  # A correction for zeros is a convention; another measure than that of the other rows is not.
  convention <- nzchar(second$convention)
  why <- ifelse(convention, "the data give the effect only under a second convention",
                ifelse(nzchar(second$slip),
                       "the data give the effect only if they, or it, are of another kind than the other rows",
                       ifelse(alone, "no measure that is tried gives the effect from the data",
                              "the data do not give the effect")))
  out <- new_findings(ifelse(kind == "table" & has_zero(s, rows), "A7", "A3"), rows, why,
                      ifelse(convention | alone, "warning", "error"),
                      what = wrong_numbers(s, rows, box), printed = show_row(s, rows),
                      expected = show_boxes(s, rows, box),
                      reading = ifelse(convention, second$convention, second$slip),
                      suggestion = ifelse(alone | convention | nzchar(second$slip), "", suggest_numbers(s, rows, box)))
  out
}

boxes_of <- function(s, kind, rows, measure, level) {
  out <- NULL
  for (m in unique(measure)) for (l in unique(level)) {
    j <- which(measure == m & level == l)
    if (!length(j)) next
    box <- raw_boxes(raw_rows(s, kind, rows[j], if (kind == "table") 0 else 1), m, "only0", l)
    if (is.null(out)) out <- box[rep(NA_integer_, length(rows)), ]
    out[j, ] <- box
  }
  out
}

# What else would give the printed numbers: conventions (corrections, levels), slips (another measure, arms exchanged,
# SE for SD).
second_readings <- function(s, kind, rows, measure, level) {
  convention <- slip <- character(length(rows))
  put <- function(target, fits, words) ifelse(nzchar(target) | !fits %in% TRUE, target, words)
  own <- function(fits) fits[cbind(seq_along(rows), match(measure, colnames(fits)))]
  if (kind == "table") for (zero in c("all", "none", "arms")) {
    convention <- put(convention, own(fit_matrix(s, kind, rows, level, zero)), zero_words[[zero]])
  }
  for (other in setdiff(audit_levels, NA)) {
    different <- abs(other - level) > 1e-9
    slip <- put(slip, own(fit_matrix(s, kind, rows, rep(other, length(rows)))) & different,
                sprintf("level %.0f %%", 100 * other))
  }
  if (kind != "generic") slip <- put(slip, own(fit_matrix(s, kind, rows, level, swap = TRUE)), "arms exchanged")
  if (kind == "means") slip <- put(slip, own(fit_matrix(with_sd(s, sqrt), kind, rows, level)),
                                   "standard errors taken as standard deviations")
  all <- fit_matrix(s, kind, rows, level)
  for (m in colnames(all)) slip <- put(slip, all[, m], raw_words[[m]])
  list(convention = convention, slip = slip)
}

# The same rows with their standard deviations multiplied by a function of the size.
with_sd <- function(s, factor) {
  for (arm in c("1", "2")) {
    name <- paste0("sd", arm)
    times <- factor(s[[paste0("n", arm)]]$value)
    for (field in c("value", "low", "high")) s[[name]][[field]] <- s[[name]][[field]] * times
  }
  s
}

number_fits <- function(s, rows, box) {
  list(est = overlaps(box$est.lo, box$est.hi, s$est$low[rows], s$est$high[rows]),
       lb = overlaps(box$lb.lo, box$lb.hi, s$lb$low[rows], s$lb$high[rows]),
       ub = overlaps(box$ub.lo, box$ub.hi, s$ub$low[rows], s$ub$high[rows]))
}

wrong_numbers <- function(s, rows, box) {
  fit <- number_fits(s, rows, box)
  words <- c(est = "estimate", lb = "lower limit", ub = "upper limit")
  vapply(seq_along(rows), function(j) paste(words[vapply(fit, function(f) f[j] %in% FALSE, NA)], collapse = ", "), "")
}

show_boxes <- function(s, rows, box) {
  one <- function(lo, hi, p) show_range(lo, hi, p$digits[rows])
  sprintf("%s (%s; %s)", one(box$est.lo, box$est.hi, s$est), one(box$lb.lo, box$lb.hi, s$lb),
          one(box$ub.lo, box$ub.hi, s$ub))
}

# The numbers that would agree, as they would be printed, where one or two differ.
suggest_numbers <- function(s, rows, box) {
  fit <- number_fits(s, rows, box)
  words <- c(est = "estimate", lb = "lower limit", ub = "upper limit")
  vapply(seq_along(rows), function(j) {
    wrong <- names(fit)[vapply(fit, function(f) f[j] %in% FALSE, NA)]
    if (!length(wrong) || length(wrong) == 3L) return("")
    text <- vapply(wrong, function(name) {
      p <- s[[name]]
      middle <- (box[[paste0(name, ".lo")]][j] + box[[paste0(name, ".hi")]][j]) / 2
      sprintf("%s %.*f instead of %s", words[[name]], max(p$digits[rows[j]], 0L), middle, show_number(p, rows[j]))
    }, "")
    paste(text, collapse = ", ")
  }, "")
}
