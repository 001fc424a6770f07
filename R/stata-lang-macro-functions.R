# Macro functions: local x : word count ..., : list a & b, : display %9.2f x, and the others.
# Source: Stata's Programming manual, macro, macro lists.

extended_macro <- function(text, session) {
  text <- trimws(text)
  word <- leading_word(text)
  rest <- trimws(substring(text, nchar(word) + 1L))
  f <- macro_functions[[word]]
  if (is.null(f)) {
    full <- match_option(word, c(display = "di", permname = "permname", value = "val", variable = "var"))
    f <- if (!is.na(full)) macro_functions[[full]]
  }
  if (is.null(f)) abort_unsupported(sprintf("macro function :%s", word))
  f(rest, session)
}

macro_of_variable <- function(rest, session, field) {
  value <- session$meta[[find_stata_variable(rest, session)]][[field]]
  if (is.null(value)) "" else value
}

after_word <- function(rest, word) {
  if (leading_word(rest) != word) abort_stata("invalid syntax", 198L)
  trimws(substring(rest, nchar(word) + 1L))
}

macro_functions <- list(
  word = function(rest, session) {
    if (grepl("^count\\b", rest)) return(as.character(length(macro_words(unquote(sub("^count\\s*", "", rest))))))
    part <- regmatches(rest, regexec("^(\\S+)\\s+of\\s*(.*)$", rest))[[1L]]
    if (!length(part)) abort_stata("invalid syntax", 198L)
    words <- macro_words(unquote(part[3L]))
    k <- evaluate_scalar(tokenize(part[2L]), session)
    if (is.na(k) || k < 1 || k > length(words)) "" else words[k]
  },
  length = function(rest, session) macro_length(rest, session, "bytes"),
  strlen = function(rest, session) macro_length(rest, session, "bytes"),
  ustrlen = function(rest, session) macro_length(rest, session, "chars"),
  variable = function(rest, session) variable_label(find_stata_variable(after_word(rest, leading_word(rest)), session),
                                                    session),
  value = function(rest, session) macro_of_variable(after_word(rest, leading_word(rest)), session, "labels"),
  type = function(rest, session) macro_of_variable(rest, session, "type"),
  format = function(rest, session) macro_of_variable(rest, session, "format"),
  label = function(rest, session) macro_label(rest, session),
  data = function(rest, session) session$data_label,
  sortedby = function(rest, session) paste(session$sorted, collapse = " "),
  display = function(rest, session) display_text(rest, session),
  list = function(rest, session) macro_list(rest, session),
  subinstr = function(rest, session) macro_subinstr(rest, session),
  rownames = function(rest, session) macro_names(rest, session, 1L),
  colnames = function(rest, session) macro_names(rest, session, 2L),
  rowfullnames = function(rest, session) macro_names(rest, session, 1L),
  colfullnames = function(rest, session) macro_names(rest, session, 2L),
  rowsof = function(rest, session) as.character(nrow(find_matrix(rest, session))),
  colsof = function(rest, session) as.character(ncol(find_matrix(rest, session))),
  dir = function(rest, session) macro_dir(rest, session),
  copy = function(rest, session) macro_of_name(rest, session),
  permname = function(rest, session) free_name(rest, session),
  piece = function(rest, session) macro_piece(rest, session),
  char = function(rest, session) data_characteristic(rest, session),
  environment = function(rest, session) abort_gap("macro function :environment", safety_words),
  sysdir = function(rest, session) abort_gap("macro function :sysdir", safety_words),
  all = function(rest, session) macro_all_names(rest, session),
  tempvar = function(rest, session) {
    run_tempvar("__name", session, NULL)
    local_get("__name", session)
  },
  tempfile = function(rest, session) tempfile("stata"), pwd = function(rest, session) working_folder(session))

macro_of_name <- function(rest, session) {
  words <- plain_words(rest)
  if (length(words) == 2L && words[1L] == "local") return(local_get(words[2L], session))
  if (length(words) == 2L && words[1L] == "global") return(global_get(words[2L], session))
  unquote(rest)
}

