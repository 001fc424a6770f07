test_that("galbr has the line through the origin and the studies beyond 2", {
  d <- stata_fixture("magnesium.csv")
  v <- galbr(logor, selogor, data = d, id = trial)
  x <- 1 / d$selogor
  y <- d$logor / d$selogor
  expect_equal(v$r$slope, sum(x * y) / sum(x^2))
  expect_identical(v$table$outside, abs(y - v$r$slope * x) > 2)
  expect_output(print(v), "r[(]slope[)]")
})
