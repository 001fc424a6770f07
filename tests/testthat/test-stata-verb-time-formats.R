show <- function(x, format) trimws(metaparity:::apply_format(x, format))

test_that("dates are shown in their formats", {
  x <- as.numeric(as.Date("2003-01-02")) + 3653
  expect_equal(show(x, "%td"), "02jan2003")
  expect_equal(show(x, "%tdCCYY-NN-DD"), "2003-01-02")
  expect_equal(show(x, "%tdDD/NN/YY"), "02/01/03")
  expect_equal(show(x, "%tdMonth_dd,_CCYY"), "January 22, 2003")
  expect_equal(show(c(650, NA), "%tm"), c("2014m3", "."))
  expect_equal(show(216, "%tq"), "2014q1")
  expect_equal(show(86400000 + 3723000, "%tc"), "02jan1960 01:02:03")
  expect_equal(show(metaparity:::missing_value("b"), "%td"), ".b")
  expect_equal(show(5, "%03.0f"), "005")
})
