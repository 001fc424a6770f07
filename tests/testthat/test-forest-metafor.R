# Fields that metafor's forest() returns and par("usr") against ours, for the same data and arguments. Deliberate
# differences:
# - texts have 9 points unless `cex` is given;
# - ticks include the value of no effect, also where it is near the intervals; ratios have ticks that are round as
# ratios;
#   steps of given limits that are not round numbers give way to round ones;
# - an estimate that is missing keeps its row;
# - cumulative results have a row of all studies, which `own` leaves out here;
# - where the texts do not fit between metafor's limits the plot has wider ones.

compare_forests <- function(theirs, ours, arguments, but = NULL, page = c(9, 9), own = NULL) {
  draw <- function(verb, x, arguments) {
    grDevices::pdf(NULL, page[1L], page[2L])
    on.exit(grDevices::dev.off())
    out <- suppressMessages(do.call(verb, c(list(x), arguments), quote = TRUE))
    c(unclass(out), list(usr = graphics::par("usr"), mar = graphics::par("mar")))
  }
  a <- draw(metafor::forest, theirs, arguments)
  b <- draw(forest, ours, c(arguments, own))
  given <- names(arguments)
  expect_identical(names(b)[seq_len(11L)], names(a)[seq_len(11L)])
  skip <- c(if (!"cex" %in% given) setdiff(c("cex", "cex.lab", "cex.axis"), given), but)
  for (field in setdiff(names(a), skip)) {
    expect_equal(unname(b[[field]]), unname(a[[field]]), info = paste(field, "of", toString(given)), tolerance = 1e-6)
    if (field == "rows") expect_identical(typeof(b$rows), typeof(a$rows), info = paste(field, "of", toString(given)))
  }
}

bcg_pair <- function(...) {
  dat <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg,
                         slab = paste(author, year, sep = ", "))
  list(dat = dat, theirs = metafor::rma(yi, vi, data = dat, ...), ours = rma(yi, vi, data = dat, ...))
}

test_that("fields of a fit agree", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  x <- bcg_pair()
  at <- log(c(0.05, 0.25, 1, 4))
  dose <- x$dat[, c("tpos", "tneg", "cpos", "cneg")]
  book <- list(xlim = c(-16, 4.6), at = at, atransf = exp, ilab = dose, ilab.lab = c("TB+", "TB-", "TB+", "TB-"),
               ilab.xpos = c(-9.5, -8, -6, -4.5), cex = 0.75, header = "Author(s) and Year")
  groups <- list(ylim = c(-2, 28), top = 4, order = x$dat$alloc, rows = c(3:4, 9:15, 20:23), psize = 1)
  cases <- list(list(), book, c(book, groups), list(atransf = exp, at = at, xlim = c(-16, 6)), list(header = FALSE),
                list(alim = c(-3, 1)), list(steps = 3), list(steps = 7), list(steps = 8),
                list(transf = exp, alim = c(0, 4)), list(rows = c(3:4, 9:15, 20:23)), list(rows = 20),
                list(ylim = c(-4, 20)), list(ylim = -3), list(ylim = c(-2, 19), top = 5), list(top = 4), list(top = 0),
                list(annotate = FALSE), list(showweights = TRUE), list(textpos = c(-10, 6), xlim = c(-11, 7)),
                list(ilab = x$dat$tpos, ilab.xpos = -5, ilab.pos = 2), list(olim = c(-2, 0)), list(slab = NA),
                list(cex = 0.6, cex.lab = 0.5, cex.axis = 0.7), list(level = 80), list(refline = c(0, -0.7)),
                list(clim = c(-2, 1)), list(at = c(-2, -1, 0)), list(at = c(-2, -1, 0), alim = c(-3, 1)),
                list(digits = c(2L, 1L)), list(order = "prec", rows = 25:13), list(shade = TRUE),
                list(efac = c(0, 1, 2)),
                list(psize = 1:13, pch = 18, colout = "red"))
  for (case in cases) compare_forests(x$theirs, x$ours, case)
  for (style in c("polygon", "bar", "shade", "dist")) {
    compare_forests(x$theirs, x$ours, list(addpred = TRUE, predstyle = style))
  }
  compare_forests(x$theirs, x$ours, list(addfit = FALSE))
  compare_forests(x$theirs, x$ours, list(addpred = TRUE))
  compare_forests(x$theirs, x$ours, list(atransf = exp), "at")
  compare_forests(x$theirs, x$ours, list(alim = c(-3, 1.7)), "at")
  expect_identical(length(cases), 34L)
})

