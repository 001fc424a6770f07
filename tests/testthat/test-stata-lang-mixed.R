slopes_data <- function() {
  set.seed(5)
  d <- data.frame(id = rep(1:14, times = rep(c(5, 8, 6, 7), length.out = 14)))
  d$x <- round(stats::rnorm(nrow(d), 2), 2)
  d$z <- round(stats::runif(nrow(d)), 2)
  d$y <- round(1 + 0.5 * d$x + stats::rnorm(14)[d$id] + stats::rnorm(14, 0, 0.6)[d$id] * d$x +
                 stats::rnorm(nrow(d), 0, 0.8), 3)
  d
}

mixed_values <- function(lines, names, d = slopes_data()) {
  as.numeric(utils::tail(stata(c(lines, sprintf("display %%21.17f %s", names)), d)$log, length(names)))
}

# The likelihood of dense matrices at given covariances.
dense_likelihood <- function(d, G, s2, reml, Z = cbind(d$x, 1)) {
  V <- outer(d$id, d$id, "==") * (Z %*% G %*% t(Z)) + diag(s2, nrow(d))
  X <- cbind(d$x, 1)
  A <- crossprod(X, solve(V, X))
  e <- d$y - X %*% solve(A, crossprod(X, solve(V, d$y)))
  n <- nrow(d) - if (reml) 2 else 0
  -0.5 * (as.numeric(determinant(V)$modulus) + drop(crossprod(e, solve(V, e))) + n * log(2 * pi) +
            if (reml) as.numeric(determinant(A)$modulus) else 0)
}

test_that("random slopes are at the top of the likelihood, ML and REML, independent and unstructured", {
  skip_if_not_installed("nlme")
  d <- slopes_data()
  for (reml in c(FALSE, TRUE)) for (un in c(FALSE, TRUE)) {
    form <- if (un) nlme::pdSymm(~ 1 + x) else nlme::pdDiag(~ 1 + x)
    fit <- nlme::lme(y ~ x, random = list(id = form), data = d, method = if (reml) "REML" else "ML",
                     control = nlme::lmeControl(msTol = 1e-13, tolerance = 1e-13, opt = "optim", reltol = 1e-15,
                                                maxIter = 500, msMaxIter = 500))
    line <- sprintf("quietly mixed y x || id: x,%s%s", if (un) " covariance(unstructured)" else "",
                    if (reml) " reml" else "")
    found <- mixed_values(line, c("_b[x]", "_se[x]", "_b[_cons]", "e(sigma_e)", "e(ll)"))
    expect_gate(found, c(nlme::fixef(fit)[["x"]], sqrt(fit$varFix[2, 2]), nlme::fixef(fit)[[1]], fit$sigma,
                         as.numeric(stats::logLik(fit))), "lme_search")
    expect_gte(found[5] + 1e-10, as.numeric(stats::logLik(fit)))
  }
})

test_that("variances and their errors are those of the dense likelihood's curvature", {
  d <- slopes_data()
  X <- cbind(1, d$x)
  for (reml in c(FALSE, TRUE)) {
    out <- metaparity:::cpp_random_coefficients(d$y, X, cbind(d$x, 1), d$id, "unstructured", reml)
    expect_gate(out$ll, dense_likelihood(d, out$G, out$s2_e, reml), "exact_solution")
    f <- function(t) {
      s <- exp(t[1:2])
      r <- tanh(t[3])
      dense_likelihood(d, matrix(c(s[1]^2, r * prod(s), r * prod(s), s[2]^2), 2), exp(2 * t[4]), reml)
    }
    slope <- vapply(1:4, function(i) (f(out$theta + 1e-5 * (1:4 == i)) - f(out$theta - 1e-5 * (1:4 == i))) / 2e-5, 0)
    expect_lt(max(abs(slope)), 1e-5)
    H <- stats::optimHess(out$theta, f, control = list(ndeps = rep(1e-3, 4)))
    expect_gate(diag(out$v_theta), diag(solve(-H)), "mixed_curvature")
  }
})

