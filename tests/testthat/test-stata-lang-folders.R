inside <- function(code) {
  folder <- tempfile("folders")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  code(folder)
}
script <- function(...) {
  writeLines(c(...), "main.do")
  stata_do("main.do", data.frame(x = 1:2), echo = FALSE)
}

test_that("cd, mkdir and pwd stay in the session", inside(function(folder) {
  out <- script("mkdir sub", "cd sub", "export delimited using a.csv", "pwd", "cd ..",
                "local f : dir \"sub\" files \"*.csv\"", "display `f'")
  expect_true(file.exists("sub/a.csv"))
  expect_true(paste0(normalizePath(folder, "/"), "/sub") %in% out$log)
  expect_true("a.csv" %in% out$log)
  expect_equal(normalizePath(getwd(), "/"), normalizePath(folder, "/"))
}))

test_that("other folders are refused or, on another machine, stand for the session's own", inside(function(folder) {
  rc <- function(...) tryCatch(script(...), metaparity_error_stata = function(e) e$rc)
  away <- dirname(normalizePath(R.home(), "/"))
  expect_equal(rc(sprintf("cd \"%s\"", away)), 608L)
  expect_equal(rc("cd nothere"), 170L)
  expect_equal(rc(sprintf("mkdir \"%s/outside\"", away)), 608L)
  expect_equal(rc(sprintf("export delimited using \"%s/x.csv\"", away)), 608L)
  expect_equal(rc(sprintf("type \"%s\"", file.path(R.home("doc"), "COPYING"))), 608L)
  writeLines(c("a", "1"), "d.csv")
  out <- script("cd \"Q:\\nowhere\\at\\all\"", "import delimited \"Q:/nowhere/d.csv\", clear")
  expect_equal(out$data$a, 1)
  expect_true(any(grepl("there is no such folder", out$log)))
}))

test_that("type shows a file", inside(function(folder) {
  writeLines(c("one", "two"), "t.txt")
  expect_true(all(c("one", "two") %in% script("type t.txt")$log))
}))

test_that("a script that goes up from its folder stays in the session's", {
  folder <- tempfile(tmpdir = normalizePath(tempdir()))
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  dir.create("below")
  out <- stata(c("cd below", "cd \"../..\"", "pwd"), data.frame(x = 1))
  expect_identical(tail(out$log, 1L), normalizePath(folder))
})
