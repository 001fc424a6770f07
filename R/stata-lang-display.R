# Stata's display formats applied to values, and the command display.
# Source: Stata's User's Guide, 12.5 (formats); stata_number_formats for the rules of %g.

# What a log shows for rows of a variable: the value label, or the number in the variable's format.
shown_value <- function(name, session, rows) {
  x <- session$data[[name]][rows]
  if (is.character(x)) return(x)
  meta <- session$meta[[name]]
  out <- trimws(apply_format(x, meta$format))
  labels <- session$value_labels[[if (is.null(meta$labels)) "" else meta$labels]]
  if (is.null(labels)) return(out)
  at <- match(x, labels)
  ifelse(is.na(at), out, names(labels)[at])
}

# ---- display -----------------------------------------------------------------------------------

# display "text" exp %8.2f exp _n _col(#) _skip(#) _dup(#) _continue
run_display <- function(text, session, statement) {
  shown <- display_pieces(text, session)
  whole <- paste0(session$line_open, shown$text)
  if (shown$open) {
    session$line_open <- whole
    return(invisible())
  }
  session$line_open <- ""
  lines <- strsplit(paste0(whole, "\n"), "\n", fixed = TRUE)[[1L]]
  emit(session, plain_smcl(lines))
}

# What : display gives: one line without directives of place.
display_text <- function(text, session) trimws(display_pieces(text, session)$text, "right")

# list(text, open): the line so far; open when _continue stands in it.
display_pieces <- function(text, session) {
  tokens <- tokenize(text)
  depth <- token_depth(tokens)
  out <- ""
  format <- "%10.0g"
  at <- 1L
  times <- 1L
  open <- error <- FALSE
  while (at <= nrow(tokens)) {
    item <- display_item(text, tokens, depth, at)
    at <- item$end + 1L
    if (item$kind == "style") error <- error || isTRUE(item$error)
    else if (item$kind == "format") format <- item$text
    else if (item$kind == "newline") out <- paste0(out, strrep("\n", item$count))
    else if (item$kind == "continue") open <- TRUE
    else if (item$kind == "dup") times <- as.integer(display_count(item, session))
    else if (item$kind %in% c("column", "skip")) out <- place_text(out, item, display_count(item, session), session)
    else {
      piece <- display_value(item, tokens, format, session)
      out <- paste0(out, strrep(piece, times))
      format <- "%10.0g"
      times <- 1L
    }
  }
  list(text = out, open = open, error = error)
}

display_value <- function(item, tokens, format, session) {
  value <- if (item$kind == "string") item$text else evaluate_scalar(tokens[item$start:item$end, ], session)
  if (!is.character(value)) return(display_number(value, format))
  width <- regmatches(format, regexec("^%([-~]?)([0-9]+)s$", format))[[1L]]
  if (!length(width)) return(value)
  justify(cut_label(value, as.integer(width[3L])), as.integer(width[3L]), width[2L] == "-")
}

display_count <- function(item, session) {
  value <- evaluate_scalar(item$tokens, session)
  if (!is.numeric(value) || is.na(value) || value < 0 ||
      value > 1000) abort_stata("display: a number expected in parentheses", 198L)
  value
}

# Blanks up to the column, or as many as asked; a column to the left of the text is no move.
place_text <- function(text, item, n, session) {
  if (item$kind == "skip") return(paste0(text, strrep(" ", n)))
  line <- plain_smcl(sub("^.*\n", "", paste0(session$line_open, text)))
  paste0(text, strrep(" ", max(0, n - 1 - display_width(line))))
}

# SMCL in shown text: the characters that its directives stand for.
plain_smcl <- function(lines) {
  if (!any(grepl("{", lines, fixed = TRUE))) return(lines)
  vapply(lines, smcl_line, "", USE.NAMES = FALSE)
}

display_number <- function(x, format) {
  if (format != "%10.0g") return(apply_format(x, format))
  if (is.finite(x) && x == trunc(x) && abs(x) < 1e9) sprintf("%.0f", x) else trimws(apply_format(x, "%10.0g"))
}

display_styles <- c("text", "txt", "result", "res", "error", "err", "input", "inp", "yellow", "green", "red", "white",
                    "blue",
                    "smcl", "gr", "ye", "wh", "whi", "yel", "gre", "bl", "blu", "re", "magenta", "cyan")

