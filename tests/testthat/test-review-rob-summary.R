set.seed(8)
judged <- rob(data.frame(study = c("Cedar", "ash", "Birch"), D1 = c("low", "high", "low"),
                         D2 = c("low", "some concerns", NA), stringsAsFactors = FALSE), "rob2", overall = FALSE)
lights <- function(layout) {
  discs <- Filter(function(item) length(item$x) == 40L, items_of(layout, "polygon"))
  data.frame(x = vapply(discs, function(d) mean(d$x), 0), y = vapply(discs, function(d) mean(d$y), 0),
             fill = vapply(discs, `[[`, "", "fill"))
}
middles <- function(layout, role) {
  texts <- layout_texts(layout)
  texts <- texts[texts$role == role, ]
  texts$y <- (texts$bottom + texts$top) / 2
  texts
}

test_that("each light has its level's colour, in the row of its study", {
  layout <- page_of(rob_summary(judged, legend = FALSE, draw = FALSE))
  found <- lights(layout)
  fill <- stats::setNames(rob_tool("rob2")$levels$revman, rob_tool("rob2")$levels$level)
  study <- middles(layout, "study")
  expect_identical(nrow(found), 5L)
  for (i in seq_along(judged$study)) {
    y <- study$y[study$label == judged$study[i]]
    own <- found[abs(found$y - y) < 1e-6, ]
    level <- judged$values[i, ]
    expect_identical(own$fill[order(own$x)], unname(fill[level[!is.na(level)]]))
  }
})

test_that("studies stand in the order of the data, or by name whatever their case", {
  shown <- function(...) {
    study <- middles(page_of(rob_summary(judged, draw = FALSE, ...)), "study")
    study$label[order(-study$y)]
  }
  expect_identical(shown(), c("Cedar", "ash", "Birch"))
  expect_identical(shown(order = "study"), c("ash", "Birch", "Cedar"))
})

test_that("many studies are set in as few even columns as keep the page from becoming too high", {
  expect_identical(cut_evenly(7L, 2L), rep(c(0, 1), c(4L, 3L)))
  expect_identical(cut_evenly(7L, 3L), c(0, 0, 0, 1, 1, 1, 2))
  size <- list(em = 0.1, label = 1, wide = c(0.5, 0.5), before = c(0, 0), high = rep(0.3, 100), head = 1)
  part <- summary_parts(list(study = 1:100), size)
  expect_identical(unlist(part$rows, use.names = FALSE), 1:100)
  one <- function(count) summary_parts(list(study = 1:100, columns = count), size)
  fits <- vapply(1:10, function(count) 1 + one(count)$height <= max(7.2, 1.45 * one(count)$width), NA)
  expect_identical(length(part$rows), which(fits)[1L])
})

test_that("stars are drawn one by one, totals as numbers", {
  nos <- rob_tool("nos")
  stars <- rob(stats::setNames(data.frame(c("a", "b"), c(3, 4), c(2, 0), c(1, NA)), c("study", nos$domains$label)), nos)
  layout <- page_of(rob_summary(stars, draw = FALSE))
  shapes <- Filter(function(item) length(item$x) == 10L, items_of(layout, "polygon"))
  expect_length(shapes, 3L + 4L + 2L + 1L)
  expect_true(all(c("6", "0") %in% middles(layout, "sign")$label))
})

test_that("no heading leaves a single sign on a line", {
  x <- rob(data.frame(study = c("a", "b"), D1 = c("low", "high"), D2 = "low", D3 = "low"), tool = "rob2")
  figure <- rob_summary(x, overall = TRUE, labels = "id", lang = "zh", draw = FALSE)
  content <- attr(figure, "figure")$content
  size <- summary_sizes(content, 9)
  lines <- unlist(strsplit(size$domain$text[content$overall], "\n", fixed = TRUE))
  expect_true(all(nchar(lines) > 1L))
  expect_true("\u603b\u4f53\u504f\u501a\u98ce\u9669" == paste(lines, collapse = ""))
})
