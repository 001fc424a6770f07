# A sample of the space of k, labels of 3 to 80 characters, 0 to 12 columns, titles, limits, widths and styles.
sampled_arguments <- function(k, style) {
  kinds <- list(function() round(runif(k) * 10^sample(-2:5, 1L), sample(0:3, 1L)), function() make_labels(k),
                function() sample(c("Chile", "\u4e2d\u56fd", "UK"), k, TRUE))
  columns <- lapply(seq_len(sample(0:12, 1L)), function(i) {
    forest_column(kinds[[sample(3L, 1L)]](), sample(c("n", "Two\nlines", "\u5e74\u4efd", "A long heading"), 1L),
                  align = sample(c("auto", "left", "right", "centre"), 1L), side = sample(c("left", "right"), 1L),
                  span = if (runif(1) < 0.3) "Both arms")
  })
  maybe <- function(value) if (runif(1) < 0.5) value
  list(slab = make_labels(k), style = style, columns = columns, main = maybe("A title"), note = maybe("A note"),
       favours = maybe(c("favours this", "favours that")), lang = sample(c("en", "zh"), 1L), alim = maybe(c(-0.5, 0.6)),
       size = list(c(NA, NA), c(3.15, NA), c(7, 7))[[sample(3L, 1L)]], shade = maybe("zebra"),
       xlab = maybe("A title of the axis"))
}

test_that("nothing overlaps, leaves the plot or loses its arrow, for any number of studies, labels, columns and style",
          {
  set.seed(20)
  cases <- 0L
  for (style in names(styles())) {
    for (k in c(sample(2L, 1L), sample(3:30, 1L), sample(31:90, 1L), if (style == "metafor") 200)) {
      x <- rma(rnorm(k, 0.2, 0.5), sei = runif(k, 0.05, 0.6), measure = "RR", method = if (k > 2) "DL" else "EE")
      arguments <- sampled_arguments(k, style)
      layout <- suppressMessages(do.call(layout_of, c(list(x), arguments), quote = TRUE))
      expect_sound_layout(layout)
      expect_true(any(abs(layout$axis$at) < 1e-9))
      study <- layout$lines[match(seq_len(k), layout$lines$row), ]
      expect_equal(diff(study$y), -(study$height[-1L] + study$height[-k]) / 2)
      expect_true(all(study$height > layout$pitch - 1e-9))
      cases <- cases + 1L
    }
  }
  expect_identical(cases, 22L)
})

test_that("a layout for a device without font fallback is sound", {
  set.seed(4)
  on_page({
    layout <- layout_of(rnorm(30), sei = runif(30, 0.1, 1), slab = make_labels(30), style = "stata")
    expect_sound_layout(layout)
    expect_true("GB1" %in% layout$runs$family)
  })
})

test_that("subgroups are sound too, with every line that they can have", {
  set.seed(3)
  k <- 24
  group <- rep(c("A", "a longer name of a group \u4e2d\u6587", "C"), each = 8)
  fit <- rma(rnorm(k), runif(k, 0.1, 0.5), by = group, method = "DL")
  for (style in c("metafor", "stata")) {
    layout <- layout_of(fit, style = style, addpred = TRUE, showweights = TRUE, ilab = seq_len(k))
    expect_sound_layout(layout)
    expect_identical(table(layout$rows$type)[["subtotal"]], 3L)
    expect_identical(sum(layout$rows$type == "between"), 1L)
    expect_equal(sum(layout$rows$weight[layout$rows$type == "subtotal"]), 100)
  }
  expect_identical(utils::tail(layout_of(fit)$rows$type, 1L), "between")
  expect_identical(utils::tail(layout_of(fit, style = "stata")$rows$type, 1L), "summary")
})

test_that("room that xlim asks for is given exactly, and taken from the panel when the device is small", {
  for (size in c(NA, 12, 9, 5)) {
    asked <- layout_of(c(-1, 1), sei = c(1, 1), xlim = c(-20, 8), size = c(size, NA))
    expect_equal(user_x(asked$edges, asked), c(-20, 8))
    expect_equal(asked$scale < 1, size %in% 5)
    if (!is.na(size)) expect_lte(asked$width, size + rounding)
    expect_sound_layout(asked)
  }
})

