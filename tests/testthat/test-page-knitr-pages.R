test_that("outside of documents pages are left alone", {
  expect_null(fit_page(function(width) stop("not asked")))
  expect_false(has_own_page())
  expect_identical(highest_page(), Inf)
  expect_true(is.na(page_width()))
  expect_identical(own_page(5), 5)
})

in_chunk <- function(options, code) {
  old <- knitr_state$chunk
  on.exit(assign("chunk", old, knitr_state))
  assign("chunk", list2env(list(options = options)), knitr_state)
  force(code)
}

test_that("sizes of the chunk's header, and those that differ from the document's, are the chunk's own", {
  skip_if_not_installed("knitr")
  usual <- knitr::opts_chunk$get(c("fig.width", "fig.height"))
  expect_identical(given_size(usual), c(NA_real_, NA_real_))
  wider <- usual
  wider$fig.width <- usual$fig.width + 1
  expect_identical(given_size(wider), c(usual$fig.width + 1, NA))
  named <- c(usual, params.src = "a, fig.height=7")
  expect_identical(given_size(named), c(NA, usual$fig.height))
  expect_identical(given_size(c(usual, params.src = "fig.dim = c(7, 7)")), c(usual$fig.width, usual$fig.height))
  expect_false(anyNA(given_size(c(usual, params.src = "fig.width = 7, fig.asp = 1"))))
})

test_that("a figure asks for its natural size, the option or the chunk go before it", {
  skip_if_not_installed("knitr")
  usual <- knitr::opts_chunk$get(c("fig.width", "fig.height"))
  natural <- function(width) if (is.na(width)) c(5, 4) else c(width, width / 2)
  size <- function(...) {
    options <- utils::modifyList(usual, list(...))
    in_chunk(options, asked_size(natural, options))
  }
  expect_identical(size(), c(5, 4))
  expect_null(size(forest.size = FALSE))
  expect_identical(size(forest.size = 6), c(6, 3))
  expect_equal(size(forest.size = "single"), c(80, 40) / 25.4, tolerance = 1e-6)
  expect_identical(size(fig.height = 9), c(5, 9))
  expect_identical(size(fig.width = 10), c(10, 5))
  expect_null(size(fig.width = 10, fig.height = 9))
})

test_that("bitmaps have a largest size", {
  expect_identical(recorder_dpi(list(dpi = 96), 7, 5), 96)
  expect_identical(recorder_dpi(list(), 7, 5), 72)
  expect_lte(recorder_dpi(list(dpi = 600), 200, 5) * 200, 32000)
  expect_gte(recorder_dpi(list(dpi = 600), 100, 5) * 100, 31900)
})

test_that("recording devices open in the size asked for and keep no file", {
  before <- grDevices::dev.list()
  for (kind in c("pdf", "png", "svg")) {
    recorders[[kind]](6, 3, list(dpi = 72))
    expect_equal(grDevices::dev.size(), c(6, 3), tolerance = 1e-2)
    grDevices::dev.off()
  }
  expect_identical(grDevices::dev.list(), before)
})

test_that("hooks before a page run, knitr's own does not", {
  ran <- character()
  old <- getHook("before.plot.new")
  on.exit(setHook("before.plot.new", old, "replace"))
  foreign <- function() ran <<- c(ran, "foreign")
  setHook("before.plot.new", list(function() ran <<- c(ran, "own"), foreign), "replace")
  run_page_hooks(list(foreign = foreign))
  expect_identical(ran, "own")
})
