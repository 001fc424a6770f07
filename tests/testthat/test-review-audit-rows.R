plot_of <- function(...) data.frame(..., stringsAsFactors = FALSE)
codes <- function(x, severity = c("error", "warning", "note")) x$check[x$severity %in% severity]

test_that("order and symmetry are judged on the intervals of the printed decimals", {
  expect_identical(nrow(audit(plot_of(est = "-2.07", ci.lb = "-2.56", ci.ub = "-1.59"), measure = "MD")), 0L)
  x <- audit(plot_of(est = "-0.05", ci.lb = "-1.37", ci.ub = "1.47"), measure = "MD")
  expect_identical(codes(x), "A2")
  expect_match(x$suggestion, "estimate 0.05 instead of -0.05 (other sign)", fixed = TRUE)
  expect_match(x$expected, "0.045 to 0.055")
  expect_identical(codes(audit(plot_of(est = "2", ci.lb = "3", ci.ub = "1"), measure = "MD")), "A1")
  expect_identical(codes(audit(plot_of(est = "9", ci.lb = "0", ci.ub = "2"), measure = "MD"))[1L], "A1")
  # Half a unit at each end: 0.00 to 0.01 may hold its centre anywhere.
  expect_identical(nrow(audit(plot_of(est = "0.01", ci.lb = "0.00", ci.ub = "0.01"), measure = "MD")), 0L)
})

test_that("the scale is that of the measure, or the one that fits the rows", {
  rr <- plot_of(est = c("2.00", "0.50", "1.41"), ci.lb = c("1.00", "0.25", "0.50"), ci.ub = c("4.00", "1.00", "4.00"))
  expect_identical(nrow(audit(rr)), 0L)
  expect_identical(nrow(audit(rr, measure = "HR")), 0L)
  expect_identical(codes(audit(rr, measure = "MD"), "error"), rep("A2", 3L))
  expect_identical(unique(audit(rr, measure = "MD")$reading), "ratios")
  r <- tanh(atanh(0.6) + c(-1, 0, 1) * 0.4)
  expect_identical(nrow(audit(plot_of(est = sprintf("%.2f", r[2L]), ci.lb = sprintf("%.2f", r[1L]),
                                      ci.ub = sprintf("%.2f", r[3L])), measure = "COR")), 0L)
})

test_that("a single slip is named, the likeliest kind first", {
  suggested <- function(est, lb, ub) audit(plot_of(est = est, ci.lb = lb, ci.ub = ub), measure = "RR")$suggestion[1L]
  expect_match(suggested("1.50", "1.00", "22.50"), "upper limit 2.25 instead of 22.50 (decimal point)", fixed = TRUE)
  expect_match(suggested("1.05", "1.00", "2.25"), "estimate 1.50 instead of 1.05 (two digits exchanged)", fixed = TRUE)
  expect_match(suggested("0.40", "1.25", "5.00"), "estimate 2.50 instead of 0.40 (reciprocal)", fixed = TRUE)
})

test_that("impossible counts, percentages and spreads are errors", {
  x <- audit(plot_of(events1 = c(5, 60, 2.5), n1 = c(50, 50, 50), events2 = c(4, 3, 2), n2 = c(50, 50, 50),
                     pct1 = c("10.0", "120.0", "7.0")))
  expect_identical(x$row[x$check == "A4"], 2:3)
  expect_identical(x$row[x$check == "A6"], 3L)
  expect_identical(codes(audit(plot_of(mean1 = 1, sd1 = -2, n1 = 10, mean2 = 2, sd2 = 3, n2 = 10))), "A4")
})

test_that("one level holds for all rows; an interval and its standard error belong together", {
  se <- c(0.5, 0.4, 0.3)
  crit <- qnorm(c(0.975, 0.975, 0.95))
  p <- plot_of(est = "1.000", ci.lb = sprintf("%.3f", 1 - crit * se), ci.ub = sprintf("%.3f", 1 + crit * se),
               se = sprintf("%.3f", se))
  x <- audit(p, measure = "MD")
  expect_identical(x$check, "A5")
  expect_identical(x$severity, "warning")
  expect_match(x$reading, "90 %")
  p$se[3L] <- "0.700"
  expect_identical(audit(p, measure = "MD")$severity, "error")
  expect_identical(codes(audit(plot_of(est = "0.00", ci.lb = "0.00", ci.ub = "0.00"), measure = "MD")), "A5")
})

test_that("P belongs to its interval, by the normal distribution or by t", {
  p <- plot_of(est = c("1.00", "1.00", "1.00"), ci.lb = "0.10", ci.ub = "1.90", p = c("0.03", "0.30", "0.05"))
  x <- audit(p, measure = "MD")
  x <- x[x$check == "B6", ]
  expect_identical(x$row, 2:3)
  expect_identical(x$severity, c("error", "warning"))
})

test_that("weights sum to 100 in the whole or in each group", {
  w <- plot_of(study = c("A", "B", "C"), weight = c("33.3", "33.3", "33.3"))
  expect_identical(nrow(audit(w)), 0L)
  w$weight[3L] <- "43.3"
  expect_identical(audit(w)$check, "B1")
  g <- plot_of(study = letters[1:4], group = c("x", "x", "y", "y"), weight = c("40", "60", "30", "70"))
  expect_identical(nrow(audit(g)), 0L)
})

test_that("copies are told: one study twice, two studies with the same numbers", {
  x <- audit(plot_of(study = c("A", "A", "B"), est = c("1.0", "2.0", "2.0"), ci.lb = c("0.5", "1.5", "1.5"),
                     ci.ub = c("1.5", "2.5", "2.5")), measure = "MD")
  expect_identical(x$check, c("C7", "C8"))
  expect_identical(x$reading, c("row 1", "row 2"))
})

test_that("numbers that cannot be read are told", {
  own <- summary(audit(plot_of(est = c("1.00", "n.e."), ci.lb = c("0.50", ""), ci.ub = c("1.50", ""))))
  expect_identical(own$undecided[own$check == "A1"], 1L)
  expect_match(own$because[own$check == "A1"], "cannot be read")
})
