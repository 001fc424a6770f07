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
  expect_error(view("graph matrix x"), class = "metaparity_error_stata")
})

test_that("over() relabels, sorts and refuses what it does not know", {
  d <- data.frame(y = c(1, 2, 9, 10, 4, 5), g = c(1, 1, 2, 2, 3, 3))
  labels <- function(line) {
    view <- utils::tail(stata(line, d)$graphs, 1L)[[1L]]$view
    axis <- if (is.null(view$x$labels)) view$y else view$x
    as.character(axis$labels)
  }
  expect_identical(labels("graph bar y, over(g, relabel(1 \"North\" 3 \"South\"))"), c("North", "2", "South"))
  expect_identical(labels("graph box y, over(g, relabel(2 \"B\"))"), c("1", "B", "3"))
  expect_identical(labels("graph bar y, over(g, relabel(1 \"North\") sort(1))"), c("North", "3", "2"))
  expect_identical(labels("graph bar y, over(g, sort(1) descending)"), c("2", "3", "1"))
  expect_error(stata("graph bar y, over(g, relable(1 \"a\"))", d), class = "metaparity_error_stata_unsupported")
  expect_error(stata("graph bar y, over(g, relabel(a b))", d), class = "metaparity_error_stata")
  expect_warning(stata("graph bar y, over(g, gap(5))", d), class = "metaparity_warning_input")
})

test_that("graphregion() colours the page of bars", {
  d <- data.frame(y = 1:4, g = c(1, 1, 2, 2))
  view <- utils::tail(stata("graph bar y, over(g) graphregion(color(yellow))", d)$graphs, 1L)[[1L]]$view
  plain <- utils::tail(stata("graph bar y, over(g)", d)$graphs, 1L)[[1L]]$view
  expect_false(identical(view$style$page, plain$style$page))
})
