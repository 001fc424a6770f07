limited <- function(seconds, code) {
  setTimeLimit(elapsed = seconds, transient = TRUE)
  on.exit(setTimeLimit())
  tryCatch(code, error = identity)
}

stata_error <- function(...) expect_error(stata(c(...), data.frame(a = 1:3)), class = "metaparity_error_stata")

test_that("a long do-file of comments, joined lines and commands is read in seconds", {
  lines <- c(rep(c("* a comment", "local a = 1 // the rest", "local b = /* one */ 2 + ///", "  3"), 1500),
             "display `a' + `b'")
  log <- limited(60, stata(lines, data.frame(a = 1))$log)
  expect_equal(log, "6")
})

test_that("a time limit ends loops without end, also under capture", {
  endless <- list(c("while 1 {", "local a 1", "}"), c("capture {", "while 1 {", "}", "}"),
                  c("forvalues i = 1/1000000000000 {", "local a `i'", "}"),
                  c("forvalues i = 1/100000 {", "capture {", "while 1 {", "}", "}", "}"))
  for (lines in endless) {
    e <- limited(1, stata(lines, data.frame(a = 1)))
    expect_s3_class(e, "error")
    expect_false(inherits(e, "metaparity_error"))
    expect_match(conditionMessage(e), "time limit")
  }
})

test_that("what is nested too deeply, too long or without end is Stata's error", {
  expect_equal(stata_error(paste0("display ", strrep("(", 3000), "1", strrep(")", 3000)))$rc, 130L)
  expect_equal(stata_error(paste0("display ", strrep("- ", 3000), "1"))$rc, 130L)
  expect_equal(stata_error(paste0("display ", strrep("!", 3000), "1"))$rc, 130L)
  stata_error(paste0("display ", strrep("`", 3000), "a", strrep("'", 3000)))
  stata_error(paste0("display ", strrep("`", 20000)))
  stata_error(paste0(strrep("quietly ", 5000), "display 1"))
  expect_equal(stata_error("forvalues i = 1(1e-300)5 {", "}")$rc, 121L)
  expect_equal(stata_error("forvalues i = 1(0)5 {", "}")$rc, 121L)
  expect_equal(stata_error("foreach i of numlist 1/10000000000 {", "}")$rc, 123L)
  expect_equal(stata_error("foreach i of numlist 1 1 to 5 {", "}")$rc, 121L)
  expect_equal(stata_error("set obs 1000000000000")$rc, 901L)
  expect_equal(stata_error("set linesize 2")$rc, 125L)
})

test_that("long sums, ranges that fall and lists of numbers are computed", {
  d <- data.frame(a = 1:3)
  expect_equal(stata(paste("display", paste(rep("1", 3000), collapse = " + ")), d)$log, "3000")
  passes <- function(head) stata(c(paste(head, "{"), "display \"`i'\"", "}"), d)$log
  expect_equal(passes("forvalues i = 5(-2)1"), c("5", "3", "1"))
  expect_equal(passes("forvalues i = 3 / 1"), c("3", "2", "1"))
  expect_equal(passes("forvalues i = .5(.25)1"), c(".5", ".75", "1"))
  expect_equal(passes("foreach i of numlist 1 3 to 9 20"), c("1", "3", "5", "7", "9", "20"))
  expect_length(passes("forvalues i = 1(2)0"), 0L)
  expect_equal(passes("forvalues i = 1 2 to 4"), as.character(1:4))
})

test_that("the log of an error holds what was printed before, from the outermost block", {
  e <- tryCatch(stata(c("display 1", "forvalues i = 1/3 {", "display 10 + `i'", "if `i' == 2 {", "bogus", "}", "}"),
                      data.frame(a = 1)), error = identity)
  expect_equal(e$log, c("1", "11", "12"))
  expect_equal(e$line, 5L)
})

test_that("continue leaves a turn of a loop, or the loop", {
  d <- data.frame(a = 1)
  expect_equal(stata(c("forvalues i = 1/6 {", "if `i' == 2 continue", "if `i' > 4 {", "continue, break",
                       "}", "display `i'", "}"),
                     d)$log, c("1", "3", "4"))
  expect_equal(stata(c("foreach a in x y {", "foreach b in 1 2 3 {", "if `b' == 2 continue, break",
                       "display \"`a'`b'\"", "}",
                       "}"), d)$log, c("x1", "y1"))
  expect_equal(stata(c("local k 0", "while 1 {", "local ++k", "capture {", "if `k' == 3 continue, break",
                       "}", "}", "display `k'"),
                     d)$log, "3")
  expect_equal(stata_error("continue")$rc, 198L)
})

test_that("a mixed do-file of 5,000 lines is run in seconds", {
  block <- c("local a = `i' + 1", "gen v = a * 2 if a > 1", "replace v = v + `a' if a < 3", "display \"step `a'\"",
             "if `a' > 3 display \"big\"", "drop v")
  lines <- unlist(lapply(seq_len(800), function(i) gsub("`i'", i, block, fixed = TRUE)))
  log <- limited(60, stata(lines, data.frame(a = 1:3))$log)
  expect_length(log, 800 * 3 + 798)
})

test_that("blank lines between a block and its else change nothing", {
  lines <- c("local k 2", "foreach v in a {", "if `k' == 1 {", "display 1", "}", "", "", "else if `k' == 2 {",
             "display 2", "}", "", "else {", "display 3", "}", "}")
  expect_equal(stata(lines)$log, "2")
})

test_that("saved results expand in macro quotes; what was not saved is empty", {
  log <- stata(c("quietly summarize a", "local m = `r(mean)'", "display `m' \" `r(none)'|\"", "display \"`c(pi)'\""),
               data.frame(a = 1:4))$log
  expect_equal(log, c("2.5 |", "3.141592653589793"))
})

test_that("foreach of any is foreach in", {
  expect_identical(stata(c("foreach x of any a b {", "display \"`x'\"", "}"))$log, c("a", "b"))
})
