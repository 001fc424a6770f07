# meta mvregress, meta meregress, meta multilevel in do-files, and predict and estat after them: words to the R verbs.
# Source: Stata's documented syntax.

suite_models <- c("mvregress", "meregress", "multilevel")
model_views <- c("stata_meta_mvregress", "stata_meta_meregress", "stata_glst", "stata_drmeta")

# meta meregress y x [if] [in] || level: vars, options || level:, options: options of an equation stay with it, all
# others
# are the command's.
parse_meta <- function(text) {
  part <- split_equations(text)
  if (length(part) == 1L) return(parse_command(text))
  read <- lapply(part[-1L], read_equation)
  asked <- unlist(lapply(read, `[[`, "global"))
  head <- part[1L]
  command <- parse_command(paste0(head, if (length(asked)) paste0(if (is.na(top_level_comma(head))) ", " else " ",
                                                                  paste(asked, collapse = " "))))
  command$equations <- lapply(read, `[`, c("level", "vars", "own"))
  command
}

# At || outside quotes and parentheses.
split_equations <- function(text) {
  if (!grepl("||", text, fixed = TRUE)) return(text)
  ch <- strsplit(text, "")[[1L]]
  depth <- cumsum(ch == "(") - cumsum(ch == ")")
  quoted <- cumsum(ch == "\"") %% 2L == 1L
  at <- which(ch == "|" & c(ch[-1L], "") == "|" & depth == 0L & !quoted)
  if (!length(at)) return(text)
  trimws(substring(text, c(1L, at + 2L), c(at - 1L, nchar(text))))
}

equation_options <- c(covariance = "cov", noconstant = "nocons", sd = "sd")

read_equation <- function(text) {
  comma <- top_level_comma(text)
  head <- if (is.na(comma)) text else substr(text, 1L, comma - 1L)
  if (!grepl(":", head, fixed = TRUE)) abort_stata("invalid syntax: an equation after || needs a colon", 198L)
  given <- if (is.na(comma)) list() else parse_command(paste("equation", substring(text, comma)))$options
  own <- !is.na(vapply(names(given), match_option, "", known = equation_options))
  written <- sprintf(ifelse(is.na(unlist(given)), "%s", "%s(%s)"), names(given), unlist(given))
  list(level = trimws(sub(":.*$", "", head)), vars = trimws(sub("^[^:]*:", "", head)), own = written[own],
       global = written[!own])
}

run_meta_model <- function(command, session, rows, word) {
  verb <- paste0("meta_", word)
  fun <- get(verb, envir = asNamespace("metaparity"))
  if (!is.null(command$weight)) abort_stata("weights not allowed", 101L)
  command$options <- command$options[!names(command$options) %in% c("log", "nolog")]
  known <- formals(fun)[setdiff(names(formals(fun)), c("model", "covariance"))]
  options <- analysis_options(command, session, known, "never", verb)
  asked <- options$args
  if (!is.null(asked$relevels)) asked$relevels <- level_names(asked$relevels, session)
  if (!"level" %in% names(asked)) asked$level <- session$level
  words <- fixed_words(command$rest, session, word)
  model <- paste(c(paste(c(words$outcomes, if (word == "mvregress" && length(words$moderators)) "=",
                           words$moderators), collapse = " "),
                   vapply(command$equations, equation_text, "", session = session)), collapse = " || ")
  rows <- selected_rows(command, session, rows)
  if (!length(rows)) abort_stata("no observations", 2000L)
  args <- c(list(model, data = model_columns(words, session), subset = rows), asked)
  view <- eval(as.call(c(as.name(verb), args)), list(), asNamespace("metaparity"))
  finish_analysis(view, command, session, rows, options)
}

# Outcomes and moderators: before and after `=`, or the first word and the others.
fixed_words <- function(tokens, session, word) {
  if (!nrow(tokens)) abort_stata("varlist required", 100L)
  at <- match("=", tokens$text)
  if (!is.na(at) && word != "mvregress") abort_stata("invalid syntax", 198L)
  right <- if (is.na(at)) tokens[0L, ] else tokens[-seq_len(at), ]
  left <- if (is.na(at)) tokens else tokens[seq_len(at - 1L), ]
  if (word == "mvregress")
    return(list(outcomes = expand_varlist(left, session, 1L), moderators = moderator_words(right, session)))
  all <- varlist_words(left)
  list(outcomes = find_stata_variable(all[1L], session), moderators = moderator_words_of(all[-1L], session))
}

moderator_words <- function(tokens, session) if (nrow(tokens)) moderator_words_of(varlist_words(tokens), session)

moderator_words_of <- function(words, session) {
  if (any(grepl("#", words, fixed = TRUE))) abort_unsupported("interactions of factor variables")
  unlist(lapply(words, expand_moderator, session = session))
}

