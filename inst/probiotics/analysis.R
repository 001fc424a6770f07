# The worked example: reads the published review's numbers, runs every analysis of it, and compares. The report and
# the vignette show what is made here. Nothing below knows what the paper got wrong: checks find it.

library(metaparity)

z95 <- stats::qnorm(.975)

read_table <- function(file) {
  utils::read.csv(file, encoding = "UTF-8", fileEncoding = "UTF-8", stringsAsFactors = FALSE, na.strings = "NA")
}

# Numbers stay numbers, empty cells of numeric columns are NA, empty words are "".
read_review <- function(folder = system.file("extdata", "probiotics", package = "metaparity")) {
  files <- list.files(folder, "[.]csv$", full.names = TRUE)
  review <- lapply(files, read_table)
  names(review) <- sub("[.]csv$", "", basename(files))
  for (name in names(review)) {
    words <- vapply(review[[name]], is.character, NA)
    review[[name]][words] <- lapply(review[[name]][words], function(x) ifelse(is.na(x), "", enc2utf8(x)))
  }
  review$effects$es <- review$effects$est
  review
}

here_probiotics <- function(file) system.file("probiotics", file, package = "metaparity", mustWork = TRUE)

words <- local({
  table <- NULL
  function() {
    if (is.null(table)) table <<- read_table(here_probiotics("words.csv"))
    table
  }
})

chinese <- function(english) {
  out <- words()$chinese[match(english, words()$english)]
  ifelse(is.na(out), english, out)
}

# One language at a time: that of the option metaparity.lang.
in_chinese <- function() identical(getOption("metaparity.lang", "en"), "zh")
shown <- function(english) if (in_chinese()) chinese(english) else english
shown_title <- function(a) if (in_chinese()) a$title_zh else a$title

# A sentence with what fills it; what the package finds; the names of outcomes, "hip BMD" among them.
say <- function(format, ...) sprintf(shown(format), ...)
told <- function(message) if (in_chinese()) metaparity:::translate(message, "zh") else message
outcome_words <- function(outcome) {
  bmd <- grepl(" BMD$", outcome)
  if (!in_chinese()) return(outcome)
  ifelse(bmd, paste0(shown(sub(" BMD$", "", outcome)), shown("BMD")), shown(outcome))
}

# A name for a file: lower case, blanks as hyphens.
file_key <- function(...) gsub("[^a-z0-9]+", "-", tolower(paste(..., sep = "-")))

# ---- the analyses --------------------------------------------------------------------------------

new_analysis <- function(key, outcome, data, printed = numeric(), site = "", by = FALSE, note = "",
                         mended = "") {
  title <- if (nzchar(site)) paste(outcome, site, sep = ", ") else outcome
  title_zh <- if (nzchar(site)) paste0(chinese(outcome), "\uff08", chinese(site), "\uff09") else chinese(outcome)
  list(key = key, outcome = outcome, site = site, title = title, title_zh = title_zh, data = data, printed = printed,
       by = by, note = note, mended = mended)
}

# The numbers of one analysis, under the names that `printed` uses. d: est, ci_lb, ci_ub, one row per study.
numbers_of <- function(d) {
  se <- (d$ci_ub - d$ci_lb) / (2 * z95)
  fit <- rma(d$est, sei = se, method = "DL")
  tests <- as.list(metabias6(est, se, data = data.frame(est = d$est, se = se))$r)
  c(est = fit$beta[1L], ci_lb = fit$ci.lb, ci_ub = fit$ci.ub, i2 = fit$I2, p_het = fit$QEp,
    stats::setNames(100 / (fit$vi + fit$tau2) / sum(1 / (fit$vi + fit$tau2)), paste("weight", seq_along(se))),
    n = length(se), begg_score = tests$score, begg_sd = tests$score_sd, begg_z = tests$z, begg_p = tests$p,
    egger_bias = tests$bias, egger_p = tests$p_bias)
}

printed_decimals <- c(est = 2, ci_lb = 2, ci_ub = 2, i2 = 1, p_het = 3, n = 0, begg_score = 0, begg_sd = 3, begg_z = 2,
                      begg_p = 3, egger_bias = 2, egger_p = 3, 2)

# What the paper prints for a set of rows: the pooled row, the studies' weights, the tests of Table 4.
printed_of <- function(review, outcome, site = "", rows = NULL) {
  pick <- function(table, keep, names) {
    row <- table[keep, , drop = FALSE]
    if (nrow(row)) unlist(row[1L, names]) else numeric()
  }
  pooled <- review$pooled
  whole <- if (any(pooled$outcome == outcome & pooled$site == "overall")) "overall" else ""
  tests <- if (nzchar(site)) numeric() else {
    pick(review$bias, review$bias$outcome == outcome,
         c("n", "begg_score", "begg_sd", "begg_z", "begg_p", "egger_bias", "egger_p"))
  }
  weights <- if (nzchar(site)) numeric() else stats::setNames(rows$weight, paste("weight", seq_len(nrow(rows))))
  out <- c(pick(pooled, pooled$outcome == outcome & pooled$site == (if (nzchar(site)) site else whole),
                c("est", "ci_lb", "ci_ub", "i2", "p_het")), weights, tests)
  out[!is.na(out)]
}

