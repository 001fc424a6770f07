gosh_fit <- function(...) rma(yi, vi, data = bcg_effects, ...)

test_that("subsets and fits are metafor's for the same seed", {
  skip_if_not_installed("metafor")
  compare <- function(f, gate) {
    set.seed(1)
    b <- metafor::gosh(f$theirs, subsets = 60, progbar = FALSE)
    set.seed(1)
    a <- gosh(f$ours, subsets = 60, progbar = FALSE)
    expect_identical(a$incl, b$incl)
    expect_identical(a$fit, b$fit)
    expect_identical(names(a$res), names(b$res))
    expect_identical(names(b), intersect(names(b), names(a)))
    for (name in setdiff(names(b$res), "tau"))
      expect_gate(a$res[[name]], b$res[[name]], gate, scale = max(abs(b$res[[name]]), 1, na.rm = TRUE))
  }
  for (method in c("FE", "DL")) compare(both_fits("rma", measure = "RR", method = method), "metafor_closed")
  compare(both_fits("rma", measure = "RR"), "metafor_interval")
  compare(both_fits("rma", measure = "RR", mods = cbind(ablat = bcg_tables$ablat)), "metafor_interval")
  compare(both_fits("rma.mh", measure = "OR"), "metafor_closed")
  compare(both_fits("rma.peto"), "metafor_closed")
  five <- both_fits("rma", measure = "RR", method = "DL", data = bcg_tables[1:5, ])
  a <- gosh(five$ours, progbar = FALSE)
  b <- metafor::gosh(five$theirs, progbar = FALSE)
  expect_identical(a$incl, b$incl)
  expect_gate(a$res$H2, b$res$H2, "metafor_closed", scale = 1)
  expect_gate(a$res$estimate, b$res$estimate, "metafor_closed")
  expect_identical(utils::capture.output(print(a)), utils::capture.output(print(b)))
})

test_that("the number of threads changes nothing, and every subset is that of a fit of its own", {
  fit <- gosh_fit()
  set.seed(7)
  one <- gosh(fit, subsets = 500, progbar = FALSE, ncpus = 1)
  set.seed(7)
  expect_identical(gosh(fit, subsets = 500, progbar = FALSE, ncpus = 3), one)
  for (i in c(1L, 250L, 500L)) {
    alone <- suppressWarnings(rma(yi, vi, data = bcg_effects[one$incl[i, ], ]))
    expect_gate(one$res$estimate[i], alone$beta, "closed_form")
    expect_gate(one$res$tau2[i], alone$tau2, "closed_form", scale = 1)
  }
  offset <- gosh(rma(yi + 1e6, vi, data = bcg_effects, method = "DL"), progbar = FALSE)
  near <- gosh(gosh_fit(method = "DL"), progbar = FALSE)
  expect_equal(offset$res$QE, near$res$QE, tolerance = 1e-6)
})

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

test_that("mistakes are input errors", {
  bad <- function(code) expect_error(code, class = "metaparity_error_input")
  bad(gosh(gosh_fit(), subsets = 1))
  expect_warning(gosh(gosh_fit(), progbar = FALSE, nonsense = 1), class = "metaparity_warning_unknown")
  bad(gosh(suppressWarnings(rma(1, 1))))
  bad(gosh(rma(1:30, rep(1, 30)), subsets = 1e8 + 1))
  g <- gosh(gosh_fit(method = "FE"), subsets = 20, progbar = FALSE)
  bad(plot(g, het = "tau2"))
  bad(plot(g, out = 14))
  bad(plot(g, out = 1, col = "red"))
  bad(plot(g, hh = 2))
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
