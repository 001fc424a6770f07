# Owns the looks of Stata's meta suite, of Review Manager and of three journals, as lists. Sources: exported graphs of
# `meta forestplot` (Stata 16) and of RevMan Web, measured in em; published figures of JAMA, The BMJ and The Lancet.

#' @rdname style_metafor
#' @export
style_stata_meta <- function(...) {
  heterogeneity <- c(random = "Heterogeneity: \u03c4^2 = {tau2}, I^2 = {I2}%, H^2 = {H2}",
                     fixed = "Heterogeneity: I^2 = {I2}%, H^2 = {H2}")
  homogeneity <- "Test of \u03b8_i = \u03b8_j: Q({df}) = {Q}, p {p}"
  change_style(new_style(
    est = list(est = "%s", lo = "[%s,", hi = "%s]"),
    left = c("label", "extra", "arms"), right = c("est", "weight", "weight2"),
    arms = list(binary = c(Yes = "events", No = "noevents"), means = c("n", "mean", "sd"), rates = c("events", "time"),
                proportion = c("events", "n"), groups = c("Treatment", "Control"), sums = FALSE),
    header = list(label = "Study", est = "{measure}\nwith {level}% CI", weight = "Weight\n(%)", weight2 = "Weight\n(%)",
                  font = 1L, effect = "suite", gap = 0.35, est_align = "centre"),
    natural = FALSE, showweights = TRUE, pooled_weight = FALSE, gap = 1.6,
    box = list(fill = "#1A476F", border = "#1A476F", largest = 1.1, least = 0.15, rule = "area"),
    diamond = list(fill = "#55752F", border = "#55752F", lwd = 1, half = 0.42),
    ci = list(col = "#1A476F", lwd = 1, cap = 0, arrow = 0.6, arrow_half = 0.25),
    prediction = list(col = "#55752F", lwd = 1, lty = "solid", cap = 0.2, open = TRUE),
    rules = list(header = list(col = "black", lwd = 1), span = NULL),
    null_line = NULL,
    axis = list(ticks = "powers", format = format_tick_stata, col = "black", lwd = 1, tick = 0.4, title = FALSE,
                size = 1, title_size = 1),
    formats = list(Q = "%.2f", I2 = "%.2f", H2 = "%.2f", tau2 = "%.2f", z = "%.2f", p = "%.2f", p_least = 0,
                   missing = ".", decimal = ".", count = count_suite, measured = measured_suite),
    labels = list(summary = "Overall",
                  summary_below = c(heterogeneity, homogeneity, ungrouped = "Test of \u03b8 = 0: z = {z}, p {pz}"),
                  subtotal = heterogeneity, subtotal_below = homogeneity,
                  between = "Test of group differences: Q_b({df}) = {Q}, p {p}",
                  prediction = "{level}% prediction interval", excluded = "(omitted)", note_random = NULL,
                  model_note = "{model_name}"),
    between = "last", pooled_font = 2L, subtotal_font = 1L, heading_font = 2L, indent = 0,
    sequence = list(pch = 19, box = list(fill = "#55752F", border = "#55752F", largest = 0.6),
                    ci = list(col = "#55752F")),
    blank = list(before_group = 1, before_summary = 1, after_header = 0.5, at_end = 0.5),
    scatter = scatter_style_stata()), list(...))
}

# Whole numbers with commas, and %9.0g.
count_suite <- function(value)
  ifelse(is.na(value), "", formatC(as.numeric(value), digits = 0L, format = "f", big.mark = ","))

measured_suite <- function(value) ifelse(is.na(value), "", trimws(stata_general(value, 9L)))

