# The grammar of expressions: a precedence climber that turns tokens into a tree.
# Source: Stata's User's Guide, 13.2.6: order of evaluation ! ^ - / * - + != > < <= >= == & |.

binary_power <- c("|" = 1, "&" = 2, "==" = 3, "!=" = 3, "~=" = 3, ">" = 3, "<" = 3, ">=" = 3, "<=" = 3, "+" = 4,
                  "-" = 4, "*" = 5, "/" = 5, "^" = 7)

# tokens: rows of tokenize(); returns nested lists with `node` as their kind.
parse_expression <- function(tokens) {
  p <- new.env(parent = emptyenv())
  p$text <- tokens$text
  p$type <- tokens$type
  p$blank <- tokens$blank
  p$n <- length(p$text)
  p$at <- 1L
  p$depth <- 0L
  if (p$n == 0L) abort_stata("an expression is missing", 198L)
  tree <- parse_binary(p, 0)
  if (p$at <= p$n) abort_stata(sprintf("%s invalid in an expression", tokens$text[p$at]), 198L)
  tree
}

peek <- function(p) if (p$at <= p$n) p$text[p$at] else ""

peek_type <- function(p) if (p$at <= p$n) p$type[p$at] else "end"

take <- function(p) {
  text <- peek(p)
  p$at <- p$at + 1L
  text
}

expect_token <- function(p, text) {
  if (peek_type(p) != "punct" || peek(p) != text) abort_stata(sprintf("%s is missing in an expression", text), 198L)
  p$at <- p$at + 1L
}

parse_binary <- function(p, least) {
  left <- parse_unary(p)
  repeat {
    op <- peek(p)
    power <- if (peek_type(p) == "op" && op %in% names(binary_power)) binary_power[[op]] else -1
    if (power < 0 || power <= least) return(left)
    take(p)
    left <- list(node = "binary", op = if (op == "~=") "!=" else op, left = left, right = parse_binary(p, power))
  }
}

# Negation binds tighter than * and looser than ^; `!` binds tightest.
parse_unary <- function(p) {
  if (p$depth >= 100L) abort_stata("expression nested too deeply", 130L)
  p$depth <- p$depth + 1L
  tree <- parse_operand(p)
  p$depth <- p$depth - 1L
  tree
}

parse_operand <- function(p) {
  op <- peek(p)
  if (peek_type(p) == "op" && op %in% c("-", "+")) {
    take(p)
    inner <- parse_binary(p, 6)
    return(if (op == "+") inner else list(node = "negate", inner = inner))
  }
  if (peek_type(p) == "op" && op %in% c("!", "~")) {
    take(p)
    return(list(node = "not", inner = parse_unary(p)))
  }
  parse_primary(p)
}

parse_primary <- function(p) {
  type <- peek_type(p)
  text <- take(p)
  switch(type,
    number = list(node = "value", value = as.numeric(text)),
    missing = list(node = "value", value = missing_value(substring(text, 2L))),
    string = list(node = "value", value = text),
    name = parse_name(p, text),
    punct = {
      if (text != "(") abort_stata(sprintf("%s invalid in an expression", text), 198L)
      inner <- parse_binary(p, 0)
      expect_token(p, ")")
      inner
    },
    abort_stata(if (type == "end") "an expression ends too early" else sprintf("%s invalid in an expression", text),
                198L))
}

parse_name <- function(p, name) {
  tight <- p$at <= p$n && peek_type(p) == "punct"
  if (tight && peek(p) == "(") {
    tree <- list(node = "call", name = name, args = parse_arguments(p))
    if (!name %in% c("e", "r") || !opens_subscript(p) || length(tree$args) != 1L) return(tree)
    return(c(list(node = "element", name = name, call = tree$args[[1L]]$name), parse_subscripts(p)))
  }
  if (opens_subscript(p)) {
    if (name %in% c("_b", "_coef", "_se")) return(list(node = "coefficient", name = name, text = take_brackets(p)))
    index <- parse_subscripts(p)
    return(c(list(node = if (is.null(index$column)) "subscript" else "element", name = name), index))
  }
  if (peek_type(p) == "missing" && !p$blank[p$at]) {
    abort_unsupported(sprintf("time-series and factor operators (%s.)", name))
  }
  list(node = "name", name = name)
}

opens_subscript <- function(p) {
  p$at <= p$n && peek_type(p) == "punct" && peek(p) == "[" && !p$blank[p$at]
}

# [i] or [i,j]
parse_subscripts <- function(p) {
  take(p)
  out <- list(index = parse_binary(p, 0))
  if (peek_type(p) == "punct" && peek(p) == ",") {
    take(p)
    out$column <- parse_binary(p, 0)
  }
  expect_token(p, "]")
  out
}

# What stands in the brackets of _b[2.alloc], as it is written.
take_brackets <- function(p) {
  take(p)
  text <- character()
  while (p$at <= p$n && peek(p) != "]") text <- c(text, take(p))
  expect_token(p, "]")
  paste(text, collapse = "")
}

parse_arguments <- function(p) {
  take(p)
  args <- list()
  if (peek(p) == ")") {
    take(p)
    return(args)
  }
  repeat {
    args <- c(args, list(parse_binary(p, 0)))
    if (peek_type(p) == "punct" && peek(p) == ",") take(p) else break
  }
  expect_token(p, ")")
  args
}
