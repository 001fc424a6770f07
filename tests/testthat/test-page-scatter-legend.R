test_that("a legend takes a corner without points, of these the one with the fewest lines, else the emptiest place", {
  place <- function(...) {
    figure <- new_figure(list(...), new_axis(c(0, 1), 0:1, c("0", "1")), new_axis(c(0, 1), 0:1, c("0", "1")),
                         legend = list(legend_point("A legend of some length", 19)), style = scatter_style_metafor())
    layout <- page_of(figure, 6, 5)
    texts <- layout_texts(layout)
    box <- unlist(texts[texts$role == "legend", c("left", "top")])
    middle <- c(mean(layout$panel[c(1, 3)]), mean(layout$panel[c(2, 4)]))
    paste0(if (box[2L] > middle[2L]) "top" else "bottom", if (box[1L] > middle[1L]) "right" else "left")
  }
  expect_identical(place(layer_points(0.95, 0.95)), "topleft")
  expect_identical(place(layer_line(c(0, 1), c(0, 1))), "topleft")
  expect_identical(place(layer_points(c(0.95, 0.05), c(0.95, 0.95)), layer_line(c(0.6, 1), c(0.05, 0.05))),
                   "bottomleft")
})

test_that("a legend without a free place in the panel goes below it, and one that is wished there stays", {
  at <- expand.grid(x = seq(0, 1, 0.05), y = seq(0, 1, 0.05))
  covered <- function(legend_at) {
    figure <- new_figure(list(layer_points(at$x, at$y)), new_axis(c(0, 1), 0:1, c("0", "1")),
                         new_axis(c(0, 1), 0:1, c("0", "1")),
                         list(legend = list(at = legend_at)),
                         list(legend_point("Studies", 19, "black"), legend_line("A line")), scatter_style_metafor())
    layout <- page_of(figure)
    expect_sound_figure(layout)
    legend <- layout_texts(layout)[layout_texts(layout)$role == "legend", ]
    sum(legend$top > layout$panel[2L])
  }
  expect_identical(covered("corner"), 0L)
  expect_identical(covered("topright"), 2L)
})

test_that("a row of a legend is as deep as its own text", {
  style <- scatter_style_metafor()
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  graphics::plot.new()
  block <- legend_block(list(legend_point("Two\nlines", 19, "black"), legend_point("One", 19, "black")),
                        style, 5, one_column = TRUE)
  expect_lt(block$deep[2L], 0.75 * block$deep[1L])
  expect_equal(block$h, sum(block$deep) + 0.4 * style$pt_legend / 72)
})

test_that("corners: each place touches the sides that it names, else it is in the middle", {
  panel <- c(1, 2, 9, 7)
  block <- list(w = 2, h = 1)
  for (place in base_places) {
    at <- corner_position(place, panel, block, c(0.5, 0.25))
    box <- c(at[1L], at[2L] - block$h, at[1L] + block$w, at[2L])
    expect_true(all(box[1:2] >= panel[1:2]) && all(box[3:4] <= panel[3:4]))
    middle <- c(mean(box[c(1, 3)]), mean(box[c(2, 4)]))
    expect_equal(if (grepl("left", place)) box[1L] else if (grepl("right", place)) box[3L] else middle[1L],
                 if (grepl("left", place)) 1.5 else if (grepl("right", place)) 8.5 else 5)
    expect_equal(if (grepl("top", place)) box[4L] else if (grepl("bottom", place)) box[2L] else middle[2L],
                 if (grepl("top", place)) 6.75 else if (grepl("bottom", place)) 2.25 else 4.5)
  }
})

test_that("boxes that a legend covers are counted, those that it touches are not", {
  boxes <- rbind(c(0, 0, 1, 1), c(2, 2, 3, 3), c(0.5, 0.5, 0.6, 0.6))
  expect_identical(as.integer(covered_by(c(0, 1), list(w = 1, h = 1), boxes)), 2L)
  expect_identical(as.integer(covered_by(c(1, 2), list(w = 1, h = 1), boxes)), 0L)
  expect_identical(as.integer(covered_by(c(0, 9), list(w = 9, h = 9), boxes)), 3L)
})

test_that("columns of a legend are as many as fit, keys and texts within its box", {
  style <- scatter_style_metafor()
  entries <- lapply(c("one", "two", "three", "four"), legend_point, pch = 19)
  on_blank_page({
    tall <- legend_block(entries, style, 6, one_column = TRUE)
    flat <- legend_block(entries, style, 6, one_column = FALSE)
    narrow <- legend_block(entries, style, 0.1, one_column = FALSE)
    expect_equal(c(tall$columns, flat$columns, narrow$columns), c(1, 4, 1))
    expect_lt(flat$h, tall$h)
    expect_gt(flat$w, tall$w)
    expect_lte(flat$w, 6)
    items <- legend_items(flat, c(0, 2), style)
    texts <- layout_texts(list(items = items))
    expect_true(all(texts$left >= 0 & texts$right <= flat$w & texts$top <= 2 & texts$bottom >= 2 - flat$h))
    expect_identical(texts$label, c("one", "two", "three", "four"))
  })
  expect_identical(legend_block(list(), style, 6, TRUE)$h, 0)
  expect_identical(legend_items(flat, NULL, style), list())
})

test_that("a key is drawn as its entry says", {
  style <- scatter_style_metafor()
  expect_identical(key_item(legend_point("a", 17, "red"), 0, 0, 1, 0.1, style)$data$pch, 17)
  line <- key_item(legend_line("a", "blue", 2, 3), 1, 5, 0.4, 0.1, style)
  expect_identical(c(range(line$x), line$lwd, line$lty), c(1, 1.4, 2, 3))
  fill <- key_item(legend_fill("a", "green"), 0, 0, 1, 0.1, style)
  expect_identical(fill$fill, "green")
  expect_identical(metaparity:::on_page(5, 0, 3), 3)
  expect_identical(metaparity:::on_page(-5, 0, 3), 0)
})
