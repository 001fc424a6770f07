# Owns the audit of a RevMan file: stored results (by verify_rm5()), study data, sentences that are linked to analyses,
# summary of findings tables, flow chart.

review_checks <- function(x, tolerance = 1e-8) {
  c(stored_checks(x, tolerance), review_data_checks(x), linked_checks(x), review_sof_checks(x),
    flow_checks(x$flowchart),
    included_checks(x))
}

# C12. The studies that the flow ends with are those that the file has as included.
included_checks <- function(x) {
  boxes <- x$flowchart[grepl("stud(y|ies) included", x$flowchart$text, ignore.case = TRUE) & !is.na(x$flowchart$n), ]
  if (!nrow(boxes) || !nrow(x$studies)) return(list())
  own <- sum(x$studies$section == "included")
  first <- boxes$n[order(boxes$step)][1L]
  found <- if (first != own) {
    new_findings("C12", NA_integer_, "the flow ends with another number of studies than the review has", "warning",
                 what = "studies included", printed = format(first), expected = format(own))
  }
  list(new_check("C12", 1L, found))
}

stored_codes <- c(row = "A3", weight = "B2", subgroup = "B8", outcome = "B3", count = "B10", Q = "B4", p = "B5")

# Every stored number against its recomputation.
stored_checks <- function(x, tolerance) {
  v <- verify_rm5(x, tolerance)
  if (!nrow(v)) return(list())
  counts <- c("studies", "total_1", "total_2", "events_1", "events_2")
  code <- ifelse(v$field == "weight", "B2", ifelse(v$field %in% counts, "B10",
                                                   ifelse(v$field %in% c("chi2", "df", "i2", "tau2"), "B4",
          ifelse(v$field %in% p_fields, "B5", ifelse(v$field %in% c("q", "i2_q"), "B8",
                                                     unname(stored_codes[v$level]))))))
  lapply(unique(code), function(one) {
    own <- code == one
    bad <- which(own & v$verdict == "different")
    found <- new_findings(one, ifelse(v$level[bad] == "row", v$row[bad], NA_integer_),
                          "the stored number is not that of the data", what = v$field[bad],
                          printed = format(v$stored[bad], digits = 8L, trim = TRUE),
                          expected = format(v$ours[bad], digits = 8L, trim = TRUE))
    if (!is.null(found)) {
      found$part <- paste0(v$outcome[bad], ifelse(v$level[bad] == "outcome", "", paste0(", ", v$label[bad])))
    }
    new_check(one, sum(own), found)
  })
}

# Study data of all outcomes, one analysis each.
review_data_checks <- function(x) {
  r <- x$rows
  if (!nrow(r)) return(list())
  o <- x$outcomes[match(r$outcome, x$outcomes$outcome), ]
  r$measure <- ifelse(o$type %in% "IV", "GIV", o$effect_measure)
  r$analysis <- r$outcome
  r$group <- ifelse(is.na(r$subgroup), "", r$subgroup)
  table <- o$type %in% "DICH"
  means <- o$type %in% "CONT"
  for (name in c("events_1", "events_2")) r[[name]][!table] <- NA
  for (name in c("mean_1", "mean_2", "sd_1", "sd_2")) r[[name]][!means] <- NA
  keep <- c("study", "analysis", "group", "measure", "events_1", "total_1", "events_2", "total_2", "mean_1", "sd_1",
            "mean_2", "sd_2")
  report <- data_checks(r[keep], NULL)
  label <- paste(r$outcome, r$study, sep = ", ")
  lapply(report, function(one) {
    if (!is.null(one$findings) && nrow(one$findings)) {
      own <- one$findings$row
      one$findings$part <- ifelse(is.na(own), one$findings$part, label[own])
      place <- row_in_outcome(r$outcome)
      one$findings$row <- ifelse(is.na(own), NA_integer_, place[own])
      other <- suppressWarnings(as.integer(sub("^row ", "", one$findings$reading)))
      one$findings$reading <- ifelse(is.na(other), one$findings$reading, sprintf("row %d", place[other]))
    }
    one
  })
}

