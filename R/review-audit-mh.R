# Owns Mantel-Haenszel and Peto in the audit of pooled rows: from counts as RevMan and rma.mh() have them; without
# counts what printed rows and weights leave of them. Sources: Greenland & Robins (1985), whose variance of the risk
# difference is that of a mean with fixed weights; Sato, Greenland & Robins (1989). Oracle: rma.mh().

# The risk difference with the variance of Sato, Greenland and Robins, as rma.mh() has it.
sato_reading <- function(s, rows, measure) {
  if (measure != "RD") return(NULL)
  of <- function(name) s[[name]]$value[rows]
  level <- s$level %||% 0.95
  fit <- tryCatch(rma.mh(measure = "RD", ai = of("events1"), n1i = of("n1"), ci = of("events2"), n2i = of("n2"),
                         level = 100 * level), metaparity_error = function(e) NULL)
  if (is.null(fit)) return(NULL)
  est <- unname(fit$beta[1L])
  value <- c(est = est, se = unname(fit$se), z = unname(fit$zval), Q = unname(fit$QE), tau2 = 0, I2 = unname(fit$I2),
             I2.tau2 = NA, lb.z = unname(fit$ci.lb), ub.z = unname(fit$ci.ub))
  weight <- as.numeric(stats::weights(fit))
  list("Mantel-Haenszel, fixed effect, Sato's variance" = list(low = value, high = value, weight.low = weight,
                                                               weight.high = weight))
}

# Mantel-Haenszel and Peto as RevMan computes them.
revman_readings <- function(s, rows, measure) {
  columns <- list(x1 = s$events1$value[rows], n1 = s$n1$value[rows], x2 = s$events2$value[rows], n2 = s$n2$value[rows])
  specs <- if (measure == "PETO") list("Peto" = list("PETO", FALSE, "PETO_OR")) else list(
    "Mantel-Haenszel, fixed effect" = list("MH", FALSE, measure),
    "Mantel-Haenszel, random effects, DerSimonian-Laird" = list("MH", TRUE, measure))
  lapply(specs, function(own) {
    spec <- list(measure = own[[3L]], method = own[[1L]], totals = "YES", tau2 = "DL", random = own[[2L]],
                 hksj = FALSE, i2_from_tau2 = FALSE,
                 level_study = 0.95, level_total = s$level %||% 0.95)
    out <- call_core(cpp_revman_outcome(columns, integer(), spec))
    t <- lapply(out$total, `[`, 1L)
    tau2 <- if (is.na(t$tau2)) 0 else t$tau2
    value <- c(est = t$est, se = t$se, z = t$z, Q = t$Q, tau2 = tau2, I2 = t$I2, I2.tau2 = NA, lb.z = t$ci.lb,
               ub.z = t$ci.ub)
    list(low = value, high = value, weight.low = out$rows$weight, weight.high = out$rows$weight)
  })
}

# ---- without counts -------------------------------------------------------------------------------

counts_words <- "Mantel-Haenszel or Peto cannot be computed without counts"

# May the rows be of tables whose counts are not given?
needs_counts <- function(s, rows) {
  if (has_rows(s, raw_kinds$table$columns) || has_rows(s, raw_kinds$means$columns)) return(FALSE)
  measure <- if (is.null(s$measure)) "" else tolower(s$measure[rows[1L]])
  if (grepl("^(hr|hazard|rom|peto)", measure)) return(FALSE)
  s$scale[rows[1L]] %in% "log" || grepl("rd|risk diff", measure) ||
    !nzchar(measure) && all(abs(s$est$value[rows]) <= 1)
}

