test_that("every number of a symbol has a shape, letters have none", {
  fit <- rma(c(0.1, 0.4, 0.3), c(0.02, 0.05, 0.03))
  expect_identical(symbol_kind(c(15, 16, 17, 18, 4)), c("square", "circle", "up", "diamond", "times"))
  expect_error(forest(fit, pch = "a", plot = FALSE), class = "metaparity_error_input")
  expect_error(forest(fit, pch = c("a", "b", "c"), plot = FALSE), class = "metaparity_error_input")
  expect_error(forest(fit, pch = 65, plot = FALSE), class = "metaparity_error_input")
  expect_s3_class(forest(fit, pch = c(1, 15, NA), plot = FALSE), "forest_plot")
})
