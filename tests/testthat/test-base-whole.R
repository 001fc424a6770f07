# Objects changed by hand: a classed error that names the field, or a result; never an error from the inside or a crash.

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
  expect_identical(field_of(print(put(leave1out(fit), "slab", "a"))), "estimate")
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

test_that("a fit that keeps no studies answers print and summary, and says why nothing else", {
  fit <- rma(c(.1, .5, .3), c(.1, .1, .2), outlist = "minimal")
  expect_no_error(utils::capture.output(print(fit), summary(fit)))
  for (verb in list(fitted, forest, gosh, plot, leave1out, weights, confint, tes, study_table, forest_layout))
    expect_error(verb(fit), class = "metaparity_error_input")
})

test_that("a result without rows of a forest plot says so", {
  d <- data.frame(yi = c(.1, .5, .3), se = c(.1, .1, .2))
  expect_error(forest(metatrim(yi, se, data = d)), class = "metaparity_error_unsupported")
})

test_that("models of rma.mv() with rows, levels or components that are not there never reach the core", {
  d <- data.frame(yi = c(.1, .5, .3, .9, .2, .4), vi = rep(.1, 6), s = c(1, 1, 2, 2, 3, 3), o = c(1, 2, 1, 2, 1, 2))
  fit <- suppressWarnings(rma.mv(yi, vi, random = ~ o | s, struct = "UN", data = d))
  refuses <- function(change, verb = function(x) as.matrix(vcov(x, type = "obs"))) {
    broken <- fit
    broken$mv$model <- change(broken$mv$model)
    expect_error(verb(broken), class = "metaparity_error_input")
    expect_error(ranef(broken), class = "metaparity_error_input")
  }
  term <- function(slot, value) function(model) {
    model$terms[[1L]][[slot]] <- value
    model
  }
  refuses(term("outer", c(1L, 1L, 2L, 2L, 3L, NA)))
  refuses(term("outer", 1L))
  refuses(term("inner", c(1L, 2L, 1L, 2L, 1L, 9L)))
  refuses(term("levels", -5L))
  refuses(term("tau2", numeric()))
  refuses(function(model) { model$blocks <- list(diag(2)); model$rows <- list(c(1L, 99L)); model })
  refuses(function(model) { model$vi <- model$vi[-1]; model })
  refuses(function(model) { model$terms <- "a"; model })
})

test_that("the look at a healthy fit takes some microseconds", {
  skip_on_cran()
  fit <- rma(c(.1, .5, .3), c(.1, .1, .2))
  expect_no_error(look_whole(fit))
  best <- min(vapply(1:5, function(i) system.time(for (j in 1:1000) look_whole(fit))[["user.self"]], 0))
  expect_lt(best, 0.1)
})

test_that("damaged results lead to a result or to a classed condition", {
  skip_on_cran()
  folder <- tempfile("damages")
  dir.create(folder)
  old <- setwd(folder)
  Sys.setenv(METAPARITY_TESTS = old)
  on.exit({
    setwd(old)
    Sys.unsetenv("METAPARITY_TESTS")
  })
  world <- mutation_world()
  objects <- damaged_objects()[c(1, 2, 4, 7, 9, 10, 13)]
  rows <- all_damages(objects, world)
  rows <- rows[!grepl("^(reporter|plot|forest|gosh|permutest)", rows$verb), ]
  set.seed(31)
  rows <- rows[sample(nrow(rows), 60L), ]
  rows[c("kind", "message")] <- NA_character_
  found <- run_damages(rows, objects, world)
  bad <- found[!found$kind %in% c("value", "classed", "user", "impossible"), ]
  expect_identical(sprintf("%d %s %s %s: %s", bad$object, bad$arg, bad$value, bad$verb, bad$message), character())
})
