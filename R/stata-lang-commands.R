# The table of Stata's command words: minimal abbreviation, the function that runs it, whether by: may stand before it.

command_row <- function(word, least, run, by = FALSE, raw = FALSE, groups = NULL) {
  list(word = word, least = least, run = run, by = by, raw = raw, groups = groups)
}

analysis_row <- function(word, verb = word, draws = "never", fixed = list()) {
  command_row(word, word, function(command, session, rows) run_analysis(command, session, rows, verb, fixed, draws),
              by = TRUE)
}

data_rows <- function() list(
  command_row("generate", "g", run_generate, TRUE, groups = generate_groups),
  command_row("replace", "replace", run_replace, TRUE, groups = replace_groups),
  command_row("egen", "egen", run_egen, TRUE, groups = egen_groups),
  command_row("drop", "drop", run_drop, TRUE, groups = drop_groups),
  command_row("keep", "keep", run_keep, TRUE, groups = keep_groups),
  command_row("rename", "ren", run_rename), command_row("sort", "so", run_sort),
    command_row("gsort", "gsort", run_gsort),
  command_row("order", "order", run_order), command_row("count", "cou", run_count, TRUE),
  command_row("assert", "as", run_assert, TRUE), command_row("encode", "en", run_encode),
  command_row("decode", "dec", run_decode), command_row("destring", "destring", run_destring),
  command_row("format", "form", run_format), command_row("label", "la", run_label, raw = TRUE),
  command_row("list", "l", run_list, TRUE), command_row("describe", "d", run_describe),
  command_row("summarize", "su", run_summarize, TRUE), command_row("tabulate", "ta", run_tabulate, TRUE),
  command_row("display", "di", run_display, raw = TRUE), command_row("levelsof", "levelsof", run_levelsof))

file_rows <- function() list(
  command_row("use", "u", run_use), command_row("save", "sa", run_save),
    command_row("import", "import", run_import, raw = TRUE),
  command_row("insheet", "insheet", run_insheet), command_row("input", "inp", run_input, raw = TRUE),
  command_row("clear", "clear", run_clear), command_row("preserve", "pres", run_preserve),
  command_row("restore", "rest", run_restore), command_row("log", "log", run_log, raw = TRUE),
  command_row("graph", "gr", run_graph, raw = TRUE))

program_rows <- function() list(
  command_row("local", "loc", run_local, raw = TRUE), command_row("global", "gl", run_global, raw = TRUE),
  command_row("scalar", "sca", run_scalar, raw = TRUE), command_row("set", "set", run_set, raw = TRUE),
  command_row("return", "ret", run_return), command_row("ereturn", "eret", run_ereturn),
  command_row("matrix", "mat", run_matrix, raw = TRUE), command_row("tempvar", "tempvar", run_tempvar, raw = TRUE),
  command_row("tempfile", "tempfile", run_tempfile, raw = TRUE),
    command_row("tokenize", "token", run_tokenize, raw = TRUE), command_row("continue", "continue", run_continue),
  command_row("version", "vers", run_nothing, raw = TRUE), command_row("ssc", "ssc", run_install, raw = TRUE),
  command_row("xi", "xi", run_xi, raw = TRUE), command_row("which", "which", run_install, raw = TRUE),
  command_row("more", "more", run_nothing, raw = TRUE),
  command_row("compress", "compress", run_nothing, raw = TRUE), command_row("notes", "note", run_nothing, raw = TRUE))

# Which command draws: "always" unless nograph, "asked" by its option, "never".
analysis_commands <- function() list(
  command_row("metan", "metan", run_metan, TRUE),
  analysis_row("metan9", "metan", "always", list(version = 9)), analysis_row("metaninf", draws = "always"),
  analysis_row("metainf", draws = "always", fixed = list(print = FALSE)), analysis_row("metacum", draws = "always"),
  command_row("metabias", "metabias", run_metabias, TRUE),
  analysis_row("metabias9", "metabias", "asked", list(version = 2)),
  analysis_row("metabias6", draws = "asked"), analysis_row("metatrim", draws = "asked"),
  analysis_row("metafunnel", draws = "always"), analysis_row("galbr", draws = "always"),
  analysis_row("labbe", draws = "always"), analysis_row("metaprop", draws = "always"),
  analysis_row("metaprop_one", "metaprop", "always"),
  analysis_row("metaan", draws = "asked"), analysis_row("metareg", draws = "asked"),
  command_row("heterogi", "heterogi", run_heterogi), command_row("meta", "meta", run_meta, TRUE),
  command_row("predict", "predict", run_predict), command_row("estat", "estat", run_estat),
  command_row("test", "te", run_test, raw = TRUE), command_row("lincom", "lincom", run_lincom, raw = TRUE))

find_command <- function(word) {
  hit <- match(word, command_table$word)
  if (is.na(hit)) {
    hits <- which(startsWith(command_table$word, word) & nchar(word) >= nchar(command_table$least))
    if (!length(hits)) abort_unsupported(sprintf("command %s", word))
    hit <- hits[1L]
  }
  command_table$rows[[hit]]
}

# Rows by their words and by the abbreviations that are no other command's; what may be a prefix is left out.
index_commands <- function(table) {
  index <- list2env(stats::setNames(table$rows, table$word))
  for (row in table$rows) {
    short <- substring(row$word, 1L, seq(nchar(row$least), nchar(row$word)))
    for (word in setdiff(short, ls(index))) index[[word]] <- row
  }
  rm(list = Filter(may_be_prefix, ls(index)), envir = index)
  index
}

# metan's version is that of the session: fixed is what the word does not say.
run_metan <- function(command, session, rows) {
  run_analysis(command, session, rows, "metan", list(version = session$metan), "always")
}

# The word had another syntax until 2009, which its options tell.
run_metabias <- function(command, session, rows) {
  known <- option_minimums(c(names(formals(metabias6)), "harbord", "peters", "or", "rr"))
  known[["graph"]] <- "g"
  given <- vapply(names(command$options), match_option, "", known = known)
  graph <- command$options[given %in% "graph"]
  text <- if (length(graph) && !is.na(graph[[1L]])) graph[[1L]] else FALSE
  tested <- any(c("harbord", "peters", "or", "rr") %in% given)
  old <- is_old_metabias(given, length(expand_varlist(command$rest, session)), text, tested)
  run_analysis(command, session, rows, if (old) "metabias6" else "metabias", draws = "asked")
}

run_heterogi <- function(command, session, rows) {
  fun <- get0("heterogi", envir = asNamespace("metaparity"), mode = "function", inherits = FALSE)
  if (is.null(fun)) abort_unsupported("heterogi")
  numbers <- strsplit(command$rest_text, "\\s+")[[1L]]
  options <- analysis_options(command, session, formals(fun), "never")
  view <- do.call(fun, c(as.list(number_word_all(numbers)), options$args))
  finish_analysis(view, command, session, rows, options)
}

number_word_all <- function(words) vapply(words, number_word, 0, USE.NAMES = FALSE)
