three <- function(...) layout_of(c(-0.2, 0.1, 0.4), sei = c(0.1, 0.2, 0.3), ...)
cells_of <- function(layout, text) layout$texts[match(text, layout$texts$text), ]

test_that("numbers of a column stand on their decimal point", {
  layout <- three(columns = list(forest_column(c(1.5, 10.25, 100), "Dose", digits = 2)))
  cells <- cells_of(layout, c("1.50", "10.25", "100.00"))
  expect_identical(cells$hadj, c(0, 0, 0))
  whole <- on_page(text_width(c("1", "10", "100"), layout$fontsize))
  expect_equal(cells$x + whole, rep(cells$x[3L] + whole[3L], 3L), tolerance = 1e-3)
})

test_that("estimate and limits end at one place in each part", {
  layout <- three()
  ends <- lapply(list(c("-0.20", "0.10", "0.40"), c("[-0.40,", "[-0.29,", "[-0.19,"), c("-0.00]", "0.49]", "0.99]")),
                 function(text) cells_of(layout, text))
  for (part in ends) expect_equal(part$x, rep(part$x[1L], 3L))
  expect_identical(unlist(lapply(ends, `[[`, "hadj")), rep(1, 9L))
})

test_that("an interval in one text has words in place of a dash where a limit is negative", {
  signed <- three(style = "jama")$texts$text
  positive <- layout_of(c(1, 2), sei = c(0.1, 0.2), style = "jama")$texts$text
  expect_true(any(grepl("^\\(-0.29 to 0.49\\)$", signed)))
  expect_true(any(grepl("^\\(0.80-1.20\\)$", positive)))
})

test_that("limits that a decreasing transformation turns over are exchanged", {
  layout <- three(atransf = function(x) -x)
  expect_true(all(c("[-0.49,", "0.29]") %in% layout$texts$text))
})

test_that("small p values are never 0, and spans are runs of neighbours", {
  expect_identical(format_small_p(c(0.0004, 0.05, 0.001, NA)), c("<0.001", "0.050", "0.001", ""))
  columns <- lapply(list("a", "a", NULL, "b", "a", "a"), function(span) list(span = span))
  expect_identical(span_runs(columns), list(1:2, 4L, 5:6))
})

test_that("a wider column keeps its cells on the side of their alignment", {
  column <- function(align) list(width = 1, align = align, cells = data.frame(at = 0.4))
  moved <- vapply(c("left", "centre", "right"), function(align) widen_column(column(align), 2)$cells$at, 0)
  expect_equal(unname(moved), c(0.4, 0.9, 1.4))
  expect_equal(widen_column(column("right"), 0.5)$width, 1)
})

test_that("columns of heterogeneity say each pooled row's numbers", {
  fit <- rma(c(-0.2, 0.1, 0.4, 0.9), sei = c(0.1, 0.2, 0.3, 0.2), method = "DL")
  layout <- layout_of(cumul(fit), columns = list("label", "panel", "est", "I2", "z"))
  last <- utils::tail(cumul(fit)$I2, 1L)
  expect_true(any(startsWith(layout$texts$text, sprintf("%.1f", last)) & endsWith(layout$texts$text, "%")))
})
