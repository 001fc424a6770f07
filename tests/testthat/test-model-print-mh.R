test_that("digits and fit statistics print as in metafor", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.bcg
  for (verb in c("rma.mh", "rma.peto")) {
    run <- function(package) getExportedValue(package, verb)(ai = d$tpos, bi = d$tneg, ci = d$cpos, di = d$cneg)
    for (digits in list(2, 6, c(est = 3, ci = 1))) {
      expect_identical(capture.output(print(run("metaparity"), digits = digits, showfit = TRUE)),
                       capture.output(print(run("metafor"), digits = digits, showfit = TRUE)))
    }
  }
})

test_that("the test lines are padded as in metafor", {
  skip_if_not_installed("metafor")
  set.seed(1)
  for (k in c(2, 10, 11, 100, 101)) {
    x <- list(ai = rpois(k, 9) + 1, bi = rpois(k, 30) + 1, ci = rpois(k, 12) + 1, di = rpois(k, 30) + 1)
    expect_identical(capture.output(print(do.call(metaparity::rma.mh, x))),
                     capture.output(print(do.call(metafor::rma.mh, x))))
  }
})

test_that("print returns its argument and refuses wrong digits", {
  fit <- rma.mh(c(3, 4), c(7, 9), c(5, 6), c(11, 12))
  expect_output(expect_identical(print(fit), fit))
  expect_error(print(fit, digits = "x"), class = "metaparity_error_input")
})
