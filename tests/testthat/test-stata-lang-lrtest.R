test_that("lrtest is anova() of nested fits", {
  d <- data.frame(y = c(1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1), x = c(2, 1, 4, 3, 2, 1, 5, 2, 2, 4, 3, 1),
                  z = c(1, 2, 2, 4, 3, 1, 2, 5, 4, 1, 2, 3))
  out <- stata(c("quietly logit y x z", "estimates store full", "quietly logit y x", "lrtest full",
                 "display %21.17f r(chi2)", "display r(df)"), d)
  fits <- lapply(c(y ~ x, y ~ x + z), stats::glm, family = stats::binomial, data = d,
                 control = stats::glm.control(epsilon = 1e-14, maxit = 100))
  log <- out$log
  expect_equal(as.numeric(log[length(log) - 1L]), fits[[1L]]$deviance - fits[[2L]]$deviance, tolerance = 1e-8)
  expect_identical(log[length(log)], "1")
  head <- grep("Likelihood-ratio", log)
  expect_match(log[head], "^Likelihood-ratio test {33}LR chi2\\(1\\)  = {1,9}[0-9.]+$")
  expect_match(log[head + 1L], "^\\(Assumption: [.] nested in full\\) +Prob > chi2 = +[0-9.]{6}$")
  expect_identical(nchar(log[head + 0:1]), c(77L, 77L))
})

test_that("likelihoods that cannot be compared are refused", {
  d <- data.frame(y = c(1, 3, 2, 5, 4, 6), x = 1:6, z = c(2, 1, 4, NA, 3, 5))
  expect_error(stata(c("quietly regress y x z", "estimates store a", "quietly regress y x", "lrtest a"), d),
               "observations differ", class = "metaparity_error_stata")
  expect_error(stata(c("quietly regress y x, robust", "estimates store a", "quietly regress y", "lrtest a"), d),
               class = "metaparity_error_stata")
  expect_error(stata("lrtest nothing", d), class = "metaparity_error_stata")
})

test_that("hausman compares slopes by the difference of their variances", {
  d <- data.frame(g = rep(1:6, each = 4), x = sin(1:24) + rep(1:6, each = 4) / 3,
                  y = cos(1:24 * 1.7) + rep(c(0, .5, .2, 1, 1.5, 1), each = 4) + sin(1:24))
  out <- stata(c("quietly xtset g", "quietly xtreg y x, fe", "estimates store fe", "quietly xtreg y x, re",
                 "hausman fe .", "display %21.17f r(chi2)", "matrix b = e(b)", "display %21.17f _b[x]",
                 "display %21.17f _se[x]", "estimates restore fe", "display %21.17f _b[x]",
                 "display %21.17f _se[x]"), d)
  n <- suppressWarnings(as.numeric(out$log))
  n <- n[!is.na(n)]
  expect_equal(n[1L], (n[4L] - n[2L])^2 / (n[5L]^2 - n[3L]^2), tolerance = 1e-10)
  expect_true("              B = inconsistent under Ha, efficient under Ho; obtained from xtreg" %in% out$log ||
                any(grepl("obtained from xtreg$", out$log)))
})
