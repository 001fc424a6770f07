graph_of <- function(command, d = data.frame(es = c(.2, .5, .1, .4), se = c(.1, .2, .15, .2), id = LETTERS[1:4])) {
  stata(command, d, graphs = FALSE)$graphs[[1L]]
}

test_that("titles, notes and ticks of a typed graph reach the plot", {
  g <- graph_of("metan es se, title(\"A title, long\") note(n1) caption(c1) xtitle(Effect)")
  words <- metaparity:::graph_arguments(g)
  expect_identical(words$main, "A title, long")
  expect_identical(words$note, c("n1", "c1"))
  expect_identical(words$xlab, "Effect")
  g <- graph_of("metafunnel es se, xlabel(-1(.5)1) ylabel(0 .2) legend(off) title(T)")
  expect_equal(g$words$xlabel, seq(-1, 1, .5))
  expect_false(g$words$legend)
  figure <- plot(g$view, draw = FALSE, xlabel = c(-1, 0, 1))
  expect_equal(figure$x$at, c(-1, 0, 1))
  expect_lte(figure$x$limits[1L], -1)
})

test_that("ticks of ratios stand on the log axis", {
  g <- graph_of("meta es se, eform gr(f) xlabel(.5 1 2)")
  expect_equal(metaparity:::graph_arguments(g)$at, log(c(.5, 1, 2)))
  expect_identical(g$view$options$gr, "f")
  figure <- plot(graph_of("metafunnel es se, eform")$view, draw = FALSE, xlabel = c(1, 2))
  expect_equal(figure$x$at, log(c(1, 2)))
})

test_that("looks are named in a warning, unknown words refused", {
  expect_warning(graph_of("metan es se, gap(3)"), class = "metaparity_warning_input")
  expect_error(graph_of("metafunnel es se, nosuchword(3)"), class = "metaparity_error_stata_unsupported")
  expect_identical(length(stata("metan es se, nograph", data.frame(es = 1:3, se = 1), graphs = FALSE)$graphs), 0L)
})

test_that("graph export writes the graph with its words", {
  file <- tempfile(fileext = ".svg")
  d <- data.frame(es = c(.2, .5, .1), se = c(.1, .2, .15))
  stata(c("metan es se, title(Trials of ours)", sprintf("graph export \"%s\"", file)), d, graphs = FALSE)
  expect_gt(file.size(file), 1000)
})
