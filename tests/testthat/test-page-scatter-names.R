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

test_that("names that find no place free of points are left out and counted", {
  style <- scatter_style_metafor()
  at <- expand.grid(x = seq(0, 1, length.out = 25), y = seq(0, 1, length.out = 25))
  figure <- new_figure(list(layer_points(at$x, at$y),
                            layer_labels(at$x, at$y, paste("Study", seq_along(at$x)), reach = 0.2)),
                       new_axis(c(0, 1), 0:1, c("0", "1")), new_axis(c(0, 1), 0:1, c("0", "1")), style = style)
  expect_message(layout <- page_of(figure, 4, 4), class = "metaparity_message_labels_left_out")
  expect_sound_figure(layout)
  expect_equal(figure$size, 1.7 * style$size)
})

test_that("lone points keep their names beside a heap, and the names of a drapery plot have a band above the peaks", {
  set.seed(1)
  x <- c(stats::runif(120, 0, 0.02), 0.5, 0.9)
  y <- c(stats::runif(120, 0, 0.02), 0.5, 0.2)
  figure <- new_figure(list(layer_points(x, y, cex = 0.35),
                            layer_labels(x, y, paste("Study", seq_along(x)), reach = 0.25)),
                       new_axis(c(0, 1), 0:1, c("0", "1")), new_axis(c(0, 1), 0:1, c("0", "1")),
                       style = scatter_style_metafor())
  expect_message(layout <- page_of(figure), class = "metaparity_message_labels_left_out")
  expect_sound_figure(layout)
  expect_true(all(c("Study 121", "Study 122") %in% layout_texts(layout)$label))
  fit <- rma(stats::rnorm(60), rep(0.1, 60), method = "EE")
  top <- function(...) as_figure(drapery(fit, ..., draw = FALSE))$y$limits[2L]
  expect_gt(top(labels = "ids"), top())
  expect_equal(top(labels = "ids", ylim = c(-3, 0)), top(ylim = c(-3, 0)))
})

test_that("no line from a point to its name runs through another name", {
  struck <- function(layout) {
    texts <- layout_texts(layout)
    texts <- texts[texts$role == "label", ]
    leaders <- Filter(function(item) length(item$x) == 2L && identical(item$col, "gray40"), items_of(layout, "line"))
    hits <- 0L
    for (line in leaders) {
      at <- seq(0, 0.999, length.out = 300)
      x <- line$x[1L] + at * diff(line$x)
      y <- line$y[1L] + at * diff(line$y)
      inside <- outer(x, texts$left + 0.012, ">") & outer(x, texts$right - 0.012, "<") &
        outer(y, texts$bottom + 0.012, ">") & outer(y, texts$top - 0.012, "<")
      hits <- hits + sum(colSums(inside) > 0)
    }
    c(leaders = length(leaders), hits = hits)
  }
  seen <- 0
  for (seed in 1:12) {
    set.seed(seed)
    k <- 15 + 3 * seed
    yi <- stats::rnorm(k, 0.3, 0.25)
    fit <- rma(yi, stats::runif(k, 0.01, 0.06), mods = ~ stats::rnorm(k),
               slab = sprintf("Investigator %d et al.", seq_len(k)))
    plain <- rma(yi, fit$vi, slab = fit$slab)
    for (plot in list(funnel(plain, label = TRUE, draw = FALSE), regplot(fit, label = TRUE, draw = FALSE),
                      baujat(plain, symbol = "slab", draw = FALSE))) {
      found <- struck(suppressMessages(page_of(plot)))
      expect_equal(found[["hits"]], 0)
      seen <- seen + found[["leaders"]]
    }
  }
  expect_gt(seen, 20)
})

test_that("boxes of symbols, lines and texts hold what is drawn", {
  points <- item_points(data.frame(x = c(1, 2), y = c(1, 3), cex = c(1, 2)))
  boxes <- point_boxes(points)
  expect_equal(boxes[, 3L] - boxes[, 1L], 2 * point_half * c(1, 2))
  expect_equal((boxes[, 2L] + boxes[, 4L]) / 2, c(1, 3))
  expect_null(point_boxes(item_line(0:1, 0:1)))
  line <- item_line(c(0, 3), c(1, 7), clip = TRUE)
  chain <- line_boxes(line)
  expect_equal((chain[, 2L] + chain[, 4L]) / 2, 1 + 2 * (chain[, 1L] + chain[, 3L]) / 2)
  expect_true(all(diff(chain[, 1L]) < 0.1))
  expect_null(line_boxes(item_line(c(0, 3), c(1, 7))))
  expect_identical(dim(stacked_boxes(list(), point_boxes)), c(0L, 4L))
  expect_identical(nrow(stacked_boxes(list(points, line), point_boxes)), 2L)
})

test_that("distance from a point to the nearest edge of its name", {
  names <- data.frame(x = c(0, 0, 5, 2), y = c(0, 0, 5, 2))
  boxes <- list(left = c(1, 3, 4, 1), bottom = c(-1, 4, 4, 1), right = c(2, 4, 6, 3), top = c(1, 5, 6, 3))
  expect_equal(name_distances(names, boxes), c(1, 5, 0, 0))
})

test_that("names over texts are found, those beside them are not", {
  boxes <- list(left = c(0, 2, 0), bottom = c(0, 0, 5), right = c(1, 3, 1), top = c(1, 1, 6))
  expect_identical(over_texts(boxes, rbind(c(0.5, 0.5, 2, 2))), c(TRUE, FALSE, FALSE))
  expect_identical(over_texts(boxes, matrix(numeric(), 0, 4)), c(FALSE, FALSE, FALSE))
  # The middle of a symbol stays free, small dots may be covered.
  expect_identical(nrow(point_centres(rbind(c(0, 0, 0.01, 0.01), c(1, 1, 1.2, 1.2)))), 1L)
})

test_that("a far name has a line to its nearest edge, a near one has none", {
  text <- list(box = c(2, 2, 3, 2.5))
  far <- leader_item(0, 0, text, 0.1)[[1L]]
  expect_identical(far$x, c(0, 2))
  expect_identical(far$y, c(0, 2))
  expect_identical(leader_item(2.5, 1, text, 0.1)[[1L]]$x, c(2.5, 2.5))
  expect_null(leader_item(1.9, 2.2, text, 0.1))
})

test_that("a name keeps off the symbol at its own point", {
  names <- data.frame(x = c(1, 2), y = c(1, 2))
  items <- list(item_points(data.frame(x = c(5, 1), y = c(5, 1), cex = c(1, 3))))
  expect_equal(name_clearance(names, items), c(3 * point_half, point_half))
  expect_identical(name_clearance(names, list()), c(0, 0))
})

test_that("without names nothing is placed, empty layers of names leave no trace", {
  items <- list(item_line(0:1, 0:1), list(type = "labels", x = numeric()))
  expect_identical(resolve_labels(items, c(0, 0, 5, 5), c(6, 6)), items[1L])
})