#' @rdname style_metafor
#' @export
style_revman <- function(...) {
  heterogeneity <- c(random = "Heterogeneity: Tau^2 = {tau2}; Chi^2 = {Q}, df = {df} (P {p}); I^2 = {I2}%",
                     fixed = "Heterogeneity: Chi^2 = {Q}, df = {df} (P {p}); I^2 = {I2}%")
  overall <- c(always = "Test for overall effect: Z = {z_size} (P {pz})")
  change_style(new_style(
    fontsize = 9, pitch = 20 / 14, gap = 1.2,
    est = list(est = "%s", lo = "[%s,", hi = "%s]"), weight = "%s%%", weight_digits = 1L,
    left = c("label", "extra", "arms", "weight", "weight2", "est"), right = character(),
    header = list(label = "Study or Subgroup", est = "{measure}\n{scheme}, {effects}, {level}% CI", weight = "Weight",
                  weight2 = "Weight", panel = "{measure}\n{scheme}, {effects}, {level}% CI", font = 2L,
                  effect = "metafor", gap = 0.35, est_align = "right"),
    panel = list(natural = 15, least = 13, most = 40), natural = TRUE, showweights = TRUE,
    box = list(fill = "#CC0000", border = "#CC0000", largest = 18 / 14, least = 2 / 14, rule = "linear",
               kinds = list(binary = "#0000CC", means = "#00CC00")),
    diamond = list(fill = "black", border = "black", lwd = 1, half = 0.5),
    ci = list(col = "black", lwd = 1, cap = 0, arrow = 0.6, arrow_half = 0.25),
    prediction = list(col = "black", lwd = 1, lty = "solid", cap = 0.2, open = TRUE),
    rules = list(header = list(col = "black", lwd = 1), span = NULL),
    null_line = list(col = "black", lwd = 1, lty = "solid"),
    axis = list(ticks = "symmetric", cross = TRUE, favours = "run", col = "black", lwd = 1, tick = 0.3, title = FALSE,
                size = 1, title_size = 1),
    formats = list(Q = "%.2f", I2 = "%.0f", I2_between = "%.1f", H2 = "%.2f", tau2 = "%.2f", z = "%.2f",
                   p = p_revman, p_least = 0.00001,
                   missing = "Not applicable", decimal = "."),
    labels = list(summary = "Total ({level}% CI)", summary_below = NULL, events = "Total events:",
                  subtotal = "Subtotal ({level}% CI)", subtotal_below = c(heterogeneity, overall),
                  subtotal_single = c("Heterogeneity: Not applicable", overall),
                  subtotal_none = c("Heterogeneity: Not applicable", "Test for overall effect: Not applicable"),
                  between = "Test for subgroup differences: Chi^2 = {Q}, df = {df} (P {p}), I^2 = {I2_between}%",
                  prediction = "{level}% prediction interval", excluded = "Not estimable", note_random = NULL),
    footer = list(lines = c(heterogeneity, overall), single = c("Heterogeneity: Not applicable", overall),
                  none = c("Heterogeneity: Not applicable", "Test for overall effect: Not applicable"),
                  between = "Test for subgroup differences: Chi^2 = {Q}, df = {df} (P {p}), I^2 = {I2_between}%",
                  place = "beside", under_rows = TRUE),
    favours = c("Favours [experimental]", "Favours [control]"),
    between = "footer", pooled_font = 2L, heading_font = 2L, indent = 0, note_size = 1,
    blank = list(before_group = 1, before_summary = 1, after_header = 0.3, at_end = 0.7),
    scatter = scatter_style_stata()), list(...))
}

# Two decimals, one significant digit of what is smaller, as RevMan prints them.
p_revman <- function(p) {
  if (p < 0.00001) return("< 0.00001")
  if (p < 0.0001) return("< 0.0001")
  paste("=", if (p < 0.01) format(signif(p, 1L), scientific = FALSE) else sprintf("%.2f", p))
}

# What the styles of the journals share.
journal_style <- function(...) {
  shared <- list(
    est = list(est = "%s", lo = "(%s to", hi = "%s)"), weight = "%s", weight_digits = 1L,
    left = c("label", "extra", "arms"), right = c("est", "weight", "weight2"),
    arms = list(binary = "ratio", means = c("total", "mean_sd"), rates = c("events", "time"), proportion = "ratio",
                groups = c("Treatment", "Control")),
    natural = TRUE, showweights = TRUE,
    rules = list(header = list(col = "black", lwd = 1), span = list(col = "black", lwd = 0.75)),
    null_line = list(col = "black", lwd = 1, lty = "solid"),
    axis = list(ticks = "pretty", col = "black", lwd = 1, tick = 0.4, title = TRUE, size = 1, title_size = 1),
    between = "footer", pooled_font = 2L, indent = 1,
    blank = list(before_group = 0.6, before_summary = 0.6, after_header = 0.4, at_end = 0.5),
    scatter = scatter_style_metafor())
  own <- list(...)
  shared[names(own)] <- own
  do.call(new_style, shared)
}

#' @rdname style_metafor
#' @export
style_jama <- function(...) {
  change_style(journal_style(
    header = list(label = "Source", est = "{measure}\n({level}% CI)", weight = "Weight,\n%", weight2 = "Weight,\n%",
                  font = 2L, effect = "metafor", gap = 0.35, est_align = "centre"),
    box = list(fill = "#1F5A96", border = "#1F5A96", largest = 1, least = 0.25, rule = "area"),
    diamond = list(fill = "#7FA8D1", border = "#1F5A96", lwd = 1, half = 0.42),
    ci = list(col = "#1F5A96", lwd = 1.2, cap = 0, arrow = 0.6, arrow_half = 0.25),
    prediction = list(col = "#1F5A96", lwd = 1.2, lty = "solid", cap = 0.2, open = TRUE),
    formats = list(Q = "%.2f", I2 = "%.1f", H2 = "%.2f", tau2 = "%.2f", z = "%.2f", p = p_jama, p_least = 0.001,
                   missing = "NA", decimal = "."),
    labels = list(summary = "Total", summary_below = NULL, subtotal = "Subtotal",
                  subtotal_below = "Heterogeneity: \u03c7^2 = {Q} (P {p}), I^2 = {I2_between}%",
                  between = "Test for subgroup differences: \u03c7^2 = {Q} (P {p})",
                  prediction = "{level}% prediction interval", excluded = "Not estimable", note_random = NULL),
    footer = list(lines = c(random = "Heterogeneity: \u03c4^2 = {tau2}; \u03c7^2 = {Q} (df = {df}, P {p}); I^2 = {I2}%",
                            fixed = "Heterogeneity: \u03c7^2 = {Q} (df = {df}, P {p}); I^2 = {I2}%",
                            always = "Overall effect: z = {z} (P {pz})"),
                  single = c(always = "Overall effect: z = {z} (P {pz})"),
                  between = "Test for subgroup differences: \u03c7^2 = {Q} (df = {df}, P {p})", place = "beside"),
    favours = c("Favors treatment", "Favors control"),
    est = list(est = "%s", lo = "(%s", hi = "-%s)", join = TRUE)), list(...))
}

