test_that("stretched rows make a forest plot higher, and only while asked for", {
  size <- function() forest_size(c(.1, .2, .3), sei = c(.1, .1, .2))
  plain <- size()
  tall <- with_stretch(2, size())
  expect_gt(tall[["height"]], plain[["height"]] * 1.3)
  expect_equal(tall[["width"]], plain[["width"]])
  expect_equal(size(), plain)
})
