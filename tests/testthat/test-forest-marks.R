yi <- c(-0.2, 0.1, 0.4)
sei <- c(0.1, 0.2, 0.3)

test_that("boxes stand at the estimates, with areas in proportion to the weights", {
  layout <- layout_of(yi, sei = sei, style = style_metafor(box = list(least = 0)))
  boxes <- layout$rects[layout$rects$role == "box", ]
  side <- boxes$x1 - boxes$x0
  expect_equal(side^2 / side[1L]^2, sei[1L]^2 / sei^2)
  expect_equal(side[1L], style_metafor()$box$largest * layout$fontsize / 72)
  expect_equal((boxes$x0 + boxes$x1) / 2, inch_x(yi, layout))
  expect_equal((boxes$y0 + boxes$y1) / 2, layout$lines$y)
})

test_that("intervals go from limit to limit, clipped with an arrow where the axis ends", {
  z <- stats::qnorm(0.975)
  layout <- layout_of(yi, sei = sei, alim = c(-0.3, 0.6))
  body <- layout$segments[layout$segments$role == "ci" & layout$segments$y0 == layout$segments$y1, ]
  expect_equal(body$x0, inch_x(pmax(yi - z * sei, -0.3), layout))
  expect_equal(body$x1, inch_x(pmin(yi + z * sei, 0.6), layout))
  arrows <- layout$polygons[layout$polygons$role == "arrow", ]
  expect_setequal(unique(arrows$row), c(1, 3))
  expect_equal(min(arrows$x[arrows$row == 1]), layout$panel[["left"]])
  expect_equal(max(arrows$x[arrows$row == 3]), layout$panel[["right"]])
})

test_that("plim maps the sizes linearly, and one end alone keeps their proportion", {
  side <- c(2, 4, 8, NA)
  expect_equal(limited_sides(side, c(0.5, 2)), c(0.5, 1, 2, NA))
  expect_equal(limited_sides(side, c(NA, 2)), c(0.5, 1, 2, NA))
  expect_equal(limited_sides(side, c(1, NA)), c(1, 2, 4, NA))
  expect_equal(limited_sides(c(3, 3, NA), c(1, 2)), c(1.5, 1.5, NA))
  expect_equal(limited_sides(side, c(NA, 2, 0.8)), c(0.8, 1, 2, NA))
})

test_that("values per study follow the studies into their rows, and others have the default", {
  plan <- list(rows = data.frame(study = c(3, 1, 2, NA)))
  expect_identical(recycle_study(plan, c("a", "b", "c"), "none"), c("c", "a", "b", "none"))
  expect_identical(recycle_study(plan, "a", NA_character_), c("a", "a", "a", NA))
  expect_identical(recycle_study(plan, NULL, 7), rep(7, 4L))
})

test_that("a symbol of its own replaces the box at its study", {
  layout <- layout_of(yi, sei = sei, pch = c(15, 18, 1))
  expect_identical(layout$rects$row[layout$rects$role == "box"], 1L)
  symbols <- layout$polygons[layout$polygons$role == "box", ]
  expect_equal(sort(unique(symbols$row)), c(2, 3))
  expect_identical(unique(symbols$fill[symbols$row == 3]), "white")
})
