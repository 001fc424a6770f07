three <- function(...) layout_of(c(-0.2, 0.1, 0.4), sei = c(0.1, 0.2, 0.3), ...)

test_that("the least scale is the largest that any two neighbours need", {
  # After 0 and before 2 stand 2 inches, after 2 and before 5 stand 2 more, each with half an em between.
  expect_equal(least_scale(c(0, 2, 5), c(0, 1, 1), c(1, 1, 0), 0.2), max(2.1 / 2, 2.1 / 3))
  turned <- c(3L, 1L, 2L)
  expect_equal(least_scale(c(0, 2, 5)[turned], c(0, 1, 1)[turned], c(1, 1, 0)[turned], 0.2), 1.05)
  expect_identical(least_scale(3, 1, 1, 0.2), 0)
  expect_identical(least_scale(c(0, 1), c(0, 0), c(0, 0), 0.2), 0)
})

test_that("the panel takes the room that is left, within the style's bounds", {
  bounds <- list(natural = 10, least = 5, most = 20)
  room <- c(NA, 0.3, 1.2, 3)
  expect_equal(vapply(room, panel_width, 0, bounds = bounds, em = 0.1), c(1, 0.5, 1.2, 2))
})

test_that("values are placed in proportion between the ends of the panel", {
  plan <- list(axis = list(lim = c(-1, 3)))
  expect_equal(panel_x(c(-1, 0, 1, 3), plan, list(left = 2, right = 6)), c(2, 3, 4, 6))
})

test_that("columns at given user coordinates have their anchors there", {
  layout <- three(ilab = cbind(n = c(11, 22, 33)), ilab.xpos = -2, xlim = c(-5, 4))
  cells <- layout$texts[layout$texts$text %in% c("11", "22", "33"), ]
  middle <- cells$x + (0.5 - cells$hadj) * cells$width
  expect_equal(user_x(middle, layout), rep(-2, 3), tolerance = 1e-9)
  expect_equal(user_x(layout$edges, layout), c(-5, 4))
  expect_error(three(ilab = cbind(1:3, 4:6), ilab.xpos = -2), class = "metaparity_error_input")
})

test_that("columns of one block stand one gap apart", {
  layout <- three(columns = list(forest_column(c("aa", "bb", "cc"), "A"), forest_column(c("dd", "ee", "ff"), "B")),
                  style = "revman")
  style <- style_revman()
  width <- layout$columns$left
  from <- function(text) layout$texts$x[layout$texts$text == text]
  at <- match(c("aa", "dd"), layout$texts$text)
  expect_identical(layout$texts$hadj[at], c(0, 0))
  own <- length(width) - 1:0
  expect_equal(from("dd") - from("aa"), width[own[1L]] + style$gap * layout$fontsize / 72)
})
