kind_fit <- function(line, d, ask) {
  out <- stata(c("quietly stset t, failure(d)", paste("quietly", line), sprintf("display %%21.15f %s", ask)), d)$log
  as.numeric(out)
}

test_that("streg, distribution(lognormal | loglogistic) is survreg's fit", {
  skip_if_not_installed("survival")
  d <- survival_times()
  for (kind in c("lognormal", "loglogistic")) {
    fit <- survival::survreg(survival::Surv(t, d) ~ g + x, d, dist = kind,
                             control = survival::survreg.control(rel.tolerance = 1e-14, maxiter = 100))
    V <- stats::vcov(fit)
    size <- if (kind == "lognormal") "e(sigma)" else "e(gamma)"
    found <- kind_fit(sprintf("streg g x, d(%s)", kind), d, c("_b[g]", "_se[x]", "_b[_cons]", size, "e(ll)"))
    expect_gate(found, c(stats::coef(fit)[["g"]], sqrt(V["x", "x"]), stats::coef(fit)[["(Intercept)"]], fit$scale,
                         fit$loglik[2] + sum(log(d$t[d$d == 1]))), "streg_search")
  }
})

test_that("Gompertz's fit is the maximum of its likelihood, late entries included", {
  d <- survival_times()
  d$t0 <- ifelse(seq_along(d$t) %% 3 == 0, d$t / 3, 0)
  out <- stata(c("quietly stset t, failure(d) time0(t0)", "quietly streg g, d(gompertz)",
                 sprintf("display %%21.15f %s", c("_b[g]", "_b[_cons]", "e(gamma)", "e(ll)", "_se[g]"))), d)$log
  found <- as.numeric(out)
  ll <- function(p) {
    m <- p[1] * d$g + p[2]
    sum(d$d * (m + p[3] * d$t + log(d$t)) - exp(m) * (exp(p[3] * d$t) - exp(p[3] * d$t0)) / p[3])
  }
  expect_equal(found[4L], ll(found[1:3]), tolerance = 1e-10)
  up <- stats::optim(found[1:3], function(p) -ll(p), hessian = TRUE, control = list(reltol = 1e-14, maxit = 5000))
  expect_lt(-up$value - found[4L], 1e-8)
  expect_equal(found[5L], sqrt(solve(up$hessian)[1L, 1L]), tolerance = 1e-3)
})

test_that("the generalized gamma holds the Weibull and the lognormal distribution", {
  set.seed(7)
  d <- data.frame(g = rep(0:1, 60), t = stats::rweibull(120, 1.6, 8))
  d$d <- as.numeric(d$t < 10)
  d$t <- pmin(d$t, 10)
  found <- kind_fit("streg g, d(ggamma)", d, c("_b[g]", "_b[_cons]", "ln(e(sigma))", "e(kappa)", "e(ll)"))
  ll <- function(p) {
    z <- sign(p[4]) * (log(d$t) - p[1] * d$g - p[2]) / exp(p[3])
    n <- p[4]^-2
    u <- n * exp(abs(p[4]) * z)
    sum(ifelse(d$d == 1, stats::dgamma(u, n, log = TRUE) + log(u) + log(abs(p[4])) - p[3],
               stats::pgamma(u, n, lower.tail = p[4] < 0, log.p = TRUE)))
  }
  expect_equal(found[5L], ll(found[1:4]), tolerance = 1e-8)
  up <- stats::optim(found[1:4], function(p) -ll(p), control = list(reltol = 1e-14, maxit = 5000))
  expect_lt(-up$value - found[5L], 1e-6)
  inner <- c(kind_fit("streg g, d(weibull)", d, "e(ll)"), kind_fit("streg g, d(lognormal)", d, "e(ll)"))
  expect_true(all(found[5L] > inner - 1e-8))
})

test_that("predictions of the other distributions agree with their curves", {
  d <- survival_times()
  for (kind in c("lognormal", "loglogistic", "gompertz")) {
    lines <- c("quietly stset t, failure(d)", sprintf("quietly streg g, d(%s)", kind), "predict double med",
               "predict double s, surv", "predict double h, hazard")
    found <- lapply(stata(lines, d)$data, as.numeric)
    # At the median the curve is one half.
    d2 <- data.frame(t = found$med, d = 1, g = d$g)
    at <- stata(c(lines[1:2], "quietly replace _t = med", "predict double half, surv"), cbind(d, med = found$med))$data
    expect_equal(as.numeric(at$half), rep(0.5, nrow(d2)), tolerance = 1e-6)
    expect_true(all(found$h > 0 & found$s > 0 & found$s < 1))
  }
  expect_error(stata(c(lines[1L], "streg g, d(gompertz) time"), d), class = "metaparity_error_stata")
  expect_error(stata(c(lines[1L], "streg g, d(cauchy)"), d), class = "metaparity_error_stata")
})
