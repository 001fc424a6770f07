# Oracle: lm() of R, and HC1 and cluster-robust variances written out.
d <- data.frame(y = c(4.1, 5.2, 6.8, 8.9, 9.1, 12.2, 11.7, 15.3), x = c(1, 2, 3, 4, 5, 6, 7, 8),
                g = c(1, 1, 2, 2, 3, 3, 3, 1),
                w = c(1, 2, 1, 3, 1, 2, 2, 1))
saved <- function(...) {
  session <- metaparity:::new_session(d)
  session$quiet <- 1L
  metaparity:::run_statements(metaparity:::parse_blocks(metaparity:::split_statements(c(...))), session)
  session
}

test_that("coefficients, tests and fit agree with lm()", {
  s <- saved("regress y x i.g")
  fit <- lm(y ~ x + factor(g), d)
  kept <- diag(s$e$V) > 0
  expect_equal(unname(s$e$b[1, kept]), unname(coef(fit)[c(2:4, 1)]), tolerance = 1e-12)
  expect_equal(unname(s$e$V[kept, kept]), unname(vcov(fit)[c(2:4, 1), c(2:4, 1)]), tolerance = 1e-10)
  expect_equal(colnames(s$e$b), c("x", "1b.g", "2.g", "3.g", "_cons"))
  u <- summary(fit)
  expect_equal(c(s$e$r2, s$e$r2_a, s$e$rmse, s$e$F), c(u$r.squared, u$adj.r.squared, u$sigma, u$fstatistic[[1]]),
  tolerance = 1e-10)
  expect_equal(s$e$ll, as.numeric(logLik(fit)), tolerance = 1e-10)
})

test_that("weights and robust variances", {
  s <- saved("regress y x [aweight = w]")
  fit <- lm(y ~ x, d, weights = w)
  expect_equal(unname(s$e$V), unname(vcov(fit)[2:1, 2:1]), tolerance = 1e-10)
  s <- saved("regress y x [fweight = w]")
  long <- d[rep(1:8, d$w), ]
  expect_equal(unname(s$e$V), unname(vcov(lm(y ~ x, long))[2:1, 2:1]), tolerance = 1e-10)
  X <- cbind(d$x, 1)
  e <- residuals(lm(y ~ x, d))
  bread <- solve(crossprod(X))
  s <- saved("regress y x, robust")
  expect_equal(unname(s$e$V), bread %*% crossprod(X * e) %*% bread * 8 / 6, tolerance = 1e-10)
  s <- saved("regress y x, vce(cluster g)")
  score <- rowsum(X * e, d$g)
  expect_equal(unname(s$e$V), bread %*% crossprod(score) %*% bread * 3 / 2 * 7 / 6, tolerance = 1e-10)
  expect_equal(s$e$df_r, 2)
})

test_that("predict gives fitted values and what belongs to them", {
  fit <- lm(y ~ x, d)
  kinds <- list(xb = fitted(fit), residuals = residuals(fit), stdp = predict(fit, se.fit = TRUE)$se.fit,
                leverage = hatvalues(fit),
                rstandard = rstandard(fit), rstudent = rstudent(fit), cooksd = cooks.distance(fit))
  for (kind in names(kinds)) {
    out <- stata(c("quietly regress y x", sprintf("predict double p, %s", kind)), d)$data$p
    expect_equal(as.numeric(out), unname(kinds[[kind]]), tolerance = 1e-10, label = kind)
  }
})

test_that("the table is laid out as Stata's", {
  log <- stata("regress y x", d)$log
  expect_equal(log[2:3], c("      Source |       SS           df       MS      Number of obs   =         8",
                           sprintf("-------------+----------------------------------   F(1, 6)         = %9.2f",
                                   summary(lm(y ~ x, d))$fstatistic[[1]])))
  expect_equal(log[10], "           y |      Coef.   Std. Err.      t    P>|t|     [95% Conf. Interval]")
  expect_true("note: z omitted because of collinearity" %in% stata("regress y x z", transform(d, z = 2 * x))$log)
  expect_equal(tryCatch(stata("regress y x if x > 99", d), metaparity_error_stata = function(e) e$rc), 2000L)
})

test_that("_b, test, lincom, testparm and estimates follow", {
  s <- saved("regress y x i.g", "estimates store a", "regress y x", "estimates store b", "estimates restore a",
             "testparm i.g")
  fit <- lm(y ~ x + factor(g), d)
  expect_equal(s$r$F, anova(lm(y ~ x, d), fit)$F[2], tolerance = 1e-8)
  s <- saved("regress y x", "scalar t = _b[x] / _se[x]", "generate byte used = e(sample)")
  expect_equal(s$scalars$t, summary(lm(y ~ x, d))$coefficients[2, 3], tolerance = 1e-10)
  expect_equal(s$data$used, rep(1, 8))
})

test_that("interactions without levels stand in one line, long ones under their factors", {
  z <- data.frame(d, weight = d$x^2)
  log <- stata("regress y c.x##c.x", z)$log
  b <- coef(lm(y ~ x + I(x^2), z))
  at <- grep("c.x#c.x |", log, fixed = TRUE)
  expect_match(log[at], paste0("     c.x#c.x |  ", stata_general(b[[3]], 9L)), fixed = TRUE)
  expect_equal(log[at + c(-1, 1)], rep("             |", 2))
  log <- stata("regress y c.weight#c.weight", z)$log
  at <- grep("   c.weight#|", log, fixed = TRUE)
  expect_match(log[at + 1], "^    c.weight \\|   .+[0-9]$")
  log <- stata("regress y i.g#c.weight", z)$log
  expect_true("  g#c.weight |" %in% log)
})

test_that("a fit without error prints zeros and dots", {
  log <- stata("regress y x", data.frame(y = c(1, 2.3), x = c(1, 2)))$log
  expect_equal(log[2:7], c(
    "      Source |       SS           df       MS      Number of obs   =         2",
    "-------------+----------------------------------   F(1, 0)         =         .",
    "       Model |        .845         1        .845   Prob > F        =         .",
    "    Residual |           0         0           .   R-squared       =    1.0000",
    "-------------+----------------------------------   Adj R-squared   =         .",
    "       Total |        .845         1        .845   Root MSE        =         0"))
  expect_match(log[12], "x \\|        1.3          .        .       .            .           .$")
  for (command in c("regress y i.x", "regress y x, robust", "regress y x [fweight = w]")) {
    z <- data.frame(y = c(2.1, 3.2, 4.3), x = c(1, 2, 3), w = 2)
    log <- stata(command, z)$log
    expect_no_match(log, "NaN|Inf|e-[0-9]")
  }
  log <- stata("regress y x", data.frame(y = 1 + 0.3 * (1:20), x = 1:20))$log
  expect_match(log[5], "Residual |           0        18           0", fixed = TRUE)
  expect_match(log[6], "Adj R-squared   =    1.0000", fixed = TRUE)
  two <- data.frame(y = c(1, 2.3), x = c(1, 2))
  for (kind in c("rstudent", "rstandard", "cooksd")) {
    expect_no_warning(out <- stata(c("quietly regress y x", paste("predict double r,", kind)), two)$data$r)
    expect_true(all(is.na(out)))
  }
})
