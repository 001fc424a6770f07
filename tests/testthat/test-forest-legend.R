test_that("a variable has a colour per value and a key, and colours are taken as they are", {
  found <- study_colours(c("b", "a", "b", NA), 4L, forest_palette)
  expect_identical(found$value, c(forest_palette[c(2L, 1L, 2L)], NA))
  expect_identical(found$key, c(a = forest_palette[1L], b = forest_palette[2L]))
  expect_identical(study_colours("red", 3L, forest_palette), list(value = rep("red", 3L)))
  expect_identical(study_colours(factor("x", c("w", "x")), 2L, forest_palette)$key, c(x = forest_palette[1L]))
  expect_null(study_colours(NULL, 3L, forest_palette))
  expect_error(study_colours(1:2, 3L, forest_palette), class = "metaparity_error_input")
})

test_that("names of colours and codes of six or eight digits are colours", {
  expect_identical(is_colour(c("red", "#0072B2", "#0072B2FF", "#07B", "reddish")), c(TRUE, TRUE, TRUE, FALSE, FALSE))
})

test_that("the key has a square of each colour before its text, in rows as wide as the plot", {
  value <- rep(c("low", "high", "some longer name of a value", "and one that is longer still"), 2)
  layout <- layout_of(seq(-1, 1, length.out = 8), sei = rep(0.3, 8), colour = value)
  key <- layout$texts[layout$texts$role == "legend", ]
  expect_setequal(key$text, unique(value))
  squares <- layout$rects[is.na(layout$rects$row), ]
  expect_identical(squares$fill, forest_palette[seq_along(key$text)])
  expect_equal(key$x - squares$x1, rep(0.4 * layout$fontsize / 72, nrow(key)))
  studies <- layout$rects[!is.na(layout$rects$row), ]
  expect_identical(studies$fill, unname(stats::setNames(squares$fill, key$text)[value[studies$row]]))
  expect_true(all(key$x + key$width <= layout$width))
})
