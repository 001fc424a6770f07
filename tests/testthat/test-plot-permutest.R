
test_that("the legend's place and look are those of a list, whose mistakes are input errors", {
  p <- permutest(rma(c(-0.9, -1.6, -1.3, -1.4, -0.2, -0.4), c(0.33, 0.19, 0.41, 0.02, 0.05, 0.1)), exact = TRUE)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_silent(plot(p, legend = list(cex = 0.7)))
  expect_silent(plot(p, legend = list(x = 0, y = 0.1, bty = "n")))
  expect_error(plot(p, legend = list(x = "above")), class = "metaparity_error_input")
  expect_error(plot(p, legend = "nowhere"), class = "metaparity_error_input")
  expect_warning(plot(p, legend = list(place = "top")), class = "metaparity_warning_input")
})

test_that("both parts of a location-scale model are drawn, the omnibus tests when asked for", {
  d <- metadat::dat.bangertdrowns2004
  d <- d[!is.na(d$meta), ]
  fit <- suppressWarnings(rma(yi, vi, mods = ~ meta, scale = ~ grade + meta, data = d))
  set.seed(2)
  x <- permutest(fit, iter = 5, progbar = FALSE)
  panels <- function(...) {
    n <- 0L
    grDevices::pdf(NULL)
    on.exit(grDevices::dev.off())
    old <- getHook("plot.new")
    setHook("plot.new", function() n <<- n + 1L)
    on.exit(setHook("plot.new", old, "replace"), add = TRUE)
    plot(x, ...)
    n
  }
  expect_identical(panels(), 3L)
  expect_identical(panels(QS = TRUE, alpha = 1:3), 5L)
  expect_identical(panels(QM = TRUE, QS = TRUE), 5L)
  expect_error(plot(x, alpha = 9), class = "metaparity_error_input")
})

test_that("titles may be symbols and expressions", {
  fit <- rma(c(.1, .4, -.2, .6, .3), rep(.1, 5), mods = 1:5)
  found <- permutest(fit, iter = 20, progbar = FALSE)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  for (title in list(quote(alpha), quote(alpha^2), expression(beta[1]))) expect_no_error(plot(found, main = title))
})
