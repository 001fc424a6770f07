test_that("I2, tests, R and prediction are shown as in Stata's log", {
  fit <- mvmeta(z, S, study, data = mvmeta_data("telomerase"), i2 = TRUE, testsigma = TRUE, qscalar = TRUE,
                randfix = TRUE,
                pi = "format(%9.5f) level(80)")
  lines <- format(fit)
  expect_true(all(c(
    "Variable         SD        [95% Conf. Interval]   I^2     [95% Conf. Interval]",
    "z1              .4832159   .13562663  .83080518      62       11         83",
    "z2              1.6110677  .65874106  2.5633943      88       54         95",
    "Variables       Correl.    [95% Conf. Interval]", "z1 & z2         -1         .          .",
    "Restricted likelihood ratio test for heterogeneity: LRT =  52.47 (d.f. = 3) P = 0.000",
    "P-value halved: see help j_chibar", "Scalar Q test for heterogeneity: Q =  83.14 (d.f. = 15) P = 0.000",
    "Sqrt determinant of variance (reml)             .00091145",
    "                             (fixed)            .00006951",
    "R statistic = ratio ^ (1/4)                     1.9029116",
    "Outcome     Estimate    80% Confidence Int.     80% Prediction Int.",
    "z1            1.09853     0.47987     1.71719     0.14446     2.05261",
    "z2            2.97085     1.42380     4.51790     0.15885     5.78286",
    "Note: using N-2=8 degrees of freedom") %in% lines))
})

test_that("an interval that is cut at 0 has its star", {
  fit <- mvmeta(lnHR, VlnHR, data = mvmeta_data("p53"), wscorr = 0.7, i2 = TRUE)
  lines <- format(fit)
  expect_true(all(c("* CI for I^2 ignores zero variance components",
                    "lnHRos & lnHRdfs   1          .          .") %in% lines))
  expect_true(any(grepl("^lnHRos          [.]6262465[3-5]  [.]10490578  1[.]1475873      73        7         90$",
                        lines)))
  expect_true(any(grepl("^lnHRdfs         [.]4633466[78]  0          1[.]355592[45]      52        0         90 [*]$",
                        lines)))
})

test_that("intervals on other scales hold the estimate and stay above 0", {
  fit <- mvmeta(y, V, data = mvmeta_data("berkey"))
  sd <- sqrt(diag(fit$fit$Sigma))
  for (scale in c("logsd", "logh")) {
    t <- mvmeta(fit, i2 = TRUE, ciscale = scale)$i2$sd
    expect_true(all(t$lo >= 0 & t$lo < sd & t$hi > sd))
  }
  V <- mvmeta_theta_variance(fit$fit)
  expect_equal(mvmeta_sd_errors(fit$fit, 2L)[1L], sqrt(V[1, 1]))
  mm <- mvmeta(y, V, data = mvmeta_data("berkey"), mm = TRUE, i2 = TRUE)
  expect_true(all(mm$i2$sd$I2 >= mm$i2$sd$I2_lo & mm$i2$sd$I2 <= mm$i2$sd$I2_hi))
})

test_that("suboptions are known ones", {
  fit <- mvmeta(y, V, data = mvmeta_data("berkey"))
  expect_error(mvmeta(fit, pi = "wide"), class = "metaparity_error_input")
  expect_error(mvmeta(fit, pi = "xvar(pubyear) level(3)"), class = "metaparity_error_input")
  reg <- mvmeta(y, V, pubyear, data = mvmeta_data("berkey"))
  expect_equal(mvmeta(reg, pi = "xvar(pubyear)")$pi$table$est, unname(reg$fit$beta[c(1, 3)]))
  expect_error(mvmeta(reg, pi = "xvar(no)"), class = "metaparity_error_input")
  expect_error(mvmeta(reg, pi = "format(wide)") |> format(), class = "metaparity_error_input")
  expect_identical(mvmeta_randfix(mvmeta(reg, randfix = "y1"))$q, 2L)
})
