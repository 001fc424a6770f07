# Owns drawings that are laid out again when their page gets another size, or they are replayed on another device.

# layout: what the open page shows; draw(layout) draws; lay_out(page) makes the layout for a page of c(width, height).
draw_redrawable <- function(layout, draw, lay_out) {
  drawing <- list(layout = layout, page = this_page(), draw = draw, lay_out = lay_out,
                  lang = getOption("metaparity.lang", "en"))
  grDevices::recordGraphics(redraw(drawing), list(drawing = list2env(drawing)), topenv())
  invisible(layout)
}

redraw <- function(drawing) {
  page <- this_page()
  drawing$draw(if (identical(page, drawing$page)) drawing$layout else
               with_language(drawing$lang, drawing$lay_out(page$size)))
}

this_page <- function() list(device = names(grDevices::dev.cur()), size = graphics::par("fin"))
