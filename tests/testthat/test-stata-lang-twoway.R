d <- data.frame(x = c(1, 2, 3, 4), y = c(2, 4, 3, 5), lo = c(1, 3, 2, 4), hi = c(3, 5, 4, 6), g = c(1, 1, 2, 2))
figure <- function(text, data = d) {
  out <- stata(text, data, graphs = FALSE)
  out$graphs[[length(out$graphs)]]$view
}
layers <- function(f) vapply(f$layers, `[[`, "", "type")

test_that("plots become layers with their data", {
  f <- figure(paste("twoway (scatter y x if g == 1, msymbol(T) mcolor(red)) (lfit y x),",
                    "title(\"A\" \"B\") legend(order(2 \"Line\"))"))
  expect_equal(layers(f), c("points", "line"))
  expect_equal(f$layers[[1]]$data$y, c(2, 4))
  expect_equal(f$layers[[1]]$data$col[1], "#FF0000")
  fit <- lm(y ~ x, d)
  expect_equal(f$layers[[2]]$y[c(1, 100)], unname(predict(fit, data.frame(x = c(1, 4)))), tolerance = 1e-12)
  expect_equal(f$title, "A\nB")
  expect_equal(vapply(f$legend, `[[`, "", "label"), "Line")
  expect_equal(layers(figure("twoway scatter y x || line lo x, sort || rcap lo hi x")), c("points", "line", "spikes"))
  expect_equal(layers(figure("line y lo x")), c("line", "line"))
  expect_equal(length(figure("twoway bar y x, barwidth(.5)")$layers), 4L)
  f <- figure("twoway function y = x^2, range(0 2) n(5)")
  expect_equal(f$layers[[1]]$y, c(0, .25, 1, 2.25, 4))
})

test_that("axes take ticks, titles, ranges and log scales", {
  f <- figure("scatter y x, xlabel(1 \"one\" 4 \"four\") ylabel(0(2)6) xtitle(\"X\") yscale(range(0 10)) yline(3)")
  expect_equal(f$x$labels, c("one", "four"))
  expect_equal(f$y$at, c(0, 2, 4, 6))
  expect_lte(f$y$limits[1], 0)
  expect_gte(f$y$limits[2], 10)
  expect_equal(f$x$title, "X")
  expect_equal(f$layers[[1]]$y, c(3, 3))
  expect_equal(figure("scatter y x, xscale(log)")$layers[[1]]$data$x, log(d$x))
})

test_that("graphs are named, combined, saved and exported", {
  folder <- tempfile("graphs")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  out <- stata(c("scatter y x, name(a, replace)", "line y x, name(b)", "graph combine a b, rows(1) title(Both)",
                 "graph export c.png, replace width(800)",
                 "graph save mine, replace", "graph display a", "graph export a.svg"), d, graphs = FALSE)
  expect_s3_class(out$graphs[[3]]$view, "metaparity_panels")
  size <- readBin("c.png", "raw", 24)
  expect_equal(sum(as.integer(size[17:20]) * 256^(3:0)), 800, tolerance = 0.01)
  expect_true(all(file.exists("mine.gph", "a.svg")))
  expect_equal(tryCatch(stata("graph display nothere", graphs = FALSE), metaparity_error_stata = function(e) e$rc),
               111L)
})

test_that("what is not known is refused by name", {
  expect_error(stata("twoway lpoly y x", d), class = "metaparity_error_stata_gap")
  expect_error(stata("twoway scater y x", d), class = "metaparity_error_stata_unknown")
  expect_error(stata("scatter y x, mcolour(red)", d), class = "metaparity_error_stata_unknown")
  expect_error(stata("twoway lpolyci y x", d), class = "metaparity_error_stata_unsupported")
})
