test_that("pooling agrees with rma() and rma.mh()", {
  m <- suite_magnesium()
  o <- list(model = "random", method = "sjonkman", test = "knha", level = .95)
  p <- meta_pool(m, 1:16, o)
  f <- rma(m$table[["_meta_es"]], sei = m$table[["_meta_se"]], method = "SJ", test = "knha")
  expect_equal(c(p$est, p$se, p$lo, p$hi, p$p, p$I2), c(f$beta[1], f$se, f$ci.lb, f$ci.ub, f$pval, f$I2))
  expect_equal(meta_prediction(p, .95), p$est + c(-1, 1) * qt(.975, 14) * sqrt(p$tau2 + p$se^2))
  q <- meta_pool(m, 1:16, list(model = "fixed", method = "mhaenszel", test = "z", level = .95))
  expect_equal(q$I2, 100 * (q$Q - 15) / q$Q)
})

test_that("Q_b is the dispersion of the groups", {
  b <- meta_between(list(list(est = 1, se = .5), list(est = 2, se = .25)))
  expect_equal(c(b$Q, b$df), c(1 / (.25 + .0625), 1))
})
