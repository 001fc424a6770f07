test_that("every extension opens a device and writes a file of that kind", {
  magic <- list(pdf = charToRaw("%PDF"), png = as.raw(c(0x89, 0x50, 0x4e, 0x47)), svg = charToRaw("<?xm"),
                tiff = charToRaw("II*"), tif = charToRaw("II*"), jpeg = as.raw(c(0xff, 0xd8)),
                jpg = as.raw(c(0xff, 0xd8)), eps = charToRaw("%!PS"))
  before <- grDevices::dev.cur()
  for (extension in names(magic)) {
    file <- tempfile(fileext = paste0(".", extension))
    open_figure_device(file, 4, 4, dpi = 72)
    graphics::plot.new()
    grDevices::dev.off()
    first <- readBin(file, "raw", length(magic[[extension]]))
    expect_identical(first, magic[[extension]], label = extension)
    unlink(file)
  }
  expect_identical(grDevices::dev.cur(), before)
})

test_that("mistakes in a file name are input errors", {
  bad <- list(1, character(), NA_character_, "", "noextension", "x.docx", file.path(tempdir(), "no-such", "x.pdf"))
  for (file in bad) {
    expect_error(open_figure_device(file, 2, 2), class = "metaparity_error_input")
  }
  expect_error(open_figure_device("x.pdf", -1, 2), class = "metaparity_error_input")
  expect_error(open_figure_device("x.png", 2, 2, dpi = "high"), class = "metaparity_error_input")
  expect_false(file.exists("x.pdf"))
})

test_that("what is not a figure is refused", {
  expect_error(save_figure(1:3, tempfile(fileext = ".pdf")), class = "metaparity_error_input")
  expect_error(figure_size("a"), class = "metaparity_error_input")
})
