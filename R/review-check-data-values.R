# Owns the checks of values that do not need a reference study: arms, copies, means of whole numbers, limits (C4 to
# C10). Sources: Brown & Heathers (2017) GRIM; Anaya (2016) GRIMMER; Bhatia & Davis (2000). Oracle: brute force over
# integer samples.

# C4. The sizes of the arms are exchanged against another analysis of the same study.
check_arms <- function(s) {
  if (!has_rows(s, c("n1", "n2")) || !any(nzchar(s$study)) || length(s$sets) < 2L) return(NULL)
  n1 <- s$n1$value
  n2 <- s$n2$value
  usable <- which(nzchar(s$study) & !is.na(n1) & !is.na(n2) & n1 != n2)
  key <- function(a, b) paste(tolower(s$study), a, b, sep = "\r")
  straight <- key(n1, n2)
  crossed <- key(n2, n1)
  count <- table(straight[usable])
  # The orientation that fewer rows have is the odd one.
  own <- as.integer(count[straight])
  other <- as.integer(count[crossed])
  i <- usable[which((!is.na(other[usable])) & (own[usable] < other[usable] | own[usable] == other[usable] &
                                               duplicated(pair_key(s, n1, n2)[usable])))]
  same_set <- vapply(i, function(j) any(s$set[usable][straight[usable] == crossed[j]] != s$set[j]), NA)
  i <- i[same_set]
  new_check("C4", length(usable),
            new_findings("C4", i, "the sizes of the arms are exchanged against another analysis of the study", "note",
                         what = "n",
                                               printed = show_arms(s, i, "n"),
                                               suggestion = sprintf("%s, %s", show_number(s$n2, i),
                                                                    show_number(s$n1, i))))
}

pair_key <- function(s, n1, n2) paste(tolower(s$study), pmin(n1, n2), pmax(n1, n2), sep = "\r")

# C5. Means near 0 beside means far from 0, under a standardised difference.
check_change_scores <- function(s) {
  if (!has_means(s) || !any(is_standardised(s))) return(NULL)
  size <- (abs(s$mean1$value) + abs(s$mean2$value)) / 2 / pooled_sd(s)
  size[!is_standardised(s)] <- NA
  change <- size < 1
  final <- size > 2
  changes <- by_set(s, change %in% TRUE)[s$set]
  finals <- by_set(s, final %in% TRUE)[s$set]
  # Those that fewer rows have are the odd ones.
  i <- which(change & finals > 0 & changes <= finals)
  j <- which(final & changes > 0 & finals < changes)
  near <- "the means are near 0, those of other studies far from it: changes and final values have different spreads"
  far <- "the means are far from 0, those of other studies near it: changes and final values have different spreads"
  new_check("C5", sum(!is.na(size)),
            rbind(new_findings("C5", i, near, "note", what = "mean", printed = show_arms(s, i, "mean")),
                  new_findings("C5", j, far, "note", what = "mean", printed = show_arms(s, j, "mean"))))
}

# C6. One spread in both arms: imputed or pooled; with one mean: copied.
check_equal_spread <- function(s) {
  if (!has_means(s)) return(NULL)
  same <- s$sd1$value == s$sd2$value & s$sd1$value > 0 & s$n1$value > 0 & s$n2$value > 0
  both <- same & s$mean1$value == s$mean2$value & s$mean1$value != 0
  i <- which(same & !both)
  j <- which(both)
  new_check("C6", sum(!is.na(same)),
            rbind(new_findings("C6", i, "both arms have one standard deviation, as if it were imputed or pooled",
                               "note", what = "sd", printed = show_arms(s, i, "sd")),
                  new_findings("C6", j, "both arms have one mean and one standard deviation", "warning",
                               what = "mean, sd",
                               printed = sprintf("%s (%s)", show_number(s$mean1, j), show_number(s$sd1, j)))))
}

# C7. A control arm that is counted again: the same second arm in another row of the study; in another group it may not
# be pooled twice. Other rows of one study within a group.
check_repeated <- function(s) {
  again <- control_again(s)
  other <- check_same_study(s)
  if (!is.null(other$findings)) {
    other$findings <- other$findings[!other$findings$row %in% c(again$within, again$across), ]
  }
  list(other, if (!is.null(again)) new_check("C7", 0L, rbind(control_findings(s, again, again$within, "warning"),
                                                             control_findings(s, again, again$across, "note"))))
}

