value <- function(text) expression_value(text)

test_that("rounding and remainders are Stata's", {
  expect_identical(value("round(2.5)"), 3)
  expect_identical(value("round(-2.5)"), -2)
  expect_equal(value("round(7.36, .25)"), 7.25)
  expect_identical(value("mod(-7, 3)"), 2)
  expect_identical(value("mod(7, -3)"), NA_real_)
  expect_identical(value("int(-2.7)"), -2)
  expect_identical(value("max(1, ., 3) + min(2, .)"), 5)
  expect_equal(value("reldif(5, 4)"), 0.2)
})

test_that("cumulated distributions and their inverses undo each other, tails complete them", {
  for (text in c("invnormal(normal(1.3))", "invt(7, t(7, 1.3))", "invttail(7, ttail(7, 1.3))",
                 "invchi2(3, chi2(3, 1.3))", "invchi2tail(3, chi2tail(3, 1.3))", "invF(2, 9, F(2, 9, 1.3))",
                 "invFtail(2, 9, Ftail(2, 9, 1.3))")) {
    expect_equal(value(text), 1.3, tolerance = 1e-12, label = text)
  }
  for (text in c("t(7, 1.3) + ttail(7, 1.3)", "chi2(3, 2) + chi2tail(3, 2)", "binomial(9, 3, .4) + binomialtail(9, 4, .4)",
                 "poisson(2, 3) + poissontail(2, 4)")) {
    expect_equal(value(text), 1, tolerance = 1e-14, label = text)
  }
  expect_equal(value("binomial(9, 3, invbinomial(9, 3, .2))"), 0.2, tolerance = 1e-12)
})

test_that("missing values compare above all numbers, and ranges are open at a missing bound", {
  expect_identical(value("inrange(5, ., 9)"), 1)
  expect_identical(value("inrange(., 1, 9)"), 0)
  expect_identical(value("inrange(10, 1, .)"), 1)
  expect_identical(value("inlist(3, 1, 2, 3)"), 1)
  expect_identical(value("cond(., 1, 2)"), 1)
  expect_identical(value("cond(., 1, 2, 3)"), 3)
  expect_identical(value("missing(1, \"\")"), 1)
  expect_error(value("inlist(3, \"a\")"), class = "metaparity_error_stata")
})

test_that("texts are counted in bytes, or in characters by their u-functions", {
  expect_identical(value("substr(\"abcdef\", -3, 2)"), "de")
  expect_identical(value("substr(\"abcdef\", 3, .)"), "cdef")
  expect_identical(value("substr(\"abc\", 0, 2)"), "")
  expect_identical(value("strlen(\"\u00e9a\")"), 3)
  expect_identical(value("usubstr(\"\u00e9a\", 2, 1)"), "a")
  expect_identical(value("subinstr(\"aaa\", \"a\", \"b\", 2)"), "bba")
  expect_identical(value("word(\"one two three\", -1)"), "three")
  expect_identical(value("proper(\"mr. john o'neil\")"), "Mr. John O'Neil")
  expect_identical(value("real(\" 1.5e3\")"), 1500)
  expect_identical(value("real(\"1,5\")"), NA_real_)
  expect_identical(value("string(1/3)"), ".3333333")
  expect_identical(value("strmatch(\"abc\", \"a*c\")"), 1)
})

test_that("running sums pass over missing values", {
  expect_identical(expression_value("sum(x)", data.frame(x = c(1, NA, 3))), c(1, 1, 4))
})

test_that("stritrim() leaves the blanks at the ends", {
  log <- stata(c("gen b = stritrim(a)", "gen n = strlen(b)"), data.frame(a = c("x  y ", " u   v", "z"),
                                                                        stringsAsFactors = FALSE))
  expect_identical(log$data$b, c("x y ", " u v", "z"))
})
