gosh_fit <- function(...) rma(yi, vi, data = bcg_effects, ...)

test_that("plots have their marginal distributions, colours and a legend; a meta-regression has a matrix", {
  g <- gosh(gosh_fit(method = "FE"), subsets = 400, progbar = FALSE)
  figure <- plot(g, out = 8, main = "GOSH", breaks = 40, draw = FALSE)
  expect_sound_figure(page_of(figure))
  bare <- page_of(plot(g, xhist = FALSE, yhist = FALSE, het = "QE", draw = FALSE))
  expect_gt(length(items_of(page_of(figure), "polygon")), length(items_of(bare, "polygon")) + 20L)
  expect_length(texts_with_role(page_of(figure), "legend"), 2L)
  big <- rma(seq(-1, 1, length.out = 30), rep(c(0.1, 0.2), 15), method = "FE")
  drawn <- items_of(page_of(plot(gosh(big, subsets = 3e4, progbar = FALSE), draw = FALSE)), "points")[[1L]]$data
  expect_lt(nrow(drawn), 3e4)
  m <- gosh(gosh_fit(mods = ~ vi), subsets = 100, progbar = FALSE)
  page <- page_of(plot(m, lang = "zh", draw = FALSE))
  expect_identical(overlapping_texts(page), character())
  expect_length(page$parts, 9L)
  ends <- range(graphics::hist(g$res$estimate, plot = FALSE)$breaks)
  expect_equal(usr_after(plot(g)), c(expand_limits(ends, 0.04), -4, 104))
})

test_that("the panel has the user coordinates of metafor's plot without histograms", {
  skip_if_not_installed("metafor")
  ours <- rma(yi, vi, data = bcg_effects, method = "EE")
  theirs <- metafor::rma(yi, vi, data = bcg_effects, method = "EE")
  set.seed(1)
  a <- gosh(ours, subsets = 300, progbar = FALSE)
  set.seed(1)
  b <- metafor::gosh(theirs, subsets = 300, progbar = FALSE)
  for (ask in list(list(), list(het = "QE"), list(het = "H2", breaks = 20), list(xlim = c(-1, 0), ylim = c(0, 50)))) {
    usr <- usr_after(do.call(plot, c(list(b, xhist = FALSE, yhist = FALSE), ask)))
    # With histograms metafor leaves those of the last one; here the panel's stay.
    for (hist in c(FALSE, TRUE)) expect_equal(usr_after(do.call(plot, c(list(a, xhist = hist, yhist = hist), ask))),
                                              usr)
  }
})
