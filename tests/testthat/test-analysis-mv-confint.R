test_that("intervals of components are metafor's", {
  data <- mv_data()
  for (name in c("three_level", "bivariate", "hcs")) {
    both <- mv_both(mv_models[[name]], data)
    a <- confint(both$ours)
    b <- confint(both$theirs)
    expect_equal(as.matrix(as.data.frame(a)), as.matrix(as.data.frame(b)), tolerance = gate("mv_interval"), label = name)
  }
  both <- mv_both(mv_models$three_level, data)
  expect_close_print(confint(both$ours), confint(both$theirs), 5e-3)
  expect_close_print(confint(both$ours, sigma2 = 1, level = 90), confint(both$theirs, sigma2 = 1, level = 90), 5e-3)
})

test_that("an end lies where the likelihood has fallen by half the quantile", {
  d <- metadat::dat.konstantopoulos2011
  fit <- rma.mv(yi, vi, random = ~ 1 | district/school, data = d)
  ends <- confint(fit, sigma2 = 2)$random[1, 2:3]
  for (end in ends) {
    ll <- as.numeric(logLik(rma.mv(yi, vi, random = ~ 1 | district/school, data = d, sigma2 = c(NA, end))))
    expect_equal(2 * (as.numeric(logLik(fit)) - ll), qchisq(0.95, 1), tolerance = 1e-6)
  }
  one <- confint(rma.mv(yi, vi, random = ~ 1 | study, data = d))$random
  expect_equal(one[1, ], confint(rma(yi, vi, data = d), type = "PL")$random[1, ], tolerance = 1e-6, ignore_attr = TRUE)
  expect_error(confint(fit, sigma2 = 3), class = "metaparity_error_input")
  expect_error(confint(fit, rho = 1), class = "metaparity_error_input")
  expect_error(confint(rma.mv(yi, vi, random = ~ 1 | study, sigma2 = 1, data = d)), class = "metaparity_error_input")
})

test_that("profiles are metafor's", {
  data <- mv_data()
  both <- mv_both(mv_models$three_level, data)
  a <- profile(both$ours, steps = 4, plot = FALSE)
  b <- suppressWarnings(profile(both$theirs, steps = 4, plot = FALSE, progbar = FALSE))
  for (i in 1:2) {
    expect_equal(a[[i]]$sigma2, b[[i]]$sigma2, tolerance = gate("mv_component"))
    expect_equal(a[[i]]$ll, b[[i]]$ll, tolerance = gate("mv_component"))
    expect_equal(a[[i]]$beta, b[[i]]$beta, tolerance = gate("mv_component"))
  }
  one <- profile(both$ours, sigma2 = 1, steps = c(0.01, 0.1), plot = FALSE)
  expect_s3_class(one, "metaparity_profile")
  expect_s3_class(plot(one, draw = FALSE), "metaparity_figure")
})

test_that("a robust fit with several coefficients has the profile of its model", {
  d <- data.frame(y = sin(1:24), v = rep(c(0.05, 0.1), 12), s = rep(1:8, 3), e = 1:24, x = cos(1:24))
  fit <- rma.mv(y, v, mods = ~x, random = ~ 1 | s / e, data = d)
  of <- function(x) profile(x, sigma2 = 1, steps = 4, plot = FALSE, progbar = FALSE)$ll
  expect_identical(of(robust(fit, cluster = s)), of(fit))
})

test_that("a component named by no number is refused", {
  fit <- rma.mv(c(.1, .4, -.2, .6, .3, .9), rep(.1, 6), random = ~ 1 | c(1, 1, 2, 2, 3, 3))
  expect_error(confint(fit, sigma2 = numeric(0)), class = "metaparity_error_input")
  expect_error(profile(fit, sigma2 = integer(0), plot = FALSE), class = "metaparity_error_input")
})
