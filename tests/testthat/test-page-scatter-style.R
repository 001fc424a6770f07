test_that("tick formats", {
  expect_identical(format_tick_plain(c(-0.5, 0, 0.5)), c("-0.5", "0", "0.5"))
  expect_identical(format_tick_plain(c(0, 0.1824, 0.3649, 0.5473, 0.7297)), c("0", "0.182", "0.365", "0.547", "0.73"))
  expect_identical(format_tick_plain(c(100.001, 100.002)), c("100.001", "100.002"))
  expect_identical(format_tick_stata(c(-0.5, 0, 1.5)), c("-.5", "0", "1.5"))
  expect_identical(format_tick_digits(2L)(c(0.5, 1)), c("0.5", "1"))
  expect_identical(format_tick_digits(2)(c(0.5, -0.001)), c("0.50", "0.00"))
})

test_that("a look takes replacements and keeps the rest", {
  look <- scatter_style(page = "red", panel = NULL)
  expect_identical(look$page, "red")
  expect_null(look$panel)
  expect_true("panel" %in% names(look))
  expect_setequal(names(scatter_style_stata()), names(scatter_style()))
  expect_setequal(names(scatter_style_stata7()), names(scatter_style()))
})

test_that("a style of a forest plot has a look of figures, its family goes with it", {
  own <- scatter_style(page = "pink")
  expect_identical(as_scatter_style(NULL, own), own)
  expect_identical(as_scatter_style("stata", own)$page, scatter_style_stata()$page)
  expect_identical(as_scatter_style(style_stata(family = "serif"), own)$family, "serif")
  expect_error(as_scatter_style("nothing", own), class = "metaparity_error_input")
})

test_that("ticks read back as the numbers, apart from each other, with no sign at 0", {
  set.seed(5)
  for (i in 1:40) {
    at <- pretty(stats::rnorm(2, 0, 10^sample(-6:6, 1)))
    text <- format_tick_plain(at)
    expect_equal(as.numeric(text), at, tolerance = 5e-3)
    expect_identical(anyDuplicated(text), 0L)
    expect_false("-0" %in% text)
  }
  expect_identical(format_tick_plain(c(1, NA, Inf)), c("1", NA, "Inf"))
  expect_identical(format_tick_plain(numeric()), character())
  expect_identical(format_tick_plain(1.5e9), "1.5e+09")
})

test_that("decimals asked for, trailing zeros by their type, zeros before the point by the style", {
  metafor <- scatter_style_metafor()
  stata <- scatter_style_stata()
  expect_identical(tick_format(metafor, 2)(0.5), "0.50")
  expect_identical(tick_format(metafor, 2L)(0.5), "0.5")
  expect_identical(tick_format(stata, 2)(c(-0.5, 1.5)), c("-.50", "1.50"))
  expect_identical(tick_format(metafor), metafor$format_tick)
  expect_identical(drop_leading_zero(c("0.5", "-0.5", "10.5", "0")), c(".5", "-.5", "10.5", "0"))
})

test_that("symbols and colours of groups are different ones", {
  for (look in list(scatter_style_metafor(), scatter_style_stata())) {
    expect_identical(anyDuplicated(look$group_pch), 0L)
    expect_identical(anyDuplicated(look$group_col), 0L)
    expect_false(is.null(grDevices::col2rgb(look$group_col)))
  }
})
