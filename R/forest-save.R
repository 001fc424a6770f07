# Owns the size of a forest plot and its files. Sizes are measured on a device of the kind that will
# draw: font metrics of pdf() and of cairo devices differ by up to a fifth.

#' Size of a forest plot, and a file of that size
#'
#' `forest_size()` gives the width and height in inches that [forest()] needs; `save_forest()` writes a file of
#' that size, on the device that the file's extension names.
#'
#' @param x what [forest()] draws.
#' @param file path of the file, ending in `.pdf`, `.png`, `.svg`, `.tiff`, `.jpeg` or `.eps`.
#' @param width `NULL` for the natural width, `"single"` (80 mm) or `"double"` (170 mm) for a journal's columns, or
#'   a width in inches.
#' @param dpi resolution of bitmaps in dots per inch.
#' @param device kind of device to measure on: an extension as in `file`, or `NULL` for the kind of the open
#'   device, and that of a PDF file when none is open.
#' @param ... arguments of [forest()].
#'
#' @return `forest_size()`: `c(width =, height =)` in inches. `save_forest()`: the path, invisibly, with the size in
#'   its attribute `size`.
#' @details
#' PDF, SVG and EPS files are made by cairo where R has it, so fonts are embedded. A given width first narrows the
#' panel and then scales the whole plot; the height follows. A message says when the text becomes smaller than
#' 5 points.
#'
#' Labels in Chinese, Japanese or Korean for which no font is installed give a warning of class
#' `metaparity_warning_font` that names what to install. Errors are of class `metaparity_error_input`.
#' @section In other software:
#' Stata: `graph export`. metafor: open a device, guess its size, `forest()`, close it.
#' @examples
#' est <- c(-.6, -.2, .1, .3)
#' forest_size(est, sei = c(.35, .2, .15, .3))
#' file <- tempfile(fileext = ".pdf")
#' save_forest(est, file, sei = c(.35, .2, .15, .3), width = "double")
#' unlink(file)
#' @export
forest_size <- function(x, ..., width = NULL, device = NULL) {
  check_given(x)
  layout <- forest(x, ..., plot = FALSE, device = device, size = c(column_width(width), NA_real_))$layout
  c(width = layout$width, height = layout$height)
}

#' @rdname forest_size
#' @export
save_forest <- function(x, file, ..., width = NULL, dpi = 300) {
  check_given(x)
  check_given(file)
  call <- sys.call()
  check_figure_file(file, call)
  target <- column_width(width, call)
  size <- forest_size(x, ..., width = target, device = list(extension = figure_extension(file), dpi = dpi))
  if (!is.na(target)) size[["width"]] <- target
  dpi <- feasible_dpi(file, size, dpi, call)
  old <- grDevices::dev.cur()
  open_figure_device(file, size[["width"]], size[["height"]], dpi, call = call)
  done <- FALSE
  on.exit(if (!done) close_device(old))
  drawn <- withCallingHandlers(forest(x, ...), metaparity_message_scaled = function(m) {
    if (!is.na(target)) invokeRestart("muffleMessage")
  })
  points <- drawn$layout$fontsize
  if (points < 5) inform(sprintf("At this width the text has only %.1f points.", points), "small")
  done <- TRUE
  close_device(old)
  check_written(file, call = call)
  invisible(structure(file, size = size))
}

# Bitmaps are at most 32,767 pixels high or wide.
feasible_dpi <- function(file, size, dpi, call = NULL) {
  most <- floor(32000 / max(size))
  if (dpi <= most || figure_extension(file) %in% c("pdf", "svg", "eps")) return(dpi)
  warn_input("dpi", sprintf("was lowered to %d: a figure of %.1f x %.1f in has no bitmap of %g dpi", most,
                            size[[1L]], size[[2L]], dpi), call)
  most
}

# Evaluates `code` on a fresh page of a device of the kind asked for, and closes it.
with_measuring_device <- function(device, code) {
  old <- grDevices::dev.cur()
  file <- open_measuring_device(device)
  on.exit({
    close_device(old)
    unlink(file)
  })
  begin_figure()
  force(code)
}

# The kind of the open device; one that is not known by its name is measured as a bitmap.
open_measuring_device <- function(device) {
  if (is.null(device)) device <- open_device_kind()
  if (is.list(device) && is_word(device$extension) && is.numeric(device$dpi)) {
    check_choice(device$extension, c("plain", names(figure_devices())), "device")
    check_number(device$dpi, "device", 1, 1e4)
  } else device <- list(extension = check_choice(device, c("plain", names(figure_devices())), "device"), dpi = 300)
  file <- tempfile(fileext = paste0(".", device$extension))
  if (device$extension == "plain") {
    grDevices::pdf(NULL)
  } else {
    open_figure_device(file, 7, 7, device$dpi)
  }
  file
}

open_device_kind <- function() {
  name <- names(grDevices::dev.cur())[1L]
  if (name == "null device") return(list(extension = "pdf", dpi = 300))
  kind <- c(pdf = "plain", postscript = "plain", xfig = "plain", pictex = "plain", cairo_pdf = "pdf", svg = "svg",
            cairo_ps = "eps")[name]
  if (!is.na(kind)) return(list(extension = unname(kind), dpi = 300))
  list(extension = "png", dpi = round(1 / max(grDevices::dev.size("in") / pmax(grDevices::dev.size("px"), 1))))
}
