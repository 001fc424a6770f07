test_that("predictnl is the delta method in every row", {
  set.seed(4)
  d <- data.frame(x = stats::runif(30), z = stats::runif(30))
  d$y <- 1 + d$x + stats::rnorm(30)
  fit <- stats::lm(y ~ x + z, d)
  out <- stata(c("quietly regress y x z", "predictnl double r = exp(_b[x] * x) + xb() if z > .2, se(s) ci(lo hi) p(p) df(27)",
                 "predictnl double w = _b[x]^2, variance(v) wald(chi)"), d)
  b <- stats::coef(fit)
  value <- exp(b[["x"]] * d$x) + stats::fitted(fit)
  g <- stats::model.matrix(fit)
  g[, "x"] <- g[, "x"] + d$x * exp(b[["x"]] * d$x)
  se <- sqrt(rowSums((g %*% stats::vcov(fit)) * g))
  kept <- d$z > .2
  expect_gate(out$data$r[kept], unname(value[kept]), "exact_solution")
  expect_true(all(is.na(out$data$r[!kept])))
  # The session's new variables are floats.
  expect_equal(out$data$s[kept], unname(se[kept]), tolerance = 1e-7)
  expect_equal(out$data$hi[kept], unname(value + stats::qt(.975, 27) * se)[kept], tolerance = 1e-7)
  expect_equal(out$data$p[kept], unname(2 * stats::pt(-abs(value / se), 27))[kept], tolerance = 1e-6)
  expect_equal(out$data$chi[1], b[["x"]]^4 / (4 * b[["x"]]^2 * stats::vcov(fit)["x", "x"]), tolerance = 1e-6)
  expect_match(paste(out$log, collapse = "\n"), "confidence intervals calculated using t critical values")
})

test_that("predictnl refuses what it cannot tell", {
  d <- data.frame(x = 1:9, y = c(2, 1, 4, 3, 6, 5, 8, 7, 9))
  expect_error(stata("predictnl a = _b[x]", d), "last estimates not found")
  expect_error(stata(c("regress y x", "predictnl x = _b[x]"), d), "already defined")
  expect_error(stata(c("regress y x", "predictnl a = _b[x], se(a)"), d), "already defined")
  expect_error(stata(c("regress y x", "predictnl a = _b[x], ci(b)"), d), "two new names")
  expect_error(stata(c("regress y x", "predictnl a = predict()"), d), class = "metaparity_error_stata_unsupported")
})

test_that("predictnl counts observations in the whole data", {
  d <- data.frame(x = c(1, 2, 4, 3, 6), y = c(2, 1, 4, 3, 6))
  out <- stata(c("quietly regress y x", "predictnl double p = _b[x] * _n + x[_n-1] if _n > 3"), d)$data
  b <- stats::coef(stats::lm(y ~ x, d))[["x"]]
  expect_gate(as.numeric(out$p[4:5]), b * 4:5 + d$x[3:4], "exact_solution")
})
