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

test_that("labels of an axis without room for all are thinned with a message", {
  names <- paste("Trial number", 1:300)
  figure <- new_figure(list(layer_points(0.5, 1)), new_axis(c(0, 1), 0:1, c("0", "1")),
                       new_axis(c(0, 301), 1:300, names, crowded = "shrink", horizontal = TRUE),
                       style = scatter_style_metafor())
  expect_message(layout <- page_of(figure, 3, 2), class = "metaparity_message_labels_left_out")
  expect_sound_figure(layout)
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
