groups_data <- function() {
  set.seed(11)
  d <- data.frame(id = rep(1:9, times = c(3, 5, 4, 6, 2, 5, 4, 3, 6)))
  d$x <- round(stats::runif(38), 3)
  d$y <- round(1 + 2 * d$x + stats::rnorm(9)[d$id] + stats::rnorm(38, 0, 0.7), 3)
  d
}

values <- function(lines, names, d = groups_data()) {
  as.numeric(utils::tail(stata(c(lines, sprintf("display %%21.17f %s", names)), d)$log, length(names)))
}

test_that("areg is regress with indicators", {
  d <- groups_data()
  fit <- stats::lm(y ~ x + factor(id), d)
  found <- values("quietly areg y x, absorb(id)", c("_b[x]", "_se[x]", "e(r2)", "e(rmse)"))
  expect_gate(found, c(stats::coef(fit)[["x"]], sqrt(stats::vcov(fit)["x", "x"]), summary(fit)$r.squared,
    stats::sigma(fit)),
              "exact_solution")
  robust <- values("quietly areg y x, absorb(id) vce(robust)", "_se[x]")
  expect_gate(robust, values("quietly regress y x i.id, vce(robust)", "_se[x]"), "exact_solution")
})

test_that("xtreg, re is Swamy and Arora's estimator", {
  d <- groups_data()
  n <- tabulate(d$id)
  own <- function(v) stats::ave(v, d$id)
  inside <- stats::lm(I(y - own(y)) ~ 0 + I(x - own(x)), d)
  s2e <- sum(stats::residuals(inside)^2) / (38 - 9 - 1)
  between <- stats::lm(tapply(y, id, mean) ~ tapply(x, id, mean), d)
  s2u <- max(0, sum(stats::residuals(between)^2) / 7 - s2e * mean(1 / n))
  theta <- (1 - sqrt(s2e / (n * s2u + s2e)))[d$id]
  gls <- stats::lm(I(y - theta * own(y)) ~ 0 + I(x - theta * own(x)) + I(1 - theta), d)
  found <- values(c("quietly xtset id", "quietly xtreg y x, re"), c("_b[x]", "_se[x]", "_b[_cons]", "e(sigma_u)",
    "e(sigma_e)"))
  expect_gate(found, unname(c(stats::coef(gls)[1], sqrt(diag(stats::vcov(gls)))[1], stats::coef(gls)[2], sqrt(s2u),
    sqrt(s2e))),
              "exact_solution")
  be <- values("quietly xtreg y x, be i(id)", c("_b[x]", "_se[x]"))
  expect_gate(be, unname(c(stats::coef(between)[2], sqrt(diag(stats::vcov(between)))[2])), "exact_solution")
})

test_that("mixed and xtreg, mle are at the top of the likelihood", {
  skip_if_not_installed("nlme")
  d <- groups_data()
  reml <- nlme::lme(y ~ x, random = ~ 1 | id, data = d, method = "REML", control = nlme::lmeControl(msTol = 1e-12,
    tolerance = 1e-12))
  found <- values("quietly mixed y x || id:, reml", c("_b[x]", "_se[x]", "e(sigma_u)", "e(sigma_e)", "e(ll)"))
  sd <- c(sqrt(nlme::getVarCov(reml)[1, 1]), reml$sigma)
  expect_gate(found, c(nlme::fixef(reml)[["x"]], sqrt(reml$varFix[2, 2]), sd, as.numeric(stats::logLik(reml))),
    "random_intercept")
  ml <- nlme::lme(y ~ x, random = ~ 1 | id, data = d, method = "ML", control = nlme::lmeControl(msTol = 1e-12,
    tolerance = 1e-12))
  found <- values("quietly xtreg y x, mle i(id)", c("_b[x]", "e(sigma_u)", "e(ll)"))
  expect_gate(found, c(nlme::fixef(ml)[["x"]], sqrt(nlme::getVarCov(ml)[1, 1]), as.numeric(stats::logLik(ml))),
              "random_intercept")
  # The likelihood here is not below nlme's.
  expect_gte(found[3] + 1e-10, as.numeric(stats::logLik(ml)))
  log <- stata("mixed y x || id:", d)$log
  expect_equal(log[2], "Mixed-effects ML regression                     Number of obs     =         38")
  expect_match(paste(log, collapse = "\n"), "id: Identity")
})

test_that("xtreg, re theta shows theta", {
  set.seed(3)
  d <- data.frame(y = stats::rnorm(20) + rep(1:5, each = 4), x = stats::rnorm(20), id = rep(1:5, each = 4))
  run <- stata(c("quietly xtset id", "xtreg y x, re theta", "display %21.17f e(theta)",
                 "display %21.17f 1 - sqrt(e(sigma_e)^2 / (4 * e(sigma_u)^2 + e(sigma_e)^2))"), d)$log
  value <- as.numeric(utils::tail(run, 2L))
  expect_gate(value[1L], value[2L], "exact_solution")
  expect_match(paste(run, collapse = "\n"), "theta          = [.][0-9]+")
})
