# The grammar of commands: [prefix:] command varlist|exp [if] [in] [weight] [using] [, options], and of blocks.
# Source: Stata's User's Guide, 11.1; Programming manual, foreach, forvalues, while, if.

# ---- blocks ------------------------------------------------------------------------------------

# Statements to a tree: a statement that ends in `{` holds its body up to the matching `}`.
parse_blocks <- function(statements) {
  p <- list2env(list(statements = statements, at = 1L))
  out <- block_body(p, NULL)
  out
}

block_body <- function(p, opener, depth = 0L) {
  if (depth > 100L) stop(locate_error(deep_nesting(), p$statements[[p$at - 1L]]))
  out <- vector("list", 16L)
  n <- 0L
  while (p$at <= length(p$statements)) {
    s <- p$statements[[p$at]]
    p$at <- p$at + 1L
    if (startsWith(s$text, "}")) {
      if (is.null(opener)) stop(locate_error(stray_brace(), s))
      if (nchar(s$text) > 1L) {
        p$at <- p$at - 1L
        p$statements[[p$at]]$text <- trimws(substring(s$text, 2L))
        p$statements[[p$at]]$raw <- character()
      }
      return(c(out[seq_len(n)], list(list(close = TRUE, line = s$line, text = "}", raw = s$raw))))
    }
    s$word <- leading_word(s$text)
    if (opens_block(s$text, s$word)) {
      s$body <- block_body(p, new.env(), depth + 1L)
      s$head <- trimws(sub("\\{\\s*$", "", s$text))
    } else if (is_input(s$text)) s$rows <- input_rows(p)
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

block_words <- c("foreach", "forvalues", "forv", "forval", "while", "if", "else", "quietly", "qui", "capture", "cap",
                 "noisily")

opens_block <- function(text, word) word %in% block_words && grepl("\\{\\s*$", text)

is_input <- function(text) {
  if (!grepl("inp", text, fixed = TRUE)) return(FALSE)
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

# trimws() of one text.
trim_blanks <- function(text) {
  ends <- c(substr(text, 1L, 1L), substring(text, nchar(text)))
  if (any(ends %in% c(" ", "\t", "\r", "\n"))) trimws(text) else text
}

# list(prefixes, by, text): the command that is left, and what stands before it.
parse_prefixes <- function(text) {
  out <- list(quietly = FALSE, noisily = FALSE, capture = FALSE, by = NULL, text = text)
  for (count in 1:100) {
    word <- leading_word(out$text)
    if (!may_be_prefix(word)) return(out)
    if (word %in% names(prefix_words)) {
      rest <- trim_blanks(substring(out$text, nchar(word) + 1L))
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

# word, rest (tokens before the options), if, in, weight, using, options (named list of raw texts, NA for flags).
parse_command <- function(text) {
  tokens <- tokenize(text)
  depth <- token_depth(tokens)
  comma <- which(tokens$text == "," & depth == 0L & tokens$type == "punct")
  head <- if (length(comma)) seq_len(comma[1L] - 1L) else seq_len(nrow(tokens))
  command <- parse_clauses(text, tokens[head[-1L], ], depth[head[-1L]])
  command$word <- tokens$text[1L]
  command$text <- text
  tail <- tokens[-seq_len(length(head) + 1L), ]
  command$options <- if (length(comma)) parse_options(text, tail) else list()
  command$option_text <- if (nrow(tail) && length(comma)) token_text(text, tail, 1L, nrow(tail)) else ""
  command
}

# The clauses stand in any order behind what the command is about.
parse_clauses <- function(text, tokens, depth) {
  weight <- depth == 0L & tokens$text == "[" & tokens$blank & tokens$type == "punct"
  weight <- weight & grepl("^[a-z]*(w|weight)$", c(tokens$text[-1L], ""))
  mark <- depth == 0L & tokens$type == "name" & tokens$text %in% c("if", "in", "using")
  starts <- which(mark | weight)
  out <- list(rest = tokens[seq_len(if (length(starts)) starts[1L] - 1L else nrow(tokens)), ])
  out$rest_text <- token_text(text, out$rest, 1L, nrow(out$rest))
  ends <- c(starts[-1L] - 1L, nrow(tokens))
  for (i in seq_along(starts)) {
    kind <- if (weight[starts[i]]) "weight" else tokens$text[starts[i]]
    part <- tokens[seq_len(nrow(tokens)) > starts[i] & seq_len(nrow(tokens)) <= ends[i], ]
    if (!nrow(part)) abort_stata("invalid syntax", 198L)
    out[[kind]] <- if (kind == "using") unquote(token_text(text, part, 1L, nrow(part))) else part
  }
  if (!is.null(out$weight)) out$weight <- parse_weight(out$weight)
  out
}

# [aw=n]: list(kind, tokens of the expression).
parse_weight <- function(tokens) {
  kinds <- c(aw = "aweight", aweight = "aweight", fw = "fweight", fweight = "fweight", w = "weight", weight = "weight",
             iw = "iweight", iweight = "iweight", pw = "pweight", pweight = "pweight")
  n <- nrow(tokens)
  if (n < 4L || !tokens$text[1L] %in% names(kinds) || tokens$text[2L] != "=" || tokens$text[n] != "]") {
    abort_stata("invalid weight", 198L)
  }
  list(kind = kinds[[tokens$text[1L]]], tokens = tokens[3:(n - 1L), ])
}

# name or name(text); the text is kept as written. An option given twice keeps both, in order.
parse_options <- function(text, tokens) {
  out <- list()
  at <- 1L
  while (at <= nrow(tokens)) {
    if (tokens$text[at] == "," && tokens$type[at] == "punct") {
      at <- at + 1L
      next
    }
    if (tokens$type[at] != "name") abort_stata(sprintf("option %s not allowed", tokens$text[at]), 198L)
    value <- NA_character_
    end <- at
    if (at < nrow(tokens) && tokens$text[at + 1L] == "(" && tokens$type[at + 1L] == "punct") {
      end <- closing_paren(tokens, at + 1L)
      value <- trimws(substr(text, tokens$end[at + 1L] + 1L, tokens$start[end] - 1L))
    }
    out <- c(out, stats::setNames(list(value), tokens$text[at]))
    at <- end + 1L
  }
  out
}

closing_paren <- function(tokens, open) {
  mark <- tokens$type == "punct"
  depth <- cumsum((mark & tokens$text == "(") - (mark & tokens$text == ")"))
  close <- which(seq_along(depth) > open & depth == depth[open] - 1L)
  if (!length(close)) abort_stata("parentheses unbalanced", 132L)
  close[1L]
}
