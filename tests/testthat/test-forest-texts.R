yi <- c(-0.2, 0.1, 0.4)
sei <- c(0.1, 0.2, 0.3)
texts_of <- function(layout, role) layout$texts[layout$texts$role == role, ]

test_that("labels, cells and marks of a row are centred on one line", {
  layout <- layout_of(yi, sei = sei)
  em <- layout$fontsize / 72
  label <- texts_of(layout, "label")
  expect_equal(label$y, layout$lines$y - centre_drop * em)
  cells <- texts_of(layout, "cell")
  expect_equal(cells$y, layout$lines$y[cells$line] - centre_drop * em)
})

test_that("rowadj raises labels, annotation and ilab by rows", {
  extra <- cbind(n = c(71, 72, 73))
  plain <- layout_of(yi, sei = sei, ilab = extra)
  raised <- layout_of(yi, sei = sei, ilab = extra, rowadj = c(0.1, 0.2, 0.3))
  up <- (raised$texts$y - plain$texts$y) / plain$pitch
  pick <- function(some) unique(round(up[some], 9))
  expect_equal(pick(plain$texts$role == "label"), 0.1)
  expect_equal(pick(plain$texts$text %in% c("-0.20", "0.10", "0.40")), 0.2)
  expect_equal(pick(plain$texts$text %in% c("71", "72", "73")), 0.3)
  expect_equal(pick(plain$texts$role %in% c("tick", "header", "xlab")), 0)
})

test_that("tick labels stand at their ticks, the title in the middle of the plot", {
  layout <- layout_of(yi, sei = sei, main = "A title", at = c(-1, 0, 1))
  ticks <- texts_of(layout, "tick")
  expect_identical(ticks$text, c("-1", "0", "1"))
  expect_equal(ticks$x, layout$axis$x)
  title <- texts_of(layout, "title")
  expect_equal(title$x, layout$width / 2)
  expect_identical(c(title$hadj, title$font), c(0.5, 2))
})

test_that("headings end on one line, and a heading over columns stands above theirs in their middle", {
  layout <- layout_of(yi, sei = sei, columns = list(forest_column(11:13, "Short", span = "Both"),
                                                    forest_column(21:23, "Two\nlines", span = "Both")))
  head <- texts_of(layout, "header")
  at <- function(text) head[match(text, head$text), ]
  expect_equal(at("Short")$y, at("lines")$y)
  expect_equal(at("Study")$y, at("lines")$y)
  step <- line_height * layout$fontsize / 72
  expect_equal(at("Two")$y - at("lines")$y, step)
  expect_equal(at("Both")$y - at("Two")$y, step)
  width <- layout$columns$left
  gap <- style_metafor()$gap * layout$fontsize / 72
  expect_gt(at("Both")$x, at("Short")$x - width[2L])
  expect_lt(at("Both")$x, at("Two")$x + width[3L])
})

test_that("favours stand on both sides of the line of no effect", {
  layout <- layout_of(yi, sei = sei, favours = c("left words", "right words"))
  favours <- texts_of(layout, "favours")
  em <- layout$fontsize / 72
  expect_equal(favours$x, inch_x(0, layout) + c(-0.6, 0.6) * em)
  expect_identical(favours$hadj, c(1, 0))
})
