for (id in grep("bias", stata_fixture("suite-cases.csv")$id, value = TRUE)) {
  test_that(paste("printed numbers come back:", id), {
    expect_suite_case(id)
  })
}

test_that("traditional tests are those of metabias", {
  m <- suite_magnesium()
  v <- meta_bias(m, egger = TRUE, traditional = TRUE)
  old <- metabias6(`_meta_es`, `_meta_se`, data = m$table)
  expect_equal(c(v$r$beta1, v$r$se, v$r$p), c(old$r$bias, old$r$se_bias, old$r$p_bias))
  b <- meta_bias(m, begg = TRUE)
  expect_equal(c(b$r$score, b$r$z, b$r$p), c(old$r$score, old$r$z_cc, old$r$p_cc))
  expect_snapshot(v)
  expect_snapshot(b)
})

test_that("moderators enter, unfit data are refused", {
  m <- suite_magnesium()
  v <- meta_bias(m, year, egger = TRUE)
  f <- rma(m$table[["_meta_es"]], sei = m$table[["_meta_se"]], mods = cbind(m$table$year, m$table[["_meta_se"]]))
  expect_equal(v$r$beta1, f$beta[3])
  expect_error(meta_bias(m, peters = TRUE), class = "metaparity_error_input")
  expect_error(meta_bias(m), class = "metaparity_error_input")
  expect_error(meta_bias(meta_set(c(1, 2, 3), c(1, 1, 1)), egger = TRUE), class = "metaparity_error_input")
})
