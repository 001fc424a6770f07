# Owns write_rm5(): tables of a review -> a file of Review Manager 5 with the elements in their order and the attributes
# of each kind. Parts that the tables hold only as text are written as they were read, as long as the tables say the
# same. Source: elements and attributes as met in files of RevMan 5.0 to 5.4.

#' Write a file of Review Manager 5
#'
#' Writes a review as an .rm5 file, which RevMan 5, RevMan Web and [read_rm5()] read: one that was read, changed or
#' not, or one
#' that is made of analyses.
#'
#' @param x what [read_rm5()] returned; or one analysis of [revman()], or a list of them. The names of the list are
#'   those of the
#'   outcomes; a list of lists has one element per comparison.
#' @param file path of the file; the extension should be `.rm5`.
#' @param results `"stored"` writes the results that the tables hold, `"computed"` those that the package computes from
#'   the data
#'   under RevMan's rules. RevMan computes its own when it opens the file.
#' @param title title of a review that is made of analyses.
#' @param overwrite replace a file that is there?
#' @return The path, invisibly.
#' @details The file is UTF-8, so names in any script are kept. What was read and is not changed is written as it was,
#' formatting
#'   of texts, authors and feedback included; a table that was changed (`studies`, `references`, `characteristics`,
#'   `risk_of_bias`, `texts`, `flowchart`, tables of text) is written from its columns alone, and a warning of class
#'   `metaparity_warning_input` says what else that part held. Comparisons, outcomes, subgroups and rows are always
#'   written from
#'   the tables.
#'
#'   Errors of class `metaparity_error_input`: a path that is none, a file that is there, tables that do not fit
#'   together (a row
#'   of a study or an outcome that the review does not have).
#' @section In other software: RevMan: File, Save.
#' @seealso [write_revman_csv()] for RevMan Web's import.
#' @examples
#' x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' file <- tempfile(fileext = ".rm5")
#' write_rm5(x, file)
#' all.equal(read_rm5(file), x)
#' trials <- data.frame(e1 = c(4, 6, 3), n1 = c(123, 306, 231),
#'                      e2 = c(11, 29, 11), n2 = c(139, 303, 220))
#' view <- revman(trials, ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "RR")
#' write_rm5(list("Vaccine or none" = list("Tuberculosis" = view)), file,
#'           title = "BCG", overwrite = TRUE)
#' verify_rm5(file)
#' unlink(file)
#' @export
write_rm5 <- function(x, file, results = "stored", title = "", overwrite = FALSE) {
  check_given(x)
  check_given(file)
  call <- sys.call()
  check_choice(results, c("stored", "computed"), "results", call)
  check_flag(overwrite, "overwrite", call)
  if (!requireNamespace("xml2", quietly = TRUE)) abort_input("file", "needs the package xml2 to be written", call)
  if (!inherits(x, "revman_review")) {
    x <- review_of_analyses(x, title, call)
    results <- "computed"
  }
  check_review(x, call)
  if (results == "computed") x <- computed_results(x)
  path <- new_file_path(file, overwrite, call)
  text <- c("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>", review_xml(x, call))
  con <- file(path, "wb")
  on.exit(close(con))
  writeLines(enc2utf8(text), con, useBytes = TRUE)
  invisible(path)
}

# A path that can be written: a file that is there is replaced only on request.
new_file_path <- function(file, overwrite, call) {
  path <- plain_path(file, "file", call)
  if (file.exists(path) && !overwrite) {
    abort_input("file", sprintf("is there already: %s; `overwrite = TRUE` replaces it", describe(file)), call)
  }
  check_writable(path, "file", call)
}

check_review <- function(x, call) {
  tables <- c("review", "studies", "comparisons", "outcomes", "subgroups", "rows")
  lacking <- tables[!vapply(x[tables], is.data.frame, NA)]
  if (length(lacking)) abort_input("x", sprintf("must have the table `%s`", lacking[1L]), call)
  bad <- which(!x$rows$outcome %in% x$outcomes$outcome)
  if (length(bad)) abort_studies("x$rows", bad, "must have outcomes that are in `outcomes`", call)
  bad <- which(!x$rows$study_id %in% x$studies$study_id)
  if (length(bad)) abort_studies("x$rows", bad, "must have studies that are in `studies`", call)
  key <- function(table) paste(table$outcome, table$subgroup, sep = "\r")
  bad <- which(!is.na(x$rows$subgroup) & !key(x$rows) %in% key(x$subgroups))
  if (length(bad)) abort_studies("x$rows", bad, "must have subgroups that are in `subgroups`", call)
  bad <- which(!sub("[.].*$", "", x$outcomes$outcome) %in% x$comparisons$comparison)
  if (length(bad)) abort_studies("x$outcomes", bad, "must have comparisons that are in `comparisons`", call)
}

