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

test_that("the page of a figure: its size, or a given width in its shape", {
  figure <- unit_figure(layer_points(0.5, 0.5))
  size <- figure$size
  expect_equal(unname(figure_page(figure)), size)
  expect_equal(unname(figure_page(figure, 2 * size[1L])), 2 * size)
})

test_that("items in inches land in user coordinates where the panel has them", {
  figure <- unit_figure(layer_points(c(0.25, 0.75), c(0.1, 0.9)))
  grDevices::pdf(NULL, 6, 5)
  on.exit(grDevices::dev.off())
  graphics::plot.new()
  layout <- page_of(figure, 6, 5)
  data <- items_of(layout, "points")[[1L]]$data
  draw_layout(layout)
  expect_equal(graphics::grconvertX(c(0.25, 0.75), "user", "inches"), data$x, tolerance = 1e-6)
  expect_equal(graphics::grconvertY(c(0.1, 0.9), "user", "inches"), data$y, tolerance = 1e-6)
})

test_that("every kind of item that layouts make has a drawing", {
  layout <- page_of(unit_figure(layer_points(0.5, 0.5), layer_line(0:1, 0:1), layer_polygon(c(0, 1, 1), c(0, 0, 1), 2),
                                layer_spikes(0.5, 0.2, 0.8), layer_labels(0.5, 0.5, "a")))
  types <- unique(vapply(layout$items, `[[`, "", "type"))
  expect_true(all(types %in% names(draw_item)))
  expect_false(clip_mode(list(clip = TRUE)))
  expect_true(is.na(clip_mode(list())))
})

test_that("words of a figure are all that it says", {
  figure <- new_figure(list(layer_labels(0.5, 0.5, "name")), new_axis(0:1, 0:1, c("lo", "hi"), "axis"), unit_axis(),
                       list(title = "above"), style = scatter_style_metafor())
  expect_true(all(c("name", "lo", "hi", "axis", "above") %in% figure_words(figure)))
})
