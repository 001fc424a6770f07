est <- c(-0.6, -0.2, 0.1, 0.3)
sei <- c(0.35, 0.2, 0.15, 0.3)

test_that("the size is that of the layout, and measuring leaves the devices as they were", {
  before <- grDevices::dev.list()
  size <- forest_size(est, sei = sei)
  expect_identical(grDevices::dev.list(), before)
  expect_named(size, c("width", "height"))
  expect_equal(forest_size(est, sei = sei, width = "single")[["width"]], 80 / 25.4, tolerance = 0.02)
  expect_error(forest_size(est, sei = sei, width = "triple"), class = "metaparity_error_input")
})

test_that("with a device open it stays current and its kind is measured", {
  # What another test left open is none of this one.
  grDevices::graphics.off()
  on_page({
    current <- grDevices::dev.cur()
    plain <- forest_size(est, sei = sei)
    expect_identical(grDevices::dev.cur(), current)
    expect_identical(open_device_kind()$extension, "plain")
  })
  expect_identical(open_device_kind()$extension, "pdf")
})

test_that("each kind of file is written at the computed size, without scaling", {
  for (extension in c("pdf", "png", "svg", "tiff", "jpeg")) {
    file <- tempfile(fileext = paste0(".", extension))
    expect_silent(saved <- save_forest(est, file, sei = sei, dpi = 100))
    expect_identical(as.character(saved), file)
    expect_gt(file.size(file), 500)
    unlink(file)
  }
  expect_error(save_forest(est, "plot.doc", sei = sei), class = "metaparity_error_input")
})

test_that("a PNG has the pixels of its size and dpi", {
  file <- tempfile(fileext = ".png")
  size <- attr(save_forest(est, file, sei = sei, dpi = 100, width = "double"), "size")
  pixels <- readBin(file, "raw", 24L)[17:24]
  wide <- sum(as.integer(pixels[1:4]) * 256^(3:0))
  expect_equal(wide, 100 * 170 / 25.4, tolerance = 0.01)
  expect_equal(size[["width"]], 170 / 25.4)
  unlink(file)
})

test_that("a bitmap too high for its dpi gets fewer, with a warning", {
  expect_warning(dpi <- feasible_dpi("a.png", c(7, 200), 300), class = "metaparity_warning_input")
  expect_equal(dpi, 160)
  expect_identical(feasible_dpi("a.pdf", c(7, 200), 300), 300)
})

test_that("a narrow column is told of its small text", {
  numbers <- matrix(123456.7, 4L, 6L)
  expect_message(save_forest(est, tempfile(fileext = ".pdf"), sei = sei, ilab = numbers, width = "single"),
                 class = "metaparity_message_small")
  # Words are wrapped instead.
  expect_no_message(save_forest(est, tempfile(fileext = ".pdf"), sei = sei, slab = strrep("a long label ", 1:4),
                                width = "single"))
})

test_that("a file whose labels no installed font can show warns and names the fonts", {
  rm(list = ls(session_answers), envir = session_answers)
  assign("zh", FALSE, session_answers)
  on.exit(rm(list = ls(session_answers), envir = session_answers))
  zh <- rep("\u4e2d\u6587", 4)
  expect_warning(save_forest(est, tempfile(fileext = ".svg"), sei = sei, slab = zh), "nstall",
                 class = "metaparity_warning_font")
})