# ---- text of XML ---------------------------------------------------------------------------------

xml_escape <- function(text, attribute = FALSE) {
  text <- enc2utf8(as.character(text))
  text <- gsub("[\x01-\x08\x0b\x0c\x0e-\x1f]", " ", text)
  for (pair in list(c("&", "&amp;"), c("<", "&lt;"), c(">", "&gt;"), c("\r", "&#13;"))) {
    text <- gsub(pair[1L], pair[2L], text, fixed = TRUE)
  }
  if (!attribute) return(text)
  for (pair in list(c("\"", "&quot;"), c("\n", "&#10;"), c("\t", "&#9;"))) text <- gsub(pair[1L], pair[2L], text,
                                                                                        fixed = TRUE)
  text
}

# Java's doubles: the fewest digits that give the number back, "100.0", "2.5E-8".
java_double <- function(x) {
  text <- sprintf("%.15g", x)
  for (digits in c("%.16g", "%.17g")) {
    off <- which(is.finite(x) & suppressWarnings(as.numeric(text)) != x)
    text[off] <- sprintf(digits, x[off])
  }
  text <- sub("e([-+])0*([0-9]+)$", "E\\1\\2", text)
  text <- sub("E+", "E", text, fixed = TRUE)
  text <- sub("^(-?[0-9]+)(E.*)?$", "\\1.0\\2", text)
  text[is.infinite(x)] <- ifelse(x[is.infinite(x)] > 0, "Infinity", "-Infinity")
  text[is.nan(x)] <- "NaN"
  text[is.na(x) & !is.nan(x)] <- ""
  text
}

whole_fields <- c("df", "ci_study", "ci_total", "studies", "events_1", "events_2", "total_1", "total_2", "order")

# Values as RevMan writes them; NA where the attribute is not there.
attribute_text <- function(value, field) {
  if (is.logical(value)) return(ifelse(is.na(value), NA_character_, ifelse(value, "YES", "NO")))
  if (!is.numeric(value)) return(as.character(value))
  text <- java_double(value)
  whole <- field %in% whole_fields & is.finite(value) & value == round(value)
  ifelse(whole, sub("[.]0$", "", text), text)
}

# One string of attributes for each row of the table; those that a row lacks are left out.
attributes_xml <- function(table, names) {
  parts <- lapply(names, function(name) {
    value <- table[[tolower(name)]]
    if (is.null(value)) return(character(nrow(table)))
    text <- attribute_text(value, tolower(name))
    ifelse(is.na(text), "", sprintf(" %s=\"%s\"", name, xml_escape(text, TRUE)))
  })
  do.call(paste0, parts)
}

element <- function(name, text) {
  text <- ifelse(is.na(text), "", text)
  ifelse(nzchar(text), sprintf("<%s>%s</%s>", name, xml_escape(text), name), sprintf("<%s/>", name))
}

# Content of an element on lines of its own; without content an empty one.
wrap_xml <- function(name, content, attributes = "") {
  if (!length(content)) return(sprintf("<%s%s/>", name, attributes))
  c(sprintf("<%s%s>", name, attributes), content, sprintf("</%s>", name))
}

paragraph_xml <- function(text) {
  lines <- strsplit(ifelse(is.na(text), "", text), "\n", fixed = TRUE)[[1L]]
  lines <- lines[nzchar(trimws(lines))]
  if (length(lines)) sprintf("<P>%s</P>", xml_escape(lines))
}

# ---- analyses ------------------------------------------------------------------------------------

