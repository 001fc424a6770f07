# The knitr engine: chunks ```{stata} of R Markdown run through the interpreter; data persist between chunks.

#' Stata chunks in R Markdown
#'
#' With the package attached, a chunk whose engine is `stata` is run by [stata()]'s interpreter: commands, their output
#' and their graphs appear in turn. The data of one chunk are there in the next.
#'
#' Chunk options: `stata.data = "d"` starts from the data frame `d` of the document; `stata.metan = 4` selects the
#' version of `metan`; `echo`, `eval`, `results`, `fig.show = "hide"` work as for R. In R chunks `stata_data()`
#' gives the data in memory. `options(metaparity.knitr = FALSE)` before the package is attached leaves knitr's own
#' engine,
#' which calls Stata, in place.
#'
#' @param options the chunk's options, as knitr passes them.
#' @return What knitr writes into the document.
#' @details Errors are those of [stata()], of class `metaparity_error_stata`; with `error = TRUE` they appear in the
#'   document.
#' @section In other software: Stata's `dyndoc` and `markstat`.
#' @examples
#' \dontrun{
#' knitr::knit_engines$set(stata = stata_engine)
#' }
#' "stata" %in% names(formals(stata_engine))
#' @export
stata_engine <- function(options) {
  check_given(options)
  if (!is.list(options) || !is.character(options$code))
    abort_input("options", "must be the options of a chunk, a list with its `code`")
  options <- utils::modifyList(knitr::opts_chunk$get(), options)
  code <- options$code
  if (isFALSE(options$eval)) return(knitr::engine_output(options, code, NULL))
  session <- engine_session(options)
  failed <- tryCatch({
    run_statements(parse_blocks(split_statements(code)), session, echo = TRUE)
    NULL
  }, metaparity_error = function(e) e)
  out <- engine_pieces(session, options)
  if (is.null(failed)) return(knitr::engine_output(options, out = out))
  if (!isTRUE(options$error)) stop(failed)
  knitr::engine_output(options, out = c(out, list(failed)))
}

# A document starts anew; `stata.data` replaces the data in memory.
engine_session <- function(options) {
  document <- knitr::opts_knit$get("metaparity.session")
  if (is.null(document)) {
    document <- new_session()
    knitr::opts_knit$set(metaparity.session = document)
  }
  if (!is.null(options$stata.data)) {
    data <- get0(options$stata.data, envir = knitr::knit_global(), inherits = TRUE)
    if (!is.data.frame(data)) abort_input("stata.data",
                                          sprintf("must name a data frame of the document, not %s",
                                                  dQuote(options$stata.data, FALSE)))
    load_data_frame(data, document)
  }
  prepare_session(document, if (is.null(options$stata.metan)) document$metan else options$stata.metan, FALSE,
                  document$encoding)
  stata_memory$session <- document
  document
}

engine_pieces <- function(session, options) {
  out <- lapply(log_pieces(session), function(piece) {
    if (piece$kind == "source") return(structure(list(src = paste(piece$lines, collapse = "\n")), class = "source"))
    if (piece$kind == "graph") return(engine_figure(session$graphs[[piece$lines]], piece$lines, options))
    lines <- trim_blank_lines(piece$lines)
    if (length(lines)) paste0(paste(lines, collapse = "\n"), "\n")
  })
  Filter(Negate(is.null), out)
}

trim_blank_lines <- function(lines) {
  full <- which(nzchar(trimws(lines)))
  if (length(full)) lines[full[1L]:full[length(full)]] else character()
}

engine_figure <- function(graph, i, options) {
  if (identical(options$fig.show, "hide")) return(NULL)
  device <- if (knitr::is_latex_output()) "pdf" else "png"
  file <- knitr::fig_path(paste0(".", device), options, number = i)
  dir.create(dirname(file), recursive = TRUE, showWarnings = FALSE)
  dpi <- 2 * options$dpi
  save_graph(graph, file, dpi)
  knitr::include_graphics(file, dpi = if (device == "png") dpi)
}

register_stata_engine <- function() {
  if (isFALSE(getOption("metaparity.knitr"))) return(invisible())
  set <- function(...) knitr::knit_engines$set(stata = stata_engine)
  if (isNamespaceLoaded("knitr")) set()
  setHook(packageEvent("knitr", "onLoad"), set)
}
