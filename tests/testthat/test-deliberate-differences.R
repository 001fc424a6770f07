# Results that differ from metafor's on purpose, listed under "value" in api-differences.csv: the proof of each.

bcg_table <- data.frame(yi = c(-0.889, -1.585, -1.348, -1.442, -0.218, -0.786, -1.621, 0.012),
                        x = c(44, 55, 42, 52, 13, 44, 19, 13),
                        vi = c(0.326, 0.195, 0.415, 0.02, 0.051, 0.007, 0.223, 0.004), g = c(1, 1, 2, 2, 3, 4, 5, 6))

test_that("the list has a reason for each", {
  known <- read_api_known()
  expect_gte(sum(known$where == "value"), 15L)
  expect_true(all(nzchar(known$reason)))
})

test_that("AIC() charges k for each parameter", {
  fit <- rma(yi, vi, data = bcg_table)
  expect_gate(AIC(fit, k = 3), -2 * as.numeric(logLik(fit)) + 3 * 2, "closed_form")
})

test_that("an equal-effects model has an interval of its coefficient", {
  fit <- rma(yi, vi, data = bcg_table, method = "EE")
  w <- 1 / bcg_table$vi
  expect_gate(confint(fit)$fixed[, 2:3], weighted.mean(bcg_table$yi, w) + c(-1, 1) * qnorm(0.975) / sqrt(sum(w)),
              "closed_form")
})

test_that("the generalised Q interval is that of the method with the same weights", {
  d <- bcg_table
  same <- rma(yi, vi, weights = 1 / vi, data = d, method = "GENQ")
  expect_gate(confint(rma(yi, vi, data = d, method = "DL"), type = "GENQ")$random["tau^2", 2:3],
              confint(same, type = "GENQ")$random["tau^2", 2:3], "closed_form")
})

test_that("leave1out() with moderators refits", {
  out <- leave1out(rma(yi, vi, mods = ~x, data = bcg_table))
  for (i in c(1, 5, 8)) {
    refit <- rma(yi, vi, mods = ~x, data = bcg_table[-i, ])
    expect_gate(as.numeric(out$estimate[i, ]), as.numeric(refit$beta), "metafor_closed")
  }
})

test_that("blup() with weights of the user shrinks towards the model's line", {
  d <- bcg_table
  fit <- rma(yi, vi, weights = 1:8, data = d)
  expect_gate(blup(fit)$pred, (fit$tau2 * d$yi + d$vi * as.numeric(fit$beta)) / (fit$tau2 + d$vi), "metafor_closed")
})

test_that("the sandwich is that of the written-out formula, whatever test the model has", {
  d <- bcg_table
  X <- cbind(1, d$x)
  for (test in c("z", "knha", "adhoc")) {
    fit <- rma(yi, vi, mods = ~x, data = d, test = test)
    w <- 1 / (d$vi + fit$tau2)
    bread <- solve(t(X) %*% (w * X))
    scores <- rowsum(w * X * as.numeric(d$yi - X %*% fit$beta), d$g)
    expect_gate(unname(vcov(robust(fit, cluster = d$g))), bread %*% crossprod(scores) %*% bread * 6 / (6 - 2),
                "metafor_closed")
  }
})

test_that("one study: no tau2, with a warning", {
  expect_warning(one <- rma(0.3, 0.1), class = "metaparity_warning_input")
  expect_identical(one$tau2, 0)
  expect_gate(one$se, sqrt(0.1), "closed_form")
})

test_that("SJIT solves the equation of PM under a negative bound too", {
  even <- transform(bcg_table, yi = yi / 20, vi = vi + 0.01)
  bound <- list(tau2.min = -0.012)
  fit <- rma(yi, vi, data = even, method = "SJIT", control = bound)
  expect_identical(fit$tau2, rma(yi, vi, data = even, method = "PM", control = bound)$tau2)
  expect_lt(fit$tau2, 0)
})

test_that("predictions for a data frame are those for its matrix", {
  fit <- rma(yi, vi, mods = ~x, data = bcg_table)
  expect_identical(predict(fit, newmods = data.frame(x = c(10, 20)))$pred, predict(fit, newmods = c(10, 20))$pred)
})

test_that("without an intercept QE is the weighted sum of squared residuals, and REML is at its maximum", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  line <- stats::lm(yi ~ 0 + ablat, weights = 1 / vi, data = d)
  expect_gate(rma(yi, vi, mods = ~ 0 + ablat, data = d, method = "EE")$QE, sum(stats::residuals(line)^2 / d$vi),
              "closed_form")
  ours <- rma(yi, vi, mods = ~ 0 + ablat, data = d)
  theirs <- metafor::rma.uni(yi, vi, mods = ~ 0 + ablat, data = d)
  at_theirs <- rma(yi, vi, mods = ~ 0 + ablat, data = d, tau2 = theirs$tau2)
  expect_gt(ours$fit.stats["ll", "REML"], at_theirs$fit.stats["ll", "REML"])
})
