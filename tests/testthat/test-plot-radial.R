fit <- rma(yi, vi, data = bcg_effects, slab = study)
shown <- function(...) radial(..., draw = FALSE)
texts_of <- function(x, role) {
  texts <- layout_texts(page_of(x))
  texts$label[texts$role == role]
}

metafor_radial <- function(...) {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  metafor::radial(...)
}

test_that("the points are metafor's", {
  skip_if_not_installed("metafor")
  for (method in c("REML", "FE", "DL")) {
    for (center in c(FALSE, TRUE)) {
      a <- shown(rma(yi, vi, data = bcg_effects, slab = study, method = method), center = center)
      b <- metafor_radial(metafor::rma(yi, vi, data = bcg_effects, slab = study, method = method), center = center)
      gate <- if (method == "REML") "metafor_iterative" else "metafor_closed"
      expect_gate(a$x, b$x, gate)
      expect_gate(a$y, b$y, gate, scale = 1)
      expect_identical(as.integer(a$ids), as.integer(b$ids))
      expect_identical(as.character(a$slab), as.character(b$slab))
    }
  }
  expect_identical(shown(fit)$x, radial(fit, draw = FALSE)$x)
  expect_equal(galbraith(fit, draw = FALSE), radial(fit, draw = FALSE))
})

test_that("a line from the origin through a point meets the arc at its estimate", {
  figure <- attr(shown(fit), "figure")
  layout <- page_of(figure)
  arc <- radial_arc_labels(figure)
  panel <- layout$panel
  sx <- (panel[3L] - panel[1L]) / diff(layout$xlim)
  sz <- (panel[4L] - panel[2L]) / diff(layout$ylim)
  base <- panel[2L] - layout$ylim[1L] * sz
  texts <- layout_texts(layout)
  texts <- texts[texts$role == "arc_tick", ]
  slope <- ((texts$top + texts$bottom) / 2 - base) / sz / ((texts$left - panel[1L]) / sx)
  expect_equal(slope, arc$at[match(texts$label, arc$labels)], tolerance = 1e-8)
})

test_that("the arc ends where the page does, and given ticks are kept", {
  set.seed(1)
  v <- stats::rchisq(200, 3) / 20 + 0.005
  many <- rma(stats::rnorm(200, 0.4, sqrt(v + 0.01)), v)
  layout <- page_of(shown(many))
  expect_sound_figure(layout)
  arcs <- unlist(lapply(items_of(layout, "line"), function(item) item$y))
  expect_true(all(arcs >= -0.01 & arcs <= layout$height + 0.01 | is.na(arcs)))
  expect_identical(texts_of(shown(fit, aty = c(-1, 0)), "arc_tick"), c("-1.00", "0.00"))
  expect_identical(texts_of(shown(fit, aty = c(-1, 0), center = TRUE, transf = exp), "arc_tick"), c("0.37", "1.00"))
  expect_identical(texts_of(shown(fit, atz = c(-2, 0, 2)), "y_tick"), c("-2", "0", "2"))
})

test_that("sound on pages of any shape, with any words, in both styles", {
  for (size in list(c(6.5, 5.5), c(9, 4), c(4, 8), c(3, 3))) {
    expect_sound_figure(page_of(shown(fit), size[1L], size[2L]))
  }
  expect_sound_figure(page_of(shown(fit, center = TRUE, transf = exp, main = "Title")))
  words <- shown(fit, xlab = "\u7cbe\u5ea6", zlab = "\u6807\u51c6\u5316\u6548\u5e94", style = style_stata())
  expect_sound_figure(page_of(words))
  expect_sound_figure(page_of(shown(fit, xlim = c(0, 3), zlim = c(-5, 5))))
  expect_sound_figure(page_of(shown(rma(c(0.1, 0.1), vi = c(1, 1), method = "FE"))))
  for (s in c(1e-9, 1e9)) {
    expect_sound_figure(page_of(shown(rma(s * bcg_effects$yi, s^2 * bcg_effects$vi), digits = 10)))
  }
})

test_that("mistakes are input errors", {
  expect_error(shown(rma(yi, vi, mods = ~ seq_along(yi), data = bcg_effects)), class = "metaparity_error_input")
  expect_error(shown(fit, xlim = 3), class = "metaparity_error_input")
  expect_error(shown(fit, level = 200), class = "metaparity_error_input")
  expect_error(shown(fit, center = NA), class = "metaparity_error_input")
  expect_warning(shown(fit, nonsense = 1), class = "metaparity_warning_input")
})

test_that("fields, rows and user coordinates are metafor's", {
  skip_if_not_installed("metafor")
  pair <- function(yi, vi, ...) list(ours = rma(yi, vi, ...), theirs = metafor::rma(yi, vi, ...))
  re <- pair(bcg_effects$yi, bcg_effects$vi, slab = bcg_effects$study)
  ee <- pair(bcg_effects$yi, bcg_effects$vi, method = "EE")
  asked <- list(list(), list(center = TRUE), list(xlim = c(0, 40)), list(xlim = c(5, 40)), list(zlim = c(-20, 20)),
                list(aty = c(-3, 1)), list(level = 99.9, transf = exp, digits = 3))
  for (f in list(re, ee)) for (a in asked) do.call(expect_metafor_plot, c(list("radial", f$ours, f$theirs), a))
  narrow <- pair(0.9 + (1:100) / 1e5, rep(1 / 9, 100), method = "EE")
  expect_metafor_plot("radial", narrow$ours, narrow$theirs)
  one <- pair(0.15, 0.001, method = "EE")
  expect_metafor_plot("radial", one$ours, one$theirs)
})

test_that("symbols may come from the data; texts follow lang", {
  a <- shown(fit, bg = ifelse(yi > 0, "red", "white"), main = "Title", lang = "zh")
  points <- items_of(page_of(a), "points")[[1L]]$data
  expect_identical(points$bg, ifelse(bcg_effects$yi > 0, "red", "white"))
  expect_error(shown(fit, pch = 1:3), class = "metaparity_error_input")
})

test_that("digits = NULL stands for the default", {
  fit <- rma(c(.1, .2, .3), rep(.1, 3))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_no_error(radial(fit, transf = exp, digits = NULL))
})