test_that("exchangeable and identity tie the variances", {
  d <- slopes_data()
  X <- cbind(1, d$x)
  out <- metaparity:::cpp_random_coefficients(d$y, X, cbind(d$x, d$z), d$id, "exchangeable", FALSE)
  expect_gate(out$G[1, 1], out$G[2, 2], "exact_solution")
  Z <- cbind(d$x, d$z)
  f <- function(t) dense_likelihood(d, diag(exp(2 * t[1]), 2), exp(2 * t[2]), FALSE, Z)
  one <- metaparity:::cpp_random_coefficients(d$y, X, Z, d$id, "identity", FALSE)
  expect_gate(one$ll, f(one$theta), "exact_solution")
  best <- stats::optim(c(-0.5, 0), f, control = list(fnscale = -1, reltol = 1e-14))
  expect_gte(one$ll + 1e-9, best$value)
})

test_that("a variance without support is exactly 0, and has no limits", {
  set.seed(2)
  d <- data.frame(id = rep(1:10, each = 6), x = rep(1:6, 10), y = stats::rnorm(60))
  out <- metaparity:::cpp_random_coefficients(d$y, matrix(1, 60, 1), cbind(d$x, 1), d$id, "independent", FALSE)
  expect_true(any(diag(out$G) == 0))
  log <- stata("mixed y || id: x", d)$log
  expect_true(any(grepl("var[(](x|_cons)[)] |[ ]+0 +[.]", log)))
})

test_that("the log shows the structure and the test against no random effects", {
  log <- stata("mixed y x || id: x, covariance(unstructured) reml", slopes_data())$log
  expect_true("id: Unstructured             |" %in% log)
  expect_identical(sum(grepl("^ +(var|cov)[(]", log)), 4L)
  expect_true(any(grepl("^LR test vs. linear model: chi2[(]3[)] = ", log)))
  sd <- stata("mixed y x || id: x, covariance(unstructured) stddeviations", slopes_data())$log
  expect_true(any(grepl("corr[(]x,_cons[)] [|]", sd)))
})

test_that("estat icc is the share between groups with limits on the logit scale", {
  skip_if_not_installed("nlme")
  d <- slopes_data()
  found <- mixed_values(c("quietly mixed y x || id:", "estat icc"), c("r(icc2)", "r(se2)", "e(sigma_u)", "e(sigma_e)"))
  expect_gate(found[1], found[3]^2 / (found[3]^2 + found[4]^2), "exact_solution")
  rho <- mixed_values(c("quietly xtset id", "quietly xtreg y x, mle"), "e(rho)")
  expect_gate(found[1], rho, "exact_solution")
  log <- stata(c("quietly mixed y x || id: x", "estat icc"), d)$log
  expect_true("Conditional intraclass correlation" %in% log)
  wrong <- expect_error(stata(c("xtset id", "quietly xtreg y x, re", "estat icc"), d), class = "metaparity_error_stata")
  expect_equal(wrong$rc, 321L)
})

test_that("predict: effects, fitted values, residuals as lme has them", {
  skip_if_not_installed("nlme")
  d <- slopes_data()
  fit <- nlme::lme(y ~ x, random = ~ 1 + x | id, data = d, method = "ML",
                   control = nlme::lmeControl(msTol = 1e-13, tolerance = 1e-13, opt = "optim", reltol = 1e-15))
  out <- stata(c("quietly mixed y x || id: x, cov(uns)", "predict double f, fitted", "predict double r, residuals",
                 "predict double u*, reffects", "predict double p"), d)$data
  expect_gate(out$f, as.numeric(stats::fitted(fit)), "lme_search")
  expect_gate(out$u2, nlme::ranef(fit)[d$id, 1], "lme_effects")
  expect_gate(out$r + out$f, d$y, "exact_solution")
})
