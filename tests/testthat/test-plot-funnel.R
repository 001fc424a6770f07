fit <- rma(yi, vi, data = bcg_effects, slab = study)
shown <- function(...) funnel(..., draw = FALSE)
texts_of <- function(x, role, ...) {
  texts <- layout_texts(page_of(x, ...))
  texts$label[texts$role == role]
}

# metafor's return value, drawn on a device that keeps nothing.
metafor_funnel <- function(...) {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  metafor::funnel(...)
}

test_that("the points are metafor's on every y axis", {
  skip_if_not_installed("metafor")
  sized <- structure(bcg_effects$yi, ni = seq(100, 1300, by = 100), measure = "GEN")
  theirs <- metafor::rma(sized, vi, data = bcg_effects, slab = study)
  ours <- rma(sized, vi, data = bcg_effects, slab = study)
  for (yaxis in names(funnel_scales)) {
    a <- shown(ours, yaxis = yaxis)
    b <- metafor_funnel(theirs, yaxis = yaxis)
    expect_gate(a$x, b$x, "metafor_closed")
    expect_gate(a$y, b$y, if (yaxis == "wi") "metafor_iterative" else "metafor_closed")
    expect_identical(as.character(a$slab), as.character(b$slab))
    expect_sound_figure(page_of(a))
  }
})

test_that("a meta-regression shows metafor's residuals", {
  skip_if_not_installed("metafor")
  year <- as.numeric(sub(".* ", "", bcg_effects$study))
  for (method in c("REML", "FE")) {
    a <- shown(rma(bcg_effects$yi, bcg_effects$vi, mods = ~ year, method = method))
    b <- metafor_funnel(metafor::rma(bcg_effects$yi, bcg_effects$vi, mods = ~ year, method = method))
    expect_gate(a$x, b$x, "metafor_iterative", scale = 1)
    expect_gate(a$y, b$y, "metafor_iterative")
  }
  expect_identical(texts_of(a, "x_title"), "Residual Value")
  a <- shown(rma(bcg_effects$yi, bcg_effects$vi, mods = ~ year), type = "rstudent")
  b <- metafor_funnel(metafor::rma(bcg_effects$yi, bcg_effects$vi, mods = ~ year), type = "rstudent")
  expect_gate(a$x, b$x, "metafor_iterative", scale = 1)
  w <- seq(1, 3, length.out = 13)
  a <- shown(rma(bcg_effects$yi, bcg_effects$vi, weights = w, mods = ~ year))
  b <- metafor_funnel(metafor::rma(bcg_effects$yi, bcg_effects$vi, weights = w, mods = ~ year))
  expect_gate(a$y, b$y, "metafor_iterative")
})

test_that("trim and fill: filled points are open and counted", {
  skip_if_not_installed("metafor")
  a <- shown(trimfill(fit), legend = TRUE)
  b <- metafor_funnel(metafor::trimfill(metafor::rma(yi, vi, data = bcg_effects, slab = study)))
  expect_identical(a$fill, b$fill)
  expect_gate(a$x, b$x, "metafor_iterative", scale = 1)
  expect_gate(a$y, b$y, "metafor_iterative")
  marks <- Filter(function(layer) layer$type == "points", attr(a, "figure")$layers)[[1L]]$data
  expect_true(all(marks$pch[a$fill] == 21) && all(marks$pch[!a$fill] == 19))
  expect_true(all(c("Observed Studies", "Imputed Studies") %in% texts_of(a, "legend")))
  expect_sound_figure(page_of(a))
})

test_that("whichever funnel() is found draws our fit", {
  skip_if_not_installed("metafor")
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_s3_class(attr(metafor::funnel(fit), "figure"), "metaparity_figure")
  expect_s3_class(attr(metafor::radial(fit), "figure"), "metaparity_figure")
})

test_that("plain estimates are plotted around 0", {
  a <- shown(bcg_effects$yi, bcg_effects$vi)
  expect_equal(a$y, sqrt(bcg_effects$vi))
  expect_equal(attr(shown(bcg_effects$yi, sei = sqrt(bcg_effects$vi)), "figure")$data, attr(a, "figure")$data)
  b <- shown(bcg_effects, subset = 1:5)
  expect_identical(nrow(b), 5L)
  named <- shown(bcg_effects$yi, bcg_effects$vi, slab = bcg_effects$study, label = "all")
  expect_setequal(texts_of(named, "label"), bcg_effects$study)
  expect_sound_figure(page_of(named))
})

