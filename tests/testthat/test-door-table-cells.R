d <- data.frame(yi = c(-0.9, -1.6, -1.3, -0.2, 0.1), vi = c(0.33, 0.19, 0.42, 0.05, 0.02), x = 1:5)

test_that("heads name the measure where there is one, and notes name it where there are several", {
  rr <- rma(yi, vi, data = d, measure = "RR")
  md <- rma(yi, vi, data = d, measure = "MD")
  expect_true("Risk Ratio" %in% names(format(results_table(rr))))
  both <- results_table(rr, md)
  expect_true("Estimate" %in% names(format(both)))
  expect_true(any(grepl("Risk Ratio", table_notes(both))))
  expect_length(table_notes(results_table(a = rr, b = rr)), 1L)
})

test_that("statistics of tests are written with their degrees of freedom", {
  rows <- data.frame(test = c("t", "z", NA), df = c(11, NA, NA), statistic = c(-1.4, 2, NA))
  expect_identical(statistic_text(rows, c(test = 2)), c("t(11) = -1.40", "z = 2.00", ""))
})

test_that("side by side every quantity is a line, and terms of regressions are lines of their own", {
  cells <- format(results_table(Mean = rma(yi, vi, data = d), Slope = rma(yi, vi, mods = ~x, data = d), layout = "columns"))
  expect_true(all(c("k", "95% CI", "Intercept", "x") %in% cells[[1L]]))
  expect_identical(cells$Slope[cells[[1L]] == "k"], "5")
  expect_identical(cells$Mean[cells[[1L]] == "x"], "")
})

test_that("far numbers are powers of ten", {
  expect_identical(format_plain(c(1.234, 2.5e8, NA), 2), c("1.23", "2.5e+08", "NA"))
})

test_that("numbers of studies are whole, and tests alone have a table", {
  cells <- format(results_table(N = fsn(rma(yi - 3, vi, data = d))))
  expect_match(cells$Test, "^N = [0-9]+$")
})
