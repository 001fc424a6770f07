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
  expect_error(call_core(cpp_linear_tests(diag(2), 0, 1:2, diag(2), c(NaN, NaN), NaN)), class = "metaparity_error_core")
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
