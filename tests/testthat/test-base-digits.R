test_that("digits are one number, or change what they name", {
  expect_identical(unname(expand_digits()), rep(4, 9))
  expect_identical(expand_digits(2)[["het"]], 2)
  expect_identical(expand_digits(c(est = 1), expand_digits(3)), replace(expand_digits(3), "est", 1))
  for (odd in list(c(4, 2), c(nonsense = 2))) {
    expect_warning(out <- expand_digits(odd), class = "metaparity_warning_input")
    expect_identical(unname(out), rep(4, 9))
  }
  for (bad in list("a", NA_real_, -1)) {
    expect_error(expand_digits(bad), class = "metaparity_error_input")
  }
})

test_that("decimals are whole numbers", {
  fit <- rma(c(0.1, 0.2, 0.3), c(0.1, 0.2, 0.1))
  expect_error(rma(c(0.1, 0.2), c(0.1, 0.2), digits = 2.5), class = "metaparity_error_input")
  expect_error(print(fit, digits = 2.5), class = "metaparity_error_input")
  expect_error(forest(fit, digits = 2.5, plot = FALSE), class = "metaparity_error_input")
  expect_error(forest_column(1:3, digits = 0.5), class = "metaparity_error_input")
  expect_identical(expand_digits(2)[["est"]], 2)
})
