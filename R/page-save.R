# Owns the size of a figure that is not a forest plot, and the opening of graphics devices for files.
# Cairo devices come first: they embed fonts and fall back to a font that has the glyph, so Chinese labels come out.

#' Save a figure to a file, or ask for its size
#'
#' `save_figure()` writes a funnel, radial or Stata graph to a file; the device is chosen by the file's
#' extension. `figure_size()` gives the size the figure was laid out for.
#'
#' @param x a figure: what [funnel()] or [radial()] return (also with `draw = FALSE`), or what the `plot()`
#'   method of a Stata view returns; anything else must have a `plot()` method that returns a figure.
#' @param file path of the file. The extension selects the device: `pdf`, `png`, `svg`, `tif`/`tiff`,
#'   `jpg`/`jpeg`, `bmp` or `eps`.
#' @param width,height size in inches. By default the figure's own size.
#' @param dpi resolution in dots per inch; used by `png`, `tiff` and `jpeg` only.
#'
#' @return `save_figure()`: the path, invisibly. `figure_size()`: `c(width =, height =)` in inches.
#'
#' @details
#' PDF, SVG and EPS are made by the cairo devices where R has them: fonts are embedded, and Chinese, Japanese
#' and Korean text is drawn with any installed font that has it. TIFF files are LZW-compressed.
#' Errors are of class `metaparity_error_input`: `file` has no known extension or its folder does not exist;
#' `width`, `height` or `dpi` is not a positive number; `x` has no figure.
#'
#' @section In other software:
#' Stata: `graph export file.png, width(1650)`. metafor: open and close a device around `funnel()`.
#' RevMan: the figure's "Save as" menu.
#'
#' @examples
#' f <- funnel(c(-.6, -.2, .1, .3), sei = c(.35, .2, .15, .3), draw = FALSE)
#' figure_size(f)
#' file <- tempfile(fileext = ".svg")
#' save_figure(f, file)
#' unlink(file)
#' @export
save_figure <- function(x, file, width = NULL, height = NULL, dpi = 300) {
  check_given(x)
  call <- sys.call()
  figure <- as_figure(x, call)
  size <- figure_size(figure)
  if (is.null(width)) width <- size[["width"]]
  if (is.null(height)) height <- size[["height"]]
  open_figure_device(file, width, height, dpi, call = call)
  device <- grDevices::dev.cur()
  on.exit(if (device %in% grDevices::dev.list()) grDevices::dev.off(device))
  draw_figure(figure)
  grDevices::dev.off(device)
  check_written(file, call = call)
}

#' @rdname save_figure
#' @export
figure_size <- function(x) {
  check_given(x)
  figure <- as_figure(x, sys.call())
  c(width = figure$size[[1L]], height = figure$size[[2L]])
}

# A figure, or what carries one: the data frame of funnel() in its attribute, a Stata view behind its plot().
as_figure <- function(x, call = NULL) {
  if (inherits(x, "metaparity_figure")) return(x)
  figure <- attr(x, "figure", exact = TRUE)
  if (is.null(figure) && inherits(x, "stata_view")) figure <- plot(x, draw = FALSE)
  if (!inherits(figure, "metaparity_figure")) {
    abort_input("x", sprintf("must be a figure, or an object that draws one, not %s", describe(x)), call)
  }
  figure
}

# Opens the device for `file` and returns its number; the caller closes it.
open_figure_device <- function(file, width, height, dpi = 300, call = NULL) {
  check_figure_file(file, call)
  width <- check_number(width, "width", lower = 0.1, upper = 1000, call = call)
  height <- check_number(height, "height", lower = 0.1, upper = 1000, call = call)
  dpi <- check_number(dpi, "dpi", lower = 10, upper = 5000, call = call)
  open <- figure_devices()[[figure_extension(file)]]
  path <- check_writable(plain_path(file, "file", call), "file", call)
  open(device_path(path), width, height, dpi)
  invisible(grDevices::dev.cur())
}

# The extension in lower case, aliases resolved; "" when there is none.
figure_extension <- function(file) {
  found <- regmatches(file, regexec("\\.([[:alnum:]]+)$", file))[[1L]]
  extension <- if (length(found) == 2L) tolower(found[2L]) else ""
  switch(extension, tif = "tiff", jpg = "jpeg", ps = "eps", extension)
}

check_figure_file <- function(file, call = NULL) {
  if (!is.character(file) || length(file) != 1L || is.na(file) || !nzchar(file) || Encoding(file) == "bytes") {
    abort_input("file", sprintf("must be one path, not %s", describe(file)), call)
  }
  known <- names(figure_devices())
  if (!figure_extension(file) %in% known) {
    abort_input("file", sprintf("must end in one of %s, not %s", paste0(".", known, collapse = ", "),
                                describe(basename(file))), call)
  }
  if (!dir.exists(dirname(path.expand(file)))) {
    abort_input("file", sprintf("must lie in an existing folder; there is no %s", dQuote(dirname(file), FALSE)), call)
  }
  file
}

# One opener per extension. Without cairo, pdf() and postscript() remain; R's bitmap devices then use the system's own.
figure_devices <- function() {
  cairo <- isTRUE(unname(capabilities("cairo")))
  bitmap <- function(device, ...) {
    function(file, width, height, dpi) {
      device(file, width = width, height = height, units = "in", res = dpi, bg = "white", ...,
             type = if (cairo) "cairo" else getOption("bitmapType"))
    }
  }
  list(
    pdf = function(file, width, height, dpi) {
      if (cairo) grDevices::cairo_pdf(file, width, height, bg = "white") else grDevices::pdf(file, width, height)
    },
    png = bitmap(grDevices::png),
    svg = function(file, width, height, dpi) grDevices::svg(file, width, height, bg = "white"),
    tiff = bitmap(grDevices::tiff, compression = "lzw"),
    jpeg = bitmap(grDevices::jpeg, quality = 95),
    bmp = bitmap(grDevices::bmp),
    eps = function(file, width, height, dpi) {
      if (cairo) return(grDevices::cairo_ps(file, width, height, bg = "white", fallback_resolution = dpi))
      grDevices::postscript(file, width = width, height = height, horizontal = FALSE, onefile = FALSE,
                            paper = "special")
    }
  )
}

close_device <- function(old) {
  grDevices::dev.off()
  if (old > 1L) grDevices::dev.set(old)
}

column_widths <- c(single = 80 / 25.4, double = 170 / 25.4)

column_width <- function(width, call = NULL) {
  if (is.null(width) || (is.atomic(width) && length(width) == 1L && is.na(width))) return(NA_real_)
  if (is.character(width)) return(column_widths[[check_choice(width, names(column_widths), "width", call)]])
  check_number(width, "width", 1, 100, call)
}
