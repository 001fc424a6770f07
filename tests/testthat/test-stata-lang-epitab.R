epi <- function(lines, names, d = data.frame(a = 1)) {
  as.numeric(utils::tail(stata(c(paste("quietly", lines), sprintf("display %%21.17f %s", names)), d)$log,
    length(names)))
}

test_that("csi and cci give risks, odds and their limits", {
  found <- epi("csi 7 12 9 2", c("r(rd)", "r(rr)", "r(lb_rr)", "r(chi2)"))
  rr <- (7 / 16) / (12 / 14)
  half <- stats::qnorm(0.975) * sqrt(1 / 7 - 1 / 16 + 1 / 12 - 1 / 14)
  chi2 <- suppressWarnings(stats::chisq.test(matrix(c(7, 12, 9, 2), 2, byrow = TRUE), correct = FALSE))$statistic
  expect_gate(found, c(7 / 16 - 12 / 14, rr, rr * exp(-half), unname(chi2)), "exact_solution")
  f <- stats::fisher.test(matrix(c(4, 386, 4, 1250), 2, byrow = TRUE))
  found <- epi("cci 4 386 4 1250", c("r(or)", "r(lb_or)", "r(ub_or)"))
  expect_gate(found, c(4 * 1250 / (386 * 4), f$conf.int), "exact_solution")
  log <- stata("csi 7 12 9 2", data.frame(a = 1))$log
  expect_equal(log[4], "           Cases |         7          12  |         19")
  expect_true("      Risk ratio |         .5104167       |    .2814332    .9257086" %in% log)
})

test_that("tabi is tabulate of numbers", {
  expect_gate(epi("tabi 10 20 \\ 15 5, chi2", "r(chi2)"),
              unname(stats::chisq.test(matrix(c(10, 15, 20, 5), 2), correct = FALSE)$statistic), "exact_solution")
})

test_that("proportion, total, ratio and mean over groups have linearised errors", {
  d <- data.frame(y = c(3, 5, 2, 8, 7, 1, 4), x = c(2, 2, 1, 5, 3, 1, 2), g = c(1, 1, 2, 2, 2, 1, 1), b = c(1, 0, 1,
    1, 0, 0, 1))
  n <- 7
  expect_gate(epi("total y", c("_b[y]", "_se[y]"), d), c(30, sqrt(n) * stats::sd(d$y)), "exact_solution")
  r <- sum(d$y) / sum(d$x)
  expect_gate(epi("ratio r: y/x", c("_b[r]", "_se[r]"), d), c(r,
    sqrt(n / (n - 1) * sum((d$y - r * d$x)^2)) / sum(d$x)), "exact_solution")
  p <- mean(d$b)
  m <- stata(c("proportion b", "matrix V = e(V)", "display %21.17f sqrt(V[2,2])"), d)$log
  expect_gate(as.numeric(utils::tail(m, 1)), sqrt(p * (1 - p) / (n - 1)), "exact_solution")
  y1 <- d$y[d$g == 1]
  m <- stata(c("mean y, over(g)", "matrix V = e(V)", "display %21.17f sqrt(V[1,1])"), d)$log
  expect_gate(as.numeric(utils::tail(m, 1)), sqrt(n / (n - 1) * sum((y1 - mean(y1))^2) / 16), "exact_solution")
})

test_that("cs, or prints Cornfield's limits, as published logs of deaths by smoking and by obesity do", {
  odds <- function(line) grep("Odds ratio", stata(line, data.frame(x = 1))$log, value = TRUE)
  expect_identical(odds("csi 788 762 1393 1491, or"),
                   "      Odds ratio |         1.106873       |    .9783102    1.252331 (Cornfield)")
  expect_identical(odds("csi 259 571 318 1365, or"),
                   "      Odds ratio |         1.947015       |    1.608816     2.35632 (Cornfield)")
  expect_identical(odds("csi 7 1 27 33, or woolf"),
                   "      Odds ratio |         8.555556       |    .9904903     73.9003 (Woolf)")
  expect_match(odds("cci 788 762 1393 1491, cornfield"), ".9783102    1.252331 [(]Cornfield[)]$")
})

test_that("the exposure is named above the table; a ratio of 0 has no limits", {
  d <- data.frame(dead = rep(c(1, 1, 0, 0), c(2, 4, 8, 6)), smoker = rep(c(1, 0, 1, 0), c(2, 4, 8, 6)))
  attr(d$smoker, "label") <- "Current smoker, first examination"
  log <- stata("cs dead smoker", d)$log
  expect_identical(log[2L], "                 | Current smoker, first  |")
  zero <- stata("csi 0 12 9 20", d)$log
  expect_match(grep("Risk ratio", zero, value = TRUE), "0       [|] +[.] +[.]$")
})
