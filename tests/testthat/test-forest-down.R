three <- function(...) layout_of(c(-0.2, 0.1, 0.4), sei = c(0.1, 0.2, 0.3), ...)

test_that("title and notes add their lines to the height and nothing else", {
  plain <- three()
  style <- style_metafor()
  em <- plain$fontsize / 72
  expect_equal(three(main = "A")$height - plain$height, (line_height * style$main_size + 0.6) * em)
  expect_equal(three(main = "A\nB")$height - three(main = "A")$height, line_height * style$main_size * em)
  expect_equal(three(note = "A\nB")$height - plain$height, (0.6 + 2 * line_height * style$note_size) * em)
})

test_that("rows stand a pitch apart, below the rule and above the axis by the style's blanks", {
  plain <- three()
  style <- style_metafor()
  expect_equal(diff(plain$lines$y), c(-1, -1) * plain$pitch)
  expect_equal(plain$pitch, style$pitch * plain$fontsize / 72)
  expect_equal((plain$panel[["top"]] - plain$lines$y[1L]) / plain$pitch, 0.5 + style$blank$after_header)
  expect_equal((plain$lines$y[3L] - plain$panel[["bottom"]]) / plain$pitch, 0.5 + style$blank$at_end)
})

test_that("ylim puts axis and rule at the asked heights, and top adds rows above the rule", {
  asked <- three(ylim = c(-2, 8))
  expect_equal(user_y(asked$panel[["bottom"]], asked), -2)
  expect_equal(user_edges(asked)$y, c(-2, 8))
  plain <- three()
  expect_equal(three(top = 5)$height - plain$height, 2 * plain$pitch)
})

test_that("studies at given heights keep them", {
  layout <- three(rows = c(9, 5, 2))
  study <- layout$lines[!is.na(layout$lines$row), ]
  expect_equal(sort(user_y(study$y, layout)), c(2, 5, 9))
})

test_that("no line comes of nothing, and a line feed makes two", {
  on_page({
    expect_length(wrapped(NULL, 5, 9), 0L)
    expect_length(wrapped(c(NA, ""), 5, 9), 0L)
    expect_identical(wrapped(c("a b\nc", "d"), 5, 9), c("a b", "c", "d"))
    expect_gt(length(wrapped("several words that are wide", 0.5, 9)), 2L)
  })
})

test_that("favours part at the line of no effect, or at the nearer end of the axis", {
  plan <- function(null, lim) list(axis = list(null = null, lim = lim))
  x <- list(left = 1, right = 5)
  expect_equal(favour_centre(plan(0, c(-1, 3)), x), 2)
  expect_equal(favour_centre(plan(0, c(1, 3)), x), 1)
  expect_equal(favour_centre(plan(NA, c(1, 3)), x), 3)
})
