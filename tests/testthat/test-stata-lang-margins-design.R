test_that("columns by names are those of model.matrix()", {
  d <- data.frame(g = c(1, 2, 2, 3), x = c(0.5, 1, -1, 2))
  session <- metaparity:::new_session(d)
  m <- list(rows = 1:4, weight = rep(1, 4), atmeans = FALSE, fit = list(columns = c("_cons", "x", "2.g", "3.g#c.x", "c.x#c.x")))
  X <- cbind(1, d$x, d$g == 2, (d$g == 3) * d$x, d$x^2)
  expect_equal(metaparity:::named_design(list(), m, session), X)
  expect_equal(metaparity:::named_design(list(g = 3, x = 2), m, session), matrix(c(1, 2, 0, 2, 4), 4, 5, byrow = TRUE))
  m$atmeans <- TRUE
  expect_equal(metaparity:::named_design(list(), m, session)[1L, ],
               c(1, mean(d$x), 0.5, 0.25 * mean(d$x), mean(d$x)^2))
})