display_item <- function(text, tokens, depth, at) {
  type <- tokens$type[at]
  word <- tokens$text[at]
  if (word == "%" && type == "punct") {
    end <- at
    while (end < nrow(tokens) && !tokens$blank[end + 1L] && !(tokens$text[end + 1L] == "(" && end > at) &&
           !(tokens$text[end + 1L] == "=" && tokens$blank[end + 1L]) && tokens$type[end + 1L] != "string") {
      end <- end + 1L
    }
    return(list(kind = "format", text = token_text(text, tokens, at, end), end = end))
  }
  if (word %in% c("as", "in") && at < nrow(tokens) && tokens$text[at + 1L] %in% display_styles) {
    return(list(kind = "style", end = at + 1L, error = tokens$text[at + 1L] %in% c("error", "err")))
  }
  if (word == "asis") return(list(kind = "style", end = at))
  directive <- display_directive(tokens, at)
  if (!is.null(directive)) return(directive)
  lines <- newline_directive(tokens, at)
  if (!is.null(lines)) return(lines)
  # A comma parts two items, an equals sign may stand before an expression.
  if (word == "," && type == "punct" || word == "=" && type != "string") return(list(kind = "style", end = at))
  end <- at
  while (end < nrow(tokens) && (depth[end + 1L] > 0L || joins_expression(tokens, end))) end <- end + 1L
  list(kind = if (type == "string" && end == at) "string" else "value", text = word, start = at, end = end)
}

# _col(#), _skip(#), _dup(#), _continue
display_directive <- function(tokens, at) {
  if (tokens$type[at] != "name" || !startsWith(tokens$text[at], "_")) return(NULL)
  if (tokens$text[at] == "_tab") return(list(kind = "string", text = "\t", end = at))
  kinds <- c(column = "_col", skip = "_s", dup = "_dup", continue = "_c", request = "_r", char = "_char")
  full <- c(column = "_column", skip = "_skip", dup = "_dup", continue = "_continue", request = "_request",
            char = "_char")
  word <- tokens$text[at]
  hit <- names(kinds)[startsWith(full, word) & nchar(word) >= nchar(kinds)]
  if (!length(hit)) return(NULL)
  kind <- if ("column" %in% hit) "column" else hit[1L]
  if (kind %in% c("request", "char")) abort_unsupported(sprintf("display directive %s", word))
  if (kind == "continue") return(list(kind = kind, end = at))
  if (at == nrow(tokens) || tokens$text[at + 1L] != "(") {
    if (kind == "skip") return(list(kind = kind, tokens = tokenize("1"), end = at))
    abort_stata(sprintf("display: %s(#) expected", word), 198L)
  }
  close <- closing_token(tokens, at + 1L)
  list(kind = kind, tokens = tokens[seq(at + 2L, close - 1L), ], end = close)
}

# _newline, _n or _n(#); _n before an operator is the number of the row.
newline_directive <- function(tokens, at) {
  word <- tokens$text[at]
  if (tokens$type[at] != "name" || !(word == "_n" || startsWith("_newline", word) && nchar(word) > 3L)) return(NULL)
  after <- seq(at + 1L, length.out = min(3L, nrow(tokens) - at))
  if (length(after) > 2L && tokens$text[after[1L]] == "(" && tokens$text[after[3L]] == ")") {
    count <- suppressWarnings(as.numeric(tokens$text[after[2L]]))
    if (is.na(count) || count < 0 || count > 1000) abort_stata("_newline: a number of lines expected", 198L)
    return(list(kind = "newline", count = count, end = after[3L]))
  }
  if (length(after) && tokens$type[after[1L]] == "punct" && !tokens$text[after[1L]] %in% c("%", ",", "(")) return(NULL)
  list(kind = "newline", count = 1, end = at)
}

# Does the next token continue the expression? Two operands side by side are two items.
joins_expression <- function(tokens, end) {
  operand <- function(i) tokens$type[i] %in% c("name", "number", "string", "missing")
  closes <- operand(end) || tokens$text[end] %in% c(")", "]") && tokens$type[end] == "punct"
  following <- end + 1L
  if (tokens$text[following] == "%" && tokens$type[following] == "punct" || tokens$text[following] == "," &&
      tokens$type[following] == "punct") return(FALSE)
  # A sign behind a text begins a number: "B: " -1.2.
  if (tokens$type[end] == "string" && tokens$text[following] %in% c("-", "=")) return(FALSE)
  if (tokens$text[following] %in% c("(", "[") && closes) return(!tokens$blank[following])
  !(closes && operand(following))
}
