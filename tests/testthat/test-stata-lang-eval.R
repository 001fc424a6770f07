test_that("operators have Stata's precedence", {
  expect_equal(expression_value("-2^2"), -4)
  expect_equal(expression_value("2^-1 + 6/2*3"), 9.5)
  expect_equal(expression_value("1 + 2 == 3 & 0 | 1"), 1)
  expect_equal(expression_value("!0 == 1"), 1)
  expect_equal(expression_value("2^3^2"), 64)
})

test_that("missing values are larger than numbers and ordered by letter", {
  d <- data.frame(x = c(1, NA, 3))
  expect_equal(expression_value("x > 2", d), c(0, 1, 1))
  expect_equal(expression_value("x >= .", d), c(0, 1, 0))
  expect_equal(expression_value(". < .a & .a < .z & .a > 1e300"), 1)
  expect_equal(expression_value("missing(x)", d), c(0, 1, 0))
  expect_true(is.na(expression_value("1/0")))
  expect_true(is.na(expression_value("ln(-1)")))
  expect_equal(expression_value("x | 0", d), c(1, 1, 1))
})

test_that("functions follow Stata", {
  d <- data.frame(x = c(1, NA, 3))
  expect_equal(expression_value("sum(x)", d), c(1, 1, 4))
  expect_equal(expression_value("max(x, 2)", d), c(2, 2, 3))
  expect_equal(expression_value("cond(x > 2, 10, 20)", d), c(20, 10, 10))
  expect_equal(expression_value("inrange(x, 1, .)", d), c(1, 0, 1))
  expect_equal(expression_value("inlist(x, 3, 4)", d), c(0, 0, 1))
  expect_equal(expression_value("round(2.5) + round(1.26, .1) + int(-1.5)"), 3 + 1.3 - 1)
  expect_equal(expression_value("invttail(10, .025)"), qt(.975, 10))
  expect_equal(expression_value("chi2tail(3, 5)"), pchisq(5, 3, lower.tail = FALSE))
  expect_equal(expression_value("substr(\"meta\", -2, .) + upper(\"x\")"), "taX")
  expect_equal(expression_value("real(\"1.5\") + strpos(\"abc\", \"c\")"), 4.5)
  expect_equal(expression_value("x[_n-1] + _N", d), c(NA, 4, NA))
})

test_that("type mismatches and unknown functions are refused", {
  expect_error(expression_value("\"a\" + 1"), class = "metaparity_error_stata")
  expect_error(expression_value("autocode(1, 2, 3, 4)"), class = "metaparity_error_stata_unsupported")
  expect_error(expression_value("1 +"), class = "metaparity_error_stata")
  expect_error(expression_value("ln(1, 2)"), class = "metaparity_error_stata")
})

test_that("every function meets columns and constants in each argument, row by row", {
  d <- data.frame(x = c(6.55, 3.47, 27.12), y = c(1, 2, 5), s = c("ab cd", "xx", "cab"), stringsAsFactors = FALSE)
  expect_equal(expression_value("round(x)", d), c(7, 3, 27))
  expect_equal(expression_value("round(x, y)", d), c(7, 4, 25))
  expect_equal(expression_value("round(10.6, y)", d), c(11, 10, 10))
  expect_equal(expression_value("mod(_n, 2)", d), c(1, 0, 1))
  expect_equal(expression_value("mod(7, y)", d), c(0, 1, 2))
  expect_equal(expression_value("substr(s, y, 2)", d), c("ab", "x", ""))
  expect_equal(expression_value("strpos(s, \"b\")", d), c(2, 0, 3))
  expect_equal(expression_value("regexm(s, \"^x\")", d), c(0, 1, 0))
  expect_equal(expression_value("strmatch(s, \"*b\")", d), c(0, 0, 1))
  expect_equal(expression_value("word(s, 2)", d), c("cd", "", ""))
  expect_equal(expression_value("string(x, \"%4.1f\")", d), sprintf("%.1f", d$x))
  expect_equal(expression_value("string(1.234, \"%4.2f\")"), "1.23")
  expect_error(expression_value("regexm(s, \"(\")", d), class = "metaparity_error")
  expect_error(expression_value("round(s)", d), class = "metaparity_error")
  expect_error(expression_value("substr(s, s, 1)", d), class = "metaparity_error")
})

test_that("a function gives each row what it gives that row alone", {
  set.seed(7)
  d <- data.frame(x = c(.2, .7, .45, NA), y = c(2, 5, NA, 3), z = c(1, 2, 3, 4))
  for (name in c(names(numeric_functions), names(distribution_functions))) {
    if (name %in% c("sum")) next
    least <- sum(vapply(formals(stata_functions[[name]]), function(a) is.symbol(a) && !nzchar(as.character(a)), NA) &
                   names(formals(stata_functions[[name]])) != "...")
    for (constant in 0:least) {
      args <- c("x", "y", "z")[seq_len(least)]
      if (constant > 0L) args[constant] <- ".5"
      text <- sprintf("%s(%s)", name, paste(args, collapse = ", "))
      whole <- expression_value(text, d)
      alone <- vapply(1:4, function(i) expression_value(text, d[i, ]), 0)
      expect_identical(rep_len(whole, 4L), alone, label = text)
    }
  }
})

test_that("count of strings, lines of display, version as a prefix", {
  d <- data.frame(s = c("a", "", "b"), stringsAsFactors = FALSE)
  log <- function(command) paste(utils::capture.output(print(stata(command, data = d))), collapse = "\n")
  expect_match(log("egen n = count(s)\ndi n"), "2")
  expect_match(log("di \"a\" _n \"b\""), "a\nb")
  expect_match(log("version 14: di 5"), "5")
})
