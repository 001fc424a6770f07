# Owns what the package does inside knitr: figures set their own fig.width and fig.height, results print as tables.
# knitr opens a recording device before a chunk runs. A figure that begins a page of its own reopens it in the size that
# it needs; after the chunk each recorded plot carries its size into sew(), which writes the file.

#' Figures and tables in R Markdown
#'
#' In documents made by knitr (R Markdown, Quarto) the figures of this package need no size: each sets `fig.width`
#' and `fig.height` from its content, as [forest_size()] and [figure_size()] do. Results can be shown as tables.
#'
#' @param x a result, or a plot recorded in a chunk.
#' @param options the options of the chunk.
#' @param ... passed on.
#' @return What knitr asks of the methods: text, or the markup of the figure.
#' @details
#' Attaching the package is enough. The chunk option `forest.size` changes it:
#' * `TRUE`, the default: the natural size. In LaTeX a figure is at most as wide as the option `fig.width`.
#' * a width: `"single"` (80 mm), `"double"` (170 mm) or a number of inches.
#' * `FALSE`: knitr's `fig.width` and `fig.height`.
#'
#' In LaTeX and Word a forest plot that is higher than a page of text (8.5 inches) goes on on the next page, with header
#' and axis repeated.
#'
#' A `fig.width` or `fig.height` that a chunk gives for itself is kept. Plots in a cell of `layout()` or
#' `par(mfrow = )`, and plots of other packages, have knitr's size. `dev`, `dpi`, `fig.cap`, `fig.align` and
#' `out.width` work as for any plot. With `dev = "pdf"`, figures with Chinese, Japanese or Korean text are written by
#' `cairo_pdf()`, which embeds the font.
#'
#' In R Markdown and Quarto a result that stands alone on a line becomes a table: fits, subgroup analyses, effect sizes,
#' and what [leave1out()], [cumul()], [predict()], [confint()], [anova()], [regtest()], [ranktest()], [trimfill()],
#' [robust()], [permutest()], `influence()`, `rstudent()` and others return. Estimates whose measure has a natural scale
#' are shown on it too; what no column holds is told below the table. p values have one form in the whole document.
#' `knit_print(fit)` gives the same markup to be written with [cat()] in chunks with `results = "asis"`. Within a line
#' of text the result is its estimate and interval. `tab.cap` holds captions, one for each table of the chunk, `NA` for
#' none; tables without one have that of the result. `print(fit)`, or the chunk option `metaparity.table = FALSE`, shows
#' what the console shows. There are no errors of its own.
#' @section In other software:
#' Stata: `dyndoc` and `graph export, width()`. metafor: the chunk options `fig.width` and `fig.height`, by trial.
#' @examples
#' # A chunk with the one line forest(fit) takes this size:
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))
#' forest_size(fit)
#' @name knitr
NULL

knitr_state <- new.env(parent = emptyenv())

in_knitr <- function() isTRUE(getOption("knitr.in.progress")) && isNamespaceLoaded("knitr")

# The hook lasts as long as knitr's hooks do: rendering a document restores those it found.
install_knitr_hook <- function(...) {
  evaluate <- knitr::knit_hooks$get("evaluate")
  if (is.null(attr(evaluate, "metaparity"))) knitr::knit_hooks$set(evaluate = evaluate_sized(evaluate))
}

# knitr's way to evaluate a chunk, and then: the size of each plot.
evaluate_sized <- function(evaluate) {
  run <- function(..., output_handler) {
    chunk <- begin_chunk()
    on.exit(end_chunk(chunk))
    graphics <- output_handler$graphics
    output_handler$graphics <- function(plot) {
      chunk$pages <- c(chunk$pages, list(chunk$page))
      graphics(plot)
    }
    tag_plots(evaluate(..., output_handler = output_handler), chunk$pages)
  }
  structure(run, metaparity = TRUE)
}

# device: knitr's; page: what the current page is, NULL when it is as knitr made it.
begin_chunk <- function() {
  chunk <- new.env(parent = emptyenv())
  chunk$outer <- knitr_state$chunk
  chunk$device <- grDevices::dev.cur()
  chunk$options <- knitr::opts_current$get()
  chunk$foreign <- function(...) if (!isTRUE(chunk$own)) restore_page(chunk)
  for (hook in page_hooks) setHook(hook, chunk$foreign)
  assign("chunk", chunk, knitr_state)
  chunk
}

page_hooks <- c("before.plot.new", "before.grid.newpage")

end_chunk <- function(chunk) {
  for (hook in page_hooks) {
    setHook(hook, Filter(function(f) !identical(f, chunk$foreign), getHook(hook)), "replace")
  }
  assign("chunk", chunk$outer, knitr_state)
}

tag_plots <- function(result, pages) {
  plots <- which(vapply(result, inherits, NA, "recordedplot"))
  if (length(plots) != length(pages)) return(result)
  for (i in which(lengths(pages) > 0L)) result[[plots[i]]] <- sized_plot(result[[plots[i]]], pages[[i]])
  result
}

# page: list(size, cjk).
sized_plot <- function(plot, page) {
  attr(plot, "metaparity_page") <- page
  class(plot) <- c("metaparity_sized_plot", class(plot))
  plot
}

#' @rdname knitr
#' @exportS3Method knitr::sew
sew.metaparity_sized_plot <- function(x, options = list(), ...) {
  page <- attr(x, "metaparity_page")
  class(x) <- setdiff(class(x), "metaparity_sized_plot")
  attr(x, "metaparity_page") <- NULL
  out <- knitr::sew(x, sized_options(options, page$size, page$cjk), ...)
  # pandoc makes a figure with a caption of an image that is a paragraph; figures of one paragraph would leave the line.
  alone <- identical(options$fig.show, "asis") && !knitr::is_html_output() && !is.null(knitr::pandoc_to())
  if (alone) paste0("\n\n", out, "\n\n") else out
}

# knitr derives out.width from fig.width before a chunk runs, for screens of high resolution.
sized_options <- function(options, size, cjk) {
  if (is.numeric(options$out.width)) options$out.width <- options$out.width * size[[1L]] / options$fig.width[1L]
  options[c("fig.width", "fig.height")] <- list(size[[1L]], size[[2L]])
  if (size[[1L]] > 7 && knitr::is_html_output() && is.null(options$out.extra)) {
    options$out.extra <- "style=\"max-width:100%;height:auto\""
  }
  embeds <- isTRUE(unname(capabilities("cairo")))
  if (cjk && embeds && is.character(options$dev)) options$dev[options$dev == "pdf"] <- "cairo_pdf"
  options
}