test_that("the distance of rows is constant and does not depend on the number of studies or on the device", {
  pitch <- function(k, ...) {
    layout <- layout_of(seq_len(k) / k, sei = rep(0.2, k), ...)
    gap <- diff(layout$lines$y)
    expect_equal(gap, rep(-layout$pitch, length(gap)))
    layout$pitch
  }
  expect_equal(pitch(3), pitch(150))
  expect_equal(pitch(3), pitch(3, size = c(20, 20)))
  expect_equal(pitch(5), 1.6 * 9 / 72)
  expect_equal(pitch(5, fontsize = 18), 1.6 * 18 / 72)
})

test_that("the natural size is exact: one more row is one more pitch", {
  height <- function(k) layout_of(seq_len(k), sei = rep(1, k))$height
  expect_equal(height(11) - height(10), 1.6 * 9 / 72)
})

test_that("a plot that does not fit is scaled as a whole", {
  layout <- layout_of(rnorm(100), sei = rep(1, 100), size = c(7, 7))
  expect_lt(layout$scale, 1)
  expect_lte(layout$height, 7 + rounding)
  expect_lte(layout$width, 7 + rounding)
  expect_equal(layout$fontsize, 9 * layout$scale)
  expect_sound_layout(layout)
})

test_that("the panel takes spare width, up to its most", {
  natural <- layout_of(1:3, sei = rep(1, 3))
  wide <- layout_of(1:3, sei = rep(1, 3), size = c(natural$width + 1, NA))
  expect_equal(wide$width, natural$width + 1)
  expect_equal(wide$fontsize, natural$fontsize)
  expect_lt(layout_of(1:3, sei = rep(1, 3), size = c(40, NA))$width, 20)
})

test_that("boxes have areas in proportion to weight, diamonds span their interval", {
  layout <- layout_of(c(0, 0.5), sei = c(0.1, 0.2))
  side <- with(layout$rects[layout$rects$role == "box", ], x1 - x0)
  expect_equal((side[1L] / side[2L])^2, 4)
  fit <- rma(c(0.1, 0.5, 0.3), c(0.01, 0.02, 0.03), method = "EE")
  layout <- layout_of(fit)
  diamond <- layout$polygons[layout$polygons$role == "diamond", ]
  scale <- diff(layout$panel[c("left", "right")]) / diff(layout$lim)
  ends <- layout$panel["left"] + (c(fit$ci.lb, fit$ci.ub) - layout$lim[1L]) * scale
  expect_equal(unname(range(diamond$x)), unname(ends))
})

test_that("a pooled interval beyond the axis is cut at its edge", {
  square <- list(x = c(-1, 0, 1, 0), y = c(0, -1, 0, 1))
  cut <- cut_polygon(square, 0.5, -1)
  expect_equal(max(cut$x), 0.5)
  expect_equal(sort(cut$y[cut$x == 0.5]), c(-0.5, 0.5))
  expect_length(cut_polygon(square, 2, 1)$x, 0L)
  layout <- layout_of(rma(c(1, 5), c(1, 2)), alim = c(2, 3))
  expect_true(all(layout$polygons$x <= layout$panel[["right"]] + 1e-9))
  expect_sound_layout(layout)
})

test_that("degenerate data have a layout", {
  expect_sound_layout(layout_of(0, sei = 0))
  expect_sound_layout(layout_of(c(1, NA, 2), sei = c(1, NA, 0.5)))
  expect_sound_layout(layout_of(c(0, 1), ci.lb = c(-Inf, 0), ci.ub = c(1, Inf)))
  expect_sound_layout(layout_of(c(1e9, 2e9), sei = c(1e8, 1e8)))
  expect_sound_layout(layout_of(c(1e-9, 2e-9), sei = c(1e-10, 1e-10)))
})

