labels_of <- function(...) axis_ticks(...)$candidates[[1L]]$label

test_that("linear axes have round ticks that reach the data and include the null", {
  ticks <- axis_ticks(c(-19.99, 4.3), 0)
  expect_equal(ticks$lim, c(-20, 5))
  expect_identical(ticks$candidates[[1L]]$label, c("-20", "-15", "-10", "-5", "0", "5"))
  expect_identical(labels_of(c(0.3, 4.2), 1), c("0", "1", "2", "3", "4", "5"))
})

test_that("log axes have decades, 1-2-5, or finer ticks, and always the null", {
  expect_identical(labels_of(log(c(0.001, 50)), 0, atransf = exp), c("0.001", "0.01", "0.1", "1", "10"))
  expect_identical(labels_of(log(c(0.07, 6.5)), 0, atransf = exp), c("0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10"))
  expect_identical(labels_of(log(c(0.13, 1.26)), 0, atransf = exp),
                   c("0.1", "0.15", "0.2", "0.3", "0.5", "0.7", "1", "1.5"))
  expect_true("1" %in% labels_of(log(c(0.93, 1.02)), 0, atransf = exp))
  expect_true("1" %in% labels_of(log(c(1e-9, 1e5)), 0, atransf = exp))
  for (candidate in axis_ticks(log(c(0.2, 30)), 0, atransf = exp)$candidates) expect_true(0 %in% candidate$at)
})

test_that("other transformations place round values of the natural scale", {
  ticks <- axis_ticks(c(-2, 2), NA, atransf = plogis)
  expect_equal(plogis(ticks$candidates[[1L]]$at), as.numeric(ticks$candidates[[1L]]$label), tolerance = 1e-6)
})

test_that("Stata's axis has three labels, symmetric about the null, in its format", {
  ticks <- axis_ticks(c(-0.137, 0.1), 0, "limits")
  expect_identical(ticks$candidates[[1L]]$label, c("-.137", "0", ".137"))
  expect_identical(labels_of(log(c(0.61, 1.2)), 0, "limits", exp), c(".61", "1", "1.64"))
})

test_that("fixed limits are kept, and degenerate ones opened", {
  ticks <- axis_ticks(log(c(0.21, 29)), 0, atransf = exp, fixed = TRUE)
  expect_equal(ticks$lim, log(c(0.21, 29)))
  at <- ticks$candidates[[1L]]$at
  expect_true(all(at >= ticks$lim[1L] & at <= ticks$lim[2L]))
  expect_gt(diff(axis_ticks(c(0, 0), 0)$lim), 0)
  expect_gt(diff(axis_ticks(c(Inf, -Inf), 0)$lim), 0)
  expect_equal(range(axis_ticks(c(1e-9, 3e-9), NA)$lim), c(1e-9, 3e-9))
})

test_that("labels are plain numbers", {
  expect_identical(tick_labels(c(0.5, 1, 100, 2500, 1e-9, 1e7)), c("0.5", "1", "100", "2500", "1e-09", "1e+07"))
})

test_that("powers of 2 are named as fractions, hold the null and stay inside; short axes have round numbers", {
  ticks <- axis_ticks(log(c(0.02, 7)), 0, "powers", exp)
  expect_identical(ticks$candidates[[1L]]$label, c("1/64", "1/8", "1", "8"))
  for (lim in list(c(0.3, 3), c(0.9, 40), c(1e-3, 0.4), c(0.95, 1.1), c(1e-9, 1e9))) for (fixed in c(TRUE, FALSE)) {
    ticks <- axis_ticks(log(lim), 0, "powers", exp, fixed = fixed)
    if (fixed) expect_equal(ticks$lim, log(lim))
    for (set in ticks$candidates) {
      expect_true(all(set$at >= ticks$lim[1L] - 1e-9 & set$at <= ticks$lim[2L] + 1e-9))
      if (0 >= ticks$lim[1L] && 0 <= ticks$lim[2L]) expect_true("1" %in% set$label)
    }
  }
})