control_again <- function(s) {
  arm <- if (has_rows(s, c("mean2", "sd2", "n2"))) c("mean2", "sd2", "n2")
  if (is.null(arm) || !any(!is.na(s$mean2$value))) arm <- if (has_rows(s, c("events2", "n2")))
    c("events2", "n2") else arm
  if (is.null(arm) || !any(nzchar(s$study))) return(NULL)
  values <- lapply(arm, function(name) s[[name]]$value)
  known <- which(nzchar(s$study) & Reduce(`&`, lapply(values, function(x) !is.na(x))) & values[[length(values)]] > 0 &
                 values[[1L]] != 0)
  key <- function(...) do.call(paste, c(list(s$set, tolower(s$study)), list(...), values, sep = "\r"))[known]
  group <- if (is.null(s$group)) rep("", s$k) else s$group
  within <- known[duplicated(key(group))]
  list(arm = arm, within = within, across = setdiff(known[duplicated(key())], within))
}

control_findings <- function(s, again, rows, severity) {
  why <- c(warning = "the control arm is counted again: halve it or combine the arms",
           note = "the control arm stands in another group of the analysis, too")
  printed <- if (length(rows)) do.call(paste, c(lapply(again$arm, function(name) show_number(s[[name]], rows)),
                                                sep = ", "))
  new_findings("C7", rows, why[[severity]], severity, what = "control arm",
               printed = if (is.null(printed)) "" else printed)
}

# C8. Two studies with the same data.
check_copies <- function(s) check_same_values(s)

# ---- means of whole numbers ---------------------------------------------------------------------

# C9. GRIM: some whole number divided by n (times the items) rounds to the mean. Silent where the decimals cannot
# decide.
grim_fits <- function(p, n, items = 1) {
  total <- n * items
  decides <- total < 10^p$digits
  p <- as_rounded(p)
  low <- ceiling(p$low * total - 1e-9)
  ifelse(!decides | is.na(p$value) | is.na(n), NA, low <= floor(p$high * total + 1e-9))
}

# A number is taken as rounded to the decimals that it has, also where it was not given as text.
as_rounded <- function(p) new_printed(p$value, p$digits, p$sign)

# GRIMMER: with one item, some sum of squares of whole numbers gives the standard deviation; its parity is that of the
# sum.
grimmer_fits <- function(mean, sd, n) {
  mean <- as_rounded(mean)
  sd <- as_rounded(sd)
  vapply(seq_along(n), function(i) {
    if (is.na(n[i]) || n[i] < 2 || n[i] >= 10^mean$digits[i] || is.na(mean$value[i]) || is.na(sd$value[i]) ||
        n[i] > 1000) return(NA)
    sums <- seq(ceiling(mean$low[i] * n[i] - 1e-9),
                length.out = max(0, floor(mean$high[i] * n[i] + 1e-9) - ceiling(mean$low[i] * n[i] - 1e-9) + 1))
    if (!length(sums)) return(FALSE)
    any(vapply(sums, function(total) {
      low <- (n[i] - 1) * max(sd$low[i], 0)^2 + total^2 / n[i]
      high <- (n[i] - 1) * sd$high[i]^2 + total^2 / n[i]
      first <- ceiling(low - 1e-7)
      first <- first + (first - total) %% 2
      first <= high + 1e-7
    }, NA))
  }, NA)
}

check_grim <- function(s, items) {
  if (!has_rows(s, c("mean1", "n1"))) return(NULL)
  arms <- Filter(function(arm) has_rows(s, paste0(c("mean", "n"), arm)), c("1", "2"))
  parts <- lapply(arms, function(arm) {
    mean <- s[[paste0("mean", arm)]]
    n <- s[[paste0("n", arm)]]$value
    fits <- grim_fits(mean, n, items)
    i <- which(!fits)
    found <- new_findings("C9", i, "no sum of whole numbers has this mean (GRIM)", what = paste0("mean", arm),
                          printed = sprintf("%s, n = %s", show_number(mean, i), format(n[i])),
                          expected = nearest_means(mean, n * items, i))
    sd <- s[[paste0("sd", arm)]]
    if (!is.null(sd) && items == 1) {
      second <- grimmer_fits(mean, sd, n)
      j <- which(!second & fits %in% TRUE)
      found <- rbind(found, new_findings("C9", j, "no whole numbers have this mean and standard deviation (GRIMMER)",
                                         what = paste0("sd", arm),
                                         printed = sprintf("%s (%s), n = %s", show_number(mean, j), show_number(sd, j),
                                                           format(n[j]))))
    }
    list(found = found, checked = sum(!is.na(fits)), open = sum(is.na(fits)))
  })
  open <- sum(vapply(parts, `[[`, 0L, "open"))
  new_check("C9", sum(vapply(parts, `[[`, 0L, "checked")), do.call(rbind, lapply(parts, `[[`, "found")), open,
            if (open) "too many people for the decimals of a mean" else "")
}

