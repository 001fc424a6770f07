line_data <- function() {
  set.seed(2)
  d <- data.frame(x = stats::runif(40), z = stats::runif(40), g = rep(1:4, 10), h = rep(0:1, each = 20))
  d$y <- 1 + d$x + 0.5 * d$z + stats::rnorm(40)
  d
}

after <- function(lines, names, d = line_data()) {
  as.numeric(utils::tail(stata(c(lines, sprintf("display %%21.17f %s", names)), d)$log, length(names)))
}

test_that("estat vif, hettest and ovtest follow their formulas", {
  d <- line_data()
  fit <- stats::lm(y ~ x + z, d)
  expect_gate(after(c("quietly regress y x z", "quietly estat vif"), "r(vif_1)"), 1 / (1 - stats::cor(d$x, d$z)^2),
    "exact_solution")
  u <- stats::residuals(fit)^2 / mean(stats::residuals(fit)^2)
  score <- sum((stats::fitted(stats::lm(u ~ stats::fitted(fit))) - mean(u))^2) / 2
  expect_gate(after(c("quietly regress y x z", "quietly estat hettest"), "r(chi2)"), score, "exact_solution")
  f <- stats::fitted(fit)
  more <- stats::lm(y ~ x + z + I(f^2) + I(f^3) + I(f^4), d)
  expect_gate(after(c("quietly regress y x z", "quietly estat ovtest"), "r(F)"), stats::anova(fit, more)$F[2],
    "exact_solution")
})

test_that("nlcom is the delta method", {
  d <- line_data()
  fit <- stats::lm(y ~ x + z, d)
  b <- stats::coef(fit)
  g <- c(0, 1 / b[["z"]], -b[["x"]] / b[["z"]]^2)
  se <- sqrt(drop(g %*% stats::vcov(fit) %*% g))
  found <- after(c("quietly regress y x z", "quietly nlcom _b[x] / _b[z]", "matrix B = r(b)", "matrix V = r(V)"),
                 c("B[1,1]", "sqrt(V[1,1])"))
  expect_gate(found, c(b[["x"]] / b[["z"]], se), "finite_difference")
})

test_that("anova has partial sums of squares", {
  d <- line_data()
  fit <- stats::lm(y ~ factor(g) + factor(h) + x, d)
  one <- stats::drop1(fit, test = "F")
  found <- after("quietly anova y g h c.x", c("e(F_1)", "e(F_2)", "e(F_3)", "e(r2)"))
  expect_gate(found, c(one[["F value"]][2:4], summary(fit)$r.squared), "exact_solution")
})

test_that("bootstrap resamples rows and gives the data back", {
  d <- line_data()
  out <- stata("bootstrap m=r(mean), reps(30) seed(1) nodots: summarize y", d)
  expect_equal(nrow(out$data), 40L)
  expect_match(paste(out$log, collapse = "\n"), "Replications      =         30")
  found <- after("quietly bootstrap m=r(mean), reps(400) seed(1): summarize y", "_se[m]")
  expect_lt(abs(found / (stats::sd(d$y) / sqrt(40)) - 1), 0.15)
})

test_that("anova names its rows by variables, whatever prefix they were given", {
  log <- stata("anova mpg i.cyl##c.wt", mtcars)$log
  expect_true(all(c("cyl", "wt", "cyl#wt") %in% trimws(sub("[|].*$", "", log))))
  expect_false(any(grepl("i[.]cyl", log)))
  expect_equal(stata("anova mpg i.cyl", mtcars)$log, stata("anova mpg cyl", mtcars)$log)
})

test_that("predictnl has the delta method's errors row by row", {
  d <- data.frame(y = c(1, 3, 2, 5, 4), x = c(1, 2, 3, 5, 4))
  out <- stata(c("quietly regress y x", "predictnl double p = exp(_b[x]*x) if x < 5, se(s) ci(lo hi)"), d)$data
  fit <- stats::lm(y ~ x, d)
  b <- stats::coef(fit)[[2L]]
  se <- exp(b * d$x) * d$x * sqrt(stats::vcov(fit)[2L, 2L])
  keep <- d$x < 5
  expect_gate(out$p[keep], exp(b * d$x)[keep], "closed_form")
  expect_gate(out$s[keep], se[keep], "single_precision")
  expect_gate(out$hi[keep], (exp(b * d$x) + stats::qnorm(0.975) * se)[keep], "single_precision")
  expect_true(is.na(out$p[4L]) && is.na(out$lo[4L]))
})
