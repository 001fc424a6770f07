test_that("metafunnel has the fixed-effect estimate and the pseudo limits", {
  d <- stata_fixture("magnesium.csv")
  v <- metafunnel(logor, selogor, data = d)
  w <- 1 / d$selogor^2
  expect_equal(v$r$centre, sum(w * d$logor) / sum(w))
  expect_equal(v$r$upper - v$r$lower, 2 * 1.96 * max(d$selogor))
  expect_identical(metafunnel(logor, selogor, data = d, forcenull = TRUE)$r$centre, 0)
  expect_output(print(v), "max_se")
})

test_that("nolines leaves the studies alone; gweight sizes Begg's symbols", {
  d <- stata_fixture("example.csv")
  f <- plot(metafunnel(logor, selogor, data = d, nolines = TRUE), draw = FALSE)
  expect_identical(unique(vapply(f$layers, `[[`, "", "type")), "points")
  expect_null(f$subtitle)
  b <- plot(metabias6(logor, selogor, data = d, gweight = TRUE), which = "begg", draw = FALSE)
  points <- Filter(function(l) l$type == "points", b$layers)[[1L]]$data
  expect_equal(cor(points$cex, 1 / d$selogor), 1)
})
