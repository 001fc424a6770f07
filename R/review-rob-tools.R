# Owns the tools for risk of bias as lists: levels of judgement, domains and the rule of the overall judgement.
# Source: the tools' guidance documents; the tables are inst/rob/*.csv, one row per tool, level and domain.

#' Tools for risk of bias
#'
#' A tool is a list: what its domains are, which judgements they take, with which words, colours and symbols, and how
#' the overall judgement follows. Take one that is there, change it, or make one.
#'
#' @param name name of a tool that is there: `"rob1"` (Cochrane's first tool, that of RevMan 5), `"rob2"`,
#'   `"rob2_cluster"`, `"rob2_crossover"`, `"robins_i"`, `"robins_i_v2"`, `"robins_e"`, `"quadas2"`, `"probast"`,
#'   `"quips"`, `"syrcle"`, `"nos"` (stars of the three sections), `"nos_cohort"`, `"nos_case_control"`, `"jbi"`,
#'   `"jbi_rct"`, `"jbi_cohort"`, `"jbi_case_control"`, `"jbi_cross_sectional"`, `"jbi_prevalence"`,
#'   `"jbi_case_series"`, `"generic"`; or a tool; or the name of a new one, for which `levels` are needed. Without
#'   `name` all names are returned.
#' @param title the tool's name as figures and tables show it.
#' @param domains the domains: a character vector of labels whose names, if it has any, are short names (`c(D1 =
#'   "Randomisation")`).
#' @param levels the judgements from the best to the worst: names of levels that are there (`"low"`,
#'   `"some_concerns"`, `"high"`, ...), or labels of new ones, with names as short names (`c(a = "Fully reported")`).
#' @param colours,symbols one per level, in their order: colours in the lights and bars, and the sign in a light.
#' @param words a list of further words for judgements, named by level: `list(low = c("fine", "A"))`.
#' @param overall how an overall judgement follows from the domains: `"worst"`, `"none"`, or a function of the levels
#'   of one study (a character vector named by domain, `NA` where not judged) that returns a level or `NA`.
#' @return A list of class `rob_tool` with `name`, `title`, `levels` (a data frame: `level`, `label`, `symbol`,
#'   `revman`, `colourblind`), `words`, `domains` (a data frame: `id`, `label`, `group`, `most`, `keys`) and
#'   `overall`.
#' @details Errors of class `metaparity_error_input`: no tool of that name and no `levels`; numbers of colours or
#'   symbols that are not those of the levels; a rule that is neither.
#' @section In other software: \pkg{robvis}: argument `tool`; \pkg{meta}: `rob(tool = )`. RevMan 5 has the first tool
#'   only.
#' @references Sterne JAC, Savovic J, Page MJ, et al. (2019). RoB 2. *BMJ*, 366, l4898. Sterne JA, Hernan MA, Reeves
#'   BC, et al. (2016). ROBINS-I. *BMJ*, 355, i4919. Whiting PF, Rutjes AWS, Westwood ME, et al. (2011). QUADAS-2.
#'   *Annals of Internal Medicine*, 155, 529-536. Moons KGM, Wolff RF, Riley RD, et al. (2019). PROBAST. *Annals of
#'   Internal Medicine*, 170, W1-W33.
#' @examples
#' rob_tool()
#' rob_tool("rob2")$domains$label
#' rob_tool("mine", levels = c(ok = "Reported", poor = "Not reported"),
#'          colours = c("#009E73", "#D55E00"))
#' @seealso [rob()]
#' @export
rob_tool <- function(name, title = NULL, domains = NULL, levels = NULL, colours = NULL, symbols = NULL, words = NULL,
                     overall = NULL) {
  if (missing(name)) return(rob_tables()$tools$tool)
  call <- sys.call()
  tool <- if (inherits(name, "rob_tool")) name else named_tool(name, !is.null(levels), call)
  if (!is.null(levels)) tool[c("levels", "words")] <- tool_levels(levels, call)
  if (!is.null(title)) tool$title <- check_one_text(title, "title", call)
  if (!is.null(domains)) tool$domains <- tool_domains(domains, call)
  tool$levels <- with_looks(tool$levels, colours, symbols, call)
  for (level in names(check_level_words(words, tool$levels$level, call))) {
    tool$words[[level]] <- c(plain_word(words[[level]]), tool$words[[level]])
  }
  if (!is.null(overall)) tool$overall <- check_overall_rule(overall, call)
  tool
}

rob_state <- new.env(parent = emptyenv())

# The tables of the tools, read once.
rob_tables <- function() {
  if (is.null(rob_state$tables)) {
    read <- function(name) {
      file <- system.file("rob", paste0(name, ".csv"), package = "metaparity", mustWork = TRUE)
      utils::read.csv(file, colClasses = "character", encoding = "UTF-8", na.strings = character())
    }
    rob_state$tables <- list(tools = read("tools"), levels = read("levels"), domains = read("domains"))
  }
  rob_state$tables
}

between_bars <- function(text) {
  parts <- strsplit(text, "|", fixed = TRUE)
  lapply(parts, function(part) part[nzchar(part)])
}

# "RoB 2", "ROBINS-I" and "QUADAS-2" are the names that papers print.
printed_tool <- function(tool) {
  known <- rob_tables()$tools$tool
  own <- if (is.character(tool) && length(tool) == 1L) match(plain_name(tool), plain_name(known)) else NA
  if (is.na(own)) tool else known[own]
}

