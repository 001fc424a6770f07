# The tree of an expression, whose grammar is the core's.

# tokens: rows of tokenize(); returns nested lists with `node` as their kind.
parse_expression <- function(tokens) syntax_result(cpp_stata_expression(tokens, missing_values))
