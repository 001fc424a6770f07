# Owns save_revman_figures(): the forest and funnel plots of all outcomes of a review as files of one folder.

#' All figures of a review
#'
#' Draws the forest plot and the funnel plot of every outcome of a review in RevMan's style and writes them to a folder.
#'
#' @param x what [read_rm5()] or [read_revman_web()] returned, or analyses of [revman()] as in [write_rm5()].
#' @param folder folder for the files; it is made where it is missing.
#' @param which numbers of the outcomes; all by default.
#' @param kinds `"forest"`, `"funnel"` or both.
#' @param format extension of the files: `"png"`, `"pdf"`, `"svg"`, `"tiff"`, `"jpeg"` or `"eps"`.
#' @param dpi resolution of bitmaps.
#' @param lang language of the texts that are not the review's, `"en"` or `"zh"`.
#' @param rob draw the judgements of the file as lights beside the forest plots? `FALSE`, `TRUE`, or what [rob()]
#'   returned.
#' @param overwrite replace files that are there?
#' @param ... arguments of [revman()] for all outcomes, such as `convention = "revman_web"`.
#' @return A data frame, invisibly: `outcome`, `name`, `kind`, `file` (path, `NA` where there is no figure), `width`,
#'   `height` in
#'   inches, and `why` there is none.
#' @details Files are named by the number and the name of the outcome, `"1.2 Pain score forest.png"`, in any script;
#' signs that file
#'   systems refuse are left out and long names cut. Nothing is written outside the folder. Forest plots have the size
#'   that
#'   they need. Outcomes without rows have no figure, those with fewer than two estimable rows no funnel plot.
#'
#'   Errors of class `metaparity_error_input`: no path of a folder, a file that is there, an unknown outcome.
#' @section In other software: RevMan: one figure at a time, or the figures of a data package.
#' @examples
#' x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' folder <- file.path(tempdir(), "figures")
#' made <- save_revman_figures(x, folder, which = "1.1", format = "svg")
#' basename(made$file)
#' unlink(folder, recursive = TRUE)
#' @export
save_revman_figures <- function(x, folder, which = NULL, kinds = c("forest", "funnel"), format = "png", dpi = 300,
                                lang = NULL, overwrite = FALSE, rob = FALSE,
                                ...) {
  check_given(x)
  check_given(folder)
  call <- sys.call()
  if (!inherits(x, "revman_review")) x <- review_of_analyses(x, "", call, web = TRUE)
  if (!is.character(kinds) || !length(kinds) || !all(kinds %in% c("forest", "funnel"))) {
    abort_input("kinds", sprintf("must be \"forest\", \"funnel\" or both, not %s", describe(kinds)), call)
  }
  check_choice(format, names(figure_devices()), "format", call)
  check_flag(overwrite, "overwrite", call)
  check_number(dpi, "dpi", 10, 5000, call)
  if (!is.null(lang)) lang <- check_language(lang, "lang", call)
  number <- chosen_outcomes(x, which, call)
  plan <- figure_plan(x, number, unique(kinds), format)
  folder <- output_folder(folder, call)
  plan$path <- file.path(folder, plan$file)
  check_new_files(plan, overwrite, call)
  out <- with_language(lang, lapply(seq_len(nrow(plan)), function(i) {
    save_one_figure(x, plan[i, ], dpi, if (isFALSE(rob)) NULL else rob, ...)
  }))
  empty <- data.frame(outcome = character(), name = character(), kind = character(), file = character(),
                      width = numeric(),
                      height = numeric(), why = character(), stringsAsFactors = FALSE)
  invisible(do.call(rbind, c(list(empty), out)))
}

chosen_outcomes <- function(x, which, call) {
  if (is.null(which)) return(x$outcomes$outcome)
  if (is.numeric(which)) which <- format(which, trim = TRUE)
  if (!is.character(which) || !length(which) || !all(which %in% c(x$outcomes$outcome, x$outcomes$id))) {
    abort_input("which", sprintf("must be numbers of outcomes: %s", some_of(x$outcomes$outcome)), call)
  }
  x$outcomes$outcome[x$outcomes$outcome %in% which | x$outcomes$id %in% which]
}

figure_plan <- function(x, number, kinds, format) {
  name <- x$outcomes$name[match(number, x$outcomes$outcome)]
  name[is.na(name)] <- ""
  stem <- make.unique(file_stem(paste(number, name), 60L), sep = " ")
  one <- function(kind) {
    data.frame(outcome = number, name = name, kind = rep(kind, length(number)),
               file = sprintf("%s %s.%s", stem, kind, format), stringsAsFactors = FALSE)
  }
  out <- do.call(rbind, lapply(kinds, one))
  out[order(match(out$outcome, number)), ]
}

# A link that is there is replaced, never followed.
check_new_files <- function(plan, overwrite, call) {
  there <- file.exists(plan$path) | nzchar(ifelse(is.na(Sys.readlink(plan$path)), "", Sys.readlink(plan$path)))
  if (any(there) && !overwrite) {
    abort_input("folder", sprintf("has a file %s already; `overwrite = TRUE` replaces it",
                                  basename(plan$path[there][1L])), call)
  }
  unlink(plan$path[there])
}

save_one_figure <- function(x, job, dpi, rob, ...) {
  done <- function(size, why) {
    data.frame(outcome = job$outcome, name = job$name, kind = job$kind, file = if (nzchar(why)) NA_character_ else
               job$path, width = size[[1L]],
               height = size[[2L]], why = why, stringsAsFactors = FALSE)
  }
  none <- c(NA_real_, NA_real_)
  o <- outcome(x, job$outcome)
  if (!nrow(o$rows) || is.na(revman_measure_of(o$settings))) return(done(none, "no rows that are analysed"))
  view <- revman(o, ...)
  if (job$kind == "forest") return(done(attr(save_forest(view, job$path, dpi = dpi, rob = rob), "size"), ""))
  if (sum(view$effects$estimable) < 2L) return(done(none, "fewer than two estimable rows"))
  figure <- funnel(view, draw = FALSE)
  save_figure(figure, job$path, dpi = dpi)
  done(figure_size(figure), "")
}
