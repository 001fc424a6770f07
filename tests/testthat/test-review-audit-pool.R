# Rows of a plot printed with two decimals, and what rma() gives from them before rounding.
example_rows <- function(k = 8, seed = 3, tau = 0.3) {
  set.seed(seed)
  v <- runif(k, 0.02, 0.2)
  y <- rnorm(k, 0.4, sqrt(v + tau^2))
  list(y = y, v = v, rows = data.frame(study = paste("S", seq_len(k)), est = sprintf("%.2f", y),
                                       ci.lb = sprintf("%.2f", y - 1.959964 * sqrt(v)),
                                       ci.ub = sprintf("%.2f", y + 1.959964 * sqrt(v))))
}

as_rows <- function(d, e) {
  show <- function(x) sprintf("%.2f", x)
  cbind(d, est = show(e$yi), ci.lb = show(e$yi - qnorm(0.975) * sqrt(e$vi)),
        ci.ub = show(e$yi + qnorm(0.975) * sqrt(e$vi)))
}

pooled_of <- function(fit, digits = 2) {
  show <- function(x) sprintf("%.*f", digits, x)
  data.frame(est = show(fit$beta[1L]), ci.lb = show(fit$ci.lb), ci.ub = show(fit$ci.ub), Q = show(fit$QE),
             df = fit$k - 1, pQ = sprintf("%.3f", fit$QEp), tau2 = show(fit$tau2),
             z = show(fit$zval), p = sprintf("%.3f", fit$pval))
}

test_that("the model that gives the printed pooled row is found from printed rows", {
  e <- example_rows()
  for (method in c("EE", "DL", "REML")) {
    fit <- rma(e$y, e$v, method = method)
    rows <- cbind(e$rows, weight = sprintf("%.1f", weights(fit)))
    x <- audit(rows, pooled = pooled_of(fit), measure = "MD")
    expect_identical(x$check[x$severity != "note"], character())
    own <- attr(x, "readings")
    expect_identical(own$fits, own$of)
    moved <- pooled_of(fit)
    moved[c("est", "ci.lb", "ci.ub")] <- lapply(moved[c("est", "ci.lb", "ci.ub")],
                                                function(x) sprintf("%.2f", as.numeric(x) + fit$se / 2))
    expect_true("B3" %in% audit(rows, pooled = moved, measure = "MD")$check)
  }
})

test_that("Knapp-Hartung is a reading, and a stated model that does not fit is named", {
  e <- example_rows()
  hk <- rma(e$y, e$v, method = "REML", test = "knha")
  x <- audit(e$rows, pooled = pooled_of(hk)[c("est", "ci.lb", "ci.ub", "p", "tau2")], measure = "MD")
  expect_identical(nrow(x), 0L)
  expect_match(attr(x, "readings")$reading[1L], "Knapp-Hartung")
  fixed <- rma(e$y, e$v, method = "EE")
  x <- audit(e$rows, pooled = pooled_of(fixed)[c("est", "ci.lb", "ci.ub", "Q", "df")], measure = "MD", model = "random")
  expect_identical(x$check, "B2")
  expect_identical(x$severity, "warning")
  expect_match(x$reading, "fixed effect")
})

test_that("Wald's P beside a Knapp-Hartung interval is a note, as RevMan Web prints it, with its prediction interval", {
  e <- example_rows()
  hk <- rma(e$y, e$v, method = "REML", test = "knha")
  wald <- rma(e$y, e$v, method = "REML")
  range <- predict(hk)
  pooled <- cbind(pooled_of(hk)[c("est", "ci.lb", "ci.ub", "tau2", "Q", "df")], p = sprintf("%.3f", wald$pval),
                  pi.lb = sprintf("%.2f", range$pi.lb), pi.ub = sprintf("%.2f", range$pi.ub))
  x <- audit(e$rows, pooled = pooled, measure = "MD")
  expect_identical(x$check, "B6")
  expect_identical(x$severity, "note")
  expect_identical(x$reading, "Wald")
})

test_that("Mantel-Haenszel and Peto are computed from counts", {
  d <- data.frame(study = LETTERS[1:4], events1 = c(10, 20, 3, 5), n1 = c(50, 60, 30, 40), events2 = c(15, 22, 4, 9),
                  n2 = c(52, 61, 31, 39))
  e <- escalc("OR", ai = events1, n1i = n1, ci = events2, n2i = n2, data = d)
  show <- function(x) sprintf("%.2f", exp(x))
  rows <- cbind(d, est = show(e$yi), ci.lb = show(e$yi - 1.959964 * sqrt(e$vi)),
                ci.ub = show(e$yi + 1.959964 * sqrt(e$vi)))
  fit <- rma.mh(ai = d$events1, n1i = d$n1, ci = d$events2, n2i = d$n2, measure = "OR")
  pooled <- data.frame(est = sprintf("%.4f", exp(fit$beta[1L])), ci.lb = sprintf("%.4f", exp(fit$ci.lb)),
                       ci.ub = sprintf("%.4f", exp(fit$ci.ub)), n1 = 180, events1 = 38)
  x <- audit(rows, pooled = pooled)
  expect_identical(nrow(x), 0L)
  expect_match(attr(x, "readings")$reading[2L], "Mantel-Haenszel")
  pooled$n1 <- 181
  expect_identical(audit(rows, pooled = pooled)$check, "B10")
  # Without counts a ratio may be Mantel-Haenszel's: no error.
  x <- audit(rows[c("study", "est", "ci.lb", "ci.ub")],
             pooled = transform(pooled, n1 = NULL, events1 = NULL, est = "0.90", ci.lb = "0.60", ci.ub = "1.35"),
             measure = "OR")
  expect_false("error" %in% x$severity)
  expect_true("B3" %in% x$check)
})

