test_that("words of par() change the look, each what it names and nothing else", {
  look <- scatter_style_metafor()
  sizes <- c(cex = "point_cex", cex.lab = "pt_axis_title", cex.axis = "pt_tick", cex.main = "pt_title")
  for (word in names(sizes)) {
    out <- wished_style(look, stats::setNames(list(2), word))
    expect_identical(out[[sizes[[word]]]], 2 * look[[sizes[[word]]]])
    rest <- setdiff(names(look), sizes[[word]])
    expect_identical(out[rest], look[rest])
  }
  expect_identical(wished_style(look, list(lwd = 3))$line_lwd, 3)
  for (las in 0:3) expect_identical(wished_style(look, list(las = las))$y_horizontal, las %in% 1:2)
  expect_identical(vapply(c("l", "L", "n", "o", "7"), function(b) wished_style(look, list(bty = b))$frame, ""),
                   c(l = "L", L = "L", n = "none", o = "box", "7" = "box"))
  expect_identical(wished_style(look, list(xaxt = "n", yaxt = "n"))$hidden_axes, c("x", "y"))
  expect_identical(wished_style(look, list(yaxt = "n"))$hidden_axes, "y")
  expect_identical(wished_style(look, list()), look)
})

test_that("a plot's own words are left to it, unknown ones are reported, values are checked", {
  look <- scatter_style_metafor()
  expect_identical(wished_style(look, list(cex = 2), known = "cex")$point_cex, look$point_cex)
  expect_silent(wished_style(look, list(own = 1), known = "own"))
  expect_warning(wished_style(look, list(other = 1)), class = "metaparity_warning")
  # Symbols may vanish, texts may not.
  expect_identical(wished_style(look, list(cex = 0))$point_cex, 0)
  for (bad in list(list(cex.lab = 0), list(cex = -1), list(lwd = 0), list(bty = "x"), list(las = 9)))
    expect_error(wished_style(look, bad), class = "metaparity_error_input")
  expect_identical(exact_sizes(look)$point_cex, 1)
})
