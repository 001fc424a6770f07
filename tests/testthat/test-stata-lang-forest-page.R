trials <- function() data.frame(s = c("A", "B", "C"), es = c(.2, .5, -.1), se = c(.1, .2, .15))

test_that("xsize(), ysize() and aspect() are the size of a forest plot's page", {
  run <- function(options) {
    out <- stata(sprintf("metan es se, label(namevar=s) %s", options), trials(), graphs = FALSE)
    stata_page(list(view = out$results[[1L]], words = last_words(options)))
  }
  last_words <- function(options) {
    session <- new_session(trials())
    prepare_session(session, 9, FALSE, NULL)
    session$folder <- "."
    run_command(sprintf("metan es se, label(namevar=s) %s", options), session)
    session$graphs[[1L]]$words
  }
  expect_equal(unlist(run("xsize(8) ysize(5)")[c("width", "height")]), c(width = 8, height = 5))
  wide <- run("aspect(1)")
  expect_equal(wide$height, wide$width, tolerance = 1e-6)
  expect_gt(wide$stretch, 1)
})

test_that("regions and schemes colour the page, without a warning", {
  expect_silent(stata("metan es se, scheme(s1mono) graphregion(color(gs14)) plotregion(margin(zero))", trials(),
    graphs = FALSE))
  looks <- page_looks(list(scheme = "s2color", plotregion = "fcolor(ltblue) lcolor(black) margin(l=5 r=2)"))
  expect_equal(looks$page, "#EAF2F3")
  expect_equal(looks$panel, "#ADD8E6")
  expect_equal(looks$edge, "#000000")
  expect_equal(looks$inner, c(5, 2, 0, 0))
  expect_equal(page_looks(list())$margin, c(0, 0, 0, 0))
  expect_equal(region_margin("margin(medium)"), rep(5, 4))
  expect_equal(region_margin("margin(1 2 3 4)"), 1:4)
})

test_that("a forest plot with a page is drawn and saved in its size", {
  folder <- tempfile("page")
  dir.create(folder)
  writeLines(c("metan es se, scheme(s2color) xsize(6) ysize(3) title(T) graphregion(margin(small))",
    "graph export f.png, replace width(600)"),
             file.path(folder, "a.do"))
  old <- setwd(folder)
  on.exit(setwd(old))
  stata_do("a.do", data = trials(), echo = FALSE, graphs = FALSE)
  file <- file.path(folder, "f.png")
  expect_true(file.exists(file))
  # Width and height stand in the header of a PNG.
  bytes <- readBin(file, "raw", 24L)
  size <- vapply(list(17:20, 21:24), function(i) sum(as.numeric(bytes[i]) * 256^(3:0)), 0)
  expect_equal(size, c(600, 300), tolerance = 0.01)
})
