# Owns read_rm5(): a file of Review Manager 5 as tidy tables. Oracle: the counts of the files it was made from.

#' Files of Review Manager 5
#'
#' Reads a review that was written by RevMan 5 (or downloaded from RevMan Web as .rm5) into tables: what was compared,
#' the data of every study, the results as RevMan stored them, risk of bias, characteristics, texts and references.
#'
#' @param file path of an .rm5 file, in any encoding that it declares.
#' @return A list of class `revman_review` of data frames:
#' \describe{
#' \item{`review`}{one row: title, type, stage, status, version, DOI and identifiers.}
#' \item{`studies`}{`study_id`, `study`, `year`, `section` (`"included"`, `"excluded"`, `"awaiting"`, `"ongoing"`),
#'   `data_source`.}
#' \item{`comparisons`}{`comparison` (its number), `name`.}
#' \item{`outcomes`}{one row per outcome: `outcome` (`"1.2"`), `id`, `name`, `type`, `effect_measure`, `method`,
#'   `random`, `totals`, `subgroups`, labels, settings, and the results as stored.}
#' \item{`subgroups`}{`outcome`, `subgroup`, `name` and the results as stored.}
#' \item{`rows`}{one row per line of data in the order of display: `outcome`, `subgroup`, `study_id`, `study`, the data
#'   of the arms, the results as stored, `estimable`, `footnote`.}
#' \item{`references`, `characteristics`, `risk_of_bias`, `texts`, `links`, `figures`, `flowchart`}{what else the file
#'   holds. `risk_of_bias` has one row per judgement with `judgement` (`"low"`, `"high"`, `"unclear"`, `NA` where
#'   nothing was entered), `support`, and the `outcomes` that a group of outcomes stands for; `links` the sentences that
#'   point to an outcome; `flowchart` the boxes of the study flow diagram from the top.}
#' \item{`sof_tables`, `additional_tables`}{lists of character matrices.}
#' }
#' `print()` says what the file holds, `summary()` is a table of its outcomes, [outcome()] takes one of them.
#' @details Errors: `metaparity_error_input` for a file that cannot be read, is no XML or is not RevMan's. Warnings:
#'   `metaparity_warning_studies` with the `rows` of which numbers are missing or are text. Results of outcomes without
#'   a total, which files store unseen, are left out of `summary()`. Needs the package xml2. The text of the file
#'   is data: nothing in it is evaluated, no entity is expanded, nothing is fetched.
#' @section In other software: meta's `read.rm5()` reads the data of the outcomes; RevMan 5: File, Open.
#' @seealso [outcome()] for one outcome, [verify_rm5()] for a check of the stored results.
#' @examples
#' x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' x
#' summary(x)
#' outcome(x, "1.1")$rows[c("study", "events_1", "total_1", "events_2", "total_2")]
#' @export
read_rm5 <- function(file) {
  check_given(file)
  document <- revman_document(file, sys.call())
  studies <- revman_studies(document)
  outcomes <- revman_outcomes(document)
  rows <- revman_rows(document, outcomes, studies)
  warn_partial_rows(rows, outcomes, "file", sys.call())
  out <- list(review = revman_cover(document), studies = studies, comparisons = revman_comparisons(document),
              outcomes = outcomes, subgroups = revman_subgroups(document, outcomes),
              rows = rows, references = revman_references(document),
              characteristics = revman_characteristics(document, studies),
              risk_of_bias = revman_judgements(document, studies), texts = revman_texts(document),
              links = revman_links(document, outcomes), sof_tables = revman_tables(document, "./SOF_TABLES/SOF_TABLE"),
              additional_tables = revman_tables(document, "./ADDITIONAL_TABLES/ADDITIONAL_TABLE"),
              figures = revman_figures(document), flowchart = revman_flowchart(document))
  structure(out, class = "revman_review", kept = revman_kept(document))
}

revman_cover <- function(document) {
  own <- c("TYPE", "STAGE", "STATUS", "REVMAN_VERSION", "REVMAN_SUB_VERSION", "VERSION_NO", "ID", "REVIEW_NO",
           "GROUP_ID",
           "DOI", "MODIFIED", "DESCRIPTION")
  out <- attribute_columns(document, own, all = TRUE)
  cbind(title = trimws(xml2::xml_text(xml2::xml_find_first(document, "./COVER_SHEET/TITLE"))), out,
        stringsAsFactors = FALSE)
}

