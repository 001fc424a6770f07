test_that("records begin where the subject's last one ended, and end with the first failure", {
  d <- data.frame(id = c(1, 1, 2, 2, 2, 3), t = c(5, 3, 2, 4, 6, 7), d = c(1, 0, 0, 1, 1, 0))
  out <- stata("stset t, failure(d) id(id)", d)
  expect_equal(out$data[["_t0"]], c(3, 0, 0, 2, NA, 0), ignore_attr = TRUE)
  expect_equal(out$data[["_st"]], c(1, 1, 1, 1, 0, 1), ignore_attr = TRUE)
  expect_true(any(grepl("1  observations begin on or after [(]first[)] failure", out$log)))
  expect_true(any(grepl("3  subjects", out$log)))
  all <- stata("stset t, failure(d) id(id) exit(time .)", d)
  expect_equal(all$data[["_t0"]], c(3, 0, 0, 2, 4, 0), ignore_attr = TRUE)
  expect_true(any(grepl("multiple-failure-per-subject", all$log)))
})

test_that("time0(), origin(), enter() and scale() make analysis time", {
  d <- data.frame(id = c(1, 1, 2), b = c(1, 4, 2), t = c(3, 8, 12), d = c(0, 1, 1), o = c(1, 1, 0))
  given <- stata("stset t, failure(d) id(id) time0(b)", d)$data
  expect_equal(given[["_t0"]], d$b, ignore_attr = TRUE)
  moved <- stata("stset t, failure(d) origin(time o) enter(time b) scale(2)", d)$data
  expect_equal(moved[["_t"]], (d$t - d$o) / 2, ignore_attr = TRUE)
  expect_equal(moved[["_t0"]], (d$b - d$o) / 2, ignore_attr = TRUE)
  short <- stata("stset t, failure(d) exit(time 10)", d)$data
  expect_equal(short[["_d"]], c(0, 1, 0), ignore_attr = TRUE)
})

test_that("what stset says of the heart transplants are the manual's counts", {
  skip_if_not_installed("survival")
  log <- stata("stset stop, failure(event) id(id)", heart_records())$log
  expect_true(all(c("        172  observations remaining, representing", "        103  subjects",
                    "         75  failures in single-failure-per-subject data") %in% log))
})

test_that("stset names missing times and ends its sizes where published logs do", {
  d <- data.frame(years = c(NA, 1, 2, 0, 20.83333, 1500.5), died = c(1, 0, 1, 1, 0, 1))
  log <- stata("stset years, fail(died)", d)$log
  expect_true("          1  event time missing (years>=.)                      PROBABLE ERROR" %in% log)
  expect_true("          1  observations end on or before enter()" %in% log)
  expect_true("                                                at risk from t =         0" %in% log)
  expect_true(any(startsWith(log, "  1,524.3333  total analysis") | startsWith(log, " 1,524.3333  total analysis")))
})
