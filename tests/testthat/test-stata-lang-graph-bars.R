d <- data.frame(g = c(1, 1, 2, 2, 2), x = c(1, 3, 2, 4, 20), y = 5:1)
view <- function(text) stata(text, d, graphs = FALSE)$graphs[[1]]$view

test_that("bars are as high as the statistic", {
  f <- view("graph bar (mean) x y, over(g)")
  expect_equal(vapply(f$layers, function(l) max(l$y), 0), c(2, 26 / 3, 4.5, 2), tolerance = 1e-7)
  expect_equal(vapply(f$legend, `[[`, "", "label"), c("mean of x", "mean of y"))
  expect_equal(f$x$labels, c("1", "2"))
  f <- view("graph hbar (sum) x, over(g)")
  expect_equal(f$y$labels, c("1", "2"))
})

test_that("boxes have Stata's quartiles and adjacent values", {
  f <- view("graph box x")
  box <- f$layers[[1]]
  expect_equal(range(box$y), c(2, 4))
  expect_equal(f$layers[[length(f$layers)]]$data$y, 20)
  pie <- view("graph pie x, over(g)")
  expect_true(pie$square)
  expect_error(view("graph matrix x"), class = "metaparity_error_stata_unsupported")
})
