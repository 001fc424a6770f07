test_that("ticks are read as Stata writes them", {
  read <- metaparity:::read_ticks
  expect_equal(read("0(10)30 50, angle(0) format(%4.1f)", 0:50, FALSE)$at, c(0, 10, 20, 30, 50))
  expect_true(read("1 2, angle(0)", 1:2, FALSE)$flat)
  expect_equal(read("none", 1:2, FALSE)$at, numeric())
  labelled <- read("1 \"a b\" 2 3 \"c\"", 1:3, FALSE)
  expect_equal(labelled$at, 1:3)
  expect_equal(labelled$labels, c("a b", "2", "c"))
})

test_that("legends can be off, ordered and renamed", {
  d <- data.frame(x = 1:3, y = 1:3, z = 3:1)
  legend <- function(text) {
    f <- stata(sprintf("twoway (scatter y x) (scatter z x), %s", text), d, graphs = FALSE)$graphs[[1]]$view
    vapply(f$legend, `[[`, "", "label")
  }
  expect_equal(legend("title(a)"), c("y", "z"))
  expect_length(legend("legend(off)"), 0L)
  expect_equal(legend("legend(label(2 \"second\"))"), c("y", "second"))
  expect_equal(legend("legend(order(2 \"b\" 1))"), c("b", "y"))
})
