# The same cases typed as Stata commands: each runs through stata(), its log is compared like that of the R verb.

# A declaration written for the R verbs, as Stata's words; arguments that are expressions become columns of the data.
stata_declaration <- function(call, d) {
  args <- as.list(call)[-1L]
  named <- nzchar(names(args))
  data <- eval(args$data, list(d = d))
  vars <- character()
  for (arg in args[!named]) {
    name <- if (is.symbol(arg)) as.character(arg) else paste0("column", length(vars) + 1L)
    if (!is.symbol(arg)) data[[name]] <- eval(arg, data)
    vars <- c(vars, name)
  }
  args <- args[named & names(args) != "data"]
  if (identical(args$metashow, FALSE)) names(args)[names(args) == "metashow"] <- "nometashow"
  options <- vapply(names(args), function(n) {
    if (is.logical(args[[n]])) n else sprintf("%s(%s)", n, as.character(args[[n]]))
  }, "")
  command <- gsub("_", " ", as.character(call[[1L]]))
  list(data = data, text = paste0(command, " ", paste(vars, collapse = " "), ", ", paste(options, collapse = " ")))
}

# The echo of a log has "> " where a line goes on.
typed_command <- function(text) sub("^\\.\\s*", "", gsub("\n>\\s*", "\n", text))

through_data <- function(case) {
  d <- if (identical(case$format %in% suite_formats, TRUE)) suite_data(case_data(case)) else case_data(case)
  if (identical(case$format %in% metan4_formats, TRUE)) d <- metan4_data(d)
  short <- c(es = "data_val", lci = "data_val_lower", uci = "data_val_upper")
  if (grepl("data_val", case$command)) names(d) <- ifelse(names(d) %in% names(short), short[names(d)], names(d))
  d
}

# A session of its own: earlier data and results are gone.
run_through <- function(case) {
  d <- through_data(case)
  version <- if (identical(case$format %in% metan4_formats, TRUE)) 4 else 9
  tryCatch(suppressWarnings({
    if (identical(case$format %in% suite_formats, TRUE)) {
      m <- stata_declaration(suite_declaration(case), d)
      stata(sub("$", sprintf(" version(%d)", suite_version(case)), m$text), m$data, graphs = FALSE)
      out <- stata(utils::tail(strsplit(typed_command(case$command), "\n")[[1L]], 1L), graphs = FALSE)
    } else out <- stata(typed_command(case$command), d, metan = version, graphs = FALSE)
    view <- utils::tail(out$results, 1L)[[1L]]
    list(view = view, lines = if (is.null(view$text)) out$log else view$text)
  }), metaparity_error = function(e) conditionMessage(e))
}
