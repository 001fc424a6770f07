# The fuel data of the manual, [R] ttest and [R] ranksum, whose printed results are the oracle.
fuel <- data.frame(treat = rep(0:1, each = 12), mpg = c(20, 23, 21, 25, 18, 17, 18, 24, 20, 24, 23, 19, 24, 25, 21, 22,
                                                        23, 18, 17, 28, 24,
                                                        27, 21, 23))

test_that("ttest prints the manual's table", {
  log <- stata("ttest mpg, by(treat)", fuel)$log
  expect_equal(log, c("", "Two-sample t test with equal variances", strrep("-", 78),
    "   Group |     Obs        Mean    Std. Err.   Std. Dev.   [95% Conf. Interval]",
    paste0(strrep("-", 9), "+", strrep("-", 68)),
    "       0 |      12          21    .7881701    2.730301    19.26525    22.73475",
    "       1 |      12       22.75    .9384465    3.250874    20.68449    24.81551",
    paste0(strrep("-", 9), "+", strrep("-", 68)),
    "combined |      24      21.875    .6264476    3.068954    20.57909    23.17091",
    paste0(strrep("-", 9), "+", strrep("-", 68)),
    "    diff |               -1.75    1.225518               -4.291568    .7915684", strrep("-", 78),
    "    diff = mean(0) - mean(1)                                      t =  -1.4280",
    "Ho: diff = 0                                     degrees of freedom =       22", "",
    "    Ha: diff < 0                 Ha: diff != 0                 Ha: diff > 0",
    " Pr(T < t) = 0.0837         Pr(|T| > |t|) = 0.1673          Pr(T > t) = 0.9163"))
  wide <- data.frame(mpg1 = fuel$mpg[1:12], mpg2 = fuel$mpg[13:24])
  expect_true("     mean(diff) = mean(mpg1 - mpg2)                               t =  -2.2444" %in%
                stata("ttest mpg1 == mpg2", wide)$log)
  expect_equal(stata("ttest mpg, by(treat) unequal", fuel)$r$p, t.test(mpg ~ treat, fuel)$p.value, tolerance = 1e-10)
  expect_equal(stata("ttest mpg == 20", fuel)$r$t, t.test(fuel$mpg, mu = 20)$statistic[[1]], tolerance = 1e-10)
})

test_that("ranksum, kwallis, signrank and oneway agree", {
  log <- stata("ranksum mpg, by(treat)", fuel)$log
  expect_true(all(c("           0 |       12         128         150", "adjustment for ties       -4.04",
                    "             z =  -1.279",
                    "    Prob > |z| =   0.2010") %in% log))
  expect_equal(stata("kwallis mpg, by(treat)", fuel)$r$chi2_adj, kruskal.test(mpg ~ treat, fuel)$statistic[[1]],
  tolerance = 1e-10)
  expect_equal(stata("oneway mpg treat", fuel)$r$F, anova(lm(mpg ~ treat, fuel))$F[1], tolerance = 1e-10)
  expect_equal(stata("oneway mpg treat", fuel)$r$chi2bart, bartlett.test(mpg ~ treat, fuel)$statistic[[1]],
  tolerance = 1e-10)
  wide <- data.frame(a = c(1, 5, 3, 8, 9, 4), b = c(2, 3, 4, 1, 2, 9))
  z <- suppressWarnings(wilcox.test(wide$a, wide$b, paired = TRUE, exact = FALSE, correct = FALSE))$p.value
  expect_equal(stata("signrank a = b", wide)$r$p, z, tolerance = 1e-10)
})

test_that("correlations and tables of counts agree", {
  expect_equal(stata("correlate mpg treat", fuel)$r$rho, cor(fuel)[1, 2], tolerance = 1e-12)
  log <- stata("pwcorr mpg treat, sig star(.5)", fuel)$log
  expect_true("       treat |   0.2912*  1.0000 " %in% log)
  high <- transform(fuel, high = as.numeric(mpg > 22))
  r <- stata("tabulate high treat, chi2 exact", high)$r
  t <- table(high$high, high$treat)
  expect_equal(r$chi2, suppressWarnings(chisq.test(t, correct = FALSE))$statistic[[1]], tolerance = 1e-12)
  expect_equal(r$p_exact, fisher.test(t)$p.value, tolerance = 1e-10)
  log <- stata("tabulate high treat, row nofreq", high)$log
  expect_true(any(grepl("58.33      41.67 |    100.00", log, fixed = TRUE)))
  expect_named(stata("tabulate high, generate(h)", high)$data, c("treat", "mpg", "high", "h1", "h2"))
})

test_that("tabulate, summarize() and ci show means", {
  log <- stata("tabulate treat, summarize(mpg)", fuel)$log
  expect_equal(log, c("", "            |           Summary of mpg",
                      "      treat |        Mean   Std. Dev.       Freq.",
                      "------------+------------------------------------",
                      "          0 |          21   2.7303013          12",
                      "          1 |       22.75    3.250874          12",
                      "------------+------------------------------------",
                      "      Total |      21.875   3.0689539          24"))
  r <- stata("ci means mpg", fuel)$r
  expect_equal(c(r$lb, r$ub), as.numeric(t.test(fuel$mpg)$conf.int), tolerance = 1e-10)
})
