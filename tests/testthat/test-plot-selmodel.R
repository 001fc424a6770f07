test_that("the function and its band are metafor's", {
  skip_if_not_installed("metafor")
  fit <- function(package, ...) {
    ns <- asNamespace(package)
    suppressWarnings(ns$selmodel(ns$rma(yi, vi, data = metadat::dat.hackshaw1998), ...))
  }
  on_device <- function(expr) {
    grDevices::pdf(NULL)
    on.exit(grDevices::dev.off())
    expr
  }
  for (args in list(list(type = "halfnorm", prec = "sei"), list(type = "negexp"),
                    list(type = "stepfun", steps = c(0.025, 0.5)))) {
    theirs <- on_device(plot(do.call(fit, c("metafor", args)), ci = "wald"))
    ours <- plot(do.call(fit, c("metaparity", args)), ci = "wald", draw = FALSE)
    theirs[3:4] <- list(pmin(theirs$ys.lb, theirs$ys.ub), pmax(theirs$ys.lb, theirs$ys.ub))
    at <- seq(0.0205, 0.98, 0.05)
    for (name in c("ys", "ys.lb", "ys.ub")) {
      expect_equal(approx(ours$xs, ours[[name]], at, ties = "ordered")$y,
                   approx(theirs$xs, theirs[[name]], at, ties = "ordered")$y, tolerance = 2e-3)
    }
  }
})

test_that("figures are sound, and what has none is refused", {
  fit <- selmodel(rma(yi, vi, data = metadat::dat.hackshaw1998), type = "stepfun", steps = c(0.025, 0.5))
  set.seed(1)
  band <- plot(fit, ci = TRUE, reps = 200, n = 50, draw = FALSE)
  expect_true(all(band$ys.lb <= band$ys.ub))
  expect_sound_figure(page_of(attr(band, "figure")))
  expect_equal(max(plot(fit, scale = TRUE, draw = FALSE)$ys), 1)
  expect_error(plot(selmodel(rma(yi, vi, data = metadat::dat.hackshaw1998), type = "trunc"), draw = FALSE),
               class = "metaparity_error_unsupported")
  expect_error(plot(fit, xlim = c(0, 2), draw = FALSE), class = "metaparity_error_input")
  expect_error(plot(fit, ci = "foo", draw = FALSE), class = "metaparity_error_input")
})
