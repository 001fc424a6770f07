program <- function(syntax, call, show, data = data.frame(age = c(1, 2, NA), sex = c("a", "b", "c"))) {
  do_file("program p", syntax, sprintf("display `\"%s\"'", show), "end", call, data = data)$log
}

test_that("syntax fills the macros of its parts", {
  log <- program("syntax varlist [if] [in] [, Level(real 95) by(varname) noLOG REPlace *]",
                 "p age if age > 1, l(90) by(sex) nolog rep extra(3)",
                 "`varlist'|`if'|`level'|`by'|`log'|`replace'|`options'")
  expect_true("age|if age > 1|90|sex|nolog|replace|extra(3)" %in% log)
  log <- program("syntax [varlist] [, Level(real 95)]", "p", "`varlist'|`level'")
  expect_true("age sex|95" %in% log)
})

test_that("what is required or not allowed is Stata's error", {
  fails <- function(syntax, call) tryCatch(program(syntax, call, ""), metaparity_error_stata = function(e) e$rc)
  expect_equal(fails("syntax varlist", "p"), 100L)
  expect_equal(fails("syntax varlist, by(varname)", "p age"), 198L)
  expect_equal(fails("syntax varlist", "p age, bad"), 198L)
  expect_equal(fails("syntax varlist(max=1)", "p age sex"), 103L)
  expect_equal(fails("syntax varlist(numeric)", "p sex"), 109L)
  expect_equal(fails("syntax varlist", "p age if 1"), 101L)
})

test_that("marksample leaves out what if and missing values leave out", {
  log <- do_file("program p", "syntax varlist [if]", "marksample touse", "count if `touse'", "end", "p age if age > 0",
                 data = data.frame(age = c(1, 2, NA, -1)))$log
  expect_true("  2" %in% log)
})

test_that("gettoken takes a word, a quoted text or a mark", {
  log <- do_file("local x `\"one \"two three\" four, five\"'", "gettoken a x : x", "gettoken b x : x",
                 "gettoken c x : x, parse(\" ,\")",
                 "gettoken d x : x, parse(\" ,\")", "display \"`a'|`b'|`c'|`d'|`x'\"")$log
  expect_true("one|two three|four|,| five" %in% log)
})
