# Stata's Survival Analysis manual, streg: lives of generators by load and bearings.
bearings <- function() {
  data.frame(failtime = c(100, 140, 97, 122, 84, 100, 54, 52, 40, 55, 22, 30), load = rep(seq(15, 40, 5), each = 2),
             bearings = rep(0:1, 6))
}

test_that("streg prints the manual's Weibull regression", {
  log <- stata(c("quietly stset failtime", "streg load bearings, distribution(weibull)"), bearings())$log
  row <- function(name) grep(sprintf("^ *%s \\|", name), log, value = TRUE)
  expect_equal(row("load"), "        load |   1.599315   .1883807     3.99   0.000     1.269616    2.014631")
  expect_equal(row("bearings"), "    bearings |   .1887995   .1312109    -2.40   0.016     .0483546    .7371644")
  expect_equal(row("p"), "           p |   7.779969   1.802677                      4.940241    12.25202")
  expect_true(any(grepl("LR chi2\\(2\\) +=       30.27", log)))
  expect_true(any(grepl("Log likelihood  =    5.6934189", log)))
})

test_that("streg is survreg's fit: accelerated times, standard errors, shape", {
  skip_if_not_installed("survival")
  d <- survival_times()
  fit <- survival::survreg(survival::Surv(t, d) ~ g + x, d, dist = "weibull",
                           control = survival::survreg.control(rel.tolerance = 1e-14, maxiter = 100))
  V <- stats::vcov(fit)
  found <- survival_numbers("quietly streg g x, d(w) time", c("_b[g]", "_se[x]", "_b[_cons]", "e(aux_p)"))
  expect_gate(found, c(stats::coef(fit)[["g"]], sqrt(V["x", "x"]), stats::coef(fit)[["(Intercept)"]], 1 / fit$scale),
              "streg_search")
  # Stata's log-likelihood is that of ln t.
  ll <- survival_numbers("quietly streg g x, d(w)", "e(ll)")
  expect_gate(ll, fit$loglik[2] + sum(log(d$t[d$d == 1])), "exact_solution")
})

test_that("an exponential regression is Poisson's with the time at risk, also of late entries", {
  skip_if_not_installed("survival")
  d <- heart_records()
  fit <- stats::glm(event ~ age + transplant + offset(log(stop - start)), stats::poisson(), d,
                    control = stats::glm.control(epsilon = 1e-14, maxit = 100))
  found <- survival_numbers("quietly streg age transplant, d(exponential)",
                            c("_b[age]", "_se[transplant]", "e(N_sub)"), d, heart_set)
  expect_gate(found, c(stats::coef(fit)[["age"]], sqrt(stats::vcov(fit)[3, 3]), 103), "exact_solution")
})

test_that("late entries: the Weibull maximum has no slope, its curvature is the variance", {
  skip_if_not_installed("survival")
  d <- heart_records()
  lines <- c("quietly streg age transplant, d(weibull) nohr", "matrix V = e(V)")
  found <- survival_numbers(lines, c("_b[age]", "_b[transplant]", "_b[_cons]", "log(e(aux_p))", "e(ll)", "V[4,4]"), d,
                            heart_set)
  ll <- function(b) {
    p <- exp(b[4])
    xb <- b[1] * d$age + b[2] * d$transplant + b[3]
    sum(d$event * (xb + b[4] + p * log(d$stop)) - exp(xb) * (d$stop^p - d$start^p))
  }
  expect_gate(found[5], ll(found[1:4]), "exact_solution")
  slope <- vapply(1:4, function(i) (ll(found[1:4] + 1e-5 * (1:4 == i)) - ll(found[1:4] - 1e-5 * (1:4 == i))) / 2e-5, 0)
  expect_lt(max(abs(slope)), 1e-4)
  expect_gate(found[6], solve(-stats::optimHess(found[1:4], ll, control = list(ndeps = rep(1e-4, 4))))[4, 4],
              "streg_curvature")
})

test_that("streg refuses by name what is not here", {
  run <- function(line) stata(c("quietly stset t, failure(d)", line), survival_times())
  expect_error(run("streg x, d(weibull) frailty(gamma)"), class = "metaparity_error_stata_gap")
  expect_error(run("streg x, d(weibull) frailty(gamma)"), class = "metaparity_error_stata_gap")
  expect_error(run("streg x"), class = "metaparity_error_stata")
})

test_that("robust variances of records without id and by subjects of one record are the same", {
  d <- survival_times()
  d$id <- seq_len(nrow(d))
  plain <- survival_numbers("quietly streg g x, d(weibull) vce(robust)", "_se[x]", d)
  by <- survival_numbers("quietly streg g x, d(weibull) vce(robust)", "_se[x]", d,
                         "quietly stset t, failure(d) id(id)")
  expect_gate(by, plain, "exact_solution")
})
