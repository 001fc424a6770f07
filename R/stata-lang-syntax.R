# syntax, marksample, mark, markout and gettoken: how a user's program reads what was typed after its name.
# Source: Stata's Programming manual, syntax, mark, gettoken.

# syntax [varlist(...)] [if] [in] [using] [weight] [, options]: fills the macros of these names from `0'.
run_syntax <- function(text, session, statement) {
  form <- syntax_form(text)
  command <- parse_command(paste("program", local_get("0", session)))
  session$locals[c("if", "in", "using", "weight", "exp", "options")] <- ""
  raw <- command$text
  for (part in c("if", "in")) {
    if (!is.null(command[[part]])) {
      if (!part %in% names(form$parts)) abort_stata(sprintf("%s not allowed", part), 101L)
      session$locals[[part]] <- paste(part, token_span(raw, command[[part]]))
    } else if (isFALSE(form$parts[[part]])) abort_stata(sprintf("%s required", part), 100L)
  }
  syntax_using(form, command, session)
  syntax_weight(form, command, session, raw)
  syntax_list(form, command, session)
  syntax_options(form$options, command, session)
  invisible()
}

token_span <- function(text, tokens) if (nrow(tokens)) token_text(text, tokens, 1L, nrow(tokens)) else ""

syntax_using <- function(form, command, session) {
  if (!is.null(command$using)) {
    if (!"using" %in% names(form$parts)) abort_stata("using not allowed", 101L)
    session$locals$using <- sprintf("using \"%s\"", command$using)
  } else if (isFALSE(form$parts$using)) abort_stata("using required", 100L)
}

syntax_weight <- function(form, command, session, raw) {
  if (is.null(command$weight)) return(invisible())
  allowed <- intersect(names(form$parts), c("aweight", "fweight", "pweight", "iweight"))
  kind <- if (command$weight$kind == "weight") c(allowed, "")[1L] else command$weight$kind
  if (!kind %in% allowed) abort_stata("weights not allowed", 101L)
  session$locals$weight <- kind
  session$locals$exp <- paste("=", token_span(raw, command$weight$tokens))
}

# The varlist, varname, newvarlist, namelist or anything that the program takes.
syntax_list <- function(form, command, session) {
  what <- form$what
  if (is.null(what)) {
    if (nrow(command$rest)) abort_stata("varlist not allowed", 101L)
    return(invisible())
  }
  text <- command$rest_text
  if (!nzchar(text)) {
    if (!what$optional) abort_stata("varlist required", 100L)
    all <- what$kind == "varlist" && !grepl("default=none", what$detail, fixed = TRUE)
    session$locals[[what$name]] <- if (all) paste(names(session$data), collapse = " ") else ""
    return(invisible())
  }
  session$locals[[what$name]] <- syntax_value(what$kind, text, what$detail, session)
}

syntax_value <- function(kind, text, detail, session) {
  switch(kind,
    varlist = , varname = syntax_variables(kind, text, detail, session),
    newvarlist = , newvarname = {
      for (name in strsplit(text, "\\s+")[[1L]]) check_new_name(name, session)
      text
    },
    text)
}

syntax_variables <- function(kind, text, detail, session) {
  has <- function(word) grepl(paste0("\\b", word), detail)
  limit <- function(word, default) {
    hit <- regmatches(detail, regexec(paste0("\\b", word, "\\s*=\\s*([0-9]+)"), detail))[[1L]]
    if (length(hit)) as.numeric(hit[2L]) else default
  }
  vars <- if (has("fv")) varlist_words(tokenize(text)) else
    expand_varlist(tokenize(text), session, limit("min", 1), if (kind == "varname") 1 else limit("max", Inf))
  known <- intersect(vars, names(session$data))
  text_of <- vapply(session$data[known], is.character, NA)
  if (has("numeric") &&
      any(text_of)) abort_stata(sprintf("string variables not allowed in varlist; %s is a string variable",
                                                          known[text_of][1L]), 109L)
  if (has("string") && any(!text_of)) abort_stata(sprintf("numeric variables not allowed in varlist; %s is numeric",
                                                          known[!text_of][1L]), 109L)
  paste(vars, collapse = " ")
}

# ---- the form ----------------------------------------------------------------------------------

