test_that("a drawing is replayed as it was laid out on its page, and laid out again on another", {
  seen <- list()
  laid <- 0L
  grDevices::pdf(NULL, 6, 4)
  first <- grDevices::dev.cur()
  grDevices::dev.control(displaylist = "enable")
  graphics::plot.new()
  draw <- function(layout) seen[[length(seen) + 1L]] <<- layout
  lay_out <- function(page) {
    laid <<- laid + 1L
    paste(page, collapse = " x ")
  }
  expect_identical(draw_redrawable("as made", draw, lay_out), "as made")
  expect_identical(seen, list("as made"))
  picture <- grDevices::recordPlot()
  grDevices::replayPlot(picture)
  expect_identical(laid, 0L)
  grDevices::pdf(NULL, 9, 3)
  grDevices::replayPlot(picture)
  expect_identical(laid, 1L)
  expect_identical(seen[[length(seen)]], "9 x 3")
  grDevices::dev.off()
  grDevices::dev.off(first)
})

test_that("what is laid out again is in the language of the drawing", {
  spoken <- character()
  grDevices::pdf(NULL, 6, 4)
  old <- options(metaparity.lang = "zh")
  on.exit({
    options(old)
    grDevices::dev.off()
  })
  graphics::plot.new()
  drawing <- list(layout = "old", page = list(device = "other", size = c(1, 1)), draw = identity,
                  lay_out = function(page) getOption("metaparity.lang"), lang = "zh")
  options(metaparity.lang = "en")
  expect_identical(redraw(drawing), "zh")
  drawing$page <- this_page()
  expect_identical(redraw(drawing), "old")
})
