est <- c(-0.6, -0.2, 0.1, 0.3)
fit <- rma(est, sei = c(0.35, 0.2, 0.15, 0.3), slab = c("Ames", "Bell", "Cole", "Dunn"))

captured <- function(added) attr(added, "layout")

test_that("a fit is added at its row, in the plot's scale, columns and look", {
  on_page({
    plot <- suppressMessages(forest(fit, ylim = c(-5, 7), mlab = "All"))
    added <- addpoly(fit, row = -3, mlab = "Again")
    expect_equal(unlist(added, use.names = FALSE), c(fit$beta, fit$ci.lb, fit$ci.ub, -3))
    drawn <- captured(addpoly(fit, row = -3, mlab = "Again"))
    layout <- plot$layout
    expect_equal(user_y(mean(range(drawn$polygons$y)), layout), -3)
    expect_equal(user_x(range(drawn$polygons$x), layout), c(fit$ci.lb, fit$ci.ub))
    own <- layout$texts[layout$texts$text == "All", ]
    new <- drawn$runs[drawn$runs$text == "Again", ]
    expect_equal(new$x, own$x)
    expect_equal(own$y - new$y, 2 * layout$pitch)
    cell <- format_digits(as.numeric(fit$beta), 2L)
    expect_true(cell %in% drawn$runs$text)
    expect_true(all(drawn$runs$y > 0))
  })
})

test_that("predictions and estimates are added one below the other, with the plot's transformation", {
  on_page({
    suppressMessages(forest(fit, ylim = c(-8, 7), mlab = "All", transf = exp))
    added <- addpoly(c(0, 0.5), sei = c(0.1, 0.2), rows = -3, mlab = c("a", "b"))
    expect_equal(added$row, c(-3, -4))
    expect_equal(added$est, exp(c(0, 0.5)))
    expect_equal(added$hi, exp(c(0, 0.5) + qnorm(0.975) * c(0.1, 0.2)))
    expect_equal(addpoly(predict(fit))$est, exp(as.numeric(fit$beta)))
    expect_equal(addpoly(0.1, ci.lb = 0, ci.ub = 0.3, rows = -6)$lo, 1)
    lines <- captured(addpoly(predict(fit), addpred = TRUE))
    expect_true("prediction" %in% lines$segments$role)
    expect_identical(sum(nzchar(lines$runs$text) & lines$runs$text == "Prediction Interval"), 0L)
    for (style in c("polygon", "bar", "shade", "dist")) {
      drawn <- captured(addpoly(fit, row = c(-3, -5), predstyle = style))
      expect_true("Prediction Interval" %in% drawn$runs$text)
      expect_true("prediction" %in% c(drawn$rects$role, drawn$polygons$role))
    }
  })
})

test_that("diamonds of a constant area, colours, levels and sizes", {
  on_page({
    suppressMessages(forest(fit, ylim = c(-8, 7)))
    drawn <- captured(addpoly(c(0, 0), sei = c(0.1, 0.2), rows = -3, constarea = TRUE, col = "red", cex = 0.5))
    area <- vapply(split(drawn$polygons, drawn$polygons$id), function(p) diff(range(p$x)) * diff(range(p$y)), 0)
    expect_equal(area[[1L]], area[[2L]])
    expect_identical(unique(drawn$polygons$fill), "red")
    expect_equal(unique(drawn$runs$size), 6)
    expect_equal(addpoly(0, sei = 1, level = 80)$hi, qnorm(0.9))
    expect_equal(addpoly(fit, level = 80)$hi, predict(fit, level = 80)$ci.ub)
    expect_identical(nrow(captured(addpoly(fit, annotate = FALSE, mlab = ""))$runs), 0L)
  })
})

test_that("the user's coordinates stay, also with margins, and the device is remembered", {
  grDevices::pdf(NULL, 8, 6)
  on.exit(grDevices::dev.off())
  suppressMessages(forest(fit, ylim = c(-5, 7)))
  before <- graphics::par(c("usr", "mar", "plt", "xpd", "family"))
  addpoly(fit, row = -3)
  expect_equal(graphics::par(c("usr", "mar", "plt", "xpd", "family")), before)
  for (fresh in 1:2) {
    grDevices::pdf(NULL)
    expect_error(addpoly(fit), class = "metaparity_error_input")
    suppressMessages(forest(fit))
    grDevices::dev.off()
  }
  expect_s3_class(addpoly(fit), "data.frame")
})

test_that("a stack takes additions in its lowest part", {
  on_page({
    suppressMessages(forest_stack(list(A = fit, B = list(fit, ylim = c(-4, 7)))))
    expect_equal(addpoly(fit, row = -3)$row, -3)
  })
})