revman_studies <- function(document) {
  nodes <- xml2::xml_find_all(document, "./STUDIES_AND_REFERENCES/STUDIES/*/STUDY")
  section <- xml2::xml_name(xml2::xml_find_first(nodes, ".."))
  data.frame(study_id = xml2::xml_attr(nodes, "ID"), study = xml2::xml_attr(nodes, "NAME"),
             year = xml2::xml_attr(nodes, "YEAR"),
             section = tolower(sub("_STUDIES$", "", section)), data_source = xml2::xml_attr(nodes, "DATA_SOURCE"),
             stringsAsFactors = FALSE)
}

revman_comparisons <- function(document) {
  nodes <- xml2::xml_find_all(document, "./ANALYSES_AND_DATA/COMPARISON")
  data.frame(comparison = xml2::xml_attr(nodes, "NO"), id = xml2::xml_attr(nodes, "ID"),
             name = child_text(nodes, "NAME"),
             stringsAsFactors = FALSE)
}

revman_results <- c("EFFECT_SIZE", "CI_START", "CI_END", "LOG_EFFECT_SIZE", "LOG_CI_START", "LOG_CI_END",
                    "Z", "P_Z", "CHI2", "DF",
                    "P_CHI2", "I2", "TAU2", "Q", "P_Q", "I2_Q", "WEIGHT", "STUDIES", "EVENTS_1", "TOTAL_1",
                    "EVENTS_2", "TOTAL_2")
revman_settings <- c("EFFECT_MEASURE", "METHOD", "RANDOM", "TOTALS", "SUBGROUPS", "SUBGROUP_TEST", "CI_STUDY",
                     "CI_TOTAL",
                     "SCALE", "SORT_BY", "SWAP_EVENTS", "LOG_DATA", "SHOW_PARTICIPANTS", "UNITS", "ESTIMABLE")
revman_data <- c("EVENTS_1", "TOTAL_1", "EVENTS_2", "TOTAL_2", "MEAN_1", "SD_1", "MEAN_2", "SD_2", "ESTIMATE",
                 "SE", "O_E", "VAR")

revman_outcomes <- function(document) {
  nodes <- xml2::xml_find_all(document, revman_outcome_path)
  number <- function(node) xml2::xml_attr(node, "NO")
  out <- data.frame(outcome = paste(number(xml2::xml_find_first(nodes, "..")), number(nodes), sep = "."),
                    id = xml2::xml_attr(nodes, "ID"), name = child_text(nodes, "NAME"),
                    type = sub("_OUTCOME$", "", xml2::xml_name(nodes)), stringsAsFactors = FALSE)
  labels <- c("GROUP_LABEL_1", "GROUP_LABEL_2", "GRAPH_LABEL_1", "GRAPH_LABEL_2")
  out[tolower(labels)] <- lapply(labels, function(name) child_text(nodes, name))
  out <- cbind(out, attribute_columns(nodes, c(revman_settings, revman_results), all = TRUE))
  own <- child_text(nodes, "EFFECT_MEASURE")
  out$effect_measure <- ifelse(is.na(out$effect_measure), own, out$effect_measure)
  out <- as_numbers(out, c(tolower(revman_results), "ci_study", "ci_total", "scale"))
  as_flags(out, c("random", "subgroups", "subgroup_test", "swap_events", "log_data", "show_participants", "estimable"))
}

revman_subgroups <- function(document, outcomes) {
  nodes <- xml2::xml_find_all(document, revman_path("SUBGROUP"))
  id <- xml2::xml_attr(xml2::xml_find_first(nodes, ".."), "ID")
  out <- data.frame(outcome = outcomes$outcome[match(id, outcomes$id)], subgroup = xml2::xml_attr(nodes, "NO"),
                    id = xml2::xml_attr(nodes, "ID"), name = child_text(nodes, "NAME"), stringsAsFactors = FALSE)
  out <- cbind(out, attribute_columns(nodes, c("ESTIMABLE", revman_results), all = TRUE))
  as_flags(as_numbers(out, tolower(revman_results)), "estimable")
}

