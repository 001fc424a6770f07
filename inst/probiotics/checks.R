# What the report decides: verdicts on the printed numbers, sums that must hold, and the audit of every table.

verdict_names <- c("equal", "equal within rounding", "different", "not decidable")

# The least and greatest possible values of what is a percentage or a probability.
possible_ranges <- function(names) {
  percent <- grepl("i2$|weight", names)
  probability <- grepl("(^|[_ ])p(_het|_between)?$", names)
  stats::setNames(ifelse(percent, list(c(0, 100)), list(c(0, 1))), names)[percent | probability]
}

compare_analysis <- function(a, draws) {
  if ("events" %in% names(a$data)) {
    inputs <- a$data[intersect(names(a$data), c("arm", "events", "total", "weight_printed", "entered_p", "entered_se"))]
    digits <- if (any(a$data$events == 0)) c(weight_printed = 2) else c(events = Inf)
    out <- compare_printed(a$printed, adverse_numbers, inputs, adverse_decimals(names(a$printed)), digits, draws,
                           range = possible_ranges(names(a$printed)))
  } else {
    inputs <- a$data[c("est", "ci_lb", "ci_ub")]
    out <- compare_printed(a$printed, numbers_of, inputs, printed_decimals, c(est = 2, ci_lb = 2, ci_ub = 2), draws,
                           range = possible_ranges(names(a$printed)))
  }
  out$analysis <- a$key
  out$why <- explain(out)
  far <- out$verdict %in% "different"
  if (!is.null(attr(a$data, "reconstructed")))
    out$why[far] <- paste0(out$why[far], say("; a row is reconstructed, not printed"))
  out
}

# A number that contradicts its own row of the table is wrong, whatever the inputs allow; and where a pooled row
# contradicts itself, that is part of the reason.
contradicted <- function(x, review) {
  found <- audit_begg(begg_score, begg_sd, begg_z, begg_p, n, outcome, review$bias)
  found <- found[found$check %in% c("sign", "z"), ]
  at <- which(x$quantity == "begg_z" & x$analysis %in% file_key(found$study))
  x$verdict[at] <- "different"
  x$why[at] <- told(found$message[match(x$analysis[at], file_key(found$study))])
  pooled <- transform(review$pooled, place = trimws(paste(outcome, site)))
  found <- audit_estimates(est, ci_lb, ci_ub, slab = place, data = pooled)
  at <- which(x$quantity %in% c("est", "ci_lb", "ci_ub") & x$verdict == "different" &
              x$analysis %in% file_key(found$study))
  x$why[at] <- paste0(x$why[at], say("; "), told(found$message[match(x$analysis[at], file_key(found$study))]))
  x
}

# A verdict of its own for sums of whole numbers, where nothing is rounded.
compare_counts <- function(quantity, printed, ours) {
  data.frame(quantity = quantity, printed = printed, ours = ours, low = ours, high = ours, digits = 0,
             verdict = factor(ifelse(printed == ours, "equal", "different"), verdict_names), stringsAsFactors = FALSE)
}

explain <- function(x) {
  show <- function(v) sprintf("%.*f", x$digits, v)
  half <- 0.5 * 10^-x$digits + 1e-9
  turned <- abs(x$ours + x$printed) <= half & abs(x$ours - x$printed) > half
  why <- ifelse(turned, say("the printed number has the other sign"),
                say("the inputs as printed allow %s to %s", show(x$low), show(x$high)))
  other <- !turned & x$low <= -x$printed + half & x$high >= -x$printed - half
  also <- ifelse(other, say(", which holds the number with the other sign"), "")
  ifelse(x$verdict %in% "different", paste0(why, also), "")
}

# ---- PRISMA, GRADE, Table 3 ----------------------------------------------------------------------

prisma_checks <- function(review) {
  n <- stats::setNames(review$prisma$n, review$prisma$box)
  sources <- review$prisma$stage == "identification" & review$prisma$box != "total"
  out <- compare_counts(
    shown(c("records of all databases", "records after duplicates were removed", "studies included")),
    c(n[["total"]], n[["records after duplicates removed"]], n[["studies included"]]),
    c(sum(review$prisma$n[sources]), n[["total"]] - n[["duplicates removed"]],
      n[["records after duplicates removed"]] - sum(n[grepl("excluded", names(n))])))
  out$why <- ifelse(out$verdict == "different", say("the boxes do not add up"), "")
  out
}

