# Oracle: R's own p- and q-functions.
test_that("tails, critical values and I2 of columns are those of R, names and shapes kept", {
  z <- c(a = -1.2, b = 0, c = 3, d = NA)
  expect_equal(two_sided_p(z), 2 * stats::pnorm(-abs(z)), tolerance = 1e-13)
  expect_equal(two_sided_p(z, 7), 2 * stats::pt(-abs(z), 7), tolerance = 1e-13)
  x <- matrix(c(0.5, 3, 80, 1e-5), 2L)
  expect_equal(upper_p(x, 3), stats::pchisq(x, 3, lower.tail = FALSE), tolerance = 1e-12)
  expect_equal(upper_p(x, 3, 11), stats::pf(x, 3, 11, lower.tail = FALSE), tolerance = 1e-12)
  # Without end, the degrees of freedom of a denominator leave chi-squared.
  expect_equal(upper_p(x, 3, Inf), stats::pf(x, 3, Inf, lower.tail = FALSE), tolerance = 1e-12)
  expect_equal(critical_value(c(0.9, 0.95, 0.99)), stats::qnorm(c(0.95, 0.975, 0.995)), tolerance = 1e-13)
  expect_equal(critical_value(0.95, c(1, 4, 30)), stats::qt(0.975, c(1, 4, 30)), tolerance = 1e-12)
  expect_identical(i2_from_q(c(20, 4, 0), 5), c(75, 0, 0))
  expect_true(is.na(i2_from_q(NA, 5)))
  expect_true(all(is.na(c(two_sided_p(1, t_df(NA)), upper_p(1, 2, t_df(NA)), critical_value(0.95, t_df(NA))))))
})
