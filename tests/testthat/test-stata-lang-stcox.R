test_that("stcox is coxph with Breslow's, Efron's and robust versions", {
  skip_if_not_installed("survival")
  d <- survival_times()
  S <- survival::Surv(d$t, d$d)
  control <- survival::coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
  b <- survival::coxph(S ~ g + x, d, ties = "breslow", control = control)
  found <- survival_numbers("quietly stcox g x", c("_b[g]", "_se[x]", "e(ll)", "e(chi2)"))
  expect_gate(found, c(stats::coef(b)[["g"]], sqrt(stats::vcov(b)["x", "x"]), b$loglik[2], 2 * diff(b$loglik)),
    "exact_solution")
  e <- survival::coxph(S ~ g + x, d, ties = "efron", control = control)
  expect_gate(survival_numbers("quietly stcox g x, efron", "_b[x]"), stats::coef(e)[["x"]], "exact_solution")
  r <- survival::coxph(S ~ g + x, d, ties = "breslow", control = control, robust = TRUE)
  expect_gate(survival_numbers("quietly stcox g x, vce(robust)", "_se[g]"), sqrt(stats::vcov(r)["g", "g"] * 40 / 39),
    "exact_solution")
  log <- stata(c("quietly stset t, failure(d)", "stcox g x"), d)$log
  expect_true("Cox regression -- Breslow method for ties" %in% log)
  expect_match(paste(log, collapse = "\n"), "Haz. Ratio")
})

# Grambsch and Therneau's statistics from the residuals of the score, by hand (Breslow's ties), failures of all strata.
ph_by_hand <- function(d, X, beta, strata = rep(1, nrow(X)), g = identity) {
  fails <- which(d$d == 1)
  parts <- lapply(fails, function(i) {
    at <- which(d$t >= d$t[i] & strata == strata[i])
    w <- exp(X[at, , drop = FALSE] %*% beta)
    mean <- colSums(c(w) * X[at, , drop = FALSE]) / sum(w)
    list(r = X[i, ] - mean, V = crossprod(X[at, , drop = FALSE] * sqrt(c(w))) / sum(w) - tcrossprod(mean))
  })
  V <- solve(Reduce(`+`, lapply(parts, `[[`, "V")))
  r <- do.call(rbind, lapply(parts, `[[`, "r"))
  scaled <- length(fails) * r %*% V
  time <- g(d$t[fails])
  time <- time - mean(time)
  each <- colSums(time * scaled)^2 / (length(fails) * diag(V) * sum(time^2))
  u <- colSums(time * r)
  list(rho = drop(cor(scaled, time)), each = each, all = length(fails) * drop(u %*% V %*% u) / sum(time^2))
}

test_that("estat phtest is Grambsch and Therneau's test with averaged variance", {
  skip_if_not_installed("survival")
  d <- survival_times()
  X <- cbind(d$g, d$x)
  beta <- survival_numbers("quietly stcox g x", c("_b[g]", "_b[x]"))
  hand <- ph_by_hand(d, X, beta)
  lines <- c("quietly stcox g x", "estat phtest, detail", "matrix P = r(phtest)")
  found <- survival_numbers(lines, c("r(chi2)", "r(df)", "P[1,1]", "P[2,1]", "P[1,2]", "P[2,2]"))
  expect_gate(found, c(hand$all, 2, hand$rho, hand$each), "exact_solution")
  robust <- survival_numbers(c("quietly stcox g x, vce(robust)", "estat phtest"), "r(chi2)")
  expect_gate(robust, hand$all, "exact_solution")
  logged <- survival_numbers(c("quietly stcox g x", "estat phtest, log"), "r(chi2)")
  expect_gate(logged, ph_by_hand(d, X, beta, g = log)$all, "exact_solution")
  d$s <- rep(1:2, each = 20)
  by <- survival_numbers("quietly stcox x, strata(s)", "_b[x]", d)
  found <- survival_numbers(c("quietly stcox x, strata(s)", "estat phtest"), "r(chi2)", d)
  expect_gate(found, ph_by_hand(d, X[, 2, drop = FALSE], by, d$s)$all, "exact_solution")
})

test_that("estat phtest, detail shows rho; options that are not here are refused", {
  skip_if_not_installed("survival")
  run <- function(line) stata(c("quietly stset t, failure(d)", "quietly stcox g x", line), survival_times())
  log <- run("estat phtest, detail")$log
  expect_match(paste(log, collapse = "\n"), "rho            chi2       df       Prob>chi2")
  expect_match(paste(log, collapse = "\n"), "global test \\|  +[0-9.]+ +2 +0[.][0-9]{4}")
  expect_no_match(paste(run("estat phtest")$log, collapse = "\n"), "rho")
  expect_error(run("estat phtest, km"), class = "metaparity_error_stata_gap")
})

test_that("a subject's records make one cluster", {
  skip_if_not_installed("survival")
  d <- heart_records()
  control <- survival::coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
  fit <- survival::coxph(survival::Surv(start, stop, event) ~ age + transplant, d, ties = "breslow", control = control,
                         cluster = id)
  found <- survival_numbers("quietly stcox age transplant, vce(robust)",
                            c("_b[age]", "_se[transplant]", "e(N_sub)", "e(N)"), d, heart_set)
  expect_gate(found, c(stats::coef(fit)[["age"]], sqrt(stats::vcov(fit)[2, 2] * 103 / 102), 103, 172),
              "exact_solution")
})

test_that("a regressor without variation is omitted, its coefficient 0", {
  skip_if_not_installed("survival")
  d <- survival_times()
  d$k <- 1
  run <- stata(c("quietly stset t, failure(d)", "stcox k", "display %21.17f e(chi2)", "display %21.17f e(ll)"), d)$log
  expect_true("note: k omitted because of collinearity" %in% run)
  null <- survival::coxph(survival::Surv(t, d) ~ 1, d, ties = "breslow")$loglik[1]
  expect_gate(as.numeric(utils::tail(run, 2)) + c(1, 0), c(1, null), "exact_solution")
  expect_true(any(grepl("^Cox regression", stata(c("quietly stset t, failure(d)", "stcox i.k"), d)$log)))
})
