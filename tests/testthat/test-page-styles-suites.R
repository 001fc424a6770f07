test_that("p values of RevMan and the journals, at their borders", {
  expect_identical(vapply(c(0.000009, 0.00001, 0.00009, 0.0001, 0.00999, 0.01, 0.5), p_revman, ""),
                   c("< 0.00001", "< 0.0001", "< 0.0001", "= 0.0001", "= 0.01", "= 0.01", "= 0.50"))
  expect_identical(vapply(c(0.0009, 0.001, 0.0099, 0.01, 0.5, 0.995), p_jama, ""),
                   c("< .001", "= .001", "= .010", "= .01", "= .50", "> .99"))
  expect_identical(vapply(c(0.0009, 0.001, 0.0999, 0.1, 0.5), p_bmj, ""),
                   c("<0.001", "=0.001", "=0.100", "=0.10", "=0.50"))
  expect_identical(vapply(c(0.00009, 0.0001, 0.0123, 0.1, 0.5), p_lancet, ""),
                   c("<0.0001", "=0.00010", "=0.012", "=0.10", "=0.50"))
})

test_that("what is written is close to what is, the smaller the p value the smaller the text", {
  set.seed(8)
  p <- sort(stats::runif(200)^3)
  for (write in list(p_revman, p_jama, p_bmj, p_lancet)) {
    text <- vapply(p, write, "")
    shown <- as.numeric(sub("^[<>=] *", "", text))
    equal <- grepl("^=", text)
    expect_true(all(abs(shown[equal] - p[equal]) <= pmax(0.5 * p[equal], 0.0051)))
    expect_true(all(p[grepl("^<", text)] < shown[grepl("^<", text)]))
    expect_true(all(p[grepl("^>", text)] > shown[grepl("^>", text)]))
    expect_false(is.unsorted(shown))
  }
})

test_that("numbers of Stata's suite: whole ones with commas, nothing for missing", {
  expect_identical(count_suite(c(1234567, 12, NA)), c("1,234,567", "12", ""))
  expect_identical(measured_suite(c(0.5, NA, -1234.5)), c(".5", "", "-1234.5"))
})

test_that("every look of a house draws the same studies, and takes replacements", {
  fit <- rma(c(0.1, 0.5, 0.3), c(0.01, 0.02, 0.03), method = "DL", slab = c("Ash", "Birch", "Cedar"))
  for (make in list(style_stata_meta, style_revman, style_jama, style_bmj, style_lancet)) {
    style <- make(fontsize = 7)
    expect_identical(style$fontsize, 7)
    texts <- layout_of(fit, style = style)$texts$text
    expect_true(all(c("Ash", "Birch", "Cedar") %in% texts))
    expect_error(make(nothing = 1), class = "metaparity_error_input")
  }
})
