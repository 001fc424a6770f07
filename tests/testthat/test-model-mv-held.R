# Coefficients given and components that are equal: metafor's numbers; the same model written another way.
held_data <- function() metadat::dat.konstantopoulos2011[1:30, ]

test_that("coefficients that are given have metafor's likelihood and no test", {
  d <- held_data()
  d$yr <- d$year - 1990
  both <- function(f, ...) f(yi, vi, random = ~ 1 | district/study, data = d, ...)
  for (method in c("REML", "ML")) {
    ours <- both(rma.mv, beta = 0.3, method = method)
    theirs <- both(metafor::rma.mv, beta = 0.3, method = method)
    expect_equal(ours$sigma2, theirs$sigma2, tolerance = gate("mv_component"))
    expect_equal(as.numeric(logLik(ours)), as.numeric(logLik(theirs)), tolerance = gate("mv_loglik"))
    expect_identical(c(ours$beta), 0.3)
    expect_true(is.na(ours$se) && is.na(ours$pval) && is.na(ours$ci.lb) && is.na(ours$QM))
    expect_equal(ours$parms, theirs$parms)
    expect_equal(ours$QE, theirs$QE)
    ours <- both(rma.mv, mods = ~ yr, beta = c(NA, 0.01), method = method)
    theirs <- both(metafor::rma.mv, mods = ~ yr, beta = c(NA, 0.01), method = method)
    # metafor keeps the free coefficients of the unrestricted solution: its likelihood is lower.
    expect_gt(as.numeric(logLik(ours)), as.numeric(logLik(theirs)) + 0.01)
    expect_equal(ours$parms, theirs$parms)
    at_theirs <- rma.mv(yi, vi, mods = ~ yr, random = ~ 1 | district/study, data = d, method = method,
                        sigma2 = theirs$sigma2)
    expect_equal(theirs$beta[[1L]], at_theirs$beta[[1L]], tolerance = gate("mv_component"))
  }
  # By ML this is the model of what is left of the estimates.
  left <- rma.mv(yi - 0.01 * yr, vi, random = ~ 1 | district/study, data = d, method = "ML")
  expect_equal(ours$sigma2, left$sigma2, tolerance = gate("mv_scale"))
  expect_equal(predict(ours, newmods = 2)$se, left$se, tolerance = gate("mv_scale"))
  expect_equal(predict(ours, newmods = 2)$pred, left$beta[[1]] + 0.02, tolerance = gate("mv_scale"))
  # The estimate given back changes nothing but the errors.
  free <- both(rma.mv)
  held <- both(rma.mv, beta = free$beta[[1]])
  expect_equal(held$sigma2, free$sigma2, tolerance = gate("mv_scale"))
  expect_equal(held$fit.stats["ll", ], free$fit.stats["ll", ], tolerance = gate("mv_scale"))
  expect_error(both(rma.mv, beta = c(1, 2)), class = "metaparity_error_input")
  expect_error(both(rma.mv, beta = "a"), class = "metaparity_error_input")
  expect_error(both(rma.mv, beta = 0.1, W = 1), class = "metaparity_error_input")
})

test_that("components that are to be equal are", {
  d <- held_data()
  both <- function(f, ...) f(yi, vi, random = ~ 1 | district/study, data = d, ...)
  ours <- both(rma.mv, vccon = list(sigma2 = c(1, 1)))
  theirs <- both(metafor::rma.mv, vccon = list(sigma2 = c(1, 1)))
  expect_identical(ours$sigma2[1L], ours$sigma2[2L])
  expect_equal(ours$sigma2, theirs$sigma2, tolerance = gate("mv_component"))
  expect_equal(ours$fit.stats, theirs$fit.stats, tolerance = gate("mv_loglik"))
  expect_equal(ours$se, theirs$se, tolerance = gate("mv_component"))
  expect_identical(both(rma.mv, vccon = list(sigma2 = c("a", "a")), sigma2 = c(0.1, NA))$sigma2, c(0.1, 0.1))
  # What is held for one in a profile is held for all.
  p <- profile(ours, sigma2 = 1, steps = 3, xlim = c(0.01, 0.03), plot = FALSE, progbar = FALSE)
  expect_equal(p$ll[1L], as.numeric(logLik(both(rma.mv, sigma2 = 0.01))), tolerance = gate("mv_scale"))

  berkey <- function(f, ...) f(yi, vi, mods = ~ 0 + outcome, random = ~ outcome | trial, data = metadat::dat.berkey1998, ...)
  equal <- berkey(rma.mv, struct = "UN", vccon = list(tau2 = c(1, 1)))
  same <- berkey(rma.mv, struct = "CS")
  expect_equal(equal$tau2, rep(same$tau2, 2), tolerance = gate("mv_component"))
  expect_equal(equal$fit.stats, same$fit.stats, tolerance = gate("mv_exact_loglik"))
  expect_identical(equal$parms, same$parms)
  hcs <- berkey(rma.mv, struct = "HCS", vccon = list(tau2 = c(1, 1)))
  expect_equal(hcs$fit.stats, same$fit.stats, tolerance = gate("mv_exact_loglik"))
  expect_error(both(rma.mv, vccon = list(sigma2 = 1)), class = "metaparity_error_input")
  expect_error(both(rma.mv, vccon = list(foo = 1)), class = "metaparity_error_input")
  expect_error(both(rma.mv, vccon = c(1, 1)), class = "metaparity_error_input")
  expect_error(both(rma.mv, vccon = list(sigma2 = c(1, 1)), cvvc = TRUE), class = "metaparity_error_unsupported")
})
