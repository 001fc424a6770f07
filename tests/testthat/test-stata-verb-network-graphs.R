# Figures of ranks and of two outcomes hold the numbers of their tables; the regions are those of the normal distribution.
ranked <- function() {
  d <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4, 4), t = c("A", "B", "A", "C", "B", "C", "A", "B"),
                  r = c(9, 23, 11, 12, 29, 79, 20, 31), n = c(140, 140, 78, 85, 170, 302, 150, 140))
  network_rank(network_meta(network_setup(r, n, data = d, studyvar = study, trtvar = t), "consistency"), "max", seed = 1)
}

test_that("rankograms are the table, cumulative curves have the area SUCRA", {
  x <- ranked()
  one <- plot(x, draw = FALSE)$data
  expect_equal(one$p, x$table$p)
  added <- plot(x, type = "cumulative", draw = FALSE)$data
  expect_equal(added$p[added$rank == 3], rep(1, 3))
  area <- tapply(added$p[added$rank < 3], added$treatment[added$rank < 3], mean)
  expect_equal(as.numeric(area), added$SUCRA[added$rank == 1], tolerance = gate("closed_form"))
  expect_error(plot(x, type = "pie", draw = FALSE), class = "metaparity_error_input")
  expect_error(plot(x, study = 99, draw = FALSE), class = "metaparity_error_input")
  expect_s3_class(plot(x, draw = FALSE, lang = "zh"), "metaparity_figure")
})

test_that("bubbles are regions of the normal distribution", {
  d <- data.frame(y1 = c(.47, .20, .40, .26, .56), y2 = c(-.32, -.60, -.12, -.31, -.39),
                  V11 = c(.0075, .0057, .0021, .0029, .0148), V22 = c(.0077, .0008, .0014, .0015, .0304),
                  V12 = c(.0030, .0009, .0007, .0009, .0072))
  fit <- mvmeta(y, V, data = d)
  fig <- plot(fit, draw = FALSE)
  expect_equal(fig$data$x, d$y1)
  expect_equal(fig$data$y, d$y2)
  S <- matrix(c(.0075, .0030, .0030, .0077), 2)
  ring <- ellipse_points(c(.47, -.32), S, 0.5)
  distance <- apply(ring, 1L, function(p) c(t(p - c(.47, -.32)) %*% solve(S) %*% (p - c(.47, -.32))))
  expect_equal(distance, rep(qchisq(0.5, 2), nrow(ring)), tolerance = gate("closed_form"))
  expect_equal(bubble_mean(fit, 1:2, 0.95)$at, as.numeric(fit$fit$beta))
  expect_equal(plot(fit, which = c("y2", "y1"), draw = FALSE)$data$x, d$y2)
  expect_error(plot(fit, which = 1, draw = FALSE), class = "metaparity_error_input")
  expect_error(plot(fit, which = c("y1", "z"), draw = FALSE), class = "metaparity_error_input")
  d$y1[2] <- NA
  expect_warning(plot(mvmeta(y, V, data = d), draw = FALSE), class = "metaparity_warning_dropped")
})