# The fixed-effect Mantel-Haenszel mean of printed rows: with printed weights (which are not those of inverse variances)
# the mean is known, and its variance if it is of differences; without them it lies among the rows. Q is that of the
# inverse variances and the squared distance of both means. printed: the pooled numbers, fixed: that model's ranges.
mh_reading <- function(s, rows, printed, fixed) {
  if (!needs_counts(s, rows) || length(rows) < 2L || is.null(fixed) || is.null(printed$est)) return(NULL)
  scale <- s$scale[rows[1L]]
  box <- pool_box(s, rows, scale)
  weight <- mh_weights(s, rows, fixed)
  low <- box$y - box$y.half
  high <- box$y + box$y.half
  hull <- c(min(low), max(high))
  est <- if (is.null(weight)) hull else weighted_range(weight, low, high, scale)
  own <- scaled(c(printed$est$low, printed$est$high), scale)
  met <- c(max(est[1L], own[1L]), min(est[2L], own[2L]))
  if (met[1L] > met[2L]) met <- est
  se <- if (is.null(weight) || scale != "identity") printed_error(printed, scale, s$level %||% 0.95) else
    sqrt(c(sum(weight$low^2 * (box$s - box$s.half)^2), sum(weight$high^2 * (box$s + box$s.half)^2))) / 100
  ranges <- mh_ranges(est, met, se, fixed, length(rows), s$level %||% 0.95)
  # A difference's limits follow from its weights, a ratio's do not.
  if (is.null(weight) || scale != "identity") {
    ranges <- lapply(ranges, function(x) replace(x, c("lb.z", "ub.z"), NA_real_))
  }
  out <- c(ranges, list(weight.low = rep(0, length(rows)), weight.high = rep(100, length(rows)), open = TRUE))
  list("Mantel-Haenszel, fixed effect, without counts" = out)
}

mh_weights <- function(s, rows, fixed) {
  if (!has_rows(s, "weight") || anyNA(s$weight$value[rows]) ||
        abs(sum(s$weight$value[rows]) - 100) > 0.05 * length(rows) + 0.5) return(NULL)
  low <- pmax(s$weight$low[rows], 0)
  high <- s$weight$high[rows]
  if (all(overlaps(fixed$weight.low, fixed$weight.high, low, high))) return(NULL)
  list(low = low, high = high, middle = (low + high) / 2, half = (high - low) / 2)
}

# Ratios are averaged as they are, not as logarithms.
weighted_range <- function(weight, low, high, scale) {
  back <- back_from(scale)
  low <- back(low)
  high <- back(high)
  y <- (low + high) / 2
  mean <- sum(weight$middle * y) / sum(weight$middle)
  slack <- (sum(weight$middle * (high - low) / 2) + sum(abs(y - mean) * weight$half)) / 100
  scaled(c(mean - 1.05 * slack, mean + 1.05 * slack), scale)
}

# Standard error of a printed interval.
printed_error <- function(printed, scale, level) {
  if (is.null(printed$lb) || is.null(printed$ub)) return(c(NA_real_, NA_real_))
  z <- critical_ends(level)
  lb <- scaled(c(printed$lb$low, printed$lb$high), scale)
  ub <- scaled(c(printed$ub$low, printed$ub$high), scale)
  c(max(ub[1L] - lb[2L], 0) / 2 / z$high, (ub[2L] - lb[1L]) / 2 / z$low)
}

mh_ranges <- function(est, met, se, fixed, k, level) {
  ends <- c(max(0, met[1L] - fixed$high[["est"]], fixed$low[["est"]] - met[2L]) / fixed$high[["se"]],
            max(met[2L] - fixed$low[["est"]], fixed$high[["est"]] - met[1L]) / fixed$low[["se"]])
  Q <- c(fixed$low[["Q"]], fixed$high[["Q"]]) + ends^2
  I2 <- ifelse(Q > 0, pmax(0, 100 * (Q - (k - 1)) / Q), 0)
  z <- range(outer(met, pmax(se, 1e-300), `/`))
  margin <- critical_value(level) * se
  one <- function(end) {
    other <- 3L - end
    c(est = est[end], se = se[end], z = z[end], Q = Q[end], tau2 = 0, I2 = I2[end], I2.tau2 = NA,
      lb.z = est[end] - margin[other], ub.z = est[end] + margin[end])
  }
  list(low = one(1L), high = one(2L))
}
