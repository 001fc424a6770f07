test_that("limits of values: their range, opened where it is a point, given ones first", {
  expect_identical(shown_limits(c(1, NA, 3, Inf), NULL, "xlim"), c(1, 3))
  expect_equal(shown_limits(2, NULL, "xlim"), c(1.8, 2.2))
  expect_equal(shown_limits(0, NULL, "xlim"), c(-1, 1))
  expect_identical(shown_limits(1:3, c(5, 9), "xlim"), c(5, 9))
  expect_error(shown_limits(c(NA, Inf), NULL, "xlim"), class = "metaparity_error_input")
})

test_that("a plain axis has base graphics' limits", {
  style <- scatter_style_metafor()
  lim <- c(-2, 7)
  axis <- plain_axis(lim, "t", style)
  usr <- usr_after(graphics::plot(lim, lim))
  expect_equal(axis$limits, usr[1:2])
  expect_true(all(axis$at >= usr[1L] & axis$at <= usr[2L]))
  expect_identical(plain_axis(lim, "t", style, at = c(0, 5))$labels, c("0", "5"))
})

test_that("sizes run between their limits; where one is open they are in proportion", {
  x <- c(2, 4, 10)
  expect_equal(scaled_sizes(x, c(0.5, 3)), c(0.5, 0.5 + 2.5 / 4, 3))
  expect_equal(scaled_sizes(x, c(NA, 3)), x / 10 * 3)
  expect_equal(scaled_sizes(x, c(1, NA)), x / 2)
  expect_equal(scaled_sizes(x, c(NA, 3, 1)), c(1, 1.2, 3))
  expect_identical(scaled_sizes(c(5, 5), c(0.5, 3)), c(1, 1))
  for (bad in list(c(NA, NA), "a", NULL)) expect_error(scaled_sizes(x, bad), class = "metaparity_error_input")
})

test_that("a colour, the style's or none", {
  expect_identical(colour_or(TRUE, "blue", "col"), "blue")
  expect_identical(colour_or("red", "blue", "col"), "red")
  for (none in list(FALSE, NULL)) expect_null(colour_or(none, "blue", "col"))
  for (bad in list(NA_character_, 3, c("red", "blue"), "nothing"))
    expect_error(colour_or(bad, "blue", "col"), class = "metaparity_error_input")
})

test_that("a legend: a flag, a place, a list of its look", {
  style <- scatter_style_metafor()
  expect_false(legend_wish(FALSE, style)$shown)
  expect_identical(legend_wish(TRUE, style)$at, "corner")
  expect_identical(legend_wish("bottomleft", style)$at, "bottomleft")
  at <- legend_wish(list(x = 1, y = 2, bty = "n", cex = 0.5, inset = 0.1, pt.cex = 2, show = "cis", studies = FALSE),
                    style)
  expect_identical(at$at, "point")
  expect_identical(at$xy, c(1, 2))
  expect_identical(at$show, "cis")
  expect_false(at$studies)
  look <- legend_style(style, at)
  expect_identical(look$pt_legend, style$pt_legend / 2)
  expect_false(look$legend_box)
  expect_identical(look$legend_inset, c(0.1, 0.1))
  expect_warning(legend_wish(list(colour = 1), style), class = "metaparity_warning_input")
  for (bad in list("nowhere", NA, list(x = 1), list(x = "nowhere"), list(cex = -1), list(show = "all")))
    expect_error(legend_wish(bad, style), class = "metaparity_error_input")
})

test_that("values per study may count the data, its subset, the rows or the studies used", {
  x <- suppressWarnings(rma(c(9, 0.1, NA, 0.3, 0.2), c(1, 0.1, 0.2, 0.1, 0.3),
                            subset = c(FALSE, TRUE, TRUE, TRUE, TRUE)))
  expect_identical(of_plotted(letters[1:3], x, 3L), letters[1:3])
  expect_identical(of_plotted(letters[1:4], x, 3L), letters[c(1, 3, 4)])
  expect_identical(of_plotted(letters[1:5], x, 3L), letters[c(2, 4, 5)])
  expect_null(of_plotted(letters[1:2], x, 3L))
  expect_identical(per_study("a", x, 3L, "pch"), rep("a", 3))
  expect_identical(per_study(1:5, x, 3L, "pch"), c(2L, 4L, 5L))
  expect_identical(expect_error(per_study(1:2, x, 3L, "pch"), class = "metaparity_error_input")$arg, "pch")
})

test_that("notes of effects go to what is shown in their place, those of studies by their rows", {
  e <- escalc("GEN", yi = c(0.1, 0.2, 0.3), vi = rep(0.1, 3), ni = c(10, 20, 30), slab = c("a", "b", "c"))$yi
  out <- as_outcomes(c(5, 6), e, c(3, 1))
  expect_identical(attr(out, "ni"), c(30, 10))
  expect_identical(as.character(attr(out, "slab")), c("c", "a"))
  expect_identical(attr(out, "measure"), "GEN")
  expect_null(attributes(as_outcomes(1, 2)))
})
