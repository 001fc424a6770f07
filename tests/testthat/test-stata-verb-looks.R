test_that("colours, symbols and sizes have Stata's names", {
  expect_equal(metaparity:::stata_colour("navy"), "#1A476F")
  expect_equal(metaparity:::stata_colour("gs8"), "#808080")
  expect_equal(metaparity:::stata_colour("255 0 0"), "#FF0000")
  expect_equal(metaparity:::stata_colour("black*.5"), "#808080")
  expect_equal(metaparity:::stata_colour("red%50"), "#FF000080")
  expect_warning(metaparity:::stata_colour("nosuch", "black"), class = "metaparity_warning_input")
  expect_equal(metaparity:::stata_symbol("Oh", 19)$pch, 1)
  expect_equal(metaparity:::stata_symbol("d", 19), list(pch = 18, cex = 0.7))
  expect_equal(metaparity:::stata_pattern("dash"), "44")
  expect_equal(metaparity:::stata_size("vthin"), 0.4)
})

looked <- function(..., version = 9) {
  d <- data.frame(es = c(0.1, 0.4, -0.2, 0.3), se = c(0.1, 0.2, 0.15, 0.3))
  forest_layout(metan(es, se, data = d, version = version, ...))
}

parts <- function(layout, role, what = "rects") {
  x <- layout[[what]]
  x[x$role == role, ]
}

test_that("boxopt(), pointopt(), diamopt(), ciopt() and olineopt() change their parts of the plot", {
  for (version in c(9, 4)) {
    f <- looked(version = version, boxopt = "mcolor(red)", ciopt = "lcolor(blue) lwidth(thick)",
                diamopt = "lcolor(green)", olineopt = "lcolor(gs8) lpattern(dot)", pointopt = "mcolor(navy) msize(large)")
    expect_setequal(parts(f, "box")$fill, "#FF0000")
    expect_setequal(parts(f, "ci", "segments")$col, "#0000FF")
    expect_setequal(parts(f, "ci", "segments")$lwd, 2.4)
    expect_setequal(parts(f, "diamond", "polygons")$border, "#008000")
    expect_setequal(parts(f, "marker", "polygons")$fill, "#1A476F")
    expect_true(all(c("#808080", "13") %in% unlist(parts(f, "line", "segments")[c("col", "lty")])))
  }
  usual <- parts(looked(), "marker", "polygons")
  large <- parts(looked(pointopt = "msize(*2)"), "marker", "polygons")
  expect_equal(diff(range(large$x[large$id == large$id[1]])), 2 * diff(range(usual$x[usual$id == usual$id[1]])))
})

test_that("none hides a part; words without effect are named", {
  expect_equal(nrow(parts(looked(boxopt = "mcolor(none)"), "box")), 0L)
  expect_equal(nrow(parts(looked(pointopt = "msymbol(i)"), "marker", "polygons")), 0L)
  lines <- function(f) nrow(parts(f, "line", "segments"))
  expect_equal(lines(looked(olineopt = "lcolor(none)")), lines(looked()) - 1L)
  expect_warning(looked(ciopt = "lpattern(dash)"), class = "metaparity_warning_input")
  expect_warning(looked(boxopt = "mlwidth(thin)"), class = "metaparity_warning_input")
})

test_that("astext() is the share of the width that texts take", {
  share <- function(f) 1 - (f$panel[["right"]] - f$panel[["left"]]) / f$width
  expect_equal(share(looked(astext = 70)), 0.7, tolerance = 0.02)
  expect_equal(share(looked(astext = 40)), 0.4, tolerance = 0.02)
  expect_error(looked(astext = 0), class = "metaparity_error_input")
})
