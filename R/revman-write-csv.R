# Owns write_revman_csv(): the tables that RevMan Web imports (study information, arms, results, risk of bias), and the
# analyses as a data package. Source: the headings of packages of RevMan Web of 2024 to 2026 and of its templates for
# extraction.

#' Tables for RevMan Web
#'
#' Writes a review as the CSV tables that RevMan Web imports: study information, study arms, study results and risk of
#' bias; or
#' its analyses as a data package.
#'
#' @param x what [read_rm5()] or [read_revman_web()] returned, or analyses of [revman()] as in [write_rm5()].
#' @param folder folder for the tables; it is made where it is missing.
#' @param what `"import"` for the templates of RevMan Web, `"analyses"` for the tables of a data package (settings,
#'   data rows,
#'   subgroup estimates), which [read_revman_web()] reads.
#' @param prefix beginning of the files' names.
#' @param overwrite replace files that are there?
#' @return The paths, invisibly.
#' @details Files are UTF-8 with a mark at the beginning, as RevMan Web writes them, so that spreadsheets show Chinese
#' names. The
#'   columns of the templates are those of RevMan Web's own packages:
#'   * `study-information`: `Study`, `Year`, `Data source`, and `Char: ...` for each characteristic;
#'   * `study-arms`: `Study`, `Arm`, `Description`, `Intervention`: the arms are named by the labels of the groups;
#'   * `study-results`: one row per arm (events and sample size, or mean, SD and sample size) or per contrast
#'     (estimate, SE) of each
#'     study and outcome; a study with several rows of one outcome has numbered arms;
#'   * `risk-of-bias-1`: one row per study with `Domain (judgement): ...`, `Domain (support): ...`.
#'
#'   RevMan Web takes the references first: import the RIS file before these tables, else studies are there twice.
#'   Names of outcomes and
#'   interventions must be those of the review's criteria. Text that a spreadsheet would take for a formula is written
#'   as it is:
#'   it is data of the review.
#'
#'   Errors of class `metaparity_error_input`: no path of a folder, a file that is there.
#' @section In other software: Covidence: Export to RevMan Web.
#' @examples
#' x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' folder <- file.path(tempdir(), "import")
#' basename(write_revman_csv(x, folder))
#' unlink(folder, recursive = TRUE)
#' @export
write_revman_csv <- function(x, folder, what = "import", prefix = "review", overwrite = FALSE) {
  check_given(x)
  check_given(folder)
  call <- sys.call()
  check_choice(what, c("import", "analyses"), "what", call)
  check_flag(overwrite, "overwrite", call)
  if (!inherits(x, "revman_review")) x <- computed_results(review_of_analyses(x, "", call, web = TRUE), web = TRUE)
  prefix <- file_stem(check_word(prefix, "prefix", call))
  folder <- output_folder(folder, call)
  tables <- if (what == "import") import_tables(x) else package_of(x)
  tables <- Filter(NROW, tables)
  paths <- file.path(folder, sprintf("%s-%s.csv", prefix, names(tables)))
  there <- paths[file.exists(paths)]
  if (length(there) && !overwrite) {
    abort_input("folder", sprintf("has a file %s already; `overwrite = TRUE` replaces it", basename(there[1L])), call)
  }
  for (i in seq_along(paths)) write_table(tables[[i]], paths[i])
  invisible(paths)
}

# The folder, made if its parent is there.
output_folder <- function(folder, call, arg = "folder") {
  if (!is_plain_path(folder)) abort_input(arg, sprintf("must be the path of a folder, not %s", describe(folder)), call)
  folder <- sub("/+$", "", path.expand(folder))
  if (dir.exists(folder)) return(normalizePath(folder, "/"))
  if (file.exists(folder)) abort_input(arg, sprintf("must be a folder, not a file: %s", describe(folder)), call)
  if (!dir.exists(dirname(folder))) {
    abort_input(arg, sprintf("is in a folder that does not exist: %s", describe(folder)), call)
  }
  if (!dir.create(folder, showWarnings = FALSE)) abort_input(arg, sprintf("cannot be made: %s", describe(folder)), call)
  normalizePath(folder, "/")
}

# Signs that file systems refuse, and dots in front, are left out of names.
file_stem <- function(text, most = 80L) {
  if (!length(text)) return(character())
  text <- enc2utf8(text)
  text <- gsub("[[:cntrl:]/\\\\:*?\"<>|%]+", " ", text)
  text <- gsub("^[. ]+|[. ]+$", "", gsub("[[:space:]]+", " ", text))
  text <- ifelse(nchar(text) > most, trimws(substr(text, 1L, most)), text)
  reserved <- grepl("^(con|prn|aux|nul|com[0-9]|lpt[0-9])$", tolower(text))
  ifelse(nzchar(text), ifelse(reserved, paste0(text, "_"), text), "review")
}

