test_that("points, sizes and user coordinates are metafor's for every measure", {
  skip_if_not_installed("metafor")
  zero <- bcg_tables
  zero$tpos[2L] <- 0
  for (measure in c("RR", "OR", "RD", "AS")) {
    f <- both_fits("rma", measure = measure, slab = bcg_tables$study)
    expect_metafor_plot("labbe", f$ours, f$theirs, gate = "metafor_closed")
  }
  expect_metafor_plot("labbe", f$ours, f$theirs, transf = sin, gate = "metafor_closed")
  f <- both_fits("rma", measure = "OR")
  expect_metafor_plot("labbe", f$ours, f$theirs, transf = stats::plogis, ci = TRUE, pi = TRUE, gate = "metafor_closed")
  expect_metafor_plot("labbe", f$ours, f$theirs, transf = exp, flip = TRUE, plim = c(1, NA), gate = "metafor_closed")
  for (measure in c("RR", "OR", "RD")) {
    f <- both_fits("rma.mh", measure = measure, data = zero)
    expect_metafor_plot("labbe", f$ours, f$theirs, gate = "metafor_closed")
  }
})

test_that("the line of the effect joins what the effect makes of the control arm", {
  fit <- rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg_tables, measure = "OR")
  figure <- attr(labbe(fit, draw = FALSE, transf = stats::plogis), "figure")
  lines <- Filter(function(layer) layer$type == "line", figure$layers)
  expect_equal(stats::qlogis(lines[[2L]]$y) - stats::qlogis(lines[[2L]]$x), rep(fit$beta[[1L]], 1001L),
               tolerance = 1e-6)
})

test_that("person-time, legends, Chinese, and what cannot be drawn", {
  d <- data.frame(x1 = c(9, 8, 3, 10), t1 = c(413, 263, 487, 237), x2 = c(4, 0, 5, 3), t2 = c(409, 249, 490, 230))
  fit <- rma.mh(x1i = x1, t1i = t1, x2i = x2, t2i = t2, measure = "IRR", data = d)
  expect_identical(labbe(fit, draw = FALSE)$y, log(d$x1 / d$t1))
  expect_warning(labbe(fit, to = "none", draw = FALSE), class = "metaparity_warning_dropped")
  whole <- rma(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg_tables, measure = "RR")
  chinese <- page_of(labbe(whole, legend = TRUE, ci = TRUE, pi = TRUE, grid = TRUE, lang = "zh", draw = FALSE))
  expect_sound_figure(chinese)
  bad <- function(...) expect_error(labbe(..., draw = FALSE), class = "metaparity_error_input")
  bad(rma(bcg_effects$yi, bcg_effects$vi))
  bad(rma(yi, vi, data = escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg_tables), measure = "RR"))
  bad(whole, pch = 1:3)
  bad(whole, xlim = 1)
  bad(whole, legend = "nowhere")
})

test_that("tables given by events and group sizes have the places of those given by events and non-events", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  d <- metadat::dat.damico2009
  at <- function(rma, labbe) {
    grDevices::pdf(NULL)
    on.exit(grDevices::dev.off())
    labbe(rma(measure = "OR", ai = xt, n1i = nt, ci = xc, n2i = nc, data = d, method = "DL", subset = 3:14))
  }
  a <- at(rma, labbe)
  b <- at(metafor::rma, metafor::labbe)
  for (name in c("x", "y", "cex", "ids")) expect_equal(as.numeric(a[[name]]), as.numeric(b[[name]]),
                                                       info = name, tolerance = 1e-8)
})
