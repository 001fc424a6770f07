test_that("prints are metafor's, line by line", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.hackshaw1998
  lines <- function(package, ..., fit = list()) {
    ns <- asNamespace(package)
    x <- do.call(ns$rma, c(list(quote(yi), quote(vi), data = d), fit))
    x <- suppressWarnings(ns$selmodel(x, ...))
    utils::capture.output(print(summary(x), digits = 3))
  }
  for (args in list(list(type = "stepfun", steps = 0.025), list(type = "negexp"),
                    list(type = "stepfun", steps = c(0.025, 0.5), delta = c(1, 0.5, 0.3)),
                    list(type = "stepfun", steps = c(0.025, 0.1, 0.5), delta = c(1, NA, NA, 0.3)),
                    list(type = "halfnorm", prec = "sei"), list(type = "trunc"),
                    list(type = "stepfun", steps = c(0.025, 0.5), alternative = "two.sided"),
                    list(type = "stepfun", steps = 0.05, fit = list(method = "EE")),
                    list(type = "halfnorm", subset = d$year > 1985))) {
    expect_identical(do.call(lines, c("metaparity", args)), do.call(lines, c("metafor", args)))
  }
  d$year <- d$year - 1990
  expect_identical(lines("metaparity", type = "stepfun", steps = 0.025, fit = list(mods = ~year)),
                   lines("metafor", type = "stepfun", steps = 0.025, fit = list(mods = ~year)))
})