write_table <- function(table, path) {
  quoted <- function(text) ifelse(is.na(text), "", ifelse(grepl("[\",\r\n]", text),
                                                          paste0("\"", gsub("\"", "\"\"", text, fixed = TRUE), "\""),
                                                          text))
  columns <- lapply(table, function(v) quoted(enc2utf8(if (is.numeric(v)) plain_number(v) else
                                                       if (is.logical(v)) tolower(as.character(v)) else
                                                         as.character(v))))
  lines <- c(paste(quoted(enc2utf8(names(table))), collapse = ","), do.call(paste, c(unname(columns), sep = ",")))
  con <- file(path, "wb")
  on.exit(close(con))
  writeBin(as.raw(c(0xef, 0xbb, 0xbf)), con)
  writeLines(lines, con, useBytes = TRUE)
}

plain_number <- function(v) sub("[.]0$", "", java_double(v))

# ---- templates for import ------------------------------------------------------------------------

import_tables <- function(x) {
  included <- x$studies[x$studies$section %in% "included", ]
  list("study-information" = information_table(x, included), "study-arms" = arms_table(x),
       "study-results" = results_rows(x),
       "risk-of-bias-1" = bias_rows(x, included))
}

information_table <- function(x, studies) {
  out <- data.frame(Study = studies$study, Year = studies$year, `Data source` = studies$data_source,
                    check.names = FALSE, stringsAsFactors = FALSE)
  chars <- x$characteristics[x$characteristics$study_id %in% studies$study_id, ]
  fields <- unique(c("methods", "participants", "interventions", "outcomes", "notes", if (NROW(chars)) chars$field))
  for (field in fields) {
    text <- if (NROW(chars)) chars$text[chars$field == field][match(studies$study_id,
                                                                    chars$study_id[chars$field == field])] else
                                                                      NA_character_
    words <- gsub("_", " ", field, fixed = TRUE)
    out[[paste0("Char: ", toupper(substr(words, 1L, 1L)), substring(words, 2L))]] <- rep_len(text, nrow(out))
  }
  out
}

# The arms of each row: labels of the groups, numbered where a study has several rows of an outcome.
row_arms <- function(x) {
  rows <- x$rows
  s <- x$outcomes[match(rows$outcome, x$outcomes$outcome), ]
  again <- stats::ave(seq_len(nrow(rows)), rows$outcome, rows$study_id, rows$subgroup %in% NA, FUN = seq_along)
  name <- function(label, default) {
    own <- ifelse(is.na(label) | !nzchar(label), default, label)
    ifelse(again > 1, sprintf("%s %d", own, again), own)
  }
  data.frame(study = rows$study, first = name(s$group_label_1, "Experimental"),
             second = name(s$group_label_2, "Control"),
             label_1 = ifelse(nzchar(s$group_label_1), s$group_label_1, "Experimental"),
             label_2 = ifelse(nzchar(s$group_label_2), s$group_label_2, "Control"), stringsAsFactors = FALSE)
}

arms_table <- function(x) {
  if (!NROW(x$rows)) return(NULL)
  arms <- row_arms(x)
  out <- data.frame(Study = c(arms$study, arms$study), Arm = c(arms$first, arms$second), Description = "",
                    Intervention = c(arms$label_1, arms$label_2),
                    stringsAsFactors = FALSE)
  out <- unique(out[!is.na(out$Study), ])
  out[order(match(out$Study, x$studies$study)), ]
}

results_headings <- c("Study", "Outcome", "Data type", "Effect measure", "Arm", "Reference arm", "Sample size",
                      "Cases", "Mean", "SD", "SE", "Footnotes")

