balanced_levels <- function() {
  d <- expand.grid(k = 1:4, b = 1:3, a = 1:6)
  d$y <- 2 + 1.5 * sin(d$a * 2.3) + 0.8 * cos(d$a * 7 + d$b * 3.1) + 0.9 * sin(d$a * 31 + d$b * 17 + d$k * 5)
  d
}

test_that("nested intercepts in balanced data have the analysis of variance's estimates (REML)", {
  d <- balanced_levels()
  m <- stats::anova(stats::lm(y ~ factor(a) / factor(b), d))$`Mean Sq`
  expected <- c((m[1] - m[2]) / 12, (m[2] - m[3]) / 4, m[3])
  out <- stata(c("mixed y || a: || b:, reml", "estat icc", "display %21.17f r(icc3)", "display %21.17f r(icc2)",
                 "display e(k_r)"), d)
  row <- function(name) as.numeric(strsplit(trimws(sub("^.*[|]", "", grep(name, out$log, value = TRUE, fixed = TRUE))),
                                            " +")[[1L]][1L])
  rows <- grep("var(_cons)", out$log, value = TRUE, fixed = TRUE)
  found <- c(as.numeric(substr(rows, 33, 43)), row("var(Residual)"))
  expect_equal(found, expected, tolerance = 1e-6)
  icc <- as.numeric(utils::tail(out$log, 3)[1:2])
  expect_gate(icc, cumsum(expected)[1:2] / sum(expected), "exact_solution")
  expect_true(any(grepl("^ {25}b[|]a [|]", out$log)))
  expect_identical(utils::tail(out$log, 1L), "3")
})

test_that("several levels with slopes have lmer's likelihood, coefficients and predictions", {
  skip_if_not_installed("lme4")
  d <- balanced_levels()
  d$x <- cos(1:72 * 1.9)
  d$y <- d$y + d$x * (1 + 0.6 * sin(d$a * 11))
  fit <- lme4::lmer(y ~ x + (x | a) + (1 | a:b), d, REML = FALSE, control = lme4::lmerControl(optCtrl = list(
    rhobeg = 1e-3, xtol_rel = 1e-12, ftol_rel = 1e-14, xtol_abs = 1e-12, ftol_abs = 1e-14)))
  out <- stata(c("quietly mixed y x || a: x, covariance(unstructured) || b:", "display %21.15f e(ll)",
                 "display %21.17f _b[x]", "predict double f, fitted", "predict double u*, reffects"), d)
  found <- as.numeric(out$log[1:2])
  expect_equal(found[1L], as.numeric(stats::logLik(fit)), tolerance = 1e-8)
  expect_equal(found[2L], lme4::fixef(fit)[["x"]], tolerance = 1e-4)
  expect_equal(as.numeric(out$data$f), unname(stats::fitted(fit)), tolerance = 1e-3)
  expect_equal(as.numeric(out$data$u1[seq(1, 72, 12)]), lme4::ranef(fit)$a$x, tolerance = 1e-2)
})

test_that("mixed without groups is maximum likelihood, with the normal distribution", {
  d <- data.frame(y = c(1, 3, 2, 5, 4, 7, 8), x = 1:7)
  log <- stata("mixed y x", d)$log
  fit <- stats::lm(y ~ x, d)
  residual <- grep("var(Residual)", log, value = TRUE, fixed = TRUE)
  expect_equal(as.numeric(substr(residual, 33, 43)), sum(stats::residuals(fit)^2) / 7, tolerance = 1e-6)
  ll <- as.numeric(sub("^Log likelihood = +(-?[0-9.]+) .*$", "\\1", grep("^Log likelihood", log, value = TRUE)))
  expect_equal(ll, as.numeric(stats::logLik(fit)), tolerance = 1e-7)
  expect_false(any(grepl("LR test", log)))
})

test_that("a variance at its edge is 0 without limits; crossed effects are refused by name", {
  d <- balanced_levels()
  d$y <- sin(1:72 * 37)
  log <- stata("mixed y || a: || b:", d)$log
  rows <- grep("var(_cons)", log, value = TRUE, fixed = TRUE)
  expect_match(rows, "0          [.]             [.]           [.]$", all = FALSE)
  expect_error(stata("mixed y || _all: R.a || b:", d), class = "metaparity_error_stata_gap")
})
