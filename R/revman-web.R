# Owns read_revman_web(): a data package of RevMan Web (versions 1 and 2), zipped or not, as the tables of read_rm5().
# Source: packages of 2019 to 2026. Text is UTF-8 with or without a mark at its beginning; "#N/A" is missing; names may
# be HTML.

#' Data packages of RevMan Web
#'
#' Reads the analyses of a review from the data package that RevMan Web exports, and that the Cochrane Library offers as
#' supplement: settings, data of every study, results as stored, risk of bias.
#'
#' @param path the package: a `.zip` file, or the folder that it holds.
#' @return A list of classes `revman_web` and `revman_review`, with the tables of [read_rm5()]: `review`, `studies`,
#'   `comparisons`,
#'   `outcomes`, `subgroups`, `rows`, `characteristics`, `risk_of_bias`; the others are empty. `outcomes` also has the
#'   `estimator` of
#'   tau2, `ci_method` (`"Wald"`, `"HKSJ"`), `subtotals` and, as stored, `pi_start`, `pi_end`, `tau2_start`,
#'   `tau2_end`, `t`; `rows` the
#'   `applicability` (`"SUBGROUP_AND_OVERALL"`, `"SUBGROUP_ONLY"`, `"OVERALL_ONLY"`), which [revman()] heeds. Rows of
#'   arms that hold
#'   only a contrast (an effect and its standard error) have `estimate` and `se`. [outcome()], [revman()],
#'   [as_rma()], `summary()` and [rob()] take it as they take a review of RevMan 5.
#' @details A package without subgroups has no file of them. Version 1 (until September 2024) knows DerSimonian and
#' Laird with Wald
#'   intervals only. Names are plain text: tags are taken away and entities are read.
#'
#'   Errors of class `metaparity_error_input`: no such file, no package (it lacks the data rows or the settings), a
#'   package of a
#'   review of diagnostic tests.
#' @section In other software: meta: `read.cdir()`, of version 1, and of version 2 with subgroups.
#' @seealso [verify_revman_web()] for a check of the stored results, [write_revman_csv()] for the way back.
#' @examples
#' folder <- file.path(tempdir(), "package")
#' x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' write_revman_csv(x, folder, what = "analyses")
#' web <- read_revman_web(folder)
#' summary(web)
#' revman(web, "1.1")
#' unlink(folder, recursive = TRUE)
#' @export
read_revman_web <- function(path) {
  check_given(path)
  call <- sys.call()
  files <- package_files(path, call)
  on.exit(unlink(files$temporary, recursive = TRUE))
  tables <- lapply(files$tables, read_package_table, call = call)
  settings <- web_outcomes(tables$settings)
  rows <- web_rows(tables$rows, settings, call)
  warn_partial_rows(rows, settings, "path", call)
  subgroups <- web_subgroups(tables$subgroups, rows)
  rows$subgroup <- subgroups$subgroup[match(paste(rows$outcome, rows$subgroup_name, sep = "\r"),
                                            paste(subgroups$outcome, subgroups$name, sep = "\r"))]
  rows$subgroup_name <- NULL
  settings$subgroups <- settings$outcome %in% subgroups$outcome
  studies <- web_studies(tables$information, rows)
  rows$study_id <- studies$study_id[match(rows$study, studies$study)]
  none <- data.frame()
  out <- list(review = web_review(files, tables), studies = studies, comparisons = web_comparisons(tables$settings),
              outcomes = settings,
              subgroups = subgroups, rows = rows, references = none,
              characteristics = web_characteristics(tables$information, studies),
              risk_of_bias = web_judgements(tables, rows, studies), texts = none, links = none, sof_tables = list(),
              additional_tables = list(), figures = none, flowchart = none)
  structure(out, class = c("revman_web", "revman_review"))
}

# ---- tables --------------------------------------------------------------------------------------

analysis_number <- function(table) paste(web_column(table, "analysis_group"), web_column(table, "analysis_number"),
                                         sep = ".")

web_types <- c("^dich" = "DICH", "^cont.*level|contrast|generic|^giv" = "IV", "^cont" = "CONT", "o-?e|observed" = "IPD")