named_tool <- function(name, new, call) {
  tables <- rob_tables()
  if (new && is.character(name) && length(name) == 1L && !name %in% c(tables$tools$tool, NA)) {
    return(structure(list(name = name, title = name, levels = NULL, words = list(), domains = tool_domains(character()),
                          overall = "none"), class = "rob_tool"))
  }
  name <- printed_tool(name)
  row <- tables$tools[match(check_choice(name, tables$tools$tool, "name", call), tables$tools$tool), ]
  found <- tool_levels(between_bars(row$levels)[[1L]])
  found$levels$symbol <- between_bars(row$symbols)[[1L]]
  # Checklists answer questions; their "unclear" is no risk.
  if ("yes" %in% found$levels$level) found$levels$label[found$levels$level == "unclear"] <- "Unclear"
  own <- tables$domains[tables$domains$tool == name, ]
  domains <- data.frame(id = own$id, label = own$label, group = own$group,
                        most = suppressWarnings(as.numeric(own$most)),
                        keys = own$keys, stringsAsFactors = FALSE)
  structure(list(name = name, title = row$title, levels = found$levels, words = found$words, domains = domains,
                 overall = row$overall), class = "rob_tool")
}

# Levels and their words; of levels that are not there, the words are their names and labels.
tool_levels <- function(levels, call = NULL) {
  if (!is.character(levels) || !length(levels) || anyNA(levels) || !all(validUTF8(levels)) || !all(nzchar(levels))) {
    abort_input("levels", sprintf("must be names or labels of judgements, not %s", describe(levels)), call)
  }
  table <- rob_tables()$levels
  id <- if (is.null(names(levels))) levels else ifelse(nzchar(names(levels)), names(levels), levels)
  if (anyDuplicated(id)) abort_input("levels", "must not have the same level twice", call)
  row <- match(levels, table$level)
  known <- !is.na(row)
  shade <- grDevices::hcl.colors(max(2L, length(levels)), "Viridis", rev = TRUE)[seq_along(levels)]
  pick <- function(column, other) ifelse(known, table[[column]][row], other)
  found <- data.frame(level = id, label = pick("label", unname(levels)), symbol = pick("symbol", substr(unname(levels),
                                                                                                        1L, 1L)),
                      revman = pick("revman", shade), colourblind = pick("colourblind", shade),
                      stringsAsFactors = FALSE)
  words <- between_bars(pick("words", ""))
  words <- Map(function(some, id, label) unique(c(some, plain_word(c(id, label)))), words, id, found$label)
  list(levels = found, words = stats::setNames(words, id))
}

tool_domains <- function(domains, call = NULL) {
  if (!is.character(domains) || anyNA(domains) || !all(validUTF8(domains)) || !all(nzchar(domains))) {
    abort_input("domains", sprintf("must be labels of domains, not %s", describe(domains)), call)
  }
  id <- names(domains)
  if (is.null(id)) id <- rep("", length(domains))
  id[!nzchar(id)] <- sprintf("D%d", seq_along(domains))[!nzchar(id)]
  data.frame(id = id, label = unname(domains), group = rep("bias", length(domains)),
             most = rep(NA_real_, length(domains)),
             keys = rep("", length(domains)), stringsAsFactors = FALSE)
}

# Colours and symbols of the user's, one per level or named by level.
with_looks <- function(levels, colours, symbols, call) {
  colours <- per_level(colours, levels$level, "colours", call)
  if (!is.null(colours)) {
    check_level_colours(colours, call)
    levels[c("revman", "colourblind")] <- list(ifelse(is.na(colours), levels$revman, colours),
                                               ifelse(is.na(colours), levels$colourblind, colours))
  }
  symbols <- per_level(symbols, levels$level, "symbols", call)
  if (!is.null(symbols)) levels$symbol <- ifelse(is.na(symbols), levels$symbol, symbols)
  levels
}

# NULL, or one value per level: NA for levels that a named vector leaves out.
per_level <- function(value, levels, arg, call) {
  if (is.null(value)) return(NULL)
  if (!is.character(value) || anyNA(value) || !all(validUTF8(value))) {
    abort_input(arg, sprintf("must be text, one per level, not %s", describe(value)), call)
  }
  if (!is.null(names(value)) && all(names(value) %in% levels)) return(unname(value[levels]))
  if (length(value) != length(levels)) {
    abort_input(arg, sprintf("must be named by level, or have one value for each of the %d levels (%s), not %d",
                             length(levels), paste(levels, collapse = ", "), length(value)), call)
  }
  as.vector(value)
}

check_level_colours <- function(colours, call = NULL) {
  fine <- vapply(colours, function(one) is.na(one) || !inherits(try(grDevices::col2rgb(one), silent = TRUE),
                                                                "try-error"), NA)
  if (!all(fine)) abort_input("colours", sprintf("must be colours, not %s", describe(colours[!fine][1L])), call)
}

check_level_words <- function(words, levels, call) {
  if (is.null(words)) return(NULL)
  text <- is.list(words) && all(vapply(words, is.character, NA))
  if (!text || is.null(names(words)) || !all(names(words) %in% levels)) {
    abort_input("words", sprintf("must be a list of words named by level (%s)", paste(levels, collapse = ", ")), call)
  }
  words
}

check_overall_rule <- function(rule, call) {
  if (is.function(rule)) return(rule)
  check_choice(rule, c("worst", "worst_on_request", "stars", "none"), "overall", call)
}

check_one_text <- function(text, arg, call = NULL) {
  if (!is.character(text) || length(text) != 1L || is.na(text) || !validUTF8(text)) {
    abort_input(arg, sprintf("must be one text, not %s", describe(text)), call)
  }
  text
}

#' @export
print.rob_tool <- function(x, ...) {
  cat(translate(x$title), "\n", sep = "")
  cat(paste0("  ", x$levels$level, ": ", translate(x$levels$label)), sep = "\n")
  if (nrow(x$domains)) cat(paste0("  ", x$domains$id, " ", translate(x$domains$label)), sep = "\n")
  invisible(x)
}

has_stars <- function(tool) identical(tool$overall, "stars")
