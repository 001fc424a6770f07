test_that("the print shows groups, heterogeneity and test, and summary() each fit", {
  d <- sub_data()
  fit <- rma(est, v, data = d, by = arm)
  out <- capture.output(print(fit, signif.stars = FALSE))
  expect_true(all(c("Random-Effects Model (k = 8; tau^2 estimator: REML)", "Subgroups by arm: 3",
                    "Test for Subgroup Differences:") %in% out))
  expect_identical(sum(grepl("^overall", out)), 2L)
  expect_match(out, sprintf("Q(df = 2) = %.4f", fit$between$Q), fixed = TRUE, all = FALSE)
  invisible(capture.output(same <- print(fit, digits = 2)))
  expect_identical(same, fit)
  whole <- capture.output(summary(fit))
  expect_true(all(c("arm = a", "arm = b", "arm = c", "All studies") %in% whole))
  common <- capture.output(print(rma(est, v, data = d, by = arm, method = "EE")))
  expect_false(any(grepl("tau^2", common, fixed = TRUE)))
})

test_that("a test between groups that does not exist says so, one that does has Q, df and p", {
  digits <- expand_digits(3)
  lines <- format_between(list(Q = NA, df = 1, pval = NA), digits)
  expect_length(lines, 2L)
  expect_match(lines[2L], "not available")
  expect_identical(format_between(list(Q = 4.25, df = 2L, pval = 0.00001), digits)[2L],
                   "Q(df = 2) = 4.250, p-val < .001")
})

test_that("tables have a row for each group and for all, without tau2 under a common effect", {
  d <- sub_data()
  x <- rma(est, v, data = d, by = arm)
  digits <- expand_digits(4)
  expect_length(format_group_results(x, digits, FALSE), 5L)
  expect_length(format_group_heterogeneity(x, digits), 5L)
  head <- format_group_heterogeneity(rma(est, v, data = d, by = arm, method = "EE"), digits)[1L]
  expect_false(grepl("tau^2", head, fixed = TRUE))
  expect_match(format_group_results(rma(est, v, data = d, by = arm, test = "knha"), digits, FALSE)[1L], "tval")
  p <- as.data.frame(x)$pval
  starred <- format_group_results(x, digits, TRUE)
  expect_identical(grepl("[*]{3} *$", starred[-1L]), format_stars(p) == "***")
})

test_that("digits of a summary stay with it", {
  x <- summary(rma(est, v, data = sub_data(), by = arm), digits = 2)
  expect_identical(x$digits[["est"]], 2)
  expect_s3_class(x, "metaparity_subgroup")
})
