d <- data.frame(x = c(1, 2, 2, 3, 5, 8, 9, 9, 10), y = 9:1)
view <- function(text) {
  out <- stata(text, d, graphs = FALSE)
  list(figure = out$graphs[[1]]$view, log = out$log)
}

test_that("histograms count in bins of equal width", {
  h <- view("histogram x, bin(3) frequency")
  top <- vapply(h$figure$layers, function(l) max(l$y), 0)
  expect_equal(top, as.vector(table(cut(d$x, seq(1, 10, 3), right = FALSE, include.lowest = TRUE))))
  expect_equal(h$log, "(bin=3, start=1, width=3)")
  h <- view("histogram x, discrete percent")
  expect_equal(sum(vapply(h$figure$layers, function(l) max(l$y), 0)), 100)
  h <- view("histogram x")
  area <- sum(vapply(h$figure$layers, function(l) max(l$y) * diff(range(l$x)), 0))
  expect_equal(area, 1)
})

test_that("lfitci has the band of the mean", {
  f <- view("twoway lfitci y x")$figure
  fit <- predict(lm(y ~ x, d), data.frame(x = 1), interval = "confidence")
  expect_equal(range(f$layers[[1]]$y[f$layers[[1]]$x == 1]), as.numeric(fit[, c("lwr", "upr")]), tolerance = 1e-10)
})

test_that("panels by a variable share their axes", {
  f <- stata("scatter y x, by(g)", transform(d, g = rep(1:3, 3)), graphs = FALSE)$graphs[[1]]$view
  expect_length(f$figures, 3L)
  expect_equal(f$figures[[1]]$x$limits, f$figures[[3]]$x$limits)
})

test_that("pstyle() has the look of the series that it names", {
  style <- scatter_style_stata()
  look <- function(text, k) plot_look(list(options = if (is.null(text)) list() else list(pstyle = text), start = 0L), k, style)
  expect_identical(look("p3", 0L), look(NULL, 2L))
  expect_identical(look("p1line", 4L)$line, look(NULL, 0L)$line)
})
