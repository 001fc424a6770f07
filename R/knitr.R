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
#' In R Markdown and Quarto a fit, a subgroup analysis and the results of [leave1out()] and [cumul()] that stand alone on
#' a line become tables. `print(fit)`, or the chunk option `metaparity.table = FALSE`, shows what the console shows.
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
  # Figures side by side in one paragraph would leave the line.
  if (knitr::is_latex_output() && identical(options$fig.show, "asis")) paste0(out, "\n\n") else out
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

# ---- pages ------------------------------------------------------------------------------------

# Called by a figure before it begins a page. `natural` is a function of the width (NA: free) that returns c(width,
# height) in inches; `text` is what the figure says. Outside knitr nothing happens.
fit_page <- function(natural, text = "") {
  if (!in_knitr()) return(invisible())
  install_knitr_hook()
  chunk <- knitr_state$chunk
  if (is.null(chunk)) return(invisible())
  size <- if (page_is_free(chunk)) asked_size(natural, chunk$options)
  if (is.null(size)) return(restore_page(chunk))
  reopen_page(chunk, size)
  chunk$page <- list(size = size, cjk = any(has_cjk(text)))
}

# Marks the page as the figure's own while `code` begins it.
own_page <- function(code) {
  chunk <- knitr_state$chunk
  if (!is.null(chunk)) {
    chunk$own <- TRUE
    on.exit(chunk$own <- FALSE)
  }
  force(code)
}

has_own_page <- function() !is.null(knitr_state$chunk$page)

# Whole pages of the device that knitr opened; it must get its number back when it is opened again.
page_is_free <- function(chunk) {
  device <- grDevices::dev.cur()
  if (!identical(device, chunk$device) || is.null(recorders[[names(device)]])) return(FALSE)
  if (isTRUE(knitr::opts_knit$get("global.device"))) return(FALSE)
  if (sum(grDevices::dev.list() <= device) != device - 1L) return(FALSE)
  p <- graphics::par("mfrow", "new", "fig", "oma")
  all(p$mfrow == 1L) && !p$new && all(p$fig == c(0, 1, 0, 1)) && all(p$oma == 0)
}

# NULL: knitr's size.
asked_size <- function(natural, options) {
  ask <- options$forest.size
  if (isFALSE(ask)) return(NULL)
  given <- given_size(options)
  if (!anyNA(given)) return(NULL)
  width <- page_width()
  size <- natural(width)
  most <- options$fig.width[1L]
  if (is.na(width) && knitr::is_latex_output() && size[[1L]] > most) {
    width <- most
    size <- natural(width)
  }
  size <- unname(c(size[[1L]], size[[2L]]))
  if (!is.na(width)) size[1L] <- width
  if (!is.na(given[2L])) size[2L] <- given[2L]
  size
}

# The height in inches beyond which a forest plot goes on on the next page: that of a page of text in LaTeX and Word.
highest_page <- function() {
  chunk <- knitr_state$chunk
  if (!in_knitr() || is.null(chunk) || isFALSE(chunk$options$forest.size) || !page_is_free(chunk)) return(Inf)
  if (!is.na(given_size(chunk$options)[2L])) return(Inf)
  if (knitr::is_latex_output() || identical(knitr::pandoc_to(), "docx")) 8.5 else Inf
}

# The width that the chunk asks for; NA is free.
page_width <- function() {
  options <- knitr_state$chunk$options
  if (is.null(options)) return(NA_real_)
  ask <- options$forest.size
  if (is.null(ask) || is.logical(ask)) given_size(options)[1L] else column_width(ask)
}

# The size that the chunk itself gives: what is in its header, or differs from the document's.
given_size <- function(options) {
  header <- paste(options$params.src, collapse = " ")
  one <- function(name, also) {
    value <- options[[name]][1L]
    own <- grepl(paste0("\\b(", also, ")\\b"), header) || !isTRUE(all.equal(value, knitr::opts_chunk$get(name)[1L]))
    if (own) value else NA_real_
  }
  c(one("fig.width", "fig\\.width|fig\\.dim"), one("fig.height", "fig\\.height|fig\\.dim|fig\\.asp"))
}

kept_parameters <- c("mfrow", "oma", "bg", "fg", "col", "family", "font", "ps", "las", "lwd", "mgp", "mar", "tck", "tcl", "xpd",
                     "cex.axis", "cex.lab", "cex.main")

# evaluate() takes a picture of a page when the next one begins: of the page that is about to be closed, now.
reopen_page <- function(chunk, size) {
  run_page_hooks(chunk)
  chunk$page <- NULL
  par <- graphics::par(kept_parameters)
  name <- names(grDevices::dev.cur())
  grDevices::dev.off()
  recorders[[name]](size[[1L]], size[[2L]], chunk$options)
  grDevices::dev.control(displaylist = "enable")
  graphics::par(par)
}

run_page_hooks <- function(chunk) {
  for (hook in getHook("before.plot.new")) {
    if (is.function(hook) && !identical(hook, chunk$foreign)) hook()
  }
}

# A page that is not ours has knitr's size again.
restore_page <- function(chunk) {
  if (is.null(chunk$page) || !identical(grDevices::dev.cur(), chunk$device)) return(invisible())
  reopen_page(chunk, c(chunk$options$fig.width[1L], chunk$options$fig.height[1L]))
}

# The devices on which knitr records, as it opens them.
recorders <- list(
  pdf = function(width, height, options) grDevices::pdf(NULL, width, height),
  png = function(width, height, options) {
    grDevices::png(tempfile(fileext = ".png"), width, height, units = "in", res = recorder_dpi(options, width, height))
  },
  svg = function(width, height, options) grDevices::svg(tempfile(fileext = ".svg"), width, height),
  cairo_pdf = function(width, height, options) grDevices::cairo_pdf(tempfile(fileext = ".pdf"), width, height),
  agg_png = function(width, height, options) {
    open <- getExportedValue("ragg", "agg_png")
    open(tempfile(fileext = ".png"), width, height, units = "in", res = recorder_dpi(options, width, height))
  }
)

# Bitmaps have a largest size.
recorder_dpi <- function(options, width, height) {
  dpi <- if (is.numeric(options$dpi)) options$dpi[1L] else 72
  min(dpi, floor(32000 / max(width, height)))
}

# ---- the chunk that attaches the package ------------------------------------------------------

# In that chunk the hook comes too late. There a figure that is the whole of a line is drawn when knitr prints it, unless
# a later line may add to it.
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

.onLoad <- function(libname, pkgname) {
  if (isNamespaceLoaded("knitr")) install_knitr_hook()
  setHook(packageEvent("knitr", "onLoad"), install_knitr_hook)
  register_stata_engine()
}
