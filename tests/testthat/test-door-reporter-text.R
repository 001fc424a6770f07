report_fit <- function(...) {
  rma(c(-0.9, -1.6, -1.3, -0.2, 0.1, -2), c(0.33, 0.19, 0.42, 0.05, 0.02, 0.1), slab = paste("Study", LETTERS[1:6]),
      ...)
}

text_of <- function(x, plots = list(), footnotes = FALSE) report_text(x, expand_digits(3), plots, footnotes, "fit.rds")

test_that("the head names the file of the fit as a string, whatever its name", {
  expect_true("fit <- readRDS(\"fit.rds\")" %in% text_of(report_fit()))
  odd <- report_head("a\"b.rds")
  line <- grep("readRDS", odd, value = TRUE)
  expect_identical(parse(text = line)[[1L]][[3L]][[2L]], "a\"b.rds")
})

test_that("numbers of the text are those of the fit", {
  x <- report_fit()
  text <- paste(text_of(x), collapse = "\n")
  for (value in c(x$beta[1L], x$ci.lb, x$ci.ub, x$QE, x$tau2, x$I2))
    expect_match(text, sprintf("%.3f", value), fixed = TRUE)
  expect_match(text, "combines 6 studies", fixed = TRUE)
  expect_match(text, "17% of them are above 0", fixed = TRUE)
})

test_that("model, tests and verdict follow the fit", {
  has <- function(x, what) any(grepl(what, text_of(x), fixed = TRUE))
  expect_true(has(report_fit(), "random-effects"))
  expect_true(has(report_fit(method = "EE"), "common-effect"))
  expect_true(has(report_fit(), "normal distribution"))
  expect_true(has(report_fit(test = "t"), "t distribution"))
  expect_false(has(report_fit(test = "t"), "Knapp-Hartung"))
  expect_true(has(report_fit(test = "adhoc"), "not below its model value"))
  sure <- rma(c(1, 1.1, 0.9), c(0.01, 0.01, 0.01))
  expect_true(has(sure, "It differs from 0"))
  expect_true(has(rma(c(-0.1, 0.1, 0.05), c(1, 1, 1)), "It does not differ from 0"))
  # Without heterogeneity there is no interval for a new study.
  expect_false(has(rma(c(-0.1, 0.1, 0.05), c(1, 1, 1)), "prediction interval"))
})

test_that("equal standard errors leave no asymmetry to test", {
  text <- text_of(rma(c(1, 1.1, 0.9), rep(0.01, 3)))
  expect_true(any(grepl("the same standard error", text)))
  expect_false(any(grepl("Rank correlation", text)))
})

test_that("two studies have neither outliers nor asymmetry", {
  expect_null(report_outliers(rma(c(0.1, 0.4), c(0.1, 0.2)), NULL))
  expect_null(report_asymmetry(rma(c(0.1, 0.4), c(0.1, 0.2)), NULL, NULL))
})

test_that("a study far out is named, its label as text", {
  x <- rma(c(0.1, 0.12, 0.09, 0.11, 0.1, 9), rep(0.01, 6), slab = c(letters[1:5], "*Far* `1`"), method = "EE")
  lines <- report_outliers(x, function(label, text) "")
  expect_match(lines[3L], escape_markdown("*Far* `1`"), fixed = TRUE)
  expect_false(any(grepl("*Far*", lines, fixed = TRUE)))
})

test_that("plots are chunks, only those that are drawn; footnotes on request", {
  text <- report_plots(list(forest = "forest(fit)", funnel = NULL))
  expect_identical(sum(grepl("^```[{]r", text)), 1L)
  expect_true("forest(fit)" %in% text)
  expect_null(report_plots(list(forest = NULL)))
  expect_false(any(grepl("^[", text_of(report_fit()), fixed = TRUE)))
  expect_true(any(grepl("^[", text_of(report_fit(), footnotes = TRUE), fixed = TRUE)))
})
