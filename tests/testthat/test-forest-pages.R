many <- function(k, ...) layout_of(sin(seq_len(k)), sei = 0.1 + seq_len(k) %% 4 / 10, ...)

test_that("a layout that fits is one page", {
  layout <- many(10)
  expect_identical(forest_pages(layout, 8), list(layout))
  expect_length(forest_pages(layout, 1.5), 1L)
})

test_that("every line stands on one page, in order, and each page is sound and not too high", {
  for (style in names(styles())) for (k in c(50, 120, 200)) {
    layout <- many(k, style = style, note = "A note")
    pages <- forest_pages(layout, 8.5)
    expect_gt(length(pages), 1L)
    expect_identical(unlist(lapply(pages, function(p) p$lines$row)), layout$lines$row)
    studies <- function(p) p$texts$text[p$texts$role == "label"]
    expect_identical(unlist(lapply(pages, studies)), studies(layout))
    for (page in pages) {
      expect_lte(page$height, 8.5 + 1e-6)
      expect_identical(page$pitch, layout$pitch)
      expect_true(all(page$texts$role[1L] == layout$texts$role[1L]))
      expect_length(overlapping(page), 0L)
      marks <- c(page$segments$y0, page$segments$y1, page$polygons$y, page$rects$y0, page$rects$y1,
                 text_boxes(page)$top,
                 text_boxes(page)$bottom)
      expect_true(all(marks >= -1e-6 & marks <= page$height + 1e-6))
      expect_identical(sum(page$texts$role == "tick"), sum(layout$texts$role == "tick"))
    }
    notes <- vapply(pages, function(p) sum(p$texts$role == "note"), 0)
    expect_identical(notes > 0, seq_along(pages) == length(pages))
  }
})

test_that("marks stand on the line of their study", {
  layout <- many(100)
  pages <- forest_pages(layout, 8.5)
  for (page in pages) {
    ci <- page$segments[page$segments$role == "ci" & page$segments$y0 == page$segments$y1, ]
    expect_equal(ci$y0, page$lines$y[match(ci$row, page$lines$row)])
    expect_setequal(ci$row, stats::na.omit(page$lines$row))
    box <- page$rects[page$rects$role == "box", ]
    expect_equal((box$y0 + box$y1) / 2, page$lines$y[match(box$row, page$lines$row)])
    reference <- page$segments[page$segments$role == "line" & page$segments$x0 == page$segments$x1, ]
    expect_true(any(abs(reference$y1 - reference$y0) > 0.8 * (page$panel[["top"]] - page$panel[["bottom"]])))
  }
})

test_that("no heading stands at the foot of a page, and a subgroup's summary follows a study", {
  fit <- rma(sin(1:120), sei = rep(0.2, 120), by = rep(c("A", "B", "C", "D"), c(44, 40, 30, 6)))
  layout <- forest(fit, plot = FALSE)$layout
  for (page in forest_pages(layout, 8.5)) {
    type <- page$rows$type[page$lines$row]
    expect_false(type[length(type)] %in% "heading")
    expect_true(type[1L] %in% c("heading", "study"))
  }
})
