deaths <- data.frame(agecat = rep(1:5, 2), smokes = rep(1:0, each = 5),
                     deaths = c(32, 104, 206, 186, 102, 2, 12, 28, 28, 31),
                     pyears = c(52407, 43248, 28612, 12663, 5317, 18790, 10673, 5710, 2585, 1462))

test_that("poisson prints what Stata's manual prints for the British doctors", {
  log <- stata(c("label define a 1 \"35-44\" 2 \"45-54\" 3 \"55-64\" 4 \"65-74\" 5 \"75-84\"", "label values agecat a",
                 "poisson deaths smokes i.agecat, exposure(pyears) irr"), deaths)$log
  # Stata Base Reference Manual, poisson, example 1 (Doll and Hill 1966).
  printed <- c(
    "Poisson regression                              Number of obs     =         10",
    "                                                LR chi2(5)        =     922.93",
    "                                                Prob > chi2       =     0.0000",
    "Log likelihood = -33.600153                     Pseudo R2         =     0.9321",
    "",
    "------------------------------------------------------------------------------",
    "      deaths |        IRR   Std. Err.      z    P>|z|     [95% Conf. Interval]",
    "-------------+----------------------------------------------------------------",
    "      smokes |   1.425519   .1530638     3.30   0.001     1.154984    1.759421",
    "             |",
    "      agecat |",
    "      45-54  |   4.410584   .8605197     7.61   0.000     3.009011    6.464997",
    "      55-64  |    13.8392   2.542638    14.30   0.000     9.654328    19.83809",
    "      65-74  |   28.51678   5.269878    18.13   0.000     19.85177    40.96395",
    "      75-84  |   40.45121   7.775511    19.25   0.000     27.75326    58.95885",
    "             |",
    "       _cons |   .0003636   .0000697   -41.30   0.000     .0002497    .0005296",
    "  ln(pyears) |          1  (exposure)",
    "------------------------------------------------------------------------------",
    "Note: _cons estimates baseline incidence rate.")
  expect_equal(utils::tail(log, length(printed)), printed)
})

births <- function() {
  set.seed(11)
  d <- data.frame(x = stats::rnorm(80), g = rep(1:3, length.out = 80), w = rep(1:2, 40), id = rep(1:16, each = 5))
  d$y <- as.numeric(stats::runif(80) < stats::plogis(-0.4 + 0.8 * d$x + 0.5 * (d$g == 2)))
  d
}

test_that("logit and logistic agree with glm()", {
  d <- births()
  s <- stata("logit y x i.g", d)
  fit <- stats::glm(y ~ x + factor(g), binomial, d, control = list(epsilon = 1e-14))
  b <- stata(c("logit y x i.g", "matrix b = e(b)", "matrix V = e(V)", "display %20.15f b[1,1]", "display %20.15f V[1,1]",
               "display %20.15f e(ll)", "display %20.15f e(ll_0)", "display %20.15f e(r2_p)"), d)$log
  found <- as.numeric(utils::tail(b, 5))
  null <- as.numeric(stats::logLik(stats::glm(y ~ 1, binomial, d)))
  ll <- as.numeric(stats::logLik(fit))
  expect_gate(found, c(stats::coef(fit)[["x"]], stats::vcov(fit)["x", "x"], ll, null, 1 - ll / null), "exact_solution")
  shown <- utils::tail(stata("logistic y x i.g", d)$log, 3)
  expect_match(shown[1], sub("^0", "", sprintf("%.7f", exp(stats::coef(fit)[[1]]))), fixed = TRUE)
  expect_equal(shown[3], "Note: _cons estimates baseline odds.")
})

test_that("weights, robust and cluster-robust variances are the sandwich's", {
  d <- births()
  fit <- stats::glm(y ~ x, binomial, d, control = list(epsilon = 1e-14))
  X <- stats::model.matrix(fit)
  u <- X * stats::residuals(fit, "response")
  bread <- stats::vcov(fit)
  se <- function(command) {
    as.numeric(utils::tail(stata(c(command, "display %20.15f _se[x]"), d)$log, 1))
  }
  expect_gate(se("logit y x, vce(robust)"), sqrt((bread %*% crossprod(u) %*% bread * 80 / 79)[2, 2]), "exact_solution")
  s <- rowsum(u, d$id)
  expect_gate(se("logit y x, cluster(id)"), sqrt((bread %*% crossprod(s) %*% bread * 16 / 15)[2, 2]), "exact_solution")
  twice <- d[rep(1:80, d$w), ]
  expect_gate(se("logit y x [fweight=w]"), sqrt(stats::vcov(stats::glm(y ~ x, binomial, twice,
                                                                     control = list(epsilon = 1e-14)))[2, 2]),
              "exact_solution")
})

test_that("predict, test and lincom know the likelihood", {
  d <- births()
  fit <- stats::glm(y ~ x, binomial, d, control = list(epsilon = 1e-14))
  s <- stata(c("logistic y x", "predict p", "predict double e, stdp", "predict double l, xb", "test x", "lincom x"), d)
  made <- as.data.frame(s)
  expect_equal(as.numeric(made$p), unname(stats::fitted(fit)), tolerance = 1e-6)
  linear <- stats::predict(fit, se.fit = TRUE)
  expect_gate(as.numeric(made$l), unname(linear$fit), "exact_solution")
  expect_gate(as.numeric(made$e), unname(linear$se.fit), "exact_solution")
  expect_true(" ( 1)  [y]x = 0" %in% s$log)
  expect_true(any(grepl("Odds Ratio", utils::tail(s$log, 6))))
})

test_that("what has no maximum or no variation is told", {
  d <- births()
  d$apart <- d$y
  d$none <- 0
  expect_error(stata("logit y apart", d), class = "metaparity_error_stata_unsupported")
  expect_error(stata("logit none x", d), class = "metaparity_error_stata")
  expect_error(stata("poisson x g", d), class = "metaparity_error_stata")
  expect_error(stata("logit y x, irr", d), class = "metaparity_error_stata_unsupported")
})
