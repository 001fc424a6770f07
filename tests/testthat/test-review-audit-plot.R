test_that("columns are read as printed, data that are numbers as they are", {
  s <- new_plot(data.frame(study = c("A", "B"), yi = c("0.5", "0,7"), ci.lb = c("0,1", "0,2"), ci.ub = c("0,9", "1,2"),
                           sd1 = c(2.25, 3)))
  expect_identical(s$k, 2L)
  expect_equal(s$lb$value, c(0.1, 0.2))
  expect_identical(s$sd1$digits, c(2L, 0L))
  expect_identical(s$sd1$low, c(2.25, 3))
})

test_that("scales follow measures, in any spelling", {
  expect_identical(scale_of_measure(c("RR", "Odds Ratio", "WMD", "Hazard ratio", "COR", "PLO", "xyz")),
                   c("log", "log", "identity", "log", "atanh", "logit", NA))
})

test_that("a proportion's interval may be symmetrical on several scales", {
  p <- c(0.1, 0.2, 0.3)
  se <- 0.3
  d <- data.frame(est = sprintf("%.3f", p), ci.lb = sprintf("%.3f", plogis(qlogis(p) - 1.96 * se)),
                  ci.ub = sprintf("%.3f", plogis(qlogis(p) + 1.96 * se)))
  expect_identical(new_plot(d, measure = "PR")$scale, rep("logit", 3L))
  expect_identical(nrow(audit(d, measure = "PR")), 0L)
})
