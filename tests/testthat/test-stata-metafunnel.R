test_that("metafunnel has the fixed-effect estimate and the pseudo limits", {
  d <- stata_fixture("magnesium.csv")
  v <- metafunnel(logor, selogor, data = d)
  w <- 1 / d$selogor^2
  expect_equal(v$r$centre, sum(w * d$logor) / sum(w))
  expect_equal(v$r$upper - v$r$lower, 2 * 1.96 * max(d$selogor))
  expect_identical(metafunnel(logor, selogor, data = d, forcenull = TRUE)$r$centre, 0)
  expect_output(print(v), "max_se")
})
