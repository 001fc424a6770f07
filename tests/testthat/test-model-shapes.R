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

test_that("counts of mixed models are looked at as estimates are", {
  field_of <- function(code) tryCatch(code, metaparity_error_damaged = function(e) e$field)
  fit <- rma.dta(tp = c(10, 20, 30, 25, 18), fp = c(2, 3, 4, 5, 1), fn = c(3, 4, 2, 6, 4), tn = c(30, 40, 50, 45, 38))
  fit$counts$tp <- as.character(fit$counts$tp)
  expect_identical(field_of(fitted(fit)), "counts$tp")
  glmm <- rma.glmm(measure = "OR", ai = c(3, 5, 2, 7), n1i = rep(30, 4), ci = c(5, 9, 4, 8), n2i = rep(30, 4))
  glmm$counts$size2 <- glmm$counts$size2[1:2]
  expect_identical(field_of(confint(glmm)), "counts$size2")
})

test_that("tables and radial plots of fits look at them first", {
  fit <- rma(c(.1, .5, .3, .9, .4), rep(.1, 5))
  put <- function(field, value) {
    fit[field] <- list(value)
    fit
  }
  for (damaged in list(put("k", NA), put("level", NA), put("input", "word"))) {
    expect_error(bias_table(damaged), class = "metaparity_error_damaged")
    expect_error(sensitivity_table(damaged), class = "metaparity_error_damaged")
  }
  expect_error(profile(put("fit.stats", fit$fit.stats[1]), plot = FALSE), class = "metaparity_error_damaged")
  expect_error(radial(put("ci.ub", NaN), draw = FALSE), class = "metaparity_error_damaged")
  turned <- suppressWarnings(selmodel(put("beta", t(fit$beta)), type = "stepfun", steps = .5))
  expect_s3_class(turned, "rma.uni.selmodel")
})
