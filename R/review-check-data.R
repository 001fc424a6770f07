# Owns check_data(): study data before they are pooled (C1 to C10): spread, units, signs, arms, copies, impossible
# values. Sources: Brown & Heathers (2017) GRIM; Anaya (2016) GRIMMER; Bhatia & Davis (2000). Measured on the rows of
# published Cochrane reviews.

#' Check study data before pooling
#'
#' Looks for the slips of extraction: standard errors entered as standard deviations, units, exchanged arms, lost signs,
#' one study in
#' several rows, shared control arms, impossible values, means that whole numbers cannot have.
#'
#' @param x data frame with a row per study (and analysis): `study`, `analysis`, `events1`, `n1`, `events2`, `n2`,
#'   `mean1`, `sd1`, `mean2`, `sd2`; found by
#'   their usual names. Numbers may be text, as printed, so that their decimals are known.
#' @param columns names of columns that are called otherwise: `c(mean1 = "m_exp")`.
#' @param measure the measure, if it is known: `"MD"`, where all studies have one scale, or `"SMD"`.
#' @param scale least and greatest possible value of the outcome, `c(0, 63)`, for the limits of means and standard
#'   deviations.
#' @param integer are the values of the outcome whole numbers (counts, sums of items)? Then means are checked by GRIM
#'   and standard deviations by GRIMMER.
#' @param items number of items whose mean is the value, for GRIM.
#' @param binary are the values of the outcome 0 or 1? Then standard deviations follow from means (DEBIT).
#' @return What [audit()] returns. Checks: A4 counts; C1 a standard deviation that is a standard error (smaller than a
#'   third of the median of
#'   the other studies, nearer to it once multiplied by the root of n, and outside their spread); C2 units (factors of
#'   10, 100) and
#'   other measures of spread; C3 signs; C4 arms exchanged between analyses of one study; C5 changes mixed with final
#'   values; C6 equal
#'   spread in both arms; C7 one study in several rows, a control arm counted again; C8 two studies with the same
#'   numbers; C9 GRIM, GRIMMER and DEBIT; C10 limits.
#' @details C1 to C8 are screens: they are warnings and notes, no errors. On published Cochrane reviews C1 flags 2.6%
#' of the rows
#'   and finds 70% of injected errors. Errors: `metaparity_error_input`.
#'   Warnings: `metaparity_warning_studies` with the `rows` that have no number in a column.
#' @section In other software: none in Stata, RevMan or \pkg{metafor}; \pkg{scrutiny} and \pkg{metaConvert} have parts
#'   of it.
#' @references Brown, N. J. L. and Heathers, J. A. J. (2017). The GRIM test. *Social Psychological and Personality
#' Science*, 8, 363-369.
#'
#' Bhatia, R. and Davis, C. (2000). A better bound on the variance. *American Mathematical Monthly*, 107, 353-357.
#' @examples
#' d <- data.frame(study = c("A", "B", "C", "D"), n1 = c(40, 55, 62, 48), n2 = c(41, 50, 60, 50),
#'                 mean1 = c(12.1, 11.4, 12.8, 12.0), sd1 = c(4.1, 3.8, 0.5, 4.4),
#'                 mean2 = c(13.0, 12.6, 13.9, 12.9), sd2 = c(4.0, 4.2, 0.6, 3.9))
#' check_data(d, measure = "MD")
#' @export
check_data <- function(x, columns = NULL, measure = NULL, scale = NULL, integer = FALSE, items = 1, binary = FALSE) {
  check_given(x)
  call <- sys.call()
  check_table(x, "x", call)
  check_flag(integer, "integer", call)
  check_flag(binary, "binary", call)
  check_number(items, "items", 1, 1e6, call)
  if (!is.null(scale) && (!is.numeric(scale) || length(scale) != 2L || !isTRUE(scale[1L] < scale[2L]))) {
    abort_input("scale", "must be the least and the greatest possible value", call)
  }
  if (!is.null(measure)) check_measure_word(measure, call)
  s <- data_columns(x, columns, measure, call)
  warn_unread(x, s, call)
  results <- data_checks_of(s, scale, integer, items, binary)
  if (!length(Filter(Negate(is.null), results))) {
    abort_input("x", sprintf("must have columns of study data (events1, n1, ... or mean1, sd1, n1, ...); it has %s",
                             paste(utils::head(names(x), 8L), collapse = ", ")), call)
  }
  new_audit_report(results, s$study, s$analysis)
}

data_columns <- function(x, columns, measure, call) {
  s <- printed_columns(x, columns, NULL, call)
  s$k <- nrow(x)
  for (name in c("study", "analysis")) {
    if (is.null(s[[name]])) s[[name]] <- rep("", s$k)
    s[[name]][is.na(s[[name]])] <- ""
  }
  if (!is.null(measure)) s$measure <- rep_len(measure, s$k)
  s$sets <- unique(s$analysis)
  s$set <- match(s$analysis, s$sets)
  s
}

