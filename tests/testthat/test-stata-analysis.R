test_that("saved results: the error of a logarithm, estimates of regressions", {
  d <- data.frame(a = c(3, 6, 9, 4), b = c(20, 30, 25, 18), c = c(5, 9, 11, 8), d = c(21, 28, 30, 17), x = c(1, 4, 2, 3))
  value <- function(command, what) {
    log <- utils::capture.output(print(stata(c(command, paste("di", what)), d)))
    as.numeric(trimws(utils::tail(log[nzchar(log)], 1L)))
  }
  fit <- metan(a, b, c, d, data = d, or = TRUE)
  expect_equal(value("metan a b c d, or nograph", "%12.8f r(selogES)"), fit$r$seES, tolerance = 1e-6)
  e <- escalc("OR", ai = a, bi = b, ci = c, di = d, data = d)
  d$y <- as.numeric(e$yi)
  d$s <- sqrt(as.numeric(e$vi))
  direct <- metareg(y, x, wsse = s, data = d)
  expect_equal(value("metareg y x, wsse(s)", "%12.8f e(tau2)"), direct$r$tau2, tolerance = 1e-6)
})
