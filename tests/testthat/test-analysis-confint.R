set.seed(11)
d <- data.frame(yi = rnorm(12, 0.3, 0.6), vi = runif(12, 0.02, 0.4), x = rnorm(12))

test_that("Q-profile ends put Q at its quantiles", {
  x <- rma(yi, vi, data = d)
  ci <- confint(x)$random
  q <- function(t) { w <- 1 / (d$vi + t); sum(w * (d$yi - sum(w * d$yi) / sum(w))^2) }
  expect_gate(q(ci[1, 2]), qchisq(.975, 11), "exact_solution")
  expect_gate(q(ci[1, 3]), qchisq(.025, 11), "exact_solution")
  expect_gate(ci[3, ], 100 * ci[1, ] / (ci[1, ] + x$vt), "closed_form")
  expect_gate(ci[4, ], ci[1, ] / x$vt + 1, "closed_form")
})

test_that("all types agree with metafor within its tolerances", {
  skip_if_not_installed("metafor")
  for (mods in list(NULL, ~x)) {
    a <- rma(yi, vi, mods = mods, data = d)
    args <- list(d$yi, d$vi, data = d)
    args$mods <- mods
    b <- do.call(metafor::rma.uni, args)
    for (type in c("QP", "PL", if (is.null(mods)) "HT", "Wald", "Wald.log", "Wald.sqrt")) {
      expect_gate(confint(a, type = type)$random, confint(b, type = type)$random, "metafor_interval", scale = a$vt)
    }
    args$method <- "GENQ"
    g <- confint(do.call(metafor::rma.uni, c(args, list(weights = 1 / (d$vi + .1)))))
    expect_gate(confint(rma(yi, vi, weights = 1 / (vi + .1), mods = mods, data = d, method = "GENQ"))$random, g$random,
                "metafor_interval", scale = a$vt)
  }
})

test_that("the profile likelihood of an estimator other than REML is the full one", {
  skip_if_not_installed("metafor")
  for (method in c("DL", "EB", "HE")) {
    fits <- list(rma(yi, vi, data = d, method = method), metafor::rma.uni(d$yi, d$vi, method = method))
    ends <- lapply(fits, function(fit) confint(fit, type = "PL")$random)
    expect_gate(ends[[1L]], ends[[2L]], "metafor_interval", scale = fits[[1L]]$vt)
  }
})

test_that("coefficients have their intervals, transformed on request", {
  x <- rma(yi, vi, mods = ~x, data = d, test = "knha")
  ci <- confint(x, fixed = TRUE, level = 90)$fixed
  expect_gate(ci[, 3], as.numeric(x$beta) + qt(.95, 10) * x$se, "closed_form")
  expect_gate(confint(x, fixed = TRUE, transf = exp)$fixed[, 1], exp(x$beta), "closed_form")
})

test_that("an empty interval and a common-effect model are said", {
  flat <- rma(c(.1, .1, .1, .1, .1), rep(1, 5))
  expect_true(confint(flat)$ci.null)
  expect_equal(unname(confint(flat)$random[1, 2:3]), c(0, 0))
  common <- rma(yi, vi, data = d, method = "EE")
  expect_null(confint(common)$random)
  expect_error(confint(rma(yi, vi, data = d, tau2 = 0.1)), class = "metaparity_error_input")
  expect_error(confint(flat, fixed = FALSE, random = FALSE), class = "metaparity_error_input")
  expect_true(is.matrix(as.data.frame(confint(flat, fixed = TRUE))))
  expect_error(confint(rma(yi, vi, mods = ~x, data = d), type = "HT"), class = "metaparity_error_input")
  expect_error(confint(rma(yi, vi, data = d), type = "QQ"), class = "metaparity_error_input")
})

test_that("the printed table is metafor's", {
  skip_if_not_installed("metafor")
  a <- rma(yi, vi, data = d, method = "DL")
  b <- metafor::rma.uni(yi, vi, data = d, method = "DL")
  expect_equal(capture.output(print(confint(a, fixed = TRUE))),
               capture.output(print(confint(b, fixed = TRUE, control = list(tol = 1e-12)))))
  expect_equal(capture.output(print(confint(a))), capture.output(print(confint(b, control = list(tol = 1e-12)))))
})

test_that("tau2.min of the control is where the search starts", {
  high <- confint(rma(yi, vi, data = d), control = list(tau2.min = 0.2))
  expect_identical(high$lb.sign, "<")
  expect_equal(high$random[["tau^2", "ci.lb"]], 0.2)
  few <- rma(c(-0.89, -1.59), c(0.33, 0.19), control = list(tau2.min = -0.1))
  expect_equal(confint(few)$random[["tau^2", "ci.lb"]], -0.1)
  expect_equal(profile(few, steps = 3, progbar = FALSE, plot = FALSE)$tau2[1L], -0.1)
  empty <- confint(rma(c(.1, .1, .11), c(1, 1, 1), control = list(tau2.min = -0.5)), type = "PL")
  expect_equal(unname(empty$random["tau^2", 2:3]), c(-0.5, 2.4132), tolerance = 1e-4)
})

test_that("ends beyond `xlim` stand at its limits", {
  skip_if_not_installed("metafor")
  ours <- confint(rma(yi, vi, data = d), xlim = c(0.02, 0.3))
  theirs <- confint(metafor_fit(d$yi, d$vi), xlim = c(0.02, 0.3))
  expect_gate(ours$random, theirs$random, "metafor_interval", scale = 1)
  expect_identical(ours[c("lb.sign", "ub.sign")], theirs[c("lb.sign", "ub.sign")])
  expect_identical(confint(rma(yi, vi, data = d), xlim = c(0, 50))$random, confint(rma(yi, vi, data = d))$random)
  expect_error(confint(rma(yi, vi, data = d), xlim = c(20, 50)), class = "metaparity_error_input")
})
