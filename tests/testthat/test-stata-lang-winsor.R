test_that("winsor and winsor2 pull extremes to the next value or to percentiles", {
  d <- data.frame(x = c(50, 1:18, -40))
  out <- stata(c("winsor x, gen(w) h(1)", "winsor2 x, cuts(5 95) suffix(_v)",
    "winsor2 x, cuts(5 95) trim suffix(_t)"), d)$data
  expect_equal(range(out$w), c(1, 18))
  ends <- c(stata_percentile(d$x, 5), stata_percentile(d$x, 95))
  expect_equal(out$x_v, pmin(pmax(d$x, ends[1]), ends[2]), tolerance = 1e-7)
  expect_equal(is.na(out$x_t), d$x < ends[1] | d$x > ends[2])
})

test_that("mkspline makes Harrell's restricted cubic splines and pieces of lines", {
  d <- data.frame(x = seq(0, 10, length.out = 41))
  out <- stata(c("mkspline s = x, cubic knots(2 5 8)", "mkspline a 4 b = x", "mkspline m 4 n = x, marginal"), d)$data
  k <- c(2, 5, 8)
  p <- function(v) pmax(v, 0)^3
  s2 <- (p(d$x - 2) - (p(d$x - 5) * (8 - 2) - p(d$x - 8) * (5 - 2)) / (8 - 5)) / (8 - 2)^2
  expect_gate(out$s2, s2, "single_precision")
  expect_equal(out$a + out$b, d$x, tolerance = 1e-6)
  expect_equal(out$n, pmax(d$x - 4, 0), tolerance = 1e-6)
})

test_that("fre, mdesc, cumul and for do what their names say", {
  d <- data.frame(g = c(1, 1, 2, NA), x = c(3, 1, 2, 4))
  expect_match(stata("fre g", d)$log[6], "Valid   1 .* 2      50.00      66.67      66.67")
  expect_match(stata("mdesc g", d)$log[4], "g | +1 +4 +25.00")
  expect_equal(stata("cumul x, gen(c)", d)$data$c, c(0.75, 0.25, 0.5, 1))
  expect_equal(utils::tail(stata("for num 1/2: display X * 10", d)$log, 1), "20")
})
