run <- function(..., data = trials_data()) stata(c(...), data)

test_that("generate makes floats, replace keeps them, and missing values are told", {
  out <- run("gen x = .1", "gen double y = .1", "replace x = . if year > 2004", "gen byte z = year > 2003",
             "gen w = x + 1")
  expect_equal(out$data$x[1L], metaparity:::as_single(.1))
  expect_identical(out$data$y[1L], .1)
  expect_equal(out$data$z, c(0, 0, 0, 1, 1, 1))
  expect_equal(out$log, c("(2 real changes made, 2 to missing)", "(2 missing values generated)"))
})

test_that("by counts within groups", {
  out <- run("bysort region (year): gen n = _n", "by region: gen last = year[_N]", "by region: egen m = mean(a)",
             "drop if n == 3")
  expect_equal(out$data$n, c(1, 2, 1, 2))
  expect_equal(out$data$last, c(2003, 2003, 2006, 2006))
  expect_equal(out$data$m, metaparity:::as_single(rep(c(13 / 3, 40), each = 2)))
  expect_equal(out$log, "(2 observations deleted)")
})

test_that("varlists know wildcards, ranges and abbreviations", {
  out <- run("keep id a-d reg", "rename (a b) (ev1 no1)", "drop ?", "order region")
  expect_named(out$data, c("region", "id", "ev1", "no1"))
  expect_error(run("summarize nothere"), class = "metaparity_error_stata")
  expect_error(run("drop i*z"), class = "metaparity_error_stata")
})

test_that("sorting puts missing values last", {
  d <- data.frame(x = c(2, NA, 1), s = c("b", "", "a"))
  expect_equal(run("sort x", data = d)$data$x, c(1, 2, NA))
  expect_equal(run("gsort -x", data = d)$data$x, c(2, 1, NA))
  expect_equal(run("sort s", data = d)$data$s, c("", "a", "b"))
})

test_that("labels become factors, and encode and decode agree", {
  out <- run("label define g 1 \"Europe\" 2 \"Asia\"", "label values region g", "decode region, gen(name)",
             "encode name, gen(code)")
  expect_equal(levels(out$data$region), c("Europe", "Asia"))
  expect_equal(as.character(out$data$code), as.character(out$data$region))
})

test_that("macros and loops expand", {
  out <- run("local vars a b", "foreach v of local vars {", "gen l`v' = ln(`v')", "}", "forvalues i = 1(2)5 {",
             "display `i' + `=2*3'", "}",
             "quietly summarize a", "display r(N) \" \" %5.1f r(mean)", "if r(N) == 6 {", "display \"six\"", "}",
               "else {", "display \"no\"", "}")
  expect_true(all(c("la", "lb") %in% names(out$data)))
  expect_equal(out$log, c("7", "9", "11", "6  22.2", "six"))
})

test_that("input, preserve, list and count work", {
  out <- stata(c("clear", "input str8 id es se", "\"A B\" .2 .1", "C .5 .", "end", "preserve", "drop in 1", "count",
                 "restore", "list id es"),
               data.frame(x = 1))
  expect_equal(out$data$id, c("A B", "C"))
  expect_true(is.na(out$data$se[2L]))
  expect_true("  1" %in% out$log)
  expect_true("  1. | A B   .2 |" %in% out$log)
})

test_that("replace goes from row to row: what was filled is seen by the rows behind", {
  d <- data.frame(g = c(1, 1, 1, 2, 2, 2), x = c(5, NA, NA, NA, 7, NA))
  expect_equal(stata("replace x = x[_n-1] if missing(x)", d)$data$x, c(5, 5, 5, 5, 7, 7))
  expect_equal(stata("bysort g: replace x = x[_n-1] if missing(x)", d)$data$x, c(5, 5, 5, NA, 7, 7))
  expect_equal(stata("replace x = x[_n+1] if missing(x)", d)$data$x, c(5, NA, NA, 7, 7, NA))
  out <- stata(c("generate y = 1", "replace y = y[_n-1] * 2 if _n > 1"), d)
  expect_equal(out$data$y, 2^(0:5))
  expect_equal(out$log, "(5 real changes made)")
})

test_that("generate str takes the width of the text", {
  log <- stata(c("gen str s = \"abc\"", "describe s"), data.frame(a = 1:2))$log
  expect_match(utils::tail(log, 1), "^s +str3 +%9s")
  expect_error(stata("gen str s = 1", data.frame(a = 1)), class = "metaparity_error_stata")
})
