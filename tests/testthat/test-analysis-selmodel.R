stepped <- function() selmodel(rma(yi, vi, data = metadat::dat.hackshaw1998), type = "stepfun",
                               steps = c(0.025, 0.1, 0.5))

test_that("profile intervals are metafor's", {
  skip_if_not_installed("metafor")
  ours <- confint(stepped())
  theirs <- confint(metafor::selmodel(metafor::rma(yi, vi, data = metadat::dat.hackshaw1998), type = "stepfun",
                                      steps = c(0.025, 0.1, 0.5)))
  expect_s3_class(ours, "list.confint.rma")
  for (i in 1:4) expect_equal(ours[[i]]$random, theirs[[i]]$random, tolerance = 2e-3)
  expect_identical(utils::capture.output(print(ours, digits = 2)), utils::capture.output(print(theirs, digits = 2)))
})

test_that("an end lies where the profile has fallen by half the quantile", {
  fit <- stepped()
  ends <- confint(fit, delta = 3)$random[1L, 2:3]
  ll <- profile(fit, delta = 3, steps = unname(ends), plot = FALSE)$ll
  expect_equal(ll, rep(fit$ll - qchisq(0.95, 1) / 2, 2L), tolerance = 1e-7)
  expect_identical(rownames(confint(fit, tau2 = TRUE)$random), c("tau^2", "tau"))
  expect_identical(confint(fit, tau2 = TRUE)$random[[1L, 2L]], 0)
  expect_equal(unname(confint(fit, fixed = TRUE)$fixed[1L, 2:3]), c(fit$ci.lb, fit$ci.ub))
})

test_that("profiles have one peak at the estimate", {
  fit <- stepped()
  p <- profile(fit, plot = FALSE, steps = 7)
  expect_identical(p$comps, 4L)
  for (one in p[1:4]) expect_true(all(one$ll[is.finite(one$ll)] <= fit$ll + 1e-9))
  expect_named(p[[2L]]$beta, "intrcpt")
  expect_output(print(p), "delta")
  expect_sound_figure(page_of(plot(p[[2L]], draw = FALSE)))
})

test_that("parameters that are not there are named", {
  fit <- stepped()
  expect_error(confint(fit, delta = 1), class = "metaparity_error_input")
  expect_error(confint(fit, delta = 9), class = "metaparity_error_input")
  expect_error(confint(selmodel(rma(yi, vi, data = metadat::dat.hackshaw1998, method = "EE"), type = "negexp"),
                       tau2 = TRUE), class = "metaparity_error_input")
  expect_error(profile(fit, delta = 2, xlim = c(-1, 2)), class = "metaparity_error_input")
  bound <- selmodel(rma(yi, vi, data = metadat::dat.hackshaw1998), type = "stepfun", steps = c(0.025, 0.5),
                    decreasing = TRUE)
  expect_error(confint(bound, delta = 2), class = "metaparity_error_unsupported")
})
