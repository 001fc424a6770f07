ls_fit <- function(...) rma(yi, vi, mods = ~ni100, scale = ~ni100, data = transform(metadat::dat.bangertdrowns2004,
                                                                                    ni100 = ni / 100), ...)

test_that("accessors answer as metafor's", {
  skip_if_not_installed("metafor")
  ours <- ls_fit()
  theirs <- metafor::rma(yi, vi, mods = ~ni100, scale = ~ni100, data = transform(metadat::dat.bangertdrowns2004,
                                                                                 ni100 = ni / 100))
  for (f in list(coef, vcov, fitted, residuals, weights, hatvalues, function(x) rstandard(x)$z,
                 function(x) coef(summary(x)), nobs, function(x) as.numeric(logLik(x)), AIC, BIC))
    expect_equal(f(ours), f(theirs), tolerance = 1e-5, ignore_attr = TRUE)
})

test_that("the contract is answered", {
  fit <- ls_fit()
  table <- model_components(fit)
  expect_identical(table$name, c("alpha.1", "alpha.2"))
  expect_equal(model_loglik(fit, c(NA_real_, NA_real_)), fit$ll)
  expect_equal(model_loglik(fit, c(NA, fit$alpha[2L])), fit$ll, tolerance = 1e-10)
  expect_lt(model_loglik(fit, c(NA, 0)), fit$ll)
  expect_equal(model_marginal(fit), fit$vi + fit$tau2)
  again <- model_refit(fit)
  expect_equal(c(again$estimate, again$se), c(fit$beta, fit$se), tolerance = 1e-10)
  expect_equal(nrow(as.data.frame(leave1out(fit))), 48L)
  expect_s3_class(influence(fit), "metaparity_influence")
  expect_error(blup(fit), class = "metaparity_error_unsupported")
})

test_that("coefficients, standard errors, covariances and designs of one part or of both are metafor's", {
  skip_if_not_installed("metafor")
  d <- transform(metadat::dat.bangertdrowns2004, ni100 = ni / 100)
  ours <- rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d)
  theirs <- metafor::rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d)
  for (type in c("beta", "alpha")) {
    expect_equal(coef(ours, type = type), coef(theirs, type = type), tolerance = gate("metafor_scale"))
    expect_equal(se(ours, type = type), metafor::se(theirs, type = type), tolerance = gate("metafor_scale"))
    expect_equal(vcov(ours, type = type), vcov(theirs, type = type), tolerance = 1e-3, ignore_attr = TRUE)
  }
  expect_identical(names(se(ours)), c("beta", "alpha"))
  expect_equal(model.matrix(ours), model.matrix(theirs))
  expect_equal(model.matrix(ours, asdf = TRUE)$scale, model.matrix(theirs, asdf = TRUE)$scale)
  expect_equal(unclass(ours$M), diag(ours$vi + ours$tau2), ignore_attr = TRUE)
  expect_error(coef(ours, type = "delta"), class = "metaparity_error_input")
})
