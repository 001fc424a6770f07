# reporter(): an analysis report of a fit as an R Markdown document, rendered to HTML, PDF or Word. The text is made of
# sections (reporter-text.R); each is a character vector.

#' A report of a meta-analysis
#'
#' Writes a report of a fit, in English or Chinese: methods and results ([methods_text()], [results_text()]) with a
#' table, outliers
#' and influential studies, asymmetry of the funnel plot, a forest and a funnel plot, references.
#'
#' @param x a result of [rma()], with moderators, groups or a scale too, [rma.mh()], [rma.peto()], [rma.mv()],
#'   [rma.glmm()],
#'   [rma.dta()], [selmodel()] or [robust()].
#' @param dir folder of the report; a temporary one by default.
#' @param filename name of the file, without extension.
#' @param format `"html_document"`, `"pdf_document"` or `"word_document"`; can be abbreviated. PDF needs LaTeX.
#' @param open whether the report is opened when it is done (in interactive sessions).
#' @param digits decimals of effects.
#' @param forest,funnel `FALSE` leaves the plot out; a character string holds further arguments of [forest()] or
#'   [funnel()].
#' @param footnotes whether terms are explained in footnotes.
#' @param verbose whether progress is told.
#' @param lang `"en"` or `"zh"`; the option `metaparity.lang` by default.
#' @param ... not used.
#' @return The path of the report, invisibly. Its source (`.Rmd`), the fit (`.rds`) and the references (`.bib`) are left
#'   beside
#'   it.
#' @details Needs the package \pkg{rmarkdown}, and pandoc, which it uses; PDF needs XeLaTeX. Outliers, influence and the
#'   tests of
#'   asymmetry are for models of one effect per study without moderators. Errors of class `metaparity_error_input`: a
#'   folder that
#'   is not there, plot arguments that are no R code.
#' @section In other software: \pkg{metafor}: the same call; its text and its order differ. Stata: `putdocx`.
#'   RevMan: its
#'   analysis report.
#' @references Xie, Y., Allaire, J. J. and Grolemund, G. (2018). *R Markdown: The definitive guide*. Chapman & Hall.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -0.2, 0.1), var = c(0.33, 0.19, 0.42, 0.05, 0.02))
#' fit <- rma(est, var, data = d)
#' if (interactive()) reporter(fit)
#' @export
reporter <- function(x, ...) {
  if (is_foreign(x, "reporter")) return(foreign_generic("reporter", x)(x, ...))
  UseMethod("reporter")
}

#' @rdname reporter
#' @exportS3Method reporter metaparity
#' @exportS3Method metafor::reporter metaparity
reporter.metaparity <- function(x, dir, filename, format = "html_document", open = TRUE, digits = 2, forest, funnel,
                                footnotes = FALSE, verbose = TRUE, lang = NULL, ...) {
  mc <- match.call()
  named_dots(character(), mc, ...)
  if (inherits(x, "metaparity_uni")) check_whole(x, "x", mc)
  if (!requireNamespace("rmarkdown", quietly = TRUE)) abort_input("format", "needs the package rmarkdown", mc)
  formats <- c("html_document", "pdf_document", "word_document")
  at <- if (is.character(format) && length(format) == 1L) pmatch(format, formats) else NA
  if (is.na(at)) check_choice(format, formats, "format", mc)
  path <- report_path(if (missing(dir)) tempdir() else dir, if (missing(filename)) NULL else filename, mc)
  digits <- check_number(digits, "digits", 0, 10, mc)
  default <- inherits(x, "rma") && !inherits(x, c("metaparity_subgroup", "metaparity_selmodel")) && length(x$yi) > 1L
  plots <- list(forest = plot_call("forest", if (missing(forest)) TRUE else forest, mc),
                funnel = plot_call("funnel", if (missing(funnel)) default else funnel, mc))
  check_flag(footnotes, "footnotes", mc)
  check_flag(verbose, "verbose", mc)
  check_flag(open, "open", mc)
  with_language(lang, {
    cited <- report_references(x)
    files <- list(data = basename(paste0(path, ".rds")), references = if (length(cited)) basename(paste0(path, ".bib")),
                  keys = names(cited))
    text <- report_text(x, digits, plots, footnotes, files)
  })
  saveRDS(x, paste0(path, ".rds"))
  if (length(cited)) writeLines(enc2utf8(cited), paste0(path, ".bib"), useBytes = TRUE)
  writeLines(enc2utf8(text), paste0(path, ".Rmd"), useBytes = TRUE)
  if (verbose) message("Rendering ", basename(path), ".Rmd ...")
  out <- render_report(paste0(path, ".Rmd"), formats[at], mc)
  if (verbose) message("Report: ", out)
  if (open && interactive()) utils::browseURL(out)
  invisible(out)
}

report_path <- function(dir, name, call) {
  check_word(dir, "dir", call)
  if (nchar(dir, "bytes") > 4000L || !dir.exists(dir))
    abort_input("dir", sprintf("must be a folder that exists, not %s", describe(dir)), call)
  name <- name %||% base::format(Sys.time(), "meta-analysis-%Y%m%d-%H%M%S")
  check_word(name, "filename", call)
  if (!is_plain_path(name) || basename(name) != name) abort_input("filename", "must be the name of a file", call)
  file.path(normalizePath(dir), name)
}

# The entries that the report's paragraphs cite, by their keys.
report_references <- function(x) {
  entries <- bibliography()
  entries[intersect(attr(methods_text(x), "keys"), names(entries))]
}

# The document sets the language of what it computes; it is set back.
render_report <- function(file, format, call = NULL) {
  chinese <- identical(getOption("metaparity.lang"), "zh")
  old <- options(metaparity.lang = getOption("metaparity.lang"))
  on.exit(options(old))
  given <- switch(format, pdf_document = list(latex_engine = "xelatex"),
                  html_document = if (chinese) list(pandoc_args = c("-V", "lang=zh-CN")))
  tryCatch(rmarkdown::render(file, output_format = format, quiet = TRUE, envir = new.env(), output_options = given),
           error = function(e) {
             if (inherits(e, "metaparity_error")) stop(e)
             abort_capability("x", sprintf("has a report that cannot be made: %s", conditionMessage(e)), call)
           })
}

# The call that draws a plot in the report; NULL without one.
plot_call <- function(verb, extra, call) {
  if (isFALSE(extra)) return(NULL)
  if (isTRUE(extra)) return(sprintf("metaparity::%s(fit)", verb))
  check_word(extra, verb, call)
  text <- sprintf("metaparity::%s(fit, %s)", verb, extra)
  parsed <- tryCatch(parse(text = text), error = function(e) NULL)
  if (!is.character(extra) || length(extra) != 1L || length(parsed) != 1L) {
    abort_input(verb, "must be TRUE, FALSE or a string with arguments", call)
  }
  text
}