web_measures <- c("peto" = "PETO_OR", "^odds|^or$" = "OR", "^risk ratio|^relative|^rr$" = "RR",
                  "^risk diff|^rd$" = "RD", "^std|^standardi|^smd$" = "SMD",
                  "^mean diff|^md$" = "MD")

# The first pattern that each text matches.
first_match <- function(text, patterns) {
  found <- rep(NA_character_, length(text))
  for (pattern in names(patterns)) found[is.na(found) & grepl(pattern, tolower(text))] <- patterns[[pattern]]
  found
}

web_outcomes <- function(t) {
  type <- first_match(web_column(t, "data_type"), web_types)
  type[is.na(type)] <- "OTHER"
  word <- html_text(web_column(t, "effect_measure"))
  measure <- ifelse(type %in% c("DICH", "CONT"), first_match(word, web_measures), word)
  overall <- !web_flag(t, "overall_estimates") %in% FALSE
  grouped <- !web_flag(t, "subgroup_estimates") %in% FALSE
  level <- web_number(t, "estimate_ci", "ci_pi_level", "ci_level")
  text <- function(...) {
    value <- html_text(web_column(t, ...))
    ifelse(is.na(value), "", value)
  }
  out <- data.frame(
    outcome = analysis_number(t),
    id = sprintf("CMP-%03d.%02d", as.integer(web_number(t, "analysis_group")),
                 as.integer(web_number(t, "analysis_number"))),
    name = text("analysis_name"), type = type, group_label_1 = text("experimental_group_label"),
    group_label_2 = text("control_group_label"),
    graph_label_1 = text("graph_label_left"), graph_label_2 = text("graph_label_right"), effect_measure = measure,
    method = first_match(web_column(t, "statistical_method"),
                         c("^m-?h|mantel" = "MH", "peto|exp" = "PETO", "^iv|inverse" = "IV")),
    random = grepl("^random", tolower(web_column(t, "analysis_model"))),
    totals = ifelse(overall, "YES", ifelse(grouped, "SUB", "NO")),
    subgroup_test = !web_flag(t, "test_for_subgroup_differences") %in% FALSE, subtotals = grouped,
    ci_study = web_number(t, "study_ci", "ci_pi_level", "ci_level"), ci_total = level,
    scale = web_number(t, "graph_scale"),
    swap_events = web_flag(t, "swap_event_and_non_event") %in% TRUE,
    log_data = web_flag(t, "log_scale_data") %in% TRUE, show_participants = type == "IV", stringsAsFactors = FALSE)
  out$estimator <- first_match(web_column(t, "heterogeneity_estimator"),
                               c("^reml|restricted" = "REML", "^dl|dersimonian" = "DL"))
  out$estimator[is.na(out$estimator)] <- "DL"
  out$ci_method <- first_match(web_column(t, "ci_method"), c("hksj|hartung" = "HKSJ", "wald" = "Wald"))
  out$ci_method[is.na(out$ci_method)] <- "Wald"
  cbind(out, web_results(t), q = web_number(t, "subgroup_chi"), q_df = web_number(t, "subgroup_df"),
        p_q = web_number(t, "subgroup_p"),
        i2_q = web_number(t, "subgroup_i"), pi_start = web_number(t, "pi_start"), pi_end = web_number(t, "pi_end"),
        tau2_start = web_number(t, "heterogeneity_tau_ci_start"), tau2_end = web_number(t, "heterogeneity_tau_ci_end"))
}

web_results <- function(t) {
  from <- list(effect_size = "mean", ci_start = "ci_start", ci_end = "ci_end", tau2 = "heterogeneity_tau",
               chi2 = "heterogeneity_chi",
               df = "heterogeneity_df", p_chi2 = "heterogeneity_p", i2 = "heterogeneity_i", z = "effect_z",
               t = "effect_t", p_z = "effect_p",
               weight = "weight", events_1 = "experimental_cases", total_1 = "experimental_n",
               events_2 = "control_cases", total_2 = "control_n")
  out <- as.data.frame(lapply(from, function(name) web_number(t, name)))
  out$studies <- rep(NA_real_, nrow(t))
  out
}

