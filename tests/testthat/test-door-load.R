test_that("what loading sets is there: estimators from the core, hooks for pages and knitr", {
  expect_identical(tau2_methods, cpp_tau2_methods())
  expect_true(any(vapply(getHook("before.plot.new"), identical, NA, return_margins)))
  expect_true(any(vapply(getHook(packageEvent("knitr", "onLoad")), identical, NA, install_knitr_hook)))
})

test_that("the estimators that loading reads are those that fits take", {
  expect_gt(length(unlist(tau2_methods)), 10L)
  for (method in c("DL", "REML", "PM", "SJ")) expect_true(method %in% unlist(tau2_methods))
})

test_that("a fresh session has the same, without attaching", {
  lines <- fresh_lines(c("x <- metaparity::rma(c(.1, .4, .2), c(.1, .2, .1), method = 'DL')",
                         "cat(class(x)[1L], length(getHook('before.plot.new')) > 0L, '\\n')"), "stats")
  expect_identical(trimws(lines), "metaparity_uni TRUE")
})
