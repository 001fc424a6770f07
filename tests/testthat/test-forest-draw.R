three <- function(...) layout_of(c(-0.2, 0.1, 0.4), sei = c(0.1, 0.2, 0.3), ...)

# Names and arguments of the calls that drawing leaves on the display list of a device.
drawn <- function(layout) {
  on_page({
    grDevices::dev.control("enable")
    begin_figure()
    draw_forest(layout)
    calls <- grDevices::recordPlot()[[1L]]
    lapply(calls, function(call) c(list(name = call[[2L]][[1L]]$name), call[[2L]][-1L]))
  })
}
named <- function(calls, name) Filter(function(call) identical(call$name, name), calls)

test_that("coordinates are inches of the layout, centred across and at the foot of a larger figure", {
  layout <- list(width = 5, height = 2, drop = 0)
  expect_equal(page_coordinates(layout, c(5, 2)), c(0, 5, 0, 2))
  expect_equal(page_coordinates(layout, c(7, 6)), c(-1, 6, -4, 2))
  layout$drop <- 1
  expect_equal(page_coordinates(layout, c(5, 6)), c(0, 5, -3, 3))
  expect_equal(page_coordinates(layout, c(5, 2), c(0.2, 0.8, 0.5, 1)), c(1, 4, 1, 2))
})

test_that("each rectangle, segment and run of text is drawn where the layout has it", {
  layout <- three()
  calls <- drawn(layout)
  boxes <- named(calls, "C_rect")
  expect_equal(unlist(lapply(boxes, `[[`, 2L)), layout$rects$x0)
  segments <- named(calls, "C_segments")
  expect_equal(sort(unlist(lapply(segments, `[[`, 3L))), sort(layout$segments$y0))
  expect_gt(length(named(calls, "C_text")), 0L)
})

test_that("what stands later in the style's order is drawn later", {
  order_of <- function(order) {
    layout <- layout_of(rma(c(-0.2, 0.1, 0.4), sei = c(0.1, 0.2, 0.3)))
    layout$order <- order
    names <- vapply(drawn(layout), `[[`, "", "name")
    c(box = match("C_rect", names), diamond = match("C_polygon", names))
  }
  expect_lt(diff(order_of(c("diamond", "box"))), 0)
  expect_gt(diff(order_of(c("box", "diamond"))), 0)
})

test_that("polygons are separated by a gap, each with its own colours", {
  look <- list(fill = c("red", "blue"), border = "black")
  two <- new_polygons(list(list(x = 1:3, y = 1:3), list(x = 4:6, y = 4:6)), look, "diamond", 1:2)
  call <- on_page({
    grDevices::dev.control("enable")
    draw_polygons(two)
    named(lapply(grDevices::recordPlot()[[1L]], function(call) c(list(name = call[[2L]][[1L]]$name), call[[2L]][-1L])),
          "C_polygon")[[1L]]
  })
  expect_equal(call[[2L]], c(1:3, NA, 4:6))
  expect_identical(call[[4L]], c("red", "blue"))
})

test_that("runs have the family of their part of a stack, else that of the layout, else the device's", {
  runs <- data.frame(text = c("a", "b"))
  expect_identical(run_fonts(list(runs = runs)), c("", ""))
  expect_identical(run_fonts(list(runs = runs, fonts = "serif")), c("serif", "serif"))
  expect_identical(run_fonts(list(runs = cbind(runs, fonts = c("mono", "")), fonts = "serif")), c("mono", ""))
})