# No zero before the point; three decimals below .01, else two.
p_jama <- function(p) {
  if (p < 0.001) return("< .001")
  if (p > 0.99) return("> .99")
  paste("=", sub("^0", "", sprintf(if (p < 0.01) "%.3f" else "%.2f", p)))
}

#' @rdname style_metafor
#' @export
style_bmj <- function(...) {
  change_style(journal_style(
    header = list(label = "Study", est = "{measure}\n({level}% CI)", weight = "Weight\n(%)", weight2 = "Weight\n(%)",
                  panel = "{measure}\n({level}% CI)", font = 2L, effect = "metafor", gap = 0.35, est_align = "centre"),
    box = list(fill = "#2A6EBB", border = "#2A6EBB", largest = 1, least = 0.25, rule = "area"),
    diamond = list(fill = "#2A6EBB", border = "#2A6EBB", lwd = 1, half = 0.42),
    pooled_line = list(col = "#2A6EBB", lwd = 0.75, lty = "22"),
    formats = list(Q = "%.2f", I2 = "%.0f", H2 = "%.2f", tau2 = "%.2f", z = "%.2f", p = p_bmj, p_least = 0.001,
                   missing = "NA", decimal = "."),
    labels = list(summary = "Total ({level}% CI)", summary_below = NULL, subtotal = "Subtotal ({level}% CI)",
                  subtotal_below = c(random = "\u03c4^2={tau2}, \u03c7^2={Q}, df={df}, P{p}, I^2={I2}%",
                                     fixed = "\u03c7^2={Q}, df={df}, P{p}, I^2={I2}%"),
                  between = "Test for subgroup differences: \u03c7^2={Q}, df={df}, P{p}",
                  prediction = "{level}% prediction interval", excluded = "Not estimable", note_random = NULL),
    footer = list(lines = c(random = "Test for heterogeneity: \u03c4^2={tau2}, \u03c7^2={Q}, df={df}, P{p}, I^2={I2}%",
                            fixed = "Test for heterogeneity: \u03c7^2={Q}, df={df}, P{p}, I^2={I2}%",
                            always = "Test for overall effect: z={z}, P{pz}"),
                  single = c(always = "Test for overall effect: z={z}, P{pz}"),
                  between = "Test for subgroup differences: \u03c7^2={Q}, df={df}, P{p}", place = "beside"),
    favours = c("Favours treatment", "Favours control"), right = c("weight", "weight2", "est")), list(...))
}

p_bmj <- function(p) if (p < 0.001) "<0.001" else paste0("=", sprintf(if (p < 0.1) "%.3f" else "%.2f", p))

#' @rdname style_metafor
#' @export
style_lancet <- function(...) {
  change_style(journal_style(
    header = list(label = "", est = "{measure}\n({level}% CI)", weight = "Weight\n(%)", weight2 = "Weight\n(%)",
                  font = 2L, effect = "metafor", gap = 0.35, est_align = "centre"),
    box = list(fill = "black", border = "black", largest = 1, least = 0.25, rule = "area"),
    diamond = list(fill = "#C0392B", border = "#C0392B", lwd = 1, half = 0.42),
    pooled_line = list(col = "#C0392B", lwd = 0.75, lty = "42"),
    formats = list(Q = "%.2f", I2 = "%.1f", H2 = "%.2f", tau2 = "%.2f", z = "%.2f", p = p_lancet, p_least = 0.0001,
                   missing = "NA", decimal = "\u00b7"),
    labels = list(summary = "Overall", summary_below = NULL, subtotal = "Subtotal",
                  subtotal_below = "I^2={I2}%, p{p}", between = "p for interaction{p}",
                  prediction = "{level}% prediction interval", excluded = "Not estimable", note_random = NULL),
    footer = list(lines = c(random = "Heterogeneity: I^2={I2}%, \u03c4^2={tau2}, p{p}",
                            fixed = "Heterogeneity: I^2={I2}%, p{p}", always = "Overall effect: p{pz}"),
                  single = c(always = "Overall effect: p{pz}"), between = "p for interaction{p}", place = "beside"),
    favours = c("Favours treatment", "Favours control"),
    est = list(est = "%s", lo = "(%s", hi = "\u2013%s)", join = TRUE),
    rules = list(header = list(col = "#C0392B", lwd = 1.5), span = NULL)), list(...))
}

p_lancet <- function(p) {
  if (p < 0.0001) "<0.0001" else paste0("=", formatC(signif(p, 2), digits = 2, format = "fg", flag = "#"))
}
