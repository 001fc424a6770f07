
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
