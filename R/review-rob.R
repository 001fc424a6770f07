# Owns rob(): judgements of risk of bias as an object, whatever table they came in; its print, its data frames and its
# subsets.

#' Risk of bias of the studies of a review
#'
#' Reads judgements of risk of bias from a table, recognises their words, and derives the overall judgement where the
#' tool has a rule for it. [rob_summary()] and [rob_graph()] draw them.
#'
#' @param data a data frame with a row per study and a column per domain, or with a row per judgement (columns for
#'   study, domain and judgement); what [read_rm5()] returns, or its table `risk_of_bias`; a matrix with studies as
#'   row names.
#' @param tool name of a tool, or a tool: see [rob_tool()]. By default the tool whose domains and words fit the data.
#' @param study column with the labels of the studies. Columns are named as such (`study = author`), as text or by
#'   position; by default they are found by their headings, English or Chinese.
#' @param domains columns of the domains of a wide table. Names, as in `c(Randomisation = D1)`, are labels.
#' @param domain,judgement,support columns of a long table.
#' @param outcome column that tells judgements of several results of a study apart.
#' @param overall column with the overall judgement of a wide table; or `TRUE`: derive it by the tool's rule wherever
#'   it is not given; or `FALSE`: none. By default it is taken from the data, and where the tool's guidance has a rule
#'   derived (the first tool of Cochrane has one for the outcomes of a review, which RevMan does not show: only with
#'   `TRUE`).
#' @param lang language of labels in the result's print and figures, by default the option `metaparity.lang`.
#' @return An object of class `metaparity_rob`: a list with `tool`, `study` (labels), `outcome`, `domains` (a data
#'   frame: `id`, `label`, `group`, `overall`, `most`), `values` (a character matrix of levels, studies by domains,
#'   `NA` where not judged), `stars` (numbers, for scales that count), `support`, `derived` (which values were
#'   derived), `weight` and `unused` (columns that are no judgements).
#'
#'   `as.data.frame()` gives a row per judgement, with `shape = "wide"` a row per study, with `shape = "counts"` how
#'   many studies have which judgement in each domain. `x[i]` takes studies.
#' @details Words are recognised with or without "risk of bias", in any case: `low`, `L`, `+`, the Chinese words,
#' `unclear`, `?`, `some concerns`, `SC`, `moderate`, `serious`, `critical`, `no information`, `NI`, `high`, `-`, `x`
#' and so on, those of the tool only. Empty cells are not judged; so are unclear judgements without a reason in
#' RevMan's files.
#'
#' A heading that comes again (`Patient selection`, or `Patient.selection.1` of [read.csv()]) is of the domain's
#' applicability, where the tool judges that too.
#'
#' Rules for the overall judgement: the worst of the domains for RoB 2, ROBINS-I, ROBINS-E and PROBAST (low only if
#' all are low; no information where a domain has none and no other is serious); the sum of the stars for the
#' Newcastle-Ottawa Scale. A study that lacks a judgement has no overall judgement, unless one of the others is the
#' worst there is.
#'
#' Errors: `metaparity_error_studies` names the rows with words that are no judgements of the tool, and the rows of a
#' table that repeat a study and domain, or a study whose results no `outcome` tells apart; `metaparity_error_input`
#' for columns that are not there. Stars given as
#' a total that is not their sum give a warning, `metaparity_warning_studies`.
#' @section In other software: \pkg{robvis} and \pkg{meta}'s `rob()` read wide tables; RevMan: Risk of bias tables.
#' @references Higgins JPT, Altman DG, Gotzsche PC, et al. (2011). The Cochrane Collaboration's tool for assessing
#'   risk of bias in randomised trials. *BMJ*, 343, d5928. Sterne JAC, Savovic J, Page MJ, et al. (2019). RoB 2.
#'   *BMJ*, 366, l4898.
#' @examples
#' d <- data.frame(study = c("Ash 2001", "Birch 2004", "Cedar 2009"),
#'                 D1 = c("low", "high", "low"),
#'                 D2 = c("low", "low", "high"), D3 = "some concerns",
#'                 D4 = c("+", "+", "-"), D5 = "low")
#' x <- rob(d, tool = "rob2")
#' x
#' as.data.frame(x, shape = "wide")
#' file <- system.file("extdata", "example.rm5", package = "metaparity")
#' rob(read_rm5(file))
#' @export
rob <- function(data, tool = NULL, study = NULL, domains = NULL, domain = NULL, judgement = NULL, support = NULL,
                outcome = NULL, overall = NULL, lang = NULL) {
  check_given(data)
  call <- match.call()
  env <- parent.frame()
  frame <- rob_frame(data, call)
  if (!is.null(lang)) check_language(lang, call = call)
  named <- function(arg) rob_column(call[[arg]], frame$data, env, arg, call)
  columns <- list(study = named("study"), domain = named("domain"), judgement = named("judgement"),
                  support = named("support"),
                  outcome = named("outcome"), domains = column_names(call$domains, frame$data, env, "domains", call))
  wish <- overall_wish(call$overall, frame$data, env, call)
  columns$overall <- wish$column
  if (!is.null(tool)) tool <- rob_tool(checked_tool(tool, call))
  if (is.null(tool) && frame$revman) tool <- rob_tool("rob1")
  table <- if (is_long_table(frame$data, columns)) long_table(frame, columns, call) else wide_table(frame, columns,
                                                                                                    tool, call)
  out <- new_rob(table, if (is.null(tool)) guessed_tool(table) else tool, call)
  out <- with_overall(out, wish$derive, call)
  out$lang <- lang
  out
}

