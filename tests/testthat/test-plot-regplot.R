test_that("points, line, order and user coordinates are metafor's", {
  skip_if_not_installed("metafor")
  f <- both_fits("rma", measure = "RR", mods = cbind(ablat = bcg_tables$ablat), slab = bcg_tables$study)
  plot_of <- function(...) expect_metafor_plot("regplot", f$ours, f$theirs, ...)
  plot_of()
  plot_of(pi = TRUE, atransf = exp, xlim = c(0, 60), predlim = c(0, 60), psize = "seinv")
  plot_of(transf = exp, refline = 1, label = "ciout", olim = c(0.2, 1.4))
  plot_of(label = "piout", plim = c(1, NA), pred = FALSE)
  plot_of(at = c(-4, 0, 4))
  plot_of(psize = 1, level = 80)
  expect_identical(which(regplot(f$ours, label = c(2, 5), draw = FALSE)$label), c(2L, 5L))
  two <- cbind(ablat = bcg_tables$ablat, size = log(bcg_tables$tneg))
  g <- both_fits("rma", measure = "RR", mods = two)
  expect_metafor_plot("regplot", g$ours, g$theirs, mod = "ablat", pi = TRUE)
  expect_metafor_plot("regplot", g$ours, g$theirs, mod = 3)
})

test_that("a line of predict() and its values of the moderator", {
  fit <- rma(yi, vi, mods = ~ ablat + I(ablat^2), data = cbind(bcg_effects, ablat = bcg_tables$ablat))
  x <- 13:55
  p <- predict(fit, newmods = cbind(x, x^2))
  drawn <- regplot(fit, mod = "ablat", pred = p, xvals = x, draw = FALSE)
  lines <- Filter(function(layer) layer$type == "line", attr(drawn, "figure")$layers)
  expect_equal(lines[[length(lines)]]$y, as.numeric(p$pred))
  expect_error(regplot(fit, mod = "ablat", pred = p, draw = FALSE), class = "metaparity_error_input")
})

test_that("labels, legend and grid fit; mistakes are input errors; points() draws on top", {
  fit <- rma(yi, vi, mods = ~ ablat, data = cbind(bcg_effects, ablat = bcg_tables$ablat), slab = study)
  drawn <- regplot(fit, label = TRUE, legend = TRUE, grid = TRUE, pi = TRUE, lang = "zh", draw = FALSE)
  expect_sound_figure(page_of(drawn))
  expect_true(all(drawn$label))
  bad <- function(...) expect_error(regplot(..., draw = FALSE), class = "metaparity_error_input")
  bad(rma(yi, vi, data = bcg_effects))
  bad(rma(yi, vi, mods = cbind(a = 1:13, b = (1:13)^2), data = bcg_effects))
  bad(fit, mod = "dose")
  bad(fit, label = "some")
  bad(fit, psize = 1:3)
  expect_silent(usr_after({
    regplot(fit)
    points(drawn)
  }))
})

test_that("arguments may name columns of the data; words of par() change the look", {
  fit <- rma(yi, vi, mods = ~ ablat, data = cbind(bcg_effects, ablat = bcg_tables$ablat), subset = -1)
  drawn <- regplot(fit, pch = ifelse(ablat > 30, 19, 21), bg = ifelse(yi > 0, "red", "white"), slab = study,
                   label = ablat > 50,
                   psize = 1 / sqrt(vi), las = 1, xaxt = "n", cex.lab = 1.2, draw = FALSE)
  expect_equal(drawn$pch, ifelse(bcg_tables$ablat[-1] > 30, 19, 21))
  expect_identical(drawn$slab, bcg_effects$study[-1])
  expect_identical(drawn$label, bcg_tables$ablat[-1] > 50)
  expect_equal(drawn$psize, 1 / sqrt(bcg_effects$vi[-1]))
  expect_identical(texts_with_role(page_of(drawn), "x_tick"), character())
})