# The participants that GRADE's table gives an outcome, and those of its studies in Table 3.
grade_checks <- function(review) {
  grade <- review$grade
  parts <- lapply(seq_len(nrow(grade)), function(i) {
    printed <- c(grade$n_studies[i], suppressWarnings(as.numeric(c(grade$n_exp[i], grade$n_ctrl[i]))))
    arms <- adverse_sums(review, grade$outcome[i])
    if (is.null(arms)) arms <- study_sums(review, grade$outcome[i])
    if (is.null(arms)) return(NULL)
    if (is.character(arms$exp)) {
      return(data.frame(quantity = graded_quantities(grade$outcome[i]),
                        printed = c(printed[1L], grade$n_exp[i], grade$n_ctrl[i]),
                        ours = c(arms$k, arms$exp, arms$ctrl),
                        stringsAsFactors = FALSE))
    }
    data.frame(quantity = graded_quantities(grade$outcome[i]),
               printed = as.character(printed), ours = as.character(c(arms$k, arms$exp, arms$ctrl)),
               stringsAsFactors = FALSE)
  })
  out <- do.call(rbind, parts)
  out$verdict <- factor(ifelse(out$printed == out$ours, "equal", "different"), verdict_names)
  out$why <- ifelse(out$verdict == "different", say("not the sum of the studies in Table 3"), "")
  out
}

graded_quantities <- function(outcome) {
  say(c("%s studies", "%s intervention", "%s control"), outcome_words(outcome))
}

study_name <- function(label) trimws(sub(" ?\\(.*", "", label))

study_sums <- function(review, outcome) {
  site <- sub(" BMD$", "", outcome)
  e <- review$effects
  labels <- e$study[if (grepl(" BMD$", outcome)) e$outcome == "BMD" & e$site == site else e$outcome == outcome]
  if (!length(labels)) return(NULL)
  at <- match(study_name(labels), review$studies$study)
  list(k = length(labels), exp = sum(review$studies$n_exp[at]), ctrl = sum(review$studies$n_ctrl[at]))
}

adverse_sums <- function(review, outcome) {
  rows <- review$adverse[review$adverse$outcome == outcome, ]
  if (!nrow(rows)) return(NULL)
  share <- function(arm) {
    mine <- rows[rows$arm == arm, ]
    sprintf("%d/%d", sum(mine$events), sum(mine$total))
  }
  list(k = length(unique(rows$study)), exp = share("probiotic"), ctrl = share("control"))
}

# Results that the text repeats, against the figure of the same site.
claim_checks <- function(review) {
  claims <- review$claims
  at <- match(paste(claims$outcome, claims$site), paste(review$pooled$outcome, review$pooled$site))
  what <- c(est = "pooled estimate", ci_lb = "lower limit", ci_ub = "upper limit")
  twin <- vapply(seq_len(nrow(claims)), function(i) {
    same <- review$pooled[names(what)] == claims[rep(i, nrow(review$pooled)), names(what)]
    paste(shown(review$pooled$site[rowSums(same) == 3L]), collapse = say(", "))
  }, "")
  out <- do.call(rbind, lapply(names(what), function(name) {
    data.frame(quantity = say("text: %s, %s, %s", shown(claims$outcome), shown(claims$site),
                              shown(what[[name]])),
               printed = sprintf("%.2f", claims[[name]]), ours = sprintf("%.2f", review$pooled[[name]][at]),
               stringsAsFactors = FALSE)
  }))
  out$verdict <- factor(ifelse(out$printed == out$ours, "equal", "different"), verdict_names)
  out$why <- ifelse(out$verdict == "different", paste0(say("its figure prints another number"),
                    ifelse(nzchar(twin), say("; the text has the numbers of %s", twin), "")), "")
  out
}