test_that("mistakes are named", {
  on_page({
    suppressMessages(forest(fit))
    reg <- rma(est, sei = c(0.35, 0.2, 0.15, 0.3), mods = ~ c(1, 2, 3, 5))
    expect_warning(addpoly(fit, nonsense = 1), class = "metaparity_warning_unknown")
    bad <- list(quote(addpoly(reg)), quote(addpoly(1:2, sei = 1:2, rows = 1:3)),
                quote(addpoly(1)), quote(addpoly(1, sei = 1, mlab = c("a", "b"))),
                quote(addpoly(1, sei = 1, pi.lb = 0)),
                quote(addpoly(fit, transf = 3)), quote(addpoly(fit, predstyle = "cloud")),
                quote(addpoly(fit, cex = "a")),
                quote(addpoly(leave1out(fit))), quote(addpoly(predict(fit), rows = "a")),
                quote(addpoly(fit, efac = -1)))
    for (call in bad) expect_error(eval(call), class = "metaparity_error_input")
  })
})

test_that("metafor's addpoly() draws ours, and ours theirs", {
  skip_if_not_installed("metafor")
  on_page({
    suppressMessages(forest(fit))
    expect_s3_class(metafor::addpoly(fit), "data.frame")
    expect_s3_class(metafor::addpoly(predict(fit)), "data.frame")
  })
})

test_that("`width` is the least width of the numbers, which end where the plot's do", {
  on_page({
    suppressMessages(forest(fit, ylim = c(-6, 7), mlab = "All"))
    numbers <- function(...) {
      runs <- captured(addpoly(fit, row = -3, mlab = "", ...))$runs
      sort(runs$x[grepl("[0-9]", runs$text)])
    }
    own <- numbers()
    wide <- numbers(width = 8)
    expect_equal(max(wide), max(own))
    expect_true(all(diff(wide) > diff(own)))
    expect_equal(numbers(width = 1), numbers(width = c(1, 1, 1)))
    expect_error(addpoly(fit, width = "8"), class = "metaparity_error_input")
  })
})

test_that("a diamond may have the user's predictive distribution", {
  x <- seq(-3, 3, 0.01)
  dist <- list(x, dnorm(x, 0.2, 0.3))
  shown <- function(...) {
    segments <- attr(addpoly(...), "layout")$segments
    segments <- segments[segments$role == "prediction", ]
    range(segments$x0, segments$x1)
  }
  fit <- rma(c(-.6, -.2, .1, .3), sei = c(.15, .1, .1, .1))
  on_page({
    forest(fit, ylim = c(-4, 7), alim = c(-2, 2), preddist = list(x, dnorm(x, -1, 0.1)), addpred = TRUE)
    quantiles <- qnorm(c(0.025, 0.975), 0.2, 0.3)
    expected <- shown(0.1, sei = 0.01, pi.lb = quantiles[1], pi.ub = quantiles[2])
    expect_equal(shown(0.1, sei = 0.01, preddist = dist), expected, tolerance = 1e-4)
    expect_equal(shown(predict(fit), addpred = TRUE, preddist = dist), expected, tolerance = 1e-4)
    expect_equal(shown(fit, addpred = TRUE, preddist = dist), expected, tolerance = 1e-4)
    expect_equal(shown(0.1, sei = 0.01, preddist = c(dist, pi.lb = quantiles[1], pi.ub = quantiles[2])), expected)
    expect_equal(shown(fit, addcred = TRUE), shown(fit, addpred = TRUE))
    for (style in c("polygon", "bar", "shade", "dist")) {
      expect_silent(addpoly(fit, row = -1, predstyle = style, preddist = dist))
      expect_silent(addpoly(0.1, sei = 0.1, rows = -3, predstyle = style, preddist = dist))
    }
    whole <- captured(addpoly(-1, sei = 0.1, rows = -3, predstyle = "dist", preddist = dist))$polygons
    expect_equal(range(whole$x[whole$role == "prediction"]),
                 range(captured(addpoly(0, ci.lb = -0.9, ci.ub = 1.3, rows = -3))$polygons$x), tolerance = 0.02)
    expect_error(addpoly(c(0, 1), sei = c(1, 1), preddist = dist), class = "metaparity_error_input")
    expect_error(addpoly(0, sei = 1, preddist = 3), class = "metaparity_error_input")
  })
})

test_that("texts of size 0 are none", {
  on_page({
    suppressMessages(forest(fit, ylim = c(-4, 7)))
    expect_identical(nrow(captured(addpoly(fit, row = -3, cex = 0))$runs), 0L)
  })
})
