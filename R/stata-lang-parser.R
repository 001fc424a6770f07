# The grammar of commands: [prefix:] command varlist|exp [if] [in] [weight] [using] [, options], and of blocks.
# Source: Stata's User's Guide, 11.1; Programming manual, foreach, forvalues, while, if.

# ---- blocks ------------------------------------------------------------------------------------

# Statements to a tree: a statement that ends in `{` holds its body up to the matching `}`.
parse_blocks <- function(statements) {
  statements <- split_braces(lapply(statements, without_prompt))
  text <- vapply(statements, `[[`, "", "text")
  word <- leading_word(text)
  p <- list2env(list(statements = statements, at = 1L, word = word, closes = startsWith(text, "}"),
                     opens = (word %in% block_words | startsWith(text, "{")) & grepl("\\{\\s*$", text),
                     input = grepl("inp", text, fixed = TRUE), leaves = grepl("cont", text, fixed = TRUE),
                     program = grepl(program_head, text, perl = TRUE), other = grepl(other_head, text)))
  block_body(p, NULL)
}

# Stata passes over the dot of a line that was copied from a log.
without_prompt <- function(s) {
  if (startsWith(s$text, ".")) s$text <- sub("^([.]\\s+)+", "", s$text)
  s
}

# What stands behind a closing brace on its line is a statement of its own.
split_braces <- function(statements) {
  text <- vapply(statements, function(s) s$text, "")
  long <- which(startsWith(text, "}") & nchar(text) > 1L)
  if (!length(long)) return(statements)
  out <- lapply(statements, list)
  out[long] <- lapply(statements[long], function(s) {
    braces <- gregexpr("}", sub("^([}[:space:]]*).*$", "\\1", s$text), fixed = TRUE)[[1L]]
    rest <- trimws(substring(s$text, braces + 1L))
    c(list(s), lapply(rest[nzchar(rest)], function(t) replace(s, c("text", "raw"), list(t, character()))))
  })
  unlist(out, recursive = FALSE)
}

block_body <- function(p, opener, depth = 0L) {
  if (depth > 100L) stop(locate_error(deep_nesting(), p$statements[[p$at - 1L]]))
  out <- vector("list", 16L)
  n <- 0L
  while (p$at <= length(p$statements)) {
    at <- p$at
    s <- p$statements[[at]]
    p$at <- at + 1L
    if (p$closes[at]) {
      if (is.null(opener)) stop(locate_error(stray_brace(), s))
      return(c(out[seq_len(n)], list(list(close = TRUE, line = s$line, text = "}", raw = s$raw))))
    }
    s$word <- p$word[at]
    if (p$program[at] || p$other[at]) {
      s$inner <- lines_to_end(p)
      if (p$program[at]) s$program <- parse_blocks(s$inner[-length(s$inner)])
    } else if (p$opens[at]) {
      s$body <- block_body(p, s, depth + 1L)
      s$leaves <- any(p$leaves[at:(p$at - 1L)])
      s$head <- trimws(sub("\\{\\s*$", "", s$text))
    } else if (p$input[at] && is_input(s$text)) s$rows <- input_rows(p)
    n <- n + 1L
    if (n > length(out)) length(out) <- 2L * length(out)
    out[[n]] <- s
  }
  if (!is.null(opener)) stop(locate_error(stray_brace(), p$statements[[length(p$statements)]]))
  out[seq_len(n)]
}

deep_nesting <- function() {
  errorCondition("blocks nested deeper than 100", rc = 198L, class = c("metaparity_error_stata", "metaparity_error"))
}

stray_brace <- function() {
  errorCondition("braces do not match", rc = 198L, class = c("metaparity_error_stata", "metaparity_error"))
}

block_words <- c("foreach", "forvalues", "forv", "forva", "forval", "forvalu", "forvalue", "while", "if", "else",
                 "frame", "version", "quietly", "quietl", "quiet", "quie", "qui", "capture", "captur", "captu", "capt",
                 "cap", "noisily", "noisil", "noisi", "nois", "noi", "no", "n")

# program define opens a list of lines up to `end`; so do mata and python, whose lines are no commands of Stata.
program_head <- paste0("^((qui|quietly|cap|capture|noi|noisily)\\s+)*pr(o|og|ogr|ogra|ogram)?\\s+",
                       "(?!drop\\b|dir\\b|list\\b|l\\b)[[:alpha:]_]")
other_head <- "^(mata|python)\\s*:?\\s*$"

# The statements up to the line `end`, which is one of them.
lines_to_end <- function(p) {
  from <- p$at
  text <- vapply(p$statements[seq(from, length.out = max(0L, length(p$statements) - from + 1L))], `[[`, "", "text")
  last <- match("end", text)
  if (is.na(last)) stop(locate_error(missing_end(), p$statements[[from - 1L]]))
  p$at <- from + last
  p$statements[from + seq_len(last) - 1L]
}

missing_end <- function() {
  errorCondition("end is missing", rc = 198L, class = c("metaparity_error_stata", "metaparity_error"))
}

is_input <- function(text) {
  word <- strip_prefixes(tokenize(text)$text)
  length(word) > 0L && word[1L] %in% c("inp", "inpu", "input")
}

strip_prefixes <- function(words) {
  while (length(words) && words[1L] %in% c(names(prefix_words), ":")) words <- words[-1L]
  words
}

