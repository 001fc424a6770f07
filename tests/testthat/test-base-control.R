bcg <- function() {
  skip_if_not_installed("metafor")
  as.data.frame(metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg))
}

bounded <- function(d, method, control, ...) {
  args <- list(yi = d$yi, vi = d$vi, method = method, control = control, ...)
  if (grepl("GENQ", method)) args$weights <- seq(1, 5, length.out = nrow(d))
  list(ours = do.call(rma, args), theirs = do.call(metafor_fit, args))
}

# SJIT comes from above in metafor and stops at 0; here it solves the equation of PM under the bound.
test_that("tau2.min bounds every estimator as in metafor, from either side of 0", {
  d <- bcg()
  even <- transform(d, yi = yi / 20 + 0.1)
  fields <- c("tau2", "se.tau2", "beta", "se", "I2", "H2", "QE", "zval", "ci.lb")
  for (method in c("HS", "HSk", "HE", "DL", "DLIT", "GENQ", "GENQM", "SJ", "PM", "PMM", "ML", "REML", "EB")) {
    above <- bounded(d, method, list(tau2.min = 0.5))
    expect_same_fields(above$ours, above$theirs, fields, "metafor_tight", label = method)
    if (method == "GENQM") next
    below <- bounded(even, method, list(tau2.min = -0.003))
    expect_same_fields(below$ours, below$theirs, fields, "metafor_iterative", label = paste("negative", method))
  }
})

test_that("a bound inside leaves the estimate alone, and moves with the scale of the data", {
  d <- bcg()
  for (method in c("DL", "HE", "REML", "PM", "SJ", "EB")) {
    plain <- rma(d$yi, d$vi, method = method)
    expect_gate(rma(d$yi, d$vi, method = method, control = list(tau2.min = 1e-3))$tau2, plain$tau2, "closed_form")
    far <- rma(d$yi * 1e-100, d$vi * 1e-200, method = method, control = list(tau2.min = 0.5e-200))
    expect_gate(far$tau2, 0.5e-200, "closed_form")
  }
})

test_that("moderators: the bound holds for the model without them too", {
  d <- bcg()
  for (method in c("REML", "DL")) {
    both <- bounded(d, method, list(tau2.min = 0.2), mods = metadat::dat.bcg$ablat)
    expect_same_fields(both$ours, both$theirs, c("tau2", "R2", "beta", "se", "QM", "QMp"), "metafor_tight",
                       label = method)
  }
})

test_that("tau2.init is the a priori value of Sidik and Jonkman, and nothing else", {
  d <- bcg()
  both <- bounded(d, "SJ", list(tau2.init = 0.1), mods = metadat::dat.bcg$ablat)
  expect_same_fields(both$ours, both$theirs, c("tau2", "se.tau2", "R2", "beta", "se"), "metafor_tight")
  expect_identical(rma(d$yi, d$vi, control = list(tau2.init = 0.1))$tau2, rma(d$yi, d$vi)$tau2)
})

test_that("REMLf decides whether the restricted likelihood counts the design", {
  d <- bcg()
  for (mods in list(~1, ~x)) for (full in c(TRUE, FALSE)) {
    both <- bounded(d, "REML", list(REMLf = full), mods = mods, data = data.frame(x = metadat::dat.bcg$ablat))
    for (column in c("ML", "REML")) expect_gate(both$ours$fit.stats[[column]], both$theirs$fit.stats[[column]],
                                                "metafor_tight")
  }
})

test_that("refits keep the bounds", {
  d <- bcg()
  for (method in c("DL", "REML")) {
    both <- bounded(d, method, list(tau2.min = 0.5))
    expect_same_fields(leave1out(both$ours), metafor::leave1out(both$theirs), c("estimate", "se", "tau2"),
                       "metafor_tight")
    steps <- list(cumul(both$ours), metafor::cumul(both$theirs))
    for (field in c("se", "tau2")) expect_gate(steps[[1L]][[field]][-1L], steps[[2L]][[field]][-1L], "metafor_tight")
  }
})

test_that("names that tune iterations have no effect; others are named", {
  d <- bcg()
  plain <- rma(d$yi, d$vi)
  tuned <- expect_silent(rma(d$yi, d$vi, verbose = TRUE,
                             control = list(threshold = 1, maxiter = 1, stepadj = 0.5, tol = 1,
                                                                       evtol = 1e-3, tau2.max = 1, verbose = TRUE)))
  expect_identical(tuned$tau2, plain$tau2)
  expect_identical(plain$control, list())
  expect_identical(tuned$verbose, TRUE)
  expect_warning(odd <- rma(d$yi, d$vi, control = list(treshold = 1)), class = "metaparity_warning_input")
  expect_identical(odd$tau2, plain$tau2)
  expect_identical(rma(d$yi, d$vi, method = c("REML", "DL"))$method, "REML")
})

test_that("bad control values are refused by name", {
  d <- bcg()
  for (control in list(5, list(1), list(tau2.min = NA), list(tau2.min = "a"), list(tau2.max = -1), list(REMLf = NA))) {
    expect_error(rma(d$yi, d$vi, control = control), class = "metaparity_error_input")
  }
  expect_error(rma(d$yi, d$vi, method = "PM", control = list(tau2.max = 0.1)), class = "metaparity_error_input")
  expect_warning(low <- rma(d$yi, d$vi, method = "HE", control = list(tau2.min = -3)),
                 class = "metaparity_warning_input")
  expect_identical(low$tau2, rma(d$yi, d$vi, method = "HE")$tau2)
})

test_that("tau2.init is a number for every method", {
  for (method in c("REML", "ML", "SJ", "DL")) {
    e <- expect_error(rma(c(.1, .5, .3), c(.1, .2, .1), method = method, control = list(tau2.init = NA)),
                      class = "metaparity_error_input")
    expect_equal(e$arg, "control$tau2.init")
  }
})
