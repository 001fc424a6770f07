test_that("random numbers are R's streams, which the log says once", {
  out <- do_file("set seed 42", "set obs 5", "generate double u = runiform()", "generate double z = rnormal(2, 3)",
                 "generate double k = rbinomial(10, .3)")
  set.seed(42)
  expect_equal(out$data$u, runif(5))
  expect_equal(out$data$z, rnorm(5, 2, 3))
  expect_equal(out$data$k, rbinom(5, 10, .3))
  expect_equal(sum(grepl("R's streams", out$log)), 1L)
})

test_that("impossible parameters give missing values, wrong counts an error", {
  expect_true(is.na(do_file("set obs 1", "generate x = rnormal(0, -1)")$data$x))
  expect_error(do_file("display rbinomial(1)"), class = "metaparity_error_stata")
  expect_error(do_file("set seed abc"), class = "metaparity_error_stata")
})