test_that("contours have a legend of p values or of levels", {
  contour <- shown(fit, level = c(90, 95, 99), refline = 0, legend = TRUE)
  expect_sound_figure(page_of(contour))
  expect_identical(sum(vapply(attr(contour, "figure")$layers, function(layer) layer$type == "polygon", NA)), 4L)
  expect_length(texts_of(contour, "legend"), 5L)
  levels <- texts_of(shown(fit, level = c(90, 99), legend = list(show = "cis", studies = FALSE)), "legend")
  expect_identical(levels, c("90% CI region", "99% CI region", "Outside 99% CI"))
  expect_identical(texts_of(shown(fit, legend = list(show = NA)), "legend"), "Studies")
  for (place in c("topleft", "bottomright", "above", "below")) {
    expect_sound_figure(page_of(shown(fit, legend = place)))
  }
})

test_that("a legend may be a list of its place and look", {
  runs <- function(...) {
    layout <- page_of(shown(fit, ...))
    texts <- layout_texts(layout)
    list(layout = layout, texts = texts[texts$role == "legend", ],
         box = Filter(function(item) isTRUE(item$keep_off), layout$items))
  }
  plain <- runs(legend = "topleft")
  small <- runs(legend = list(x = "topleft", cex = 0.5))
  expect_equal(diff(unlist(small$texts[1L, c("bottom", "top")])), diff(unlist(plain$texts[1L, c("bottom", "top")])) / 2,
               tolerance = 0.1, ignore_attr = TRUE)
  expect_length(runs(legend = list(x = "topleft", bty = "n"))$box, 0L)
  expect_identical(runs(legend = list(x = "topleft", bg = "red"))$box[[1L]]$fill, "red")
  inset <- runs(legend = list(x = "topleft", inset = c(0.5, 0)))
  panel <- inset$layout$panel
  expect_gt(inset$texts$left[1L], mean(panel[c(1L, 3L)]))
  placed <- runs(legend = list(x = -0.5, y = 0.3))
  figure <- attr(shown(fit), "figure")
  expect_gt(placed$texts$left[1L], scatter_map(figure, panel)$x(-0.5))
  expect_lt(placed$texts$top[1L], scatter_map(figure, panel)$y(0.3))
  expect_sound_figure(runs(legend = list(x = -99, y = 99))$layout)
  keys <- function(...) max(do.call(rbind, lapply(items_of(page_of(shown(fit, ...)), "points"), `[[`, "data"))$cex)
  expect_equal(keys(legend = list(pt.cex = 3)), 3 * keys(legend = TRUE))
  for (bad in list(list(x = 1), list(x = "here"), list(show = "both"), list(studies = 3), list(inset = "a"),
                   list(cex = -1))) {
    expect_error(shown(fit, legend = bad), class = "metaparity_error_input")
  }
  expect_warning(shown(fit, legend = list(place = "top")), class = "metaparity_warning_input")
})

test_that("labels: all, out, the most extreme", {
  z <- abs(bcg_effects$yi - fit$beta[1L]) / sqrt(bcg_effects$vi)
  expect_setequal(texts_of(shown(fit, label = "out"), "label"), bcg_effects$study[z > stats::qnorm(0.975)])
  expect_setequal(texts_of(shown(fit, label = 2), "label"), bcg_effects$study[order(-z)[1:2]])
  expect_length(texts_of(shown(fit, label = TRUE), "label"), 13L)
  expect_length(texts_of(shown(fit), "label"), 0L)
})

