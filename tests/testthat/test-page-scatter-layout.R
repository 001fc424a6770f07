figure_with <- function(x_at, x_labels, crowded = "thin", title = NULL) {
  style <- scatter_style_metafor()
  new_figure(list(layer_points(c(0.2, 0.8), c(0.3, 0.6))),
             new_axis(c(0, 1), x_at, x_labels, "x", crowded = crowded),
             new_axis(c(0, 1), c(0, 0.5, 1), c("0", "0.5", "1"), "y"),
             list(title = title), style = style)
}

test_that("data units go to the panel's corners", {
  layout <- page_of(figure_with(c(0, 1), c("0", "1")))
  map <- scatter_map(list(x = list(limits = c(0, 1)), y = list(limits = c(1, 0))), layout$panel)
  expect_equal(map$x(c(0, 1)), layout$panel[c(1L, 3L)])
  expect_equal(map$y(c(1, 0)), layout$panel[c(2L, 4L)])
})

test_that("crowded labels are thinned, and 0 stays", {
  at <- seq(-0.5, 0.5, by = 0.01)
  labels <- formatC(at, digits = 3, format = "f", drop0trailing = TRUE)
  keep <- thin_tick_labels(at * 5 + 3, rep(0.3, length(at)), 0.05, labels)
  expect_true(keep[labels == "0"])
  expect_true(all(diff(at[keep] * 5) >= 0.35 - 1e-9))
  expect_sound_figure(page_of(figure_with(seq(0, 1, 0.02), sprintf("%.2f", seq(0, 1, 0.02)))))
})

test_that("exact labels move apart as little as possible and stay in order", {
  at <- c(1, 1.05, 1.1, 3)
  moved <- spread_labels(at, rep(0.4, 4), 0.1, c(0, 5))
  expect_true(all(diff(moved) >= 0.5 - 1e-9))
  expect_equal(moved[4L], 3)
  expect_equal(mean(moved[1:3]), mean(at[1:3]))
  expect_equal(spread_labels(c(1, 3), c(0.4, 0.4), 0.1, c(0, 5)), c(1, 3))
  near_edge <- spread_labels(c(4.9, 4.95), c(0.4, 0.4), 0.1, c(0, 5))
  expect_true(all(near_edge + 0.2 <= 5 + 1e-9))
  at <- c(0, 0.01, 0.02, 0.99, 1)
  layout <- page_of(figure_with(at, sprintf("%.2f", at), crowded = "spread"))
  expect_sound_figure(layout)
  expect_identical(sum(layout_texts(layout)$role == "x_tick"), 5L)
})

test_that("a long title is broken into lines and a small page gets small text", {
  words <- paste(rep("a rather long title of a funnel plot", 4), collapse = " ")
  long <- figure_with(c(0, 1), c("0", "1"), title = words)
  layout <- page_of(long, 6, 5)
  expect_sound_figure(layout)
  expect_match(layout_texts(layout)$label[layout_texts(layout)$role == "title"], "\n")
  small <- page_of(long, 1.6, 1.4)
  expect_lt(small$scale, 0.7)
  expect_gte(small$panel[3L] - small$panel[1L], 0.4 * 1.6)
})

test_that("after drawing, the plot region is the panel in data units", {
  grDevices::pdf(NULL, 6, 5)
  on.exit(grDevices::dev.off())
  draw_figure(figure_with(c(0, 1), c("0", "1")))
  expect_equal(graphics::par("usr"), c(0, 1, 0, 1))
  layout <- page_of(figure_with(c(0, 1), c("0", "1")), 6, 5)
  expect_equal(graphics::grconvertX(0.5, "user", "inches"), mean(layout$panel[c(1L, 3L)]), tolerance = 1e-6)
  graphics::par(mfrow = c(1, 2))
  draw_figure(figure_with(c(0, 1), c("0", "1")))
  draw_figure(figure_with(c(0, 1), c("0", "1")))
  expect_gt(graphics::grconvertX(0, "user", "ndc"), 0.5)
})

test_that("a page too small is reported once with the size that fits", {
  grDevices::pdf(NULL, 1.6, 1.4)
  on.exit(grDevices::dev.off())
  expect_message(draw_figure(figure_with(c(0, 1), c("0", "1"), title = "A title that needs its room")),
                 class = "metaparity_message_small_page")
})

