report_fit <- function(...) {
  rma(c(-0.9, -1.6, -1.3, -0.2, 0.1, -2), c(0.33, 0.19, 0.42, 0.05, 0.02, 0.1), slab = paste("Study", LETTERS[1:6]),
      ...)
}
none <- function(term) ""
text_of <- function(x, plots = list(), footnotes = FALSE)
  report_text(x, 2, plots, footnotes, list(data = "fit.rds", references = "fit.bib", keys = "rcore"))

test_that("the head names the files as strings, whatever their names", {
  expect_true("fit <- readRDS(\"fit.rds\")" %in% text_of(report_fit()))
  expect_true("bibliography: \"fit.bib\"" %in% text_of(report_fit()))
  odd <- report_head(list(data = "a\"b.rds"))
  line <- grep("readRDS", odd, value = TRUE)
  expect_identical(parse(text = line)[[1L]][[3L]][[2L]], "a\"b.rds")
})

test_that("equal standard errors leave no asymmetry to test", {
  text <- text_of(rma(c(1, 1.1, 0.9), rep(0.01, 3)))
  expect_true(any(grepl("the same standard error", text)))
  expect_false(any(grepl("ranktest", text)))
})

test_that("outliers and asymmetry are told of plain models of three studies and more", {
  expect_null(report_outliers(rma(c(0.1, 0.4), c(0.1, 0.2)), none))
  expect_null(report_asymmetry(rma(c(0.1, 0.4), c(0.1, 0.2)), none))
  expect_null(report_outliers(report_fit(mods = ~ c(1, 2, 3, 4, 5, 7)), none))
  expect_true(any(grepl("ranktest", text_of(report_fit()))))
  expect_true(any(grepl("No studentised residual", text_of(rma(c(0.1, 0.2, 0.15), rep(1, 3))))))
})

test_that("a study far out is named, its label as text", {
  x <- rma(c(0.1, 0.12, 0.09, 0.11, 0.1, 9), rep(0.01, 6), slab = c(letters[1:5], "*Far* `1`"), method = "EE")
  lines <- report_outliers(x, none)
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

test_that("a Chinese report has Chinese headings", {
  old <- options(metaparity.lang = "zh")
  on.exit(options(old))
  heads <- grep("^## |^title", text_of(report_fit(), list(forest = "forest(fit)")), value = TRUE)
  expect_no_match(gsub("Meta|title", "", heads), "[A-Za-z]")
})