# The data; a variable that stands with i. keeps the labels of its values.
model_columns <- function(words, session) {
  data <- analysis_data(session)
  factors <- grep("^i(b[0-9]+)?[.]", words$moderators, value = TRUE)
  for (name in sub("^i(b[0-9]+)?[.]", "", factors)) data[[name]] <- labelled_column(name, session)
  data
}

equation_text <- function(e, session) {
  level <- if (e$level == "_all") e$level else find_stata_variable(e$level, session)
  vars <- if (nzchar(e$vars)) expand_varlist(tokenize(e$vars), session)
  paste0(level, ":", if (length(vars)) paste0(" ", paste(vars, collapse = " ")),
         if (length(e$own)) paste0(", ", paste(e$own, collapse = " ")))
}

# relevels(a b, sd(. #)): names as they are in the data.
level_names <- function(text, session) {
  names <- expand_varlist(tokenize(sub(",.*$", "", text)), session, 1L)
  paste0(paste(names, collapse = " "), if (grepl(",", text, fixed = TRUE)) sub("^[^,]*", "", text))
}

# An option's name that begins with a digit is no name of the grammar.
parse_drmeta <- function(text) {
  comma <- top_level_comma(text)
  if (is.na(comma)) return(parse_command(text))
  options <- gsub("(?<![\\w(])2st(a|ag|age)?(?![\\w)])", "twostage", substring(text, comma), perl = TRUE)
  parse_command(paste0(substr(text, 1L, comma - 1L), options))
}

# drmeta depvar doses, data(n cases) 2stage ...: names that R's argument has otherwise.
run_drmeta <- function(command, session, rows) {
  names <- names(command$options)
  names[startsWith("data", names)] <- "counts"
  names[names == "i"] <- "id"
  names[names == "t"] <- "type"
  names[startsWith("hamling", names)] <- "hamling"
  names(command$options) <- names
  run_analysis(command, session, rows, "drmeta", draws = "never")
}

# ---- predict and estat -------------------------------------------------------------------------

# predict newvar | newvars | stub*, statistic fixedonly equation(name)
predict_model <- function(view, command, session, rows) {
  words <- as.character(names(command$options))
  equation <- command$options[startsWith(words, "eq")]
  given <- setdiff(words, names(equation))
  flags <- intersect(given, "fixedonly")
  statistic <- setdiff(given, flags)
  if (length(statistic) > 1L) abort_unsupported(sprintf("option %s of predict", statistic[2L]))
  if (length(flags) && inherits(view, "stata_mvmeta")) abort_unsupported("option fixedonly of predict")
  args <- c(list(view), as.list(statistic), if (length(flags)) list(fixedonly = TRUE))
  found <- as.matrix(do.call(stats::predict, args))
  typed <- command$rest$text[1L] %in% c("double", "float")
  names <- if (typed) command$rest$text[-1L] else command$rest$text
  type <- if (typed) command$rest$text[1L] else session$type
  star <- length(names) == 2L && names[2L] == "*"
  if (length(equation)) found <- found[, equation_column(equation[[1L]], view), drop = FALSE]
  if (star) names <- paste0(names[1L], seq_len(ncol(found)))
  if (length(names) == 1L) found <- found[, 1L, drop = FALSE]
  if (length(names) != ncol(found)) abort_stata(sprintf("%d new variables required", ncol(found)), 102L)
  for (j in seq_along(names)) store_prediction(names[j], found[, j], type, view, command, session, rows)
}

equation_column <- function(text, view) {
  name <- trimws(text)
  outcomes <- view$outcomes %||% view$studies$outcomes
  at <- if (grepl("^#[0-9]+$", name)) as.integer(substring(name, 2L)) else match(name, outcomes)
  if (is.na(at) || at < 1L || at > length(outcomes)) abort_stata(sprintf("equation [%s] not found", name), 303L)
  at
}

store_prediction <- function(name, found, type, view, command, session, rows) {
  name <- check_new_name(name, session)
  value <- rep(NA_real_, session$n)
  value[view$rows %||% view$studies$rows] <- found
  value[setdiff(seq_len(session$n), selected_rows(command, session, rows))] <- NA_real_
  store_variable(session, name, value, type)
  note_missing(value, session)
}

model_estat <- c(heterogeneity = "het", sd = "sd", recovariance = "recov", group = "gr")

run_model_estat <- function(what, command, session, rows) {
  if (inherits(session$estimates, c("stata_glst", "stata_drmeta"))) abort_unsupported(paste("estat", what))
  name <- if (is.na(what)) NA else match_option(what, model_estat)
  if (is.na(name)) abort_unsupported(paste("estat", what))
  verb <- paste0("estat_", name)
  options <- analysis_options(command, session, formals(get(verb, envir = asNamespace("metaparity")))[-1L], "never",
                              verb)
  view <- eval(as.call(c(as.name(verb), list(session$estimates), options$args)), list(), asNamespace("metaparity"))
  finish_analysis(view, command, session, rows, options)
}
