test_that("kdensity has Epanechnikov's kernel and Silverman's width", {
  x <- c(1, 2.5, 3, 4.2, 5, 7, 8.8, 9.1)
  d <- kernel_density(x, list())
  h <- 0.9 * min(stats::sd(x), (stata_percentile(x, 75) - stata_percentile(x, 25)) / 1.349) / 8^0.2
  expect_gate(d$width, h, "exact_solution")
  k <- function(z) ifelse(abs(z) < sqrt(5), 0.75 * (1 - z^2 / 5) / sqrt(5), 0)
  expect_gate(d$y[3], mean(k((d$x[3] - x) / h)) / h, "exact_solution")
  expect_length(d$x, 8L)
  out <- stata("kdensity x, generate(at dens) nograph", data.frame(x = x))$data
  expect_gate(out$dens, d$y, "single_precision")
})

test_that("lowess is a running line with tricube weights", {
  x <- c(1, 2, 3, 5, 6, 8, 9, 11, 12, 15)
  y <- c(2, 3, 2, 6, 5, 9, 7, 12, 10, 14)
  s <- running_line(x, y, 0.6)
  k <- floor((10 * 0.6 - 0.5) / 2)
  own <- (5 - k):(5 + k)
  reach <- 1.0001 * max(x[5 + k] - x[5], x[5] - x[5 - k])
  w <- (1 - (abs(x[own] - x[5]) / reach)^3)^3
  fit <- stats::lm(y[own] ~ x[own], weights = w)
  expect_gate(s$y[5], sum(stats::coef(fit) * c(1, 6)), "exact_solution")
})

test_that("a second axis has its own ticks in units of the first", {
  d <- data.frame(x = 1:4, a = c(2, 5, 9, 14), b = c(.4, .3, .28, .27))
  figure <- stata("twoway (bar a x) (line b x, yaxis(2)), ylabel(0(.1).5, axis(2)) ytitle(B, axis(2))", d,
    graphs = FALSE)
  view <- figure$graphs[[1L]]$view %||% figure$graphs[[1L]]
  expect_equal(view$right$title, "B")
  expect_equal(view$right$labels, c("0", ".1", ".2", ".3", ".4", ".5"))
  expect_true(all(view$right$at >= view$y$limits[1L] - 1e-9 & view$right$at <= view$y$limits[2L] + 1e-9))
})
