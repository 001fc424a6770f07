est <- c(-0.6, -0.2, 0.1, 0.3)
sei <- c(0.35, 0.2, 0.15, 0.3)
fit <- rma(est, sei = sei, slab = c("Ames", "Bell", "Cole", "Dunn"))

test_that("metafor's fields come back, and coordinates are metafor's", {
  on_page({
    r <- forest(fit)
    expect_identical(names(r)[1:7], c("xlim", "alim", "at", "ylim", "rows", "cex", "cex.lab"))
    expect_equal(r$rows, 1:4)
    graphics::abline(h = 1)
    usr <- graphics::par("usr")
    expect_lt(usr[3L], 1)
    expect_gt(usr[4L], 4)
  })
})

test_that("par() is restored, also inside par(mfrow)", {
  keep <- c("mar", "cex", "pty", "xpd", "mfrow", "font", "family", "oma")
  grDevices::pdf(NULL, 12, 8)
  on.exit(grDevices::dev.off())
  graphics::par(mfrow = c(1, 2))
  before <- graphics::par(keep)
  forest(fit)
  forest(fit)
  expect_identical(graphics::par(keep), before)
  expect_identical(graphics::par("mfg")[1:2], c(1L, 2L))
})

test_that("a device that is too small gives one message that names the size", {
  grDevices::pdf(NULL, 3, 2)
  on.exit(grDevices::dev.off())
  expect_message(forest(fit), class = "metaparity_message_scaled")
})

test_that("a Chinese forest plot in pdf() loses no character and warns of nothing", {
  labels <- c("\u859b\u5ddd\u4e91 (2020) a", "\u5b8b\u6c38\u5761", "\u90ed\u632f\u56fd", "Sadegh")
  zh <- rma(est, sei = sei, slab = labels)
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file, 7, 4)
  expect_no_warning <- function(code) expect_warning(code, NA)
  expect_no_warning(suppressMessages(forest(zh, style = "stata", main = "\u7ef4\u751f\u7d20 D: I^2 = 50%")))
  grDevices::dev.off()
  expect_gt(file.size(file), 1000)
  unlink(file)
})

test_that("plain numbers, data frames and escalc data frames are drawn", {
  frame <- data.frame(study = letters[1:4], est = est, lower = est - 1, upper = est + 1)
  expect_identical(layout_of(frame)$rows$label, letters[1:4])
  expect_equal(layout_of(frame)$rows$lo, est - 1)
  expect_identical(layout_of(frame, slab = toupper(study))$rows$label, LETTERS[1:4])
  expect_equal(layout_of(frame, sei = est + 1)$rows$hi, est + qnorm(0.975) * (est + 1))
  expect_equal(layout_of(est, ci.lb = est - 2, ci.ub = est + 2)$rows$hi, est + 2)
  e <- escalc("GEN", yi = est, sei = sei)
  expect_equal(layout_of(e)$rows$est, est)
  expect_error(layout_of(data.frame(a = 1)), class = "metaparity_error_input")
  expect_error(layout_of(est), class = "metaparity_error_input")
  expect_error(layout_of(est, vi = 1:3), class = "metaparity_error_input")
  expect_error(layout_of(est, vi = c(1, -1, 1, 1)), class = "metaparity_error_studies")
})

test_that("arguments may name columns of the data", {
  d <- data.frame(yi = est, vi = sei^2, n = c(10, 20, 30, 40), year = c(4, 3, 2, 1), name = LETTERS[1:4])
  f <- rma(yi, vi, data = d, slab = name)
  rows <- layout_of(f, ilab = n, order = year)$rows
  expect_identical(rows$label[1:4], c("D", "C", "B", "A"))
  local_labels <- letters[1:4]
  wrapper <- function(labels) forest_size(f, slab = labels)
  expect_identical(wrapper(local_labels), forest_size(f, slab = letters[1:4]))
})

test_that("transformations reach numbers, axis and words", {
  layout <- layout_of(est, sei = sei, measure = "OR", atransf = exp)
  expect_true(any(grepl("Odds Ratio (log scale)", layout$texts$text, fixed = TRUE)))
  expect_true("1" %in% layout$axis$label)
  expect_true(sprintf("%.2f", exp(0.1)) %in% layout$texts$text)
  layout <- layout_of(est, sei = sei, measure = "OR", transf = exp)
  expect_equal(layout$rows$est, exp(est))
  expect_true(sprintf("%.2f", exp(0.1)) %in% layout$texts$text)
  falling <- layout_of(est, sei = sei, transf = function(x) -x)
  expect_true(all(falling$rows$lo < falling$rows$hi))
  expect_true(sprintf("%.2f", exp(0.1)) %in% layout_of(est, sei = sei, measure = "RR", style = "stata")$texts$text)
  expect_error(layout_of(est, sei = sei, transf = exp, atransf = exp), class = "metaparity_error_input")
})

