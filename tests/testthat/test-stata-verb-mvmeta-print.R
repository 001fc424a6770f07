test_that("the log of mvmeta is that of Stata, line by line", {
  d <- mvmeta_data("telomerase")
  expect_identical(format(mvmeta(z, S, study, data = d, mm = TRUE)), c(
    "Note: using method mm2", "Note: regressing z1 on study", "Note: regressing z2 on study",
    "Note: 10 observations on 2 variables", "Warning: at observation 1, z1 is missing, so I'm ignoring non-missing S11",
    "Warning: at observation 1, z1 is missing, so I'm ignoring non-missing S12", "", "Multivariate meta-analysis",
    "Variance-covariance matrix = unstructured",
    "Method = mm2                                   Number of dimensions    =     2",
    "                                               Number of observations  =    10", strrep("-", 78),
    "             |      Coef.   Std. Err.      z    P>|z|     [95% Conf. Interval]",
    "-------------+----------------------------------------------------------------", "z1           |",
    "       study |   .0124866    .083085     0.15   0.881     -.150357    .1753301",
    "       _cons |   1.073865   .5160843     2.08   0.037     .0623585    2.085372",
    "-------------+----------------------------------------------------------------", "z2           |",
    "       study |  -.1689507   .1889764    -0.89   0.371    -.5393377    .2014363",
    "       _cons |   2.956983   1.182049     2.50   0.012     .6402103    5.273757", strrep("-", 78), "",
    "Estimated between-studies SDs and correlation matrix", strrep("-", 52),
    "            SD          z1          z2", "z1   .53692823           1           .",
    "z2   1.5738334  -.96967325           1", strrep("-", 52)))
})

test_that("header, means and covariances stand as in Stata's log", {
  d <- mvmeta_data("berkey")
  lines <- format(mvmeta(y, V, data = d))
  expect_true(all(c("Note: using variables y1 y2", "Note: variance-covariance matrix is unstructured",
                    "Restricted log likelihood = 2.0823296          Number of observations  =     5",
                    "Overall_mean |", "          y1 |   .3534282    .061272     5.77   0.000     .2333372    .4735191",
                    "          y2 |  -.3392152     .08927    -3.80   0.000    -.5141811   -.1642493") %in% lines))
  ml <- format(mvmeta(y, V, data = d, ml = TRUE, print = "bscov bscorr"))
  expect_true(any(startsWith(ml, "Log likelihood = ")))
  expect_true("Estimated between-studies covariance matrix Sigma" %in% ml)
  fixed <- format(mvmeta(y, V, data = d, fixed = TRUE))
  expect_true("Variance-covariance matrix = (none)" %in% fixed)
  expect_false(any(grepl("between-studies", fixed)))
  common <- format(mvmeta(y, V, pubyear, data = d, commonparm = TRUE))
  expect_true("    y2: pubyear _cons" %in% common)
})

test_that("options that go without effect are said", {
  d <- mvmeta_data("berkey")
  expect_true("(option nouncertainv ignored with estimation method mm2)" %in%
                format(mvmeta(y, V, data = d, mm = TRUE, nouncertainv = TRUE)))
  expect_true("(option showall ignored with option nouncertainv)" %in%
                format(mvmeta(y, V, data = d, showall = TRUE, nouncertainv = TRUE)))
  expect_true("Note: Sigma has 2 negative eigenvalues - these have been set to 0" %in%
                format(mvmeta(b, V, data = mvmeta_data("fibrinogen"), mm = TRUE)))
})
