# Tables and paragraphs of the report: each returns Markdown made from the results alone.

# A paragraph of prose.csv in the language of the report; one of several parts is a vector.
prose <- function(key, ...) {
  table <- read_table(here_probiotics("prose.csv"))
  parts <- table[sub("-[0-9]+$", "", table$key) == key, if (in_chinese()) "zh" else "en"]
  sprintf(parts, ...)
}

cat_table <- function(x, names = shown(colnames(x))) {
  if (is.null(x) || !nrow(x)) return(invisible(cat(say("None."), "\n\n", sep = "")))
  numeric <- vapply(x, function(column) is.numeric(column) || all(grepl("^[-0-9.,% ]*$", column)), NA)
  cat(knitr::kable(x, format = "html", escape = FALSE, col.names = names, row.names = FALSE,
                   align = ifelse(numeric, "r", "l"), table.attr = 'class="table"'), sep = "\n")
  cat("\n\n")
}

verdict_class <- c("equal" = "equal", "equal within rounding" = "within", "different" = "different",
                   "not decidable" = "within")

mark_verdict <- function(verdict) {
  verdict <- as.character(verdict)
  ifelse(is.na(verdict), "", sprintf('<span class="%s">%s</span>', verdict_class[verdict], shown(verdict)))
}

# Analyses that stand for what the paper did; the others show what the printed numbers alone would give.
is_variant <- function(key) grepl("as-printed$|three-rows$", key)
main_rows <- function(comparison) !is_variant(comparison$analysis)

verdict_counts <- function(result) {
  x <- result$comparison
  key <- unique(x$analysis)
  count <- function(v) as.integer(table(v)[verdict_names])
  rows <- lapply(key, function(k) count(x$verdict[x$analysis == k]))
  variant <- is_variant(key)
  extra <- list(count(result$prisma$verdict), count(result$grade$verdict), count(result$claims$verdict))
  total <- Reduce(`+`, c(rows[!variant], extra))
  titles <- vapply(result$analyses[key], shown_title, "")
  titles[variant] <- paste0(titles[variant], say(": "), vapply(result$analyses[key[variant]], `[[`, "", "note"))
  counts <- do.call(rbind, c(rows[!variant], extra, list(total), rows[variant]))
  data.frame(what = c(titles[!variant], say("PRISMA flow"), say("GRADE's table"), say("text"),
                      sprintf("<b>%s</b>", say("all of these")), say("besides, %s", titles[variant])), counts)
}

# What a reader wants first: how many of the paper's numbers came out, and which did not.
verdict_line <- function(result) {
  own <- result$comparison[main_rows(result$comparison), ]
  verdict <- c(as.character(own$verdict), as.character(result$prisma$verdict), as.character(result$grade$verdict),
               as.character(result$claims$verdict))
  count <- table(factor(verdict, verdict_names))
  parts <- say('%d are <span class="%s">%s</span>', as.integer(count), verdict_class[names(count)], shown(names(count)))
  say("Of **%d printed numbers and statements**, %s. `audit()` names %d findings.", sum(count),
      paste0(paste(parts[-length(parts)], collapse = say(", ")), say(" and "), parts[length(parts)]),
      nrow(result$audit))
}

printed_number <- function(value, digits) ifelse(is.na(value), "", sprintf("%.*f", as.integer(digits), value))

quantity_words <- c(est = "pooled estimate", ci_lb = "lower limit", ci_ub = "upper limit", i2 = "I-squared (%)",
                    p_het = "p of heterogeneity", n = "studies", begg_score = "Begg: score", begg_sd = "Begg: s.d.",
                    begg_z = "Begg: z", begg_p = "Begg: p", egger_bias = "Egger: bias", egger_p = "Egger: p",
                    p_between = "p between arms")

# "weight 3" becomes the study's name.
quantity_label <- function(quantity, a) {
  known <- shown(quantity_words[quantity])
  number <- suppressWarnings(as.integer(sub(".* ", "", quantity)))
  what <- c(weight = "weight (%)", est = "proportion", ci_lb = "lower limit",
            ci_ub = "upper limit")[sub(" .*", "", quantity)]
  study <- a$data$study[number]
  place <- if (any(nzchar(a$data$site))) a$data$site[number] else if (!is.null(a$data$arm)) a$data$arm[number]
  named <- paste0(shown(what), say(", "), study, if (!is.null(place)) paste0(say(", "), shown(place)))
  ifelse(!is.na(known), known, ifelse(is.na(number), pooled_label(quantity), named))
}

# "control ci_lb": a number of an arm's own pooled row.
pooled_label <- function(quantity) {
  arm <- sub(" .*", "", quantity)
  what <- sub("^[^ ]* ", "", quantity)
  what <- ifelse(what == "weight", "weight (%)", ifelse(is.na(quantity_words[what]), what, quantity_words[what]))
  say("%s, %s", shown(arm), shown(unname(what)))
}

