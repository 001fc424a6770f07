test_that("a file becomes tables", {
  x <- read_rm5(example_file())
  expect_identical(x$studies$study, c("Ash 2001", "Birch 2004", "Cedar 2009", "Dill 2011"))
  expect_identical(x$outcomes$outcome, c("1.1", "1.2"))
  expect_identical(x$rows$subgroup, c(NA, NA, NA, NA, "1", "1", "2", "2"))
  expect_identical(x$rows$events_1[1:4], c(0, 12, 30, 7))
  expect_identical(x$risk_of_bias$judgement, c("low", "unclear", "high", "low"))
  expect_identical(x$links$outcome, "1.1")
  expect_match(x$links$sentence, "Recurrence was rarer")
  expect_identical(summary(x)$rows, c(4L, 4L))
  expect_output(print(x), "1 comparison, 2 outcomes, 2 subgroups, 8 rows")
})

test_that("one outcome, by number or id", {
  x <- read_rm5(example_file())
  expect_identical(outcome(x, "1.2"), outcome(x, "CMP-001.02"))
  expect_identical(nrow(outcome(x, 1.1)$rows), 4L)
  expect_error(outcome(x, "9.9"), class = "metaparity_error_input")
  expect_error(outcome(list(), "1.1"), class = "metaparity_error_input")
})

test_that("rows with text in place of numbers are told", {
  lines <- sub('EVENTS_1="12"', 'EVENTS_1="four"', readLines(example_file(), encoding = "UTF-8"), fixed = TRUE)
  caught <- NULL
  x <- withCallingHandlers(read_rm5(as_rm5(lines)), metaparity_warning_studies = function(w) {
    caught <<- w$rows
    invokeRestart("muffleWarning")
  })
  expect_identical(caught, 2L)
  expect_silent(read_rm5(example_file()))
})

test_that("a summary has no results of outcomes without a total", {
  x <- example_review()
  x$outcomes$totals <- c("NO", "SUB")
  expect_true(all(is.na(summary(x)[c("effect", "ci.lb", "ci.ub", "I2")])))
})
