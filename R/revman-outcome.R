# Owns an outcome of a review and RevMan's results of it: columns + settings -> one call of the core -> a view with the
# fit. Source: Deeks & Higgins (2010); oracle: numbers stored in RevMan's files.

#' One outcome of a review
#'
#' @param x what [read_rm5()] returned.
#' @param which its number, `"1.2"`, or its id in the file, `"CMP-001.02"`.
#' @return A list of class `revman_outcome`: `settings` (one row of `outcomes`), `subgroups` and `rows`, those of this
#'   outcome.
#' @details Errors: `metaparity_error_input` for an outcome that the review does not have.
#' @section In other software: meta's `metacr()` after `read.rm5()`.
#' @examples
#' x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' outcome(x, "1.1")$settings$name
#' @export
outcome <- function(x, which) {
  check_given(x)
  check_given(which)
  call <- sys.call()
  if (!inherits(x, "revman_review")) {
    abort_input("x", sprintf("must be a review that read_rm5() read, not %s", describe(x)), call)
  }
  if (is.numeric(which)) which <- format(which)
  own <- x$outcomes
  hit <- if (is.character(which) && length(which) == 1L) which(own$outcome == which | own$id == which)
  if (length(hit) != 1L) {
    abort_input("which", sprintf("must be the number of one outcome, such as \"%s\", not %s",
                                 c(own$outcome, "1.1")[1L], describe(which)), call)
  }
  number <- own$outcome[hit]
  settings <- own[hit, ]
  take <- function(table) {
    out <- table[table$outcome %in% number, ]
    rownames(out) <- NULL
    out
  }
  out <- new_revman_outcome(settings, take(x$subgroups), take(x$rows), bias_of_outcome(x, settings))
  web <- web_rules(settings)
  if (is.null(web)) out else structure(c(out, list(web = web)), class = class(out))
}

# Judgements of the studies, and those of groups of outcomes to which this one belongs; groups that name no outcome are
# of
# all those that no other group of the item names.
bias_of_outcome <- function(x, settings) {
  table <- x$risk_of_bias
  if (!NROW(table)) return(NULL)
  groups <- strsplit(ifelse(is.na(table$outcomes), "", table$outcomes), "[ ,;]+")
  named <- vapply(groups, function(id) any(c(settings$id, settings$outcome) %in% id), NA)
  own <- is.na(table$group) | named | lengths(groups) == 0L & !table$item_id %in% table$item_id[named]
  if (any(own)) structure(table[own, ], class = c("revman_bias", "data.frame"))
}

# What RevMan Web says of tau2 and intervals; files of RevMan 5 do not.
web_rules <- function(s) {
  if (is.null(s$estimator) || is.na(s$estimator)) return(NULL)
  list(tau2 = s$estimator, interval = s$ci_method)
}

# Which of RevMan's measures an outcome has, and the columns that it reads.
revman_measure_of <- function(s) {
  switch(s$type, IV = "GIV", IPD = "OE", CONT = s$effect_measure, DICH = s$effect_measure, NA_character_)
}

revman_columns <- list(
  table = c(x1 = "events_1", n1 = "total_1", x2 = "events_2", n2 = "total_2"),
  means = c(x1 = "mean_1", sd1 = "sd_1", n1 = "total_1", x2 = "mean_2", sd2 = "sd_2", n2 = "total_2"),
  generic = c(x1 = "estimate", x2 = "se"), oe = c(x1 = "o_e", x2 = "var"))

revman_kind <- function(measure) {
  switch(measure, OR = , RR = , RD = , PETO_OR = "table", MD = , SMD = "means", GIV = "generic", OE = "oe")
}

# What RevMan shows as a ratio: the analysis is of its natural logarithm.
is_revman_ratio <- function(measure, log_data) measure %in% c("OR", "RR", "PETO_OR", "OE") || measure == "GIV" &&
  isTRUE(log_data)

# Settings of the core's spec. `web`: list(tau2, interval, level) of RevMan Web where they differ from RevMan 5.
revman_spec <- function(s, web = NULL) {
  or <- function(value, default) if (is.null(value) || is.na(value)) default else value
  measure <- revman_measure_of(s)
  method <- if (measure %in% c("PETO_OR", "OE")) "PETO" else if (s$type == "DICH") or(s$method, "MH") else "IV"
  list(measure = measure, method = method, totals = or(s$totals, "YES"), tau2 = or(web$tau2, "DL"),
       random = isTRUE(s$random),
       hksj = identical(web$interval, "HKSJ"), i2_from_tau2 = !is.null(web$tau2),
       level_study = or(s$ci_study, 95) / 100,
       level_total = or(s$ci_total, 95) / 100)
}

