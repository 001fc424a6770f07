damaged_fit <- function() {
  set.seed(42)
  rma(yi, vi, mods = ~ x, data = data.frame(yi = rnorm(8), vi = runif(8, .1, 1), x = rnorm(8)))
}

test_that("selections that resolve to nothing are errors that name the argument", {
  f <- damaged_fit()
  expect_error(anova(f, btt = numeric(0)), class = "metaparity_error_input")
  expect_error(anova(f, btt = c(-1, -2)), class = "metaparity_error_input")
  expect_error(anova(f, btt = NA_character_), class = "metaparity_error_input")
  expect_error(anova(f, btt = list()), class = "metaparity_error_input")
  expect_error(anova(f, btt = c(-1, 2)), class = "metaparity_error_input")
  expect_error(anova(f, X = matrix(0, 0, 2)), class = "metaparity_error_input")
  expect_error(vif(f, btt = numeric(0)), class = "metaparity_error_input")
  expect_error(vif(f, btt = list()), class = "metaparity_error_input")
  expect_error(rma(yi, vi, data = data.frame(yi = 1:3, vi = 1), btt = numeric(0)), class = "metaparity_error_input")
})

test_that("what C++ throws beyond the core's exceptions has a class", {
  expect_error(heterogi(1e10, 5, ncchi2 = TRUE), class = "metaparity_error")
  expect_error(call_core(cpp_vif("a", TRUE, list(1L))), class = "metaparity_error_core")
  expect_error(call_core(cpp_blup(list(), 0.95, FALSE)), class = "metaparity_error_core")
})

test_that("objects that were changed by hand raise errors instead of reading beyond their numbers", {
  for (field in c("yi", "vi", "X")) {
    for (damage in list(NA_real_, numeric(0))) {
      f <- damaged_fit()
      f[field] <- list(damage)
      for (verb in list(leave1out, hatvalues, rstudent, influence, cumul)) {
        expect_error(suppressWarnings(verb(f)))
      }
    }
  }
  f <- damaged_fit()
  f["spec"] <- list(f$spec[1L])
  expect_error(leave1out(f), class = "metaparity_error_input")
})

test_that("numbers that index are looked at before they do", {
  input_error <- function(x) inherits(x, "metaparity_core_error") && x$type == "input"
  X <- cbind(1, 1:9)
  for (bad in list(99L, NA_integer_, 0L, -3L, .Machine$integer.max)) {
    expect_true(input_error(cpp_vif(diag(2), TRUE, list(bad))))
    expect_true(input_error(cpp_random_coefficients(1:9, X, matrix(1, 9, 1), rep(bad, 9), "identity", TRUE)))
    expect_true(input_error(cpp_matrix_regression(diag(3), bad, 2:3, 20, numeric())))
    expect_true(input_error(cpp_matrix_regression(diag(3), 1L, bad, 20, numeric())))
    expect_true(input_error(cpp_dependent_variances(
      list(obs = 1:9, type = rep(bad, 9), rho_type = diag(2), rho_obs = .5, phi = 1), rep(.1, 9), list(1:3))))
    expect_true(input_error(cpp_dependent_variances(list(obs = 1:9, rho_obs = .5, phi = 1), rep(.1, 9), list(bad))))
    expect_true(input_error(cpp_correlation_covariances(c(.1, .2, .3), rep(bad, 3), c(2L, 3L, 3L), 3L, 30, FALSE)))
    expect_true(input_error(cpp_dose_covariance("cc", 3:5, 30:32, c(0, .1, .2), rep(.1, 3), bad, FALSE)))
  }
  expect_true(input_error(cpp_pooled_regression(diag(3), 1L, 2:3, diag(2), FALSE, FALSE, numeric())))
  expect_true(input_error(cpp_fitted(X, 1:3)))
  expect_true(input_error(cpp_spread_along(X, diag(3))))
  fit <- robust(rma(c(.1, .5, .3, .9, .2, .4), rep(.1, 6), mods = 1:6), cluster = c(1, 1, 2, 2, 3, 3))
  for (n in list(1, NA)) {
    fit$n <- n
    expect_error(anova(fit), class = "metaparity_error_input")
  }
  plain <- rma(c(.1, .5, .3, .9), rep(.1, 4), mods = 1:4)
  plain$spec$btt <- 99L
  expect_error(influence(plain), class = "metaparity_error_input")
  expect_true(input_error(cpp_linear_tests(diag(2), 0, 1:2, diag(2), c(NaN, NaN), NaN)))
  expect_true(input_error(cpp_aggregate(1:3, 1:3, c(1L, 9L, 2L), 2L, list())))
})
