test_that("saved results: the error of a logarithm, estimates of regressions", {
  d <- data.frame(a = c(3, 6, 9, 4), b = c(20, 30, 25, 18), c = c(5, 9, 11, 8), d = c(21, 28, 30, 17),
                  x = c(1, 4, 2, 3))
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

test_that("meta summarize makes the variable of the weights, and t is saved under its name", {
  d <- data.frame(y = c(.4, .1, .3, .2), s = c(.1, .2, .15, .12), g = c(1, 1, 2, 2))
  for (options in c("", "subgroup(g)")) {
    out <- stata(c("meta set y s", paste("meta summarize, fixed", options)), d)
    expect_equal(as.vector(out$data[["_meta_weight"]]), 100 * (1 / d$s^2) / sum(1 / d$s^2))
  }
  out <- stata(c("meta set y s", "meta summarize, se(khartung)"), d)
  expect_equal(out$r$t, rma(d$y, sei = d$s, test = "knha")$zval, tolerance = 1e-5)
  expect_null(stata(c("meta set y s", "meta summarize"), d)$r$t)
})

test_that("old commands leave their results in global macros, too", {
  d <- data.frame(y = c(.4, .1, .3, .2), s = c(.1, .2, .15, .12))
  v <- metan(y, s, data = d, random = TRUE)$r
  log <- stata(c("quietly metan y s, random nograph", "display %12.8f $S_1 \" \" %12.8f $S_12 \" \" %12.8f $S_51"),
               d)$log
  expect_equal(as.numeric(strsplit(trimws(log), " +")[[1]]), c(v$ES, v$tau2, v$i_sq), tolerance = 1e-6)
  b <- metabias6(y, s, data = d)$r
  log <- stata(c("quietly metabias6 y s", "display %12.8f $S_6 \" \" %12.8f $S_8"), d)$log
  expect_equal(as.numeric(strsplit(trimws(log), " +")[[1]]), c(b$bias, b$effect), tolerance = 1e-6)
})
