m <- suite_magnesium()

test_that("i., ib#., c., strings and formulas make Stata's terms", {
  words <- meta_design(list(quote(year), quote(i.trial)), m, environment(), NULL)
  expect_identical(words$terms$block[1:2], c("", "trial"))
  expect_identical(ncol(words$X), 17L)
  base <- meta_design(list("ib3.trial c.year"), m, environment(), NULL)
  expect_false("3" %in% base$terms$name)
  f <- meta_design(list(quote(~ year + factor(trial))), m, environment(), NULL)
  expect_equal(unname(f$X), unname(words$X))
  expect_identical(f$terms$block, words$terms$block)
  expect_error(meta_design(list(quote(trialnam)), m, environment(), NULL), class = "metaparity_error_input")
  expect_error(meta_design(list(quote(nosuch)), m, environment(), NULL), class = "metaparity_error_input")
})