# list(what, parts, options): square brackets make a part optional.
syntax_form <- function(text) {
  text <- trimws(text)
  comma <- top_level_comma(text)
  head <- if (is.na(comma)) text else substr(text, 1L, comma - 1L)
  tail <- if (is.na(comma)) "" else substring(text, comma + 1L)
  parts <- list()
  what <- NULL
  for (item in syntax_items(sub("\\[\\s*$", "", head))) {
    name <- sub("[(=].*$", "", item$text)
    detail <- if (grepl("(", item$text, fixed = TRUE)) sub("\\)$", "", sub("^[^(]*\\(", "", item$text)) else ""
    kind <- c("varlist", "varname", "newvarlist", "newvarname", "namelist", "name", "anything")
    if (name %in% kind) {
      what <- list(kind = name, name = sub("^newvarname$|^varname$", "varlist", sub("^newvarlist$", "varlist", name)),
                   detail = detail, optional = item$optional)
      if (name == "name") what$name <- "namelist"
    } else if (name %in% c("if", "in", "using")) parts[[name]] <- item$optional
    else if (name %in% c("aweight", "fweight", "pweight", "iweight")) parts[[name]] <- item$optional
    else abort_unsupported(sprintf("syntax %s", item$text))
  }
  # [, options]: the bracket that opens before the comma closes behind the last option.
  free <- grepl("\\[\\s*$", head)
  options <- syntax_items(if (free) sub("\\]\\s*$", "", tail) else tail)
  if (free) options <- lapply(options, function(item) replace(item, "optional", TRUE))
  list(what = what, parts = parts, options = options)
}

# Words with what stands in their parentheses; optional where they stand in square brackets.
syntax_items <- function(text) {
  ch <- strsplit(text, "")[[1L]]
  if (!length(ch)) return(list())
  round <- cumsum(ch == "(") - cumsum(ch == ")")
  square <- cumsum(ch == "[" & round == 0L) - cumsum(ch == "]" & round == 0L)
  keep <- !(ch %in% c("[", "]", ",") & round == 0L)
  gap <- !keep | ch %in% c(" ", "\t") & round == 0L
  run <- cumsum(gap)
  words <- tapply(ifelse(gap, "", ch), run, paste, collapse = "")
  open <- tapply(square, run, max) > 0L
  full <- nzchar(words)
  Map(function(text, optional) list(text = text, optional = optional), unname(words[full]), unname(open[full]))
}

# ---- options -----------------------------------------------------------------------------------

# replace, Level(real 95), by(varlist), noLOG, *: capitals are the least abbreviation.
syntax_options <- function(items, command, session) {
  forms <- lapply(items, option_form)
  given <- command$options
  used <- rep(FALSE, length(given))
  for (f in forms[vapply(forms, function(f) f$name != "*", NA)]) {
    hit <- which(!used & vapply(names(given), option_fits, NA, form = f))
    if (!length(hit)) {
      if (!f$optional && is.null(f$default)) abort_stata(sprintf("option %s required", option_shown(f)), 198L)
      session$locals[[f$local]] <- if (is.null(f$default)) "" else f$default
      next
    }
    used[hit] <- TRUE
    session$locals[[f$local]] <- option_text(f, names(given)[hit[1L]], given[[hit[1L]]], session)
  }
  rest <- given[!used]
  if (length(rest) && !any(vapply(forms, function(f) f$name == "*", NA))) {
    abort_stata(sprintf("option %s not allowed", names(rest)[1L]), 198L)
  }
  session$locals$options <- written_options(rest)
}

# Options as they are typed.
written_options <- function(given) {
  paste(ifelse(is.na(given), names(given), sprintf("%s(%s)", names(given), given)), collapse = " ")
}

option_form <- function(item) {
  text <- item$text
  if (text == "*") return(list(name = "*"))
  word <- sub("\\(.*$", "", text)
  detail <- if (grepl("(", text, fixed = TRUE)) sub("\\)$", "", sub("^[^(]*\\(", "", text))
  negated <- is.null(detail) && grepl("^no[A-Z]", word)
  plain <- if (negated) substring(word, 3L) else word
  kind <- sub("\\s.*$", "", c(detail, "flag")[1L])
  default <- if (kind %in% c("integer", "real")) trimws(sub("^\\S+", "", detail))
  list(name = tolower(word), local = tolower(plain), least = sub("[^A-Z0-9_].*$", "", plain), kind = kind,
       detail = c(detail, "")[1L], default = if (length(default) && nzchar(default)) default, optional = item$optional,
       negated = negated)
}

option_shown <- function(f) if (f$kind == "flag") f$name else paste0(f$name, "()")

option_fits <- function(word, form) {
  if (form$negated) {
    if (!startsWith(word, "no")) return(FALSE)
    word <- substring(word, 3L)
  }
  least <- if (nzchar(form$least)) nchar(form$least) else nchar(form$local)
  startsWith(form$local, tolower(word)) && nchar(word) >= least
}

