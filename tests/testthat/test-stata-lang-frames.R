test_that("frames hold data sets side by side", {
  out <- do_file("frame create other", "frame other: set obs 3", "frame other: generate z = _n", "count",
                 "frame change other", "count",
                 "frame change default", "frame put x if x > 1, into(big)", "frame big: summarize x", "display r(N)",
                 "frame big {", "drop in 1", "count",
                 "}", "frame drop big", data = data.frame(x = 1:4))
  expect_equal(out$data$x, 1:4)
  expect_equal(trimws(out$log[out$log %in% c("  4", "  3", "3", "  2")]), c("4", "3", "3", "2"))
  expect_error(do_file("frame change nothere"), class = "metaparity_error_stata")
  expect_error(do_file("frame drop default"), class = "metaparity_error_stata")
})

test_that("frlink and frget fetch variables by key", {
  out <- do_file("frame create s", "frame s: set obs 2", "frame s: generate id = _n", "frame s: generate w = 10 * _n",
                 "frlink m:1 id, frame(s)", "frget w, from(s)", data = data.frame(id = c(2, 1, 2, 5)))
  expect_equal(as.numeric(out$data$w), c(20, 10, 20, NA))
})
