saved <- function(command, names, d = NULL) {
  as.numeric(utils::tail(stata(c(command, sprintf("display %%20.16f r(%s)", names)), d)$log, length(names)))
}

test_that("intervals of proportions are the known ones", {
  b <- stats::binom.test(10, 50)
  expect_gate(saved("cii proportions 50 10", c("proportion", "se", "lb", "ub")),
              c(0.2, sqrt(0.2 * 0.8 / 50), b$conf.int), "exact_solution")
  expect_gate(saved("cii 50 10, wilson", c("lb", "ub")), stats::prop.test(10, 50, correct = FALSE)$conf.int,
              "exact_solution")
  z <- stats::qnorm(0.975)
  expect_gate(saved("cii proportions 50 10, wald", c("lb", "ub")), 0.2 + c(-1, 1) * z * sqrt(0.16 / 50),
              "exact_solution")
  q <- (10 + z^2 / 2) / (50 + z^2)
  expect_gate(saved("cii proportions 50 10, agresti", c("lb", "ub")), q + c(-1, 1) * z * sqrt(q * (1 - q) / (50 + z^2)),
              "exact_solution")
  expect_gate(saved("cii proportions 50 10, jeffreys level(90)", c("lb", "ub")),
              stats::qbeta(c(0.05, 0.95), 10.5, 40.5), "exact_solution")
  expect_equal(saved("cii 20 0, exact", "lb"), 0)
})

test_that("the tables have Stata's layout; old and new words mean the same", {
  log <- stata("cii 50 10")$log
  expect_equal(log[2:5], c(
    "                                                         -- Binomial Exact --",
    "    Variable |        Obs  Proportion    Std. Err.       [95% Conf. Interval]",
    "-------------+---------------------------------------------------------------",
    "             |         50          .2    .0565685        .1003022    .3371831"))
  expect_equal(stata("cii proportions 50 10, exact")$log, log)
  expect_equal(stata("cii 50 10, binomial")$log, log)
  d <- data.frame(x = rep(c(1, 0), c(10, 40)))
  expect_equal(sub("  x |", "    |", stata("ci proportions x", d)$log[5], fixed = TRUE), log[5])
  expect_equal(stata("ci x, binomial", d)$log, stata("ci proportions x", d)$log)
})

test_that("means from numbers have t intervals; elements of variables are numbers", {
  expect_gate(saved("cii means 25 10 2", c("lb", "ub")), 10 + c(-1, 1) * stats::qt(0.975, 24) * 2 / 5, "exact_solution")
  d <- data.frame(n = c(50, 30), k = c(10, 6))
  expect_gate(saved("cii n[2] k[2]", "mean", d), 0.2, "exact_solution")
})

test_that("impossible numbers and kinds are errors", {
  for (text in c("cii 5 6", "cii 5.5 2", "cii 5", "cii", "cii means 1 2 3", "cii 5 2, wald wilson")) {
    expect_error(stata(text), class = "metaparity_error_stata")
  }
  expect_error(stata("cii variances 5 2"), class = "metaparity_error_stata_unsupported")
  expect_error(stata("ci proportions x", data.frame(x = 1:3)), class = "metaparity_error_stata")
})
