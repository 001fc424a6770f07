d <- data.frame(yi = c(-0.9, -1.6, -1.3, -0.2, 0.1, 0.3), vi = c(0.33, 0.19, 0.42, 0.05, 0.02, 0.1), x = 1:6,
                s = c(1, 1, 2, 2, 3, 3))
fit <- rma(yi, vi, data = d)

test_that("tests are one row with their numbers", {
  r <- regtest(fit, model = "lm")
  expect_equal(as.data.frame(r)$pval, r$pval)
  expect_equal(as.data.frame(ranktest(fit))$tau, as.numeric(ranktest(fit)$tau))
  expect_equal(as.data.frame(fsn(fit))$fsnum, fsn(fit)$fsnum)
  expect_equal(as.data.frame(tes(fit))$pval, tes(fit)$pval)
  h <- hettest(yi, vi, data = d, boot = FALSE)
  expect_equal(as.data.frame(h)$statistic, h$statistic)
  expect_identical(vapply(list(r, ranktest(fit), fsn(fit), tes(fit), h), function(x) nrow(as.data.frame(x)), 1L), rep(1L, 5L))
})

test_that("tables, curves and resamples are their rows", {
  expect_equal(as.data.frame(hc(fit))$estimate, c(hc(fit)$beta.rma, hc(fit)$beta))
  p <- permutest(rma(yi, vi, mods = ~x, data = d), iter = 20, progbar = FALSE)
  expect_equal(as.data.frame(p)$pval, as.numeric(p$pval))
  one <- deltamethod(c(0.5, 0.8), diag(c(0.01, 0.02)), function(a, b) c(ratio = a / b))
  expect_equal(as.data.frame(one)[[2L]], one$tab[[1L]])
  g <- gosh(fit, subsets = 5, progbar = FALSE)
  expect_identical(as.data.frame(g), g$res)
  curve <- profile(fit, steps = 4, progbar = FALSE)
  expect_equal(as.data.frame(curve)$value, curve$tau2)
  expect_equal(as.data.frame(curve)$ll, curve$ll)
  two <- profile(rma.mv(yi, vi, random = ~ 1 | s / x, data = d), steps = 3, progbar = FALSE)
  expect_identical(nrow(as.data.frame(two)), 6L)
  R <- matrix(c(1, 0.3, 0.2, 0.3, 1, 0.4, 0.2, 0.4, 1), 3L)
  m <- matreg(1, 2:3, R, n = 50)
  expect_equal(as.data.frame(m)[[2L]], m$tab[[1L]])
})

test_that("every class of results has a method", {
  registered <- sub("^as[.]data[.]frame[.]", "", grep("^as[.]data[.]frame[.]", ls(asNamespace("metaparity")), value = TRUE))
  printed <- sub("^print[.]", "", grep("^print[.]metaparity_", ls(asNamespace("metaparity")), value = TRUE))
  # Fits have that of class "metaparity"; audits and comparisons are data frames; the others are no tables of numbers.
  others <- c("metaparity_audit", "metaparity_audit_summary", "metaparity_comparison", "metaparity_dta", "metaparity_figure",
              "metaparity_glmm",
              "metaparity_later", "metaparity_ls", "metaparity_matreg_summary", "metaparity_mh", "metaparity_mv",
              "metaparity_permutest_ls", "metaparity_peto", "metaparity_rows", "metaparity_selmodel", "metaparity_text",
              "metaparity_trimfill", "metaparity_uni", "metaparity_vcov")
  expect_identical(setdiff(printed, c(registered, others)), character())
})
