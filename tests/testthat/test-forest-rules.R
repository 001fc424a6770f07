fit <- rma(c(-0.2, 0.1, 0.4, 0.9), sei = c(0.1, 0.2, 0.3, 0.2), method = "DL")
rules_of <- function(layout) layout$segments[layout$segments$role == "line", ]
upright <- function(layout) {
  lines <- rules_of(layout)
  lines[lines$x0 == lines$x1 & abs(lines$y1 - layout$panel[["top"]]) < 1e-9, ]
}

test_that("the line of no effect goes from the axis to the rule, where the axis has it", {
  layout <- layout_of(fit)
  expect_equal(upright(layout)$x0, inch_x(0, layout))
  expect_equal(upright(layout)$y0, layout$panel[["bottom"]])
  expect_equal(upright(layout_of(fit, refline = 0.5))$x0, inch_x(0.5, layout_of(fit, refline = 0.5)))
  expect_identical(nrow(upright(layout_of(fit, refline = NA))), 0L)
})

test_that("Stata's line stands at the pooled estimate", {
  layout <- layout_of(fit, style = "stata")
  expect_true(any(abs(upright(layout)$x0 - inch_x(as.numeric(fit$beta), layout)) < 1e-9))
})

test_that("the rule above the pooled row is half way between it and the last study", {
  layout <- layout_of(fit)
  lines <- rules_of(layout)
  across <- lines[lines$y0 == lines$y1 & lines$x1 - lines$x0 > diff(layout$panel[c("left", "right")]) + 1e-9, ]
  pooled <- utils::tail(layout$lines$y, 1L)
  expect_true(any(abs(across$y0 - (pooled + layout$lines$y[4L]) / 2) < 1e-9))
})

test_that("ticks stand at the values of the axis", {
  layout <- layout_of(fit, at = c(-1, 0, 2))
  lines <- rules_of(layout)
  ticks <- lines[lines$x0 == lines$x1 & lines$y1 < layout$panel[["bottom"]] - 1e-9, ]
  expect_equal(ticks$x0, inch_x(c(-1, 0, 2), layout))
  expect_equal(ticks$y0 - ticks$y1, rep(style_metafor()$axis$tick * layout$fontsize / 72, 3L))
})

test_that("shading takes each second study, those of a variable, or heights", {
  shaded <- function(...) {
    layout <- layout_of(fit, ...)
    rects <- layout$rects[layout$rects$role == "shade", ]
    sort(user_y((rects$y0 + rects$y1) / 2, layout))
  }
  expect_equal(shaded(shade = "zebra"), c(2, 4))
  expect_equal(shaded(shade = "zebra2"), c(1, 3))
  expect_equal(shaded(shade = "all"), 1:4)
  expect_equal(shaded(shade = c(TRUE, FALSE, FALSE, TRUE)), c(1, 4))
  expect_equal(shaded(shade = c(TRUE, FALSE, FALSE, TRUE), order = c(1, 3, 4, 2)), c(3, 4))
  expect_equal(shaded(shade = c(3, 1)), c(1, 3))
  expect_error(shaded(shade = list(1)), class = "metaparity_error_input")
})
