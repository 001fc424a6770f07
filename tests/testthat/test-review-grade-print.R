test_that("what is printed passes the audit, whatever the measure", {
  set.seed(11)
  for (measure in c("RR", "OR", "RD")) {
    for (i in 1:8) {
      k <- sample(2:8, 1L)
      n1 <- sample(20:400, k, TRUE)
      n2 <- sample(20:400, k, TRUE)
      base <- c(0.004, 0.05, 0.3, 0.7)[1L + i %% 4L]
      fit <- rma(measure = measure, ai = rbinom(k, n1, base), n1i = n1, ci = rbinom(k, n2, base) + 1, n2i = n2)
      table <- data.frame(outcome = "x", design = sample(c("RCT", "cohort"), 1L), imprecision = "serious",
                          imprecision_reason = "r", large_effect = sample(c("large", "no"), 1L),
                          large_effect_reason = "r")
      s <- sof_table(list(x = fit), table, assumed = sample(c("median", "range", "pooled"), 1L))
      report <- audit(s)
      expect_identical(nrow(report), 0L)
      expect_gt(sum(summary(report)$checked), 0)
    }
  }
})

test_that("the audit still finds what is changed in a printed table", {
  fit <- rma(measure = "RR", ai = c(12, 30), n1i = c(60, 150), ci = c(20, 41), n2i = c(61, 148))
  printed <- as.data.frame(sof_table(list(x = fit)), shape = "printed")
  expect_identical(nrow(audit(printed)), 0L)
  printed$risk1 <- "250"
  expect_identical(audit(printed)$check, "C16")
})

test_that("signs are four, plain where the terminal is", {
  expect_identical(certainty_signs(c(1L, 3L, 4L, NA), TRUE),
                   c("\u2295\u25ef\u25ef\u25ef", "\u2295\u2295\u2295\u25ef", "\u2295\u2295\u2295\u2295", ""))
  expect_identical(certainty_signs(2L, FALSE), "++oo")
})

test_that("the print names every part, in Chinese too", {
  fit <- rma(measure = "SMD", m1i = c(5, 6), sd1i = c(2, 2), n1i = c(40, 60), m2i = c(6, 7), sd2i = c(2, 2),
             n2i = c(40, 61))
  table <- data.frame(outcome = "\u75bc\u75db", sd = 10, units = "mm", importance = "critical",
                      risk_of_bias = "serious",
                      risk_of_bias_reason = "\u672a\u76f2\u6cd5")
  text <- paste(utils::capture.output(print(grade_profile(fit, table, lang = "zh"))),
                collapse = "\n")
  for (word in c("\u8bc1\u636e\u8d28\u91cf", "\u4e0d\u4e00\u81f4\u6027", "\u95f4\u63a5\u6027",
                 "\u4e0d\u7cbe\u786e\u6027", "\u53d1\u8868\u504f\u501a", "\u4e2d", "\u5173\u952e")) {
    expect_match(text, word)
  }
  expect_match(paste(format(sof_table(list(x = fit), mid = 0.3)), collapse = "\n"), "SMD 0.50 SD lower")
  frame <- as.data.frame(grade_profile(list(x = fit)))
  expect_true(is.na(frame$risk0))
  expect_identical(frame$k, 2L)
})

test_that("sizes stand in one pair of brackets", {
  fit <- rma.mh(measure = "OR", ai = c(3, 5), n1i = c(20, 30), ci = c(6, 9), n2i = c(21, 33))
  text <- format_grade(suppressMessages(grade_profile(list(a = fit))))
  expect_match(text, "^a \\(104; 2 randomised trials\\)$", all = FALSE)
})
