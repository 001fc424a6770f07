# Fields of fits: what was changed by hand and no longer fits together is named, all else is left alone.

test_that("a damaged field of a fit is named, and the verb says what to do", {
  d <- data.frame(yi = c(.1, .5, .3, .9), vi = c(.1, .1, .2, .1), x = c(1, 3, 2, 5))
  fit <- rma(yi, vi, mods = ~ x, data = d)
  field_of <- function(code) tryCatch(code, metaparity_error_damaged = function(e) e$field)
  put <- function(fit, field, value) {
    fit[field] <- list(value)
    fit
  }
  expect_identical(field_of(hatvalues(put(fit, "vi", NA))), "vi")
  expect_identical(field_of(print(put(fit, "se", fit$se[1]))), "se")
  expect_identical(field_of(coef(put(fit, "beta", NULL))), "beta")
  expect_identical(field_of(predict(put(fit, "X", t(fit$X)))), "X")
  expect_identical(field_of(leave1out(put(fit, "spec", fit$spec[1]))), "spec$test")
  expect_identical(field_of(regtest(put(fit, "k", 9))), "k")
  expect_identical(field_of(forest(put(fit, "slab", "a"))), "slab")
  by <- rma(yi, vi, by = c(1, 1, 2, 2), data = d)
  expect_identical(field_of(print(put(by, "groups", list(1, 2)))), "groups")
})

test_that("what people change in a fit by hand is no damage", {
  d <- data.frame(yi = c(.1, .5, .3, .9, NA), vi = c(.1, .1, .2, .1, .2), x = c(1, 3, 2, 5, 4))
  fit <- suppressWarnings(rma(yi, vi, mods = ~ x, data = d))
  fit$slab <- letters[1:5]
  fit$digits <- 2
  fit$data <- fit$call <- NULL
  fit$control <- list(maxiter = 10)
  expect_no_error(utils::capture.output(print(fit), print(summary(fit)), print(rstudent(fit))))
  file <- tempfile(fileext = ".rds")
  saveRDS(fit, file)
  expect_identical(coef(readRDS(file)), coef(fit))
})