# For other audits: the checks alone.
data_checks <- function(x, call) data_checks_of(data_columns(x, NULL, NULL, call), NULL, FALSE, 1)

data_checks_of <- function(s, scale, integer, items, binary = FALSE) {
  s$spread <- if (has_means(s)) spread_of(s)
  c(check_repeated(s), list(count_check(s), check_spread(s), check_units(s), check_sd_ratio(s), check_signs(s),
                            check_arms(s), check_change_scores(s),
       check_equal_spread(s), check_copies(s), if (integer) check_grim(s, items),
       if (binary) check_binary(s),
       if (!is.null(scale)) check_scale(s, scale)))
}

has_means <- function(s) has_rows(s, c("mean1", "sd1", "n1", "mean2", "sd2", "n2"))

# Standard deviation of each row, both arms together.
pooled_sd <- function(s) {
  n1 <- s$n1$value
  n2 <- s$n2$value
  out <- suppressWarnings(sqrt(((n1 - 1) * s$sd1$value^2 + (n2 - 1) * s$sd2$value^2) / (n1 + n2 - 2)))
  ifelse(is.finite(out) & out > 0 & s$sd1$value > 0 & s$sd2$value > 0, out, NA)
}

# Median of the other rows of the analysis and their spread (MAD, not below .15), of logarithms.
others <- function(s, x) {
  center <- spread <- rep(NA_real_, s$k)
  for (rows in split(which(!is.na(x)), s$set[!is.na(x)])) {
    if (length(rows) < 4L) next
    for (i in rows) {
      rest <- x[setdiff(rows, i)]
      center[i] <- stats::median(rest)
      spread[i] <- max(stats::mad(rest), 0.15)
    }
  }
  list(center = center, spread = spread)
}

is_standardised <- function(s) {
  if (is.null(s$measure)) rep(FALSE, s$k) else grepl("smd|^g$|^d$|std", tolower(s$measure))
}

# log of the standard deviation against the others of the analysis; a standardised difference has no common scale.
spread_of <- function(s) {
  x <- log(pooled_sd(s))
  size <- s$n1$value + s$n2$value
  x[is_standardised(s)] <- NA
  ref <- others(s, x)
  list(x = x, center = ref$center, gap = x - ref$center, z = abs(x - ref$center) / ref$spread,
       half = log(ifelse(size > 0, size, NA) / 2) / 2)
}

is_se_like <- function(p) (p$gap < -log(3) & abs(p$gap + p$half) < 0.5 * abs(p$gap) & p$z > 3) %in% TRUE

show_arms <- function(s, i, name) sprintf("%s, %s", show_number(s[[paste0(name, "1")]], i),
                                          show_number(s[[paste0(name, "2")]], i))

# C1. A third of the median of the others or less, nearer to it once multiplied by sqrt(n), and far outside their
# spread.
check_spread <- function(s) {
  p <- s$spread
  if (is.null(p)) return(NULL)
  i <- which(is_se_like(p))
  found <- new_findings("C1", i,
                        "the standard deviations are far smaller than those of the other studies, as standard errors would be", "warning",
                        what = "sd", printed = show_arms(s, i, "sd"),
                        expected = sprintf("about %.3g", exp(p$center[i])), reading = "standard errors",
                        suggestion = sprintf("standard deviations %.4g, %.4g", s$sd1$value[i] * sqrt(s$n1$value[i]),
                                             s$sd2$value[i] * sqrt(s$n2$value[i])))
  few <- sum(is.na(p$z) & !is.na(p$x))
  new_check("C1", sum(!is.na(p$z)), found, few, if (few) "fewer than 4 studies to compare with" else "")
}

# Factors by which a spread is off when it is another measure, or the unit is another.
unit_slips <- c("ten times the unit" = log(10), "a tenth of the unit" = -log(10),
                "a hundred times the unit" = log(100), "a hundredth of the unit" = -log(100))

# C2. Spread and means both off by a power of ten; a standard deviation that is the standard error of others (too large
# by sqrt(n)).
check_units <- function(s) {
  p <- s$spread
  if (is.null(p)) return(NULL)
  size <- log(abs(s$mean1$value) + abs(s$mean2$value))
  size[!is.finite(size)] <- NA
  mean <- size - others(s, ifelse(is.na(p$x), NA, size))$center
  found <- lapply(names(unit_slips), function(word) {
    near <- function(x) abs(x - unit_slips[[word]]) < 0.5
    i <- which(near(p$gap) & near(mean) & p$z > 3)
    new_findings("C2", i, "means and standard deviations are off by a power of ten against the other studies",
                 "warning", what = "mean, sd",
                 printed = sprintf("%s; %s", show_arms(s, i, "mean"), show_arms(s, i, "sd")), reading = word)
  })
  large <- which(p$gap > log(3) & abs(p$gap - p$half) < 0.5 * abs(p$gap) & p$z > 3 & !near_any(p$gap, mean))
  found <- c(found, list(new_findings("C2", large,
                                      "the standard deviations are far larger than those of the other studies, which may be standard errors", "note",
                                      what = "sd", printed = show_arms(s, large, "sd"),
                                      expected = sprintf("about %.3g", exp(p$center[large])))))
  new_check("C2", sum(!is.na(p$z)), do.call(rbind, found))
}

