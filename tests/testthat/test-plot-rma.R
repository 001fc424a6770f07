fit <- rma(yi, vi, data = bcg_effects, slab = study)

test_that("user coordinates are those of metafor's last panel", {
  skip_if_not_installed("metafor")
  expect_last_panel <- function(ours, theirs)
    expect_gate(suppressMessages(usr_after(plot(ours))), usr_after(plot(theirs)), "metafor_iterative", scale = 1)
  pair <- function(...) list(rma(bcg_effects$yi, bcg_effects$vi, ...),
                             metafor::rma(bcg_effects$yi, bcg_effects$vi, ...))
  fits <- list(pair(), pair(method = "EE"), pair(mods = cbind(bcg_tables$ablat)))
  for (f in fits) expect_last_panel(f[[1L]], f[[2L]])
  for (verb in c("rma.mh", "rma.peto")) {
    f <- both_fits(verb)
    expect_last_panel(f$ours, f$theirs)
  }
})

test_that("four panels that hold what the single plots hold", {
  figure <- plot(fit, draw = FALSE)
  expect_identical(vapply(figure$figures, `[[`, "", "title"),
                   c("Forest Plot", "Funnel Plot", "Radial Plot", "Standardized Residuals"))
  layout <- page_of(figure)
  expect_length(layout$parts, 4L)
  expect_sound_figure(layout)
  forest <- Filter(function(part) !is.null(part$forest), layout$parts)[[1L]]
  expect_true(forest$forest$width <= diff(forest$panel[c(1, 3)]) + 1e-6 &&
              forest$forest$height <= diff(forest$panel[c(2, 4)]) + 1e-6)
  moderated <- plot(rma(yi, vi, mods = ~ bcg_tables$ablat, data = bcg_effects), qqplot = TRUE, draw = FALSE)
  expect_identical(vapply(moderated$figures, `[[`, "", "title")[2:4],
                   c("Residual Funnel Plot", "Fitted vs. Standardized Residuals", "Normal QQ Plot"))
})

test_that("one study, many studies, Chinese, a small page", {
  expect_silent(suppressMessages(usr_after(plot(rma(0.1, 0.2, method = "EE")))))
  set.seed(1)
  many <- rma(stats::rnorm(60), stats::rchisq(60, 4) / 20)
  expect_sound_figure(page_of(plot(many, draw = FALSE)))
  zh <- plot(fit, lang = "zh", draw = FALSE)
  expect_identical(zh$figures[[1L]]$title, translate("Forest Plot", "zh"))
  expect_sound_figure(page_of(zh))
  expect_sound_figure(page_of(plot(fit, style = "stata", draw = FALSE)))
  grDevices::pdf(NULL, 7, 7)
  on.exit(grDevices::dev.off())
  expect_silent(suppressMessages(plot(fit)))
  expect_error(plot(fit, qqplot = NA), class = "metaparity_error_input")
})

test_that("on a divided page each panel takes a cell", {
  grDevices::pdf(NULL, 9, 8)
  on.exit(grDevices::dev.off())
  graphics::par(mfrow = c(3, 2))
  suppressMessages(plot(fit))
  expect_identical(graphics::par("mfg")[1:2], c(2L, 2L))
  expect_equal(graphics::grconvertY(c(0, 1), "nfc", "ndc"), c(1, 2) / 3, tolerance = 1e-6)
})

test_that("a location-scale model with moderators has its four panels", {
  d <- data.frame(y = sin(1:12), v = rep(c(0.05, 0.1), 6), x = cos(1:12 * 2), z = sin(1:12 * 3))
  expect_length(plot(rma(y, v, mods = ~ x, scale = ~ z, data = d), draw = FALSE)$figures, 4L)
})