test_that("tick formats", {
  expect_identical(format_tick_plain(c(-0.5, 0, 0.5)), c("-0.5", "0", "0.5"))
  expect_identical(format_tick_plain(c(0, 0.1824, 0.3649, 0.5473, 0.7297)), c("0", "0.182", "0.365", "0.547", "0.73"))
  expect_identical(format_tick_plain(c(100.001, 100.002)), c("100.001", "100.002"))
  expect_identical(format_tick_stata(c(-0.5, 0, 1.5)), c("-.5", "0", "1.5"))
  expect_identical(format_tick_digits(2L)(c(0.5, 1)), c("0.5", "1"))
  expect_identical(format_tick_digits(2)(c(0.5, -0.001)), c("0.50", "0.00"))
})

test_that("names beside points avoid each other and are tied to their point when far", {
  style <- scatter_style_metafor()
  set.seed(4)
  x <- c(stats::runif(12), rep(0.5, 3))
  y <- c(stats::runif(12), 0.5, 0.501, 0.502)
  figure <- new_figure(list(layer_points(x, y), layer_labels(x, y, sprintf("Study number %d", seq_along(x)))),
                       new_axis(c(-0.3, 1.3), 0:1, c("0", "1")), new_axis(c(0, 1), 0:1, c("0", "1")), style = style)
  layout <- page_of(figure)
  expect_sound_figure(layout)
  expect_identical(sum(layout_texts(layout)$role == "label"), 15L)
})

test_that("words stay on the page and apart: a sample over studies, names, looks and pages", {
  names_of <- function(k, n, text) trimws(paste0(substring(strrep(text, 40), 1, n - 4), " ", seq_len(k)))
  plots <- list(
    function(f, style) funnel(f, label = "all", legend = TRUE, style = style, draw = FALSE),
    function(f, style) radial(f, center = TRUE, main = "A radial plot with a rather long title", style = style,
                              draw = FALSE),
    function(f, style) drapery(f, labels = "slab", style = style, draw = FALSE),
    function(f, style) plot(leave1out(f), style = style, draw = FALSE),
    function(f, style) plot(galbr(f$yi, sqrt(f$vi), label = list(namevar = f$slab)), style = style, draw = FALSE),
    function(f, style) regplot(rma(f$yi, f$vi, mods = cbind(x = seq_len(f$k)), slab = f$slab, method = "FE"),
                               label = TRUE,
                               legend = TRUE, pi = FALSE, style = style, draw = FALSE))
  set.seed(20)
  seen <- 0L
  for (plot_of in plots) for (case in 1:2) {
    k <- sample(list(5:15, 30:80)[[case]], 1L)
    slab <- names_of(k, sample(c(8, 30, 80), 1L),
                     sample(c("Rosenthal & Simes ", "\u9aa8\u8d28\u758f\u677e\u534f\u4f5c\u7ec4"), 1L))
    vi <- stats::rchisq(k, 4) / 15 + 0.01
    fit <- rma(stats::rnorm(k, 0.2, sqrt(vi)), vi, slab = slab, measure = "RR", method = "DL")
    figure <- as_figure(suppressMessages(plot_of(fit, sample(c("metafor", "stata", "revman", "lancet"), 1L))))
    page <- list(figure$size, figure$size * 0.6, c(3.15, 3), c(9, 4))[[sample(4L, 1L)]]
    suppressMessages(expect_sound_figure(page_of(figure, page[1L], page[2L])))
    seen <- seen + 1L
  }
  expect_identical(seen, 12L)
})

test_that("names that find no place free of points are left out and counted", {
  style <- scatter_style_metafor()
  at <- expand.grid(x = seq(0, 1, length.out = 25), y = seq(0, 1, length.out = 25))
  figure <- new_figure(list(layer_points(at$x, at$y),
                            layer_labels(at$x, at$y, paste("Study", seq_along(at$x)), reach = 0.2)),
                       new_axis(c(0, 1), 0:1, c("0", "1")), new_axis(c(0, 1), 0:1, c("0", "1")), style = style)
  expect_message(layout <- page_of(figure, 4, 4), class = "metaparity_message_labels_left_out")
  expect_sound_figure(layout)
  expect_equal(figure$size, 1.7 * style$size)
})

