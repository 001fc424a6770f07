counts_fit <- function(...) rma.glmm(measure = "PLO", xi = xi, ni = ni, data = metadat::dat.pritz1997, ...)

test_that("the interval of tau2 ends where the profile has fallen by half the quantile", {
  fit <- counts_fit()
  ends <- confint(fit)$random["tau^2", 2:3]
  ll <- profile(fit, steps = unname(ends), plot = FALSE)$ll
  expect_equal(ll, rep(fit$ll - qchisq(0.95, 1) / 2, 2L), tolerance = 1e-7)
  expect_equal(confint(fit)$random["tau", ], sqrt(confint(fit)$random["tau^2", ]))
  expect_named(confint(counts_fit(method = "EE"))$fixed[1L, ], interval_columns)
  expect_error(profile(counts_fit(method = "EE")), class = "metaparity_error_input")
  p <- profile(fit, steps = 5, plot = FALSE)
  expect_true(all(p$ll <= fit$ll + 1e-9))
  expect_sound_figure(page_of(plot(p, draw = FALSE)))
})

test_that("random effects are those of a brute-force posterior", {
  fit <- counts_fit()
  found <- ranef(fit)
  d <- metadat::dat.pritz1997
  one <- vapply(seq_len(fit$k), function(i) {
    f <- function(u) vapply(u, function(v) dbinom(d$xi[i], d$ni[i], plogis(fit$beta[1L] + v)), 0) * dnorm(u, 0, sqrt(fit$tau2))
    mass <- integrate(f, -8, 8, rel.tol = 1e-10)$value
    integrate(function(u) u * f(u), -8, 8, rel.tol = 1e-10)$value / mass
  }, 0)
  expect_equal(found$pred, one, tolerance = 1e-6)
  two <- rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = metadat::dat.nielweise2008,
                  model = "UM.RS")
  expect_named(ranef(two), c("effect", "study"))
})

test_that("random effects of both parts are one data frame", {
  two <- rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = metadat::dat.nielweise2008,
                  model = "UM.RS")
  out <- as.data.frame(ranef(two))
  expect_identical(out$pred, c(ranef(two)$effect$pred, ranef(two)$study$pred))
  expect_identical(unique(out$term), c("effect", "study"))
})