# C9 for values that are 0 or 1. DEBIT (Heathers & Brown 2019): s^2 = n / (n - 1) m (1 - m), or with n for n - 1.
debit_range <- function(mean, n) {
  low <- pmin(pmax(mean$low, 0), 1)
  high <- pmin(pmax(mean$high, 0), 1)
  ends <- cbind(low * (1 - low), high * (1 - high))
  most <- ifelse(low <= 0.5 & high >= 0.5, 0.25, pmax(ends[, 1L], ends[, 2L]))
  data.frame(low = sqrt(pmin(ends[, 1L], ends[, 2L])), high = sqrt(most * n / (n - 1)))
}

check_binary <- function(s) {
  arms <- Filter(function(arm) has_rows(s, paste0(c("mean", "sd", "n"), arm)), c("1", "2"))
  parts <- lapply(arms, function(arm) {
    mean <- as_rounded(s[[paste0("mean", arm)]])
    sd <- as_rounded(s[[paste0("sd", arm)]])
    n <- s[[paste0("n", arm)]]$value
    range <- debit_range(mean, n)
    known <- !is.na(mean$value) & !is.na(sd$value) & !is.na(n) & n > 1
    i <- which(known & (mean$low > 1 | mean$high < 0 | !overlaps(range$low, range$high, sd$low, sd$high)))
    list(checked = sum(known),
         found = new_findings("C9", i, "values that are 0 or 1 have another standard deviation with this mean (DEBIT)",
                              what = paste0("sd", arm),
                              printed = sprintf("%s (%s), n = %s", show_number(mean, i), show_number(sd, i),
                                                format(n[i])),
                              expected = show_range(range$low[i], range$high[i], sd$digits[i])))
  })
  new_check("C9", sum(vapply(parts, `[[`, 0L, "checked")), do.call(rbind, lapply(parts, `[[`, "found")))
}

nearest_means <- function(p, total, i) {
  at <- floor(p$value[i] * total[i])
  sprintf("%.*f or %.*f", p$digits[i], at / total[i], p$digits[i], (at + 1) / total[i])
}

# C10. Means within the scale; s^2 <= n / (n - 1) (max - m) (m - min).
check_scale <- function(s, scale) {
  if (!has_means(s)) return(NULL)
  parts <- lapply(c("1", "2"), function(arm) {
    m <- s[[paste0("mean", arm)]]
    sd <- s[[paste0("sd", arm)]]
    n <- s[[paste0("n", arm)]]$value
    out <- which(m$low > scale[2L] | m$high < scale[1L])
    top <- pmin(pmax(m$low, scale[1L]), scale[2L])
    bottom <- pmin(pmax(m$high, scale[1L]), scale[2L])
    middle <- mean(scale)
    best <- ifelse(bottom < middle, bottom, ifelse(top > middle, top, middle))
    most <- sqrt(n / (n - 1) * (scale[2L] - best) * (best - scale[1L]))
    wide <- which(sd$low > most + 1e-9)
    rbind(new_findings("C10", out, "the mean lies outside the scale", what = paste0("mean", arm),
                       printed = show_number(m, out), expected = sprintf("%s to %s", scale[1L], scale[2L])),
          new_findings("C10", setdiff(wide, out),
                       "the standard deviation is larger than the scale allows for this mean", what = paste0("sd", arm),
                       printed = show_number(sd, setdiff(wide, out)),
                       expected = sprintf("at most %.*f", sd$digits[setdiff(wide, out)] + 1L,
                                          most[setdiff(wide, out)])))
  })
  new_check("C10", 2L * s$k, do.call(rbind, parts))
}

# ---- what was given ---------------------------------------------------------------------------------

# A measure of the package, a word that programs print, or a short name of a standardised difference.
check_measure_word <- function(measure, call) {
  word <- tolower(check_word(measure, "measure", call))
  known <- tolower(c(names(measure_table), names(grade_measures), "g", "d"))
  if (!word %in% known && !grepl("ratio|difference|risk|odds|hazard|mean|smd|std", word)) {
    abort_input("measure", sprintf("must be a measure of escalc() or the word for one, not %s%s", describe(measure),
                                   did_you_mean(toupper(measure), names(measure_table))), call)
  }
}

# Rows whose numbers are missing or no numbers, which the checks pass over.
warn_unread <- function(x, s, call) {
  for (name in intersect(c(entered_columns, "est", "lb", "ub"), names(s))) {
    rows <- which(is.na(s[[name]]$value))
    if (length(rows)) {
      warn_studies("x", rows, sprintf("has no number in the column %s: checks that need it pass over these rows", name),
                   call)
    }
  }
}
