# Rows of a plot printed with two decimals, and what rma() gives from them before rounding.
example_rows <- function(k = 8, seed = 3, tau = 0.3) {
  set.seed(seed)
  v <- runif(k, 0.02, 0.2)
  y <- rnorm(k, 0.4, sqrt(v + tau^2))
  list(y = y, v = v, rows = data.frame(study = paste("S", seq_len(k)), est = sprintf("%.2f", y), ci.lb = sprintf("%.2f", y - 1.959964 * sqrt(v)), ci.ub = sprintf("%.2f", y + 1.959964 * sqrt(v))))
}

pooled_of <- function(fit, digits = 2) {
  show <- function(x) sprintf("%.*f", digits, x)
  data.frame(est = show(fit$beta[1L]), ci.lb = show(fit$ci.lb), ci.ub = show(fit$ci.ub), Q = show(fit$QE), df = fit$k - 1, pQ = sprintf("%.3f", fit$QEp), tau2 = show(fit$tau2),
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
    moved[c("est", "ci.lb", "ci.ub")] <- lapply(moved[c("est", "ci.lb", "ci.ub")], function(x) sprintf("%.2f", as.numeric(x) + fit$se / 2))
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

test_that("Mantel-Haenszel and Peto are computed from counts", {
  d <- data.frame(study = LETTERS[1:4], events1 = c(10, 20, 3, 5), n1 = c(50, 60, 30, 40), events2 = c(15, 22, 4, 9), n2 = c(52, 61, 31, 39))
  e <- escalc("OR", ai = events1, n1i = n1, ci = events2, n2i = n2, data = d)
  show <- function(x) sprintf("%.2f", exp(x))
  rows <- cbind(d, est = show(e$yi), ci.lb = show(e$yi - 1.959964 * sqrt(e$vi)), ci.ub = show(e$yi + 1.959964 * sqrt(e$vi)))
  fit <- rma.mh(ai = d$events1, n1i = d$n1, ci = d$events2, n2i = d$n2, measure = "OR")
  pooled <- data.frame(est = sprintf("%.4f", exp(fit$beta[1L])), ci.lb = sprintf("%.4f", exp(fit$ci.lb)), ci.ub = sprintf("%.4f", exp(fit$ci.ub)), n1 = 180, events1 = 38)
  x <- audit(rows, pooled = pooled)
  expect_identical(nrow(x), 0L)
  expect_match(attr(x, "readings")$reading[2L], "Mantel-Haenszel")
  pooled$n1 <- 181
  expect_identical(audit(rows, pooled = pooled)$check, "B10")
  # Without counts a ratio may be Mantel-Haenszel's: no error.
  x <- audit(rows[c("study", "est", "ci.lb", "ci.ub")], pooled = transform(pooled, n1 = NULL, events1 = NULL, est = "0.90", ci.lb = "0.60", ci.ub = "1.35"), measure = "OR")
  expect_false("error" %in% x$severity)
  expect_true("B3" %in% x$check)
})

test_that("I2, P of Q, P of z, degrees of freedom and the prediction interval are checked against the row itself", {
  e <- example_rows()
  base <- data.frame(est = "0.40", ci.lb = "0.20", ci.ub = "0.60")
  own <- function(...) audit(e$rows, pooled = cbind(base[0L, ][1L, 0L], ...), measure = "MD")
  expect_true("B5" %in% own(Q = "14.07", df = 7, pQ = "0.20")$check)
  p_found <- function(...) "P" %in% own(...)$what
  expect_false(p_found(z = "1.96", p = "0.05"))
  expect_true(p_found(z = "1.96", p = "0.01"))
  expect_true("B4" %in% own(df = 9)$check)
  expect_true("B9" %in% own(ci.lb = "0.20", ci.ub = "0.60", pi.lb = "0.30", pi.ub = "0.50")$check)
})

test_that("the test between subgroups follows from them", {
  e <- example_rows()
  rows <- cbind(e$rows, group = rep(c("a", "b"), each = 4))
  fits <- lapply(c("a", "b"), function(g) rma(e$y[rows$group == g], e$v[rows$group == g], method = "EE"))
  b <- vapply(fits, function(f) f$beta[1L], 0)
  w <- vapply(fits, function(f) 1 / f$se^2, 0)
  Q <- sum(w * (b - sum(w * b) / sum(w))^2)
  pooled <- rbind(cbind(group = "a", pooled_of(fits[[1L]])), cbind(group = "b", pooled_of(fits[[2L]])))
  between <- pooled[1L, ]
  between[] <- ""
  between$group <- "Test between groups"
  between$Q <- sprintf("%.2f", Q)
  between$df <- "1"
  between$pQ <- sprintf("%.3f", pchisq(Q, 1, lower.tail = FALSE))
  pooled$df <- as.character(pooled$df)
  x <- audit(rows, pooled = rbind(pooled, between), measure = "MD")
  expect_identical(nrow(x), 0L)
  between$Q <- sprintf("%.2f", Q + 3)
  between$df <- "2"
  x <- audit(rows, pooled = rbind(pooled, between), measure = "MD")
  expect_identical(sort(unique(x$check)), "B8")
})

test_that("equal groups leave the test between them what their rounding leaves", {
  groups <- data.frame(group = c("a", "b", "between groups"), est = c("0.02", "0.02", ""), ci.lb = c("-0.01", "-0.01", ""), ci.ub = c("0.04", "0.04", ""), pQ = c("", "", "0.821"))
  rows <- data.frame(study = LETTERS[1:4], group = rep(c("a", "b"), each = 2), est = c("0.01", "0.07", "0.01", "0.02"), ci.lb = c("-0.01", "-0.01", "-0.01", "-0.02"), ci.ub = c("0.04", "0.14", "0.04", "0.07"))
  expect_false("B8" %in% audit(rows, pooled = groups, measure = "MD")$check)
})

test_that("what cannot be told is counted as such", {
  rows <- data.frame(study = c("A", "B"), est = c("0.00", "0.02"), ci.lb = c("0.00", "-0.02"), ci.ub = c("0.00", "0.06"))
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
      fit <- rma(box$y + runif(4, -1, 1) * box$y.half, sei = box$s + runif(4, -1, 1) * box$s.half, method = if (model == "FE") "EE" else model)
      got <- c(est = fit$beta[1L], se = fit$se, Q = fit$QE, tau2 = fit$tau2, lb.z = fit$ci.lb)
      expect_true(all(got >= r$low[names(got)] - 1e-6 & got <= r$high[names(got)] + 1e-6))
      expect_true(all(weights(fit) >= r$weight.low - 1e-6 & weights(fit) <= r$weight.high + 1e-6))
    }
  }
})
