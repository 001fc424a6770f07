run <- function(...) do_file(...)$log

test_that("programs have macros of their own and return results", {
  log <- run("program define addup, rclass", "args a b", "local c = `a' + `b'", "return scalar sum = `c'",
             "return local word \"x\"",
             "end", "local c 7", "addup 2 3", "display r(sum) \" \" r(word) \" `c'\"")
  expect_true("5 x 7" %in% log)
})

test_that("exit ends a do-file or a program, with its code as an error", {
  expect_false("no" %in% run("display \"yes\"", "exit", "display \"no\""))
  log <- run("program p", "if `1' > 1 exit", "display \"small\"", "end", "p 1", "p 2", "display \"after\"")
  expect_equal(sum(log == "small"), 1L)
  expect_true("after" %in% log)
  e <- tryCatch(run("exit 459"), metaparity_error_stata = function(e) e)
  expect_equal(e$rc, 459L)
})

test_that("recursion ends at 64 levels", {
  e <- tryCatch(run("program deep", "deep", "end", "deep"), metaparity_error_stata = function(e) e)
  expect_equal(e$rc, 1000L)
})

test_that("do, run and include differ in macros and echo", {
  folder <- tempfile("do")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  writeLines(c("args x", "display \"got `x'\"", "local inner 5"), "one.do")
  writeLines("local inner 5", "two.do")
  writeLines(c("do one.do 3", "display \"[`inner']\"", "run one 4", "include two.do", "display \"[`inner']\""),
             "main.do")
  log <- stata_do("main.do", echo = FALSE)$log
  expect_equal(log[log %in% c("got 3", "got 4", "[]", "[5]")], c("got 3", "[]", "[5]"))
  expect_error(stata("do nothere.do", data.frame(x = 1)), class = "metaparity_error_stata")
})

test_that("confirm tells what is there", {
  rc <- function(text) as.numeric(tail(do_file(paste("capture", text), "display _rc",
                                               data = data.frame(x = 1, s = "a"))$log[-1], 2)[1])
  codes <- vapply(c("confirm variable x", "confirm variable y", "confirm new variable x", "confirm numeric variable s",
                    "confirm number 3",
                    "confirm integer number 3.5", "confirm file nothere.csv"), function(t) {
    log <- do_file(paste("capture", t), "display \"rc=\" _rc", data = data.frame(x = 1, s = "a"))$log
    as.numeric(sub("rc=", "", grep("^rc=", log, value = TRUE)))
  }, 0)
  expect_equal(unname(codes), c(0, 111, 110, 7, 0, 7, 601))
})

test_that("data that a do-file preserved come back, and a failing file leaves the memory as it was", {
  stata("generate y = 1", data.frame(x = 1:3))
  expect_error(do_file("clear", "set obs 2", "generate z = nothere"), class = "metaparity_error_stata")
  expect_named(stata_data(), c("x", "y"))
  out <- do_file("preserve", "drop in 1", data = data.frame(x = 1:3))
  expect_equal(out$data$x, 1:3)
})
