test_that("values, likelihoods, coefficients and coordinates are metafor's", {
  skip_if_not_installed("metafor")
  for (args in list(list(method = "REML"), list(method = "ML", mods = cbind(ablat = bcg_tables$ablat)))) {
    f <- do.call(both_fits, c(list("rma", measure = "RR"), args))
    a <- b <- NULL
    usr <- usr_after(b <- profile(f$theirs, progbar = FALSE))
    expect_gate(usr_after(a <- profile(f$ours)), usr, "metafor_interval", scale = max(abs(usr)))
    expect_identical(names(a), names(b))
    for (name in c("tau2", "ll", "xlim", "ylim", "vc", "maxll", "I2", "H2"))
      expect_gate(a[[name]], b[[name]], "metafor_interval", scale = 1)
    for (name in c("beta", "ci.lb", "ci.ub"))
      expect_gate(unlist(a[[name]]), unlist(b[[name]]), "metafor_interval", scale = 1)
  }
})

test_that("given values, the line of the interval, and what cannot be profiled", {
  fit <- rma(yi, vi, data = bcg_effects)
  p <- profile(fit, steps = c(0.1, 0.3, 0.2), plot = FALSE)
  expect_identical(p$tau2, c(0.1, 0.2, 0.3))
  expect_equal(p$ll[3L], as.numeric(logLik(rma(yi, vi, data = bcg_effects, tau2 = 0.3))))
  expect_sound_figure(page_of(plot(p, cline = TRUE, lang = "zh", draw = FALSE)))
  expect_output(print(p), "tau2")
  expect_error(profile(rma(yi, vi, data = bcg_effects, method = "FE")), class = "metaparity_error_input")
  expect_error(profile(fit, steps = c(-1, 1)), class = "metaparity_error_input")
  expect_error(profile(fit, xlim = 1), class = "metaparity_error_input")
  expect_warning(profile(rma(yi, vi, data = bcg_effects, method = "HS"), plot = FALSE),
                 class = "metaparity_warning_input")
})