revman_rows <- function(document, outcomes, studies) {
  nodes <- xml2::xml_find_all(document, revman_path("DATA"))
  above <- xml2::xml_find_first(nodes, "..")
  grouped <- endsWith(xml2::xml_name(above), "_SUBGROUP")
  id <- ifelse(grouped, xml2::xml_attr(xml2::xml_find_first(nodes, "../.."), "ID"), xml2::xml_attr(above, "ID"))
  study_id <- xml2::xml_attr(nodes, "STUDY_ID")
  own <- match(study_id, studies$study_id)
  out <- data.frame(outcome = outcomes$outcome[match(id, outcomes$id)],
                    subgroup = ifelse(grouped, xml2::xml_attr(above, "NO"), NA),
                    study_id = study_id, study = studies$study[own], year = studies$year[own], stringsAsFactors = FALSE)
  results <- c("EFFECT_SIZE", "CI_START", "CI_END", "LOG_EFFECT_SIZE", "LOG_CI_START", "LOG_CI_END", "WEIGHT", "ORDER")
  out <- cbind(out, attribute_columns(nodes, c("ESTIMABLE", revman_data, results), all = TRUE))
  out <- as_flags(as_numbers(out, tolower(c(revman_data, results))), "estimable")
  out$footnote <- child_text(nodes, "FOOTNOTE")
  out
}

# Rows of which some numbers are there and others are not, or are text: they cannot be analysed, and are told.
warn_partial_rows <- function(rows, outcomes, arg, call) {
  type <- outcomes$type[match(rows$outcome, outcomes$outcome)]
  arms <- type %in% c("DICH", "CONT")
  need <- list(DICH = revman_columns$table, CONT = revman_columns$means, IV = revman_columns$generic,
               IPD = revman_columns$oe)
  bad <- rep(FALSE, nrow(rows))
  for (one in names(need)) {
    own <- which(type %in% one & !(arms & !is.na(rows$estimate)))
    lacking <- rowSums(is.na(rows[own, need[[one]], drop = FALSE]))
    bad[own] <- lacking > 0L & lacking < length(need[[one]])
  }
  if (any(bad)) {
    warn_studies(arg, which(bad), "has rows of data with missing values or text in place of numbers: not estimable",
                 call)
  }
}

#' @export
print.revman_review <- function(x, ...) {
  cat(format_review(x), sep = "\n")
  invisible(x)
}

format_review <- function(x) {
  some <- function(n, one, many = paste0(one, "s")) if (n) translatef(paste("%d", if (n == 1L) one else many), n)
  line <- function(head, parts) translatef(head, own_text(paste(parts, collapse = translate(", "))))
  sections <- table(factor(x$studies$section, c("included", "excluded", "awaiting", "ongoing")))
  sections <- sections[sections > 0L]
  bias <- x$risk_of_bias
  also <- c(some(nrow(x$references), "reference"), some(length(x$sof_tables), "summary of findings table"),
            some(length(x$additional_tables), "additional table"), some(nrow(x$figures), "figure"),
            some(nrow(x$flowchart), "box of a flow diagram", "boxes of a flow diagram"),
            some(nrow(x$links), "link from the text to an outcome", "links from the text to outcomes"))
  lines <- c(line("Studies: %s", vapply(names(sections), function(s) translatef(paste("%d", s), sections[[s]]), "")),
             line("Analyses: %s", c(some(nrow(x$comparisons), "comparison"), some(nrow(x$outcomes), "outcome"),
                                    some(nrow(x$subgroups), "subgroup"), some(nrow(x$rows), "row"))),
             if (nrow(bias)) translatef("Risk of bias: %d judgements of %d items", nrow(bias),
                                        length(unique(bias$item_id))),
             if (length(also)) line("Also: %s", also))
  c(translatef("Review Manager %s: %s", own_text(x$review$revman_version[1L]), own_text(x$review$title)),
    paste0("  ", lines))
}

#' @export
summary.revman_review <- function(object, ...) {
  o <- object$outcomes
  model <- ifelse(o$random %in% TRUE, "random", "fixed")
  count <- function(number) sum(object$rows$outcome %in% number)
  # Of outcomes without a total the file holds fillers.
  o[!o$totals %in% c("YES", NA), c("effect_size", "ci_start", "ci_end", "i2")] <- NA_real_
  data.frame(outcome = o$outcome,
             comparison = object$comparisons$name[match(sub("[.].*$", "", o$outcome), object$comparisons$comparison)],
             name = o$name, type = o$type, measure = o$effect_measure, method = ifelse(is.na(o$method), "IV", o$method),
             model = model,
             totals = o$totals, studies = o$studies, rows = vapply(o$outcome, count, 0L), effect = o$effect_size,
             ci.lb = o$ci_start,
             ci.ub = o$ci_end, I2 = o$i2, row.names = NULL, stringsAsFactors = FALSE)
}