test_that("labels of an axis without room for all are thinned with a message", {
  names <- paste("Trial number", 1:300)
  figure <- new_figure(list(layer_points(0.5, 1)), new_axis(c(0, 1), 0:1, c("0", "1")),
                       new_axis(c(0, 301), 1:300, names, crowded = "shrink", horizontal = TRUE),
                       style = scatter_style_metafor())
  expect_message(layout <- page_of(figure, 3, 2), class = "metaparity_message_labels_left_out")
  expect_sound_figure(layout)
})

test_that("a legend takes a corner without points, of these the one with the fewest lines, else the emptiest place", {
  place <- function(...) {
    figure <- new_figure(list(...), new_axis(c(0, 1), 0:1, c("0", "1")), new_axis(c(0, 1), 0:1, c("0", "1")),
                         legend = list(legend_point("A legend of some length", 19)), style = scatter_style_metafor())
    layout <- page_of(figure, 6, 5)
    texts <- layout_texts(layout)
    box <- unlist(texts[texts$role == "legend", c("left", "top")])
    middle <- c(mean(layout$panel[c(1, 3)]), mean(layout$panel[c(2, 4)]))
    paste0(if (box[2L] > middle[2L]) "top" else "bottom", if (box[1L] > middle[1L]) "right" else "left")
  }
  expect_identical(place(layer_points(0.95, 0.95)), "topleft")
  expect_identical(place(layer_line(c(0, 1), c(0, 1))), "topleft")
  expect_identical(place(layer_points(c(0.95, 0.05), c(0.95, 0.95)), layer_line(c(0.6, 1), c(0.05, 0.05))),
                   "bottomleft")
})

test_that("long titles and long or many entries of a legend are broken, and a legend too large for the panel goes below it", {
  words <- substr(strrep("Effect of the treatment on bone \u9aa8\u8d28\u758f\u677e\u7684\u6cbb\u7597 ", 4), 1, 110)
  fit <- rma(yi, vi, data = bcg_effects, slab = study)
  by <- function(groups) rma(yi, vi, data = bcg_effects, by = groups)
  figures <- list(
    funnel(by(rep_len(paste(words, 1:3), 13)), main = words, xlab = words, ylab = words, draw = FALSE),
    funnel(by(paste("Group", 1:13)), legend = TRUE, draw = FALSE),
    radial(fit, main = words, xlab = words, zlab = words, draw = FALSE),
    plot(influence(fit), main = words, draw = FALSE),
    plot(gosh(fit, subsets = 50, progbar = FALSE), main = words, draw = FALSE))
  for (figure in figures) for (page in list(c(6.5, 5.5), c(3.15, 3))) {
    suppressMessages(expect_sound_figure(page_of(figure, page[1L], page[2L])))
  }
  layout <- page_of(figures[[1L]], 3.15, 3)
  texts <- layout_texts(layout)
  expect_true(all(texts$top[texts$role == "legend"] < layout$panel[2L]))
})

test_that("a legend without a free place in the panel goes below it, and one that is wished there stays", {
  at <- expand.grid(x = seq(0, 1, 0.05), y = seq(0, 1, 0.05))
  covered <- function(legend_at) {
    figure <- new_figure(list(layer_points(at$x, at$y)), new_axis(c(0, 1), 0:1, c("0", "1")),
                         new_axis(c(0, 1), 0:1, c("0", "1")),
                         list(legend = list(at = legend_at)),
                         list(legend_point("Studies", 19, "black"), legend_line("A line")), scatter_style_metafor())
    layout <- page_of(figure)
    expect_sound_figure(layout)
    legend <- layout_texts(layout)[layout_texts(layout)$role == "legend", ]
    sum(legend$top > layout$panel[2L])
  }
  expect_identical(covered("corner"), 0L)
  expect_identical(covered("topright"), 2L)
})

