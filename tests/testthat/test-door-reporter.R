report_fit <- function(...) {
  rma(c(-0.9, -1.6, -1.3, -0.2, 0.1, -2), c(0.33, 0.19, 0.42, 0.05, 0.02, 0.1), slab = paste("Study", LETTERS[1:6]),
      ...)
}
report_of <- function(fit, ...) {
  dir <- tempfile()
  dir.create(dir)
  suppressMessages(reporter(fit, dir = dir, filename = "r", open = FALSE, ...))
}
words_of <- function(file) {
  html <- paste(readLines(file, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  gsub("\\s+", " ", gsub("<[^>]+>", " ", gsub("(?s)<(style|script|head)\\b.*?</\\1>", " ", html, perl = TRUE)))
}

test_that("a report is rendered with its source beside it, and has the numbers of the fit", {
  skip_if_not_installed("rmarkdown")
  fit <- report_fit()
  out <- report_of(fit, footnotes = TRUE, digits = 3, forest = 'xlab = "effect"')
  expect_true(file.exists(out))
  expect_setequal(tools::file_ext(list.files(dirname(out))), c("Rmd", "rds", "html", "bib"))
  source <- readLines(file.path(dirname(out), "r.Rmd"))
  expect_true(any(grepl('forest(fit, xlab = "effect")', source, fixed = TRUE)))
  text <- words_of(out)
  for (value in c(fit$beta[1L], fit$ci.lb, fit$ci.ub)) expect_match(text, sprintf("%.3f", value), fixed = TRUE)
  expect_match(text, "prediction interval", fixed = TRUE)
  expect_no_match(text, "\\[@|Error")
})

test_that("reports of other models, in Chinese, too", {
  skip_if_not_installed("rmarkdown")
  d <- data.frame(yi = c(0.1, 0.4, -0.2, 0.6, 0.3, 0.2), vi = 0.1, g = c(1, 1, 2, 2, 3, 3), x = 1:6)
  fits <- list(rma.mv(yi, vi, random = ~ 1 | g/x, data = d), rma(yi, vi, mods = ~x, data = d), rma(yi, vi, by = g, data = d))
  for (fit in fits) {
    text <- words_of(report_of(fit, lang = "zh", forest = FALSE, funnel = FALSE))
    expect_match(text, "\u65b9\u6cd5")
    expect_no_match(sub("\u53c2\u8003\u6587\u732e.*", "", text), "\\[@|Error|The |was |Heterogeneity")
  }
  expect_null(getOption("metaparity.lang"))
})

test_that("what cannot be reported is refused", {
  skip_if_not_installed("rmarkdown")
  fit <- report_fit()
  expect_error(reporter(fit, dir = file.path(tempdir(), "nowhere")), class = "metaparity_error_input")
  expect_error(reporter(fit, format = "odt"), class = "metaparity_error_input")
  expect_error(reporter(fit, forest = "xlab = ("), class = "metaparity_error_input")
})

test_that("a class without a funnel plot has a report without one", {
  skip_if_not_installed("rmarkdown")
  skip_if_not(rmarkdown::pandoc_available())
  f <- selmodel(rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05), measure = "RR"), type = "beta")
  out <- suppressMessages(reporter(f, dir = tempdir(), filename = "sel", open = FALSE))
  expect_true(file.exists(out))
  expect_no_match(paste(readLines(file.path(tempdir(), "sel.Rmd")), collapse = "\n"), "funnel")
})
