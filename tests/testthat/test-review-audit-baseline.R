baseline <- function(...) data.frame(variable = "age", ..., stringsAsFactors = FALSE)

test_that("P of a row is inside the range of the usual tests, and outside it is told", {
  set.seed(1)
  x <- round(stats::rnorm(40, 50, 8), 1)
  y <- round(stats::rnorm(35, 53, 9), 1)
  row <- function(p) baseline(mean1 = sprintf("%.1f", mean(x)), sd1 = sprintf("%.1f", sd(x)), n1 = 40,
                              mean2 = sprintf("%.1f", mean(y)), sd2 = sprintf("%.1f", sd(y)), n2 = 35, p = p)
  student <- stats::t.test(x, y, var.equal = TRUE)$p.value
  welch <- stats::t.test(x, y)$p.value
  for (p in c(student, welch)) expect_identical(nrow(audit(row(sprintf("%.3f", p)))), 0L)
  wrong <- audit(row("0.9"))
  expect_identical(wrong$check, "C11")
  expect_identical(wrong$severity, "error")
  expect_identical(wrong$part, "age")
})

test_that("P of standard errors is a warning of its own", {
  d <- baseline(mean1 = "50.0", sd1 = "1.3", n1 = 40, mean2 = "53.0", sd2 = "1.4", n2 = 40, p = "0.12")
  x <- audit(d)
  expect_identical(x$severity, "warning")
  expect_identical(x$reading, "SD as SE")
})

test_that("counts are chi-squared, with or without correction, or exact", {
  p <- stats::chisq.test(rbind(c(20, 30), c(30, 20)), correct = FALSE)$p.value
  d <- baseline(events1 = 20, n1 = 50, events2 = 30, n2 = 50, p = sprintf("%.3f", p))
  expect_identical(nrow(audit(d)), 0L)
  d$p <- sprintf("%.3f", stats::chisq.test(rbind(c(20, 30), c(30, 20)))$p.value)
  expect_identical(nrow(audit(d)), 0L)
  d$p <- sprintf("%.3f", stats::fisher.test(rbind(c(20, 30), c(30, 20)))$p.value)
  expect_identical(nrow(audit(d)), 0L)
  d$p <- "0.50"
  expect_identical(audit(d)$check, "C11")
  few <- baseline(events1 = 1, n1 = 20, events2 = 3, n2 = 20, p = "0.90")
  expect_identical(audit(few)$check, "C11")
  expect_equal(fisher_p(1, 20, 20, 4), stats::fisher.test(rbind(c(1, 19), c(3, 17)))$p.value, tolerance = 1e-12)
  few$n2 <- NA
  expect_identical(summary(audit(few))$undecided, 1L)
})

test_that("no false alarm on tables that are computed from patients", {
  set.seed(8)
  rows <- lapply(1:400, function(i) {
    n <- sample(8:120, 2L, TRUE)
    digits <- sample(0:2, 1L)
    x <- stats::rnorm(n[1L], 60, sample(c(2, 9), 1L))
    y <- stats::rnorm(n[2L], 60, sample(c(2, 9), 1L))
    p <- stats::t.test(x, y, var.equal = i %% 2L == 0L)$p.value
    show <- function(v) sprintf("%.*f", digits, v)
    baseline(mean1 = show(mean(x)), sd1 = show(sd(x)), n1 = n[1L], mean2 = show(mean(y)), sd2 = show(sd(y)), n2 = n[2L],
             p = sprintf("%.2f", p))
  })
  table <- do.call(rbind, rows)
  found <- audit(table)
  expect_identical(sum(found$severity != "note"), 0L)
  counts <- do.call(rbind, lapply(1:400, function(i) {
    n <- sample(12:200, 2L, TRUE)
    a <- stats::rbinom(2L, n, stats::runif(1L, 0.1, 0.9))
    m <- rbind(c(a[1L], n[1L] - a[1L]), c(a[2L], n[2L] - a[2L]))
    p <- suppressWarnings(switch(1L + i %% 3L, stats::fisher.test(m)$p.value, stats::chisq.test(m)$p.value,
                                 stats::chisq.test(m, correct = FALSE)$p.value))
    baseline(events1 = a[1L], n1 = n[1L], events2 = a[2L], n2 = n[2L], p = sprintf("%.2f", p))
  }))
  found <- audit(counts[counts$p != "NaN", ])
  expect_identical(sum(found$severity != "note"), 0L)
})

test_that("arms that are too alike are noted", {
  d <- data.frame(variable = letters[1:8], mean1 = sprintf("%.2f", 50 + 1:8), sd1 = "10.00", n1 = 60,
                  mean2 = sprintf("%.2f", 50.01 + 1:8), sd2 = "10.00", n2 = 60, p = "1.00")
  x <- audit(d)
  expect_identical(x$severity, "note")
  expect_match(x$why, "more alike")
})
