rohan <- function() {
  d <- models_data("rohan1988")
  transform(d, logrr = log(rr), se = (log(ub) - log(lb)) / (2 * qnorm(0.975)))
}

test_that("the example of Greenland & Longnecker (1992)", {
  v <- glst(logrr, dose, se = se, cov = "n cases", cc = TRUE, data = rohan())
  oracle <- dosresmeta_result("rohan_gl")
  expect_gate(c(v$table$b, v$r$V), oracle[c("b1", "V11")], "dosresmeta_counts")
  expect_identical(metaparity:::stata_general(unlist(v$table[c("b", "se", "lo", "hi")]), 9L),
                   c(" .0454288", " .0206639", " .0049284", " .0859293"))
  expect_snapshot(v)
  expect_snapshot(glst(logrr, dose, se = se, cov = "n cases", cc = TRUE, data = rohan(), vwls = TRUE, eform = TRUE))
})

test_that("without covariances it is weighted least squares through the origin", {
  d <- rohan()
  v <- glst(logrr, dose, se = se, cov = c("n", "cases"), cc = TRUE, vwls = TRUE, data = d)
  w <- 1 / d$se[-1]^2
  expect_equal(v$table$b, sum(w * d$dose[-1] * d$logrr[-1]) / sum(w * d$dose[-1]^2))
  expect_equal(v$table$se, 1 / sqrt(sum(w * d$dose[-1]^2)))
})

test_that("several studies, pool-first and two-stage", {
  d <- transform(models_data("alcohol-cvd"), type = "cc")
  v <- glst(logrr, dose, se = se, cov = "n cases", pfirst = "study type", data = d)
  expect_gate(v$table$b, dosresmeta_result("cvd_fixed")[["b1"]], "dosresmeta_counts")
  r <- glst(logrr, dose, se = se, cov = "n cases", pfirst = "study type", tstage = "r", data = d)
  f <- rma(r$studies$b, sei = r$studies$se, method = "DL")
  expect_equal(c(r$table$b, r$table$se, r$r$tau2), c(as.numeric(f$beta), f$se, f$tau2))
  expect_snapshot(glst(logrr, dose, se = se, cov = "n cases", pfirst = "study type", tstage = "r", ssest = TRUE, data = d))
  expect_equal(predict(v)[d$se > 0], v$table$b * d$dose[d$se > 0])
})

test_that("risks: persons bound the fitted cases", {
  d <- transform(rohan(), type = 3)
  v <- glst(logrr, dose, se = se, cov = "n cases", ci = TRUE, data = d)
  A <- v$fitted
  expect_equal(log(A / d$n) - log(A[1] / d$n[1]), d$logrr)
  expect_error(glst(I(logrr + 3 * (dose > 9)), dose, se = se, cov = "n cases", ci = TRUE, data = d),
               class = "metaparity_error_input")
})

test_that("bad input", {
  d <- rohan()
  expect_error(glst(logrr, dose, se = se, cov = "n cases", data = d), class = "metaparity_error_input")
  expect_error(glst(logrr, dose, se = se, cc = TRUE, data = d), class = "metaparity_error_input")
  expect_error(glst(logrr, dose, se = se, cov = "n", cc = TRUE, data = d), class = "metaparity_error_input")
  expect_error(glst(logrr, dose, se = se, cov = "n cases", cc = TRUE, ir = TRUE, data = d), class = "metaparity_error_input")
  expect_error(glst(logrr, dose, se = se, cov = "n cases", cc = TRUE), class = "metaparity_error_input")
  expect_error(glst(logrr, dose, se = se, cov = "n cases", cc = TRUE, random = TRUE, data = d),
               class = "metaparity_error_unsupported")
})

test_that("rows are kept by columns of the data; doses named twice or combined are refused", {
  d <- data.frame(id = rep(1:2, each = 4), dose = rep(c(0, 2, 6, 11), 2), cases = c(165, 74, 90, 122, 100, 50, 60, 90),
                  n = c(337, 167, 186, 212, 300, 160, 170, 200), lr = log(c(1, 0.8, 1.16, 1.57, 1, 0.9, 1.1, 1.4)),
                  se = rep(c(0, 0.2327, 0.2372, 0.2373), 2))
  d$twice <- 2 * d$dose
  id <- rev(d$id)
  one <- glst(lr, dose, se = se, cov = "n cases", cc = TRUE, data = d, subset = id == 1)
  expect_equal(one$test$coef, glst(lr, dose, se = se, cov = "n cases", cc = TRUE, data = d[d$id == 1, ])$test$coef)
  expect_error(glst(lr, dose, dose, se = se, cov = "n cases", cc = TRUE, data = d[1:4, ]), class = "metaparity_error_input")
  expect_error(glst(lr, dose, twice, se = se, cov = "n cases", cc = TRUE, data = d[1:4, ]), class = "metaparity_error_input")
})
