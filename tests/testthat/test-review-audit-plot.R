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

test_that("one column tells how all of a table write decimals", {
  plot <- data.frame(study = c("A", "B"), events1 = c("100", "80"), n1 = c("1.234", "1.100"), events2 = c("110", "90"),
                     n2 = c("1.240", "1.090"), est = c("0,91", "0,88"), lb = c("0,71", "0,66"), ub = c("1,18", "1,18"))
  found <- audit(plot)
  expect_false("A4" %in% found$check)
  heading <- data.frame(study = c("A", "B"), x = c("0.50 (0.25, 1.00)", "0.80 (0.64, 1.00)"))
  names(heading)[2] <- "RR (95% CI)"
  expect_identical(nrow(audit(heading)), 0L)
})

test_that("what is stated of a plot is known or refused", {
  plot <- data.frame(study = c("A", "B"), est = c("0.50", "0.80"), ci = c("0.25 to 1.00", "0.64 to 1.00"))
  expect_error(audit(plot, measure = "XYZ"), class = "metaparity_error_input")
  expect_error(audit(plot, model = "foo"), class = "metaparity_error_input")
  expect_error(audit(plot, pooled = data.frame(a = 1)), class = "metaparity_error_input")
  expect_silent(audit(plot, measure = "RR", model = "random effects"))
})
