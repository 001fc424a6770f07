test_that("stptime and stsum count persons' time, with Poisson limits on the log scale", {
  d <- survival_times()
  found <- survival_numbers("quietly stptime", c("r(ptime)", "r(failures)", "r(rate)", "r(lb)", "r(ub)"))
  rate <- sum(d$d) / sum(d$t)
  reach <- exp(stats::qnorm(0.975) / sqrt(sum(d$d)))
  expect_gate(found, c(sum(d$t), sum(d$d), rate, rate / reach, rate * reach), "exact_solution")
  found <- survival_numbers("quietly stptime if g == 1, per(100)", c("r(ptime)", "r(rate)"))
  expect_gate(found, c(sum(d$t[d$g == 1]), 100 * sum(d$d[d$g == 1]) / sum(d$t[d$g == 1])), "exact_solution")
  log <- stata(c("quietly stset t, failure(d)", "stptime, at(2 5)"), d)$log
  expect_identical(sum(grepl("^ *(\\([0-9]|> 5)", log)), 3L)
})

test_that("records of a subject are one subject", {
  skip_if_not_installed("survival")
  log <- stata(c(heart_set, "stsum", "stdescribe"), heart_records())$log
  expect_true(any(grepl("^ *total \\| +31954 +[.]0023471 +103 ", log)))
  expect_true(any(grepl("^no. of records +172 +1[.]669903 +1 +2 +2", log)))
})

test_that("stir compares as ir does", {
  d <- survival_times()
  found <- survival_numbers("quietly stir g", c("r(irr)", "r(lb_irr)"))
  one <- d$g == 1
  test <- stats::poisson.test(c(sum(d$d[one]), sum(d$d[!one])), c(sum(d$t[one]), sum(d$t[!one])))
  expect_gate(found, c(test$estimate[[1]], test$conf.int[1]), "exact_solution")
})