revman_log_results <- "LOG_CI_END LOG_CI_START LOG_EFFECT_SIZE"
revman_outcome_attributes <- list(
  DICH = words_of(paste("CHI2 CI_END CI_START CI_STUDY CI_TOTAL DF EFFECT_MEASURE EFFECT_SIZE ESTIMABLE EVENTS_1",
                        "EVENTS_2 I2 I2_Q ID",
                        revman_log_results, "METHOD NO P_CHI2 P_Q P_Z Q RANDOM SCALE SORT_BY STUDIES SUBGROUPS",
                                            "SUBGROUP_TEST",
                        "SWAP_EVENTS TAU2 TOTALS TOTAL_1 TOTAL_2 WEIGHT Z")),
  CONT = words_of(paste("CHI2 CI_END CI_START CI_STUDY CI_TOTAL DF EFFECT_MEASURE EFFECT_SIZE ESTIMABLE I2 I2_Q ID",
                        "NO P_CHI2 P_Q P_Z Q",
                        "RANDOM SCALE SORT_BY STUDIES SUBGROUPS SUBGROUP_TEST TAU2 TOTALS TOTAL_1 TOTAL_2 UNITS",
                        "WEIGHT Z")),
  IV = words_of(paste("CHI2 CI_END CI_START CI_STUDY CI_TOTAL DF EFFECT_SIZE ESTIMABLE I2 I2_Q ID",
                      "LOG_CI_END LOG_CI_START LOG_DATA",
                      "LOG_EFFECT_SIZE NO P_CHI2 P_Q P_Z Q RANDOM SCALE SHOW_PARTICIPANTS SORT_BY STUDIES SUBGROUPS",
                      "SUBGROUP_TEST TAU2",
                      "TOTALS TOTAL_1 TOTAL_2 WEIGHT Z")),
  IPD = words_of(paste("CHI2 CI_END CI_START CI_STUDY CI_TOTAL DF EFFECT_SIZE ESTIMABLE EVENTS_1 EVENTS_2 I2 I2_Q ID",
                       revman_log_results,
                       "LOG_DATA METHOD NO P_CHI2 P_Q P_Z Q RANDOM SCALE SORT_BY STUDIES SUBGROUPS SUBGROUP_TEST",
                       "TAU2 TOTALS TOTAL_1 TOTAL_2 WEIGHT Z")),
  OTHER = words_of("ID NO SCALE SORT_BY STUDIES SUBGROUPS TOTALS TOTAL_1 TOTAL_2"))

revman_subgroup_attributes <- lapply(list(
  DICH = paste("EVENTS_1 EVENTS_2 I2 ID", revman_log_results), CONT = "I2 ID", IV = paste("I2 ID", revman_log_results),
  IPD = paste("EVENTS_1 EVENTS_2 I2 ID", revman_log_results), OTHER = "ID"), function(own) {
    words_of(paste("CHI2 CI_END CI_START DF EFFECT_SIZE ESTIMABLE", own,
                   "NO P_CHI2 P_Z STUDIES TAU2 TOTAL_1 TOTAL_2 WEIGHT Z"))
  })

revman_row_attributes <- list(
  DICH = words_of(paste("CI_END CI_START EFFECT_SIZE ESTIMABLE EVENTS_1 EVENTS_2", revman_log_results,
                        "ORDER O_E SE STUDY_ID TOTAL_1 TOTAL_2",
                        "VAR WEIGHT")),
  CONT = words_of(paste("CI_END CI_START EFFECT_SIZE ESTIMABLE MEAN_1 MEAN_2 ORDER SD_1 SD_2 SE STUDY_ID TOTAL_1",
                        "TOTAL_2 WEIGHT")),
  IV = words_of(paste("CI_END CI_START EFFECT_SIZE ESTIMABLE ESTIMATE", revman_log_results,
                      "ORDER SE STUDY_ID TOTAL_1 TOTAL_2 WEIGHT")),
  IPD = words_of(paste("CI_END CI_START EFFECT_SIZE ESTIMABLE EVENTS_1 EVENTS_2", revman_log_results,
                       "ORDER O_E SE STUDY_ID TOTAL_1 TOTAL_2",
                       "VAR WEIGHT")),
  OTHER = words_of("ORDER STUDY_ID"))

