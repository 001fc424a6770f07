test_that("corresponding risks are those of the measure, and limits go through the same map", {
  expect_equal(absolute_effects(c(a = 0.2), "RR", 0.5, 0.25, 1.5)[2:5],
               data.frame(risk0 = 0.2, risk1 = 0.1, risk1.lb = 0.05, risk1.ub = 0.3), tolerance = 1e-14)
  odds <- 0.25 * 0.5
  expect_equal(absolute_effects(0.2, "OR", 0.5, 0.5, 0.5)$risk1, odds / (1 + odds), tolerance = 1e-14)
  expect_equal(absolute_effects(0.2, "HR", 2, 1, 3)$risk1.ub, 1 - 0.8^3, tolerance = 1e-14)
  expect_equal(absolute_effects(0.2, "RD", -0.3, -0.4, 0.1)$risk1, 0)
  expect_equal(absolute_effects(0.2, "RD", -0.1, -0.4, 0.1)$diff.ub, 0.1, tolerance = 1e-14)
  expect_null(absolute_effects(0.2, "MD", 1, 0, 2))
  expect_null(absolute_effects(numeric(), "RR", 1, 1, 1))
})

test_that("assumed risks follow the rule or the user", {
  result <- list(arms = list(kind = "binary", count = 2L,
                             arms = list(list(events = c(1, 2), total = c(10, 10)),
                                         list(events = c(1, 5, 9), total = c(10, 20, 100)))))
  expect_identical(unname(assumed_risks(NULL, "median", result)), 0.1)
  expect_identical(unname(assumed_risks(NULL, "pooled", result)), 15 / 130)
  expect_identical(names(assumed_risks(NULL, "range", result)), c("lowest", "median", "highest"))
  expect_identical(assumed_risks(c(low = 0.1), "median", result), c(low = 0.1))
  expect_length(assumed_risks(NULL, "median", NULL), 0L)
})

test_that("the information size is that of power.prop.test() and of the normal formula", {
  p <- stats::power.prop.test(p1 = 0.2, p2 = 0.15, power = 0.8)$n
  expect_identical(information_size("RR", 0.2, NA, NA)$size, 2 * ceiling(p))
  expect_identical(information_size("MD", NA, 1, 2)$size, 2 * ceiling(2 * (qnorm(0.975) + qnorm(0.8))^2 / 0.25))
  expect_identical(information_size("SMD", NA, NA, NA)$size, 786)
  expect_identical(information_size("HR", NA, 0.7, NA)$size, ceiling(4 * (qnorm(0.975) + qnorm(0.8))^2 / log(0.7)^2))
  expect_true(is.na(information_size("RR", NA, NA, NA)$size))
})

test_that("differences say fewer and more, with a digit for small risks", {
  r <- absolute_effects(0.12, "RR", 0.8, 0.6, 1.1)
  expect_identical(format_difference(r, 1000), "24 fewer per 1000 (48 fewer to 12 more)")
  expect_identical(format_difference(absolute_effects(0.002, "RR", 0.5, 0.25, 1), 1000),
                   "1.0 fewer per 1000 (1.5 fewer to 0.0 fewer)")
})

test_that("Peters' test is the weighted regression on 1/n", {
  set.seed(3)
  n1 <- sample(40:300, 12L)
  n2 <- sample(40:300, 12L)
  a <- rbinom(12L, n1, 0.3) + 1
  c <- rbinom(12L, n2, 0.35) + 1
  fit <- rma(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2)
  w <- 1 / (1 / (a + c) + 1 / (n1 + n2 - a - c))
  oracle <- summary(lm(fit$yi ~ I(1 / (n1 + n2)), weights = w))$coefficients[2L, 4L]
  test <- grade_profile(list(x = fit))$evidence$x$test
  expect_identical(test$name, "Peters")
  expect_equal(test$p, oracle, tolerance = 1e-10)
  egger <- grade_profile(list(x = rma(fit$yi, fit$vi)))$evidence$x$test
  oracle <- summary(lm(fit$yi ~ sqrt(fit$vi), weights = 1 / fit$vi))$coefficients[2L, 4L]
  expect_equal(egger$p, oracle, tolerance = 1e-10)
})

test_that("risks are recycled over measures, and what cannot be computed is missing", {
  expect_equal(corresponding_risk(0.2, c(0.5, -0.1), c("OR", "RD")), c(0.125 / 1.125, 0.1), tolerance = 1e-15)
  expect_equal(corresponding_risk(c(0.1, NA), 2, "RR"), c(0.2, NA), tolerance = 1e-15)
  expect_error(corresponding_risk(0.1, 2, "XX"), class = "metaparity_error_input")
})
