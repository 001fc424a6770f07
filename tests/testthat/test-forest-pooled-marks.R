fit <- rma(c(-0.2, 0.1, 0.4, 0.9), sei = c(0.1, 0.2, 0.3, 0.2), method = "DL")
pi_ends <- function() unlist(unclass(predict(fit))[c("pi.lb", "pi.ub")], use.names = FALSE)
prediction <- function(...) {
  layout <- layout_of(fit, addpred = TRUE, ...)
  layout$own <- lapply(layout[c("rects", "segments", "polygons")], function(part) part[part$role == "prediction", ])
  layout
}

test_that("a diamond has its corners at limits and estimate", {
  layout <- layout_of(fit)
  corners <- layout$polygons[layout$polygons$role == "diamond", ]
  expect_equal(corners$x, inch_x(c(fit$ci.lb, fit$beta, fit$ci.ub, fit$beta), layout))
  em <- layout$fontsize / 72
  expect_equal(diff(range(corners$y)) / 2, style_metafor()$diamond$half * em)
  expect_equal(mean(range(corners$y)), utils::tail(layout$lines$y, 1L))
})

test_that("a diamond that the axis cuts stays in the panel, with an arrow at its edge", {
  layout <- layout_of(fit, alim = c(fit$ci.lb + 0.05, 1.2), refline = NA)
  corners <- layout$polygons[layout$polygons$role == "diamond", ]
  expect_gte(min(corners$x), layout$panel[["left"]] - 1e-9)
  expect_length(unique(corners$id), 2L)
})

test_that("each style of prediction ends where the interval does", {
  alim <- c(-3, 3)
  line <- prediction(alim = alim)
  expect_equal(range(line$own$segments$x0, line$own$segments$x1), inch_x(pi_ends(), line))
  for (style in c("polygon", "bar", "shade")) {
    layout <- prediction(alim = alim, predstyle = style)
    ends <- range(layout$own$rects$x0, layout$own$rects$x1, layout$own$polygons$x)
    expect_equal(ends, inch_x(pi_ends(), layout), label = style)
  }
})

test_that("the shade is darkest in the middle and the distribution has the normal's height", {
  shade <- prediction(alim = c(-3, 3), predstyle = "shade")$own$rects
  grey <- grDevices::col2rgb(shade$fill)[1L, ]
  expect_identical(which.min(grey), 30L)
  expect_equal(unname(grey), rev(unname(grey)))
  dist <- prediction(alim = c(-3, 3), predstyle = "dist")
  area <- dist$own$polygons[dist$own$polygons$id == min(dist$own$polygons$id), ]
  top <- area[seq_len(101L), ]
  height <- top$y - min(area$y)
  z <- (user_x(top$x, dist) - mean(pi_ends())) / (diff(pi_ends()) / (2 * stats::qnorm(0.975)))
  expect_equal(height / max(height), exp(-z^2 / 2) / max(exp(-z^2 / 2)))
})

test_that("fitted values of a meta-regression are diamonds at their intervals", {
  year <- c(1, 2, 3, 5)
  moderated <- rma(c(-0.2, 0.1, 0.4, 0.9), sei = c(0.1, 0.2, 0.3, 0.2), mods = ~year)
  layout <- layout_of(moderated, alim = c(-5, 5))
  corners <- layout$polygons[layout$polygons$role == "fitted", ]
  told <- predict(moderated)
  expect_equal(vapply(split(corners$x, corners$row), min, 0), inch_x(told$ci.lb, layout), ignore_attr = TRUE)
  expect_equal(vapply(split(corners$x, corners$row), max, 0), inch_x(told$ci.ub, layout), ignore_attr = TRUE)
})