row_in_outcome <- function(outcome) stats::ave(seq_along(outcome), outcome, FUN = seq_along)

# What the outcomes and their subgroups give, as displayed.
stored_results <- function(x) {
  o <- x$outcomes
  g <- x$subgroups
  take <- function(t, label, name) {
    data.frame(outcome = t$outcome, label = label, name = name, est = t$effect_size, lb = t$ci_start, ub = t$ci_end,
               p = t$p_z, k = t$studies,
               n = ifelse(t$total_1 + t$total_2 > 0, t$total_1 + t$total_2, NA), I2 = t$i2, estimable = t$estimable,
               stringsAsFactors = FALSE)
  }
  if (!nrow(o)) return(data.frame(outcome = character(), label = character()))
  out <- take(o, o$outcome, o$name)
  if (nrow(g)) out <- rbind(out, take(g, paste(g$outcome, g$name, sep = ", "), g$name))
  # A single row may be what a sentence speaks of.
  r <- x$rows
  rows <- data.frame(outcome = r$outcome, label = paste(r$outcome, r$study, sep = ", "), name = r$study,
                     est = r$effect_size, lb = r$ci_start, ub = r$ci_end,
                     p = NA, k = NA, n = NA, I2 = NA, estimable = r$estimable, stringsAsFactors = FALSE)
  out <- rbind(out, rows)
  out[out$estimable %in% TRUE, ]
}

# C13. Each sentence once, against all the analyses it is linked to.
linked_checks <- function(x) {
  links <- x$links[!is.na(x$links$outcome), ]
  if (!nrow(links)) return(list())
  results <- stored_results(x)
  lapply(unique(links$sentence), function(sentence) {
    own <- unique(links$outcome[links$sentence == sentence])
    sentence_check(sentence, results[results$outcome %in% own, ], paste(own, collapse = ", "))
  })
}

review_sof_checks <- function(x) {
  results <- stored_results(x)
  results <- results[results$label %in% x$outcomes$outcome, ]
  unlist(lapply(x$sof_tables, function(table) {
    rows <- sof_of_cells(table$cells)
    if (is.null(rows)) return(list(new_check("C16", 0L, NULL, 1L,
                                             "a summary of findings table has no columns that are known")))
    out <- sof_checks(rows, results)
    lapply(Filter(Negate(is.null), out), function(one) {
      if (!is.null(one$findings)) {
        one$findings$row <- NA_integer_
        one$findings <- unique(one$findings)
      }
      one
    })
  }), recursive = FALSE)
}

# C12. A flow: a data frame of boxes, a RevMan chart or what prisma_flow() made.
flow_checks <- function(x) {
  if (is.null(x) || is.data.frame(x) && !nrow(x)) return(list())
  flow <- if (inherits(x, "metaparity_prisma")) x else {
    withCallingHandlers(prisma_flow(x, draw = FALSE, check = TRUE),
                        metaparity_warning_balance = function(w) invokeRestart("muffleWarning"))
  }
  b <- flow$balance
  bad <- which(!b$balanced)
  found <- new_findings("C12", rep(NA_integer_, length(bad)), "the numbers of the flow do not add up",
                        what = b$check[bad], printed = count_digits(b$stated[bad]),
                        expected = sprintf("%s%s = %s", ifelse(b$relation[bad] == "=", "", "at most "), b$formula[bad],
                                           count_digits(b$expected[bad])),
                        suggestion = sprintf("%+.0f", -b$difference[bad]))
  if (!is.null(found)) found$part <- ""
  list(new_check("C12", nrow(b), found, as.integer(nrow(b) == 0L),
                 if (nrow(b) == 0L) "the flow has no two numbers that depend on each other" else ""))
}