checked_tool <- function(tool, call) {
  if (inherits(tool, "rob_tool")) return(tool)
  check_choice(printed_tool(tool), rob_tables()$tools$tool, "tool", call)
}

# A column with the overall judgements, or whether they are derived: TRUE, FALSE, or NULL for the tool's habit.
overall_wish <- function(expr, data, env, call) {
  if (is.null(expr)) return(list())
  if (is.symbol(expr) && as.character(expr) %in% names(data)) return(list(column = as.character(expr)))
  value <- evaluated(expr, env, "overall", call)
  if (is.logical(value)) return(list(derive = check_flag(value, "overall", call)))
  list(column = rob_column(value, data, env, "overall", call))
}

# The table to read, whether it is RevMan's, and the studies of a review, judged or not.
rob_frame <- function(data, call) {
  if (inherits(data, "revman_review")) {
    included <- data$studies$study[data$studies$section %in% "included"]
    results <- result_items(data)
    if (!is.null(results)) return(list(data = results, revman = FALSE, studies = NULL))
    if (!NROW(data$risk_of_bias)) abort_input("data", "is a review without judgements of the risk of bias", call)
    return(list(data = revman_items(data$risk_of_bias), revman = TRUE, studies = included))
  }
  if (is.matrix(data) && is.character(data)) {
    study <- if (is.null(rownames(data))) seq_len(nrow(data)) else rownames(data)
    data <- data.frame(study = as.character(study), data, check.names = FALSE, stringsAsFactors = FALSE)
  }
  if (!is.data.frame(data)) abort_input("data", sprintf("must be a data frame of judgements, not %s", describe(data)),
                                        call)
  if (!nrow(data) || !length(data)) abort_input("data", "must have a row at least", call)
  if (all(c("item_id", "item", "study", "judgement") %in% names(data))) {
    return(list(data = revman_items(data), revman = TRUE, studies = NULL))
  }
  data <- as.data.frame(data, stringsAsFactors = FALSE)
  names(data) <- make.unique(sub("^\ufeff", "", names(data)))
  factors <- vapply(data, is.factor, NA)
  data[factors] <- lapply(data[factors], as.character)
  list(data = data, revman = FALSE, studies = NULL)
}

# RevMan Web's judgements of results: the second tool of Cochrane.
result_items <- function(review) {
  table <- review$risk_of_bias
  if (!inherits(review, "revman_web") || !NROW(table)) return(NULL)
  table <- table[!is.na(table$outcomes), ]
  if (!nrow(table)) return(NULL)
  data.frame(study = table$study, domain = table$item, judgement = table$judgement, support = table$support,
             outcome = table$outcomes, stringsAsFactors = FALSE)
}

# RevMan's items with several groups of outcomes are as many domains.
revman_items <- function(table) {
  groups <- vapply(split(table$group, table$item_id), function(g) length(unique(g[!is.na(g)])), 0L)
  several <- groups[match(table$item_id, names(groups))] > 1L & !is.na(table$group)
  data.frame(study = table$study, domain = ifelse(several, paste0(table$item, ": ", table$group), table$item),
             judgement = table$judgement, support = table$support, stringsAsFactors = FALSE)
}

# Domains of a table and the words in them: matrices of studies by domains, as the user wrote them.
new_table <- function(study, words, support = NULL, outcome = NULL, rows, labels = colnames(words),
                      overall = character(),
                      weight = NULL, unused = character()) {
  if (is.null(support)) support <- matrix("", nrow(words), ncol(words))
  list(study = study, outcome = outcome, words = words, support = support, rows = rows, labels = labels,
       overall = overall,
       weight = weight, unused = unused)
}

