test_that("regressions from a matrix are those of data with it", {
  set.seed(4)
  X <- scale(matrix(rnorm(90), 30), scale = FALSE)
  d <- data.frame(y = X[, 1] + 2, a = X[, 2] + 0.4 * X[, 1] + 1, b = X[, 3] - 1)
  fit <- lm(y ~ a + b, data = d)
  x <- matreg(y ~ a + b, R = cov(d), n = 30, cov = TRUE, means = colMeans(d))
  expect_equal(unname(coef(x)), unname(coef(fit)), tolerance = 1e-10)
  expect_equal(unname(x$tab$se), unname(summary(fit)$coefficients[, 2]), tolerance = 1e-10)
  expect_equal(unname(vcov(x)), unname(vcov(fit)), tolerance = 1e-10)
  expect_equal(as.numeric(logLik(x)), as.numeric(logLik(fit)), tolerance = 1e-10)
  expect_equal(as.numeric(logLik(x, REML = TRUE)), as.numeric(logLik(fit, REML = TRUE)), tolerance = 1e-10)
  expect_equal(c(x$R2, x$R2adj), unlist(summary(fit)[c("r.squared", "adj.r.squared")]), ignore_attr = TRUE)
  expect_equal(sigma(x), sigma(fit))
  expect_equal(AIC(x), AIC(fit))
  expect_equal(BIC(x), BIC(fit))
  expect_equal(predict(x, c(1, 2))$pred, unname(predict(fit, data.frame(a = 1, b = 2))))
})

test_that("tables and prints are metafor's, of a sample and of pooled correlations", {
  R <- matrix(c(1, 0.2, 0.3, 0.2, 1, 0.4, 0.3, 0.4, 1), 3, dimnames = list(c("y", "a", "b"), c("y", "a", "b")))
  V <- rcalc(R, ni = 50)$V
  Vz <- rcalc(R, ni = 50, rtoz = TRUE)$V
  Z <- atanh(R - diag(3))
  calls <- list(quote(matreg("y", c("a", "b"), R, n = 50)), quote(matreg(1, 2:3, R, V = V)),
                quote(matreg(1, 2:3, Z, V = Vz, ztor = TRUE)), quote(matreg(y ~ a + b, R = 4 * R, n = 50, cov = TRUE)))
  for (call in calls) {
    a <- eval(call)
    b <- eval(call, list(matreg = metafor::matreg))
    expect_equal(a$tab, b$tab, tolerance = gate("metafor_closed"))
    expect_identical(capture.output(print(a)), capture.output(print(b)))
    expect_identical(capture.output(print(summary(a))), capture.output(print(summary(b))))
  }
  expect_error(matreg("y", "z", R, n = 50), class = "metaparity_error_input")
  expect_error(matreg("y", "a", R), class = "metaparity_error_input")
  expect_error(logLik(matreg(1, 2:3, R, V = V)), class = "metaparity_error_unsupported")
})

test_that("pooled covariances with their variances are metafor's, means known", {
  S <- matrix(c(2, 0.4, 0.6, 0.4, 1.5, 0.5, 0.6, 0.5, 3), 3, dimnames = rep(list(c("y", "a", "b")), 2))
  V <- 0.01 * (diag(6) + 0.2)
  means <- c(1, -2, 0.5)
  ours <- matreg("y", c("a", "b"), R = S, V = V, cov = TRUE, means = means)
  theirs <- metafor::matreg("y", c("a", "b"), R = S, V = V, cov = TRUE, means = means)
  expect_equal(ours$tab, theirs$tab, tolerance = gate("metafor_closed"))
  expect_equal(vcov(ours)[-1, -1], theirs$vb[-1, -1], tolerance = gate("metafor_closed"), ignore_attr = TRUE)
  # The intercept is mean(y) - b'mean(x); metafor has the covariances with the slopes with the other sign.
  expect_equal(vcov(ours)[1, -1], drop(-vcov(ours)[-1, -1] %*% means[-1]), tolerance = 1e-12)
  expect_equal(c(ours$R2, ours$QM, ours$QMp), c(theirs$R2, theirs$QM, theirs$QMp), tolerance = gate("metafor_closed"))
  expect_error(matreg("y", "a", R = S, V = diag(3), cov = TRUE, means = means), class = "metaparity_error_input")
  expect_error(matreg("y", "a", R = S, V = V, cov = TRUE, means = 1), class = "metaparity_error_input")
})

test_that("correlations need no diagonal; intervals and the corrected AIC are metafor's", {
  R <- matrix(NA_real_, 3, 3, dimnames = rep(list(c("y", "a", "b")), 2))
  R[lower.tri(R)] <- c(0.2, 0.3, 0.4)
  full <- R
  diag(full) <- 1
  ours <- matreg("y", c("a", "b"), R = R, n = 50)
  expect_equal(ours$tab, matreg("y", c("a", "b"), R = full, n = 50)$tab)
  theirs <- metafor::matreg("y", c("a", "b"), R = full, n = 50)
  expect_equal(confint(ours)$tab, confint(theirs)$tab, tolerance = gate("metafor_closed"))
  expect_identical(capture.output(print(confint(ours, level = 90))), capture.output(print(confint(theirs, level = 90))))
  expect_equal(AIC(ours, correct = TRUE), AIC(theirs, correct = TRUE), tolerance = gate("metafor_closed"))
})

test_that("predictions go by the names of the predictors, and what is given is looked at", {
  R <- matrix(c(1, .3, .4, .3, 1, .2, .4, .2, 1), 3, dimnames = list(c("y", "a", "b"), c("y", "a", "b")))
  fit <- matreg(y = 1, x = 2:3, R = R, n = 100)
  b <- coef(fit)
  expect_equal(predict(fit, newmods = c(b = 1, a = 2))$pred, 2 * b[["a"]] + b[["b"]])
  expect_equal(predict(fit, newmods = c(1, 2), transf = exp)$pred, exp(b[["a"]] + 2 * b[["b"]]))
  expect_error(predict(fit), class = "metaparity_error_input")
  expect_error(predict(fit, newmods = c(z = 1, a = 2)), class = "metaparity_error_input")
  expect_error(predict(fit, newmods = "a"), class = "metaparity_error_input")
  for (parm in list("z", 9, NA, character())) {
    expect_error(confint(fit, parm = parm), class = "metaparity_error_input")
  }
  skip_if_not_installed("metafor", "5.0.0")
  other <- metafor::matreg(y = 1, x = 2:3, R = R, n = 100)
  for (newmods in list(c(b = 1, a = 2), rbind(c(1, 2), c(3, 4)))) {
    own <- predict(fit, newmods = newmods, level = 90, adjust = TRUE, vcov = TRUE)
    theirs <- predict(other, newmods = newmods, level = 90, adjust = TRUE, vcov = TRUE)
    fields <- c("pred", "se", "ci.lb", "ci.ub")
    expect_equal(unclass(own$pred)[fields], unclass(theirs$pred)[fields], ignore_attr = TRUE)
    expect_equal(own$vcov, theirs$vcov, ignore_attr = TRUE)
  }
})
