fit <- rma(measure = "RR", ai = c(12, 30, 7), n1i = c(60, 150, 55), ci = c(20, 41, 9), n2i = c(61, 148, 54))

test_that("rows are those of the table in its order, then results without a row", {
  table <- data.frame(outcome = c("b", "a"), Design = c(NA, "cohort"), N_exp = c("3/50", "40"), mid = c("0.8", NA))
  out <- grade_table(list(a = fit, z = fit), table, "trials", NULL)
  expect_identical(out$outcome, c("b", "a", "z"))
  expect_identical(out$design, c("trials", "cohort", "trials"))
  expect_identical(out$n_exp, c(50, 40, NA))
  expect_identical(out$events_exp, c(3, NA, NA))
  expect_identical(out$mid, c(0.8, NA, NA))
})

test_that("what is no number, no risk or no count is told with its rows", {
  rows_of <- function(...) {
    table <- data.frame(outcome = c("a", "b"), ...)
    expect_error(grade_table(list(), table, "trials", NULL), class = "metaparity_error_studies")$rows
  }
  expect_identical(rows_of(mid = c("1", "x")), 2L)
  expect_identical(rows_of(assumed_risk = c(1.2, 0.3)), 1L)
  expect_identical(rows_of(n_ctrl = c("5/50", "some")), 2L)
  expect_error(grade_table(list(), data.frame(outcome = c("a", "a")), "trials", NULL), class = "metaparity_error_input")
  expect_error(grade_table(list(), data.frame(x = 1), "trials", NULL), class = "metaparity_error_input")
})

test_that("counts of the table stand before those of the result", {
  g <- grade_profile(list(a = fit), data.frame(outcome = "a", n_exp = "9/99"))
  expect_identical(c(g$outcomes$n_exp, g$outcomes$events_exp, g$outcomes$n_ctrl, g$outcomes$events_ctrl),
                   c(99, 9, 263, 70))
  expect_identical(g$outcomes$k, 3L)
})

test_that("plain effects take the measure named, and a ratio is read back from its logarithm", {
  plain <- grade_result(rma(c(-0.5, -0.3), c(0.1, 0.05)), NULL)
  named <- named_result(plain, "HR", NULL)
  expect_equal(unlist(named[c("est", "lb", "ub")]), exp(unlist(plain[c("est", "lb", "ub")])))
  expect_identical(named$null, 1)
  expect_identical(named_result(plain, NA, NULL), plain)
  expect_identical(named_result(plain, "SMD", NULL)$est, plain$est)
  expect_error(named_result(grade_result(fit, NULL), "MD", NULL), class = "metaparity_error_input")
  expect_error(named_result(plain, "weight", NULL), class = "metaparity_error_input")
})

test_that("a stated certainty that does not follow is told", {
  rows <- data.frame(outcome = c("a", "b"), stated = c("Moderate", "\u9ad8"), certainty = c("high", "high"),
                     level_of_certainty = c(4L, 4L))
  expect_warning(warn_certainty(rows, NULL), "moderate stated, high follows", class = "metaparity_warning_input")
  expect_silent(warn_certainty(rows[2L, ], NULL))
})

test_that("a result that knows its measure takes no other", {
  fit <- rma.mh(measure = "OR", ai = c(3, 5), n1i = c(20, 30), ci = c(6, 9), n2i = c(21, 33))
  expect_error(suppressMessages(grade_profile(list(a = fit), measure = "RR")), class = "metaparity_error_input")
  expect_error(suppressMessages(grade_profile(list(a = fit), measure = "HR")), class = "metaparity_error_input")
  expect_identical(suppressMessages(grade_profile(list(a = fit), measure = "OR"))$outcomes$measure, "OR")
  plain <- rma(c(0.1, 0.2, 0.3), c(0.04, 0.05, 0.03))
  both <- suppressMessages(grade_profile(list(a = fit, b = plain), measure = c(b = "HR")))
  expect_identical(both$outcomes$measure, c("OR", "HR"))
})

test_that("the smallest important effect is on the scale that is read", {
  fit <- rma.mh(measure = "OR", ai = c(3, 5), n1i = c(20, 30), ci = c(6, 9), n2i = c(21, 33))
  for (mid in c(-1, 0, 1)) {
    expect_error(suppressMessages(grade_profile(list(a = fit), mid = mid)), class = "metaparity_error_input")
  }
  expect_error(suppressMessages(grade_profile(list(a = fit), data.frame(outcome = "a", mid = -1))),
               class = "metaparity_error_input")
  mean <- rma(measure = "MD", m1i = 1, sd1i = 1, n1i = 20, m2i = 2, sd2i = 1, n2i = 20, method = "EE")
  expect_error(suppressMessages(grade_profile(list(a = mean), mid = 0)), class = "metaparity_error_input")
})