macro_length <- function(rest, session, what) as.character(nchar(macro_of_name(rest, session), what))

# : label (var) 2 [5] or : label set 2; the length cuts the text.
macro_label <- function(rest, session) {
  part <- regmatches(rest, regexec("^(\\([^)]*\\)|\\S+)\\s+(\\S+)(?:\\s+([0-9]+))?\\s*(,\\s*strict)?$", rest,
                                   perl = TRUE))[[1L]]
  if (!length(part)) abort_stata("invalid syntax", 198L)
  if (part[3L] == "maxlength") return(as.character(max(0L, nchar(names(session$value_labels[[part[2L]]])))))
  text <- label_of_value(part[2L], part[3L], session)
  if (nzchar(part[5L]) && identical(text, part[3L])) return("")
  if (nzchar(part[4L])) substr(text, 1L, as.integer(part[4L])) else text
}

label_of_value <- function(set, value, session) {
  if (startsWith(set, "(")) set <- session$meta[[find_stata_variable(trimws(gsub("[()]", "", set)), session)]]$labels
  values <- if (!is.null(set)) session$value_labels[[set]]
  code <- if (grepl("^[.][a-z]?$", value)) missing_value(substring(value, 2L)) else real_value(value)
  text <- names(values)[match(comparable(code), comparable(values))]
  if (length(text) && !is.na(text)) text else value
}

macro_names <- function(rest, session, side) {
  text <- gsub("\\s|,.*$", "", rest)
  paste(dimnames(find_matrix(text, session))[[side]], collapse = " ")
}

macro_all_names <- function(rest, session) {
  what <- plain_words(rest)[1L]
  from <- switch(what, matrices = "matrices", scalars = "scalars", numeric = "scalars", globals = "globals",
                 abort_unsupported(sprintf("macro function :all %s", what)))
  paste(names(session[[from]]), collapse = " ")
}

# : subinstr local name "from" "to" [, all word count(local n)]
macro_subinstr <- function(rest, session) {
  part <- regmatches(rest, regexec("^(local|global)\\s+(\\S+)\\s+(.*)$", rest))[[1L]]
  if (length(part)) {
    text <- if (part[2L] == "local") local_get(part[3L], session) else global_get(part[3L], session)
    rest <- part[4L]
  } else {
    tokens <- tokenize(rest)
    text <- tokens$text[1L]
    rest <- substring(rest, tokens$end[1L] + 1L)
  }
  tokens <- tokenize(rest)
  strings <- tokens$text[tokens$type == "string" | tokens$blank & seq_len(nrow(tokens)) <= 2L]
  from <- strings[1L]
  to <- c(strings[2L], "")[1L]
  options <- tokens$text[seq_len(nrow(tokens)) > match(",", tokens$text, nrow(tokens))]
  if (is.na(to)) to <- ""
  if ("word" %in% options) return(replace_words(text, from, to, if ("all" %in% options) NA else 1))
  replace_in(text, from, to, if ("all" %in% options) NA else 1)
}

