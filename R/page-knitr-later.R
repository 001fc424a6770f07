# Owns figures of the chunk that attaches the package: the hook comes too late there, so that a figure is drawn when
# knitr prints it. And what happens when the package is loaded.

# Does a figure that is the whole of a line wait until knitr prints it? Not if a later line may add to it.
draws_later <- function() {
  if (!in_knitr() || !is.null(knitr_state$chunk) || isFALSE(knitr::opts_current$get("forest.size"))) return(FALSE)
  line <- whole_line(sys.calls(), sys.frames())
  !is.null(line) && !adds_to_figure(knitr::opts_current$get("code"), line)
}

# The line that knitr evaluates, as text, if it is the call of the verb and nothing else.
whole_line <- function(calls, frames) {
  for (i in which(vapply(calls, function(call) identical(call[[1L]], quote(eval)), NA))) {
    if (identical(frames[[i]]$envir, knitr::knit_global())) {
      line <- deparse(frames[[i]]$expr)
      return(if (i + 2L <= length(calls) && identical(line, deparse(calls[[i + 2L]]))) line)
    }
  }
  NULL
}

adding_verbs <- c("abline", "arrows", "axis", "box", "grid", "legend", "lines", "mtext", "par", "points", "polygon",
                  "rect", "segments", "symbols", "text", "title", "addpoly")

# Does the code of a chunk, from that line on, call what adds to a plot?
adds_to_figure <- function(code, line) {
  lines <- tryCatch(parse(text = code, keep.source = FALSE), error = function(e) expression())
  at <- which(vapply(lines, function(one) identical(deparse(one), line), NA))
  !length(at) || any(all.names(lines[-seq_len(at[1L])]) %in% adding_verbs)
}

new_later <- function(draw) {
  lang <- getOption("metaparity.lang", "en")
  structure(list(draw = function() with_language(lang, draw())), class = "metaparity_later")
}

# What a verb that has drawn returns.
shown <- function(value) if (inherits(value, "metaparity_later")) value else invisible(value)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_later <- function(x, options, ...) {
  chunk <- begin_chunk()
  on.exit(end_chunk(chunk))
  chunk$options <- options
  device <- names(grDevices::dev.cur())
  if (is.null(recorders[[device]])) return(invisible(x$draw()))
  old <- grDevices::dev.cur()
  recorders[[device]](7, 7, options)
  on.exit(close_device(old), add = TRUE)
  grDevices::dev.control(displaylist = "enable")
  chunk$device <- grDevices::dev.cur()
  x$draw()
  plot <- grDevices::recordPlot()
  if (is.null(chunk$page)) plot else sized_plot(plot, chunk$page)
}

#' @export
print.metaparity_later <- function(x, ...) invisible(x$draw())
