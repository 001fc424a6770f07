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
