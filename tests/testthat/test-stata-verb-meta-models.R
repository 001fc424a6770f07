test_that("layouts of the suite's multivariate and multilevel models", {
  expect_snapshot(meta_mvregress("y1 y2", gum(), "v11 v12 v22"))
  expect_snapshot(meta_mvregress("y1 y2 = i.g year", transform(gum(), g = factor(c("a", "b", "a", "b", "a"))), "v11 v12 v22",
                                 common = TRUE, se = "khartung"))
})

test_that("coefficients keep their places where a column is told by the others", {
  d <- transform(gum(), twice = 2 * year)
  suppressWarnings(v <- meta_mvregress("y1 y2 = year twice", d, "v11 v12 v22"))
  w <- meta_mvregress("y1 y2 = year", d, "v11 v12 v22")
  kept <- !is.na(v$table$b)
  expect_identical(sum(kept), 4L)
  expect_equal(v$r$chi2, w$r$chi2)
  expect_equal(v$r$ll, w$r$ll)
  expect_match(paste(format(v), collapse = "\n"), "(omitted)", fixed = TRUE)
})

test_that("one outcome and one constant column are the univariate model", {
  d <- gum()
  v <- meta_mvregress("y1", d, "v11")
  f <- rma(y1, v11, data = d)
  expect_equal(v$table$b, as.numeric(f$beta))
  expect_equal(v$table$se, f$se)
})

test_that("subsets and formulas", {
  d <- gum()
  a <- meta_mvregress("y1 y2", d, "v11 v12 v22", subset = 2:5)
  expect_equal(a$r$ll, meta_mvregress(y1 + y2 ~ 1, d[2:5, ], "v11 v12 v22")$r$ll)
  expect_equal(a$r$ll, meta_mvregress("y1 y2 = _cons", d, "v11 v12 v22", subset = d$trial > 1)$r$ll)
  expect_error(meta_mvregress("y1 y2", d, "v11 v12 v22", subset = 9), class = "metaparity_error")
  expect_error(meta_mvregress(~ y1, d, "v11 v12 v22"), class = "metaparity_error_input")
  expect_error(meta_mvregress(1, d, "v11 v12 v22"), class = "metaparity_error_input")
  expect_error(meta_mvregress("y1 y2", as.list(d), "v11 v12 v22"), class = "metaparity_error_input")
})
