panel <- function() {
  set.seed(8)
  d <- data.frame(id = rep(1:6, each = 5), t = rep(1:5, 6), x = stats::runif(30), z = stats::runif(30))
  d$y <- d$x + d$id + stats::rnorm(30)
  d
}

shown <- function(lines, d = panel(), n = 1L) {
  as.numeric(utils::tail(stata(lines, d)$log, n))
}

test_that("xtset tells panel, time and balance", {
  log <- stata("xtset id t", panel())$log
  expect_equal(log, c("       panel variable:  id (strongly balanced)", "        time variable:  t, 1 to 5",
                      "                delta:  1 unit"))
  expect_match(stata("xtset id t", panel()[-7, ])$log[1], "unbalanced")
  expect_match(stata("xtset id t", panel()[-7, ])$log[2], "but with gaps")
  expect_equal(stata("xtset id", panel())$log, "       panel variable:  id")
  expect_equal(expect_error(stata("xtset id x2", data.frame(id = c(1, 1), x2 = 1)),
                            class = "metaparity_error_stata")$rc, 451L)
  expect_equal(expect_error(stata("xtreg y x, fe", panel()), class = "metaparity_error_stata")$rc, 459L)
})

test_that("xtreg, fe is least squares with indicators of the panels", {
  d <- panel()
  fit <- stats::lm(y ~ x + z + factor(id), d)
  found <- shown(c("xtset id t", "xtreg y x z, fe", "display %20.16f _b[x]", "display %20.16f _se[z]",
                   "display %20.16f e(sigma_e)", "display e(df_r)", "display %20.16f e(r2_w)"), d, 5L)
  own <- function(v) v - stats::ave(v, d$id)
  r2 <- summary(stats::lm(own(d$y) ~ own(d$x) + own(d$z)))$r.squared
  expect_gate(found, c(stats::coef(fit)[["x"]], sqrt(stats::vcov(fit)["z", "z"]), stats::sigma(fit), 22, r2),
              "exact_solution")
  log <- stata("xtreg y x z, fe i(id)", d)$log
  pooled <- stats::lm(y ~ x + z, d)
  f <- stats::anova(pooled, fit)
  expect_match(utils::tail(log, 1), sprintf("F(5, 22) = %.2f", f$F[2]), fixed = TRUE)
  effects <- stats::coef(fit)[1] + c(0, stats::coef(fit)[4:8])
  expect_gate(shown(c("quietly xtreg y x z, fe i(id)", "display %20.16f e(sigma_u)"), d), stats::sd(effects),
              "exact_solution")
})

test_that("robust variances of xtreg, fe are clustered by the panels", {
  d <- panel()
  own <- function(v) v - stats::ave(v, d$id) + mean(v)
  w <- data.frame(y = own(d$y), x = own(d$x), z = own(d$z), id = d$id)
  fit <- stats::lm(y ~ x + z, w)
  X <- stats::model.matrix(fit)
  s <- rowsum(X * stats::residuals(fit), w$id)
  bread <- solve(crossprod(X))
  V <- bread %*% crossprod(s) %*% bread * 6 / 5 * 29 / 27
  commands <- c("quietly xtset id", "quietly xtreg y x z, fe vce(robust)", "display %20.16f _se[x]", "display e(df_r)")
  expect_gate(shown(commands, d, 2L), c(sqrt(V[2, 2]), 5), "exact_solution")
  expect_error(stata(c("xtset id", "xtreg y x, pa"), d), class = "metaparity_error_stata_unsupported")
})

test_that("mean gives means over complete rows with t intervals", {
  d <- panel()
  d$x[3] <- NA
  ci <- stats::t.test(d$y[-3])$conf.int
  found <- shown(c("mean x y", "display %20.16f _b[y]", "matrix T = r(table)", "display %20.16f T[5,2]",
                   "display %20.16f T[6,2]"), d, 3L)
  expect_gate(found, c(mean(d$y[-3]), ci), "exact_solution")
  expect_equal(stata("mean x y", d)$log[2], "Mean estimation                   Number of obs   =         29")
})

test_that("L., F. and D. look along the time of each panel", {
  d <- data.frame(id = c(1, 1, 1, 2, 2), t = c(1, 2, 3, 1, 3), x = c(5, 7, 4, 1, 2))
  out <- stata(c("xtset id t", "gen l = L.x", "gen f2 = F2.x", "gen c = D.x"), d)$data
  expect_equal(out$l, c(NA, 5, 7, NA, NA))
  expect_equal(out$f2, c(4, NA, NA, 2, NA))
  expect_equal(out$c, c(NA, 2, -3, NA, NA))
  expect_error(stata("gen l = L.x", data.frame(x = 1:2)), class = "metaparity_error_stata")
})
