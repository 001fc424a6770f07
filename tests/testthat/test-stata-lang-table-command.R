table_data <- function() {
  d <- data.frame(g = rep(1:3, each = 8), h = rep(0:1, 12), y = round(10 + 5 * sin(1:24), 3))
  d$y[5] <- NA
  d
}

test_that("table before Stata 17: statistics of groups in its layout", {
  d <- table_data()
  log <- stata(c("version 16", "table g, contents(n y mean y sd y) row format(%8.4f)"), d)$log
  expect_equal(log[3], "g         |       N(y)     mean(y)       sd(y)")
  row <- strsplit(trimws(sub("^.*[|]", "", log[6])), " +")[[1L]]
  y <- d$y[d$g == 2]
  expect_equal(row, c("8", sprintf("%.4f", mean(y)), sprintf("%.4f", stats::sd(y))))
  expect_match(utils::tail(log, 2)[1], sprintf("Total |         23     %.4f", mean(d$y, na.rm = TRUE)), fixed = TRUE)
  two <- stata(c("version 16", "table g h, c(mean y) format(%7.3f) row col"), d)$log
  cell <- mean(d$y[d$g == 1 & d$h == 1], na.rm = TRUE)
  expect_match(two[6], sprintf("%.3f", cell), fixed = TRUE)
  expect_equal(two[4], "          |        0         1     Total")
})

test_that("table from Stata 17 on: rows, columns and statistics", {
  d <- table_data()
  log <- stata(c("table (g) (h), statistic(mean y) nformat(%6.2f) nototals"), d)$log
  m <- tapply(d$y, list(d$g, d$h), mean, na.rm = TRUE)
  expect_equal(as.numeric(strsplit(trimws(sub("^.*[|]", "", log[7])), " +")[[1L]]), unname(round(m[1, ], 2)))
  one <- stata("table g, statistic(frequency) statistic(percent)", d)$log
  expect_match(one[3], "Frequency +Percent")
  expect_match(one[6], "8 +33.33")
  expect_match(one[9], "Total")
  q <- stata("table (), statistic(q1 y) statistic(median y) statistic(total y)", d)$log
  expect_match(paste(q, collapse = "\n"), trimws(sprintf("%.7g", sum(d$y, na.rm = TRUE))), fixed = TRUE)
})

test_that("table refuses by name what it has not, and errors have Stata's codes", {
  d <- table_data()
  expect_error(stata("table g, statistic(mood y)", d), class = "metaparity_error_stata")
  expect_error(stata(c("version 16", "table g, contents(mean)"), d), class = "metaparity_error_stata")
  expect_error(stata("table (g) (h) (y), statistic(mean y)", d), class = "metaparity_error_stata_unsupported")
})

test_that("columns hold wide letters", {
  d <- data.frame(g = rep(1:2, 4), h = rep(1:2, each = 4), y = 1:8)
  log <- stata(c("label define gl 1 \"\u7b2c\u4e09\u7ec4\u5f88\u957f\u7684\u540d\u5b57\u5728\u8fd9\u91cc\" 2 \"B\"",
                 "label values g gl", "table (h) (g), statistic(mean y)"), d)$log
  head <- grep("\u7b2c\u4e09", log, value = TRUE)
  expect_match(head, "[|] +\u7b2c")
  expect_lte(nchar(head, "width"), nchar(log[grep("^-+$", log)[1L]], "width"))
})
