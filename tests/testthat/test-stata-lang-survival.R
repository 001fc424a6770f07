times <- function() {
  set.seed(4)
  d <- data.frame(t = round(stats::rexp(40, 0.2), 1) + 0.1, d = stats::rbinom(40, 1, 0.7), g = rep(0:1, 20),
                  x = round(stats::rnorm(40), 2))
  d
}

numbers <- function(lines, names, d = times()) {
  as.numeric(utils::tail(stata(c("quietly stset t, failure(d)", lines, sprintf("display %%21.17f %s", names)), d)$log,
    length(names)))
}

test_that("stcox is coxph with Breslow's, Efron's and robust versions", {
  skip_if_not_installed("survival")
  d <- times()
  S <- survival::Surv(d$t, d$d)
  control <- survival::coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
  b <- survival::coxph(S ~ g + x, d, ties = "breslow", control = control)
  found <- numbers("quietly stcox g x", c("_b[g]", "_se[x]", "e(ll)", "e(chi2)"))
  expect_gate(found, c(stats::coef(b)[["g"]], sqrt(stats::vcov(b)["x", "x"]), b$loglik[2], 2 * diff(b$loglik)),
    "exact_solution")
  e <- survival::coxph(S ~ g + x, d, ties = "efron", control = control)
  expect_gate(numbers("quietly stcox g x, efron", "_b[x]"), stats::coef(e)[["x"]], "exact_solution")
  r <- survival::coxph(S ~ g + x, d, ties = "breslow", control = control, robust = TRUE)
  expect_gate(numbers("quietly stcox g x, vce(robust)", "_se[g]"), sqrt(stats::vcov(r)["g", "g"] * 40 / 39),
    "exact_solution")
  log <- stata(c("quietly stset t, failure(d)", "stcox g x"), d)$log
  expect_true("Cox regression -- Breslow method for ties" %in% log)
  expect_match(paste(log, collapse = "\n"), "Haz. Ratio")
})

test_that("sts test and sts list follow Kaplan, Meier and the log-rank test", {
  skip_if_not_installed("survival")
  d <- times()
  test <- survival::survdiff(survival::Surv(d$t, d$d) ~ d$g)
  expect_gate(numbers("quietly sts test g", "r(chi2)"), test$chisq, "exact_solution")
  km <- survival::survfit(survival::Surv(d$t, d$d) ~ 1, conf.type = "log-log")
  found <- stata(c("quietly stset t, failure(d)", "sts generate s = s", "sort t"), d)$data$s
  expect_gate(found, km$surv[match(sort(d$t), km$time)], "single_precision")
  list <- stata(c("quietly stset t, failure(d)", "sts list, at(2)"), d)$log
  at <- summary(km, times = 2)
  row <- utils::tail(strsplit(trimws(utils::tail(list, 2)[1]), " +")[[1L]], 4L)
  expect_equal(row, sprintf("%.4f", c(at$surv, at$std.err, at$lower, at$upper)))
})

test_that("survival commands need stset, and one record per subject", {
  d <- times()
  expect_equal(expect_error(stata("stcox x", d), class = "metaparity_error_stata")$rc, 119L)
  d$id <- rep(1:20, 2)
  expect_error(stata("stset t, failure(d) id(id)", d), class = "metaparity_error_stata_gap")
})
