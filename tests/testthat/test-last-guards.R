# Methods look at their object before they work on it.

test_that("a fit that keeps no studies answers print and summary, and says why nothing else", {
  fit <- rma(c(.1, .5, .3), c(.1, .1, .2), outlist = "minimal")
  expect_no_error(utils::capture.output(print(fit), summary(fit)))
  for (verb in list(fitted, forest, gosh, plot, leave1out, weights, confint, tes, study_table, forest_layout))
    expect_error(verb(fit), class = "metaparity_error_input")
})

test_that("every method of our classes looks first, but those that change an object", {
  space <- asNamespace("metaparity")
  looks <- function(name) any(all.names(body(get(name, space))) == "look_whole")
  expect_true(all(vapply(c("coef.metaparity", "hatvalues.metaparity", "weights.metaparity_mh"),
                         looks, NA)))
})

test_that("a result without rows of a forest plot says so", {
  d <- data.frame(yi = c(.1, .5, .3), se = c(.1, .1, .2))
  expect_error(forest(metatrim(yi, se, data = d)), class = "metaparity_error_unsupported")
})