# What the tables leave out: outcomes of one that the other does not have.
coverage_checks <- function(review) {
  graded <- sub(" BMD$", "", review$grade$outcome)
  pooled <- unique(ifelse(nzchar(review$pooled$site), review$pooled$site, review$pooled$outcome))
  pooled <- c(setdiff(pooled, "overall"), unique(review$adverse$outcome))
  tested <- unique(review$bias$outcome)
  line <- function(table, what, message) if (length(what))
    data.frame(table = table, where = what, check = "coverage", message = say(message))
  rbind(line("grade", setdiff(pooled, graded), "is pooled, but has no row in GRADE's table"),
        line("grade", setdiff(graded, pooled), "has a row in GRADE's table, but no figure gives its numbers"),
        line("bias", setdiff(tested, review$effects$outcome),
             "is tested in Table 4, but no figure gives its studies' effects"))
}

# Standard deviations far below those of the other studies are often standard errors.
sd_checks <- function(review, ratio = 4) {
  columns <- c("age_exp", "age_ctrl", "bmi_exp", "bmi_ctrl")
  parts <- lapply(columns, function(column) {
    sd <- as.numeric(sub(".*\u00b1", "", review$studies[[column]]))
    odd <- which(sd < stats::median(sd) / ratio)
    if (!length(odd)) return(NULL)
    data.frame(table = "studies", where = sprintf("%s, %s", review$studies$study[odd], column), check = "sd",
               message = say("the standard deviation %s is %.0f times below the median of the studies, as a standard error would be",
                                 format(sd[odd]), stats::median(sd) / sd[odd]))
  })
  do.call(rbind, parts)
}

# ---- the audit -----------------------------------------------------------------------------------

as_findings <- function(audit, table, where = "") {
  if (!nrow(audit)) return(NULL)
  who <- ifelse(is.na(audit$study), say("all rows"), audit$study)
  data.frame(table = table, where = if (nzchar(where)) paste(where, who, sep = ": ") else who, check = audit$check,
             message = told(audit$message), stringsAsFactors = FALSE)
}

# Each row's proportion is its own arm's events over its own total, and every study stands in both arms:
# the arms were pooled one by one and never compared.
single_arm_findings <- function(rows) {
  own <- abs(rows$events / rows$total - rows$es_printed) <= 0.005 + 1e-9
  both <- all(table(rows$study, rows$arm) == 1L)
  if (!all(own) || !both) return(NULL)
  data.frame(table = "adverse", where = rows$outcome[1L], check = "single_arm", stringsAsFactors = FALSE,
             message = say("pools the proportions of %d arms; every study has both arms, and no ratio or difference compares them",
                               nrow(rows)))
}

# The entry that a figure with an arm without events betrays.
entry_findings <- function(review, rows) {
  entry <- attr(with_entry(rows, adverse_printed(review, rows)), "entry")
  if (is.null(entry)) return(NULL)
  data.frame(table = "adverse", where = paste(rows$outcome[1L], rows$study[entry$row], sep = ": "), check = "entry",
             stringsAsFactors = FALSE,
             message = say("0 of %d was entered as a proportion of %.5f (%.5f to %.5f) with standard error %s: this gives every printed number",
                               rows$total[entry$row], entry$p, entry$range[1L], entry$range[2L],
                               format(signif(entry$se, 2L))))
}

# Results that the text repeats, against the figures.
claim_findings <- function(review) {
  shown <- review$pooled[review$pooled$outcome %in% review$claims$outcome,
                         c("outcome", "site", "est", "ci_lb", "ci_ub")]
  shown$source <- "figure"
  both <- rbind(shown, review$claims[names(shown)])
  found <- audit_estimates(est, ci_lb, ci_ub, slab = shown(site), group = shown(source), data = both)
  found <- found[found$check == "same_values" & both$source[found$row] == "text", ]
  other <- vapply(found$row, function(i) {
    figure <- both[both$site == both$site[i] & both$source == "figure", ]
    !all(figure[c("est", "ci_lb", "ci_ub")] == both[i, c("est", "ci_lb", "ci_ub")])
  }, NA)
  as_findings(found[other, ], "claims")
}

