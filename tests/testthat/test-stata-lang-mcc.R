saved <- function(lines, names, d = data.frame(a = 1)) {
  as.numeric(utils::tail(stata(c(paste("quietly", lines), sprintf("display %%21.17f %s", names)), d)$log,
    length(names)))
}

test_that("mcci prints the manual's example of matched pairs", {
  log <- trimws(stata("mcci 8 8 3 8", data.frame(a = 1))$log, "right")
  expect_true(all(c("McNemar's chi2(1) =      2.27    Prob > chi2 = 0.1317",
                    "Exact McNemar significance probability       = 0.2266",
                    "        difference  .1851852     -.0822542   .4526246",
                    "        ratio       1.454545       .891101   2.374257",
                    "        rel. diff.     .3125     -.0243688   .6493688") %in% log))
  expect_true("         Exposed |         8           8  |         16" %in% log)
})

test_that("mcci's tests and odds are those of mcnemar.test() and binom.test()", {
  found <- saved("mcci 30 40 12 18", c("r(chi2)", "r(p_exact)", "r(or)", "r(lb_or)", "r(ub_or)"))
  chi2 <- stats::mcnemar.test(matrix(c(30, 12, 40, 18), 2), correct = FALSE)$statistic
  exact <- stats::binom.test(40, 52)
  expect_gate(found, c(unname(chi2), exact$p.value, 40 / 12, exact$conf.int / (1 - exact$conf.int)), "exact_solution")
})

test_that("mcc counts the pairs of a data set", {
  d <- data.frame(case = c(1, 1, 1, 0, 0, 1, NA), control = c(1, 0, 0, 1, 0, 0, 1))
  found <- saved("mcc case control", c("r(or)", "r(D_f)", "r(chi2)"), d)
  expect_gate(found, c(3, 2 / 6, 1), "exact_solution")
  expect_gate(saved("mcc case control [fw = n]", c("r(or)", "r(R_f)"),
                    data.frame(case = c(1, 1, 0, 0), control = c(1, 0, 1, 0), n = c(8, 8, 3, 8))),
              c(8 / 3, 16 / 11), "exact_solution")
})

test_that("pairs that never differ have no odds, and what is not whole numbers is refused", {
  expect_equal(saved("mcci 5 0 0 5", "r(p_exact)"), 1)
  expect_error(stata("mcci 1 2 3", data.frame(a = 1)), class = "metaparity_error_stata")
  expect_error(stata("mcci 0 0 0 0", data.frame(a = 1)), class = "metaparity_error_stata")
})
