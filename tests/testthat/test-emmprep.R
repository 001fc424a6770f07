test_that("marginal means are those of metafor's reference grid", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("emmeans")
  d <- data.frame(yi = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1), vi = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
                  g = rep(c("a", "b"), 3), x = c(1, 3, 2, 5, 4, 6))
  means <- function(grid) as.data.frame(emmeans::emmeans(grid, specs = "g"))
  ours <- means(emmprep(rma(yi, vi, mods = ~ g + x, data = d, method = "DL")))
  theirs <- means(metafor::emmprep(metafor::rma(yi, vi, mods = ~ g + x, data = d, method = "DL")))
  expect_equal(ours, theirs, ignore_attr = TRUE, tolerance = 1e-10)
})
