# predictnl: an expression of the coefficients for every row, with its standard error by the delta method.
# Source: Stata's Base Reference manual, predictnl (methods and formulas). Oracle: the delta method in closed form.

# predictnl [type] newvar = exp [if] [in] [, se() variance() wald() p() ci(two names) level()]
run_predictnl <- function(command, session, rows) {
  a <- parse_assignment(command$rest, TRUE)
  o <- command_options(command, c(se = "se", variance = "v", wald = "w", p = "p", ci = "ci", level = "l", df = "df",
                                  iterate = "iter", force = "force"))
  if (is.null(session$e$b)) abort_stata("last estimates not found", 301L)
  columns <- predictnl_columns(a$name, o, session)
  tokens <- with_linear_predictor(a$tokens, session$e$b)
  kept <- selected_rows(command, session, rows)
  found <- with_slopes(function(inner) as.numeric(evaluate_column(tokens, inner))[kept], session)
  made <- if (length(columns) > 1L) predictnl_errors(found, o, session) else found
  for (i in seq_along(columns)) store_rows(session, columns[i], made[[names(columns)[i]]], kept, a$type)
  if (!is.null(o$ci)) emit(session, sprintf("note: confidence intervals calculated using %s critical values.",
                                            if (is.na(predictnl_df(o))) "Z" else "t"))
}

# The new variables by what they hold.
predictnl_columns <- function(name, o, session) {
  more <- unlist(o[c("se", "variance", "wald", "p")[c("se", "variance", "wald", "p") %in% names(o)]])
  limits <- if (!is.null(o$ci)) plain_words(o$ci)
  if (!is.null(o$ci) && length(limits) != 2L) abort_stata("option ci() needs two new names", 198L)
  columns <- c(value = name, more, if (length(limits)) c(lower = limits[1L], upper = limits[2L]))
  for (one in columns) check_new_name(one, session)
  twice <- columns[duplicated(columns)]
  if (length(twice)) abort_stata(sprintf("variable %s already defined", twice[1L]), 110L)
  columns
}

# The normal distribution, unless df() asks for t.
predictnl_df <- function(o) if (is.null(o$df)) NA_real_ else number_word(o$df)

predictnl_errors <- function(found, o, session) {
  value <- found$value
  variance <- rowSums((found$slope %*% session$e$V) * found$slope)
  se <- sqrt(variance)
  se[!(se > 0)] <- NA_real_
  df <- predictnl_df(o)
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  reach <- critical_value(level, df) * se
  list(value = value, se = se, variance = variance, wald = (value / se)^2, p = two_sided_p(value / se, df),
       lower = value - reach, upper = value + reach)
}

# xb() in the expression is the sum of coefficients times variables; predict() has no place in it here.
with_linear_predictor <- function(tokens, b) {
  calls <- which(tokens$text %in% c("xb", "predict") & tokens$type == "name" & c(tokens$text[-1L], "") == "(")
  if (!length(calls)) return(tokens)
  if (any(tokens$text[calls] == "predict")) abort_unsupported("predict() in predictnl")
  if (any(tokens$text[calls + 2L] != ")")) abort_unsupported("xb(equation) in predictnl")
  names <- colnames(b)
  if (any(grepl("[.#:]", names))) abort_unsupported("xb() of factor variables in predictnl")
  terms <- ifelse(names == "_cons", "_b[_cons]", sprintf("_b[%s] * %s", names, names))
  sum <- paste0("(", paste(terms, collapse = " + "), ")")
  text <- tokens$text
  text[tokens$type == "string"] <- sprintf("\"%s\"", text[tokens$type == "string"])
  text[calls] <- sum
  text <- paste0(ifelse(tokens$blank, " ", ""), text)
  tokenize(paste(text[-c(calls + 1L, calls + 2L)], collapse = ""))
}

store_rows <- function(session, name, value, kept, type) {
  all <- rep(NA_real_, session$n)
  all[kept] <- value
  store_variable(session, name, all, if (is.null(type)) session$type else type)
  note_missing(all, session)
}
