deaths <- rma(c(-0.6, -0.2, 0.1), c(0.12, 0.04, 0.02), slab = c("Ames", "Bell", "Cole"))
pain <- rma(c(-3, -8, 1.5, 2), c(4, 6, 2, 3), slab = c("Ames", "Bell", "Dunning and many others", "\u5b8b\u6c38\u5761"))

stacked_layout <- function(...) forest_stack(list(Deaths = deaths, Pain = pain), ..., plot = FALSE)$layout

test_that("parts stand under each other with aligned panels and columns, each with its own axis", {
  for (style in names(styles())) {
    layout <- stacked_layout(style = style, showweights = TRUE)
    expect_sound_layout(layout)
    panels <- vapply(layout$parts, function(part) part$panel[c("left", "right")], c(0, 0))
    expect_equal(panels[, 1L], panels[, 2L])
    expect_false(isTRUE(all.equal(layout$parts[[1L]]$lim, layout$parts[[2L]]$lim)))
    title <- layout$texts[layout$texts$role == "title", ]
    expect_identical(title$text[order(-title$y)], c("Deaths", "Pain"))
    label <- layout$texts[layout$texts$text %in% "Ames", ]
    expect_equal(label$x[1L], label$x[2L])
  }
})

test_that("the height is that of the parts and the gap", {
  alone <- function(x, main) layout_of(x, main = main, mlab = "All")
  whole <- stacked_layout(gap = 2, mlab = "All")
  expect_equal(whole$height, alone(deaths, "Deaths")$height + alone(pain, "Pain")$height + 2 * whole$pitch)
})

test_that("parts have arguments of their own; a stack is scaled as a whole, and written to a file", {
  layout <- forest_stack(list(A = list(deaths, digits = 4), B = pain), digits = 1, plot = FALSE)$layout
  expect_true(sprintf("%.4f", deaths$yi[1L]) %in% layout$texts$text)
  grDevices::pdf(NULL, 4, 3)
  expect_message(forest_stack(list(A = deaths, B = pain)), class = "metaparity_message_scaled")
  grDevices::dev.off()
  file <- tempfile(fileext = ".pdf")
  size <- attr(forest_stack(list(A = deaths, B = pain), file = file, width = "double"), "size")
  expect_equal(size[["width"]], 170 / 25.4)
  expect_gt(file.size(file), 1000)
  unlink(file)
})

test_that("parts with other columns still have their panels under each other", {
  layout <- forest_stack(list(A = list(deaths, ilab = 1:3), B = list(pain, style = "stata")), plot = FALSE)$layout
  left <- vapply(layout$parts, function(part) part$panel[["left"]], 0)
  expect_equal(left[1L], left[2L])
  expect_sound_layout(layout)
})

test_that("mistakes are named", {
  expect_error(forest_stack(deaths), class = "metaparity_error_input")
  expect_error(forest_stack(list()), class = "metaparity_error_input")
  expect_error(forest_stack(list(A = deaths), gap = -1), class = "metaparity_error_input")
  expect_warning(forest_stack(list(A = list(deaths, nonsense = 1)), plot = FALSE), class = "metaparity_warning_unknown")
})

test_that("each part of a stack keeps its own family of fonts", {
  fit <- rma(c(-.6, -.2, .1), c(.12, .04, .02))
  stack <- forest_stack(list(a = list(fit, family = "serif"), b = list(fit, family = "mono"), c = fit), plot = FALSE)
  runs <- stack$layout$runs
  expect_setequal(runs$fonts, c("serif", "mono", ""))
  expect_true(all(runs$fonts[runs$text == "a"] == "serif") && all(runs$fonts[runs$text == "b"] == "mono"))
})
