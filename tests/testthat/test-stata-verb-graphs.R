yi <- bcg_effects$yi
sei <- sqrt(bcg_effects$vi)
pooled <- sum(yi / sei^2) / sum(1 / sei^2)
chinese <- c("\u674e\u950b (2021)", "\u859b\u4e91\u5ddd (2020) a", "\u90ed\u632f\u56fd (2020)",
             "Sadegh Jafarnejad (2017)")

texts_of <- function(figure, role) {
  texts <- layout_texts(page_of(figure))
  texts$label[texts$role == role]
}

test_that("Egger's plot: titles, line from precision 0, interval of the bias", {
  figure <- stata_graph_egger(yi / sei, 1 / sei, slope = -0.2, bias = -2.1, bias_ci = c(-5.4, 1.2), draw = FALSE)
  expect_sound_figure(page_of(figure))
  expect_identical(texts_of(figure, "title"), "Egger's publication bias plot")
  expect_identical(texts_of(figure, "y_title"), "standardized effect")
  expect_identical(texts_of(figure, "x_title"), "precision")
  spike <- Filter(function(layer) layer$type == "spikes", figure$layers)[[1L]]
  expect_identical(c(spike$x, spike$lo, spike$hi), c(0, -5.4, 1.2))
  fitted <- figure$layers[[3L]]
  expect_equal(fitted$y, -2.1 - 0.2 * c(0, max(1 / sei)))
  newer <- stata_graph_egger(yi / sei, 1 / sei, -0.2, -2.1, c(-5.4, 1.2), legend = TRUE, title = NULL, style = "stata",
                             draw = FALSE)
  expect_sound_figure(page_of(newer))
  expect_identical(texts_of(newer, "legend"), c("Study", "regression line", "95% CI for intercept"))
  expect_length(texts_of(newer, "title"), 0L)
  two <- stata_graph_egger(c(1, 2), c(3, 4), 0.5, 0.1, c(NA, NA), draw = FALSE)
  expect_sound_figure(page_of(two))
})

test_that("Begg's funnel lies on its side", {
  figure <- stata_graph_begg(yi, sei, pooled, 95, draw = FALSE)
  expect_sound_figure(page_of(figure))
  expect_identical(texts_of(figure, "title"), "Begg's funnel plot with pseudo 95% confidence limits")
  expect_identical(texts_of(figure, "x_title"), "s.e. of: theta")
  expect_equal(figure$data$x, sei)
  expect_equal(figure$layers[[1L]]$y, pooled - c(0, 1.959964 * max(sei)), tolerance = 1e-6)
  expect_identical(texts_of(stata_graph_begg(yi, sei, pooled, 90, draw = FALSE), "title"),
                   "Begg's funnel plot with pseudo 90% confidence limits")
})

test_that("metafunnel: reversed standard errors, limits at 1.96, groups with a legend", {
  figure <- stata_graph_metafunnel(yi, sei, pooled, draw = FALSE)
  expect_sound_figure(page_of(figure))
  expect_gt(figure$y$limits[1L], figure$y$limits[2L])
  expect_equal(figure$layers[[1L]]$x, pooled - c(0, 1.96 * max(sei)))
  expect_identical(texts_of(figure, "subtitle"), "Funnel plot with pseudo 95% confidence limits")
  expect_identical(texts_of(figure, "y_title"), "s.e. of theta")
  by <- rep(c("alternate", "random", "systematic allocation with a long name"), length.out = 13)
  grouped <- stata_graph_metafunnel(yi, sei, pooled, by = by, eform = TRUE, draw = FALSE)
  expect_sound_figure(page_of(grouped))
  expect_setequal(texts_of(grouped, "legend"), unique(by))
  expect_identical(texts_of(grouped, "x_title"), "exp(theta), log scale")
})

test_that("galbr: titles, and only the ticks that the command gives", {
  figure <- stata_graph_galbr(yi, sei, slope = pooled, draw = FALSE)
  expect_sound_figure(page_of(figure))
  expect_identical(texts_of(figure, "x_title"), "1/se(b)")
  expect_identical(texts_of(figure, "y_title"), "b/se(b)")
  b <- yi / sei
  expect_identical(texts_of(figure, "y_tick"), format_tick_stata(sort(c(min(b), -2, 0, 2, max(b)))))
  expect_identical(texts_of(figure, "x_tick"), format_tick_stata(c(0, max(1 / sei))))
  expect_identical(texts_of(figure, "legend"), c("b/se(b)", "Fitted values"))
  expect_equal(figure$layers[[2L]]$y - figure$layers[[1L]]$y, c(2, 2))
  expect_equal(figure$layers[[1L]]$y[2L], pooled * max(1 / sei))
  expect_sound_figure(page_of(stata_graph_galbr(yi, sei, labels = bcg_effects$study, slope = pooled, draw = FALSE)))
  near <- stata_graph_galbr(c(-2.1, 2.05, 0.01), c(1, 1, 0.9), labels = chinese[1:3], slope = 0, draw = FALSE)
  expect_sound_figure(page_of(near))
  expect_identical(length(texts_of(near, "y_tick")), 5L)
})