# One analysis per outcome and per site; where the audit finds a number that agrees with the rest better than the one
# printed, the analysis uses it and the one as printed is kept beside it.
continuous_analyses <- function(review) {
  out <- list()
  for (outcome in unique(review$effects$outcome)) {
    rows <- review$effects[review$effects$outcome == outcome, ]
    found <- audit_estimates(est, ci_lb, ci_ub, weight, slab = study, group = site, data = rows)
    printed <- printed_of(review, outcome, rows = rows)
    add <- function(suffix = "", data = rows, ...) {
      key <- if (nzchar(suffix)) file_key(outcome, suffix) else file_key(outcome)
      out[[key]] <<- new_analysis(key, outcome, data, ...)
    }
    fix <- found[found$check == "off_centre", ]
    gaps <- found$row[found$check == "missing"]
    if (nrow(fix)) {
      mended <- rows
      mended$est[fix$row] <- fix$suggestion
      with <- say("with %s for %s", format(fix$suggestion), fix$study)
      add("", mended, printed, note = say("%s, as %s", with, told(fix$message)), mended = with)
      add("as printed", rows, printed, note = say("every number as printed"))
    } else if (length(gaps)) {
      add("", reconstruct_row(rows, gaps, review), printed,
          note = say("with a row that the paper does not print, reconstructed"))
      add("three rows", rows[-gaps, ], printed, note = say("the rows that the paper prints"))
    } else {
      add("", rows, printed, by = any(nzchar(rows$site)))
    }
    for (site in setdiff(unique(rows$site), "")) {
      add(site, rows[rows$site == site, ], printed_of(review, outcome, site), site = site)
    }
  }
  out
}

# ---- a row that is missing -----------------------------------------------------------------------

# Standardised mean differences that, with the sample sizes of Table 3, make the pooled row what the paper prints
# (Cohen's d and its variance). The nearest is taken; `range` are those that rounding of the other rows allows.
reconstruct_row <- function(rows, i, review) {
  printed <- printed_of(review, rows$outcome[i], rows = rows)[c("est", "ci_lb", "ci_ub")]
  n <- review$studies[match(sub(" \\(.*", "", rows$study[i]), review$studies$study), c("n_exp", "n_ctrl")]
  size <- n$n_exp + n$n_ctrl
  candidate <- function(d) {
    half <- z95 * sqrt(size / (n$n_exp * n$n_ctrl) + d^2 / (2 * (size - 2)))
    rows[i, c("est", "ci_lb", "ci_ub")] <- c(d, d - half, d + half)
    rows
  }
  off <- function(d) max(abs(numbers_of(candidate(d))[names(printed)] - printed))
  tried <- seq(-3, 3, by = 0.01)
  distance <- vapply(tried, off, 0)
  near <- tried[distance <= min(distance) + 0.02]
  fits <- vapply(near, function(d) {
    box <- c(est = 2, ci_lb = 2, ci_ub = 2)
    all(compare_printed(printed, numbers_of, candidate(d)[names(box)], printed_decimals, box,
                        20)$verdict != "different")
  }, NA)
  d <- tried[which.min(distance)]
  out <- candidate(d)
  out$study[i] <- paste0(rows$study[i], " [", shown("reconstructed"), "]")
  attr(out, "reconstructed") <- list(row = i, d = d, range = range(d, near[fits]), off = min(distance),
                                     n = c(n$n_exp, n$n_ctrl))
  out
}

# ---- single arms ---------------------------------------------------------------------------------

# Proportions of single arms with their Wald standard error. An arm without events has none: the one that was
# entered follows from the weight that the paper prints.
adverse_rows <- function(rows) {
  p <- rows$events / rows$total
  se <- sqrt(p * (1 - p) / rows$total)
  none <- which(se == 0)
  if (length(none) == 1L && !is.null(rows$weight_printed)) {
    share <- rows$weight_printed[none] / 100
    se[none] <- 1 / sqrt(share / (1 - share) * sum(1 / se[-none]^2))
  }
  if (!is.null(rows$entered_p)) {
    entered <- !is.na(rows$entered_p)
    p[entered] <- rows$entered_p[entered]
    se[entered] <- rows$entered_se[entered]
  }
  rows$est <- p
  rows$se <- se
  rows$ci_lb <- p - z95 * se
  rows$ci_ub <- p + z95 * se
  rows
}

