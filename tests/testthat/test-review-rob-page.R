wide <- function(n) {
  x <- rob(data.frame(study = paste("Study", seq_len(n)), D1 = "low", D2 = "high", stringsAsFactors = FALSE), "rob2",
           overall = FALSE)
  as_figure(rob_summary(x, draw = FALSE))
}

test_that("a smaller page makes all of it smaller, a larger one has it at the top in the middle", {
  figure <- wide(12L)
  size <- figure$size
  expect_identical(page_of(figure)$scale, 1)
  half <- page_of(figure, size[1L], size[2L] / 2)
  expect_lte(half$scale, 0.5)
  expect_gt(half$scale, 0.4)
  large <- page_of(figure, size[1L] + 4, size[2L] + 4)
  own <- page_of(figure)
  box <- function(layout) vapply(layout_texts(layout)[c("left", "top")], function(v) v[1L], 0)
  expect_equal(box(large) - box(own), c(left = 2, top = large$height - own$height - 2), tolerance = 1e-9)
})

test_that("labels are wrapped to their width, and their height counts the lines", {
  on_blank_page({
    words <- wrapped_labels(c("one two three four five", "a\nb\nc", NA), 0.6, 9)
    lines <- lengths(strsplit(words$text, "\n"))
    expect_gt(lines[1L], 1L)
    expect_identical(words$text[2:3], c("a\nb\nc", ""))
    expect_true(all(words$width <= 0.6 + 1e-9))
    expect_equal(words$height, ((pmax(lines, 1L) - 1) * line_pitch + 1) * 9 / 72)
  })
})

test_that("entries of a legend begin a new line where they would pass the width", {
  expect_identical(legend_lines(c(2, 2, 2), 1, 5), c(1L, 1L, 2L))
  expect_identical(legend_lines(c(2, 2, 2), 1, 8), c(1L, 1L, 1L))
  expect_identical(legend_lines(c(9, 2, 2, 2), 1, 5), c(1L, 2L, 2L, 3L))
})

test_that("signs are black on light and white on dark grounds; discs and stars have their radius", {
  expect_identical(text_on(c("white", "yellow", "black", "#00008B")), c("black", "black", "white", "white"))
  disc <- item_disc(1, 2, 0.5, "red")
  expect_equal((disc$x - 1)^2 + (disc$y - 2)^2, rep(0.25, 40L))
  star <- item_star(0, 0, 2, "red")
  expect_equal(sqrt(star$x^2 + star$y^2), rep(c(2, 0.8), 5L))
  expect_equal(c(star$x[1L], star$y[1L]), c(0, 2))
})
