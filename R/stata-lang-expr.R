# The tree of an expression, whose grammar is the core's.

# tokens: rows of tokenize(); returns nested lists with `node` as their kind.
parse_expression <- function(tokens) {
  if (any(tokens$text %in% date_literals)) tokens <- literal_dates(tokens)
  syntax_result(cpp_stata_expression(tokens, missing_values))
}

# td(15jan2020) and the like become the number of the day, a negative one before 1960.
literal_dates <- function(tokens) {
  at <- which(tokens$text %in% date_literals & tokens$type == "name")
  for (i in rev(at)) {
    if (i + 2L > nrow(tokens) || tokens$text[i + 1L] != "(") next
    close <- i + 1L + match(")", tokens$text[-seq_len(i + 1L)])
    inside <- tokens[seq(i + 2L, length.out = max(0L, close - i - 2L)), ]
    if (is.na(close) || !nrow(inside) || inside$type[1L] != "number" || nrow(inside) < 2L &&
        nchar(tokens$text[i]) == 1L)
      next
    kind <- if (nchar(tokens$text[i]) == 1L) paste0("t", tokens$text[i]) else tokens$text[i]
    text <- paste0(ifelse(inside$blank, " ", ""), inside$text, collapse = "")
    tokens$type[i] <- "number"
    tokens$text[i] <- sprintf("%.0f", date_literal(kind, trimws(text)))
    tokens <- tokens[-seq(i + 1L, close), ]
  }
  tokens
}
