
test_that("sizes from columns of integers are integers, as in metafor", {
  d <- data.frame(a = c(3L, 5L, 6L), b = c(7L, 8L, 9L), c = c(2L, 4L, 7L), d = c(9L, 8L, 5L))
  double <- data.frame(lapply(d, as.double))
  expect_type(rma(measure = "OR", ai = a, bi = b, ci = c, di = d, data = d)$ni, "integer")
  expect_type(rma(measure = "OR", ai = a, bi = b, ci = c, di = d, data = double)$ni, "double")
  expect_type(rma.mh(ai = a, bi = b, ci = c, di = d, data = d)$ni, "integer")
  expect_type(rma.peto(ai = a, bi = b, ci = c, di = d, data = d)$ni, "integer")
  expect_type(attr(escalc("COR", ri = c(0.1, 0.2, 0.3), ni = c(20L, 30L, 40L))$yi, "ni"), "integer")
  expect_type(attr(escalc("COR", ri = c(0.1, 0.2, 0.3), ni = c(20, 30, 40))$yi, "ni"), "double")
  expect_type(rma(c(0.1, 0.2, 0.3), c(1, 1, 1), ni = c(20L, 30L, 40L))$ni, "integer")
})

test_that("sizes may stand beside estimates", {
  fit <- suppressWarnings(rma(c(0.1, 0.2, NA, 0.3), c(1, 1, 1, 1), ni = c(20, 30, 40, 50)))
  expect_identical(fit$ni, c(20, 30, 50))
  expect_s3_class(funnel(fit, yaxis = "ni", draw = FALSE), "data.frame")
  expect_error(rma(c(0.1, 0.2), c(1, 1), ni = 20), class = "metaparity_error_input")
  expect_error(rma(c(0.1, 0.2), c(1, 1), ni = c("a", "b")), class = "metaparity_error_input")
})