test_that("what cannot be told is counted as such", {
  rows <- data.frame(study = c("A", "B"), est = c("0.00", "0.02"), ci.lb = c("0.00", "-0.02"),
                     ci.ub = c("0.00", "0.06"))
  x <- audit(rows, pooled = data.frame(est = "0.00", ci.lb = "0.00", ci.ub = "0.00"), measure = "MD")
  own <- summary(x)
  expect_identical(own$undecided[own$check == "B3"], 1L)
  expect_false("error" %in% x$severity)
})

test_that("the ranges of the core hold what random points of the box give", {
  set.seed(5)
  box <- list(y = c(0.1, 0.4, -0.2, 0.8), y.half = rep(0.005, 4), s = c(0.2, 0.3, 0.25, 0.15), s.half = rep(0.004, 4))
  for (model in c("FE", "DL", "REML")) {
    r <- pool_ranges(box, model, 0.95)
    for (i in 1:100) {
      fit <- rma(box$y + runif(4, -1, 1) * box$y.half, sei = box$s + runif(4, -1, 1) * box$s.half,
                 method = if (model == "FE") "EE" else model)
      got <- c(est = fit$beta[1L], se = fit$se, Q = fit$QE, tau2 = fit$tau2, lb.z = fit$ci.lb)
      expect_true(all(got >= r$low[names(got)] - 1e-6 & got <= r$high[names(got)] + 1e-6))
      expect_true(all(weights(fit) >= r$weight.low - 1e-6 & weights(fit) <= r$weight.high + 1e-6))
    }
  }
})

test_that("pooled numbers that several models give are no contradiction to the weights of one of them", {
  d <- data.frame(study = paste("T", 1:6), events1 = c(12, 30, 7, 15, 9, 21), n1 = c(60, 150, 55, 80, 70, 90),
                  events2 = c(20, 41, 9, 25, 15, 30), n2 = c(61, 148, 54, 79, 72, 88))
  fit <- rma(measure = "RR", ai = events1, n1i = n1, ci = events2, n2i = n2, data = d, method = "EE")
  two <- function(x) sprintf("%.2f", x)
  d[c("est", "ci.lb", "ci.ub")] <- lapply(list(fit$yi, fit$yi - qnorm(0.975) * sqrt(fit$vi),
                                               fit$yi + qnorm(0.975) * sqrt(fit$vi)), function(x) two(exp(x)))
  d$weight <- sprintf("%.1f", weights(fit))
  pooled <- data.frame(est = two(exp(fit$beta[1L])), ci.lb = two(exp(fit$ci.lb)), ci.ub = two(exp(fit$ci.ub)),
                       Q = two(fit$QE), df = 5, pQ = two(fit$QEp), z = two(abs(fit$zval)))
  expect_identical(nrow(audit(d, pooled = pooled)), 0L)
  d$weight <- rev(d$weight)
  expect_true("B2" %in% audit(d, pooled = pooled)$check)
})

test_that("every variance of a standardised difference, Sato's variance and the quantile 1.96 are readings", {
  set.seed(4)
  n1 <- sample(15:80, 8)
  n2 <- sample(15:80, 8)
  d <- data.frame(mean1 = round(rnorm(8, 11.5, 1), 1), sd1 = round(runif(8, 2, 4), 1), n1,
                  mean2 = round(rnorm(8, 10, 1), 1), sd2 = round(runif(8, 2, 4), 1), n2)
  judged <- function(rows, fit, z, measure, digits = 2) {
    pooled <- pooled_of(fit, digits)
    pooled[c("ci.lb", "ci.ub")] <- sprintf("%.*f", digits, fit$beta[1L] + c(-1, 1) * z * fit$se)
    pooled$tau2 <- NULL
    x <- audit(rows, pooled = pooled, measure = measure)
    expect_identical(x$check[x$severity != "note"], character())
  }
  for (vtype in c("LS", "LS2", "UB")) for (z in if (vtype == "LS") c(qnorm(0.975), 1.96) else qnorm(0.975)) {
    e <- metafor::escalc("SMD", m1i = mean1, sd1i = sd1, n1i = n1, m2i = mean2, sd2i = sd2, n2i = n2, data = d,
                         vtype = vtype)
    show <- function(x) sprintf("%.4f", x)
    rows <- cbind(d, est = show(e$yi), ci.lb = show(e$yi - z * sqrt(e$vi)), ci.ub = show(e$yi + z * sqrt(e$vi)))
    judged(rows, rma(e$yi, e$vi, method = "DL"), z, "SMD", 4)
  }
  t <- data.frame(events1 = c(5, 12, 9, 20, 7), n1 = c(30, 44, 51, 60, 33), events2 = c(9, 15, 16, 22, 12),
                  n2 = c(31, 40, 49, 66, 30))
  e <- escalc("RD", ai = events1, n1i = n1, ci = events2, n2i = n2, data = t)
  rows <- as_rows(t, e)
  fit <- rma.mh(measure = "RD", ai = t$events1, n1i = t$n1, ci = t$events2, n2i = t$n2)
  judged(rows, fit, qnorm(0.975), "RD")
})
