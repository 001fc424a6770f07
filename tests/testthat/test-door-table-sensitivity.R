d <- data.frame(yi = c(-0.9, -1.6, -1.3, -0.2, 0.1), vi = c(0.33, 0.19, 0.42, 0.05, 0.02))

test_that("every row is the fit that it names", {
  fit <- rma(yi, vi, data = d)
  t <- as.data.frame(sensitivity_table(fit, estimators = c("REML", "DL", "PM"), tests = c("z", "knha")))
  of <- function(...) rma(yi, vi, data = d, ...)
  row <- function(block, label) t[t$block == block & t$label == label, ]
  expect_equal(row("Heterogeneity estimator", "DL")$tau2, of(method = "DL")$tau2)
  expect_equal(row("Heterogeneity estimator", "PM")$estimate, as.numeric(of(method = "PM")$beta))
  expect_equal(row("Test and interval", "Knapp-Hartung")$ci.lb, of(test = "knha")$ci.lb)
  expect_equal(row("Common-effect model", "")$estimate, as.numeric(of(method = "EE")$beta))
  expect_equal(t$estimate[t$block == "Without one study"], leave1out(fit)$estimate)
  expect_identical(t$k[t$block == "Without one study"], rep(4, 5))
  expect_false("REML" %in% t$label)
})

test_that("pooled tables leave studies out; models with moderators are refused", {
  mh <- rma.mh(ai = c(4, 6, 3), n1i = c(123, 306, 231), ci = c(11, 29, 11), n2i = c(139, 303, 220), measure = "RR")
  t <- as.data.frame(sensitivity_table(mh))
  expect_equal(t$estimate[-1L], exp(leave1out(mh)$estimate))
  expect_error(sensitivity_table(rma(yi, vi, mods = ~vi, data = d)), class = "metaparity_error_input")
  expect_error(sensitivity_table(rma(yi, vi, data = d), estimators = "DLL"), class = "metaparity_error_input")
  expect_error(sensitivity_table(), class = "metaparity_error_input")
})

test_that("an estimator without a solution is told", {
  fit <- suppressWarnings(rma(c(-0.9, -1.6, -1.3, 0.2), c(0, 0.19, 0.42, 0.2), method = "PM"))
  t <- suppressWarnings(sensitivity_table(fit, estimators = "DL", leave1out = FALSE))
  expect_true(is.na(as.data.frame(t)$estimate[as.data.frame(t)$label == "DL"]))
  expect_true(any(grepl("DL: .*must be positive", table_notes(t))))
})

test_that("the common-effect row is that of inverse variances and z, whatever the fit", {
  ee <- rma(yi, vi, data = d, method = "EE")
  for (fit in list(rma(yi, vi, data = d, test = "knha"), rma(yi, vi, data = d, weights = 1:5))) {
    t <- as.data.frame(sensitivity_table(fit, estimators = "DL", leave1out = FALSE))
    row <- t[t$block == "Common-effect model", ]
    expect_equal(c(row$estimate, row$ci.lb, row$ci.ub, row$pval), c(as.numeric(ee$beta), ee$ci.lb, ee$ci.ub, ee$pval))
  }
  t <- as.data.frame(sensitivity_table(ee, leave1out = FALSE))
  expect_true(all(is.na(t$tau2[t$block %in% c("As analysed", "Test and interval")])))
  expect_equal(t$tau2[t$label == "DL"], rma(yi, vi, data = d, method = "DL")$tau2)
})

test_that("a single study is refused before anything is fitted", {
  one <- suppressWarnings(rma(yi, vi, data = d[1L, ]))
  expect_silent(tryCatch(sensitivity_table(one), metaparity_error_input = function(e) NULL))
  expect_error(sensitivity_table(one), class = "metaparity_error_input")
})
