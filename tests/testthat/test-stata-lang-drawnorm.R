moments <- function(...) {
  out <- stata(c(...))$data
  list(mean = colMeans(out), cov = unname(stats::cov(out)), n = nrow(out), names = names(out))
}

test_that("drawnorm draws with the means and covariances that are given", {
  m <- moments("set seed 3", "matrix V = (4, 1 \\ 1, 9)", "matrix m = (1, -2)", "drawnorm a b, n(40000) means(m) cov(V) clear")
  expect_identical(m$names, c("a", "b"))
  expect_identical(m$n, 40000L)
  expect_lt(max(abs(m$mean - c(1, -2))), 0.05)
  expect_lt(max(abs(m$cov - matrix(c(4, 1, 1, 9), 2L))), 0.2)
  half <- moments("set seed 3", "matrix v = (4, 1, 9)", "drawnorm a b, n(40000) means(1, -2) cov(v) cstorage(lower) clear")
  expect_equal(half, m)
  sds <- moments("set seed 4", "matrix C = (1, .5 \\ .5, 1)", "drawnorm a b, n(40000) corr(C) sds(2 3) double clear")
  expect_lt(max(abs(sds$cov - matrix(c(4, 3, 3, 9), 2L))), 0.2)
})

test_that("drawnorm adds to the data and refuses what is no covariance", {
  out <- stata(c("set seed 1", "drawnorm z"), data.frame(x = 1:4))$data
  expect_identical(dim(out), c(4L, 2L))
  expect_error(stata(c("matrix V = (1, 2 \\ 2, 1)", "drawnorm a b, n(9) cov(V) clear")), class = "metaparity_error_stata")
  expect_error(stata(c("matrix V = (1, 0 \\ 2, 1)", "drawnorm a b, n(9) cov(V) clear")), class = "metaparity_error_stata")
  expect_error(stata("drawnorm a, n(3)", data.frame(x = 1:9)), class = "metaparity_error_stata")
})
