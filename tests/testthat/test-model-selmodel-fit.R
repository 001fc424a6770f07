selected <- function(...) selmodel(rma(yi, vi, data = metadat::dat.hackshaw1998, ...), type = "stepfun",
                                   steps = c(0.025, 0.5))

test_that("accessors answer as metafor's", {
  skip_if_not_installed("metafor")
  ours <- selected()
  theirs <- metafor::selmodel(metafor::rma(yi, vi, data = metadat::dat.hackshaw1998), type = "stepfun",
                              steps = c(0.025, 0.5))
  expect_equal(coef(ours), coef(theirs), tolerance = 1e-4)
  expect_equal(vcov(ours), vcov(theirs), tolerance = 1e-3)
  expect_equal(coef(summary(ours)), coef(summary(theirs)), tolerance = 1e-3, ignore_attr = TRUE)
  for (f in list(logLik, AIC, BIC, fitstats, nobs, df.residual, deviance))
    expect_equal(as.numeric(f(ours)), as.numeric(f(theirs)), tolerance = 1e-6)
  for (name in c("pred", "se", "ci.lb", "ci.ub", "pi.lb", "pi.ub"))
    expect_equal(as.numeric(predict(ours)[[name]]), as.numeric(predict(theirs)[[name]]), tolerance = 1e-3)
  expect_equal(unname(residuals(ours)), unname(residuals(theirs)), tolerance = 1e-4)
  expect_equal(unname(fitted(ours)), unname(fitted(theirs)), tolerance = 1e-3)
})

test_that("the contract is answered", {
  fit <- selected(mods = ~ I(year - 1990))
  table <- model_components(fit)
  expect_identical(table$name, c("tau^2", "delta.1", "delta.2", "delta.3"))
  expect_identical(table$fixed, c(FALSE, TRUE, FALSE, FALSE))
  expect_equal(model_loglik(fit, rep(NA_real_, 4L)), fit$ll)
  expect_equal(model_loglik(fit, c(fit$tau2, NA, fit$delta[2L], NA)), fit$ll, tolerance = 1e-9)
  expect_lt(model_loglik(fit, c(NA, NA, 2, NA)), fit$ll)
  expect_equal(model_marginal(fit), fit$vi + fit$tau2)
  expect_identical(model_words(fit)$scheme, "IV")
  expect_equal(anova(fit)$QM, fit$QM)
  expect_equal(anova(selected(), selmodel(rma(yi, vi, data = metadat::dat.hackshaw1998), type = "stepfun",
                                          steps = 0.025))$LRT, 2 * (selected()$ll + 10.0900760431), tolerance = 1e-7)
})

test_that("what a selection model cannot answer is refused by name", {
  fit <- selected()
  for (f in list(rstandard, rstudent, weights, hatvalues, cooks.distance, dfbetas, influence, leave1out, cumul, blup,
                 funnel, trimfill, permutest, robust, hc, simulate, gosh, regtest, baujat))
    expect_error(f(fit), class = "metaparity_error_unsupported")
  expect_error(residuals(fit, type = "rstandard"), class = "metaparity_error_unsupported")
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_no_error(forest(fit))
})

test_that("coefficients and standard errors of one part are those of both", {
  d <- metadat::dat.hackshaw1998
  fit <- selmodel(rma(yi, vi, data = d, method = "ML"), type = "stepfun", steps = c(0.05, 0.5))
  expect_identical(coef(fit, type = "delta"), coef(fit)$delta)
  expect_identical(se(fit, type = "beta"), se(fit)$beta)
  expect_equal(unname(se(fit)$delta), fit$se.delta)
  expect_identical(vcov(fit, type = "delta"), vcov(fit)$delta)
})

test_that("an estimated truncation is tested by its weight alone, as in metafor", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.hackshaw1998
  ours <- selmodel(rma(yi, vi, data = d, method = "ML"), type = "truncest")
  theirs <- suppressWarnings(metafor::selmodel(metafor::rma(yi, vi, data = d, method = "ML"), type = "truncest"))
  expect_identical(ours$LRTdf, theirs$LRTdf)
  expect_equal(ours$LRTp, pchisq(ours$LRT, 1, lower.tail = FALSE), tolerance = 1e-12)
})