web_rows <- function(t, settings, call) {
  number <- analysis_number(t)
  known <- number %in% settings$outcome
  if (!all(known)) warn_studies("path", which(!known), "has rows of analyses without settings, which are left out",
                                call)
  t <- t[known, , drop = FALSE]
  of <- match(number[known], settings$outcome)
  type <- settings$type[of]
  take <- function(key, types) ifelse(type %in% types, web_number(t, key), NA_real_)
  counted <- c("DICH", "IPD")
  out <- data.frame(
    outcome = number[known], subgroup_name = html_text(web_column(t, "subgroup")),
    study = html_text(web_column(t, "study")), year = web_column(t, "study_year"),
    events_1 = take("experimental_cases", counted), total_1 = web_number(t, "experimental_n"),
    events_2 = take("control_cases", counted),
    total_2 = web_number(t, "control_n"), mean_1 = take("experimental_mean", "CONT"),
    sd_1 = take("experimental_sd", "CONT"),
    mean_2 = take("control_mean", "CONT"), sd_2 = take("control_sd", "CONT"), estimate = take("giv_mean", "IV"),
    se = take("giv_se", "IV"),
    o_e = take("o_e", "IPD"), var = take("variance", "IPD"), effect_size = web_number(t, "mean"),
    ci_start = web_number(t, "ci_start"),
    ci_end = web_number(t, "ci_end"), weight = web_number(t, "weight"), stringsAsFactors = FALSE)
  giv_se <- web_number(t, "giv_se")
  no_arms <- type %in% c("DICH", "CONT") & out$total_1 %in% c(0, NA) & out$total_2 %in% c(0, NA)
  contrast <- which(no_arms & giv_se > 0)
  out$estimate[contrast] <- web_number(t, "giv_mean")[contrast]
  out$se[contrast] <- giv_se[contrast]
  out$applicability <- web_column(t, "applicability")
  out$applicability[is.na(out$applicability)] <- "SUBGROUP_AND_OVERALL"
  out$order <- seq_len(nrow(out))
  note <- html_text(web_column(t, "footnotes"))
  out$footnote <- ifelse(is.na(note), "", note)
  attr(out, "bias") <- t[grepl("judgement$|support$", names(t))]
  out
}

# Without a file of subgroups they come in the order of their rows.
web_subgroups <- function(t, rows) {
  seen <- unique(rows[!is.na(rows$subgroup_name), c("outcome", "subgroup_name")])
  known <- if (NROW(t)) {
    cbind(data.frame(outcome = analysis_number(t), name = html_text(web_column(t, "subgroup")),
                     number = web_number(t, "subgroup_number"),
                     stringsAsFactors = FALSE), web_results(t))
  } else {
    cbind(data.frame(outcome = character(), name = character(), number = numeric(), stringsAsFactors = FALSE),
          web_results(data.frame()))
  }
  known <- known[!is.na(known$name), ]
  more <- !paste(seen$outcome, seen$subgroup_name, sep = "\r") %in% paste(known$outcome, known$name, sep = "\r")
  if (any(more)) {
    known <- bind_frames(list(known, data.frame(outcome = seen$outcome[more], name = seen$subgroup_name[more],
                                                number = Inf, stringsAsFactors = FALSE)))
  }
  known <- known[order(match(known$outcome, unique(rows$outcome)), known$number), ]
  place <- stats::ave(seq_len(nrow(known)), known$outcome, FUN = seq_along)
  known$subgroup <- as.character(place)
  known$id <- if (nrow(known)) sprintf("%s.%02d", known$outcome, as.integer(place)) else character()
  known$number <- NULL
  rownames(known) <- NULL
  known
}

web_comparisons <- function(t) {
  group <- web_column(t, "analysis_group")
  first <- !duplicated(group)
  data.frame(comparison = group[first], id = sprintf("CMP-%03d", as.integer(group[first])),
             name = html_text(ifelse(is.na(web_column(t, "analysis_group_name")), "",
                                     web_column(t, "analysis_group_name")))[first], stringsAsFactors = FALSE)
}

