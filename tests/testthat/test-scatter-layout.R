figure_with <- function(x_at, x_labels, crowded = "thin", title = NULL) {
  style <- scatter_style_metafor()
  new_figure(list(layer_points(c(0.2, 0.8), c(0.3, 0.6))),
             new_axis(c(0, 1), x_at, x_labels, "x", crowded = crowded),
             new_axis(c(0, 1), c(0, 0.5, 1), c("0", "0.5", "1"), "y"),
             list(title = title), style = style)
}

test_that("data units go to the panel's corners", {
  layout <- page_of(figure_with(c(0, 1), c("0", "1")))
  map <- scatter_map(list(x = list(limits = c(0, 1)), y = list(limits = c(1, 0))), layout$panel)
  expect_equal(map$x(c(0, 1)), layout$panel[c(1L, 3L)])
  expect_equal(map$y(c(1, 0)), layout$panel[c(2L, 4L)])
})

test_that("crowded labels are thinned, and 0 stays", {
  at <- seq(-0.5, 0.5, by = 0.01)
  labels <- formatC(at, digits = 3, format = "f", drop0trailing = TRUE)
  keep <- thin_tick_labels(at * 5 + 3, rep(0.3, length(at)), 0.05, labels)
  expect_true(keep[labels == "0"])
  expect_true(all(diff(at[keep] * 5) >= 0.35 - 1e-9))
  expect_sound_figure(page_of(figure_with(seq(0, 1, 0.02), sprintf("%.2f", seq(0, 1, 0.02)))))
})

test_that("exact labels move apart as little as possible and stay in order", {
  at <- c(1, 1.05, 1.1, 3)
  moved <- spread_labels(at, rep(0.4, 4), 0.1, c(0, 5))
  expect_true(all(diff(moved) >= 0.5 - 1e-9))
  expect_equal(moved[4L], 3)
  expect_equal(mean(moved[1:3]), mean(at[1:3]))
  expect_equal(spread_labels(c(1, 3), c(0.4, 0.4), 0.1, c(0, 5)), c(1, 3))
  near_edge <- spread_labels(c(4.9, 4.95), c(0.4, 0.4), 0.1, c(0, 5))
  expect_true(all(near_edge + 0.2 <= 5 + 1e-9))
  at <- c(0, 0.01, 0.02, 0.99, 1)
  layout <- page_of(figure_with(at, sprintf("%.2f", at), crowded = "spread"))
  expect_sound_figure(layout)
  expect_identical(sum(layout_texts(layout)$role == "x_tick"), 5L)
})

test_that("a long title is broken into lines and a small page gets small text", {
  words <- paste(rep("a rather long title of a funnel plot", 4), collapse = " ")
  long <- figure_with(c(0, 1), c("0", "1"), title = words)
  layout <- page_of(long, 6, 5)
  expect_sound_figure(layout)
  expect_match(layout_texts(layout)$label[layout_texts(layout)$role == "title"], "\n")
  small <- page_of(long, 1.6, 1.4)
  expect_lt(small$scale, 0.7)
  expect_gte(small$panel[3L] - small$panel[1L], 0.4 * 1.6)
})

test_that("after drawing, the plot region is the panel in data units", {
  grDevices::pdf(NULL, 6, 5)
  on.exit(grDevices::dev.off())
  draw_figure(figure_with(c(0, 1), c("0", "1")))
  expect_equal(graphics::par("usr"), c(0, 1, 0, 1))
  layout <- page_of(figure_with(c(0, 1), c("0", "1")), 6, 5)
  expect_equal(graphics::grconvertX(0.5, "user", "inches"), mean(layout$panel[c(1L, 3L)]), tolerance = 1e-6)
  graphics::par(mfrow = c(1, 2))
  draw_figure(figure_with(c(0, 1), c("0", "1")))
  draw_figure(figure_with(c(0, 1), c("0", "1")))
  expect_gt(graphics::grconvertX(0, "user", "ndc"), 0.5)
})

test_that("a page too small is reported once with the size that fits", {
  grDevices::pdf(NULL, 1.6, 1.4)
  on.exit(grDevices::dev.off())
  expect_message(draw_figure(figure_with(c(0, 1), c("0", "1"), title = "A title that needs its room")),
                 class = "metaparity_message_small_page")
})

test_that("tick formats", {
  expect_identical(format_tick_plain(c(-0.5, 0, 0.5)), c("-0.5", "0", "0.5"))
  expect_identical(format_tick_plain(c(0, 0.1824, 0.3649, 0.5473, 0.7297)), c("0", "0.182", "0.365", "0.547", "0.73"))
  expect_identical(format_tick_plain(c(100.001, 100.002)), c("100.001", "100.002"))
  expect_identical(format_tick_stata(c(-0.5, 0, 1.5)), c("-.5", "0", "1.5"))
  expect_identical(format_tick_digits(2L)(c(0.5, 1)), c("0.5", "1"))
  expect_identical(format_tick_digits(2)(c(0.5, -0.001)), c("0.50", "0.00"))
})

test_that("names beside points avoid each other and are tied to their point when far", {
  style <- scatter_style_metafor()
  set.seed(4)
  x <- c(stats::runif(12), rep(0.5, 3))
  y <- c(stats::runif(12), 0.5, 0.501, 0.502)
  figure <- new_figure(list(layer_points(x, y), layer_labels(x, y, sprintf("Study number %d", seq_along(x)))),
                       new_axis(c(-0.3, 1.3), 0:1, c("0", "1")), new_axis(c(0, 1), 0:1, c("0", "1")), style = style)
  layout <- page_of(figure)
  expect_sound_figure(layout)
  expect_identical(sum(layout_texts(layout)$role == "label"), 15L)
})
