# label variable, define, values, data, list, drop; format. Source: Stata's Data Management manual.

run_label <- function(text, session, statement) {
  tokens <- tokenize(text)
  if (!nrow(tokens)) abort_stata("invalid syntax", 198L)
  known <- c(copy = "copy", variable = "var", define = "de", values = "val", data = "da", list = "l", drop = "drop",
             language = "lang", dir = "di")
  what <- match_option(tokens$text[1L], known)
  rest <- tokens[-1L, ]
  switch(if (is.na(what)) "" else what,
    variable = label_variable(rest, session),
    define = label_define(rest, session),
    values = label_values(rest, session),
    data = session$data_label <- if (nrow(rest)) rest$text[1L] else "",
    list = label_list(rest, session), dir = emit(session, names(session$value_labels)),
    copy = label_copy(rest, session),
    drop = session$value_labels[if (identical(rest$text, "_all")) names(session$value_labels) else rest$text] <- NULL,
    abort_unsupported(sprintf("label %s", tokens$text[1L])))
  invisible()
}

label_variable <- function(tokens, session) {
  text <- tokens$type == "string"
  name <- expand_varlist(tokens[!text, ], session, 1L, 1L)
  session$meta[[name]]$label <- if (any(text)) tokens$text[text][1L] else ""
}

# label define set 1 "a" 2 "b" [, add modify replace]
label_define <- function(tokens, session) {
  comma <- which(tokens$text == "," & tokens$type == "punct")
  options <- if (length(comma)) tokens$text[-seq_len(comma[1L])] else character()
  if (length(comma)) tokens <- tokens[seq_len(comma[1L] - 1L), ]
  set <- tokens$text[1L]
  old <- session$value_labels[[set]]
  if (!is.null(old) && !any(c("add", "modify", "replace") %in% options))
    abort_stata(sprintf("label %s already defined", set), 110L)
  new <- label_pairs(tokens[-1L, ])
  if (is.null(old) || "replace" %in% options) old <- numeric()
  if ("add" %in% options && any(new %in% old)) abort_stata("invalid attempt to modify label", 180L)
  session$value_labels[[set]] <- sort(c(old[!old %in% new], new))
}

label_pairs <- function(tokens) {
  values <- numeric()
  sign <- 1
  for (i in seq_len(nrow(tokens))) {
    if (tokens$type[i] == "op" && tokens$text[i] == "-") sign <- -1
    else if (tokens$type[i] == "number") {
      value <- sign * as.numeric(tokens$text[i])
      sign <- 1
    } else if (tokens$type[i] == "missing") value <- missing_value(substring(tokens$text[i], 2L))
    else if (tokens$type[i] %in% c("string", "name") && !is.null(get0("value", inherits = FALSE))) {
      values <- c(values, stats::setNames(value, tokens$text[i]))
      value <- NULL
    } else abort_stata("invalid syntax: label define name # \"label\" ...", 198L)
  }
  if (!length(values)) abort_stata("invalid syntax: label define name # \"label\" ...", 198L)
  values
}

# label values a b set; `.` or nothing detaches.
label_values <- function(tokens, session) {
  comma <- which(tokens$text == "," & tokens$type == "punct")
  if (length(comma)) tokens <- tokens[seq_len(comma[1L] - 1L), ]
  words <- varlist_words(tokens)
  set <- utils::tail(words, 1L)
  bare <- length(words) == 1L
  vars <- expand_varlist(if (bare) words else utils::head(words, -1L), session)
  if (any(vapply(session$data[vars], is.character, NA))) abort_stata("may not label strings", 181L)
  for (v in vars) session$meta[[v]]["labels"] <- list(if (bare || set == ".") NULL else set)
}

label_list <- function(tokens, session) {
  sets <- if (nrow(tokens)) tokens$text else names(session$value_labels)
  for (set in sets) {
    values <- session$value_labels[[set]]
    if (is.null(values)) abort_stata(sprintf("value label %s not found", set), 111L)
    emit(session, c(paste0(set, ":"), paste0(justify(format(values, trim = TRUE), 12L), " ", names(values))))
  }
}

# label copy a b [, replace]
label_copy <- function(tokens, session) {
  words <- tokens$text
  from <- session$value_labels[[words[1L]]]
  if (is.null(from)) abort_stata(sprintf("value label %s not found", words[1L]), 111L)
  if (!is.null(session$value_labels[[words[2L]]]) && !"replace" %in% words) {
    abort_stata(sprintf("label %s already defined", words[2L]), 110L)
  }
  session$value_labels[[words[2L]]] <- from
}

# numlabel a b, add|remove [mask(#. ) force]: the value before its label.
run_numlabel <- function(command, session, rows) {
  o <- command_options(command, c(add = "add", remove = "r", mask = "m", force = "f", detail = "d"))
  sets <- command$rest$text
  if (!length(sets) || "_all" %in% sets) sets <- names(session$value_labels)
  mask <- if (is.null(o$mask)) "#. " else unquote(o$mask)
  for (set in sets) {
    values <- session$value_labels[[set]]
    if (is.null(values)) abort_stata(sprintf("value label %s not found", set), 111L)
    mark <- vapply(unname(values), function(v) sub("#", macro_text(v), mask, fixed = TRUE), "")
    has <- startsWith(names(values), mark)
    names(values) <- if (is.null(o$remove)) ifelse(has, names(values), paste0(mark, names(values)))
                     else ifelse(has, substring(names(values), nchar(mark) + 1L), names(values))
    session$value_labels[[set]] <- values
  }
}

# format a b %9.2f
run_format <- function(command, session, rows) {
  words <- strsplit(command$rest_text, "\\s+")[[1L]]
  at <- startsWith(words, "%")
  if (sum(at) != 1L) abort_stata("format: one %fmt is needed", 198L)
  parse_format(words[at])
  for (v in expand_varlist(words[!at], session, 1L)) session$meta[[v]]$format <- words[at]
}
