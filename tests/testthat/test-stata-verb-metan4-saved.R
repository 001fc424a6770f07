# Matrices and the variance of tau2 that metan 4 saves, against the fits they come from.

d <- data.frame(es = c(.1, .5, .3, .9, .2), se = c(.1, .2, .15, .3, .12), g = c(1, 1, 2, 2, 2))

test_that("models and groups have their columns", {
  view <- metan(es, se, version = 4, data = d, model = "reml \\ dl, hksj truncate(one)", by = g)
  r <- view$r
  reml <- rma(es, sei = se, data = d)
  expect_equal(r$tsq_var, reml$se.tau2^2, tolerance = gate("closed_form"))
  expect_identical(r$model2opts, "hksj truncate(one)")
  expect_identical(colnames(r$hetstats), c("reml", "dl"))
  expect_equal(r$hetstats["tausq", ], c(reml = reml$tau2, dl = rma(es, sei = se, data = d, method = "DL")$tau2),
               tolerance = gate("closed_form"))
  expect_null(r$bystats)
  groups <- lapply(split(d, d$g), function(s) rma(es, sei = se, data = s))
  expect_equal(r$bystats1["eff", ], vapply(groups, function(f) as.numeric(f$beta), 0), tolerance = gate("closed_form"))
  expect_equal(r$byQ["Q", ], vapply(groups, function(f) f$QE, 0), tolerance = gate("closed_form"))
  expect_equal(r$byhet2["Q", ], r$byQ["Q", ])
})