adverse_numbers <- function(rows) {
  rows <- adverse_rows(rows)
  total <- sum(1 / rows$se^2)
  fits <- lapply(c(split(rows, rows$arm), list(overall = rows)), function(d) rma(d$est, sei = d$se, method = "FE"))
  pooled <- lapply(names(fits), function(name) {
    fit <- fits[[name]]
    stats::setNames(c(fit$beta[1L], fit$ci.lb, fit$ci.ub, 100 / fit$se^2 / total, fit$I2, fit$QEp),
                    paste(name, c("est", "ci_lb", "ci_ub", "weight", "i2", "p_het")))
  })
  Q <- vapply(fits, `[[`, 0, "QE")
  between <- Q[["overall"]] - sum(Q[names(Q) != "overall"])
  row <- function(what, values) stats::setNames(values, paste(what, seq_along(values)))
  c(row("est", rows$est), row("ci_lb", rows$ci_lb), row("ci_ub", rows$ci_ub), row("weight", 100 / rows$se^2 / total),
    unlist(pooled), p_between = stats::pchisq(between, length(fits) - 2L, lower.tail = FALSE))
}

adverse_decimals <- function(names) {
  stats::setNames(ifelse(grepl("i2$", names), 1, ifelse(grepl("p_het$|p_between$", names), 3, 2)), names)
}

adverse_printed <- function(review, rows) {
  label <- function(what) paste(what, seq_len(nrow(rows)))
  out <- stats::setNames(c(rows$es_printed, rows$ci_lb_printed, rows$ci_ub_printed, rows$weight_printed),
                         c(label("est"), label("ci_lb"), label("ci_ub"), label("weight")))
  pooled <- review$adverse_pooled[review$adverse_pooled$outcome == rows$outcome[1L], ]
  for (i in seq_len(nrow(pooled))) {
    what <- c(est = "es", ci_lb = "ci_lb", ci_ub = "ci_ub", weight = "weight", i2 = "i2", p_het = "p_het")
    out <- c(out, stats::setNames(unlist(pooled[i, what]), paste(pooled$arm[i], names(what))))
  }
  between <- pooled$p_between[!is.na(pooled$p_between)]
  out <- c(out, p_between = if (length(between)) between[1L])
  out[!is.na(out)]
}

# What was entered for an arm without events, which has no standard error of its own: the proportion (below what would
# print as 0.01) and the standard error, within the rounding of its weight, that give every printed number. NULL: none
# does.
find_entry <- function(rows, printed) {
  none <- which(rows$events == 0)
  if (length(none) != 1L) return(NULL)
  sizes <- vapply(c(0, -0.004, 0.004), function(shift) {
    rows$weight_printed[none] <- rows$weight_printed[none] + shift
    adverse_rows(rows)$se[none]
  }, 0)
  digits <- adverse_decimals(names(printed))
  tried <- expand.grid(p = seq(0, 0.00499, by = 5e-6), se = sizes)
  fits <- vapply(seq_len(nrow(tried)), function(i) {
    rows[c("entered_p", "entered_se")] <- NA_real_
    rows[none, c("entered_p", "entered_se")] <- tried[i, ]
    all(abs(adverse_numbers(rows)[names(printed)] - printed) <= 0.5 * 10^-digits + 1e-9)
  }, NA)
  if (!any(fits)) return(NULL)
  found <- tried[fits, ]
  middle <- found[which.min(abs(found$p - mean(range(found$p)))), ]
  list(row = none, p = middle$p, se = middle$se, range = range(found$p))
}

with_entry <- function(rows, printed) {
  entry <- find_entry(rows, printed)
  if (is.null(entry)) return(rows)
  rows[c("entered_p", "entered_se")] <- NA_real_
  rows$entered_p[entry$row] <- entry$p
  rows$entered_se[entry$row] <- entry$se
  structure(rows, entry = entry)
}

adverse_analyses <- function(review) {
  out <- lapply(unique(review$adverse$outcome), function(outcome) {
    rows <- review$adverse[review$adverse$outcome == outcome, ]
    rows <- with_entry(rows, adverse_printed(review, rows))
    new_analysis(file_key(outcome), outcome, adverse_rows(rows), adverse_printed(review, rows), by = TRUE,
                 note = say("proportions of single arms, fixed effect, as the paper pools them"))
  })
  stats::setNames(out, vapply(out, `[[`, "", "key"))
}

# The same counts as a comparison of the two arms.
arm_comparison <- function(rows) {
  wide <- merge(rows[rows$arm == "probiotic", c("study", "events", "total")],
                rows[rows$arm == "control", c("study", "events", "total")], by = "study", suffixes = c("1", "2"),
                sort = FALSE)
  transform(wide, none1 = total1 - events1, none2 = total2 - events2)
}