near_any <- function(gap, mean) {
  Reduce(`|`, lapply(unit_slips, function(u) abs(gap - u) < 0.5 & abs(mean - u) < 0.5)) %in% TRUE
}

# C1. The arms of one study against each other.
check_sd_ratio <- function(s, most = 5) {
  if (!has_means(s)) return(NULL)
  known <- s$sd1$value > 0 & s$sd2$value > 0
  ratio <- exp(abs(log(ifelse(known, s$sd1$value / s$sd2$value, NA))))
  i <- which(known & ratio > most)
  none <- which(s$n1$value > 0 & s$n2$value > 0 & xor(s$sd1$value == 0, s$sd2$value == 0))
  new_check("C1", sum(known, na.rm = TRUE),
            rbind(new_findings("C1", i, "the standard deviations of the arms differ more than fivefold", "note",
                               what = "sd", printed = show_arms(s, i, "sd")),
                  new_findings("C1", none, "one arm has no spread", "warning", what = "sd",
                               printed = show_arms(s, none, "sd"))))
}

# Difference of the arms on the scale of the analysis.
arm_difference <- function(s) {
  if (has_means(s)) {
    d <- s$mean1$value - s$mean2$value
    if (any(is_standardised(s))) d <- ifelse(is_standardised(s), d / pooled_sd(s), d)
    return(ifelse(is.na(pooled_sd(s)), NA, d))
  }
  if (has_rows(s, c("est", "lb", "ub"))) return(ifelse(rep(is.null(s$scale), s$k), s$est$value, scaled_rows(s)))
  NULL
}

scaled_rows <- function(s) {
  out <- s$est$value
  for (scale in unique(stats::na.omit(s$scale))) out[which(s$scale == scale)] <- scaled(out[which(s$scale == scale)],
                                                                                        scale)
  out
}

# C3. A row outside the others whose mirror image is inside.
check_signs <- function(s) {
  y <- arm_difference(s)
  if (is.null(y)) return(NULL)
  arms <- if (has_means(s)) lapply(c("mean1", "mean2"), mean_sign, s = s)
  lost <- do.call(rbind, arms)
  ref <- others(s, y)
  i <- setdiff(which(is_mirrored(s, y, ref$center, 1.5) & sign(y) != sign(ref$center)), lost$row)
  new_check("C3", sum(!is.na(ref$center)),
            rbind(lost, new_findings("C3", i,
                                     "the difference lies outside those of the other studies; with the other sign it would be among them", "warning",
                                                 what = "sign", printed = format(y[i], digits = 4L),
                                                 suggestion = format(-y[i], digits = 4L))))
}

# A mean outside those of the other studies whose mirror image is among them, in one arm or in both.
mean_sign <- function(s, name) {
  x <- s[[name]]$value
  other <- s[[if (name == "mean1") "mean2" else "mean1"]]$value
  center <- others(s, x)$center
  i <- is_mirrored(s, x, center, 3) & sign(x) != sign(center)
  alone <- which(i & sign(other) == sign(center))
  both <- if (name == "mean1") {
    which(i & is_mirrored(s, other, others(s, other)$center, 3) & sign(other) != sign(center))
  }
  rbind(new_findings("C3", alone, "the mean has another sign than the other arm and the other studies", "warning",
                     what = name, printed = show_number(s[[name]], alone), suggestion = format(-x[alone], digits = 4L)),
        new_findings("C3", both, "the means of both arms have another sign than those of the other studies", "warning",
                     what = "mean1, mean2", printed = show_arms(s, both, "mean"),
                     suggestion = sprintf("%s, %s", format(-x[both], digits = 4L), format(-other[both], digits = 4L))))
}

# Far outside the other rows, and among them with the other sign.
is_mirrored <- function(s, x, center, near) {
  spread <- spread_of_rows(s, x)
  far <- abs(x - center) / spread
  back <- abs(-x - center) / spread
  (far > 4 & back < near & back < far / 3) %in% TRUE
}

# Spread of the other rows' values: their median absolute deviation, which few rows make too small by chance, or their
# standard deviation.
spread_of_rows <- function(s, y) {
  out <- rep(NA_real_, s$k)
  for (rows in split(which(!is.na(y)), s$set[!is.na(y)])) {
    if (length(rows) < 4L) next
    out[rows] <- vapply(rows, function(i) {
      rest <- y[setdiff(rows, i)]
      max(stats::mad(rest), stats::sd(rest), 0.1 * abs(stats::median(rest)), 1e-12)
    }, 0)
  }
  out
}
