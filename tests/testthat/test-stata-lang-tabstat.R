d <- data.frame(g = c(1, 1, 2, 2, 2), x = c(3, 1, 4, NA, 9), y = 1:5, s = c("a", "", "b", "c", "d"))

test_that("tabstat has Stata's layouts", {
  expect_equal(stata("tabstat x y, statistics(mean n)", d)$log,
               c("", "   stats |         x         y", "---------+--------------------",
                 "    mean |      4.25         3",
                 "       N |         4         5", strrep("-", 30)))
  expect_equal(stata("tabstat x, by(g) stat(mean max)", d)$log,
               c("", "Summary for variables: x", "     by categories of: g", "", "       g |      mean       max",
                 "---------+--------------------",
                 "       1 |         2         3", "       2 |       6.5         9", "---------+--------------------",
                 "   Total |      4.25         9", strrep("-", 30)))
  expect_error(stata("tabstat x, stat(nosuch)", d), class = "metaparity_error_stata")
})

test_that("ds, lookfor, codebook and misstable tell what is there", {
  expect_equal(stata("ds, has(type string)", d)$r$varlist, "s")
  expect_equal(stata("ds g-y, not(type string)", d)$r$varlist, "g x y")
  expect_equal(stata(c("label variable x \"Blood pressure\"", "lookfor blood"), d)$r$varlist, "x")
  expect_true(any(grepl("x +4 +4 +4.25 +1 +9", stata("codebook, compact", d)$log)))
  log <- stata("misstable summarize", d)$log
  expect_true(any(grepl("x \\| +1 +4  \\|", log)))
  expect_equal(stata("misstable summarize y", d)$log, "(variables nonmissing or string)")
})

test_that("codebook tabulates few values, with labels, and describes many", {
  z <- data.frame(g = c(0, 1, 1, NA, 0, 1), s = c("a", "bb", "a", "", "a", "a"), x = c(1.5, 2, 2.25, 3, 4, 9))
  log <- stata(c("label define yn 0 \"No\" 1 \"Yes\"", "label values g yn", "codebook g"), z)$log
  expect_equal(log[6:15], c(
    "                  type:  numeric (byte)", "                 label:  yn", "",
    "                 range:  [0,1]                        units:  1",
    "         unique values:  2                        missing .:  1/6", "",
    "            tabulation:  Freq.   Numeric  Label", "                             2         0  No",
    "                             3         1  Yes", "                             1         ."))
  log <- stata("codebook s", z)$log
  expect_equal(tail(log, 3), c("                             1  \"\"", "                             4  \"a\"",
                               "                             1  \"bb\""))
  log <- stata("codebook x, tabulate(3)", z)$log
  expect_true("                 range:  [1.5,9]                      units:  .01" %in% log)
  expect_equal(tail(log, 2), c(
    "           percentiles:        10%       25%       50%       75%       90%",
    "                               1.5         2     2.625         4         9"))
  expect_equal(codebook_unit(c(20, 300), "int"), 10)
  expect_equal(codebook_unit(as_single(c(0.1, 0.25)), "float"), 0.01)
  expect_equal(codebook_unit(1 / 3, "double"), 1e-9)
})
