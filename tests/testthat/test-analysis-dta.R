test_that("predictive values are Bayes' theorem, prediction limits hold both variances", {
  fit <- dta_fit()
  p <- predict(fit, prevalence = c(.1, .3))
  expect_equal(p$ppv, p$prevalence * p$sens / (p$prevalence * p$sens + (1 - p$prevalence) * (1 - p$spec)))
  expect_equal(p$npv, (1 - p$prevalence) * p$spec / ((1 - p$prevalence) * p$spec + p$prevalence * (1 - p$sens)))
  reach <- stats::qnorm(.975) * sqrt(fit$tau2 + diag(vcov(fit)))
  expect_equal(stats::qlogis(c(p$sens.pi.lb[1L], p$spec.pi.ub[1L])), unname(coef(fit) + c(-1, 1) * reach))
  expect_error(predict(fit, prevalence = 2), class = "metaparity_error_input")
  expect_error(predict(fit, newmods = 1), class = "metaparity_error_input")
})

test_that("intervals are symmetric on their scales", {
  fit <- dta_fit()
  ci <- confint(fit, fixed = TRUE)
  expect_equal(ci$random["tau^2.sens", "ci.lb"] * ci$random["tau^2.sens", "ci.ub"], fit$tau2[["sens"]]^2)
  expect_equal(sum(atanh(ci$random["rho", c("ci.lb", "ci.ub")])), 2 * atanh(fit$rho))
  expect_equal(unname(ci$fixed[, "ci.lb"]), fit$ci.lb)
  expect_null(confint(dta_fit(struct = "NONE"))$random)
})

test_that("random effects are posterior means", {
  fit <- dta_fit()
  r <- ranef(fit)
  expect_identical(rownames(r), dta_counts("dementia")$study)
  i <- 8L
  d <- dta_counts("dementia")[i, ]
  S <- matrix(c(fit$tau2[1L], fit$cov, fit$cov, fit$tau2[2L]), 2L)
  g <- expand.grid(a = seq(-4, 4, .02), b = seq(-4, 4, .02))
  log <- stats::dbinom(d$tp, d$tp + d$fn, stats::plogis(coef(fit)[1L] + g$a), log = TRUE) +
    stats::dbinom(d$tn, d$tn + d$fp, stats::plogis(coef(fit)[2L] + g$b), log = TRUE) -
    rowSums((as.matrix(g) %*% solve(S)) * as.matrix(g)) / 2
  w <- exp(log - max(log))
  expect_equal(c(r$sens.dev[i], r$spec.dev[i]), c(sum(w * g$a), sum(w * g$b)) / sum(w), tolerance = 1e-6)
})

test_that("the studies' own intervals are exact", {
  fit <- dta_fit()
  own <- dta_study_estimates(fit, .95)
  d <- dta_counts("dementia")
  expect_equal(as.numeric(own$sens[1L, 2:3]), as.numeric(stats::binom.test(d$tp[1L], d$tp[1L] + d$fn[1L])$conf.int),
               tolerance = 1e-8)
  expect_equal(own$DOR[1L, "estimate"], own$`LR+`[1L, "estimate"] / own$`LR-`[1L, "estimate"], tolerance = 1e-12)
})