# : list a & b, a | b, a - b, uniq a, dups a, sort a, sizeof a, posof "x" in a, a in b, a == b, retokenize a.
macro_list <- function(rest, session) {
  words_of <- function(name) {
    if (grepl("^global\\((.*)\\)$", name)) return(macro_words(global_get(sub("^global\\((.*)\\)$", "\\1", name),
        session)))
    macro_words(local_get(name, session))
  }
  quoted <- function(x) paste(ifelse(grepl("\\s", x), paste0("\"", x, "\""), x), collapse = " ")
  posof <- regmatches(rest, regexec("^posof\\s+(`?\".*?\"'?|\\S+)\\s+in\\s+(\\S+)$", rest, perl = TRUE))[[1L]]
  if (length(posof)) return(as.character(match(unquote(posof[2L]), words_of(posof[3L]), 0L)))
  one <- regmatches(rest, regexec("^(uniq|dups|sort|sizeof|retokenize|clean)\\s+(\\S+)$", rest))[[1L]]
  if (length(one)) {
    x <- words_of(one[3L])
    return(switch(one[2L], uniq = quoted(unique(x)), dups = quoted(x[duplicated(x)]),
                  sort = quoted(sort(x, method = "radix")),
                  sizeof = as.character(length(x)), quoted(x)))
  }
  two <- regmatches(rest, regexec("^(\\S+?)\\s*(===|==|&|\\||-|\\bin\\b)\\s*(\\S+)$", rest, perl = TRUE))[[1L]]
  if (!length(two)) abort_unsupported(sprintf("macro function :list %s", rest))
  a <- words_of(two[2L])
  b <- words_of(two[4L])
  flag <- function(x) if (x) "1" else "0"
  switch(two[3L], "&" = quoted(a[a %in% b]), "|" = quoted(c(a, setdiff(b, a))), "-" = quoted(a[!a %in% b]),
         "in" = flag(all(a %in% b)), "==" = flag(identical(a, b)), flag(setequal(a, b)))
}

# : dir "folder" files "*.csv": names within the session's folders, each in quotes.
macro_dir <- function(rest, session) {
  tokens <- tokenize(rest)
  text <- tokens$text[tokens$type == "string"]
  folder <- if (tokens$type[1L] == "string") text[1L] else tokens$text[1L]
  what <- tokens$text[2L]
  pattern <- c(tokens$text[tokens$type == "string" & seq_len(nrow(tokens)) > 2L], "*")[1L]
  folder <- inner_folder(folder, session)
  found <- switch(what, files = {
    all <- list.files(folder)
    all[!dir.exists(file.path(folder, all))]
  }, dirs = list.dirs(folder, FALSE, FALSE), abort_unsupported(sprintf("macro function :dir %s", what)))
  found <- grep(utils::glob2rx(pattern), found, value = TRUE, ignore.case = TRUE)
  paste(sprintf("\"%s\"", sort(found, method = "radix")), collapse = " ")
}

# : piece # # of "text": the text in pieces of at most # characters.
macro_piece <- function(rest, session) {
  part <- regmatches(rest, regexec("^(\\S+)\\s+(\\S+)\\s+of\\s+(.*)$", rest))[[1L]]
  if (!length(part)) abort_stata("invalid syntax", 198L)
  lines <- strwrap(unquote(part[4L]), as.integer(part[3L]) + 1L)
  k <- as.integer(part[2L])
  if (k > length(lines)) "" else lines[k]
}

free_name <- function(name, session) {
  out <- name
  i <- 0L
  while (out %in% names(session$data)) {
    i <- i + 1L
    out <- paste0(substr(name, 1L, 29L), i)
  }
  out
}

# ---- temporary names ---------------------------------------------------------------------------

run_tempvar <- function(text, session, statement) {
  for (name in strsplit(text, "\\s+")[[1L]]) {
    session$temp <- session$temp + 1L
    session$locals[[name]] <- sprintf("__%06d", session$temp)
  }
}

run_tempfile <- function(text, session, statement) {
  for (name in strsplit(text, "\\s+")[[1L]]) session$locals[[name]] <- tempfile("stata")
}

run_tokenize <- function(text, session, statement) {
  words <- macro_words(unquote(text))
  for (i in seq_along(words)) session$locals[[as.character(i)]] <- words[i]
  session$locals[[as.character(length(words) + 1L)]] <- ""
}

# : char _dta[_meta_estype]; what no command has set is empty.
data_characteristic <- function(rest, session) {
  name <- regmatches(rest, regexec("^_dta\\[(\\w+)\\]$", rest))[[1L]]
  if (!length(name) || is.null(session$meta_data)) return("")
  value <- meta_characteristics(session$meta_data)[name[2L]]
  if (is.na(value)) "" else unname(value)
}
