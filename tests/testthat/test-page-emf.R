test_that("a metafile holds the bitmap and its sizes", {
  bitmap <- tempfile(fileext = ".bmp")
  grDevices::bmp(bitmap, 3, 2, units = "in", res = 50, type = if (capabilities("cairo")) "cairo" else
    getOption("bitmapType"))
  graphics::plot(1)
  grDevices::dev.off()
  file <- tempfile(fileext = ".emf")
  metaparity:::write_emf(bitmap, file, 3, 2)
  bytes <- readBin(file, "raw", file.size(file))
  int <- function(at) readBin(bytes[at + 1:4], "integer", 1L, 4L, endian = "little")
  expect_equal(rawToChar(bytes[41:44]), " EMF")
  expect_equal(int(48), file.size(file))
  expect_equal(c(int(0), int(4), int(52)), c(1, 88, 3))
  expect_equal(c(int(72), int(76), int(80), int(84)), c(150, 100, 76, 51))
  expect_equal(int(88), 81)
  record <- int(92)
  expect_equal(record %% 4, 0)
  own <- readBin(bitmap, "raw", file.size(bitmap))
  bits <- own[-seq_len(readBin(own[11:14], "integer", 1L, 4L, endian = "little"))]
  from <- 88 + int(88 + 56)
  expect_identical(bytes[from + seq_along(bits)], bits)
  expect_equal(c(int(88 + record), int(88 + record + 4), 88 + record + 20), c(14, 20, file.size(file)))
})

test_that("graph export writes emf", {
  folder <- tempfile("emf")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  log <- stata(c("scatter x x", "graph export g.emf", "metan x x", "graph export \"f\", as(emf)",
                 "graph export g.emf, replace"), data.frame(x = 1:3), graphs = FALSE)$log
  expect_true("(file g.emf written in EMF format)" %in% log)
  expect_true(all(file.size(c("g.emf", "f.emf")) > 1000))
})
