# The short way of rma_input() builds what the long way builds.
test_that("plain columns and expressions of them give the same object", {
  d <- data.frame(yi = c(0.1, 0.4, -0.3, 0.8), vi = c(0.02, 0.05, 0.01, 0.2), sei = sqrt(c(0.02, 0.05, 0.01, 0.2)))
  same <- function(a, b) expect_equal(a[setdiff(names(a), "call")], b[setdiff(names(b), "call")])
  same(rma(yi, vi, data = d), rma((yi), vi, data = d))
  same(rma(yi, sei = sei, data = d, method = "DL", test = "knha"),
       rma((yi), sei = (sei), data = d, method = "DL", test = "knha"))
  e <- escalc("RR", ai = c(4, 6, 3), bi = c(119, 300, 228), ci = c(11, 29, 11), di = c(128, 274, 209))
  same(rma(yi, vi, data = e), rma((yi), vi, data = e))
  expect_identical(rma(yi, vi, data = e)$measure, "RR")
})

test_that("what is not plain takes the long way", {
  d <- data.frame(yi = c(0.1, NA, -0.3), vi = c(0.02, 0.05, 0.01), n = c(10L, 20L, 30L))
  expect_warning(fit <- rma(yi, vi, data = d), class = "metaparity_warning_dropped")
  expect_identical(fit$k, 2L)
  expect_identical(rma(n, c(1, 2, 3), data = d)$k, 3L)
  expect_error(rma(yi, sei = c(-1, 1, 1), data = d), class = "metaparity_error_studies")
  expect_error(rma(yi, nothing, data = d), class = "metaparity_error_input")
})

test_that("what no verb takes is named", {
  for (verb in list(forest, trimfill, leave1out, cumul, radial)) {
    expect_error(verb("a"), class = "metaparity_error_input")
  }
  expect_error(trimfill(1:3), class = "metaparity_error_input")
})
