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
  at <- function(b) {
    inner <- list2env(as.list(session), parent = emptyenv())
    inner$e$b[1L, ] <- b
    as.numeric(evaluate_groups(tokens, group_context(list(kept), inner)))
  }
  value <- at(session$e$b[1L, ])
  made <- if (length(columns) > 1L) predictnl_errors(at, value, o, session) else list(value = value)
  for (i in seq_along(columns)) store_rows(session, columns[i], made[[names(columns)[i]]], kept, a$type)
  if (!is.null(o$ci)) emit(session, sprintf("note: confidence intervals calculated using %s critical values.",
                                            if (is.na(predictnl_df(o, session))) "Z" else "t"))
}

# The new variables by what they hold.
predictnl_columns <- function(name, o, session) {
  more <- unlist(o[c("se", "variance", "wald", "p")[c("se", "variance", "wald", "p") %in% names(o)]])
  limits <- if (!is.null(o$ci)) plain_words(o$ci)
  if (!is.null(o$ci) && length(limits) != 2L) abort_stata("option ci() needs two new names", 198L)
  columns <- c(value = name, more, if (length(limits)) c(lower = limits[1L], upper = limits[2L]))
  for (one in columns) check_new_name(one, session)
  if (anyDuplicated(columns)) abort_stata(sprintf("variable %s already defined", columns[duplicated(columns)][1L]), 110L)
  columns
}

predictnl_df <- function(o, session) {
  if (!is.null(o$df)) number_word(o$df) else as.numeric(c(session$e$df_r, NA)[1L])
}

predictnl_errors <- function(at, value, o, session) {
  e <- session$e
  variance <- delta_variance(at, e$b[1L, ], e$V, length(value))
  se <- sqrt(variance)
  se[!(se > 0)] <- NA_real_
  df <- predictnl_df(o, session)
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  reach <- critical_value(level, df) * se
  list(value = value, se = se, variance = variance, wald = (value / se)^2, p = two_sided_p(value / se, df),
       lower = value - reach, upper = value + reach)
}

# The variance of each value of at(b), by differences of fourth order in each coefficient that has a variance.
delta_variance <- function(at, b, V, n) {
  slopes <- vapply(seq_along(b), function(j) delta_slope(at, b, V, j, n), numeric(n))
  slopes <- matrix(slopes, n)
  rowSums((slopes %*% V) * slopes)
}

delta_slope <- function(at, b, V, j, n) {
  if (V[j, j] == 0) return(numeric(n))
  h <- max(abs(b[j]), sqrt(V[j, j])) * 1e-3
  f <- function(k) at(replace(b, j, b[j] + k * h))
  (f(-2) - 8 * f(-1) + 8 * f(1) - f(2)) / (12 * h)
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