test_that("axes: transformed labels, given ticks, digits", {
  ratio <- shown(fit, atransf = exp, at = log(c(0.125, 0.5, 1, 2)), digits = 3L)
  expect_identical(texts_of(ratio, "x_tick"), c("0.125", "0.5", "1", "2"))
  expect_true("1" %in% texts_of(shown(fit, atransf = exp), "x_tick"))
  expect_true("0.4" %in% texts_of(shown(bcg_effects$yi, bcg_effects$vi, atransf = stats::plogis), "x_tick"))
  twice <- shown(bcg_effects$yi, bcg_effects$vi, atransf = function(v, targs) targs$by * v, targs = list(by = 2),
                 at = c(-1, 1))
  expect_identical(texts_of(twice, "x_tick"), c("-2", "2"))
  expect_identical(texts_of(shown(fit, ylim = c(0, 0.8), digits = c(1, 2)), "y_tick")[c(1, 5)], c("0.80", "0.00"))
  expect_warning(shown(fit, xlim = c(-1, 1)), class = "metaparity_warning_input")
  expect_warning(shown(fit, nonsense = 1), class = "metaparity_warning_input")
  expect_identical(texts_of(shown(fit, main = "Title"), "title"), "Title")
})

test_that("symbols and colours of observed and filled studies", {
  filled <- trimfill(fit)
  marks <- function(...) {
    figure <- attr(shown(filled, ...), "figure")
    Filter(function(layer) layer$type == "points", figure$layers)[[1L]]$data
  }
  open <- filled$fill
  m <- marks(pch.fill = 24, col = c("red", "blue"), bg = c("white", "yellow"))
  expect_true(all(m$pch[open] == 24) && all(m$pch[!open] == 19))
  expect_true(all(m$col == ifelse(open, "blue", "red")) && all(m$bg == ifelse(open, "yellow", "white")))
  plain <- attr(shown(bcg_effects$yi, bcg_effects$vi, pch.fill = 24), "figure")
  points <- Filter(function(layer) layer$type == "points", plain$layers)[[1L]]$data
  expect_true(all(points$pch == 19))
})

test_that("both styles, one study, equal studies, many studies, extreme scales, Chinese labels", {
  expect_sound_figure(page_of(shown(fit, style = style_stata(), legend = TRUE)))
  expect_sound_figure(page_of(shown(fit, style = "stata")))
  expect_sound_figure(page_of(shown(0.5, sei = 0.2)))
  expect_sound_figure(page_of(shown(rep(0, 4), sei = rep(1, 4))))
  set.seed(2)
  many <- shown(stats::rnorm(3000), sei = stats::runif(3000, 0.1, 1), label = 30)
  expect_sound_figure(page_of(many))
  for (s in c(1e-9, 1e9)) expect_sound_figure(page_of(shown(s * bcg_effects$yi, sei = s * sqrt(bcg_effects$vi))))
  chinese <- shown(bcg_effects$yi, bcg_effects$vi, label = "all",
                   slab = sprintf("\u674e\u950b\u7b49 (%d)", 2001:2013))
  expect_sound_figure(page_of(chinese))
})

test_that("mistakes are input errors", {
  bad <- function(...) expect_error(shown(...), class = "metaparity_error_input")
  bad(fit, yaxis = "height")
  bad(fit, yaxis = "ni")
  bad(fit, level = 120)
  bad(fit, xlim = 1)
  bad(fit, label = "some")
  bad(fit, legend = "nowhere")
  bad(fit, slab = c("a", "b"))
  bad(fit, style = "nonsense")
  bad(c(0.1, 0.2))
  bad(c(0.1, 0.2), vi = 1)
  bad(c(0.1, 0.2), vi = c(1, 1), yaxis = "ni")
  bad(data.frame(a = 1:3))
  bad(fit, type = "raw")
  expect_warning(shown(c(0.1, NA, 0.3), sei = c(1, 1, 0.5)), class = "metaparity_warning_dropped")
  expect_error(suppressWarnings(shown(c(NA_real_, NA), sei = c(1, 1))), class = "metaparity_error_input")
})

