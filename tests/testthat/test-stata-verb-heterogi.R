test_that("heterogi gives Higgins and Thompson's values", {
  # Higgins & Thompson (2002), Table II: Q = 14.4 on 24 df: H 1.0 (1.0 to 1.3); non-central intervals by definition.
  v <- heterogi(14.4, 24)
  expect_identical(v$r[c("H", "H_lb", "I2", "I2_lb")], list(H = 1, H_lb = 1, I2 = 0, I2_lb = 0))
  expect_equal(v$r$H_ub, exp(stats::qnorm(0.975) * sqrt((1 - 1 / (3 * 23^2)) / 46)), tolerance = 1e-12)
  n <- heterogi(81.5, 19, ncchi2 = TRUE)$r
  expect_equal(n$H_lb, sqrt(stats::qchisq(0.025, 19, 81.5 - 19) / 19), tolerance = 1e-8)
  expect_equal(n$I2_ub, 100 * (1 - 1 / n$H_ub^2), tolerance = 1e-12)
  expect_snapshot({
    heterogi(41.5, 7, level = 90)
    heterogi(81.5, 19, ncchi2 = TRUE, format = "%3.2f")
  })
})

test_that("heterogi checks its arguments; one df has no interval", {
  expect_true(is.na(heterogi(0.5, 1)$r$H_ub))
  expect_error(heterogi(-1, 4), class = "metaparity_error_input")
  expect_error(heterogi(4, 0), class = "metaparity_error_input")
  expect_error(heterogi(4, 4, format = "wide"), class = "metaparity_error_input")
})