audit_review <- function(review) {
  e <- review$effects
  effects <- lapply(unique(e$outcome), function(outcome) {
    rows <- e[e$outcome == outcome, ]
    as_findings(audit_estimates(est, ci_lb, ci_ub, weight, slab = study, group = shown(site), data = rows), "effects",
                outcome)
  })
  pooled <- transform(review$pooled, place = trimws(paste(outcome, site)))
  adverse <- lapply(unique(review$adverse$outcome), function(outcome) {
    rows <- review$adverse[review$adverse$outcome == outcome, ]
    rbind(as_findings(audit_estimates(es_printed, ci_lb_printed, ci_ub_printed, weight_printed, slab = study,
                                      group = shown(arm),
                                      data = rows), "adverse", outcome), single_arm_findings(rows),
                                      entry_findings(review, rows))
  })
  sums <- prisma_checks(review)
  sums <- sums[sums$verdict == "different", ]
  grade <- grade_checks(review)
  grade <- grade[grade$verdict == "different", ]
  as_rows <- function(x, table) {
    if (!nrow(x)) return(NULL)
    data.frame(table = table, where = x$quantity, check = "sum",
               message = say("%s printed, %s recomputed: %s", x$printed, x$ours, x$why))
  }
  do.call(rbind, c(effects, list(as_findings(audit_estimates(est, ci_lb, ci_ub, slab = place, data = pooled), "pooled"),
                                 as_findings(audit_begg(begg_score, begg_sd, begg_z, begg_p, n, outcome, review$bias),
                                             "bias"),
                                 claim_findings(review), statement_findings(review)), adverse,
                   list(as_rows(sums, "prisma"), as_rows(grade, "grade"), coverage_checks(review), sd_checks(review))))
}

# ---- everything ----------------------------------------------------------------------------------

# Runs the review and, with `folder`, writes logs, figures and tables there.
run_review <- function(folder = NULL, formats = c("pdf", "png"), dpi = 300, draws = 200, review = read_review(),
                       lang = "en") {
  old <- options(metaparity.lang = lang)
  on.exit(options(old))
  analyses <- c(continuous_analyses(review), adverse_analyses(review))
  steps <- lapply(analyses, run_steps)
  out <- list(review = review, analyses = analyses, steps = steps, logs = Map(analysis_log, analyses, steps),
              table_4 = table_4(review, analyses), audit = audit_review(review),
              prisma = prisma_checks(review), grade = grade_checks(review),
              claims = rbind(claim_checks(review), statement_checks(review)),
              comparison = contradicted(do.call(rbind, c(lapply(analyses, compare_analysis, draws = draws),
                                                         make.row.names = FALSE)), review))
  out$formats <- formats
  if (!is.null(folder)) out <- write_review(out, folder, formats, dpi)
  out
}

write_review <- function(out, folder, formats, dpi) {
  sub <- file.path(folder, c("logs", "figures", "tables"))
  for (path in sub) dir.create(path, recursive = TRUE, showWarnings = FALSE)
  table_log <- c(paste("*", say("Table 4: Begg's and Egger's tests of all outcomes")), "", step_log(out$table_4))
  for (key in names(out$logs)) write_utf8(out$logs[[key]], file.path(sub[1L], paste0(key, ".log")))
  write_utf8(table_log, file.path(sub[1L], "table-4.log"))
  write_utf8(c(unlist(out$logs, use.names = FALSE), table_log), file.path(sub[1L], "complete.log"))
  write_table(out$comparison[c("analysis", "quantity", "printed", "ours", "low", "high", "verdict", "why")],
              file.path(sub[3L], "comparison.csv"))
  write_table(out$audit, file.path(sub[3L], "audit.csv"))
  write_table(as.data.frame(out$table_4$view), file.path(sub[3L], "table-4.csv"))
  out$figures <- rbind(write_reporting_figures(out$review, sub[2L], formats, dpi),
                       write_figures(out$analyses, out$steps, sub[2L], formats, dpi))
  out$table_2 <- table_2(out)
  write_table_2(out$table_2, sub[3L], sub[2L], formats, dpi)
  write_utf8(table_1(out$review), file.path(sub[3L], "table-1.txt"))
  write_table(table_3(out$review), file.path(sub[3L], "table-3.csv"))
  out$rm5 <- write_review_rm5(out, folder)
  out$revman <- write_revman_forests(out$rm5, file.path(folder, "figures", "revman"), formats, dpi,
                                     all_outcomes(out$review))
  out$figures$png <- normalizePath(out$figures$png, winslash = "/", mustWork = FALSE)
  out
}

