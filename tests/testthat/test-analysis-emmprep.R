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

test_that("the measure's transformation travels along, and what was found is told as by metafor", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("emmeans")
  d <- data.frame(yi = c(0.2, 0.6, 0.3, 0.4, 0.9, 0.5), vi = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
                  g = rep(c("a", "b"), 3))
  for (measure in c("OR", "PLO", "PRZ", "IRS", "ZCOR", "ZR2", "AHW", "ABT", "GEN")) {
    mean_of <- function(prep, fit) summary(emmeans::emmeans(prep(fit), specs = "g", type = "response"))
    ours <- mean_of(emmprep, rma(yi, vi, mods = ~g, data = d, measure = measure, method = "DL", test = "knha"))
    theirs <- mean_of(metafor::emmprep,
                      metafor::rma(yi, vi, mods = ~g, data = d, measure = measure, method = "DL", test = "knha"))
    # metafor's standard errors of ABT use the slope of the transformation where that of its inverse, 1 - response, is
    # meant.
    if (measure == "ABT") {
      link <- summary(emmeans::emmeans(emmprep(rma(yi, vi, mods = ~g, data = d, method = "DL", test = "knha")),
                                       specs = "g"))
      theirs$SE <- link$SE * (1 - ours[[2L]])
    }
    for (i in 2:6) expect_equal(ours[[i]], theirs[[i]], info = measure, tolerance = 1e-8)
    said <- function(emmprep, rma) {
      fit <- rma(yi, vi, mods = ~g, data = d, measure = measure, method = "DL", test = "knha")
      utils::capture.output(grid <- emmprep(fit, verbose = TRUE))
    }
    expect_identical(said(emmprep, rma), said(metafor::emmprep, metafor::rma), info = measure)
  }
})
