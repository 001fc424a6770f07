test_that("sample sizes beside given estimates are kept as metafor keeps them, and checked", {
  yi <- c(.1, .5, .3, .9, .2)
  vi <- c(.1, .05, .2, .1, .3)
  fit <- rma(yi, vi, ni = c(10, 20, 30, 40, 50), subset = 2:5)
  expect_equal(fit$ni, c(20, 30, 40, 50))
  skip_if_not_installed("metafor")
  theirs <- metafor::rma(yi, vi, ni = c(10, 20, 30, 40, 50), subset = 2:5)
  expect_equal(regtest(fit, predictor = "ni")$pval, metafor::regtest(theirs, predictor = "ni")$pval, tolerance = 1e-10)
  for (ni in list("a", letters[1:5], rep(TRUE, 5), 1:2, -(1:5), c(Inf, 2:5))) {
    e <- expect_error(rma(yi, vi, ni = ni), class = "metaparity_error")
    expect_equal(e$arg, "ni")
  }
})
