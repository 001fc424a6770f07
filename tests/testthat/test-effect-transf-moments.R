test_that("means agree with closed forms and with metafor", {
  skip_if_not_installed("metafor")
  x <- c(0.05, 0.5, 1.2)
  for (t in c(0.01, 0.4, 3, 100)) {
    expect_gate(transf.iprobit.int(x, t), pnorm(x / sqrt(1 + t)), "closed_form")
    expect_gate(transf.dtocles.int(x, t), pnorm(x / sqrt(2 + t)), "closed_form")
    expect_gate(transf.exp.int(x, t), exp(x + t / 2), "closed_form")
    for (f in grep("[.]int$", transf_names(), value = TRUE)) {
      f <- paste0("transf.", f)
      # One value at a time: on truncated scales metafor's vectors mix the masses of their elements.
      theirs <- vapply(x, getExportedValue("metafor", f), 0, list(tau2 = t))
      expect_gate(getExportedValue("metaparity", f)(x, list(tau2 = t)), theirs, "metafor_quadrature")
    }
  }
  upper <- function(z) pnorm(z, lower.tail = FALSE)
  truncated <- function(m, t) 1 - exp(-m + t / 2) * upper((t - m) / sqrt(t)) / upper(-m / sqrt(t))
  for (t in c(0.02, 0.5, 4)) expect_gate(transf.iabt.int(c(-0.5, 0.3, 2), t), truncated(c(-0.5, 0.3, 2), t),
                                         "exact_solution")
})

test_that("limits cut the mean as in metafor, and beyond the scale they mean its ends", {
  skip_if_not_installed("metafor")
  limits <- list(tau2 = 1, lower = 0.1, upper = 0.8)
  for (f in setdiff(grep("[.]int$", transf_names(), value = TRUE), "exp.int")) {
    f <- paste0("transf.", f)
    expect_gate(getExportedValue("metaparity", f)(0.5, limits), getExportedValue("metafor", f)(0.5, limits),
                "metafor_quadrature")
  }
  expect_identical(transf.iahw.int(0.5, list(tau2 = 1, lower = -5, upper = 5)), transf.iahw.int(0.5, 1))
  expect_identical(transf.ilogit.int(c(-Inf, Inf), 1), c(0, 1))
  # Far outside the scale the truncated normal is close to exponential; metafor's difference of two tails is lost.
  expect_gate(transf.iahw.int(3, 0.01), 1, "metafor_quadrature")
})

test_that("modes solve their equations and agree with metafor's search", {
  skip_if_not_installed("metafor")
  x <- c(-0.5, 0.05, 0.5, 1.2)
  for (f in grep("[.]mode$", transf_names(), value = TRUE)) {
    f <- paste0("transf.", f)
    for (t in c(0, 0.01, 0.2)) {
      theirs <- suppressWarnings(getExportedValue("metafor", f)(x, list(tau2 = t)))
      expect_lt(max(abs(getExportedValue("metaparity", f)(x, list(tau2 = t)) - theirs)), 1e-4, label = f)
    }
  }
  p <- transf.ilogit.mode(x, 1.3)
  expect_gate(qlogis(p), x + 1.3 * (2 * p - 1), "exact_solution")
  r <- transf.ztor.mode(x, 0.3)
  expect_gate(atanh(r), x + 0.6 * r, "exact_solution")
  a <- asin(sqrt(transf.iarcsin.mode(0.5, 0.01)))
  expect_gate(0.5 - a, 0.02 / tan(2 * a), "exact_solution")
  expect_identical(transf.ilogit.mode(0.5, 2.1), NA_real_)
  expect_identical(transf.iprobit.mode(c(-1, 0, 1), 2), c(0, NA, 1))
})

test_that("predict() hands tau2 of the fit to means and modes", {
  expect_same_output({
    d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
    res <- rma(yi, vi, data = d, method = "DL")
    predict(res, transf = transf.exp.int)
    predict(res, transf = transf.exp.int, targs = list(tau2 = res$tau2, lower = -4, upper = 4))
    predict(res, transf = transf.exp.mode)
    predict(res, transf = exp)
    predict(res, transf = transf.dtomd, targs = 15)
  })
})

test_that("the variance may be one number, a list or a named vector; limits are numbers", {
  x <- c(a = -0.3, b = 0.4)
  out <- transf.ilogit.int(x, targs = list(tau2 = 0.5))
  expect_identical(transf.ilogit.int(x, 0.5), out)
  expect_identical(transf.ilogit.int(x, c(tau2 = 0.5)), out)
  expect_identical(names(out), c("a", "b"))
  low <- transf.ilogit.int(x, list(tau2 = 0.5, upper = 0))
  high <- transf.ilogit.int(x, list(tau2 = 0.5, lower = 0))
  expect_gate(low + high, out, "exact_solution")
  for (bad in list(list(lower = 0), list(tau2 = -1), list(tau2 = Inf), list(tau2 = NA), list(tau2 = 1:2),
                   list(tau2 = 1, lower = "a")))
    expect_identical(expect_error(transf.ztor.int(x, bad), class = "metaparity_error_input")$arg, "targs")
})

test_that("means by simulation's law of large numbers: quadrature of each function", {
  tau2 <- 0.2
  xi <- 0.4
  mean_of <- function(h) integrate(function(z) h(z) * dnorm(z, xi, sqrt(tau2)), -8, 8, rel.tol = 1e-11)$value
  expect_gate(transf.ztor.int(xi, tau2), mean_of(tanh), "exact_solution")
  expect_gate(transf.exp.int(xi, tau2), mean_of(exp), "exact_solution")
  expect_gate(transf.ilogit.int(xi, tau2), mean_of(plogis), "exact_solution")
  expect_gate(transf.iprobit.int(xi, tau2), mean_of(pnorm), "exact_solution")
  expect_gate(transf.dtocles.int(xi, tau2), mean_of(function(z) pnorm(z / sqrt(2))), "exact_solution")
})

test_that("means and modes are told from functions of single values", {
  expect_true(is_moment(transf.exp.int))
  expect_true(is_moment(transf.iahw.mode))
  for (f in list(exp, transf.ztor, NULL, "transf.exp.int")) expect_false(is_moment(f))
})
