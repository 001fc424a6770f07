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

test_that("the suite saves what its help lists", {
  d <- data.frame(y = c(-0.89, -1.59, -1.35, -1.44, -0.22, -0.79), s = sqrt(c(0.33, 0.19, 0.41, 0.02, 0.05, 0.006)),
                  x = c(44, 55, 42, 52, 13, 44), g = c("a", "b", "a", "b", "a", "b"))
  m <- meta_set(y, s, data = d)
  e <- saved_estimates(meta_regress(m, "x"))
  expect_identical(e[c("converged", "title", "indepvars", "properties")],
                   list(converged = 1, title = "Random-effects meta-regression", indepvars = "x", properties = "b V"))
  expect_null(saved_estimates(meta_regress(m, "x", random = "dlaird"))$converged)
  expect_identical(meta_summarize(m, subgroup = "g")$r$subgroupvars, "g")
  expect_identical(meta_summarize(m, predinterval = TRUE)$r$pilevel, 95)
  expect_identical(meta_summarize(m, cumulative = "x")$r[c("ordervar", "direction")],
                   list(ordervar = "x", direction = "ascending"))
  expect_identical(meta_bias(m, egger = TRUE)$r[c("testtype", "model", "method")],
                   list(testtype = "egger", model = "random", method = "reml"))
  expect_identical(meta_bias(m, begg = TRUE)$r$testtype, "begg")
  r <- meta_trimfill(m, poolmethod = "dlaird")$r
  expect_identical(r[c("itermethod", "poolmethod")], list(itermethod = "reml", poolmethod = "dlaird"))
  expect_identical(dim(r$imputed), c(as.integer(r$K_imputed), 2L))
})

test_that("metan 4 tells which limits of tau2 were found", {
  d <- data.frame(y = c(-0.89, -1.59, -1.35, -1.44, -0.22, -0.79), s = sqrt(c(0.33, 0.19, 0.41, 0.02, 0.05, 0.006)))
  r <- metan(y, s, data = d, model = "reml", version = 4, nograph = TRUE)$r
  expect_identical(r[c("rc_tsq_lci", "rc_tsq_uci", "converged")], list(rc_tsq_lci = 0, rc_tsq_uci = 0, converged = 1))
  r <- metan(y, s, data = transform(d, y = c(0, 0.1, 0, 0.1, 0, 0.1)), model = "mp", version = 4, nograph = TRUE)$r
  expect_identical(r[c("rc_tsq_lci", "rc_tausq")], list(rc_tsq_lci = 2, rc_tausq = 2))
  r <- metan(y, s, data = d, model = "pl", version = 4, nograph = TRUE)$r
  expect_identical(r[c("rc_eff_lci", "rc_eff_uci")], list(rc_eff_lci = 0, rc_eff_uci = 0))
  expect_null(metan(y, s, data = d, model = "dl", version = 4, nograph = TRUE)$r$rc_tsq_lci)
})
