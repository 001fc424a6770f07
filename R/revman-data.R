# Owns data frames on their way to RevMan's tables: columns named as in escalc(), or what escalc() left in its result,
# -> settings, subgroups and rows of one outcome.

# RevMan's words for its measures; other effects are entered under a name of their own.
revman_measure_names <- c(OR = "Odds Ratio", RR = "Risk Ratio", RD = "Risk Difference", PETO_OR = "Peto Odds Ratio",
                          MD = "Mean Difference",
                          SMD = "Std. Mean Difference")

# The columns of each kind in escalc()'s words.
revman_input <- list(
  table = list(events_1 = "ai", total_1 = "n1i", events_2 = "ci", total_2 = "n2i"),
  means = list(mean_1 = "m1i", sd_1 = "sd1i", total_1 = "n1i", mean_2 = "m2i", sd_2 = "sd2i", total_2 = "n2i"),
  generic = list(estimate = "yi", se = "sei"), oe = list(o_e = "oe", var = "v"))

revman_from_data <- function(data, columns, by, study, measure, env, call) {
  given <- revman_given(data, columns, env, call)
  kind <- revman_data_kind(given, call)
  if (kind == "table") given <- with_totals(given, call)
  if (kind == "generic" && is.null(given$sei) && !is.null(given$vi)) {
    given$sei <- sqrt(check_numeric_vector(given$vi, "vi", call))
  }
  want <- revman_input[[kind]]
  lacking <- setdiff(unlist(want), names(given))
  if (length(lacking)) abort_input(lacking[1L], "must be given", call)
  k <- nrow(data)
  if (!k) abort_input("x", "has no rows", call)
  rows <- as.data.frame(lapply(want, function(name) column_of_rows(given[[name]], name, k, call)),
                        stringsAsFactors = FALSE)
  if (kind == "oe") rows <- with_arm_counts(rows, given)
  label <- resolve_column(study, data, env, "study", call) %||% given$slab
  group <- resolve_column(by, data, env, "by", call)
  for (one in c("study", "by")) {
    value <- if (one == "study") label else group
    if (!is.null(value) && !is.atomic(value)) {
      abort_input(one, sprintf("must be a column, not %s", describe(value)), call)
    }
    if (length(value) && length(value) != k) {
      abort_input(one, sprintf("must have one value for each of the %d rows, not %d", k, length(value)), call)
    }
  }
  rows$study <- paste("Study", seq_len(k))
  named <- if (length(label)) which(!is.na(label) & nzchar(trimws(label)))
  rows$study[named] <- as.character(label)[named]
  rows$study_id <- rows$study
  keep <- complete_rows(rows, want, group, call)
  check_revman_rows(rows, kind, keep, call)
  groups <- group_factor(group[keep])
  rows <- rows[keep, , drop = FALSE]
  rownames(rows) <- NULL
  rows$subgroup <- if (length(group)) as.character(as.integer(droplevels(groups))) else NA_character_
  new_revman_outcome(data_settings(kind, given$measure, measure, length(group) > 0L, call),
                     data_subgroups(droplevels(groups)), rows)
}

# One number stands for all rows.
column_of_rows <- function(value, name, k, call) {
  value <- as.numeric(check_numeric_vector(value, name, call))
  if (!length(value) %in% c(1L, k)) {
    abort_input(name, sprintf("must have one value for each of the %d rows, not %d", k, length(value)), call)
  }
  rep_len(value, k)
}

# The columns named by the caller, or those of an escalc data frame.
revman_given <- function(data, columns, env, call) {
  known <- unique(c(unlist(revman_input), "bi", "di", "vi", "slab"))
  if (length(columns)) {
    bad <- setdiff(names(columns), known)
    if (is.null(names(columns)) || length(bad)) {
      abort_input(if (length(bad) && nzchar(bad[1L])) bad[1L] else "...",
                  sprintf("must be columns named %s", toString(known)), call)
    }
    return(lapply(stats::setNames(nm = names(columns)), function(name) resolve_column(columns[[name]], data, env, name,
                                                                                      call)))
  }
  out <- escalc_given(data)
  if (is.null(out)) {
    abort_input(
      "x", "must be a data frame of escalc(), or its columns must be named, such as `ai =`, `n1i =`, `ci =`, `n2i =`",
      call)
  }
  out
}

# Raw data behind the effects of an escalc data frame where RevMan has the measure, else the effects.
escalc_given <- function(data) {
  if (!inherits(data, "escalc")) return(NULL)
  name <- attr(data, "yi.names")[1L]
  variance <- attr(data, "vi.names")[1L]
  if (is.null(name) || is.null(variance) || !all(c(name, variance) %in% names(data))) return(NULL)
  notes <- attributes(data[[name]])
  raw <- attr(data, "raw.names")[[name]]
  raw <- raw[raw %in% names(data)]
  measure <- notes$measure %||% "GEN"
  own <- c(list(measure = measure), list(slab = if (length(notes$slab) == nrow(data)) notes$slab))
  if (measure %in% c("OR", "RR", "RD", "PETO", "MD", "SMD") && length(raw) >= 4L) {
    return(c(lapply(raw, function(column) data[[column]]), own))
  }
  c(list(yi = as.numeric(data[[name]]), vi = as.numeric(data[[variance]])), own)
}