test_that("what is switched off is gone", {
  layout <- layout_of(fit, annotate = FALSE, addfit = FALSE, header = FALSE, refline = NA)
  expect_false(any(layout$texts$role %in% c("cell", "header")))
  expect_identical(nrow(layout$rows), 4L)
  expect_sound_layout(layout)
  expect_false(any(grepl("%$", layout_of(fit)$texts$text[layout_of(fit)$texts$role == "cell"])))
  expect_true("100.00%" %in% layout_of(fit, showweights = TRUE)$texts$text)
})

test_that("metafor's further arguments are taken, hand placement is reported, nonsense is named", {
  layout <- layout_of(fit, xlim = c(-6, 4), shade = "zebra", col = "red", colout = "blue", rows = c(8, 7, 5, 4),
                      efac = 2, lty = "solid", psize = 1, mlab = "All", header = c("Trial", "Effect"), cex = 0.8)
  expect_sound_layout(layout)
  expect_true(all(c("Trial", "Effect", "All") %in% layout$texts$text))
  expect_true("red" %in% layout$polygons$fill)
  expect_identical(sum(layout$rects$role == "shade"), 2L)
  expect_equal(layout$fontsize, 12 * 0.8)
  study <- layout$lines$y[match(1:4, layout$lines$row)]
  expect_equal(diff(study) / layout$pitch, c(-1, -2, -1))
  expect_error(layout_of(fit, ilab = est, ilab.xpos = 1:2), class = "metaparity_error_input")
  expect_warning(layout_of(fit, nonsense = 3), class = "metaparity_warning_unknown")
  expect_error(layout_of(fit, alim = 1), class = "metaparity_error_input")
  expect_error(layout_of(fit, style = "revman7"), class = "metaparity_error_input")
  expect_error(layout_of(fit, style = 3), class = "metaparity_error_input")
  expect_error(layout_of(fit, shade = "stripes"), class = "metaparity_error_input")
})

test_that("metafor's forest() draws ours, in either order", {
  skip_if_not_installed("metafor")
  on_page({
    r <- metafor::forest(fit)
    expect_s3_class(r, "forest_plot")
    expect_equal(metafor::forest(escalc("GEN", yi = est, sei = sei))$rows, 1:4)
  })
})

test_that("a thousand studies have a row each", {
  skip_on_cran()
  k <- 1000
  on_page(drawn <- suppressMessages(forest(seq_len(k) / k, sei = rep(0.1, k))))
  expect_identical(length(drawn$rows), 1000L)
})

test_that("a forest plot prints its size and metafor's fields", {
  expect_output(print(forest(fit, plot = FALSE)), "4 studies")
  expect_output(print(forest(fit, plot = FALSE)), "rows: 1 2 3 4")
  expect_output(print(forest(fit, plot = FALSE)$layout), "4 studies")
})

test_that("studies are sorted by metafor's words", {
  x <- c(1, 3, 2, 5)
  reg <- rma(est, sei = sei, mods = ~x, slab = c("Ames", "Bell", "Cole", "Dunn"))
  sorted <- function(order) layout_of(reg, order = order)$rows$study
  expect_identical(sorted("fit"), order(fitted(reg)))
  expect_identical(sorted("resid"), order(residuals(reg)))
  expect_identical(sorted("abs.resid"), order(abs(residuals(reg))))
  expect_identical(sorted("rstandard"), order(rstandard(reg)$z))
  expect_identical(sorted("est"), order(est))
  expect_identical(sorted("prec"), order(sei))
  expect_error(layout_of(est, sei = sei, order = "resid"), class = "metaparity_error_input")
  expect_identical(layout_of(est, sei = sei, subset = c(3, 1))$rows$study, c(3L, 1L))
  expect_identical(layout_of(est, sei = sei, subset = c(FALSE, TRUE, FALSE, TRUE))$rows$study, c(2L, 4L))
})