# ---- Stata's logs --------------------------------------------------------------------------------

# Evaluates a Stata verb; returns the view, what it was called with, and the warnings it gave.
stata_step <- function(command, view) {
  said <- character()
  view <- withCallingHandlers(view, warning = function(w) {
    said <<- c(said, conditionMessage(w))
    invokeRestart("muffleWarning")
  })
  list(command = command, view = view, warnings = said)
}

continuous_steps <- function(a) {
  d <- a$data
  d$se <- (d$ci_ub - d$ci_lb) / (2 * z95)
  d$site_shown <- if (any(nzchar(d$site))) factor(shown(d$site), unique(shown(d$site)))
  forest <- if (a$by) {
    stata_step("metan est ci_lb ci_ub, random by(site) label(namevar=study)",
               metan(est, ci_lb, ci_ub, data = d, random = TRUE, by = site_shown, label = list(namevar = study),
                     effect = d$measure[1L]))
  } else {
    stata_step("metan est ci_lb ci_ub, random label(namevar=study)",
               metan(est, ci_lb, ci_ub, data = d, random = TRUE, label = list(namevar = study), effect = d$measure[1L]))
  }
  inf_label <- if (a$by) paste(shown(d$site), d$study) else d$study
  list(metan = forest,
       metabias6 = stata_step("metabias6 est se, graph(egger)",
                              metabias6(est, se, data = d, label = list(namevar = study))),
       metainf = stata_step("metainf est se, random print id(study)",
                            metainf(est, se, data = d, random = TRUE, label = list(namevar = inf_label))),
       metatrim = stata_step("metatrim est se, reffect funnel", metatrim(est, se, data = d, reffect = TRUE)),
       galbr = galbr_step(d, if (a$by) 10L else Inf))
}

# Names of more than `most` studies would cover each other: then those outside the band alone are named.
galbr_step <- function(d, most) {
  if (nrow(d) <= most) return(stata_step("galbr est se, id(study)",
                                         galbr(est, se, data = d, label = list(namevar = study))))
  d$outlier <- ifelse(galbr(est, se, data = d)$table$outside, paste(shown(d$site), d$study), "")
  stata_step("galbr est se, id(outlier)", galbr(est, se, data = d, label = list(namevar = outlier)))
}

adverse_steps <- function(a) {
  d <- a$data
  d$arm_shown <- factor(shown(d$arm), unique(shown(d$arm)))
  two <- arm_comparison(d)
  compare <- function(text, ...)
    stata_step(text, metan(events1, none1, events2, none2, data = two, label = list(namevar = study), ...))
  list(metan = stata_step("metan p se, fixed by(arm) label(namevar=study)",
                          metan(est, se, data = d, fixed = TRUE, by = arm_shown, label = list(namevar = study))),
       rr = compare("metan events1 none1 events2 none2, rr fixed label(namevar=study)", rr = TRUE, fixed = TRUE),
       rd = compare("metan events1 none1 events2 none2, rd fixed label(namevar=study)", rd = TRUE, fixed = TRUE))
}

run_steps <- function(a) if ("events" %in% names(a$data)) adverse_steps(a) else continuous_steps(a)

step_log <- function(step) {
  c(paste(".", step$command), if (length(step$warnings)) paste("* warning:", step$warnings), format(step$view), "")
}

analysis_log <- function(a, steps) {
  c(strrep("*", 79L), sprintf("* %s%s", shown_title(a), if (nzchar(a$note)) paste0(" - ", a$note) else ""),
    strrep("*", 79L), "", unlist(lapply(steps, step_log), use.names = FALSE))
}

# Table 4: Begg's and Egger's tests of all outcomes, in the order of the paper.
table_4 <- function(review, analyses) {
  outcomes <- intersect(review$bias$outcome, vapply(analyses, `[[`, "", "outcome"))
  d <- do.call(rbind, lapply(outcomes, function(outcome) {
    a <- analyses[[file_key(outcome)]]
    data.frame(outcome = outcome, est = a$data$est, se = (a$data$ci_ub - a$data$ci_lb) / (2 * z95))
  }))
  d$outcome <- factor(shown(d$outcome), shown(outcomes))
  stata_step("metabias6 est se, by(outcome)", metabias6(est, se, data = d, by = outcome))
}

write_utf8 <- function(text, file) {
  connection <- base::file(file, "wb")
  on.exit(close(connection))
  writeLines(enc2utf8(text), connection, useBytes = TRUE)
}

write_table <- function(table, file) {
  text <- utils::capture.output(utils::write.csv(table, row.names = FALSE, na = ""))
  write_utf8(text, file)
}