revman_data_kind <- function(given, call) {
  has <- function(...) all(c(...) %in% names(given))
  if (has("oe", "v")) "oe" else if (has("yi")) "generic" else if (has("ai", "ci")) "table" else
    if (has("m1i", "m2i")) "means" else {
    abort_input(
      "...",
      "must name the columns of tables (`ai`, `ci` ...), means (`m1i`, `m2i` ...), effects (`yi`, `sei`) or `oe`, `v`",
      call)
  }
}

with_totals <- function(given, call) {
  sum_of <- function(a, b) check_numeric_vector(given[[a]], a, call) + check_numeric_vector(given[[b]], b, call)
  if (is.null(given$n1i) && !is.null(given$bi)) given$n1i <- sum_of("ai", "bi")
  if (is.null(given$n2i) && !is.null(given$di)) given$n2i <- sum_of("ci", "di")
  given
}

with_arm_counts <- function(rows, given) {
  for (name in names(revman_input$table)) {
    value <- given[[revman_input$table[[name]]]]
    if (length(value) == nrow(rows)) rows[[name]] <- as.numeric(value)
  }
  rows
}

complete_rows <- function(rows, want, group, call) {
  lacking <- c(stats::setNames(lapply(rows[names(want)], is.na), unlist(want)),
               if (length(group)) list(by = is.na(group)))
  bad <- Reduce(`|`, lacking)
  if (any(bad)) {
    words <- names(lacking)[vapply(lacking, any, NA)]
    warn_dropped(which(bad), gettextf("missing values in %s", paste(words, collapse = ", ")), call)
  }
  if (all(bad)) abort_input("x", "holds no row without missing values", call)
  which(!bad)
}

# Rows that cannot be: RevMan refuses them on entry.
check_revman_rows <- function(rows, kind, keep, call) {
  below <- function(name) rows[[name]] < 0
  bad <- switch(kind, table = list(ai = below("events_1"), ci = below("events_2"), n1i = rows$events_1 > rows$total_1,
                                   n2i = rows$events_2 > rows$total_2),
                means = list(sd1i = below("sd_1"), sd2i = below("sd_2"), n1i = below("total_1"),
                             n2i = below("total_2")),
                generic = list(sei = below("se")), oe = list(v = below("var")))
  for (name in names(bad)) {
    wrong <- intersect(which(bad[[name]]), keep)
    if (!length(wrong)) next
    if (kind == "table" && name %in% c("n1i", "n2i")) {
      abort_studies(name, wrong, "must not be negative, nor smaller than the number of events", call)
    }
    abort_studies(name, wrong, "must not be negative", call)
  }
}

data_settings <- function(kind, own, measure, grouped, call) {
  measure <- measure %||% own
  if (identical(measure, "PETO_OR")) measure <- "PETO"
  if (!is.null(measure) && (!is.character(measure) || length(measure) != 1L || is.na(measure))) {
    abort_input("measure", sprintf("must be one text, not %s", describe(measure)), call)
  }
  type <- c(table = "DICH", means = "CONT", generic = "IV", oe = "IPD")[[kind]]
  given <- kind %in% c("generic", "oe")
  word <- if (given) effect_word(measure %||% if (kind == "oe") "OR" else "GEN") else {
    choices <- if (kind == "table") c("OR", "RR", "RD", "PETO") else c("MD", "SMD")
    check_choice(measure %||% choices[1L], choices, "measure", call)
  }
  peto <- identical(word, "PETO") || kind == "oe"
  data.frame(outcome = "1.1", id = "CMP-001.01", name = "", type = type, group_label_1 = "Experimental",
             group_label_2 = "Control",
             graph_label_1 = "Favours [experimental]", graph_label_2 = "Favours [control]",
             effect_measure = if (identical(word, "PETO")) "PETO_OR" else word, method = if (peto) "PETO" else
               if (kind == "table") "MH" else "IV",
             random = FALSE, totals = "YES", subgroups = grouped, subgroup_test = TRUE, ci_study = 95, ci_total = 95,
             scale = NA_real_,
             sort_by = "USER", swap_events = FALSE, log_data = given && is_log_word(measure), show_participants = FALSE,
             estimable = TRUE, stringsAsFactors = FALSE)
}

# The name of an effect that was given, and whether it is analysed as a logarithm.
effect_word <- function(measure) {
  if (!measure %in% names(measure_table)) return(measure)
  if (measure == "GEN") return("Effect")
  info <- measure_info(measure)
  if (is_log_measure(measure)) info$natural_label else info$label
}

is_log_word <- function(measure) {
  !is.null(measure) && (measure %in% c("PETO") || measure %in% names(measure_table) && is_log_measure(measure) ||
                          grepl("ratio", measure, ignore.case = TRUE))
}

data_subgroups <- function(groups) {
  names <- levels(groups)
  number <- as.character(seq_along(names))
  data.frame(outcome = rep("1.1", length(names)), subgroup = number, id = sprintf("CMP-001.01.%02d", seq_along(names)),
             name = names,
             stringsAsFactors = FALSE)
}
