single <- function(...) rma.glmm(measure = "PLO", xi = xi, ni = ni, data = metadat::dat.pritz1997, ...)

test_that("the contract is answered, and what counts have not is refused", {
  fit <- single()
  expect_identical(model_components(fit)$name, "tau^2")
  expect_equal(model_loglik(fit, fit$tau2), fit$ll, tolerance = 1e-10)
  expect_lt(model_loglik(fit, 2), fit$ll)
  expect_equal(model_loglik(fit, 0), fit$ll.common, tolerance = 1e-10)
  expect_identical(nrow(model_components(single(method = "EE"))), 0L)
  again <- model_refit(fit, rows = 1:10)
  alone <- rma.glmm(measure = "PLO", xi = xi, ni = ni, data = metadat::dat.pritz1997[1:10, ])
  expect_equal(again$estimate, as.numeric(alone$beta), tolerance = 1e-10)
  expect_equal(nrow(as.data.frame(leave1out(fit))), fit$k)
  expect_error(model_refit(fit, yi = 1:14), class = "metaparity_error_unsupported")
  for (f in list(weights, hatvalues, rstandard, influence, simulate, blup, cumul))
    expect_error(f(fit), class = "metaparity_error_unsupported")
  expect_equal(anova(fit)$QM, fit$QM)
  larger <- single(mods = ~ni)
  expect_equal(anova(larger, fit)$LRT, 2 * (larger$ll - fit$ll), tolerance = 1e-9)
  expect_output(print(anova(larger, fit)), "Reduced")
  expect_identical(nobs(fit), fit$k)
  expect_equal(predict(fit)$pi.se, sqrt(fit$tau2 + fit$se^2))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_no_error(forest(fit))
})

test_that("the raw data and the estimates that exist are metafor's fields", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.nielweise2007
  for (f in list(rma.glmm, metafor::rma.glmm)) {
    fit <- suppressWarnings(f(measure = "PLO", xi = ai, ni = n1i, data = d, add = 0))
    seen <- list(lapply(fit$outdat, as.numeric), as.numeric(fit$yi), as.numeric(fit$vi), as.numeric(fit$ni), fit$k,
                 fit$k.yi, lapply(fit$outdat.f[names(fit$outdat)], as.numeric), unname(resid(fit)))
    if (identical(f, rma.glmm)) ours <- seen
  }
  expect_equal(ours[1:7], seen[1:7])
  expect_equal(is.na(ours[[8]]), is.na(seen[[8]]))
  two <- rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d) |> suppressWarnings()
  expect_equal(two$outdat$bi, (d$n1i - d$ai)[two$not.na])
})