analyses_xml <- function(x) {
  content <- unlist(lapply(seq_len(nrow(x$comparisons)), function(i) {
    own <- x$comparisons[i, ]
    mine <- which(sub("[.].*$", "", x$outcomes$outcome) == own$comparison)
    outcomes <- unlist(lapply(mine, function(j) outcome_xml(x, x$outcomes[j, ])))
    own$no <- own$comparison
    wrap_xml("COMPARISON", c(element("NAME", own$name), outcomes), attributes_xml(own, c("ID", "NO")))
  }))
  wrap_xml("ANALYSES_AND_DATA", content, " CALCULATED_DATA=\"YES\"")
}

outcome_xml <- function(x, s) {
  s$no <- sub("^.*[.]", "", s$outcome)
  type <- s$type
  rows <- x$rows[x$rows$outcome %in% s$outcome, ]
  groups <- x$subgroups[x$subgroups$outcome %in% s$outcome, ]
  data <- rows_xml(rows, type)
  content <- if (nrow(groups)) {
    groups$no <- groups$subgroup
    heads <- attributes_xml(groups, revman_subgroup_attributes[[type]])
    unlist(lapply(seq_len(nrow(groups)), function(g) {
      wrap_xml(paste0(type, "_SUBGROUP"), c(element("NAME", groups$name[g]),
                                            data[rows$subgroup %in% groups$subgroup[g]]), heads[g])
    }))
  } else data
  wrap_xml(paste0(type, "_OUTCOME"), c(labels_xml(s), content), attributes_xml(s, revman_outcome_attributes[[type]]))
}

labels_xml <- function(s) {
  names <- c("NAME", "GROUP_LABEL_1", "GROUP_LABEL_2", "GRAPH_LABEL_1", "GRAPH_LABEL_2",
             if (s$type %in% c("IV", "IPD")) "EFFECT_MEASURE")
  vapply(names, function(name) element(name, if (is.null(s[[tolower(name)]])) "" else s[[tolower(name)]]), "",
         USE.NAMES = FALSE)
}

rows_xml <- function(rows, type) {
  if (!nrow(rows)) return(character())
  name <- paste0(type, "_DATA")
  start <- paste0("<", name, attributes_xml(rows, revman_row_attributes[[type]]))
  note <- if (is.null(rows$footnote)) rep("", nrow(rows)) else ifelse(is.na(rows$footnote), "", rows$footnote)
  ifelse(nzchar(note), sprintf("%s>\n%s\n</%s>", start, element("FOOTNOTE", note), name), paste0(start, "/>"))
}

# ---- computed results ----------------------------------------------------------------------------

# The results that the file should hold, in place of those of the tables: by the rules of RevMan 5, or, for a package of
# RevMan Web, by those that its settings tell.
computed_results <- function(x, web = FALSE) {
  for (number in x$outcomes$outcome) {
    o <- outcome(x, number)
    n <- revman_numbers(o, if (web) o$web)
    if (is.null(n)) next
    x$rows <- put_results(x$rows, which(x$rows$outcome %in% number), row_results(o, n))
    if (nrow(o$subgroups)) x$subgroups <- put_results(x$subgroups, which(x$subgroups$outcome %in% number),
                                                      with_logs(stored_groups(o, n), n, o))
    x$outcomes <- put_results(x$outcomes, which(x$outcomes$outcome %in% number), with_logs(stored_total(o, n), n, o))
  }
  x
}

row_results <- function(o, n) {
  out <- with_logs(stored_rows(o, n), n, o)
  if (o$settings$type == "DICH") out$o_e <- 0
  out
}

# Logarithms to the base 10 of what is shown; none of differences.
with_logs <- function(results, n, o) {
  from <- c(log_effect_size = "effect_size", log_ci_start = "ci_start", log_ci_end = "ci_end")
  ratio <- is_revman_ratio(n$spec$measure, o$settings$log_data)
  results[names(from)] <- lapply(results[from], function(v) ifelse(ratio & v > 0, suppressWarnings(log10(v)), 0))
  results$estimable <- results$estimable == 1
  results
}

put_results <- function(table, at, results) {
  for (name in names(results)) {
    if (is.null(table[[name]])) table[[name]] <- if (is.logical(results[[name]])) NA else NA_real_
    table[[name]][at] <- results[[name]]
  }
  table
}
