test_that("limits, test and heterogeneity are those of the formulas", {
  fit <- list(est = -0.4, se = 0.15, Q = 9.3, k = 5)
  pool <- new_pool(fit, pool_rules_of(0.9))
  z <- -0.4 / 0.15
  expect_equal(unlist(pool[c("lo", "hi", "z", "p")], use.names = FALSE),
               c(-0.4 + c(-1, 1) * qnorm(0.95) * 0.15, z, 2 * pnorm(z)))
  expect_equal(unlist(pool[c("df", "Qp", "I2")], use.names = FALSE),
               c(4, pchisq(9.3, 4, lower.tail = FALSE), 100 * (9.3 - 4) / 9.3))
  expect_identical(pool[names(fit)], fit)
})

test_that("rules choose the sign of z and the distribution", {
  fit <- list(est = -0.4, se = 0.15, Q = 1, k = 5)
  expect_equal(new_pool(fit, pool_rules_of(0.95, "positive"))$z, 0.4 / 0.15)
  t <- new_pool(fit, pool_rules_of(0.95, ddf = 4))
  expect_equal(c(t$hi, t$p), c(-0.4 + qt(0.975, 4) * 0.15, 2 * pt(-0.4 / 0.15, 4)))
  expect_equal(t$I2, 0)
})

test_that("one study has no heterogeneity", {
  expect_identical(q_test(0, 1), list(df = 0, Qp = NA_real_, I2 = NA_real_))
})