test_that("Mantel-Haenszel and Peto fits, subgroups and studies without estimate", {
  skip_if_not_installed("metafor")
  d <- data.frame(ai = c(4, 6, 0, 62, 10), n1 = c(123, 306, 20, 13598, 100), ci = c(11, 29, 0, 248, 14),
                  n2 = c(139, 303, 20, 12867, 90))
  mh <- suppressWarnings(rma.mh(ai = ai, n1i = n1, ci = ci, n2i = n2, data = d))
  theirs <- suppressWarnings(metafor::rma.mh(ai = ai, n1i = n1, ci = ci, n2i = n2, data = d))
  for (verb in c("funnel", "radial")) {
    a <- if (verb == "funnel") shown(mh) else radial(mh, draw = FALSE)
    grDevices::pdf(NULL)
    b <- getExportedValue("metafor", verb)(theirs)
    grDevices::dev.off()
    expect_gate(a$x, b$x, "metafor_closed")
    expect_gate(a$y, b$y, "metafor_closed")
    expect_identical(as.character(a$slab), as.character(b$slab))
  }
  expect_identical(a$ids, b$ids)
  w <- stats::weights(mh)
  expect_equal(shown(mh, yaxis = "wi")$y, unname(w[c(1, 2, 4, 5)]))
  expect_identical(texts_of(shown(mh), "x_title"), "Log Odds Ratio")
  expect_identical(texts_of(shown(mh, atransf = exp), "x_title"), "Odds Ratio (log scale)")
  peto <- suppressWarnings(rma.peto(ai = ai, n1i = n1, ci = ci, n2i = n2, data = d))
  expect_identical(nrow(shown(peto, yaxis = "wi")), 4L)
  groups <- rma(yi, vi, data = bcg_effects, by = rep(c("a", "b"), length.out = 13))
  expect_equal(shown(groups)$x, shown(fit)$x, ignore_attr = TRUE)
  expect_identical(radial(groups, draw = FALSE)$x, radial(fit, draw = FALSE)$x)
})

test_that("fields, rows and user coordinates are metafor's", {
  skip_if_not_installed("metafor")
  f <- both_fits("rma", measure = "RR", slab = bcg_tables$study)
  plot_of <- function(...) expect_metafor_plot("funnel", f$ours, f$theirs, ...)
  for (yaxis in names(funnel_scales)) {
    plot_of(yaxis = yaxis)
    if (yaxis != "wi") plot_of(yaxis = yaxis, refline = NULL)
  }
  plot_of(level = c(90, 95, 99), refline = 0, legend = TRUE)
  plot_of(addtau2 = TRUE, atransf = exp)
  plot_of(xlim = c(-4, 3), ylim = c(0, 1))
  plot_of(ylim = c(1, 0), at = c(-3, 0, 3), label = "out")
  plot_of(yaxis = "seinv", ylim = c(1, 18), refline2 = 0)
  g <- both_fits("rma", measure = "RR", subset = 3:12, mods = cbind(bcg_tables$ablat))
  expect_metafor_plot("funnel", g$ours, g$theirs)
  expect_metafor_plot("funnel", trimfill(f$ours), metafor::trimfill(f$theirs))
  for (verb in c("rma.mh", "rma.peto")) {
    h <- both_fits(verb)
    expect_metafor_plot("funnel", h$ours, h$theirs)
    expect_metafor_plot("radial", h$ours, h$theirs)
  }
  plain <- function(package) function(...) getExportedValue(package, "funnel")(bcg_effects$yi, bcg_effects$vi, ...)
  for (at in list(NULL, c(-5, 0))) {
    args <- list(subset = 2:9, slab = bcg_effects$study, at = at)[c(TRUE, TRUE, !is.null(at))]
    a <- b <- NULL
    usr <- usr_after(b <- do.call(plain("metafor"), args))
    expect_equal(usr_after(a <- do.call(plain("metaparity"), args)), usr)
    attr(a, "figure") <- NULL
    expect_equal(a, b)
  }
})

test_that("columns of the data come before variables of the caller", {
  fit <- rma(yi, vi, data = bcg_effects, slab = study, subset = 2:10)
  vi <- NULL
  marks <- function(...) Filter(function(layer) layer$type == "points",
                                attr(shown(fit, ...), "figure")$layers)[[1L]]$data
  m <- marks(pch = ifelse(yi > -1, 19, 21), col = ifelse(sqrt(vi) > 0.3, "red", "blue"))
  expect_equal(m$pch, ifelse(bcg_effects$yi[2:10] > -1, 19, 21))
  expect_equal(m$col, ifelse(sqrt(bcg_effects$vi[2:10]) > 0.3, "red", "blue"))
  wrapper <- function(symbols, ...) shown(fit, pch = symbols, ...)
  expect_silent(wrapper(rep(1, 13), label = TRUE))
  expect_error(shown(fit, pch = 1:4), class = "metaparity_error_input")
})

