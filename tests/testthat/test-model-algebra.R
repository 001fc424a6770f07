# Oracles: lm(), R's own matrix algebra.
test_that("values and variances along a design", {
  fit <- stats::lm(mpg ~ wt + hp, datasets::mtcars)
  X <- stats::model.matrix(fit)
  V <- stats::vcov(fit)
  ours <- list(beta = stats::coef(fit))
  expect_equal(values_along(X, ours), unname(stats::fitted(fit)), tolerance = 1e-12)
  expect_equal(covariance_along(X, V), unname(X %*% V %*% t(X)), tolerance = 1e-12)
  expect_equal(spread_along(X, V), unname(stats::predict(fit, se.fit = TRUE)$se.fit), tolerance = 1e-10)
  expect_error(values_along(X[, 1:2], ours), class = "metaparity_error_input")
})

test_that("hat matrix and covariance of the residuals by explicit inverses", {
  d <- data.frame(yi = c(0.1, 0.5, -0.2, 0.9, 0.4), vi = c(0.1, 0.2, 0.05, 0.3, 0.1), x = c(1, 3, 2, 5, 4))
  fit <- rma(yi, vi, mods = ~x, data = d, method = "DL")
  W <- diag(1 / (d$vi + fit$tau2))
  H <- fit$X %*% solve(t(fit$X) %*% W %*% fit$X) %*% t(fit$X) %*% W
  expect_equal(unname(hatvalues(fit, type = "matrix")), unname(H), tolerance = 1e-12)
  left <- diag(5) - H
  expect_equal(as.numeric(vcov(fit, type = "resid")), as.numeric(left %*% solve(W) %*% t(left)), tolerance = 1e-12)
})
