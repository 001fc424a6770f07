test_that("the three-level model of Konstantopoulos (2011)", {
  v <- meta_multilevel("stdmdiff", schools(), "district school", essevariable = "se")
  expect_gate(c(v$table$b, v$table$se, v$table$t, v$table$p, v$table$lo, v$table$hi),
              c(0.1847132, 0.08455592, 2.184509, 0.02892487, 0.01898661, 0.3504397), "dosresmeta_counts")
  expect_gate(sqrt(c(v$re[[1]]$Sigma, v$re[[2]]$Sigma)), c(0.2550724, 0.1809324), "dosresmeta_counts")
  expect_gate(c(v$r$Q_M, v$r$df_Q_M), c(578.864, 55), "dosresmeta_counts")
  expect_gate(v$r$ll, -9.9714, "dosresmeta_counts")
  same <- meta_meregress("stdmdiff || district: || school:", schools(), essevariable = "se")
  expect_equal(same$r, v$r)
  expect_equal(v$groups, data.frame(level = c("district", "school"), groups = c(11L, 56L), min = c(3L, 1L),
                                    mean = c(56 / 11, 1), max = c(11L, 1L)))
})

test_that("random slopes are those of rma.mv()", {
  d <- schools()
  d$nest <- interaction(d$district, d$school)
  for (word in c("unstructured", "independent")) {
    v <- meta_meregress(sprintf("stdmdiff year || district: year, cov(%s) || school:", substr(word, 1, 3)), d,
                        essevariable = "se", mle = TRUE)
    f <- rma.mv(stdmdiff, se^2, mods = ~ year, random = list(~ 1 | nest, ~ year | district),
                struct = c(unstructured = "GEN", independent = "GDIAG")[[word]], data = d, method = "ML")
    expect_equal(v$table$b, as.numeric(f$beta)[2:1])
    expect_equal(v$r$ll, as.numeric(logLik(f)))
    expect_equal(unname(v$re[[1]]$Sigma), unname(as.matrix(f$G))[2:1, 2:1])
    expect_identical(dimnames(v$re[[1]]$Sigma)[[1]], c("year", "_cons"))
    u <- predict(v, "reffects")
    expect_equal(predict(v, "fitted"), predict(v) + u[, 1] * d$year + u[, 2] + u[, 3], ignore_attr = TRUE)
    expect_equal(predict(v, "residuals"), d$stdmdiff - predict(v, "fitted"), ignore_attr = TRUE)
    b <- ranef(f)
    expect_equal(unname(u[, 3]), b[[1]]$intrcpt[match(d$nest, sub("^.*[/]", "", rownames(b[[1]])))])
  }
})

test_that("predicted random effects of intercepts are those of ranef()", {
  d <- schools()
  v <- meta_multilevel("stdmdiff year", d, "district school", essevariable = "se")
  b <- ranef(v$fit)
  u <- predict(v, "reffects")
  expect_equal(unname(u[, 1]), b[[1]]$intrcpt[v$frame$.g1])
  expect_equal(unname(u[, 2]), b[[2]]$intrcpt[v$frame$.g2])
  expect_equal(predict(v, "rstandard"), as.numeric(rstandard(v$fit)$z))
})

test_that("fixed standard deviations, variances, one level", {
  d <- transform(schools(), vi = se^2)
  v <- meta_multilevel("stdmdiff", d, "district school, sd(. 0.2)", esvarvariable = "vi")
  f <- rma.mv(stdmdiff, vi, random = list(~ 1 | district, ~ 1 | district/school)[2], sigma2 = c(NA, 0.04), data = d)
  expect_equal(v$table$se, f$se)
  expect_identical(v$re[[2]]$fixed, TRUE)
  expect_equal(meta_meregress("stdmdiff || district: || school:, sd(.2)", d, esvarvariable = "vi")$r, v$r)
  one <- meta_multilevel(stdmdiff ~ 1, transform(d, study = seq_along(se)), "study", esvarvariable = "vi")
  u <- rma(stdmdiff, vi, data = d)
  expect_equal(one$table$se, u$se)
  expect_equal(one$re[[1]]$Sigma[1], u$tau2)
})

test_that("layout", {
  d <- transform(schools(), g = factor(ifelse(year > 5, "late", "early")))
  expect_snapshot(meta_meregress("stdmdiff i.g year || district: year, cov(uns) || school:", d, essevariable = "se"))
  expect_snapshot(meta_multilevel("stdmdiff", d, "district school, sd(. .2)", essevariable = "se", mle = TRUE,
                                  se = "khartung", nogroup = TRUE, variance = TRUE))
})

test_that("rows that are left out, and bad input", {
  d <- schools()
  d$year[3] <- NA
  d$se[5] <- NA
  expect_warning(expect_warning(v <- meta_multilevel("stdmdiff year", d, "district", essevariable = "se"),
                                class = "metaparity_warning_dropped"), class = "metaparity_warning_dropped")
  expect_identical(which(is.na(predict(v))), c(3L, 5L))
  d <- schools()
  expect_error(meta_meregress(), class = "metaparity_error_input")
  expect_error(meta_multilevel("stdmdiff", d, essevariable = "se"), class = "metaparity_error_input")
  expect_error(meta_meregress("stdmdiff", d, essevariable = "se"), class = "metaparity_error_input")
  expect_error(meta_multilevel("stdmdiff", d, "district"), class = "metaparity_error_input")
  expect_error(meta_multilevel("stdmdiff", d, "district", essevariable = "se", reml = TRUE, mle = TRUE),
               class = "metaparity_error_input")
  bad <- expect_error(meta_multilevel("stdmdiff", transform(d, se = replace(se, 2, 0)), "district", essevariable = "se"),
                      class = "metaparity_error_studies")
  expect_identical(bad$rows, 2L)
})

test_that("rows are kept by columns of the data, and a constant covariate gives way to the constant", {
  set.seed(1)
  d <- data.frame(y = rnorm(12, 0.3, 0.3), g = rep(1:4, 3), se = 0.2, z = 1, keep = rep(c(TRUE, FALSE), 6))
  keep <- !d$keep
  found <- meta_multilevel("y", d, relevels = "g", essevariable = "se", subset = keep)
  expect_equal(found$fit$beta, meta_multilevel("y", d[d$keep, ], relevels = "g", essevariable = "se")$fit$beta)
  expect_error(meta_multilevel("y", d, relevels = "g", essevariable = "se", subset = nowhere > 1),
               class = "metaparity_error_input")
  both <- suppressWarnings(meta_multilevel("y z", d, relevels = "g", essevariable = "se"))
  expect_identical(both$test$kept, c(FALSE, TRUE))
  expect_identical(both$test$df_m, 0L)
  alone <- meta_multilevel("y", d, relevels = "g", essevariable = "se")
  expect_equal(both$test$coef[[1L]][2L], alone$test$coef[[1L]])
})
