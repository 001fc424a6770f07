# Owns the pages of figures inside knitr: which size a figure asks for, and the recording device that is opened anew in
# it.

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
  width <- width_in_line(natural, options)
  size <- natural(width)
  size <- unname(c(size[[1L]], size[[2L]]))
  if (!is.na(width)) size[1L] <- width
  if (!is.na(given[2L])) size[2L] <- given[2L]
  size
}

# In LaTeX a figure that is free to choose its width is at most as wide as the chunk's option says; NA is free.
width_in_line <- function(natural, options) {
  width <- page_width()
  most <- options$fig.width[1L]
  if (is.na(width) && knitr::is_latex_output() && natural(width)[[1L]] > most) most else width
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

kept_parameters <- c("mfrow", "oma", "bg", "fg", "col", "family", "font", "ps", "las", "lwd", "mgp", "mar",
                     "tck", "tcl", "xpd",
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