results_rows <- function(x) {
  if (!NROW(x$rows)) return(NULL)
  arms <- row_arms(x)
  parts <- lapply(seq_len(nrow(x$outcomes)), function(i) {
    s <- x$outcomes[i, ]
    mine <- which(x$rows$outcome %in% s$outcome)
    if (!length(mine) || !s$type %in% c("DICH", "CONT", "IV")) return(NULL)
    r <- x$rows[mine, ]
    base <- data.frame(Study = r$study, Outcome = s$name, `Data type` = c(DICH = "Dichotomous", CONT = "Continuous",
                                                                          IV = "Contrast level")[[s$type]],
                       Footnotes = if (is.null(r$footnote)) rep(NA_character_, nrow(r)) else r$footnote,
                        check.names = FALSE, stringsAsFactors = FALSE)
    if (s$type == "IV") {
      return(cbind(base, data.frame(`Effect measure` = s$effect_measure, Arm = arms$first[mine],
                                    `Reference arm` = arms$second[mine],
                                    Mean = r$estimate, SE = r$se, check.names = FALSE, stringsAsFactors = FALSE)))
    }
    two <- function(n) {
      own <- data.frame(Arm = arms[[n]][mine], `Sample size` = r[[sprintf("total_%d",
                                                                          match(n, c("first", "second")))]],
                                                                            check.names = FALSE,
                        stringsAsFactors = FALSE)
      number <- match(n, c("first", "second"))
      if (s$type == "DICH") own$Cases <- r[[paste0("events_", number)]] else {
        own$Mean <- r[[paste0("mean_", number)]]
        own$SD <- r[[paste0("sd_", number)]]
      }
      cbind(base, own)
    }
    both <- rbind(two("first"), two("second"))
    both[order(rep(seq_along(mine), 2L)), ]
  })
  out <- bind_frames(c(list(as.data.frame(stats::setNames(rep(list(character()), length(results_headings)),
                                                          results_headings), optional = TRUE)),
                       Filter(Negate(is.null), parts)))
  out[results_headings]
}

# One column per domain and group of outcomes.
bias_rows <- function(x, studies) {
  table <- x$risk_of_bias
  if (!NROW(table)) return(NULL)
  out <- data.frame(Study = studies$study, stringsAsFactors = FALSE)
  domain <- ifelse(is.na(table$group) | !nzchar(table$group), table$item, paste(table$item, table$group, sep = ": "))
  words <- c(low = "Low risk", high = "High risk", unclear = "Unclear risk", "some concerns" = "Some concerns")
  for (one in unique(domain)) {
    own <- table[domain %in% one, ]
    at <- match(studies$study_id, own$study_id)
    out[[paste0("Domain (judgement): ", one)]] <- unname(words[own$judgement[at]])
    out[[paste0("Domain (support): ", one)]] <- own$support[at]
  }
  out
}

# ---- a data package ------------------------------------------------------------------------------

package_of <- function(x) {
  lapply(package_tables_of(x), function(table) {
    if (!NROW(table)) return(table)
    table[] <- lapply(table, function(v) if (is.character(v)) as_html(v) else v)
    table
  })
}

# Texts of a package are HTML: what would be read as a tag or an entity is written as signs.
as_html <- function(text) {
  read <- which(grepl("[<&]", text) & html_text(text) != text)
  text[read] <- gsub("<", "&lt;", gsub("&", "&amp;", text[read], fixed = TRUE), fixed = TRUE)
  text
}

package_tables_of <- function(x) {
  list("overall-estimates-and-settings" = package_settings(x), "data-rows" = package_rows(x),
       "subgroup-estimates" = package_subgroups(x),
       "study-information" = information_table(x, x$studies[x$studies$section %in% "included", ]))
}

package_settings <- function(x) {
  o <- x$outcomes
  part <- strsplit(o$outcome, ".", fixed = TRUE)
  group <- vapply(part, `[`, "", 1L)
  column <- function(name, default = NA) if (is.null(o[[name]])) rep(default, nrow(o)) else o[[name]]
  measure <- ifelse(o$effect_measure %in% names(revman_measure_names), revman_measure_names[o$effect_measure],
                    o$effect_measure)
  level <- function(v) ifelse(is.na(v), "95%", paste0(plain_number(as.numeric(v)), "%"))
  out <- data.frame(
    `Analysis group` = group, `Analysis number` = vapply(part, `[`, "", 2L), `Analysis name` = o$name,
    `Analysis group name` = x$comparisons$name[match(group, x$comparisons$comparison)],
    `Data type` = c(DICH = "Dichotomous", CONT = "Continuous", IV = "Contrast level", IPD = "O-E and variance",
                    OTHER = "Other")[o$type],
    `Log-scale data` = column("log_data", FALSE) %in% TRUE, `Experimental group label` = o$group_label_1,
    `Control group label` = o$group_label_2,
    `Statistical method` = ifelse(is.na(o$method), "IV", ifelse(o$method == "PETO", "Peto", o$method)),
    `Effect measure` = unname(measure),
    `Analysis model` = ifelse(o$random %in% TRUE, "Random effect", "Fixed effect"),
    `Heterogeneity estimator` = ifelse(o$random %in% TRUE, column("estimator", "DL"), NA),
    `CI method` = column("ci_method", "Wald"), `Subgroup estimates` = o$totals %in% c("YES",
                                                                                      "SUB") & !column("subtotals",
                                                                                                       TRUE) %in% FALSE,
    `Overall estimates` = o$totals %in% "YES", `Test for subgroup differences` = !column("subgroup_test",
                                                                                         TRUE) %in% FALSE,
    `Swap event and non-event` = column("swap_events", FALSE) %in% TRUE, `Study CI` = level(o$ci_study),
    `Estimate CI` = level(o$ci_total),
    `Graph label (left)` = o$graph_label_1, `Graph label (right)` = o$graph_label_2,
    `Graph scale` = column("scale", NA_real_), check.names = FALSE,
    stringsAsFactors = FALSE)
  results <- package_results(o)
  off <- !o$totals %in% c("YES", "SUB")
  results[off, ] <- NA
  tested <- o$outcome %in% x$subgroups$outcome
  q <- function(name) ifelse(tested, column(name, NA_real_), NA_real_)
  cbind(out, results, "Subgroup Chi\u00b2" = q("q"), "Subgroup P" = q("p_q"), "Subgroup I\u00b2" = q("i2_q"))
}

