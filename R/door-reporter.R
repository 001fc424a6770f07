# reporter(): an analysis report of a fit as an R Markdown document, rendered to HTML, PDF or Word. The text is made of
# sections (reporter-text.R); each is a character vector.

#' A report of a meta-analysis
#'
#' Writes a report of a fit: the model, the pooled estimate, heterogeneity, outliers and influential studies,
#' asymmetry of
#' the funnel plot, a forest and a funnel plot.
#'
#' @param x a result of [rma()] without moderators.
#' @param dir folder of the report; a temporary one by default.
#' @param filename name of the file, without extension.
#' @param format `"html_document"`, `"pdf_document"` or `"word_document"`; can be abbreviated. PDF needs LaTeX.
#' @param open whether the report is opened when it is done (in interactive sessions).
#' @param digits number of decimals in the text; that of the fit by default.
#' @param forest,funnel `FALSE` leaves the plot out; a character string holds further arguments of [forest()] or
#'   [funnel()].
#' @param footnotes whether terms are explained in footnotes.
#' @param verbose whether progress is told.
#' @param ... not used.
#' @return The path of the report, invisibly. Its source (`.Rmd`) and the fit (`.rds`) are left beside it.
#' @details Needs the package \pkg{rmarkdown}, and pandoc, which it uses. Errors of class `metaparity_error_input`:
#'   a model with
#'   moderators, a folder that is not there, plot arguments that are no R code.
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
#' @exportS3Method reporter metaparity_uni
#' @exportS3Method metafor::reporter metaparity_uni
reporter.metaparity_uni <- function(x, dir, filename, format = "html_document", open = TRUE, digits, forest, funnel,
                                    footnotes = FALSE, verbose = TRUE, ...) {
  mc <- match.call()
  named_dots(character(), mc, ...)
  check_whole(x, "x", mc)
  if (!x$int.only) abort_input("x", "must be a model without moderators", mc)
  if (!requireNamespace("rmarkdown", quietly = TRUE)) abort_input("format", "needs the package rmarkdown", mc)
  formats <- c("html_document", "pdf_document", "word_document")
  at <- if (is.character(format) && length(format) == 1L) pmatch(format, formats) else NA
  if (is.na(at)) check_choice(format, formats, "format", mc)
  dir <- if (missing(dir)) tempdir() else dir
  check_word(dir, "dir", mc)
  if (nchar(dir, "bytes") > 4000L || !dir.exists(dir))
    abort_input("dir", sprintf("must be a folder that exists, not %s", describe(dir)), mc)
  name <- if (missing(filename)) base::format(Sys.time(), "meta-analysis-%Y%m%d-%H%M%S") else filename
  check_word(name, "filename", mc)
  if (!is_plain_path(name) || basename(name) != name) abort_input("filename", "must be the name of a file", mc)
  digits <- expand_digits(if (missing(digits)) NULL else digits, x$digits, mc)
  plots <- list(forest = plot_call("forest", if (missing(forest)) TRUE else forest, mc),
                funnel = plot_call("funnel", if (missing(funnel)) TRUE else funnel, mc))
  text <- report_text(x, digits, plots, check_flag(footnotes, "footnotes", mc), paste0(name, ".rds"))
  path <- file.path(normalizePath(dir), name)
  saveRDS(x, paste0(path, ".rds"))
  writeLines(text, paste0(path, ".Rmd"), useBytes = TRUE)
  if (check_flag(verbose, "verbose", mc)) message("Rendering ", basename(path), ".Rmd ...")
  out <- rmarkdown::render(paste0(path, ".Rmd"), output_format = formats[at], quiet = TRUE, envir = new.env())
  if (verbose) message("Report: ", out)
  if (check_flag(open, "open", mc) && interactive()) utils::browseURL(out)
  invisible(out)
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
