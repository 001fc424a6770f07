# Tables without counts: rows and the pooled row that rma.mh() gives, printed.
mh_example <- function(measure, seed) {
  set.seed(seed)
  k <- sample(4:9, 1)
  n1 <- round(stats::rlnorm(k, 4.6, 0.7)) + 20
  n2 <- round(n1 * stats::runif(k, 0.8, 1.2)) + 1
  p <- stats::plogis(stats::rnorm(k, -1.3, 0.6))
  x1 <- pmax(1, stats::rbinom(k, n1, stats::plogis(stats::qlogis(p) - 0.3)))
  x2 <- pmax(1, stats::rbinom(k, n2, p))
  es <- escalc(measure, ai = x1, n1i = n1, ci = x2, n2i = n2)
  fit <- rma.mh(measure = measure, ai = x1, n1i = n1, ci = x2, n2i = n2)
  back <- if (measure == "RD") identity else exp
  two <- function(x) sprintf("%.2f", x)
  half <- stats::qnorm(0.975) * sqrt(es$vi)
  list(rows = data.frame(study = paste("S", 1:k), est = two(back(es$yi)), ci.lb = two(back(es$yi - half)),
                         ci.ub = two(back(es$yi + half)), weight = sprintf("%.1f", stats::weights(fit))),
       pooled = data.frame(est = two(back(fit$beta[1])), ci.lb = two(back(fit$ci.lb)), ci.ub = two(back(fit$ci.ub)),
                           Q = two(fit$QE), df = k - 1, I2 = sprintf("%.0f", fit$I2), pQ = two(fit$QEp),
                           z = two(fit$zval), p = sprintf("%.3f", fit$pval)))
}

test_that("Mantel-Haenszel without counts and model raises nothing, with printed weights or without", {
  for (measure in c("RD", "RR", "OR")) for (seed in 1:12) {
    e <- mh_example(measure, seed)
    for (rows in list(e$rows, e$rows[-5])) {
      a <- audit(rows, pooled = e$pooled, measure = measure)
      expect_identical(a$check[a$severity != "note"], character())
    }
  }
})

test_that("what the rows leave of it is checked: Q, an estimate among them, limits by the weights", {
  found <- function(change, weights = TRUE) {
    hits <- vapply(1:12, function(seed) {
      e <- mh_example("RD", seed)
      e$pooled <- change(e$pooled)
      a <- audit(if (weights) e$rows else e$rows[-5], pooled = e$pooled, measure = "RD", model = "MH")
      any(a$severity != "note")
    }, NA)
    sum(hits)
  }
  expect_identical(found(function(p) transform(p, Q = sprintf("%.2f", 1.2 * as.numeric(Q) + 1)), FALSE), 12L)
  expect_identical(found(function(p) transform(p, est = "0.60", ci.lb = "0.50", ci.ub = "0.70"), FALSE), 12L)
  wider <- function(p) transform(p, ci.lb = sprintf("%.2f", as.numeric(ci.lb) - 0.05),
                                 ci.ub = sprintf("%.2f", as.numeric(ci.ub) + 0.05))
  expect_identical(found(wider), 12L)
})
