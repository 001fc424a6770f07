two_groups <- function() {
  set.seed(3)
  d <- data.frame(g = rep(1:2, c(14, 18)), x = round(stats::rnorm(32, 5, 2), 2))
  d$y <- round(d$x + stats::rnorm(32), 2)
  d$b <- as.numeric(d$x > 5)
  d
}

saved <- function(lines, names, d = two_groups()) {
  show <- sprintf("display %%21.17f %s", names)
  as.numeric(utils::tail(stata(c(paste("quietly", lines), show), d)$log, length(names)))
}

test_that("prtest is the score test of two proportions", {
  d <- two_groups()
  found <- saved("prtest b, by(g)", c("r(z)", "r(P_diff)", "r(se_diff)"), d)
  n <- table(d$g)
  k <- tapply(d$b, d$g, sum)
  test <- suppressWarnings(stats::prop.test(k, n, correct = FALSE))
  p <- k / n
  expect_gate(found[1]^2, unname(test$statistic), "exact_solution")
  expect_gate(found[2:3], c(unname(p[1] - p[2]), sqrt(sum(p * (1 - p) / n))), "exact_solution")
  one <- saved("prtest b == .4", "r(z)", d)
  expect_gate(one^2, unname(stats::prop.test(sum(d$b), 32, 0.4, correct = FALSE)$statistic), "exact_solution")
  expect_gate(saved("prtesti 50 .4 60 .5", "r(p)"), suppressWarnings(stats::prop.test(c(20, 30), c(50, 60),
                                                                                     correct = FALSE))$p.value,
                                                                                       "exact_solution")
})

test_that("bitest, signtest and sdtest agree with R's tests", {
  d <- two_groups()
  expect_gate(saved("bitest b == .3", c("r(p)", "r(p_u)")), c(stats::binom.test(sum(d$b), 32, 0.3)$p.value,
                                                              stats::binom.test(sum(d$b), 32, 0.3, "greater")$p.value),
              "exact_solution")
  expect_gate(saved("signtest x = y", "r(p_2)"), stats::binom.test(c(sum(d$x > d$y), sum(d$x < d$y)))$p.value,
              "exact_solution")
  test <- stats::var.test(d$x[d$g == 1], d$x[d$g == 2])
  expect_gate(saved("sdtest x, by(g)", c("r(F)", "r(p)")), unname(c(test$statistic, test$p.value)), "exact_solution")
  expect_gate(saved("ttesti 20 10 2 25 11 3, unequal", "r(df_t)"),
              (4 / 20 + 9 / 25)^2 / ((4 / 20)^2 / 19 + (9 / 25)^2 / 24), "exact_solution")
})

test_that("rank correlations, normality and distributions agree with R's tests", {
  d <- two_groups()
  expect_gate(saved("spearman x y", "r(rho)"), stats::cor(d$x, d$y, method = "spearman"), "exact_solution")
  k <- suppressWarnings(stats::cor.test(d$x, d$y, method = "kendall", exact = FALSE, continuity = TRUE))
  expect_gate(saved("ktau x y", c("r(tau_b)", "r(p)")), unname(c(k$estimate, k$p.value)), "exact_solution")
  w <- stats::shapiro.test(d$x)
  expect_gate(saved("swilk x", c("r(W)", "r(p)")), unname(c(w$statistic, w$p.value)), "exact_solution")
  ks <- suppressWarnings(stats::ks.test(d$x[d$g == 1], d$x[d$g == 2], exact = FALSE))
  expect_gate(saved("ksmirnov x, by(g)", c("r(D)", "r(p)")), unname(c(ks$statistic, ks$p.value)), "exact_solution")
  z <- abs(d$x - stats::ave(d$x, d$g))
  expect_gate(saved("robvar x, by(g)", "r(w0)"), stats::anova(stats::lm(z ~ factor(d$g)))$F[1], "exact_solution")
})

test_that("centile lies between order statistics; its limits have binomial tails", {
  x <- 1:20
  found <- saved("centile x, centile(25)", c("r(c_1)", "r(lb_1)", "r(ub_1)"), data.frame(x = x))
  expect_gate(found[1], 5.25, "exact_solution")
  # Tails of 2.5 percent interpolated between ranks.
  below <- stats::pbinom(0:20, 20, 0.25)
  low <- max(which(below <= 0.025))
  expect_gate(found[2], low + (0.025 - below[low]) / (below[low + 1] - below[low]), "exact_solution")
  up <- 1 - stats::pbinom(0:20, 20, 0.25)
  high <- min(which(up <= 0.025))
  expect_gate(found[3], high - (0.025 - up[high]) / (up[high - 1] - up[high]), "exact_solution")
})

test_that("centile, normal and meansd are their formulas", {
  x <- c(3.1, 4.7, 5, 5.2, 6.6, 7.1, 8.8, 9, 10.4, 12)
  ask <- sprintf("display %%21.16f r(%s)", c("c_1", "lb_1", "ub_1"))
  found <- function(option) as.numeric(utils::tail(stata(c(sprintf("centile x, centile(75) %s", option), ask),
                                                         data.frame(x = x))$log, 3L))
  z <- stats::qnorm(.75)
  centre <- mean(x) + z * stats::sd(x)
  reach <- stats::qnorm(.975) * stats::sd(x) * sqrt(1 / 10 + z^2 / 18)
  expect_gate(found("meansd"), centre + c(0, -1, 1) * reach, "closed_form")
  observed <- stats::quantile(x, .75, type = 6, names = FALSE)
  reach <- stats::qnorm(.975) * sqrt(.75 * .25 / 10) / stats::dnorm(observed, mean(x), stats::sd(x))
  expect_gate(found("normal"), observed + c(0, -1, 1) * reach, "closed_form")
  expect_error(stata("centile x, normal cci", data.frame(x = x)), class = "metaparity_error_stata")
})
