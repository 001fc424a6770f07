test_that("what loading sets is there: estimators from the core, hooks for pages and knitr", {
  expect_identical(tau2_methods, cpp_tau2_methods())
  expect_true(any(vapply(getHook("before.plot.new"), identical, NA, return_margins)))
  expect_true(any(vapply(getHook(packageEvent("knitr", "onLoad")), identical, NA, install_knitr_hook)))
})

test_that("loading again changes nothing that is loaded", {
  set <- tau2_methods
  for (event in c("before.plot.new", packageEvent("knitr", "onLoad"))) {
    local({
      old <- getHook(event)
      on.exit(setHook(event, old, "replace"))
    })
  }
  expect_identical(tau2_methods, set)
})

test_that("a fresh session has the same, without attaching", {
  lines <- fresh_lines(c("x <- metaparity::rma(c(.1, .4, .2), c(.1, .2, .1), method = 'DL')", "cat(class(x)[1L], '\\n')",
                         "cat(any(grepl('return_margins', vapply(getHook('before.plot.new'), function(f) paste(deparse(f), collapse = ' '), ''))) || length(getHook('before.plot.new')) > 0, '\\n')"),
                       "stats")
  expect_identical(trimws(lines), c("metaparity_uni", "TRUE"))
})
