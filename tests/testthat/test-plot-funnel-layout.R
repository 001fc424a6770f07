test_that("the limits are those of the formula", {
  look <- list(refline = 0.3, levels = c(0.9, 0.95), tau2 = 0.04)
  limits <- funnel_limits(funnel_scales$sei, c(1, 0), look)
  upper <- limits[limits$level == 0.95 & limits$side > 0, ]
  expect_equal(upper$x, 0.3 + stats::qnorm(0.975) * sqrt(upper$y^2 + 0.04))
  by_precision <- funnel_limits(funnel_scales$seinv, c(0, 4), look)
  lower <- by_precision[by_precision$level == 0.9 & by_precision$side < 0, ]
  expect_equal(lower$x, 0.3 - stats::qnorm(0.95) * sqrt(1 / lower$y^2 + 0.04))
  expect_identical(nrow(funnel_limits(funnel_scales$ni, c(0, 4), look)), 0L)
  look$refline <- NULL
  expect_identical(nrow(funnel_limits(funnel_scales$sei, c(0, 4), look)), 0L)
})

test_that("each scale has its standard errors back", {
  se <- c(0.1, 0.5, 2)
  for (name in names(funnel_scales)) {
    y <- funnel_y(name, se, c(100, 20, 5), c(70, 20, 10))
    expect_true(all(is.finite(y)), label = name)
    back <- funnel_scales[[name]]$se
    if (!is.null(back)) expect_gate(back(y), se, "closed_form")
    # Precise studies are at the top.
    expect_identical(order(y, decreasing = !funnel_scales[[name]]$down), 1:3, label = name)
  }
})

test_that("limits of y: from 0 where errors run downward, opened where they are a point", {
  style <- scatter_style_metafor()
  expect_identical(funnel_ylim(c(0.1, 0.4), funnel_scales$sei, NULL, style), c(0.4, 0))
  expect_identical(funnel_ylim(c(3, 9), funnel_scales$seinv, NULL, style), c(3, 9))
  expect_identical(funnel_ylim(c(0.1, 0.4), funnel_scales$sei, c(0, 1), style), c(1, 0))
  one <- funnel_ylim(5, funnel_scales$seinv, NULL, style)
  expect_true(one[1L] < 5 && one[2L] > 5)
  stata <- funnel_ylim(c(0.1, 0.43), funnel_scales$sei, NULL, scatter_style_stata())
  expect_true(stata[1L] >= 0.43 && stata[1L] %in% pretty(c(0, 0.43), 4))
})

test_that("limits of x hold points and funnel with a tenth to spare", {
  limits <- data.frame(x = c(-2, 2))
  expect_equal(funnel_xlim(c(0, 1), limits, NULL), c(-2.4, 2.4))
  expect_equal(funnel_xlim(c(0, 5), limits, NULL), c(-2.7, 5.7))
  expect_equal(funnel_xlim(0, limits, c(3, -3)), c(-3, 3))
  expect_equal(funnel_xlim(2, data.frame(x = numeric()), NULL), c(1.8, 2.2))
})

test_that("points outside their funnel are those whose distance is beyond the quantile", {
  data <- data.frame(x = c(0, 0.5, 1.5, -2), y = 1:4, se = c(1, 0.2, 1, 0.5))
  look <- list(refline = 0, tau2 = 0, levels = c(0.9, 0.95))
  of <- function(label) funnel_named(data, c(look, list(label = label)))
  z <- abs(data$x) / data$se
  expect_identical(of("out"), z > stats::qnorm(0.975))
  expect_identical(of(TRUE), rep(TRUE, 4))
  expect_identical(of("all"), rep(TRUE, 4))
  expect_identical(of(FALSE), rep(FALSE, 4))
  expect_identical(of(2), rank(-z) <= 2)
  look$tau2 <- 10
  expect_false(any(of("out")))
})

test_that("areas of a legend: p values between the levels, in decimals that tell them apart", {
  look <- list(levels = c(0.9, 0.95, 0.999), shade = c("white", "gray", "black"), back = "red",
               legend = list(show = "pvals"))
  entries <- contour_entries(look, scatter_style_metafor())
  expect_identical(vapply(entries, `[[`, "", "fill"), c("white", "gray", "black", "red"))
  expect_identical(deparse(entries[[3L]]$label), deparse(p_between("0.001", "0.050")))
  look$legend$show <- "cis"
  expect_identical(vapply(contour_entries(look, scatter_style_metafor()), `[[`, "", "label"),
                   c("90% CI region", "95% CI region", "99.9% CI region", "Outside 99.9% CI"))
  expect_identical(decimals_needed(c(1, 0.5, 0.025)), 3L)
  expect_identical(decimals_needed(1), 0L)
})

test_that("studies beyond the limits asked for are counted", {
  window <- list(x = c(-1, 1), y = c(2, 0))
  data <- data.frame(x = c(0, 5, 0), y = c(1, 1, 3))
  expect_warning(warn_off_window(data, window), class = "metaparity_warning_input")
  expect_silent(warn_off_window(data[1L, ], window))
})

test_that("the reference line starts at the tip of the funnel", {
  expect_identical(reference_span(data.frame(y = c(0, 0.2, 0.5)), c(0.6, -0.02)), c(0, 0.5))
  expect_identical(reference_span(data.frame(y = numeric()), c(1, 9)), c(1, 9))
})