web_studies <- function(t, rows) {
  named <- if (NROW(t)) html_text(web_column(t, "study")) else character()
  study <- unique(c(named[!is.na(named)], rows$study[!is.na(rows$study)]))
  year <- rows$year[match(study, rows$study)]
  if (NROW(t)) year <- ifelse(is.na(year), web_column(t, "year")[match(study, named)], year)
  data.frame(study_id = study_ids(study), study = study, year = year, section = rep("included", length(study)),
             data_source = if (NROW(t)) web_column(t, "data_source")[match(study, named)] else
               rep(NA_character_, length(study)), stringsAsFactors = FALSE)
}

web_characteristics <- function(t, studies) {
  columns <- if (NROW(t)) grep("^char_", names(t), value = TRUE) else character()
  parts <- lapply(columns, function(name) {
    data.frame(study_id = studies$study_id[match(html_text(t$study), studies$study)], study = html_text(t$study),
               section = "included",
               field = sub("^char_", "", name), text = html_text(ifelse(is.na(t[[name]]), "", t[[name]]),
                                                                 lines = TRUE), stringsAsFactors = FALSE)
  })
  do.call(rbind, c(list(data.frame(study_id = character(), study = character(), section = character(),
                                   field = character(), text = character(),
                                   stringsAsFactors = FALSE)), parts))
}

web_judgement_words <- c("^low" = "low", "some" = "some concerns", "^high" = "high", "unclear" = "unclear")

# Judgements of studies (a file of their own), or of results (columns beside the rows).
web_judgements <- function(tables, rows, studies) {
  one <- function(study, item, judgement, support, outcomes) {
    data.frame(item_id = heading_name(item), item = item, level = if (all(is.na(outcomes))) "study" else "group",
               core = TRUE, group = NA_character_,
               outcomes = outcomes, study_id = studies$study_id[match(study, studies$study)], study = study,
               judgement = first_match(judgement, web_judgement_words),
               support = html_text(ifelse(is.na(support), "", support), lines = TRUE),
               stringsAsFactors = FALSE)
  }
  t <- tables$bias
  parts <- list()
  if (NROW(t)) {
    heads <- attr(t, "headings")
    for (i in grep("judg", names(t))) {
      item <- trimws(sub("^Domain \\(judge?ment\\): *", "", heads[i]))
      support <- match(heading_name(sub("\\(judge?ment\\)", "(support)", heads[i])), names(t))
      parts <- c(parts, list(one(html_text(t$study), item, t[[i]], if (is.na(support)) NA else t[[support]],
                                 NA_character_)))
    }
  }
  beside <- attr(rows, "bias")
  heads <- attr(tables$rows, "headings")
  for (name in grep("judgement$", names(beside), value = TRUE)) {
    item <- trimws(sub(" *\\(judge?ment\\) *$", "", heads[match(name, names(tables$rows))]))
    support <- beside[[sub("judgement$", "support", name)]]
    some <- !is.na(beside[[name]])
    if (any(some)) parts <- c(parts, list(one(rows$study[some], item, beside[[name]][some], support[some],
                                              rows$outcome[some])))
  }
  out <- do.call(rbind, parts)
  if (is.null(out)) data.frame(item_id = character(), stringsAsFactors = FALSE) else unique(out)
}

# decimals: those of an early export, or NA for full precision.
web_review <- function(files, tables) {
  shown <- unlist(lapply(tables[intersect(c("settings", "rows", "subgroups"), names(tables))], function(t) {
    unlist(t[intersect(names(t), c("mean", "ci_start", "ci_end", "weight", "effect_p"))], use.names = FALSE)
  }))
  shown <- shown[!is.na(shown)]
  digits <- nchar(sub("^[^.]*[.]?", "", sub("[eE].*$", "", shown)))
  short <- length(digits) > 0L && max(digits) <= 6L && !any(grepl("[eE]", shown))
  data.frame(title = files$name, revman_version = "Web",
             package = if (any(names(tables$settings) == "heterogeneity_estimator")) 2L else 1L,
             decimals = if (short) 6L else NA_integer_, stringsAsFactors = FALSE)
}
