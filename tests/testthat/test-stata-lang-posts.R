test_that("posted rows become a data set", {
  skip_if_not_installed("haven")
  out <- do_file("tempname h", "tempfile f", "postfile `h' str5 what double(m s) n using `f'",
                 "post `h' (\"abcdefg\") (1/3) (2) (3)",
                 "post `h' (\"b\") (.) (1) (4)", "postclose `h'", "use `f', clear")
  expect_equal(out$data$what, c("abcde", "b"))
  expect_equal(as.numeric(out$data$m), c(1 / 3, NA))
  expect_equal(as.numeric(out$data$n), c(3, 4))
  rc <- function(...) tryCatch(do_file("tempfile f", "postfile h a using `f'", ...),
                               metaparity_error_stata = function(e) e$rc)
  expect_equal(rc("post h (1) (2)"), 198L)
  expect_equal(rc("post h (\"a\")"), 109L)
  expect_equal(rc("post g (1)"), 111L)
})

test_that("text files are written and read line by line", {
  folder <- tempfile("text")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  log <- stata(c("file open h using t.txt, write replace", "file write h \"a\" _tab %5.2f (1/3) _n \"b\" _n",
                 "file close h",
                 "file open r using t.txt, read", "file read r line", "display \"`line'\"", "file read r line",
                 "file read r line",
                 "display r(eof)", "file close r"), data.frame(x = 1))$log
  expect_equal(readLines("t.txt"), c("a\t 0.33", "b"))
  expect_true("1" %in% log)
})
