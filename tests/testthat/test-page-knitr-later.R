test_that("outside of documents nothing waits", {
  expect_false(draws_later())
  expect_identical(withVisible(shown(3))$visible, FALSE)
  later <- new_later(function() 7)
  expect_true(withVisible(shown(later))$visible)
  expect_identical(print(later), 7)
})

test_that("a drawing that waits is made in the language that was set", {
  old <- options(metaparity.lang = "zh")
  later <- new_later(function() getOption("metaparity.lang"))
  options(old)
  expect_identical(later$draw(), "zh")
})

test_that("a later line that adds to the figure is found, one before it and other calls are not", {
  line <- "forest(fit)"
  expect_true(adds_to_figure(c("forest(fit)", "abline(v = 0)"), line))
  expect_true(adds_to_figure(c("forest(fit)", "if (TRUE) { x <- 1; text(1, 1, 'a') }"), line))
  expect_false(adds_to_figure(c("abline(v = 0)", "forest(fit)", "summary(fit)"), line))
  expect_false(adds_to_figure("forest( fit )", line))
  # What cannot be found or read may do anything.
  expect_true(adds_to_figure("funnel(fit)", line))
  expect_true(adds_to_figure("forest(fit", line))
  expect_true(adds_to_figure(character(), line))
})

test_that("words that add to a plot are functions that do", {
  for (verb in setdiff(adding_verbs, "addpoly")) expect_true(is.function(getExportedValue("graphics", verb)))
  expect_true(is.function(addpoly))
})

test_that("the line of a document is the whole call of the verb", {
  skip_if_not_installed("knitr")
  calls <- list(quote(eval(expr, envir)), quote(eval(expr, envir)), quote(forest(fit)))
  frame <- function(expr) list2env(list(expr = expr, envir = knitr::knit_global()))
  frames <- list(frame(quote(forest(fit))), new.env(), new.env())
  expect_identical(whole_line(calls, frames), "forest(fit)")
  frames[[1L]] <- frame(quote(invisible(forest(fit))))
  expect_null(whole_line(calls, frames))
  expect_null(whole_line(list(quote(f(x))), list(new.env())))
})