test_that("the predictive distribution may be the user's, with its own limits or its quantiles", {
  x <- seq(-4, 4, 0.01)
  shown <- function(dist) {
    rows <- layout_of(fit, predstyle = "dist", preddist = dist)$rows
    unlist(rows[rows$type == "prediction", c("lo", "hi")], use.names = FALSE)
  }
  expect_equal(shown(list(x, dnorm(x, 0.2, 0.5))), qnorm(c(0.025, 0.975), 0.2, 0.5), tolerance = 1e-3)
  expect_equal(shown(list(x, dnorm(x), pi.lb = -1, pi.ub = 2)), c(-1, 2))
  for (bad in list(3, list(1:3, 1:2), list(3:1, 1:3), list(1:3, -(1:3)))) {
    expect_error(layout_of(fit, predstyle = "dist", preddist = bad), class = "metaparity_error_input")
  }
})

test_that("fitted values may show their prediction intervals, in the user's colour", {
  reg <- rma(est, sei = sei, mods = ~ c(1, 3, 2, 5))
  p <- predict(reg)
  expect_equal(layout_of(reg)$rows$fit_hi, p$ci.ub)
  expect_equal(layout_of(reg, addpred = TRUE)$rows$fit_hi, p$pi.ub)
  layout <- layout_of(reg, col = "red")
  expect_identical(unique(layout$polygons$fill[layout$polygons$role == "fitted"]), "red")
  expect_true(any(grepl("Grey diamonds", layout$texts$text)))
})

test_that("colours and lines: of estimates where nothing is pooled, of prediction intervals, by number", {
  layout <- layout_of(est, sei = sei, col = "red", lty = c("solid", "blank"))
  expect_identical(unique(layout$rects$fill[layout$rects$role == "box"]), "red")
  expect_true("blank" %in% layout$segments$lty[layout$segments$role == "line"])
  pink <- layout_of(fit, predstyle = "polygon", col = c("red", "pink"), border = c("black", "blue"))$polygons
  expect_setequal(pink$fill, c("red", "pink"))
  expect_identical(unique(pink$border[pink$role == "prediction"]), "blue")
  expect_true("dotted" %in% layout_of(fit, lty = 3)$segments$lty)
  expect_error(layout_of(fit, lty = "wavy"), class = "metaparity_error_input")
})

test_that("point sizes follow plim, whose ends may be open", {
  side <- function(...) {
    box <- layout_of(est, sei = sei, ...)$rects
    box <- box[box$role == "box", ]
    (box$x1 - box$x0) / (0.6 * 9 / 72)
  }
  weight <- sqrt(1 / sei^2)
  expect_equal(range(side(plim = c(0.5, 2))), c(0.5, 2))
  expect_equal(side(plim = c(NA, 2)), 2 * weight / max(weight))
  expect_equal(side(plim = c(0.7, NA)), 0.7 * weight / min(weight))
  expect_equal(min(side(plim = c(NA, 2, 1.1))), 1.1)
})

test_that("the annotation may have another minus, other brackets and another decimal mark", {
  text <- layout_of(fit, annosym = c(" (", " to ", ")", "\u2212"))$texts$text
  expect_true("\u22120.60" %in% text)
  old <- options(OutDec = ",")
  on.exit(options(old))
  layout <- layout_of(fit)
  expect_true("-0,60" %in% layout$texts$text)
  expect_sound_layout(layout)
})

test_that("a higher page leaves the caller's upper margin free", {
  grDevices::pdf(NULL, 7, 9)
  on.exit(grDevices::dev.off())
  top <- function(mar) {
    graphics::par(mar = mar)
    layout <- forest(fit)$layout
    inch <- page_coordinates(replace(layout, "drop", list(last_forest()$drop)), graphics::par("fin"))
    inch[4L] - layout$height
  }
  expect_equal(top(c(0, 0, 0, 0)), 0)
  expect_equal(top(c(5, 4, 4, 2)), 0.8)
})

test_that("a plot that is scaled for its height keeps its width", {
  layout <- layout_of(rnorm(300), sei = rep(1, 300), size = c(7, 7), slab = NA)
  expect_lt(layout$scale, 0.2)
  expect_gt(layout$width, 4)
})

test_that("texts may stand left of the panel, but not on it", {
  left <- layout_of(fit, xlim = c(-9, 2), textpos = c(-9, -3), mlab = "All")
  expect_sound_layout(left)
  cells <- left$texts[left$texts$role == "cell", ]
  expect_true(all(cells$x <= left$panel[["left"]]))
  expect_message(layout_of(fit, textpos = c(-9, 0)), class = "metaparity_message_unused")
})
