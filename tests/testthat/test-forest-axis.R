
test_that("an axis about the null does not reach beyond the values of the transformation", {
  wide <- rma(c(0.2, 0.6, -0.1), c(1, 1, 1))
  layout <- forest_layout(wide, transf = exp, style = "stata")
  expect_identical(layout$lim[1L], 0)
  expect_identical(layout$axis$label[1:2], c("0", "1"))
  near <- forest_layout(rma(c(-1, -1.5, -0.5), c(0.1, 0.2, 0.1)), transf = exp, style = "stata")$lim
  expect_equal(sum(near), 2)
})
