for (id in grep("regress", stata_fixture("suite-cases.csv")$id, value = TRUE)) {
  test_that(paste("printed numbers come back:", id), {
    expect_suite_case(id)
  })
}

test_that("the regression is that of rma(), predictions follow", {
  m <- suite_magnesium()
  v <- meta_regress(m, year, se = "khartung")
  f <- rma(m$table[["_meta_es"]], sei = m$table[["_meta_se"]], mods = ~ m$table$year, test = "knha")
  expect_equal(v$table$se[1], f$se[2])
  expect_equal(v$r$F, f$QM)
  expect_equal(predict(v), as.numeric(fitted(f)))
  expect_equal(predict(v, "hat"), as.numeric(hatvalues(f)))
  expect_equal(predict(v, "residuals", fixedonly = TRUE), m$table[["_meta_es"]] - predict(v))
  expect_equal(predict(v, "fitted"), predict(v) + predict(v, "reffects"))
})

test_that("a multiplicative error is weighted least squares", {
  m <- suite_magnesium()
  v <- meta_regress(m, year, fixed = TRUE, multiplicative = TRUE, tdistribution = TRUE)
  f <- summary(lm(m$table[["_meta_es"]] ~ m$table$year, weights = 1 / m$table[["_meta_se"]]^2))
  expect_equal(v$table$se, unname(f$coefficients[2:1, 2]))
  expect_equal(v$table$p, unname(f$coefficients[2:1, 4]))
  expect_equal(v$r$F, unname(f$fstatistic[1]))
  expect_equal(v$r$phi, f$sigma^2)
})

test_that("layouts, missing moderators and bad input", {
  m <- suite_magnesium()
  m$table$g <- factor(rep(c("high", "low", "very low"), length.out = 16))
  expect_snapshot(meta_regress(m, year, i.g, nometashow = TRUE))
  m$table$year[3] <- NA
  expect_warning(v <- meta_regress(m, year), class = "metaparity_warning_dropped")
  expect_identical(which(is.na(predict(v))), 3L)
  expect_error(meta_regress(m, year, multiplicative = TRUE), class = "metaparity_error_input")
})
