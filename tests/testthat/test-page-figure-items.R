test_that("layers hold what they were given, points recycled to their number", {
  points <- layer_points(1:3, 4:6, pch = c(1, 2), col = "red")$data
  expect_identical(points$pch, c(1, 2, 1))
  expect_identical(points$col, rep("red", 3))
  expect_identical(layer_labels(1:2, 1:2, 3:4, "left")$label, c("3", "4"))
  figure <- unit_figure(layer_points(0.5, 0.5), NULL, layer_line(0:1, 0:1))
  expect_identical(vapply(figure$layers, `[[`, "", "type"), c("points", "line"))
})

test_that("the box of a text has its extent, wherever it is hung and however it is turned", {
  for (h in c(0, 0.5, 1)) for (v in c(0, 0.5, 1)) {
    item <- item_text(2, 3, "x", 10, hjust = h, vjust = v, extent = c(0.8, 0.2))
    expect_equal(item$box, c(2 - 0.8 * h, 3 - 0.2 * v, 2 + 0.8 * (1 - h), 3 + 0.2 * (1 - v)))
    upright <- item_text(2, 3, "x", 10, hjust = h, vjust = v, rot = 90, extent = c(0.8, 0.2))
    expect_equal(upright$box[3:4] - upright$box[1:2], c(0.2, 0.8))
    expect_true(all(upright$box[1:2] <= c(2, 3) + 1e-12 & upright$box[3:4] >= c(2, 3) - 1e-12))
  }
})

test_that("a rectangle is its four corners", {
  item <- item_rect(c(1, 2, 4, 7), "red")
  expect_identical(range(item$x), c(1, 4))
  expect_identical(range(item$y), c(2, 7))
  expect_identical(nrow(unique(cbind(item$x, item$y))), 4L)
})

test_that("exchanged axes exchange everything, twice is as before", {
  figure <- new_figure(list(layer_points(1:2, 3:4), layer_line(5:6, 7:8)), new_axis(c(0, 9), 1:2, c("a", "b"), "x"),
                       new_axis(c(0, 8), 3:4, c("c", "d"), "y"), style = scatter_style_metafor())
  turned <- turned_figure(figure)
  expect_identical(turned$x, figure$y)
  expect_identical(turned$layers[[1L]]$data$x, 3:4)
  expect_identical(turned$layers[[2L]]$y, 5:6)
  expect_equal(turned_figure(turned), figure)
  figure$y$limits <- c(8, 0)
  expect_identical(turned_figure(figure)$x$limits, c(0, 8))
})

test_that("texts of many lines: the widest line, heights by their number", {
  on_blank_page({
    one <- text_extent("wide line", 12)
    two <- text_extent("wide line\nx", 12)
    expect_equal(two[1L], one[1L])
    expect_equal(two[2L], one[2L] + line_pitch * 12 / 72)
    many <- text_extents(c("wide line", "wide line\nx", ""), 12)
    expect_equal(many[, 1L], one)
    expect_equal(many[, 2L], two)
    expect_identical(text_extent(NULL, 12), c(0, 0))
    expect_true(all(text_extent(quote(x^2), 12) > 0))
    expect_equal(text_extents(list("x", quote(y)), 12)[, 1L], text_extent("x", 12))
  })
  expect_identical(text_lines("a\n\nb"), c("a", "", "b"))
  expect_identical(text_lines(NA), "")
  expect_identical(text_lines(""), "")
})

test_that("broken lines are as wide as allowed, with the same words", {
  label <- "A title with quite a few words in it"
  on_blank_page({
    broken <- wrap_lines(label, 1, 12)
    lines <- text_lines(broken)
    expect_gt(length(lines), 2L)
    expect_true(all(text_width(lines, 12) <= 1))
    expect_identical(gsub("\n", " ", broken), label)
    expect_identical(wrap_lines(quote(x), 1, 12), quote(x))
    expect_identical(wrap_long(c("short", label), 1, 12), c("short", broken))
    expect_identical(wrap_long(character(), 1, 12), character())
  })
})

test_that("an estimate of a method has the method below the line, beside East Asian words in brackets", {
  expect_identical(with_subscript("plain"), "plain")
  expect_true(is.language(with_subscript("the \u03b8_REML here")))
  expect_identical(with_subscript("\u4f30\u8ba1 \u03b8_REML"), "\u4f30\u8ba1 \u03b8(REML)")
  expect_identical(with_subscript(quote(x)), quote(x))
})

test_that("many names make the figure larger, within bounds", {
  few <- room_for_names(list(layer_labels(1:3, 1:3, c("a", "b", "c"))))
  many <- room_for_names(list(layer_labels(1:40, 1:40, rep("A longer name", 40))))
  vast <- room_for_names(list(layer_labels(1:999, 1:999, rep("A longer name", 999))))
  expect_identical(few, 1)
  expect_gt(many, 1)
  expect_identical(vast, 1.7)
})

test_that("the table of texts has a row for each, expressions as they are written", {
  layout <- list(items = list(item_text(1, 1, "a", 10, extent = c(1, 1), role = "title"), item_line(0:1, 0:1),
                              item_text(2, 2, quote(x[i]), 10, extent = c(1, 1))))
  texts <- layout_texts(layout)
  expect_identical(texts$label, c("a", "x[i]"))
  expect_identical(texts$role, c("title", "text"))
})