show_comparison <- function(result, rows, with_analysis = FALSE) {
  x <- result$comparison[rows, ]
  if (!nrow(x)) return(NULL)
  label <- vapply(seq_len(nrow(x)), function(i) quantity_label(x$quantity[i], result$analyses[[x$analysis[i]]]), "")
  range <- ifelse(x$low == x$high, "", say("%s to %s", printed_number(x$low, x$digits),
                                              printed_number(x$high, x$digits)))
  out <- data.frame(number = label, printed = printed_number(x$printed, x$digits),
                    ours = printed_number(x$ours, x$digits),
                    range = range, verdict = mark_verdict(x$verdict), why = x$why, stringsAsFactors = FALSE)
  if (with_analysis) out <- cbind(analysis = vapply(result$analyses[x$analysis], shown_title, ""), out)
  if (all(out$why == "")) out$why <- NULL
  out
}

show_audit <- function(audit) {
  tables <- c(effects = "forest plots", pooled = "pooled rows", bias = "Table 4", claims = "text",
              adverse = "Figures 14, 15",
              prisma = "Figure 1", grade = "Table 2", studies = "Table 3")
  data.frame(where = paste0(shown(unname(tables[audit$table])), say(": "), vapply(audit$where, place_words, "")),
             check = shown(audit$check), finding = audit$message)
}

# "calcium: all rows", "BMD overall", "study, column": each part in the language of the report.
place_words <- function(where) {
  if (!in_chinese()) return(where)
  parts <- strsplit(where, "(?<=: )|(?<=, )", perl = TRUE)[[1L]]
  whole <- outcome_words(where)
  if (whole != where) return(whole)
  words <- outcome_words(sub("[:,] $", "", parts))
  two <- regmatches(words, regexec("^(BMD) (.+)$", words))
  words <- ifelse(lengths(two) > 0L, vapply(two, function(t) paste0(shown(t[3L]), shown(t[2L])), ""), words)
  paste0(words, ifelse(grepl(": $", parts), say(": "), ifelse(grepl(", $", parts), say(", "), "")), collapse = "")
}

show_sums <- function(x) {
  data.frame(number = x$quantity, printed = x$printed, ours = x$ours, verdict = mark_verdict(x$verdict), why = x$why)
}

log_block <- function(lines, summary = NULL) {
  block <- c("```", lines, "```", "")
  if (is.null(summary)) return(block)
  c(sprintf("<details><summary>%s</summary>", summary), "", block, "</details>", "")
}

figure_markdown <- function(figures) {
  if (!nrow(figures)) return(character())
  c('<div class="figures">', "", sprintf("![%s](<%s>){width=%.2fin}\n", figures$caption, figures$png, figures$width),
    "</div>", "")
}

outcome_section <- function(result, key) {
  a <- result$analyses[[key]]
  figures <- result$figures[result$figures$analysis == key, ]
  table <- show_comparison(result, result$comparison$analysis == key)
  c("", sprintf("## %s%s", shown_title(a), if (is_variant(key)) say(" (as printed)") else ""), "",
    if (nzchar(a$note)) c(say("%s.", paste0(toupper(substr(a$note, 1L, 1L)), substring(a$note, 2L))), ""),
    special_note(result, a),
    figure_markdown(figures), utils::capture.output(cat_table(table)),
    log_block(result$logs[[key]], say("Log: %s", paste0("logs/", key, ".log"))))
}

special_note <- function(result, a) {
  made <- attr(a$data, "reconstructed")
  if (!is.null(made)) {
    range <- if (diff(made$range) > 0) say(" (%.2f to %.2f within the rounding of the other rows)", made$range[1L],
                                           made$range[2L])
    return(c(say(paste("The row of %s is reconstructed, not printed: with %d and %d patients, a standardised mean difference of",
                           "%.2f%s comes nearest to the printed pooled row. What the paper prints of the tests",
                           "need not follow from it."), a$data$study[made$row], made$n[1L], made$n[2L], made$d,
                     if (is.null(range)) "" else range), ""))
  }
  none <- which(a$data$events == 0)
  if (length(none)) {
    return(c(say(paste("%s has no event among %d, so that the proportion has no Wald standard error. The printed weight of %s %%",
                           "means that %.4f was entered. As ratio and difference of the arms, see the log."),
                     a$data$study[none], a$data$total[none], a$data$weight_printed[none], a$data$se[none]), ""))
  }
  character()
}

# A table of GRADE as the document's format writes it.
grade_markup <- function(x) paste0("\n\n", unclass(knitr::knit_print(x)), "\n\n")

