test_that("line feeds part a text, and its lines are ranked from the middle", {
  piece <- text_pieces(c("a", "b\nc", "d\r\ne\nf", ""))
  expect_identical(piece$text, c("a", "b", "c", "d", "e", "f", ""))
  expect_identical(piece$index, c(1L, 2L, 2L, 3L, 3L, 3L, 4L))
  expect_equal(piece$rank, c(0, -0.5, 0.5, -1, 0, 1, 0))
})

test_that("wrapped texts keep their words, and no line of several words is wider than asked", {
  plan <- list(style = list(fontsize = 9))
  text <- c("one two three four five six", "short", "a line\nand another longer line", "")
  on_page({
    out <- wrapped_texts(plan, text, 0.8)
    expect_identical(gsub("[ \n]+", " ", out), gsub("\n", " ", text))
    lines <- unlist(strsplit(out, "\n"))
    expect_true(all(text_width(lines, 9) <= 0.8 + 1e-9 | !grepl(" ", lines)))
    expect_identical(wrapped_texts(plan, text, c(Inf, 0.8, Inf, 1))[c(1L, 3L)], text[c(1L, 3L)])
  })
})

test_that("a line of the plot is as high as its label or its highest cell", {
  cell <- function(line, rank) list(kind = "", cells = data.frame(line = line, rank = rank))
  plan <- list(lines = data.frame(shown = c("a", "b\nc", "d", "e"), stringsAsFactors = FALSE),
               columns = list(left = list(list(kind = "label")), right = list(cell(c(3, 3, 3, 4), c(-1, 0, 1, 0)))))
  expect_equal(as.numeric(lines_of_text(plan)), c(1, 2, 3, 1))
  layout <- layout_of(c(0, 1), sei = c(1, 1), slab = c("a\nb\nc", "d"))
  expect_equal(layout$lines$height[1L] - layout$lines$height[2L], 2 * line_height * layout$fontsize / 72)
})

test_that("the widest level that fits is taken, or that which is scaled least", {
  level_of <- function(level) match(list(level), wrap_levels)
  with_scales <- function(scales, width = 5, longest = c(label = 40, cell = 30)) {
    wrap_to_fit(function(level) list(scale = scales[level_of(level)], longest = longest, level = level_of(level)), width)
  }
  expect_identical(with_scales(c(1, 1, 1, 1))$level, 1L)
  expect_identical(with_scales(c(0.7, 0.8, 1, 1))$level, 3L)
  expect_identical(with_scales(c(0.7, 1, 1, 1))$level, 2L)
  expect_identical(with_scales(c(0.7, 0.75, 0.8, 0.9))$level, 4L)
  expect_identical(with_scales(c(0.9, 0.8, 0.95, 0.85))$level, 3L)
  expect_identical(with_scales(c(0.7, 1, 1, 1), width = NA)$level, 1L)
  expect_identical(with_scales(c(0.7, 1, 1, 1), longest = c(10, 8))$level, 1L)
})

test_that("only places in user coordinates keep rows of one height", {
  expect_true(is_placed_by_hand(list(rows = 3)))
  expect_false(is_placed_by_hand(list(main = "a")))
})
