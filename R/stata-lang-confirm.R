# confirm: is there such a variable, file, number, name, matrix, scalar or frame? Source: Stata's Programming manual,
# confirm.

# confirm [new|numeric|string] variable, file, number, integer number, name, existence, matrix, scalar
run_confirm <- function(text, session, statement) {
  command <- parse_command(paste("confirm", text))
  words <- tokenize(command$rest_text)$text
  new <- identical(words[1L], "new")
  kind <- if (new) words[2L] else words[1L]
  rest <- trimws(substring(command$rest_text, regexpr(kind, command$rest_text, fixed = TRUE) + nchar(kind)))
  exact <- "exact" %in% names(command$options)
  switch(confirm_kind(kind),
    variable = if (new) for (name in strsplit(rest, "\\s+")[[1L]]) check_new_name(name, session)
      else confirm_variables(rest, session, exact),
    numeric = , string = confirm_type(kind, sub("^(v[a-z]*)\\s+", "", rest), session, exact),
    file = confirm_file(unquote(rest), session, new), number = confirm_number(rest, FALSE),
    integer = confirm_number(sub("^n[a-z]*\\s+", "", rest), TRUE),
    names = for (name in strsplit(rest, "\\s+")[[1L]])
      if (!grepl("^[[:alpha:]_][[:alnum:]_]{0,31}$", name)) abort_stata(sprintf("%s invalid name", name), 7L),
    existence = if (!nzchar(rest)) abort_stata("'' found where something expected", 6L),
    matrix = find_matrix(rest, session),
    scalar = if (is.null(session$scalars[[rest]])) abort_stata(sprintf("scalar %s not found", rest), 111L),
    frame = find_frame(rest, session),
    abort_unsupported(paste("confirm", kind)))
  invisible()
}

confirm_kind <- function(word) {
  kinds <- c(variable = "v", numeric = "numeric", string = "str", file = "f", number = "n", integer = "int",
             names = "names", existence = "e", matrix = "mat", scalar = "sca", frame = "frame")
  kind <- match_option(word, kinds)
  if (is.na(kind)) "" else kind
}

confirm_variables <- function(text, session, exact = FALSE) {
  if (!nzchar(text)) abort_stata("varlist required", 100L)
  words <- strsplit(text, "\\s+")[[1L]]
  lost <- setdiff(words, names(session$data))
  if (exact && length(lost)) abort_stata(sprintf("variable %s not found", lost[1L]), 111L)
  expand_varlist(tokenize(text), session, 1L)
}

confirm_type <- function(kind, text, session, exact) {
  vars <- confirm_variables(text, session, exact)
  wanted <- kind == "numeric"
  for (v in vars) if (is.character(session$data[[v]]) == wanted) {
    abort_stata(sprintf("'%s' found where %s variable expected", v, if (wanted) "numeric" else "string"), 7L)
  }
}

confirm_file <- function(file, session, new) {
  there <- tryCatch(file.exists(session_path(file, session, read = TRUE)), metaparity_error_stata = function(e) FALSE)
  if (!new && !there) abort_stata(sprintf("file %s not found", file), 601L)
  if (new && there) abort_stata(sprintf("file %s already exists", file), 602L)
}

confirm_number <- function(text, whole) {
  value <- real_value(text)
  if (is.na(value) || whole && value != trunc(value)) {
    abort_stata(sprintf("'%s' found where %s expected", text, if (whole) "integer" else "number"), 7L)
  }
}