test_that("metatrim: filled studies have a square around the circle", {
  filled <- rep(c(FALSE, TRUE), c(13, 2))
  figure <- stata_graph_metatrim(c(yi, 0.31, 0.2), c(sei, 0.47, 0.44), filled, pooled, draw = FALSE)
  expect_sound_figure(page_of(figure))
  expect_identical(texts_of(figure, "title"), "Filled funnel plot with pseudo 95% confidence limits")
  marks <- Filter(function(layer) layer$type == "points", figure$layers)[[1L]]$data
  expect_identical(sum(marks$pch == 0), 2L)
  expect_identical(nrow(marks), 17L)
  expect_null(stata_graph_metatrim(yi, sei, rep(FALSE, 13), pooled, draw = FALSE)$legend)
})

test_that("metainf: five labels with two decimals, rows in order, also with Chinese names", {
  est <- c(0.031, 0.022, 0.054, 0.043)
  figure <- stata_graph_metainf(chinese, est, est - 0.1, est + 0.11, c(0.035, -0.021, 0.082), draw = FALSE)
  layout <- page_of(figure)
  expect_sound_figure(layout)
  expect_identical(texts_of(figure, "x_tick"), c("-0.08", "-0.02", "0.04", "0.08", "0.16"))
  rows <- layout_texts(layout)
  rows <- rows[rows$role == "y_tick", ]
  expect_identical(rows$label[order(-rows$top)], chinese)
  expect_identical(texts_of(figure, "title"), "Meta-analysis estimates, given named study is omitted")
  expect_identical(texts_of(figure, "legend"), c("Lower CI Limit", "Estimate", "Upper CI Limit"))
  upright <- vapply(figure$layers[1:3], function(layer) layer$x[1L], 0)
  expect_equal(sort(upright), c(-0.021, 0.035, 0.082))
  ratio <- stata_graph_metainf(chinese, est, est - 0.1, est + 0.11, c(0.035, -0.021, 0.082), eform = TRUE, draw = FALSE)
  expect_equal(ratio$data$x, exp(est))
})

test_that("metainf grows with the number and the length of the names", {
  k <- 120
  est <- sin(seq_len(k)) / 50
  long <- sprintf("A trial with a name that goes on and on, number %d of many", seq_len(k))
  figure <- stata_graph_metainf(long, est, est - 0.1, est + 0.1, c(0.001, 0, 0.002), draw = FALSE)
  expect_gt(figure_size(figure)[["height"]], 25)
  layout <- page_of(figure)
  expect_sound_figure(layout)
  expect_identical(sum(layout_texts(layout)$role == "x_tick"), 5L)
  small <- page_of(stata_graph_metainf(substr(long, 30, 60), est, est - 0.1, est + 0.1, c(0.001, 0, 0.002),
                                         draw = FALSE), 6, 5)
  rows <- layout_texts(small)
  rows <- rows[rows$role == "y_tick", ]
  expect_equal(diff((rows$top + rows$bottom) / 2), rep(diff((rows$top + rows$bottom)[1:2] / 2), k - 1))
})

test_that("titles and labels can be replaced; unknown options are input errors", {
  figure <- stata_graph_galbr(yi, sei, slope = pooled, title = "\u52a0\u5c14\u5e03\u96f7\u65af\u56fe",
                              xtitle = "precision", draw = FALSE)
  expect_identical(texts_of(figure, "x_title"), "precision")
  expect_identical(texts_of(figure, "title"), "\u52a0\u5c14\u5e03\u96f7\u65af\u56fe")
  expect_error(stata_graph_galbr(yi, sei, slope = 0, colour = "red", draw = FALSE), class = "metaparity_error_input")
  expect_error(stata_graph_galbr(yi, sei, slope = 0, style = "nonsense", draw = FALSE),
               class = "metaparity_error_input")
})

test_that("every Stata graph is written to every format", {
  figure <- stata_graph_metainf(chinese, 1:4 / 100, 1:4 / 100 - 0.1, 1:4 / 100 + 0.1, c(0.02, 0, 0.05), draw = FALSE)
  for (extension in c("pdf", "png", "svg", "tiff")) {
    file <- tempfile(fileext = paste0(".", extension))
    expect_silent(save_figure(figure, file, dpi = 60))
    expect_gt(file.size(file), 1000)
    unlink(file)
  }
})
