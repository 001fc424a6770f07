report_fit <- function(...) {
  rma(c(-0.9, -1.6, -1.3, -0.2, 0.1, -2), c(0.33, 0.19, 0.42, 0.05, 0.02, 0.1), slab = paste("Study", LETTERS[1:6]),
      ...)
}

test_that("a report is rendered with its source beside it", {
  skip_if_not_installed("rmarkdown")
  dir <- tempfile()
  dir.create(dir)
  fit <- report_fit()
  out <- suppressMessages(reporter(fit, dir = dir, filename = "r", open = FALSE, footnotes = TRUE,
                                   forest = 'xlab = "effect"'))
  expect_true(file.exists(out))
  expect_setequal(tools::file_ext(list.files(dir)), c("Rmd", "rds", "html"))
  text <- readLines(file.path(dir, "r.Rmd"))
  expect_true(any(grepl(format(round(fit$beta[[1]], 4), nsmall = 4), text, fixed = TRUE)))
  expect_true(any(grepl('forest(fit, xlab = "effect")', text, fixed = TRUE)))
})

test_that("the text follows the model", {
  text <- function(...) metaparity:::report_text(report_fit(...), metaparity:::expand_digits(3), list(), FALSE, "x.rds")
  expect_true(any(grepl("prediction interval", text())))
  expect_false(any(grepl("Heterogeneity", text(method = "EE"))))
  expect_true(any(grepl("Knapp-Hartung", text(test = "knha"))))
})

test_that("what cannot be reported is refused", {
  skip_if_not_installed("rmarkdown")
  fit <- report_fit()
  expect_error(reporter(report_fit(mods = ~ c(1, 2, 3, 4, 5, 7))), class = "metaparity_error_input")
  expect_error(reporter(fit, dir = file.path(tempdir(), "nowhere")), class = "metaparity_error_input")
  expect_error(reporter(fit, format = "odt"), class = "metaparity_error_input")
  expect_error(reporter(fit, forest = "xlab = ("), class = "metaparity_error_input")
})