grade_story <- function(result) {
  said <- sub("^`outcomes` ", say("The table "), result$table_2$said)
  c(say("What the computation of Table 2 told:"), paste0("- ", gsub("\"", "", said), collapse = "\n"))
}

rm5_story <- function(result) {
  v <- result$rm5$verified
  c(say(paste("The review as `probiotics.rm5`: %d outcomes, %d rows. Read again, the file has the same rows (%s), and",
                  "what is read and written again is equal (%s). `verify_rm5()` computes its %d stored numbers again: %s."),
            nrow(result$rm5$review$outcomes), nrow(result$rm5$review$rows), shown(as.character(result$rm5$same)),
            shown(as.character(result$rm5$equal)), nrow(v),
            paste(say("%d %s", as.integer(table(v$verdict)), shown(names(table(v$verdict)))), collapse = say(", "))),
    say("`figures/revman/` has its forest plots in RevMan's look, with the lights of the example judgements."))
}

# Paragraphs on findings that the numbers can explain further.
audit_story <- function(result) {
  x <- result$comparison
  sign <- result$audit[result$audit$table == "bias" & result$audit$check == "sign", ]
  c(vapply(sign$where, function(outcome) {
    row <- x[x$analysis == file_key(outcome) & x$quantity == "begg_score", ]
    say(paste("%s in Table 4: %s. One of the two signs is wrong. From the printed effects, whose rounding ties many",
                  "standard errors, the score is %.0f; rounding allows %.0f to %.0f."), shown(outcome),
            sign$message[sign$where == outcome], row$ours, row$low, row$high)
  }, ""), vapply(grep("as-printed$", names(result$analyses), value = TRUE), function(key) {
    base <- sub("-as-printed$", "", key)
    count <- function(k) sum(x$verdict[x$analysis == k] %in% "different")
    bias <- function(k) x$ours[x$analysis == k & x$quantity == "egger_bias"]
    printed <- x$printed[x$analysis == key & x$quantity == "egger_bias"]
    closer <- abs(bias(base) - printed) < abs(bias(key) - printed)
    say(paste("%s: with every number as printed, Egger's bias is %.2f, and %d printed numbers are different; %s,",
                  "Egger's bias is %.2f, and %d are different. The paper prints %.2f%s"),
            shown_title(result$analyses[[key]]), bias(key), count(key), result$analyses[[base]]$mended, bias(base), count(base), printed,
            if (closer) say(": the figure is misprinted, the analysis behind it was not.") else say("."))
  }, ""))
}

trim_table <- function(result) {
  keys <- intersect(vapply(unique(result$review$effects$outcome), file_key, ""), names(result$steps))
  rows <- lapply(keys, function(key) {
    r <- result$steps[[key]]$metatrim$view$r
    show <- function(tail) sprintf("%.2f (%.2f, %.2f)", r[[paste0("random", tail)]], r[[paste0("random_lb", tail)]],
                                   r[[paste0("random_ub", tail)]])
    data.frame(outcome = shown_title(result$analyses[[key]]), studies = r$k,
               observed = show(""), filled = r$k0, `with filled` = show("_filled"), check.names = FALSE)
  })
  do.call(rbind, rows)
}

influence_table <- function(result) {
  keys <- unique(result$figures$analysis[result$figures$kind %in% c("metainf", "galbr") &
                                         result$figures$mapping != "extra"])
  rows <- lapply(keys, function(key) {
    steps <- result$steps[[key]]
    inf <- steps$metainf$view$table
    galbr <- steps$galbr$view$table
    names_of <- function(x) if (length(x)) paste(x, collapse = say("; ")) else say("none")
    data.frame(outcome = shown_title(result$analyses[[key]]),
               `outside the combined interval when omitted` = names_of(inf$study[inf$influential %in% TRUE]),
               `outside the band of the Galbraith plot` = names_of(galbr$study[galbr$outside]), check.names = FALSE)
  })
  do.call(rbind, rows)
}

mapping_note <- function(result) {
  plan <- result$figures
  rows <- plan[plan$mapping == "inferred", ]
  open <- say("Fig. %d as %s of %s", rows$number, shown(rows$kind),
              vapply(result$analyses[rows$analysis], shown_title, ""))
  c(say(paste0("The printed captions say which outcome a figure shows. Where caption, text and axis disagree, or the caption names ",
           "no outcome, the choice is **inferred**: %s."), paste(open, collapse = say("; "))),
    say("Figures beyond those of the paper carry `extra` in their file names."))
}

files_note <- function(result) {
  c(say("%d figures in `figures/`, each as %s; one log per analysis in `logs/`, and all of them in `logs/complete.log`; `tables/` holds the comparison, the audit and Table 4.",
            nrow(result$figures), paste(toupper(result$formats), collapse = say(" and "))),
    say("metaparity %s, %s.", utils::packageVersion("metaparity"), R.version.string))
}
