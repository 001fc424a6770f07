cell <- function(size = c(3, 2)) {
  style <- scatter_style_metafor()
  style$size <- size
  new_figure(list(layer_points(0.5, 0.5)), unit_axis(), unit_axis(), style = style)
}

test_that("a page is as large as its cells, in whole rows", {
  style <- scatter_style_metafor()
  p <- new_panels(list(cell(), cell(c(4, 1)), cell()), 2, style)
  expect_identical(p$rows, 2)
  expect_equal(p$size, c(8, 4))
  expect_equal(new_panels(list(cell()), 1, style, title = "T")$size, c(3, 2.4))
})

test_that("parts stand row by row from the top, each within its own cell, the main one last", {
  p <- new_panels(list(cell(), cell(), cell()), 2, scatter_style_metafor(), main = 1)
  layout <- page_of(p, 8, 6)
  panels <- vapply(layout$parts, `[[`, numeric(4), "panel")
  expect_identical(ncol(panels), 3L)
  of_cell <- function(panel, column, row) {
    expect_true(panel[1L] >= column * 4 && panel[3L] <= (column + 1) * 4)
    expect_true(panel[2L] >= 6 - (row + 1) * 3 && panel[4L] <= 6 - row * 3)
  }
  of_cell(panels[, 1L], 1, 0)
  of_cell(panels[, 2L], 0, 1)
  of_cell(panels[, 3L], 0, 0)
  expect_identical(layout$panel, panels[, 3L])
  expect_sound_figure(layout)
})

test_that("a moved layout is the same layout elsewhere", {
  layout <- page_of(cell(), 4, 3)
  moved <- move_layout(layout, 2, -1, 9, 9)
  expect_equal(moved$panel, layout$panel + c(2, -1, 2, -1))
  expect_identical(c(moved$width, moved$height), c(9, 9))
  a <- layout_texts(layout)
  b <- layout_texts(moved)
  expect_equal(b$left, a$left + 2)
  expect_equal(b$top, a$top - 1)
  expect_equal(items_of(moved, "points")[[1L]]$data$x, items_of(layout, "points")[[1L]]$data$x + 2)
  back <- move_layout(moved, -2, 1, 4, 3)
  expect_equal(back$items, layout$items)
})

test_that("a title takes a fifth of the page at most, in type as large as that allows", {
  style <- scatter_style_metafor()
  on_blank_page({
    short <- panels_title(list(title = "Title", style = style), 8, 6)
    long <- panels_title(list(title = strrep("many words ", 60), style = style), 4, 3)
    expect_identical(short$items[[1L]]$pt, style$pt_title)
    expect_lt(long$items[[1L]]$pt, style$pt_title)
    expect_lte(long$depth, 0.2 * 3)
    expect_identical(panels_title(list(title = NULL, style = style), 8, 6)$depth, 0)
  })
})

test_that("the background lies below the title and empty cells", {
  z <- data.frame(y = 1:3, x = 3:1)
  graph <- stata(c("set scheme s2color", "scatter y x, name(a)", "graph combine a a a, title(All)"), z,
                 graphs = FALSE)$graphs[[2]]$view
  grDevices::pdf(NULL, 6, 4)
  on.exit(grDevices::dev.off())
  layout <- figure_layout(graph, 6, 4)
  first <- layout$parts[[1L]]$items[[1L]]
  expect_equal(first, item_rect(c(0, 0, 6, 4), graph$style$page))
  expect_false(toupper(graph$style$page) %in% c("WHITE", "#FFFFFF"))
})