test_that("a layout is drawn as it stands on any device", {
  layout <- layout_of(c(0.2, 0.4), sei = c(0.1, 0.2), slab = c("one", "two"))
  on_page(expect_identical(draw_forest(layout, c(7, 7)), layout))
})

test_that("a prediction interval that would stretch the axis is clipped and bears arrows", {
  fit <- rma(c(-0.5, -2, 1.2), c(0.5, 2, 1.4), method = "DL", test = "t")
  fit$tau2 <- 4
  for (style in c("metafor", "stata")) {
    layout <- layout_of(fit, style = style, addpred = TRUE)
    expect_sound_layout(layout)
    expect_lt(diff(layout$lim), 20)
    expect_true(all(layout$segments$x1 <= layout$width))
    expect_identical(length(unique(layout$polygons$id[layout$polygons$role == "prediction"])), 2L)
  }
})

test_that("ticks that the user crowds together keep their marks and lose labels", {
  layout <- layout_of(c(-1, 1), sei = c(1, 1), at = seq(-3, 3, 0.1))
  expect_sound_layout(layout)
  expect_identical(nrow(layout$axis), 61L)
  expect_identical(layout$axis$label[31L], "0")
})

test_that("rows can be shaded by rule, by position or by study", {
  shaded <- function(shade) sum(layout_of(1:5, sei = rep(1, 5), shade = shade)$rects$role == "shade")
  expect_identical(shaded(TRUE), 3L)
  expect_identical(shaded("zebra2"), 2L)
  expect_identical(shaded("all"), 5L)
  expect_identical(shaded(c(TRUE, FALSE, FALSE, FALSE, TRUE)), 2L)
  expect_identical(shaded(c(2, 3)), 2L)
  expect_identical(shaded(c(-50, 3)), 1L)
  layout <- layout_of(1:5, sei = rep(1, 5), shade = 4)
  shade <- layout$rects[layout$rects$role == "shade", ]
  expect_equal(user_y(c(shade$y0, shade$y1), layout), c(4.5, 3.5))
})

test_that("forest_layout() gives the layout that is drawn, with boxes and arrows in inches", {
  trials <- data.frame(author = c("Ames", "\u738b\u5c0f\u660e", "Cole", "Dunn"), yi = c(-0.6, -0.2, 0.1, 2),
                       vi = c(0.12, 0.04, 0.02, 3))
  fit <- rma(yi, vi, data = trials, slab = author)
  layout <- forest_layout(fit, alim = c(-1, 1), slab = author, device = "pdf")
  expect_s3_class(layout, "forest_layout")
  expect_sound_layout(layout)
  expect_identical(layout, forest(fit, alim = c(-1, 1), slab = author, device = "pdf", plot = FALSE)$layout)
  expect_equal(unname(forest_size(fit, alim = c(-1, 1), device = "pdf")), c(layout$width, layout$height))
  boxes <- text_boxes(layout)
  expect_equal(layout$texts[c("left", "right", "bottom", "top")], boxes, ignore_attr = TRUE)
  expect_identical(layout$arrows$row, c(1L, 4L, 4L))
  expect_identical(layout$arrows$side, c("left", "left", "right"))
  expect_equal(layout$arrows$x, unname(layout$panel[c("left", "left", "right")]))
  expect_equal(layout$arrows$y, layout$lines$y[match(layout$arrows$row, layout$lines$row)])
  expect_identical(nrow(forest_layout(fit)$arrows), 0L)
  narrow <- forest_layout(fit, width = 2.5, height = 1.5)
  expect_lt(narrow$scale, 1)
  expect_lte(narrow$width, 2.5 + rounding)
  expect_lte(narrow$height, 1.5 + rounding)
  expect_identical(grDevices::dev.cur(), c(`null device` = 1L))
  expect_error(forest_layout(fit, height = "tall"), class = "metaparity_error_input")
  expect_warning(forest_layout(fit, nosuch = 1), class = "metaparity_warning_unknown")
})
