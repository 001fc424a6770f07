# Owns the checks of a baseline table (C11): P values against means, standard deviations and counts, and P values that
# are too alike or too extreme together (Carlisle 2017, Stouffer's sum). P values come from the core.

baseline_names <- c("variable", "characteristic", "baseline", "baselinevariable", "\u53d8\u91cf",
                    "\u57fa\u7ebf\u7279\u5f81", "\u57fa\u7ebf", "\u6307\u6807")

is_baseline <- function(x) {
  own <- plain_name(names(x))
  any(baseline_names %in% own) && any(plot_names$p %in% own) && any(c(plot_names$mean1, plot_names$events1) %in% own)
}

baseline_checks <- function(x, columns, call) {
  s <- printed_columns(x, columns, NULL, call)
  s$k <- nrow(x)
  at <- match(baseline_names, plain_name(names(x)))
  s$variable <- enc2utf8(as.character(x[[at[!is.na(at)][1L]]]))
  range <- baseline_ranges(s)
  list(baseline_p(s, range), baseline_together(s, range))
}

# The least and the greatest P that the numbers allow, by any of the usual tests; NA where they cannot say.
baseline_ranges <- function(s) {
  out <- data.frame(low = rep(NA_real_, s$k), high = NA_real_, se.low = NA_real_, se.high = NA_real_)
  if (has_rows(s, c("mean1", "sd1", "n1", "mean2", "sd2", "n2"))) {
    own <- mean_p_range(s, FALSE)
    other <- mean_p_range(s, TRUE)
    known <- !is.na(own$low)
    out[known, ] <- data.frame(own$low, own$high, other$low, other$high)[known, ]
  }
  if (has_rows(s, c("events1", "n1", "events2", "n2"))) {
    own <- count_p_range(s)
    known <- !is.na(own$low) & is.na(out$low)
    out[known, c("low", "high")] <- own[known, ]
  }
  out
}

# Student's, Welch's and the z test over the corners of what was rounded; or with the spreads taken for standard errors.
mean_p_range <- function(s, as_errors) {
  n1 <- s$n1$value
  n2 <- s$n2$value
  least <- pmax(0, pmax(s$mean1$low - s$mean2$high, s$mean2$low - s$mean1$high))
  most <- pmax(s$mean1$high - s$mean2$low, s$mean2$high - s$mean1$low)
  error <- function(sd1, sd2, pooled) {
    if (as_errors) return(sqrt(sd1^2 + sd2^2))
    if (!pooled) return(sqrt(sd1^2 / n1 + sd2^2 / n2))
    sqrt(((n1 - 1) * sd1^2 + (n2 - 1) * sd2^2) / (n1 + n2 - 2) * (1 / n1 + 1 / n2))
  }
  fine <- !is.na(least) & n1 > 1 & n2 > 1 & s$sd1$value > 0 & s$sd2$value > 0
  fine <- fine & !is.na(fine)
  p <- function(d, se, df) {
    out <- rep(NA_real_, s$k)
    out[fine] <- two_sided_p((d / pmax(se, 1e-300))[fine], df[fine])
    out
  }
  # Welch's degrees of freedom lie between those of the smaller arm and those of both.
  df <- list(n1 + n2 - 2, pmin(n1, n2) - 1, rep(NA_real_, s$k))
  ends <- lapply(c(TRUE, FALSE), function(pooled) {
    small <- error(pmax(s$sd1$low, 0), pmax(s$sd2$low, 0), pooled)
    large <- error(s$sd1$high, s$sd2$high, pooled)
    list(low = lapply(df, function(d) p(most, small, d)), high = lapply(df, function(d) p(least, large, d)))
  })
  data.frame(low = do.call(pmin, unlist(lapply(ends, `[[`, "low"), recursive = FALSE)),
             high = do.call(pmax, unlist(lapply(ends, `[[`, "high"), recursive = FALSE)))
}

