test_that("the factor is the ratio of gamma functions and metafor's", {
  m <- c(2, 3.5, 10, 400, 1e6)
  expect_equal(cmicalc(m), exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2), tolerance = 1e-8)
  expect_equal(cmicalc(m, method = "approx"), 1 - 3 / (4 * m - 1), tolerance = 1e-15)
  expect_identical(cmicalc(c(1, NA, -2)), rep(NA_real_, 3))
  expect_equal(cmicalc(m), metafor::cmicalc(m), tolerance = gate("metafor_closed"))
  expect_error(cmicalc("a"), class = "metaparity_error_input")
  expect_error(cmicalc(3, method = "other"), class = "metaparity_error_input")
})