package_results <- function(o) {
  names <- c("Mean" = "effect_size", "CI start" = "ci_start", "CI end" = "ci_end", "Heterogeneity Tau\u00b2" = "tau2",
             "Heterogeneity Chi\u00b2" = "chi2",
             "Heterogeneity df" = "df", "Heterogeneity P" = "p_chi2", "Heterogeneity I\u00b2" = "i2", "Effect Z" = "z",
             "Effect P" = "p_z",
             "Experimental cases" = "events_1", "Experimental N" = "total_1", "Control cases" = "events_2",
             "Control N" = "total_2")
  out <- lapply(names, function(name) if (is.null(o[[name]])) rep(NA_real_, nrow(o)) else o[[name]])
  if (!is.null(o$random)) out[[4L]] <- ifelse(o$random %in% TRUE, out[[4L]], NA_real_)
  as.data.frame(out, optional = TRUE)
}

package_rows <- function(x) {
  r <- x$rows
  part <- strsplit(r$outcome, ".", fixed = TRUE)
  group <- x$subgroups$name[match(paste(r$outcome, r$subgroup, sep = "\r"),
                                  paste(x$subgroups$outcome, x$subgroups$subgroup, sep = "\r"))]
  column <- function(name) if (is.null(r[[name]])) rep(NA_real_, nrow(r)) else r[[name]]
  iv <- x$outcomes$type[match(r$outcome, x$outcomes$outcome)] %in% "IV"
  data.frame(
    `Analysis group` = vapply(part, `[`, "", 1L), `Analysis number` = vapply(part, `[`, "", 2L),
    `Analysis name` = x$outcomes$name[match(r$outcome, x$outcomes$outcome)], Subgroup = group,
    Applicability = if (is.null(r$applicability)) "SUBGROUP_AND_OVERALL" else r$applicability, Study = r$study,
    `Study year` = column("year"),
    `GIV Mean` = column("estimate"), `GIV SE` = ifelse(iv, column("se"), NA_real_),
    `Experimental mean` = column("mean_1"), `Experimental SD` = column("sd_1"),
    `Experimental cases` = column("events_1"), `Experimental N` = column("total_1"), `Control mean` = column("mean_2"),
    `Control SD` = column("sd_2"),
    `Control cases` = column("events_2"), `Control N` = column("total_2"), `O-E` = column("o_e"),
    Variance = column("var"), Weight = column("weight"),
    Mean = column("effect_size"), `CI start` = column("ci_start"), `CI end` = column("ci_end"),
    Footnotes = if (is.null(r$footnote)) "" else r$footnote, check.names = FALSE, stringsAsFactors = FALSE)
}

package_subgroups <- function(x) {
  g <- x$subgroups
  if (!nrow(g)) return(NULL)
  part <- strsplit(g$outcome, ".", fixed = TRUE)
  g$random <- x$outcomes$random[match(g$outcome, x$outcomes$outcome)]
  cbind(data.frame(`Analysis group` = vapply(part, `[`, "", 1L), `Analysis number` = vapply(part, `[`, "", 2L),
                   Subgroup = g$name,
                   `Subgroup number` = g$subgroup, Weight = if (is.null(g$weight)) NA_real_ else g$weight,
                   check.names = FALSE, stringsAsFactors = FALSE),
        package_results(g))
}
