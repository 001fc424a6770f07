test_that("operators bind as Stata's: power, sign, product, sum, comparison, and, or", {
  cases <- c("-2^2" = -4, "2^3^2" = 64, "1+2*3" = 7, "6/3*2" = 4, "2*3==6" = 1, "1 | 0 & 0" = 1, "!1 + 1" = 1, "-1 < 0" = 1,
             "(1+2)*3" = 9, "10 - 2 - 3" = 5, "~0" = 1, "2 != 3" = 1, "3 >= 3" = 1, "1 + . > 5" = 1)
  for (text in names(cases)) expect_identical(expression_value(text), unname(cases[text]), label = text)
  expect_identical(expression_value("\"a\" + \"b\""), "ab")
})

test_that("dates in td() and the like are days from 1960, negative before it", {
  expect_identical(expression_value("td(01jan1960)"), 0)
  expect_identical(expression_value("td(31dec1959)"), -1)
  expect_identical(expression_value("td(15jan2020) - td(01jan2020)"), 14)
  expect_identical(expression_value("tm(1960m3)"), 2)
  expect_identical(expression_value("tq(1961q1)"), 4)
  day <- as.numeric(as.Date("2001-07-09") - as.Date("1960-01-01"))
  expect_identical(expression_value("td(09jul2001)"), day)
})

test_that("_n, _N and subscripts count the rows, and beyond them all is missing", {
  d <- data.frame(x = c(5, 6, 7))
  expect_identical(expression_value("x[_n-1]", d), c(NA, 5, 6))
  expect_identical(expression_value("x[_N] - x", d), c(2, 1, 0))
  expect_true(all(is.na(expression_value("x[4]", d))))
})

test_that("what is no expression has Stata's return code", {
  for (text in c("1 +", "(1", "1 2", "*3", "x[1")) {
    e <- expect_error(expression_value(text, data.frame(x = 1)), class = "metaparity_error_stata", label = text)
    expect_identical(e$rc, 198L)
  }
})
