# Options: Stata's names with their minimal abbreviations, and how an option's text becomes an R argument.

# options of a data command: known = c(name = "minimal abbreviation"); returns texts, "" for flags, NULL when absent.
command_options <- function(command, known, required = character(), weights = character()) {
  if (!is.null(command$weight) && !command$weight$kind %in% c(weights, if (length(weights)) "weight")) {
    abort_stata("weights not allowed", 101L)
  }
  out <- list()
  for (i in seq_along(command$options)) {
    name <- match_option(names(command$options)[i], known)
    if (is.na(name)) refuse_option(names(command$options)[i], command$word, names(known))
    value <- command$options[[i]]
    out[[name]] <- if (is.na(value)) "" else value
  }
  lacks <- setdiff(required, names(out))
  if (length(lacks)) abort_stata(sprintf("option %s() required", lacks[1L]), 198L)
  exact_list(out)
}

# A list whose `$` takes whole names alone: keep is not keepusing.
exact_list <- function(x) structure(x, class = "stata_options")

#' @export
`$.stata_options` <- function(x, name) unclass(x)[[name]]

option_argument <- function(kind, text, default, command, session) {
  flag <- is.na(text)
  switch(kind,
    flag = option_flag(text),
    column = as.name(find_stata_variable(text, session)),
    factor = as.name(find_stata_variable(strsplit(text, ",")[[1L]][1L], session)),
    columns = as.call(c(as.name("list"), named_symbols(expand_varlist(tokenize(text), session, 1L)))),
    label = label_argument(text, session),
    numbers = option_numbers(text),
    ticks = option_ticks(text),
    favours = favours_argument(text, command),
    second = second_argument(text, session),
    key = sort_key(text, session),
    names = paste(expand_varlist(tokenize(text), session, 1L), collapse = " "),
    text = if (flag) "" else unquote(text),
    guess_free_argument(text, default))
}

# One variable stands for itself; a name that the command makes is left to it.
sort_key <- function(text, session) {
  words <- varlist_words(tokenize(text))
  if (!length(words)) abort_stata("varlist required", 100L)
  vars <- unlist(lapply(words, function(word) if (word %in% made_names) word else expand_varword(word, session)))
  if (length(vars) == 1L) as.name(vars) else as.call(c(as.name("c"), lapply(vars, as.name)))
}

named_symbols <- function(names) stats::setNames(lapply(names, as.name), names)

option_flag <- function(text) {
  if (!is.na(text)) abort_stata(sprintf("option takes no argument, but got (%s)", text), 198L)
  TRUE
}

option_numbers <- function(text) {
  text <- unquote_numbers(text)
  words <- strsplit(trimws(strsplit(paste0(text, " "), ", *[a-z]")[[1L]][1L]), "[, ]+")[[1L]]
  parse_numlist(paste(words, collapse = " "))
}

# Quotes around all the numbers of an option do not count; inside them they hold labels.
unquote_numbers <- function(text) {
  inner <- sub("^\\s*`?\"([^\"]*)\"'?\\s*(,.*)?$", "\\1\\2", text)
  if (grepl("^[-0-9.,/() ]*(,.*)?$", inner)) inner else text
}

# Commas between tick labels are metan 9's way; metan 4 remarks on them, so they travel as they are written.
option_ticks <- function(text) {
  with_texts <- ticks_with_texts(text)
  if (!is.null(with_texts)) return(with_texts)
  text <- unquote_numbers(text)
  if (grepl("^[-0-9., ]+$", text) && grepl(",", text, fixed = TRUE)) text else option_numbers(text)
}

# label(namevar=id, yearvar=year), id(name).
label_argument <- function(text, session) {
  if (!grepl("=", text, fixed = TRUE)) {
    vars <- lapply(expand_varlist(tokenize(text), session, 1L, 2L), as.name)
    return(if (length(vars) == 1L) vars[[1L]] else
           as.call(c(as.name("list"), namevar = vars[[1L]], yearid = vars[[2L]])))
  }
  tokens <- tokenize(text)
  at <- which(tokens$text == "=")
  keys <- tokens$text[at - 1L]
  full <- vapply(keys, function(k) {
    known <- c("namevar", "namevars", "yearid", "yearvar")
    hit <- if (k %in% known) k else known[startsWith(known, k)][1L]
    if (is.na(hit)) abort_stata(sprintf("label(): %s not allowed", k), 198L)
    hit
  }, "")
  vars <- lapply(tokens$text[at + 1L], function(v) as.name(find_stata_variable(v, session)))
  as.call(c(as.name("list"), stats::setNames(vars, full)))
}

# second(random), second(0.924 0.753 1.095 Bayesian).
second_argument <- function(text, session) {
  words <- strsplit(trimws(text), "\\s+")[[1L]]
  number <- suppressWarnings(as.numeric(utils::head(words, 3L)))
  if (length(words) < 3L || anyNA(number)) return(text)
  c(as.list(number), list(unquote(paste(words[-(1:3)], collapse = " "))))
}

# favours("left" # "right", fp(2)): the texts keep their quotes, which the verb reads.
favours_argument <- function(text, command) {
  if (is.na(text)) return("")
  comma <- top_level_comma_quoted(text)
  if (is.na(comma) || !grepl("^\\s*[a-z0-9]+\\(", substring(text, comma + 1L))) return(trimws(text))
  warn_looks("favours", command)
  trimws(substr(text, 1L, comma - 1L))
}

# By the default of the R argument: numbers where the text is numbers, else the text as it stands.
guess_free_argument <- function(text, default) {
  if (is.na(text)) return(TRUE)
  words <- strsplit(trimws(gsub(",", " ", text)), "\\s+")[[1L]]
  number <- real_value(words)
  if (length(words) && !anyNA(number)) return(number)
  unquote(text)
}

no_options <- function(command, allowed = character()) {
  bad <- setdiff(names(command$options), allowed)
  if (length(bad)) abort_unsupported(sprintf("option %s of %s", bad[1L], command$word))
}

warn_looks <- function(word, command) {
  line <- if (is.null(command$statement)) "" else sprintf(" (line %d)", command$statement$line)
  warn_input(word, sprintf("changes the looks of Stata's graph and has no effect here%s", line))
}
