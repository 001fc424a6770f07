test_that("wrong types are classed errors", {
  fit <- rma(c(1, 2, 4), c(0.1, 0.2, 0.3))
  expect_error(residuals(fit, type = "partial"), class = "metaparity_error_input")
  expect_error(weights(fit, type = "none"), class = "metaparity_error_input")
  expect_error(hatvalues(fit, type = "rowsum"), class = "metaparity_error_input")
  expect_error(vcov(fit, type = "random"), class = "metaparity_error_input")
  expect_error(formula(fit, type = "scale"), class = "metaparity_error_input")
  expect_error(rstandard(fit, type = "jackknife"), class = "metaparity_error_input")
})

test_that("plot() draws", {
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit({
    grDevices::dev.off()
    unlink(file)
  })
  expect_no_error(plot(rma(c(1, 2, 4), c(0.1, 0.2, 0.3))))
})

test_that("a large fit needs no k x k matrix", {
  skip_on_cran()
  k <- 20000L
  x <- sin(seq_len(k))
  fit <- rma(x + cos(seq_len(k)^2), 0.5 + (seq_len(k) %% 7) / 10, mods = cbind(x), method = "DL")
  expect_length(rstandard(fit)$z, k)
  expect_gate(sum(hatvalues(fit)), 2, "closed_form")
  expect_gate(sum(weights(fit)), 100, "closed_form")
})
