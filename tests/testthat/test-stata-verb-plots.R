drawn <- function(code) {
  grDevices::pdf(NULL, width = 8, height = 8)
  on.exit(grDevices::dev.off())
  force(code)
}
m <- stata_fixture("magnesium.csv")

test_that("every view draws its graph", {
  tests <- metabias6(logor, selogor, data = m)
  expect_error(drawn({
    plot(tests)
    plot(tests, which = "begg")
    plot(metabias(logor, selogor, data = m, egger = TRUE))
    plot(metainf(logor, selogor, data = m, id = trial))
    plot(galbr(logor, selogor, data = m, id = trial))
    plot(metafunnel(logor, selogor, data = m, egger = TRUE))
    plot(metatrim(logor, selogor, data = m, flip = TRUE))
    plot(metan(logor, selogor, data = m, label = trial))
  }), NA)
})

test_that("graph = TRUE draws at once", {
  expect_error(drawn({
    metabias6(logor, selogor, data = m, graph = "begg")
    metabias(logor, selogor, data = m, egger = TRUE, graph = TRUE)
    metainf(logor, selogor, data = m, graph = TRUE)
    metaninf(logor, selogor, data = m, graph = TRUE)
    galbr(logor, selogor, data = m, graph = TRUE)
    metafunnel(logor, selogor, data = m, graph = TRUE, by = logor > -1)
    metatrim(logor, selogor, data = m, funnel = TRUE)
    metan(logor, selogor, data = m, graph = TRUE)
  }), NA)
})

test_that("titles are the names of the variables", {
  figure <- drawn(plot(metafunnel(logor, selogor, data = m)))
  expect_identical(figure$x$title, "logor")
  expect_identical(figure$y$title, "s.e. of logor")
  ratio <- transform(m, or = exp(logor), lo = exp(logor - 1.96 * selogor), hi = exp(logor + 1.96 * selogor))
  figure <- drawn(plot(metabias6(or, lo, hi, data = ratio), which = "begg", ytitle = "mine"))
  expect_identical(figure$x$title, "s.e. of: log[or]")
  expect_identical(figure$y$title, "mine")
})

test_that("all strata are drawn unless one is named, and metabias draws Egger's test only", {
  v <- metabias6(logor, selogor, data = m, by = rep(c("a", "b"), 8))
  expect_identical(drawn(plot(v, which = "begg"))$data,
                   drawn(plot(metabias6(logor, selogor, data = m), which = "begg"))$data)
  expect_error(drawn(plot(v, stratum = "c")), class = "metaparity_error_input")
  expect_error(drawn(plot(v, stratum = "b")), NA)
  expect_error(drawn(plot(metabias(logor, selogor, data = m, begg = TRUE))), class = "metaparity_error_input")
})
