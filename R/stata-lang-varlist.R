# Variable lists, numlists, `in` ranges. Source: Stata's User's Guide, 11.1.8 and 11.4.

# Words of a varlist: tokens that touch each other belong together (x*, a-b, stud~r).
varlist_words <- function(tokens) {
  if (!length(tokens$text)) return(character())
  dash <- tokens$text == "-"
  if (all(tokens$blank) && !any(dash)) return(tokens$text)
  glue <- !tokens$blank | dash | c(FALSE, utils::head(dash, -1L))
  unname(vapply(split(tokens$text, cumsum(!glue | seq_along(glue) == 1L)), paste, "", collapse = ""))
}

expand_varlist <- function(tokens, session, least = 0L, most = Inf) {
  words <- if (is.character(tokens)) tokens else varlist_words(without_parentheses(tokens))
  out <- unlist(lapply(words, expand_varword, session = session))
  if (length(out) < least) abort_stata(if (least == 1L) "varlist required" else "too few variables specified",
                                       100L + 2L * (least > 1L))
  if (length(out) > most) abort_stata("too many variables specified", 103L)
  as.character(out)
}

# A varlist may stand in parentheses: summarize (x y).
without_parentheses <- function(tokens) {
  paren <- tokens$text %in% c("(", ")") & tokens$type == "punct"
  if (!any(paren)) return(tokens)
  tokens$blank[c(FALSE, utils::head(paren, -1L))] <- TRUE
  tokens[!paren, ]
}

expand_varword <- function(word, session) {
  all <- names(session$data)
  if (word %in% all) return(word)
  if (word %in% c("_all", "*")) return(all)
  if (grepl("^[^-]+-[^-]+$", word)) {
    ends <- match(vapply(strsplit(word, "-", fixed = TRUE)[[1L]], find_stata_variable, "", session = session), all)
    if (ends[2L] < ends[1L]) abort_stata(sprintf("%s: the variables stand in the other order", word), 111L)
    return(all[seq(ends[1L], ends[2L])])
  }
  if (!grepl("[*?~]", word)) return(find_stata_variable(word, session))
  found <- grep(utils::glob2rx(gsub("~", "*", word, fixed = TRUE), trim.head = FALSE), all, value = TRUE)
  if (!length(found)) abort_stata(sprintf("variable %s not found", word), 111L)
  if (grepl("~", word, fixed = TRUE) && length(found) > 1L) {
    abort_stata(sprintf("%s ambiguous abbreviation", word), 111L)
  }
  found
}

# A name or an abbreviation of it that only one variable has.
find_stata_variable <- function(name, session) {
  all <- as.character(names(session$data))
  if (name %in% all) return(name)
  if (!grepl("^[[:alpha:]_][[:alnum:]_]*$", name)) abort_stata(sprintf("%s invalid name", name), 198L)
  found <- all[startsWith(all, name)]
  if (length(found) == 1L) return(found)
  if (length(found) > 1L) abort_stata(sprintf("%s ambiguous abbreviation", name), 111L)
  abort_stata(sprintf("variable %s not found", name), 111L)
}

check_new_name <- function(name, session) {
  plain <- length(name) && (grepl("^[A-Za-z_][A-Za-z0-9_]*$", name, perl = TRUE) ||
                              grepl("^[[:alpha:]_][[:alnum:]_]*$", name))
  if (!plain || nchar(name) > 32L) {
    abort_stata(sprintf("%s invalid name", toString(name)), 198L)
  }
  if (name %in% reserved_names) abort_stata(sprintf("%s invalid name", name), 198L)
  if (name %in% names(session$data)) abort_stata(sprintf("variable %s already defined", name), 110L)
  name
}

reserved_names <- c("_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_skip", "byte", "double",
                    "float",
                    "if", "in", "int", "long", "using", "with", "strL")

# 1 2 3, 1/5, 1(2)9, 1 2 to 9.
parse_numlist <- function(text) {
  words <- strsplit(trimws(gsub(",", " ", text)), "\\s+")[[1L]]
  out <- numeric()
  i <- 1L
  while (i <= length(words)) {
    if (words[i] %in% c("to", ":")) {
      if (length(out) < 2L || i == length(words)) abort_stata("invalid numlist", 121L)
      last <- utils::tail(out, 2L)
      out <- c(utils::head(out, -2L),
               range_values(new_range(last[1L], number_word(words[i + 1L]), last[2L] - last[1L])))
      i <- i + 2L
    } else {
      range <- range_word(words[i])
      out <- c(out, if (is.null(range)) number_word(words[i]) else range_values(range))
      i <- i + 1L
    }
  }
  out
}

# a(s)b or a/b as first value, step and number of values; NULL for another word.
range_word <- function(word) {
  step <- regmatches(word, regexec("^([^(\\[/]+)[(\\[]([^)\\]]+)[])]([^/]+)$", word, perl = TRUE))[[1L]]
  if (length(step)) return(new_range(number_word(step[2L]), number_word(step[4L]), number_word(step[3L])))
  ends <- strsplit(word, "/", fixed = TRUE)[[1L]]
  if (length(ends) == 2L) new_range(number_word(ends[1L]), number_word(ends[2L]), 1)
}

# A step that the first value swallows would never arrive.
new_range <- function(from, to, step) {
  if (anyNA(c(from, to, step)) || step == 0 || from + step == from && from != to) abort_stata("invalid numlist", 121L)
  if ((to - from) / step < 0 && abs(step) != 1) return(list(from = from, step = step, size = 0))
  if ((to - from) / step < 0) step <- -step
  list(from = from, step = step, size = floor((to - from) / step + 1e-10) + 1)
}

# A list of numbers holds at most a million; the loop forvalues counts without a list.
range_values <- function(range) {
  if (range$size > 1e6) abort_stata("numlist has too many elements", 123L)
  range$from + range$step * (seq_len(range$size) - 1)
}

number_word <- function(word) {
  value <- real_value(word)
  if (is.na(value) && word != ".") abort_stata(sprintf("%s invalid number", word), 121L)
  value
}

# in 5, in 1/10, in -5/l, in f/3.
parse_in_range <- function(tokens, session) {
  text <- paste(tokens$text, collapse = "")
  ends <- strsplit(text, "/", fixed = TRUE)[[1L]]
  if (endsWith(text, "/") || length(ends) > 2L) abort_stata(sprintf("'%s' invalid observation number", text), 198L)
  at <- vapply(ends, function(e) {
    if (e %in% c("f", "F")) return(1)
    if (e %in% c("l", "L")) return(session$n)
    value <- real_value(e)
    if (is.na(value) || value != trunc(value)) abort_stata("invalid observation number", 198L)
    if (value < 0) session$n + value + 1 else value
  }, 0)
  if (length(at) == 1L) at <- c(at, at)
  if (length(at) != 2L || at[1L] < 1 || at[2L] > session$n || at[1L] > at[2L]) {
    abort_stata("observation numbers out of range", 198L)
  }
  seq(at[1L], at[2L])
}
