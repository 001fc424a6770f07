test_that("printed numbers come back", {
  expect_suite_case("meta_magnes_trimfill")
})

test_that("sides, estimators and methods of the stages", {
  m <- suite_magnesium()
  v <- meta_trimfill(m, left = TRUE, estimator = "run", itermethod = "iv", poolmethod = "dl")
  expect_identical(v$side, "left")
  expect_identical(v$options$iter$model, "fixed")
  f <- trimfill(rma(m$table[["_meta_es"]], sei = m$table[["_meta_se"]]), side = "right")
  w <- meta_trimfill(m)
  expect_identical(w$r$K_imputed, f$k0)
  expect_equal(w$r$theta_all, f$beta[1])
  expect_snapshot(w)
  expect_error(meta_trimfill(m, left = TRUE, right = TRUE), class = "metaparity_error_input")
})