# Words -> levels. Domains that are the tool's have its labels and stand in its order, unless the user labelled them.
new_rob <- function(table, tool, call) {
  domains <- rob_domains(table, tool)
  words <- table$words[, domains$column, drop = FALSE]
  stars <- if (has_stars(tool)) read_stars(words, domains, table, call)
  values <- if (is.null(stars)) read_levels(words, tool, table, call) else star_levels(stars, domains)
  colnames(values) <- domains$id
  support <- table$support[, domains$column, drop = FALSE]
  colnames(support) <- domains$id
  structure(list(tool = tool, study = table$study, outcome = table$outcome,
                 domains = domains[names(domains) != "column"],
                 values = values, stars = stars, support = support,
                 derived = matrix(FALSE, nrow(values), ncol(values), dimnames = dimnames(values)),
                 weight = table$weight,
                 unused = table$unused), class = "metaparity_rob")
}

rob_domains <- function(table, tool) {
  n <- ncol(table$words)
  overall <- colnames(table$words) %in% table$overall
  key <- heading_key(table$labels)
  second <- key %in% overall_applicability_keys & any(tool$domains$group == "applicability")
  overall <- overall | key %in% overall_keys | second
  row <- rep(NA_integer_, n)
  row[!overall] <- domain_rows(table$labels[!overall], tool)
  same <- colnames(table$words) == table$labels
  own <- tool$domains[row, ]
  group <- ifelse(is.na(row), ifelse(second | grepl("applicability|\u9002\u7528\u6027", key), "applicability", "bias"),
                  own$group)
  if (!any(tool$domains$group == "applicability") && !second[1L] %in% TRUE) group[is.na(row) & overall] <- "bias"
  out <- data.frame(id = ifelse(is.na(row), colnames(table$words), own$id),
                    label = ifelse(overall, ifelse(same, overall_label(tool, group), table$labels),
                                   ifelse(is.na(row) | !same, table$labels, own$label)),
                    group = group, overall = overall, most = own$most, column = seq_len(n), stringsAsFactors = FALSE)
  out$id[overall] <- make.unique(c(bias = "overall", applicability = "overall_applicability")[group[overall]])
  out$id <- make.unique(out$id)
  whole <- all(!is.na(row) | overall)
  out <- out[order(out$group == "applicability", out$overall, if (whole) row else seq_len(n)), ]
  rownames(out) <- NULL
  out
}

overall_label <- function(tool, group) {
  ifelse(group == "applicability", "Overall applicability",
         if (has_stars(tool)) "Total stars" else "Overall risk of bias")
}

# All cells that are no judgements at once.
read_levels <- function(words, tool, table, call) {
  values <- matrix(recognise_judgements(words, tool), nrow(words), ncol(words))
  bad <- which(values == "", arr.ind = TRUE)
  if (nrow(bad)) {
    abort_words(words, bad, table, sprintf("%s (%s)", tool$title, paste(tool$levels$level, collapse = ", ")), call)
  }
  values
}

read_stars <- function(words, domains, table, call) {
  most <- domains$most
  sections <- !domains$overall & is.na(most)
  most[sections] <- 4
  most[domains$overall] <- 99
  stars <- vapply(seq_along(most), function(j) recognise_stars(words[, j], most[j]), numeric(nrow(words)))
  stars <- matrix(stars, nrow(words), ncol(words), dimnames = list(NULL, domains$id))
  bad <- which(is.nan(stars), arr.ind = TRUE)
  if (nrow(bad)) abort_words(words, bad, table, "numbers of stars, at most those of the domain", call)
  stars
}

abort_words <- function(words, bad, table, what, call) {
  rows <- sort(unique(table$rows[bad]))
  shown <- unique(dQuote(substr(enc2utf8(as.character(words[bad])), 1L, 30L), FALSE))
  where <- unique(table$labels[bad[, 2L]])
  abort_studies("data", rows, sprintf("must hold judgements of %s; %s in %s is none", what,
                                      paste(utils::head(shown, 5L), collapse = ", "),
                                      paste(utils::head(where, 5L), collapse = ", ")), call)
}

# All, some or none of the stars of a domain. A total has no level.
star_levels <- function(stars, domains) {
  most <- ifelse(is.na(domains$most), 1, domains$most)
  share <- sweep(stars, 2L, most, "/")
  out <- ifelse(share >= 1, "all_stars", ifelse(share > 0, "some_stars", "no_star"))
  out[, domains$overall] <- NA
  out
}

#' @export
`[.metaparity_rob` <- function(x, i, ...) {
  rows <- tryCatch(stats::setNames(seq_along(x$study), x$study)[i], error = function(e) NA)
  if (anyNA(rows)) abort_input("i", "must select studies of `x`, by number or label", sys.call())
  rows <- unname(rows)
  for (name in c("study", "outcome", "weight")) if (!is.null(x[[name]])) x[[name]] <- x[[name]][rows]
  for (name in c("values", "stars", "support", "derived")) {
    if (!is.null(x[[name]])) x[[name]] <- x[[name]][rows, , drop = FALSE]
  }
  x
}