input_rows <- function(p) {
  from <- p$at
  ended <- FALSE
  while (!ended && p$at <= length(p$statements)) {
    ended <- trimws(p$statements[[p$at]]$text) == "end"
    p$at <- p$at + 1L
  }
  p$statements[seq(from, length.out = p$at - from)]
}

# ---- prefixes ----------------------------------------------------------------------------------

prefix_words <- c(quietly = "quietly", quietl = "quietly", quiet = "quietly", quie = "quietly", qui = "quietly",
                  noisily = "noisily", noisil = "noisily", noisi = "noisily", nois = "noisily", noi = "noisily",
                  no = "noisily", n = "noisily", capture = "capture", captur = "capture", captu = "capture",
                    capt = "capture",
                  cap = "capture")

# list(prefixes, by, text): the command that is left, and what stands before it.
parse_prefixes <- function(text) {
  out <- list(quietly = FALSE, noisily = FALSE, capture = FALSE, by = NULL, text = text)
  for (count in 1:100) {
    head <- split_head(out$text)
    word <- head[1L]
    if (!may_be_prefix(word)) return(out)
    if (word %in% names(prefix_words)) {
      rest <- head[2L]
      if (!nzchar(rest) || grepl("^=([^=]|$)", rest)) return(out)
      out[[prefix_words[[word]]]] <- TRUE
      out$text <- trimws(sub("^:", "", rest))
      next
    }
    tokens <- tokenize(out$text)
    if (!nrow(tokens)) return(out)
    if (is_version_prefix(tokens)) {
      out$text <- substring(out$text, tokens$end[match(":", tokens$text)] + 1L)
    } else if (is_by_word(word)) {
      colon <- which(tokens$text == ":" & token_depth(tokens) == 0L)
      if (!length(colon)) abort_stata(sprintf("%s: the prefix lacks its colon", word), 198L)
      out$by <- parse_by(tokens[seq_len(colon[1L] - 1L)[-1L], ], startsWith(word, "bys"))
      out$text <- substring(out$text, tokens$end[colon[1L]] + 1L)
    } else {
      return(out)
    }
    out$text <- trimws(out$text)
  }
  abort_stata("too many prefixes", 198L)
}

# The name that a text begins with; "" when it begins with something else.
leading_word <- function(text) {
  substr(text, 1L, attr(regexpr("^[[:alpha:]_][[:alnum:]_]*", text), "match.length"))
}

may_be_prefix <- function(word) {
  word %in% names(prefix_words) || is_by_word(word) || nzchar(word) && startsWith("version", word)
}

# version #: command, or version #, options: command
is_version_prefix <- function(tokens) {
  word <- tokens$text[1L]
  if (!startsWith("version", word) || nchar(word) < 4L) return(FALSE)
  colon <- match(":", tokens$text)
  !is.na(colon) && colon > 2L && colon <= 6L && tokens$type[2L] == "number"
}

is_by_word <- function(word) word %in% c("by", "bys", "byso", "bysor", "bysort")

# by a b (c), sort: groups by a b; (c) only orders the rows.
parse_by <- function(tokens, sort) {
  comma <- which(tokens$text == ",")
  options <- character()
  if (length(comma)) {
    options <- tokens$text[-seq_len(comma[1L])]
    tokens <- tokens[seq_len(comma[1L] - 1L), ]
  }
  bad <- setdiff(options, c("sort", "so", "s"))
  if (length(bad)) abort_unsupported(sprintf("option %s of by", bad[1L]))
  depth <- token_depth(tokens)
  inside <- depth > 0L & tokens$type != "punct"
  paren <- tokens$type == "punct" & tokens$text %in% c("(", ")")
  list(vars = tokens[!inside & !paren, ], order = tokens[inside, ], sort = sort || length(options) > 0L)
}

# ---- one command -------------------------------------------------------------------------------

# word, rest (tokens before the options), if, in, weight (kind and tokens), using, options (named list of raw texts, NA
# for flags).
parse_command <- function(text) {
  out <- syntax_result(cpp_stata_command(text, other_letters(text)))
  if (!is.null(out$using)) out$using <- unquote(out$using)
  out
}

# c(word, rest): the name that a text begins with, and what stands behind it.
split_head <- function(text) cpp_stata_head(text, other_letters(text), FALSE)

statement_words <- function(statement) if (is.null(statement)) "" else strip_prefix_text(statement$text)

strip_prefix_text <- function(text) sub("^((qui|quietly|cap|capture|noi|noisily)\\s*:?\\s+)+", "", text)

unquote <- function(text) {
  text <- cpp_stata_trim(text)
  if (!grepl("\"", text, fixed = TRUE)) return(text)
  if (grepl("^`\".*\"'$", text)) return(substr(text, 3L, nchar(text) - 2L))
  if (grepl("^\".*\"$", text)) return(substr(text, 2L, nchar(text) - 1L))
  text
}

# The comma before the options stands in square brackets or in none: [, options] or , options.
top_level_comma <- function(text) {
  ch <- strsplit(text, "")[[1L]]
  depth <- cumsum(ch == "(") - cumsum(ch == ")")
  hit <- which(ch == "," & depth == 0L)
  if (length(hit)) hit[1L] else NA_integer_
}

# The first comma outside quotes and parentheses.
top_level_comma_quoted <- function(text) {
  ch <- strsplit(text, "")[[1L]]
  depth <- cumsum(ch == "(") - cumsum(ch == ")")
  quote <- cumsum(ch == "\"") %% 2L == 1L
  hit <- which(ch == "," & depth == 0L & !quote)
  if (length(hit)) hit[1L] else NA_integer_
}
