
test_that("symbols and sizes that cannot be drawn are refused", {
  fit <- rma(c(0.1, 0.5, 0.3), c(0.01, 0.02, 0.04))
  refused <- function(...) expect_error(forest_layout(fit, ...), class = "metaparity_error_input")
  refused(pch = "foo")
  refused(psize = NA)
  refused(at = list(1))
  refused(refline = globalenv())
  refused(at = 1e200)
  refused(digits = 16)
  expect_no_error(forest_layout(fit, main = "a\tb", at = 5e-324))
})

test_that("symbols are one, or one per study, in every plot", {
  fit <- rma(c(0.1, 0.2, 0.3, 0.5, 0.1), c(0.1, 0.2, 0.1, 0.1, 0.2))
  for (pch in list(1:2, 1:4)) {
    expect_error(forest(fit, pch = pch, plot = FALSE), class = "metaparity_error_input")
    expect_error(funnel(fit, pch = pch, draw = FALSE), class = "metaparity_error_input")
    expect_error(qqnorm(fit, pch = pch, draw = FALSE), class = "metaparity_error_input")
    expect_error(radial(fit, pch = pch, draw = FALSE), class = "metaparity_error_input")
    expect_error(baujat(fit, symbol = pch, draw = FALSE), class = "metaparity_error_input")
  }
  expect_s3_class(forest(fit, pch = 1:5, plot = FALSE), "forest_plot")
  expect_s3_class(funnel(fit, pch = 1:5, draw = FALSE), "data.frame")
  expect_s3_class(funnel(fit, by = c("a", "a", "b", "b", "b"), pch = 1:2, draw = FALSE), "data.frame")
})