test_that("fields of estimates, cumulative results, other fits and other data agree", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  x <- bcg_pair()
  dat <- x$dat
  yi <- as.numeric(dat$yi)
  for (case in list(list(vi = dat$vi), list(sei = sqrt(dat$vi)), list(ci.lb = yi - 1, ci.ub = yi + 1),
                    list(vi = dat$vi, rows = c(3:4, 9:15, 20:23)), list(vi = dat$vi, subset = 1:5),
                    list(vi = dat$vi, subset = dat$year > 1960, order = "obs"), list(vi = dat$vi, ylim = c(-2, 20)),
                    list(vi = dat$vi, top = 2), list(vi = dat$vi, header = c("A", "B")), list(vi = dat$vi, at = -3:1),
                    list(vi = dat$vi, level = 90, refline = NA), list(vi = dat$vi, xlim = c(-8, 5), cex = 0.8))) {
    compare_forests(yi, yi, case)
  }
  cumulated <- list(metafor::cumul(x$theirs, order = dat$year), cumul(x$ours, order = dat$year))
  for (case in list(list(), list(atransf = exp, at = log(c(0.125, 0.25, 0.5, 1, 2))), list(rows = 20:8),
                    list(xlim = c(-6, 5), header = "A", cex = 0.8), list(transf = exp),
                    list(ilab = dat$year, ilab.xpos = -3.5))) {
    compare_forests(cumulated[[1L]], cumulated[[2L]], case, own = list(addfit = FALSE))
  }
  compare_forests(metafor::rma(yi, vi, mods = ~ablat, data = dat), rma(yi, vi, mods = ~ablat, data = dat), list())
  compare_forests(metafor::trimfill(x$theirs), trimfill(x$ours), list())
  for (d in list(metadat::dat.konstantopoulos2011, metadat::dat.raudenbush1985)) {
    compare_forests(metafor::rma(yi, vi, data = d), rma(yi, vi, data = d), list())
  }
})

test_that("coordinates are where metafor's are: a text at the left end of xlim is flush with the labels", {
  x <- forest(c(-1, 1), sei = c(1, 1), slab = c("a", "b"), xlim = c(-9, 8), cex = 0.7, plot = FALSE)$layout
  label <- x$texts$x[x$texts$role == "label"][1L]
  expect_equal(user_x(label - text_offset, x), -9)
  cell <- x$texts[x$texts$role == "cell", ]
  expect_equal(user_x(max(cell$x) + text_offset, x), 8)
})

test_that("tables without an estimate stand where metafor has them under na.pass, and can be left out as under na.omit",
          {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  fit <- function(rma.mh) suppressWarnings(rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, slab = study,
                                                  data = metadat::dat.hahn2001))
  expect_lt(fit(rma.mh)$k.yi, fit(rma.mh)$k)
  theirs <- fit(metafor::rma.mh)
  on_page({
    old <- options(na.action = "na.pass")
    all <- metafor::forest(theirs)
    options(old)
    known <- metafor::forest(theirs)
  })
  expect_equal(on_page(forest(fit(rma.mh)))[c("rows", "ylim")], all[c("rows", "ylim")])
  expect_equal(on_page(forest(fit(rma.mh), excluded = FALSE))[c("rows", "ylim")], known[c("rows", "ylim")])
})

