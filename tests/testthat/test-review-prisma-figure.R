flow <- list(databases = c(PubMed = 900, CNKI = 411), duplicates = 537, screened = 774, excluded = 762, assessed = 12,
             excluded_reports = c("Wrong design" = 3, "No data" = 1), included = c(studies = 8))
figure <- as_figure(do.call(prisma_flow, c(flow, draw = FALSE)))
sized <- function(figure) on_blank_page({
  size <- prisma_sizes(figure$content, 9)
  list(size = size, boxes = placed_boxes(figure$content, size))
})

test_that("boxes are as high as their texts, centred in rows that do not overlap", {
  found <- sized(figure)
  boxes <- found$boxes
  size <- found$size
  expect_equal(boxes$top - boxes$bottom, vapply(size$words, `[[`, 0, "height") + 1.2 * size$em)
  for (row in unique(boxes$row)) expect_length(unique(round(boxes$y[boxes$row == row], 9)), 1L)
  floor <- size$top - size$rows
  expect_equal(floor[-length(floor)] - size$top[-1L], rep(size$gap, length(floor) - 1L))
  expect_true(all(boxes$top <= size$top[boxes$row] + 1e-9 & boxes$bottom >= floor[boxes$row] - 1e-9))
})

test_that("lanes stand side by side with one gap between", {
  lanes <- sized(figure)$size$lanes
  expect_identical(colnames(lanes), c("main", "side"))
  expect_equal(lanes["left", "side"] - lanes["right", "main"], 3 * 9 / 72, ignore_attr = TRUE)
  expect_equal(unname(lanes["right", ] - lanes["left", ]), rep(21 * 9 / 72, 2L))
})

test_that("arrows end at the box they point to", {
  found <- sized(figure)
  boxes <- found$boxes
  tips <- Filter(function(item) item$type == "polygon", arrow_items(boxes, found$size))
  tip <- t(vapply(tips, function(item) c(item$x[1L], item$y[1L]), c(0, 0)))
  main <- boxes[boxes$lane == "main", ]
  side <- boxes[boxes$lane == "side", ]
  ends <- rbind(cbind(main$x[-1L], main$top[-1L]), cbind(side$left, side$y))
  expect_equal(tip[order(tip[, 1L], tip[, 2L]), ], ends[order(ends[, 1L], ends[, 2L]), ], ignore_attr = TRUE)
  arrow <- item_arrow(c(0, 0), c(0, -2), 1)
  expect_equal(arrow[[2L]]$x, c(0, 0.32, -0.32), tolerance = 1e-12)
  expect_equal(arrow[[2L]]$y, c(-2, -1.3, -1.3))
})

test_that("a stage is as high as its name is long and spans its rows", {
  found <- sized(figure)
  size <- found$size
  for (stage in names(figure$content$stages)) {
    rows <- range(stage_rows(figure$content, stage))
    high <- size$top[rows[1L]] - size$top[rows[2L]] + size$rows[rows[2L]]
    expect_gte(high + 1e-9, on_blank_page(text_width(figure$content$stages[[stage]], 9, 2L)) + 1.2 * 9 / 72)
  }
})

test_that("several boxes of a row share the width of both lanes", {
  boxes <- data.frame(lane = c("main", "main", "main", "side"), row = c(1, 1, 1, 2))
  lanes <- matrix(c(0, 21, 24, 45), 2L, dimnames = list(c("left", "right"), c("main", "side")))
  span <- vapply(1:3, function(i) box_span(boxes, i, lanes, 1), c(0, 0))
  expect_equal(span, rbind(c(0, 16, 32), c(13, 29, 45)), ignore_attr = TRUE)
  expect_equal(box_span(boxes, 4L, lanes, 1), lanes[, "side"])
})
