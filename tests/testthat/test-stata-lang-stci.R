stci_rows <- function(lines) {
  log <- stata(c("quietly stset t, failure(d)", lines), survival_times())$log
  rows <- grep("^ *(total|[01]) \\|", log, value = TRUE)
  lapply(strsplit(trimws(sub("^.*[|]", "", gsub("(*)", "", rows, fixed = TRUE))), " +"), function(x) {
    suppressWarnings(as.numeric(x))
  })
}

test_that("stci has survfit's percentiles, their limits and restricted means", {
  skip_if_not_installed("survival")
  d <- survival_times()
  km <- survival::survfit(survival::Surv(t, d) ~ g, d, conf.type = "log-log")
  # A curve that rests at the percentile reaches it at the first of these times.
  q <- stats::quantile(km, c(.25, .5) - 1e-6)
  found <- stci_rows("stci, by(g)")
  expect_equal(sapply(found[1:2], `[`, c(2, 4, 5)), unname(t(cbind(q$quantile[, 2], q$lower[, 2], q$upper[, 2]))),
               tolerance = 1e-6)
  found <- stci_rows("stci, p(25) by(g)")
  expect_equal(sapply(found[1:2], `[`, c(2, 4, 5)), unname(t(cbind(q$quantile[, 1], q$lower[, 1], q$upper[, 1]))),
               tolerance = 1e-6)
  means <- summary(km, rmean = "individual")$table
  found <- stci_rows("stci, rmean by(g)")
  expect_equal(sapply(found[1:2], `[`, 2:3), unname(t(means[, c("rmean", "se(rmean)")])), tolerance = 1e-6)
})

test_that("the error of a percentile is that of the curve over the density around it", {
  d <- data.frame(t = c(3, 5, 6, 8, 9, 11, 12, 15, 18, 20), d = 1)
  out <- stata(c("quietly stset t, failure(d)", "stci", "display r(p50)", "display %12.9f r(se)"), d)$log
  # S is .5 at 9; .6 at 8, .4 at 11; Greenwood's error of .5 among 10 is sqrt(.5 * .5 / 10).
  expect_identical(out[length(out) - 1L], "9")
  expect_equal(as.numeric(out[length(out)]), sqrt(.025) / ((.6 - .4) / (11 - 8)), tolerance = 1e-8)
})

test_that("predict after stcox is coxph's; replay prints the coefficients again", {
  skip_if_not_installed("survival")
  d <- survival_times()
  lines <- c("quietly stset t, failure(d)", "quietly stcox g x", "predict double hr", "predict double xb, xb",
             "predict double se, stdp", "predict double H, basechazard", "predict double mg, mgale",
             "predict double S, basesurv")
  found <- lapply(stata(lines, d)$data, as.numeric)
  fit <- survival::coxph(survival::Surv(t, d) ~ g + x, d, ties = "breslow",
                         control = survival::coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60L))
  xb <- drop(as.matrix(d[c("g", "x")]) %*% stats::coef(fit))
  expect_equal(found$xb, unname(xb), tolerance = 1e-8)
  expect_equal(found$hr, unname(exp(xb)), tolerance = 1e-8)
  base <- survival::basehaz(fit, centered = FALSE)
  expect_equal(found$H, base$hazard[match(d$t, base$time)], tolerance = 1e-8)
  expect_equal(found$mg, unname(stats::residuals(fit, "martingale")), tolerance = 1e-8)
  expect_true(all(found$S <= 1 & found$S <= exp(-found$H) + 1e-12))
  log <- stata(c(lines[1:2], "stcox, nohr"), d)$log
  expect_equal(as.numeric(strsplit(trimws(sub("^.*[|]", "", grep("^ +x [|]", log, value = TRUE))), " +")[[1L]][1L]),
               stats::coef(fit)[["x"]], tolerance = 1e-6)
})

test_that("predict after streg: times, survivor functions and hazards of both forms agree", {
  d <- survival_times()
  ask <- function(option) {
    out <- stata(c("quietly stset t, failure(d)", paste("quietly streg g x, d(weibull)", option), "predict double med",
            "predict double S, surv", "predict double hr, hr", "predict double mean, mean time",
            "predict double h, hazard", "scalar p = e(aux_p)", "gen double p = p"), d)
    lapply(out$data, as.numeric)
  }
  ph <- ask("nohr")
  aft <- ask("time")
  for (v in c("med", "S", "hr", "mean", "h")) expect_equal(ph[[v]], aft[[v]], tolerance = 1e-7)
  gone <- -log(ph$S)
  expect_equal(ph$med, d$t * (log(2) / gone)^(1 / ph$p), tolerance = 1e-8)
  expect_equal(ph$h, gone * ph$p / d$t, tolerance = 1e-8)
})