option_text <- function(f, word, value, session) {
  if (f$kind == "flag") {
    if (!is.na(value)) abort_stata(sprintf("option %s not allowed", word), 198L)
    return(if (f$negated) paste0("no", f$local) else f$local)
  }
  if (is.na(value)) abort_stata(sprintf("option %s() required", f$name), 198L)
  switch(f$kind,
    integer = , real = {
      number <- real_value(value)
      if (is.na(number) || f$kind == "integer" && number != trunc(number)) {
        abort_stata(sprintf("option %s() incorrectly specified", f$name), 198L)
      }
      value
    },
    varlist = , varname = , newvarname = , newvarlist = syntax_value(f$kind, value, f$detail, session),
    numlist = paste(vapply(parse_numlist(value), macro_text, ""), collapse = " "),
    asis = value, passthru = sprintf("%s(%s)", f$local, value), unquote(value))
}

# ---- samples -----------------------------------------------------------------------------------

# marksample touse [, novarlist strok zeroweight]: 1 for the rows that if, in and the varlist keep.
run_marksample <- function(text, session, statement) {
  command <- parse_command(paste("marksample", text))
  o <- command_options(command, c(novarlist = "novar", strok = "s", zeroweight = "z"))
  name <- command$rest$text[1L]
  run_tempvar(name, session, statement)
  clauses <- paste(local_get("if", session), local_get("in", session))
  rows <- selected_rows(parse_command(paste("mark", clauses)), session)
  if (is.null(o$novarlist)) {
    vars <- intersect(strsplit(local_get("varlist", session), "\\s+")[[1L]], names(session$data))
    for (v in vars) {
      x <- session$data[[v]][rows]
      if (!is.character(x) || is.null(o$strok)) rows <- rows[!is_missing(x)]
    }
  }
  store_variable(session, local_get(name, session), as.numeric(seq_len(session$n) %in% rows), "byte")
}

run_mark <- function(command, session, rows) {
  name <- check_new_name(command$rest$text[1L], session)
  store_variable(session, name, as.numeric(seq_len(session$n) %in% selected_rows(command, session)), "byte")
}

run_markout <- function(command, session, rows) {
  o <- command_options(command, c(strok = "s", sysmissok = "sysmissok"))
  vars <- expand_varlist(command$rest, session, 1L)
  lost <- Reduce(`|`,
                 lapply(session$data[vars[-1L]], function(x) is_missing(x) & !(is.character(x) & is.null(o$strok))))
  if (!is.null(lost)) session$data[[vars[1L]]][lost] <- 0
}

# gettoken name [rest] : from [, parse("chars") quotes match(name) bind]
run_gettoken <- function(text, session, statement) {
  part <- regmatches(text, regexec("^([^:]+):\\s*([^,]+)(,(.*))?$", text))[[1L]]
  if (!length(part)) abort_stata("invalid syntax", 198L)
  to <- strsplit(trimws(gsub("\\((local|global)\\)", "", part[2L])), "\\s+")[[1L]]
  from <- trimws(part[3L])
  o <- command_options(parse_command(paste("gettoken ,", part[5L])), c(parse = "p", quotes = "q", bind = "bind"))
  split <- first_token(local_get(from, session), if (is.null(o$parse)) " " else unquote(o$parse), !is.null(o$bind))
  token <- if (is.null(o$quotes)) unquote(split[1L]) else split[1L]
  session$locals[[to[1L]]] <- token
  if (length(to) > 1L) session$locals[[to[2L]]] <- split[2L]
}

# c(token, rest): a quoted string is one token; each parsing character but the blank is a token of its own.
first_token <- function(text, parse, bind) {
  text <- sub("^[ \t]+", "", text)
  if (!nzchar(text)) return(c("", ""))
  if (grepl("^`?\"", text)) {
    hit <- regexpr("^(`\".*?\"'|\"[^\"]*\")", text, perl = TRUE)
    size <- attr(hit, "match.length")
    if (size > 0L) return(c(substr(text, 1L, size), substring(text, size + 1L)))
  }
  ch <- strsplit(text, "")[[1L]]
  marks <- strsplit(parse, "")[[1L]]
  if (ch[1L] %in% setdiff(marks, " ")) return(c(ch[1L], substring(text, 2L)))
  depth <- if (bind) cumsum(ch %in% c("(", "[")) - cumsum(ch %in% c(")", "]")) else integer(length(ch))
  stops <- which(ch %in% marks & depth == 0L)
  if (!length(stops)) return(c(text, ""))
  c(substr(text, 1L, stops[1L] - 1L), substring(text, stops[1L]))
}
