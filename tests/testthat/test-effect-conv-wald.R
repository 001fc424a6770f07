test_that("conv.wald() as in metafor", {
  expect_same_output(strip = "^Classes|\"rows\"", {
    d <- data.frame(or = c(1.37, 1.89, NA, 2), lb = c(1.03, 1.60, 1, NA), ub = c(1.82, 2.23, 2, 3.5),
                    z = c(2, NA, 3, 2),
                    p = c(.1, .2, .3, .04), n = c(10, 20, 30, 40))
    conv.wald(out = or, ci.lb = lb, ci.ub = ub, data = d, transf = log)
    str(conv.wald(out = or, ci.lb = lb, ci.ub = ub, data = d, transf = log, n = n))
    conv.wald(out = or, zval = z, pval = p, data = d, append = FALSE)
    conv.wald(out = or, ci.ub = ub, data = d, transf = log, level = 90)
    conv.wald(out = or, ci.lb = lb, ci.ub = ub, data = d, transf = log, level = c(90, 95, 95, 99))
    conv.wald(out = or, zval = z, data = d, var.names = c("y", "v"), include = 1:2)
    conv.wald(2, pval = 1)
    x <- data.frame(ai = c(23, NA, 4), n1i = c(194, 183, 46), ci = c(38, NA, 7), n2i = c(201, 188, 44),
                    or = c(NA, .64, NA),
                    lower = c(NA, .33, NA), upper = c(NA, 1.22, NA), p = c(NA, .17, NA))
    x <- escalc("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = x)
    str(conv.wald(out = or, ci.lb = lower, ci.ub = upper, data = x, transf = log, n = n1i))
    str(conv.wald(out = or, pval = p, data = x, transf = log, replace = "all"))
    str(conv.wald(out = or, pval = p, data = x, transf = log, replace = "complete"))
    rma(yi, vi, data = conv.wald(out = or, pval = p, data = x, transf = log), method = "DL")
  })
})

test_that("variances return from their intervals and tests", {
  vi <- c(0.01, 0.2, 3)
  yi <- c(-1, 0.3, 2)
  z <- qnorm(0.975)
  expect_gate(conv.wald(yi, yi - z * sqrt(vi), yi + z * sqrt(vi))$vi, vi, "closed_form")
  expect_gate(conv.wald(yi, zval = yi / sqrt(vi))$vi, vi, "closed_form")
  expect_gate(conv.wald(yi, pval = 2 * pnorm(-abs(yi / sqrt(vi))))$vi, vi, "exact_solution")
  expect_warning(conv.wald(1.37, 1.03, 1.2), class = "metaparity_warning_studies")
  expect_warning(conv.wald(2, zval = 0), class = "metaparity_warning_studies")
  expect_error(conv.wald(2, pval = -1), class = "metaparity_error_studies")
  expect_error(conv.wald(1:2, zval = 1:3), class = "metaparity_error_input")
})

test_that("conv.delta() as in metafor, its derivatives to ten digits", {
  expect_same_output(strip = "^Classes|\"rows\"", {
    a <- escalc("PR", xi = c(5, 12), ni = c(40, 80))
    conv.delta(a$yi, a$vi, transf = transf.logit)
    conv.delta(yi, vi, data = a, transf = transf.logit)
    str(conv.delta(yi, vi, data = a, transf = transf.logit, var.names = c("yi.t", "vi.t")))
    str(conv.delta(yi, vi, data = a, transf = transf.logit, replace = "all"))
    conv.delta(c(.3, NA), c(.01, .2), transf = exp, ni = c(3, 4))
    conv.delta(c(.3, .4), c(.01, .02), transf = function(x, k) x * k, k = c(2, 3))
    conv.delta(.3, .01, transf = transf.lnortord, pc = .2)
  })
  x <- c(1e-6, 0.01, 0.4, 0.97)
  expect_gate(conv.delta(x, rep(1, 4), transf = qlogis)$vi, (1 / (x * (1 - x)))^2, "numeric_derivative")
  y <- c(-20, -1, 0, 0.001, 3)
  expect_gate(conv.delta(y, rep(1, 5), transf = exp)$vi, exp(2 * y), "numeric_derivative")
  expect_error(conv.delta(0.3, 0.01), class = "metaparity_error_input")
  expect_error(conv.delta(0.3, transf = exp), class = "metaparity_error_input")
  expect_error(conv.delta(0.3, 0.01, transf = 3), class = "metaparity_error_input")
})

test_that("arguments of the transformation may be columns, and the measure is that of the result", {
  skip_if_not_installed("metafor")
  d <- data.frame(or = c(2.5, NA, 1.2), lower = c(1, NA, .5), upper = c(5, NA, 3), n1 = 11:13, n2 = 21:23)
  run <- function(escalc, conv.wald, conv.delta) {
    x <- escalc("OR", ai = c(1, NA, 3), ci = c(3, 4, 5), n1i = c(9, 9, 9), n2i = c(9, 9, 9), data = d)
    list(conv.delta(or, n1, data = x, transf = transf.dtorpb, n1i = n1, n2i = n2, var.names = c("a", "b")),
         conv.delta(yi, vi, data = x, transf = exp, replace = "all"),
         conv.delta(or, n1, data = x, transf = log, var.names = c("yi", "vi")),
         conv.wald(out = or, ci.lb = lower, ci.ub = upper, data = x, transf = log),
         conv.wald(out = or, ci.lb = lower, ci.ub = upper, data = x, transf = log, replace = "all"),
         conv.delta(c(.1, .2), c(.3, .4), transf = transf.dtorpb, n1i = c(10, 11), n2i = 10))
  }
  a <- run(escalc, conv.wald, conv.delta)
  b <- run(metafor::escalc, metafor::conv.wald, metafor::conv.delta)
  for (i in seq_along(b)) {
    for (name in names(b[[i]])) expect_equal(as.numeric(a[[i]][[name]]), as.numeric(b[[i]][[name]]), tolerance = 1e-8)
    expect_identical(attr(a[[i]][[attr(a[[i]], "yi.names")[1L]]], "measure"),
                     attr(b[[i]][[attr(b[[i]], "yi.names")[1L]]], "measure"))
  }
})

test_that("`cifac` says how far from the middle an estimate may lie", {
  expect_warning(conv.wald(out = 0.5, ci.lb = 0.1, ci.ub = 0.93, cifac = 0.01), class = "metaparity_warning_studies")
  expect_silent(conv.wald(out = 0.5, ci.lb = 0.1, ci.ub = 1.5, cifac = 0.3))
})
