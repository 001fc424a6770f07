test_that("measures are those of escalc(), with what each needs", {
  m <- method_formulas("measures")
  expect_identical(m$name, names(measure_table))
  expect_identical(m$formula[m$name == "RR"], measure_table$RR$formula)
  expect_match(m$stata[m$name == "RR"], "metan rr")
  expect_match(m$data[m$name == "MD"], "m1i")
})

test_that("estimators are those that rma() takes, with the defaults of the conventions", {
  e <- method_formulas("estimators")
  expect_identical(sort(e$name), sort(tau2_methods))
  expect_match(e$default[e$name == "DL"], "stata14")
  expect_match(e$default[e$name == "REML"], "metafor")
  expect_error(method_formulas("all"), class = "metaparity_error_input")
})
