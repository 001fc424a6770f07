profiled <- function(...) profile(rma(yi, vi, data = bcg_effects, ...), steps = 9, plot = FALSE)

lines_of <- function(figure) Filter(function(layer) layer$type == "line", figure$layers)

test_that("the figure has the values of the profile, its maximum crossed by two lines", {
  p <- profiled()
  figure <- plot(p, draw = FALSE)
  points <- Filter(function(layer) layer$type == "points", figure$layers)[[1L]]$data
  expect_identical(points$x, p$tau2)
  expect_identical(points$y, p$ll)
  lines <- lines_of(figure)
  expect_length(lines, 3L)
  expect_identical(lines[[1L]]$x, rep(p$vc, 2L))
  expect_identical(lines[[2L]]$y, rep(p$maxll, 2L))
  expect_sound_figure(page_of(figure))
})

test_that("the line of the interval lies half a quantile of chi-squared below the maximum", {
  p <- profiled()
  cut <- function(...) lines_of(plot(p, refline = FALSE, ..., draw = FALSE))[[1L]]$y
  expect_equal(p$maxll - cut(cline = TRUE), rep(stats::qchisq(0.95, 1) / 2, 2))
  expect_equal(p$maxll - cut(cline = 90), rep(stats::qchisq(0.9, 1) / 2, 2))
  expect_length(lines_of(plot(p, refline = FALSE, draw = FALSE)), 1L)
})

test_that("the axis is named by the likelihood, words of the user stay as they are", {
  expect_identical(plot(profiled(), draw = FALSE)$y$title, "Restricted Log-Likelihood")
  expect_identical(plot(profiled(method = "ML"), draw = FALSE)$y$title, "Log-Likelihood")
  own <- plot(profiled(), xlab = "x", ylab = "y", main = "m", draw = FALSE, lang = "zh")
  expect_identical(c(own$x$title, own$y$title, own$title), c("x", "y", "m"))
})

test_that("limits are base graphics', mistakes are input errors", {
  p <- profiled()
  expect_equal(usr_after(plot(p, xlim = c(0, 2))), c(expand_limits(c(0, 2), 0.04), expand_limits(p$ylim, 0.04)))
  for (bad in list(list(pch = 27), list(pch = 200), list(refline = NA), list(xlim = 1), list(draw = 2)))
    expect_error(do.call(plot, c(list(p), bad)), class = "metaparity_error_input")
})

test_that("the axis may be logarithmic", {
  p <- profiled()
  figure <- plot(p, log = "x", draw = FALSE)
  points <- Filter(function(layer) layer$type == "points", figure$layers)[[1L]]$data
  expect_equal(points$x, log10(p$tau2[p$tau2 > 0]))
  expect_true(all(as.numeric(figure$x$labels) > 0))
  expect_error(plot(p, log = "y", draw = FALSE), class = "metaparity_error_input")
})
