# Owns absolute effects: assumed risks of the comparator, what a relative effect makes of them, and their difference.
# Source: Cochrane Handbook 6.4, section 15.4 and 14.1.5; the rules are those of the audit's C16.

# Risks of the control groups of one result: named numbers, as the user gave them or by a rule.
assumed_risks <- function(given, rule, result) {
  if (length(given)) return(given)
  own <- if (!is.null(result)) control_values(result)
  if (is.null(own) || own$kind != "binary" || !length(own$value)) return(numeric())
  switch(rule, median = c(median = stats::median(own$value)), mean = c(mean = mean(own$value)),
         pooled = c(pooled = sum(own$events) / sum(own$total)),
         range = c(lowest = min(own$value), median = stats::median(own$value), highest = max(own$value)))
}

# Rows of risks, effects and measures, which are recycled; shares.
corresponding_risk <- function(risk, effect, measure) {
  n <- max(length(risk), length(effect), length(measure))
  call_core(cpp_corresponding_risk(rep_len(as.numeric(risk), n), rep_len(as.numeric(effect), n),
                                   rep_len(as.character(measure), n)))
}

# Rows: one per assumed risk, all as shares. NULL where a measure has no risks.
absolute_effects <- function(risks, measure, est, lb, ub) {
  if (!length(risks) || anyNA(c(est, lb, ub)) || !measure %in% c("OR", "RR", "HR", "RD", "IRR")) return(NULL)
  at <- function(effect) corresponding_risk(unname(risks), effect, measure)
  out <- data.frame(label = names(risks) %||% rep("", length(risks)), risk0 = unname(risks), risk1 = unname(at(est)),
                    risk1.lb = unname(at(lb)), risk1.ub = unname(at(ub)), stringsAsFactors = FALSE)
  out$diff <- out$risk1 - out$risk0
  out$diff.lb <- out$risk1.lb - out$risk0
  out$diff.ub <- out$risk1.ub - out$risk0
  out
}

# Decimals with which a risk per 1000 is shown: small ones keep a digit.
risk_digits <- function(risk, per) if (is.na(risk) || risk * per >= 5 || risk == 0) 0L else 1L

# "24 fewer per 1000 (40 fewer to 5 more)".
format_difference <- function(r, per) {
  digits <- risk_digits(r$risk0, per)
  value <- round(c(r$diff, r$diff.lb, r$diff.ub) * per, digits)
  word <- function(v) {
    if (v == 0) return(translatef("%s fewer", format_fixed(0, digits)))
    translatef(if (v < 0) "%s fewer" else "%s more", format_fixed(abs(v), digits))
  }
  sprintf("%s (%s)", translatef("%s per %s", own_text(word(value[1L])), format_count(per)),
          between_text(word(value[2L]), word(value[3L])))
}

between_text <- function(low, high) translatef("%s to %s", own_text(low), own_text(high))

# "2.10 lower (3.40 lower to 0.80 lower)" of a mean, with its units.
format_mean_difference <- function(o, digits = 2L) {
  value <- round(c(o$est, o$lb, o$ub), digits)
  word <- function(v) translatef(if (v < 0) "%s lower" else "%s higher", format_fixed(abs(v), digits))
  units <- if (o$measure == "SMD") "SD" else o$units
  units <- if (is.na(units) || !nzchar(units)) "" else paste0(units, " ")
  first <- if (o$measure %in% c("MD", "SMD")) paste0(o$measure, " ") else ""
  lead <- translatef(if (value[1L] < 0) "%s lower" else "%s higher",
                     own_text(trimws(paste(format_fixed(abs(value[1L]), digits), units))))
  sprintf("%s%s (%s)", first, lead, between_text(word(value[2L]), word(value[3L])))
}

# ---- optimal information size --------------------------------------------------------------------

# Two-sided alpha 0.05, power 0.80: of two risks, of two means, of hazards in events.
information_size <- function(measure, risk, mid, sd) {
  none <- list(size = NA_real_, unit = "participants", basis = list(""))
  need <- function(kind, first, second = NA_real_) call_core(cpp_information_size(kind, first, second))
  if (measure %in% c("MD", "SMD")) {
    sd <- if (measure == "SMD") 1 else sd
    delta <- if (is.na(mid)) 0.2 else if (is.na(sd)) return(none) else mid / sd
    return(list(size = need("means", delta), unit = "participants",
                basis = list("a difference of %s SD", format(signif(abs(delta), 3L)))))
  }
  if (measure == "HR") {
    ratio <- if (is.na(mid)) 0.75 else mid
    return(list(size = need("hazards", ratio), unit = "events", basis = list("a hazard ratio of %s", format(ratio))))
  }
  if (!measure %in% c("OR", "RR", "RD") || is.na(risk)) return(none)
  effect <- if (measure == "RD") -abs(mid) else mid
  other <- if (is.na(mid)) 0.75 * risk else corresponding_risk(risk, effect, measure)
  size <- need("risks", risk, other)
  if (is.na(size)) return(none)
  list(size = size, unit = "participants",
       basis = list("risks of %s and %s per 1000", format_fixed(1000 * risk, 0L), format_fixed(1000 * other, 0L)))
}

# The values that the interval is held against: 25 % of relative change either way, half a standard deviation, or the
# user's smallest important difference either way.
grade_thresholds <- function(measure, mid, sd) {
  if (measure %in% grade_ratios) {
    mid <- if (is.na(mid)) c(0.75, 1.25) else c(mid, 1 / mid)
    return(sort(mid))
  }
  if (is.na(mid)) mid <- if (measure == "SMD") 0.5 else if (measure == "MD") 0.5 * sd else NA_real_
  if (is.na(mid)) numeric() else c(-abs(mid), abs(mid))
}
