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

test_that("metafor's further arguments are taken, hand placement is reported, nonsense is an error", {
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
  expect_error(layout_of(fit, nonsense = 3), class = "metaparity_error_input")
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

test_that("a thousand studies are drawn in under two seconds", {
  skip_on_cran()
  k <- 1000
  time <- system.time(on_page(suppressMessages(forest(seq_len(k) / k, sei = rep(0.1, k)))))
  expect_lt(time[["user.self"]], 2)
})

test_that("a forest plot prints one line", {
  expect_output(print(forest(fit, plot = FALSE)), "4 studies")
})
