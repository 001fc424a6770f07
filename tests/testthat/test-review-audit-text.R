test_that("results are read from sentences", {
  read <- function(text) unlist(text_results(text)[1L, ])
  expect_equal(read("Risk Ratio (RR) 0.95, 95% confidence interval (CI) 0.77 to 1.16, p=0.60, 3 trials, 678 participants)."),
               c(est = "0.95", lb = "0.77", ub = "1.16", p = "0.60", k = "3", n = "678", I2 = ""))
  expect_equal(read("no difference (SMD \u22120.14; 95% CI \u22120.51\u20130.23; P < 0.001, I\u00b2 = 44.1%)")[c("est", "lb", "ub", "p", "I2")],
               c(est = "-0.14", lb = "-0.51", ub = "0.23", p = "<0.001", I2 = "44.1"))
  expect_equal(read("hip BMD 0.05 (0.01, 0.10)")[1:3], c(est = "0.05", lb = "0.01", ub = "0.10"))
  expect_equal(read("a very wide 95% CI (RR 0.22; 95% CI 0.02 to 2.08)")[1:3],
               c(est = "0.22", lb = "0.02", ub = "2.08"))
  expect_equal(read("RR = 1.20, 95%\u7f6e\u4fe1\u533a\u95f4 (1.01\uff5e1.43)")[1:3],
               c(est = "1.20", lb = "1.01", ub = "1.43"))
  two <- text_results("(RR 0.65; 95% CI 0.54 to 0.78 and RR 0.79; 95% CI 0.60 to 1.05, respectively)")
  expect_identical(two$est, c("0.65", "0.79"))
  expect_null(text_results("Nothing was found in 12 trials."))
})

test_that("a sentence agrees if its results are among those it may speak of", {
  results <- data.frame(label = c("all", "young"), est = c(0.4712, 0.65), lb = c(0.3388, 0.54), ub = c(0.6555, 0.78),
                        n = c(774, NA))
  expect_identical(nrow(audit("RR 0.47 (95% CI 0.34 to 0.66, 774 participants)", results = results)), 0L)
  expect_identical(nrow(audit("in the young 0.65 (0.54, 0.78)", results = results)), 0L)
  x <- audit(c("fine: 0.47 (0.34 to 0.66)", "RR 1.80, CI 0.34 to 0.66, 777 participants"), results = results)
  expect_identical(x$check, "C13")
  expect_identical(x$row, 2L)
  expect_identical(x$what, "estimate, participants")
  expect_match(x$suggestion, "estimate 0.47 instead of 1.80")
  expect_identical(summary(audit("no numbers", results = results))$undecided, 1L)
  expect_identical(summary(audit("1.0 (0.5 to 2.0)"))$undecided, 1L)
  expect_error(audit("x", results = data.frame(a = 1)), class = "metaparity_error_input")
})

test_that("places that state one quantity must agree at their decimals", {
  s <- function(...) {
    m <- matrix(c(...), ncol = 3L, byrow = TRUE, dimnames = list(NULL, c("quantity", "where", "value")))
    audit(as.data.frame(m, stringsAsFactors = FALSE))
  }
  expect_identical(nrow(s("I2", "text", "44 %", "I2", "figure", "44.1", "n", "text", "744 (375 and 369)", "n", "table",
                          "744, 375, 369")), 0L)
  x <- s("criteria", "text", "6", "criteria", "figure", "7")
  expect_identical(x$check, "C13")
  expect_identical(nrow(s("search", "abstract", "15 August 2023", "search", "text", "5 August 2023")), 1L)
  expect_identical(nrow(s("fig 8", "caption", "calcium", "fig 8", "axis", "vitamin D")), 1L)
  x <- s("hip BMD", "text", "0.05 (0.01, 0.10)", "hip BMD", "Fig 4", "0.04 (-0.06 to 0.14)", "femur BMD", "Fig 4",
         "0.05 (0.01, 0.10)")
  expect_match(x$reading, "text has that of femur BMD")
  x <- s("vomiting I2", "text", "44.1", "vomiting I2", "figure", "0", "vomiting I2, first arm", "figure", "44.1")
  expect_match(x$reading, "first arm")
})

test_that("a P value that is expected is not shown as 0", {
  found <- audit("RR 0.48 (0.31 to 0.76), p = 0.04",
                 results = data.frame(label = "x", est = 0.48, lb = 0.31, ub = 0.76, p = 0.002))
  expect_match(found$expected, "0.002", fixed = TRUE)
})

test_that("pooled rows among the studies are told", {
  plot <- data.frame(study = c("A", "B", "Total (95% CI)"), est = c("0.50", "0.80", "0.70"),
                     ci = c("0.25 to 1.00", "0.64 to 1.00", "0.55 to 0.90"), weight = c("40.0", "60.0", "100.0"))
  expect_warning(found <- audit(plot), class = "metaparity_warning_studies")
  expect_identical(sum(found$check == "B1"), 0L)
})

test_that("a sentence that contradicts itself is found without results", {
  x <- audit("RR 0.50 (95% CI 0.20 to 1.25, P = 0.001)")
  expect_identical(x$severity, "error")
  expect_identical(x$what, "P")
  expect_identical(nrow(audit("RR 0.50 (95% CI 0.20 to 1.25, P = 0.14)")), 0L)
  expect_identical(nrow(audit("MD 1.20 (95% CI 0.20 to 2.20, P = 0.02)")), 0L)
  expect_identical(audit("RR 1.80 (95% CI 0.34 to 0.66)")$what, "estimate")
})
