d <- data.frame(x = c(5, 1, 4, 2, 3, 8, 7, 6), g = rep(1:2, 4))

test_that("xtile, pctile and _pctile share Stata's percentiles", {
  expect_equal(stata("xtile q = x, nquantiles(4)", d)$data$q, c(3, 1, 2, 1, 2, 4, 4, 3), ignore_attr = TRUE)
  expect_equal(stata("pctile p = x, nquantiles(4)", d)$data$p[1:3], c(2.5, 4.5, 6.5))
  expect_equal(unlist(stata("_pctile x, percentiles(10 50)", d)$r, use.names = FALSE), c(1, 4.5))
})

test_that("ipolate goes along straight lines", {
  y <- data.frame(x = 1:5, y = c(1, NA, 3, NA, NA))
  expect_equal(stata("ipolate y x, generate(z)", y)$data$z, c(1, 2, 3, NA, NA))
  expect_equal(stata("ipolate y x, generate(z) epolate", y)$data$z, 1:5)
})

test_that("samples have the size that was asked for", {
  expect_equal(nrow(stata("sample 50", d)$data), 4L)
  expect_equal(table(stata("sample 2, count by(g)", d)$data$g), table(c(1, 1, 2, 2)), ignore_attr = TRUE)
  expect_equal(nrow(stata("bsample", d)$data), 8L)
})
