test_that("elements of a style must be of their kind", {
  refused <- function(...) expect_error(style_stata(...), class = "metaparity_error_input")
  refused(panel = 0.4)
  refused(fontsize = NULL)
  refused(pitch = 0)
  refused(box = list("red"))
  refused(box = list(fill = "no colour"))
  refused(box = list(largest = "a"))
  refused(ci = list(lwd = NA))
  refused(left = "nothing")
  refused(order = "obs")
  refused(weight = "no number")
  refused(natural = 2)
  refused(labels = list(summary = "\xff"))
})

test_that("styles take what they had", {
  for (style in styles()) expect_no_error(do.call(style, unclass(style())))
  expect_null(style_stata(marker = NULL)$marker)
  expect_identical(style_metafor(box = list(fill = NA))$box$fill, NA)
})

test_that("the words for columns are those that a forest plot makes", {
  expect_setequal(style_column_words, names(column_makers))
})
