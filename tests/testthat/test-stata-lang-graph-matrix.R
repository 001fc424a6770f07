test_that("a cell holds its column's variable across and its row's up", {
  d <- data.frame(a = c(1, 2, 3), b = c(5, 1, 9), c = c(0, 1, 0))
  layers <- stata("graph matrix a b c", d)$graphs[[1]]$view$layers
  points <- Filter(function(l) l$type == "points", layers)
  expect_length(points, 6L)
  words <- Filter(function(l) l$type == "words", layers)
  expect_equal(vapply(words, `[[`, "", "label"), c("a", "b", "c"))
  # Row 2, column 1: a across in the first column of cells, b up in the middle.
  cell <- Filter(function(l) all(l$data$x < 1) && all(l$data$y > 1 & l$data$y < 2), points)[[1]]$data
  expect_equal(order(cell$x), order(d$a))
  expect_gate(diff(range(cell$y)), 0.84, "exact_solution")
  expect_gate((cell$y - 1.08) / 0.84, (d$b - 1) / 8, "exact_solution")
})

test_that("half leaves the upper cells out; looks and missing values are taken", {
  d <- data.frame(a = c(1, 2, NA, 4), b = c(5, 1, 9, 2), c = 1:4)
  layers <- stata("graph matrix a b c, half msymbol(Oh) mcolor(red)", d)$graphs[[1]]$view$layers
  points <- Filter(function(l) l$type == "points", layers)
  expect_length(points, 3L)
  expect_equal(nrow(points[[1]]$data), 3L)
  expect_true(all(points[[1]]$data$pch == 1))
})
