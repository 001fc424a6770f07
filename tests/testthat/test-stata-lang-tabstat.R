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