test_that("coordinates do not depend on the page, and par(usr) and the caller's margins are left as metafor leaves them", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  x <- bcg_pair()
  dose <- as.matrix(x$dat[, c("tpos", "tneg", "cpos", "cneg")])
  plain <- unname(dose)
  pages <- list(c(7, 7), c(10, 5), c(5, 9))
  cases <- c(list(list(), list(showweights = TRUE), list(annotate = FALSE), list(slab = NA), list(digits = 0),
                  list(digits = c(3, 1)),
                  list(addpred = TRUE), list(xlim = c(-10, 8)), list(textpos = c(-7, 6)), list(ylim = c(-5, 30)),
                  list(rows = 13.5)),
             lapply(1:4, function(n) list(ilab = plain[, seq_len(n)])))
  for (case in cases) compare_forests(x$theirs, x$ours, case, page = pages[[1L]])
  for (page in pages[-1L]) for (case in cases[c(1L, 2L, 15L)]) compare_forests(x$theirs, x$ours, case, page = page)
  expect_identical(length(cases), 15L)
  for (transf in list(exp, function(v) -v))
    compare_forests(x$theirs, x$ours, list(transf = transf, at = c(0, 1, 2)), page = c(7, 7))
})

test_that("what a script adds lands in the plot", {
  grDevices::pdf(NULL, 7, 7)
  on.exit(grDevices::dev.off())
  fit <- rma(c(-0.9, -1.6, -1.3), c(0.3, 0.2, 0.4), slab = c("Ames", "Bell", "Cole"))
  for (style in c("metafor", "stata", "revman")) {
    x <- forest(fit, style = style)
    layout <- x$layout
    expect_equal(graphics::par("usr"), c(x$xlim, x$ylim))
    across <- graphics::grconvertX(c(x$xlim, x$at), "user", "inches")
    expect_true(all(across > 0 & across < 7))
    tick <- graphics::grconvertX(x$at, "user", "inches")
    expect_equal(diff(tick), diff(layout$axis$x))
    rows <- graphics::grconvertY(x$rows, "user", "inches")
    expect_equal(diff(rows), rep(layout$pitch, 2L))
    graphics::layout(matrix(1:4, 2L))
    graphics::plot(1)
    y <- suppressMessages(forest(fit, style = style))
    expect_equal(graphics::par("usr"), c(y$xlim, y$ylim))
    graphics::layout(1)
  }
})

test_that("where the texts do not fit between metafor's limits, xlim is wider and a message says so", {
  fit <- rma(c(-0.9, -1.6, -1.3), c(0.3, 0.2, 0.4), slab = strrep(c("a", "b", "c"), 80))
  grDevices::pdf(NULL, 4, 4)
  on.exit(grDevices::dev.off())
  suppressMessages(expect_message(x <- forest(fit, showweights = TRUE, ilab = cbind(1:3, 4:6, 7:9)),
                                  class = "metaparity_message_widened"))
  expect_equal(graphics::par("usr"), c(x$xlim, x$ylim))
  expect_sound_layout(x$layout)
})

test_that("at metafor's places narrow columns, their headings and the axis' numbers keep apart and on the page", {
  d <- data.frame(yi = c(0.02, -0.04, 0.05, 0.01), vi = c(0.002, 0.004, 0.003, 0.001))
  fit <- rma(yi, vi, data = d)
  beside <- data.frame(rep(10:11, 2), c(1, 0, 1, 1))
  names(beside) <- c("A long heading of it", "n")
  expect_sound_layout(layout_of(fit, ilab = beside, header = FALSE, size = c(7, 7)))
  wide <- rma(c(-400, 900, 100, 350), rep(90^2, 4))
  for (size in list(c(NA_real_, NA_real_), c(7, 7), c(10, 5))) {
    layout <- layout_of(wide, annotate = FALSE, header = FALSE, alim = c(-1000, 1000), size = size)
    expect_sound_layout(layout)
    if (!is.na(size[1L])) expect_lte(layout$width, size[1L] + 0.035)
  }
})