test_that("a row of a legend is as deep as its own text", {
  style <- scatter_style_metafor()
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  graphics::plot.new()
  block <- legend_block(list(legend_point("Two\nlines", 19, "black"), legend_point("One", 19, "black")),
                        style, 5, one_column = TRUE)
  expect_lt(block$deep[2L], 0.75 * block$deep[1L])
  expect_equal(block$h, sum(block$deep) + 0.4 * style$pt_legend / 72)
})

test_that("in Stata's look no label of an axis has a zero before the point", {
  fit <- rma(bcg_effects$yi, bcg_effects$vi, measure = "RR", method = "DL")
  moderated <- rma(bcg_effects$yi, bcg_effects$vi, mods = seq_along(bcg_effects$yi), measure = "RR")
  figures <- list(funnel(fit, atransf = exp, style = "stata", draw = FALSE),
                  drapery(fit, atransf = exp, style = "stata", draw = FALSE),
                  funnel(fit, digits = 2, style = "stata", draw = FALSE),
                  plot(leave1out(fit), atransf = exp, style = "stata", draw = FALSE),
                  regplot(moderated, atransf = exp, style = "stata", draw = FALSE))
  for (figure in figures) {
    texts <- layout_texts(page_of(as_figure(figure)))
    ticks <- texts$label[texts$role %in% c("x_tick", "y_tick")]
    expect_true(any(grepl("^-?[.][0-9]", ticks)))
    expect_false(any(grepl("^-?0[.]", ticks)))
  }
})

test_that("lone points keep their names beside a heap, and the names of a drapery plot have a band above the peaks", {
  set.seed(1)
  x <- c(stats::runif(120, 0, 0.02), 0.5, 0.9)
  y <- c(stats::runif(120, 0, 0.02), 0.5, 0.2)
  figure <- new_figure(list(layer_points(x, y, cex = 0.35),
                            layer_labels(x, y, paste("Study", seq_along(x)), reach = 0.25)),
                       new_axis(c(0, 1), 0:1, c("0", "1")), new_axis(c(0, 1), 0:1, c("0", "1")),
                       style = scatter_style_metafor())
  expect_message(layout <- page_of(figure), class = "metaparity_message_labels_left_out")
  expect_sound_figure(layout)
  expect_true(all(c("Study 121", "Study 122") %in% layout_texts(layout)$label))
  fit <- rma(stats::rnorm(60), rep(0.1, 60), method = "EE")
  top <- function(...) as_figure(drapery(fit, ..., draw = FALSE))$y$limits[2L]
  expect_gt(top(labels = "ids"), top())
  expect_equal(top(labels = "ids", ylim = c(-3, 0)), top(ylim = c(-3, 0)))
})

test_that("no line from a point to its name runs through another name", {
  struck <- function(layout) {
    texts <- layout_texts(layout)
    texts <- texts[texts$role == "label", ]
    leaders <- Filter(function(item) length(item$x) == 2L && identical(item$col, "gray40"), items_of(layout, "line"))
    hits <- 0L
    for (line in leaders) {
      at <- seq(0, 0.999, length.out = 300)
      x <- line$x[1L] + at * diff(line$x)
      y <- line$y[1L] + at * diff(line$y)
      inside <- outer(x, texts$left + 0.012, ">") & outer(x, texts$right - 0.012, "<") &
        outer(y, texts$bottom + 0.012, ">") & outer(y, texts$top - 0.012, "<")
      hits <- hits + sum(colSums(inside) > 0)
    }
    c(leaders = length(leaders), hits = hits)
  }
  seen <- 0
  for (seed in 1:12) {
    set.seed(seed)
    k <- 15 + 3 * seed
    yi <- stats::rnorm(k, 0.3, 0.25)
    fit <- rma(yi, stats::runif(k, 0.01, 0.06), mods = ~ stats::rnorm(k),
               slab = sprintf("Investigator %d et al.", seq_len(k)))
    plain <- rma(yi, fit$vi, slab = fit$slab)
    for (plot in list(funnel(plain, label = TRUE, draw = FALSE), regplot(fit, label = TRUE, draw = FALSE),
                      baujat(plain, symbol = "slab", draw = FALSE))) {
      found <- struck(suppressMessages(page_of(plot)))
      expect_equal(found[["hits"]], 0)
      seen <- seen + found[["leaders"]]
    }
  }
  expect_gt(seen, 20)
})