# Chi-squared without and with Yates' correction, and Fisher's exact test.
count_p_range <- function(s) {
  out <- data.frame(low = rep(NA_real_, s$k), high = NA_real_)
  cells <- lapply(s[c("events1", "n1", "events2", "n2")], `[[`, "value")
  whole <- Reduce(`&`, lapply(cells, function(v) !is.na(v) & v == round(v) & v >= 0))
  sums <- cells$events1 + cells$events2
  fine <- which(whole & cells$events1 <= cells$n1 & cells$events2 <= cells$n2 & sums > 0 & sums < cells$n1 + cells$n2 &
                cells$n1 > 0 & cells$n2 > 0)
  if (!length(fine)) return(out)
  chi <- function(correction) {
    v <- lapply(cells, `[`, fine)
    total <- v$n1 + v$n2
    cross <- abs(v$events1 * (v$n2 - v$events2) - v$events2 * (v$n1 - v$events1))
    cross <- pmax(cross - correction * total / 2, 0)
    upper_p(cross^2 * total / (v$n1 * v$n2 * sums[fine] * (total - sums[fine])), rep(1, length(fine)))
  }
  exact <- vapply(fine, function(i) fisher_p(cells$events1[i], cells$n1[i], cells$n2[i], sums[i]), 0)
  all <- list(chi(0), chi(1), exact)
  out$low[fine] <- do.call(pmin, all)
  out$high[fine] <- do.call(pmax, all)
  out
}

# All tables that are not likelier than the one there is.
fisher_p <- function(a, n1, n2, sum) {
  density <- stats::dhyper(max(0, sum - n2):min(n1, sum), n1, n2, sum)
  min(1, sum(density[density <= stats::dhyper(a, n1, n2, sum) * (1 + 1e-7)]))
}

baseline_p <- function(s, range) {
  low <- s$p$low
  high <- s$p$high
  known <- !is.na(range$low) & !is.na(s$p$value)
  fits <- overlaps(range$low, range$high, low, high)
  errors <- overlaps(range$se.low, range$se.high, low, high) %in% TRUE
  shown <- function(i) show_range(range$low[i], range$high[i], pmax(s$p$digits[i], 2L))
  i <- which(known & !fits & !errors)
  j <- which(known & !fits & errors)
  found <- rbind(new_findings("C11", i, "the P value is not that of the means, spreads and counts of the row",
                              what = "P", printed = show_number(s$p, i), expected = shown(i)),
                 new_findings("C11", j, "the P value is that of standard errors: the spreads are none of the patients",
                              "warning", what = "P", printed = show_number(s$p, j), expected = shown(j),
                              reading = "SD as SE"))
  if (!is.null(found)) found$part <- s$variable[found$row]
  open <- sum(!known & !is.na(s$p$value))
  new_check("C11", sum(known), found, open, if (open) "a number is missing" else "")
}

# Arms made by chance give P values spread evenly: their normal scores sum to something near 0. Of each row the reading
# counts that is least suspect; the variables are taken for independent, so that only an extreme sum of five at least is
# told.
baseline_together <- function(s, range) {
  known <- !is.na(range$low)
  if (sum(known) < 5L) return(NULL)
  sums <- vapply(range[known, c("low", "high")], function(p) sum(normal_scores(p)) / sqrt(sum(known)), 0)
  z <- if (sums[["low"]] > 0) sums[["low"]] else min(sums[["high"]], 0)
  both <- two_sided_p(z, NA_real_)
  found <- if (both < 0.001) {
    new_findings("C11", NA_integer_, if (z > 0) "the arms are more alike than chance makes them" else
      "the arms differ more than chance makes them", "note", what = "P values together",
      printed = sprintf("%d variables", sum(known)), expected = sprintf("sum of scores %.1f, P = %.1e", z, both),
      reading = "independent variables")
  }
  new_check("C11", 1L, found)
}

# The quantile of a share: two-sided critical values, with their sign.
normal_scores <- function(p) {
  p <- pmin(pmax(p, 1e-12), 1 - 1e-12)
  vapply(p, function(one) sign(one - 0.5) * critical_value(abs(2 * one - 1)), 0)
}