test_that("groups have symbols and a legend of their own", {
  expect_symbols <- function(x, n) {
    marks <- Filter(function(layer) layer$type == "points", attr(x, "figure")$layers)[[1L]]$data
    expect_identical(nrow(unique(marks[c("pch", "col")])), n)
    expect_sound_figure(page_of(x))
  }
  place <- rep(c("North", "South", "East"), length.out = 13)
  expect_symbols(shown(fit, by = place), 3L)
  expect_symbols(shown(fit, by = place, style = "stata"), 3L)
  expect_symbols(shown(bcg_effects$yi, bcg_effects$vi, by = place, subset = 1:6), 3L)
  groups <- rma(yi, vi, data = bcg_effects, by = place)
  expect_setequal(texts_of(shown(groups), "legend"), c("North", "South", "East"))
  expect_identical(texts_of(shown(groups, legend = FALSE), "legend"), character())
  expect_error(shown(fit, by = 1:3), class = "metaparity_error_input")
})

test_that("both orientations, a second funnel, places of the legend, words of par()", {
  turned <- shown(fit, horizontal = TRUE, level = c(90, 95), label = "out", legend = TRUE)
  expect_sound_figure(page_of(turned))
  expect_equal(turned[c("x", "y")], stats::setNames(shown(fit)[c("y", "x")], c("x", "y")), ignore_attr = TRUE)
  layout <- page_of(turned)
  expect_lt(layout$xlim[1L], layout$xlim[2L])
  dashed <- Filter(function(layer) layer$type == "line" && layer$lty == 2,
                   attr(shown(fit, refline2 = 0), "figure")$layers)
  expect_length(dashed, 3L)
  for (place in c("top", "bottom", "left", "right", "center")) expect_sound_figure(page_of(shown(fit, legend = place)))
  expect_sound_figure(page_of(shown(fit, cex = 2, cex.lab = 1.3, cex.axis = 0.7, las = 1, bty = "o", main = "Title")))
  expect_identical(texts_of(shown(fit, xaxt = "n"), "x_tick"), character())
  contours <- shown(fit, level = c(90, 95, 99), refline = 0, shade = c("white", "gray60", "gray75"),
                    legend = TRUE, style = "stata")
  expect_length(texts_of(contours, "legend"), 5L)
})

test_that("texts follow lang", {
  expect_identical(texts_of(shown(fit, lang = "zh"), "y_title"), translate("Standard Error", "zh"))
  expect_identical(texts_of(shown(fit), "y_title"), "Standard Error")
})

test_that("digits may be a list that keeps whole numbers whole", {
  listed <- shown(fit, ylim = c(0, 0.8), at = c(-2, 0, 1), digits = list(1L, 1))
  expect_identical(texts_of(listed, "x_tick"), c("-2", "0", "1"))
  expect_identical(texts_of(listed, "y_tick")[5L], "0.0")
})

test_that("the y axis has round ticks unless steps or metafor's look ask for equal ones", {
  expect_identical(texts_of(shown(fit), "y_tick"), c("0.6", "0.4", "0.2", "0"))
  largest <- max(sqrt(bcg_effects$vi))
  expect_equal(attr(funnel(fit, steps = 5, draw = FALSE), "figure")$y$at, seq(largest, 0, length.out = 5))
  expect_equal(attr(funnel(fit, style = "metafor", draw = FALSE), "figure")$y$at, seq(largest, 0, length.out = 5))
  expect_length(attr(funnel(bcg_effects$yi, bcg_effects$vi, steps = 7, draw = FALSE), "figure")$y$at, 7L)
  for (yaxis in c("vi", "seinv", "vinv")) {
    at <- attr(funnel(fit, yaxis = yaxis, draw = FALSE), "figure")$y$at
    expect_equal(at, signif(at, 2))
  }
})
