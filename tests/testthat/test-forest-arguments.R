dat <- data.frame(yi = c(-0.6, -0.2, 0.1, 0.3), vi = c(0.12, 0.04, 0.02, 0.09), n = c(4, 3, 2, 1),
                  g = c("a", "b", "a", "b"))
fit <- rma(yi, vi, data = dat, slab = c("Ames", "Bell", "Cole", "Dunn"))

# One value for every argument of the table, with what must stand beside it to matter.
values <- list(
  xlim = c(-8, 5), ylim = c(-6, 12), olim = c(-0.5, 0.4), clim = c(-0.5, 0.4), addcred = TRUE,
  rows = c(9, 8, 3, 2), top = 6, steps = 9,
  ilab.lab = list(ilab = dat$n, "Number"), ilab.xpos = list(ilab = dat$n, -3),
  ilab.pos = list(ilab = dat$n, ilab.xpos = -3, 2),
  textpos = c(-8, 5), predstyle = "bar", preddist = list(predstyle = "dist", list(c(-1, 0, 1), c(0, 2, 1))),
  predlim = list(predstyle = "dist", c(-0.5, 0.5)), shade = TRUE, colshade = list(shade = TRUE, "red"), lty = "dotted",
  lwd = 3, efac = 3, pch = 16, psize = 1.7, plim = c(1, 3), col = "red", border = "red", colout = "red", colci = "red",
  fonts = "serif", cex = 1.2, cex.lab = 1.5, cex.axis = 1.5, annosym = c("<", " to ", ">"),
  targs = list(transf = function(x, targs) targs$base^x, list(base = 3)), subset = 1:2,
  xlab = c("left", "Middle", "right"), width = 12,
  tabfig = 1, rowadj = 0.2, studlab = letters[1:4], sortvar = dat$n, ref = 0.2, prediction = TRUE, overall = FALSE,
  subgroup = FALSE,
  label.left = "good", label.right = "bad", text.random = "All", text.common = "All", layout = "BMJ",
  backtransf = list(measure = "OR", TRUE), col.square = "red", col.study = "red", col.diamond = "red",
  col.diamond.lines = "red", family = "serif", fontfamily = "serif", spacing = 2, colgap = "9mm", plotwidth = "9cm")

test_that("every argument of the table changes the layout", {
  expect_identical(setdiff(forest_arguments()$argument, names(values)), character())
  plain <- c("tabfig")
  for (name in setdiff(names(values), plain)) {
    value <- values[[name]]
    beside <- list()
    if (is.list(value) && !is.null(names(value)) && any(nzchar(names(value)))) {
      beside <- value[nzchar(names(value))]
      value <- value[!nzchar(names(value))][[1L]]
    }
    x <- switch(name, backtransf = rma(yi, vi, data = dat, measure = "OR"), subgroup = rma(yi, vi, data = dat, by = g),
                fit)
    beside$measure <- NULL
    draw <- function(...) suppressMessages(do.call(layout_of, c(list(x), beside, list(...))))
    layout <- do.call(draw, stats::setNames(list(value), name))
    if (name == "targs") next
    expect_false(isTRUE(all.equal(layout, draw())), info = name)
    expect_sound_layout(layout)
  }
})

test_that("targs reach the transformation", {
  layout <- layout_of(fit, transf = function(x, targs) targs$base^x, targs = list(base = 3))
  expect_equal(layout$rows$est[1:4], 3^dat$yi)
})

test_that("what cannot work is refused by name", {
  bad <- list(colgap = 3, plotwidth = "6", tabfig = 9, rowadj = "a", width = NA_real_, layout = "Word", annosym = "a",
              ilab.lab = 1:9, subset = 9, shade = "stripes", predstyle = "cloud", efac = -1, plim = 1,
              top = -1, steps = "a",
              olim = c(2, 1), cex = 0, spacing = -1)
  for (name in names(bad)) {
    condition <- tryCatch(do.call(layout_of, c(list(fit, ilab = dat$n), bad[name])), error = identity)
    expect_s3_class(condition, "metaparity_error_input")
    expect_identical(condition$arg, name)
  }
})

test_that("lengths may be grid units or text with a unit", {
  expect_equal(length_in_inches("25.4mm", "x"), 1)
  expect_equal(length_in_inches("2.54 cm", "x"), 1)
  expect_equal(length_in_inches(grid::unit(1, "inches"), "x"), 1)
  panel <- layout_of(fit, plotwidth = "6cm")$panel
  expect_equal(panel[["right"]] - panel[["left"]], 6 / 2.54)
})

test_that("a row of the table says whose argument it is and what it is here", {
  table <- forest_arguments()
  expect_true(all(table$package %in% c("metafor", "meta", "metafor, meta", "meta, metafor")))
  expect_false(anyDuplicated(table$argument) > 0)
  expect_true(all(nzchar(table$ours) | nzchar(table$remark)))
})

test_that("graphical parameters that a measured layout has no use for are taken without effect", {
  draw <- function(...) forest(c(-1, 1), sei = c(1, 1), plot = FALSE, ...)
  expect_identical(draw(yaxs = "i", mgp = c(2, 1, 0), las = 1)$layout$texts, draw()$layout$texts)
  expect_warning(draw(yaxz = "i"), class = "metaparity_warning_unknown")
})

test_that("colours of shades are colours, types of lines may be numbers", {
  x <- rma(c(.1, .5, .3), c(.1, .1, .2))
  expect_error(forest(x, shade = TRUE, colshade = "zebra", plot = FALSE), class = "metaparity_error_input")
  expect_error(forest(x, digits = function(v) v, plot = FALSE), class = "metaparity_error_input")
  expect_error(forest(x, lty = "zz", plot = FALSE), class = "metaparity_error_input")
  expect_s3_class(forest(x, lty = 2, plot = FALSE), "forest_plot")
})
