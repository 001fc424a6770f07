three <- function(...) layout_of(c(-0.2, 0.1, 0.4), sei = c(0.1, 0.2, 0.3), ...)

test_that("the panel takes its share between the edges, and edges are rounded unless that moves them far", {
  options <- list(digits = c(2, 1))
  expect_equal(default_edges(c(-1, 1), c(0.4, 0.35, 0.25), options), round(c(-1 - 0.8 / 0.35, 1 + 0.5 / 0.35), 1))
  narrow <- default_edges(c(0.001, 0.002), c(0.4, 0.35, 0.25), options)
  expect_equal(narrow, c(0.001, 0.002) + 0.001 * c(-0.4, 0.25) / 0.35)
  expect_equal(default_edges(c(-5, 5), c(0.25, 0.5, 0.25), list(digits = 2, alim = c(-1, 1))), c(-2, 2))
  expect_null(default_edges(c(-5, 5), c(0.25, 0.5, 0.25), list(digits = 2, at = c(6, 7))))
})

test_that("default places are metafor's", {
  skip_if_not_installed("metafor")
  set.seed(12)
  for (k in c(3L, 8L)) for (extra in list(NULL, cbind(seq_len(k)), cbind(seq_len(k), 1, 2))) {
    yi <- round(rnorm(k), 2)
    sei <- round(runif(k, 0.1, 0.6), 2)
    label <- paste("Trial", letters[seq_len(k)])
    ours <- on_page(forest(yi, sei = sei, slab = label, ilab = extra), function() grDevices::pdf(NULL, 12, 7))
    theirs <- on_page(suppressWarnings(metafor::forest(yi, sei = sei, slab = label, ilab = extra)),
                      function() grDevices::pdf(NULL, 12, 7))
    expect_equal(ours$xlim, theirs$xlim)
    expect_equal(ours$ilab.xpos, theirs$ilab.xpos)
  }
})

test_that("user coordinates and inches are inverse to each other", {
  layout <- three()
  x <- c(-3, 0, 0.37, 2)
  expect_equal(user_x(inch_x(x, layout), layout), x)
  expect_equal(user_y(inch_y(x, layout), layout), x)
  expect_equal(user_y(layout$lines$y, layout), 3:1)
  expect_equal(inch_x(layout$axis$at, layout), layout$axis$x)
})

test_that("after drawing the device has the limits of the plot, so that what is added lands in it", {
  on_page({
    out <- forest(c(-0.2, 0.1, 0.4), sei = c(0.1, 0.2, 0.3))
    expect_equal(graphics::par("usr"), c(out$xlim, out$ylim))
    spare <- (7 - out$layout$width) / 2
    expect_equal(graphics::grconvertX(0.1, "user", "inches"), inch_x(0.1, out$layout) + spare, tolerance = 1e-9)
  })
})

test_that("labels that only number the studies need less room", {
  rows <- function(label) list(type = rep("study", length(label)), label = label)
  expect_false(has_own_labels(rows(c("Study 1", "Study 2"))))
  expect_false(has_own_labels(rows(c("+ Study 1", "Study 7"))))
  expect_true(has_own_labels(rows(c("Study 1", "Study B"))))
  expect_identical(clean(1.23456789012345, 1), round(1.23456789012345, 12))
})
