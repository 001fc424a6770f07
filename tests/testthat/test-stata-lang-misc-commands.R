log_of <- function(...) stata(c(...), data.frame(x = c(1, 2, 2, NA), s = c("b", "a", "a", "")))$log

test_that("macros and scalars hold what was computed", {
  expect_identical(log_of("local a = 2 + 3", "local b \"text\"", "display \"`a' `b'\""), "5 text")
  expect_identical(log_of("local i 1", "local ++i", "global G `i'", "display $G"), "2")
  expect_identical(log_of("scalar u = 2", "scalar v = u^3", "display v"), "8")
  expect_identical(log_of("global ab 1", "global ac 2", "global b 3", "macro drop a*", "display \"$ab$ac$b\""), "3")
})

test_that("preserve keeps data as they were, level by level", {
  expect_identical(log_of("preserve", "quietly keep in 1", "preserve", "drop _all", "restore", "display _N", "restore",
                          "display _N"), c("1", "4"))
  expect_identical(expect_error(log_of("restore"), class = "metaparity_error_stata")$rc, 622L)
  expect_identical(log_of("preserve", "quietly drop in 1", "restore, not", "display _N"), "3")
})

test_that("levels are sorted and go into a macro", {
  expect_identical(log_of("quietly levelsof x, local(v)", "display \"`v' `r(r)' `r(N)'\""), "1 2 2 3")
  expect_identical(log_of("levelsof s, clean"), "a b")
  expect_identical(log_of("levelsof x, missing separate(,)"), "1,2,.")
})

test_that("settings that matter are checked, and observations can only be added", {
  expect_identical(log_of("quietly set obs 6", "display _N", "count if missing(x)"), c("6", "  3"))
  rc <- function(...) expect_error(log_of(...), class = "metaparity_error_stata")$rc
  expect_identical(rc("set obs 2"), 198L)
  expect_identical(rc("set linesize 30"), 125L)
  expect_identical(rc("set obs 1000000000"), 901L)
  expect_identical(rc("set nonsense 1"), 199L)
})

test_that("a program's returned results are read after it", {
  expect_identical(log_of("program p, rclass", "return scalar a = 7", "return local w \"word\"", "end", "p",
                          "display r(a) \" `r(w)'\""), "7 word")
})

test_that("posted estimates are displayed with their intervals", {
  lines <- log_of("matrix b = (2, -1)", "matrix colnames b = u v", "matrix V = (4, 0 \\ 0, 1)",
                  "matrix colnames V = u v", "matrix rownames V = u v", "ereturn post b V, obs(10)", "ereturn display")
  row <- strsplit(trimws(grep("^ +u +\\|", lines, value = TRUE)), "[ |]+")[[1L]]
  z <- stats::qnorm(0.975)
  expect_equal(as.numeric(row[-1L]), c(2, 2, 1, 0.317, 2 - 2 * z, 2 + 2 * z), tolerance = 1e-4)
})

test_that("a log file holds what is printed while it is on", {
  file <- tempfile(fileext = ".log")
  do_file(sprintf("log using \"%s\", text", file), "display 11", "log off", "display 22", "log on", "display 33",
          "log close")
  lines <- readLines(file)
  expect_identical(c("11", "22", "33") %in% lines, c(TRUE, FALSE, TRUE))
  expect_identical(expect_error(do_file("log close"), class = "metaparity_error_stata")$rc, 606L)
})

test_that("snapshots are copies of the data by number", {
  d <- data.frame(x = 1:3)
  out <- stata(c("snapshot erase _all", "snapshot save, label(\"all\")", "drop in 1", "snapshot save",
                 "snapshot restore 1", "count", "snapshot restore 2", "count", "snapshot erase 1", "snapshot list"), d)
  expect_match(out$log[1L], "^snapshot 1 [(]all[)] created at ")
  expect_identical(trimws(grep("^ *[0-9]$", out$log, value = TRUE)), c("3", "2"))
  expect_match(tail(out$log, 1L), "^snapshot 2 ")
  expect_error(stata("snapshot restore 5", d), class = "metaparity_error_stata")
})
