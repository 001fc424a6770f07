test_that("first order is the gradient formula", {
  v <- matrix(c(0.01, 0.004, 0.004, 0.02), 2)
  x <- deltamethod(c(0.5, 0.8), v, function(a, b) c(ratio = a / b, product = a * b))
  g <- rbind(c(1 / 0.8, -0.5 / 0.64), c(0.8, 0.5))
  expect_gate(vcov(x), g %*% v %*% t(g), "numeric_derivative")
  expect_gate(coef(x), c(0.625, 0.4), "closed_form")
  expect_gate(x$tab$ci.lb, coef(x) - qnorm(0.975) * sqrt(diag(g %*% v %*% t(g))), "numeric_derivative")
  y <- deltamethod(c(0.5, 0.8), v, function(r) r[1] / r[2], H0 = 0.5, level = 90)
  expect_gate(y$tab$zval, (0.625 - 0.5) / y$tab$se, "closed_form")
})

test_that("second order is exact for quadratic functions", {
  v <- matrix(c(0.3, 0.1, 0.1, 0.2), 2)
  b <- c(0.5, -0.7)
  x <- deltamethod(b, v, function(r) r[1] * r[2], order = 2)
  exact <- b[1]^2 * v[2, 2] + b[2]^2 * v[1, 1] + 2 * b[1] * b[2] * v[1, 2] + v[1, 1] * v[2, 2] + v[1, 2]^2
  expect_gate(vcov(x), exact, "second_derivative")
})

test_that("fits and errors", {
  fit <- rma(c(0.1, 0.4, 0.3, 0.8), c(0.05, 0.02, 0.04, 0.03), mods = ~ c(1, 2, 3, 5))
  x <- deltamethod(fit, fun = function(a, b) a + 2 * b)
  expect_gate(vcov(x), c(1, 2) %*% vcov(fit) %*% c(1, 2), "numeric_derivative")
  expect_output(print(x), "estimate")
  expect_error(deltamethod(1:2, diag(3), function(x) x), class = "metaparity_error_input")
  expect_error(deltamethod(1:2, fun = function(x) x), class = "metaparity_error_input")
  expect_error(deltamethod(1:2, diag(2), function(x) "a"), class = "metaparity_error_input")
  expect_error(deltamethod(1:2, diag(2), function(x) stop("no")), class = "metaparity_error_input")
  expect_error(deltamethod("a", diag(1), function(x) x), class = "metaparity_error_input")
})

test_that("third order is exact for cubic functions of one estimate, and for the logarithm the terms of its series", {
  x <- deltamethod(1.2, matrix(0.1), function(a) c(log = log(a), cube = a^3), order = 3)
  exact <- 9 * 1.2^4 * 0.1 + 36 * 1.2^2 * 0.1^2 + 15 * 0.1^3
  expect_gate(vcov(x)[2, 2], exact, "second_derivative")
  u <- 0.1 / 1.44
  expect_gate(vcov(x)[1, 1], u + u^2 / 2 + 2 * u^2 + 15 / 9 * u^3, "second_derivative")
})

test_that("covariances of cubic terms are the moments of independent normal variables", {
  x <- deltamethod(c(0, 0, 0), diag(1:3), function(r) c(r[1] * r[2] * r[3], r[1]^3, r[1] * r[2]^2), order = 3)
  expect_gate(vcov(x), rbind(c(6, 0, 0), c(0, 15, 6), c(0, 6, 12)), "second_derivative", scale = 1)
})

test_that("results without names have none; the layout is metafor's", {
  x <- deltamethod(c(0.5, 0.8), diag(c(0.01, 0.02)), function(a, b) c(a / b, a * b))
  expect_null(dimnames(vcov(x)))
  expect_null(names(coef(x)))
  expect_named(x$tab, c("coef", "se", "zval", "pval", "ci.lb", "ci.ub"))
  expect_identical(capture.output(print(x)), c(
    "", "   estimate      se    zval    pval   ci.lb   ci.ub      ",
    "1    0.6250  0.1668  3.7463  0.0002  0.2980  0.9520  *** ",
    "2    0.4000  0.1068  3.7463  0.0002  0.1907  0.6093  *** ", "", "---",
    paste("Signif. codes: ", attr(symnum(0.5, corr = FALSE, na = FALSE, cutpoints = c(0, 0.001, 0.01, 0.05, 0.1, 1),
                                         symbols = c("***", "**", "*", ".", " ")), "legend")), ""))
  for (order in list(0, 4, 1.5, "a")) {
    expect_error(deltamethod(1, matrix(1), function(x) x, order = order), class = "metaparity_error_input")
  }
})
