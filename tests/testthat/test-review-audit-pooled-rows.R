# Rows of a plot printed with two decimals, and what rma() gives from them before rounding.
example_rows <- function(k = 8, seed = 3, tau = 0.3) {
  set.seed(seed)
  v <- runif(k, 0.02, 0.2)
  y <- rnorm(k, 0.4, sqrt(v + tau^2))
  list(y = y, v = v, rows = data.frame(study = paste("S", seq_len(k)), est = sprintf("%.2f", y),
                                       ci.lb = sprintf("%.2f", y - 1.959964 * sqrt(v)),
                                       ci.ub = sprintf("%.2f", y + 1.959964 * sqrt(v))))
}

pooled_of <- function(fit, digits = 2) {
  show <- function(x) sprintf("%.*f", digits, x)
  data.frame(est = show(fit$beta[1L]), ci.lb = show(fit$ci.lb), ci.ub = show(fit$ci.ub), Q = show(fit$QE),
             df = fit$k - 1, pQ = sprintf("%.3f", fit$QEp), tau2 = show(fit$tau2),
             z = show(fit$zval), p = sprintf("%.3f", fit$pval))
}

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
  groups <- data.frame(group = c("a", "b", "between groups"), est = c("0.02", "0.02", ""),
                       ci.lb = c("-0.01", "-0.01", ""), ci.ub = c("0.04", "0.04", ""), pQ = c("", "", "0.821"))
  rows <- data.frame(study = LETTERS[1:4], group = rep(c("a", "b"), each = 2), est = c("0.01", "0.07", "0.01", "0.02"),
                     ci.lb = c("-0.01", "-0.01", "-0.01", "-0.02"), ci.ub = c("0.04", "0.14", "0.04", "0.07"))
  expect_false("B8" %in% audit(rows, pooled = groups, measure = "MD")$check)
})