# Numbers of the subgroups of the rows, from 1 in the order of the file; none where the outcome has none.
revman_groups <- function(o) {
  if (!nrow(o$subgroups)) return(integer())
  match(o$rows$subgroup, o$subgroups$subgroup)
}

# All of RevMan's numbers of an outcome on the scale of analysis: rows, groups, total, between. NULL without a row.
revman_numbers <- function(o, web = NULL, call = NULL) {
  s <- o$settings
  if (!nrow(o$rows) || is.na(revman_measure_of(s))) return(NULL)
  if (is_apart(o)) return(numbers_apart(o, web, call))
  if (any(contrast_rows(o))) return(numbers_mixed(o, web, call))
  spec <- revman_spec(s, web)
  columns <- lapply(revman_columns[[revman_kind(spec$measure)]], function(name) as.numeric(o$rows[[name]]))
  if (isTRUE(s$swap_events) && s$type == "DICH") {
    columns[c("x1", "x2")] <- Map(`-`, columns[c("n1", "n2")], columns[c("x1", "x2")])
  }
  group <- revman_groups(o)
  used <- sort(unique(group))
  out <- call_core(cpp_revman_outcome(columns, match(group, used), spec), call)
  out[c("rows", "groups", "total", "between")] <- lapply(out[c("rows", "groups", "total", "between")], as.data.frame)
  out$groups <- if (length(used)) data.frame(subgroup = used, out$groups) else data.frame(subgroup = integer())
  out$spec <- spec
  out
}

# Rows of RevMan Web may hold an effect and its standard error in place of arms.
contrast_rows <- function(o) {
  o$settings$type %in% c("DICH", "CONT") & !is.null(o$rows$estimate) & !is.na(o$rows$estimate %||% rep(NA,
                                                                                                       nrow(o$rows)))
}

# Effects of the arms where there are arms; all are pooled by inverse variance.
numbers_mixed <- function(o, web, call) {
  given <- contrast_rows(o)
  plain <- o
  plain$rows$estimate <- NA_real_
  arms <- revman_numbers(plain, web, call)
  all <- o
  all$settings$type <- "IV"
  all$settings$log_data <- is_revman_ratio(arms$spec$measure, FALSE)
  all$settings$method <- "IV"
  all$rows$estimate <- ifelse(given, o$rows$estimate, arms$rows$est)
  all$rows$se <- ifelse(given, o$rows$se, arms$rows$se)
  out <- revman_numbers(all, web, call)
  out$spec$measure <- arms$spec$measure
  out
}

# Rows of RevMan Web may belong to a subgroup only, or to the whole only.
is_apart <- function(o) !is.null(o$rows$applicability) && (any(o$rows$applicability != "SUBGROUP_AND_OVERALL") ||
                                                           nrow(o$subgroups) > 0L && anyNA(o$rows$subgroup))

numbers_apart <- function(o, web, call) {
  whole <- o$rows$applicability != "SUBGROUP_ONLY"
  parted <- o$rows$applicability != "OVERALL_ONLY" & !is.na(o$rows$subgroup) & nrow(o$subgroups) > 0L
  run <- function(rows, groups) {
    part <- new_revman_outcome(o$settings, if (groups) o$subgroups else o$subgroups[0L, , drop = FALSE], o$rows[rows, ])
    part$rows$applicability <- NULL
    if (any(rows)) revman_numbers(part, web, call)
  }
  total <- run(whole, FALSE)
  parts <- run(parted, TRUE)
  all <- run(whole | TRUE, FALSE)
  out <- total %||% all
  out$rows <- all$rows
  out$rows$weight <- 0
  if (is.null(total)) out$total[] <- lapply(out$total, function(v) if (is.logical(v)) FALSE else
                                            if (is.integer(v)) 0L else NA_real_)
  if (out$spec$totals == "YES" && !is.null(total)) out$rows$weight[whole] <- total$rows$weight
  if (is.null(parts)) return(out)
  out[c("groups", "between")] <- parts[c("groups", "between")]
  if (out$spec$totals == "SUB") out$rows$weight[parted] <- parts$rows$weight
  member <- match(o$rows$subgroup, o$subgroups$subgroup)
  if (out$spec$totals == "YES") {
    out$groups$weight <- vapply(out$groups$subgroup, function(g) sum(out$rows$weight[parted & member %in% g]), 0)
  }
  out
}
