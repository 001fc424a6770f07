test_that("prints are metafor's, line by line, but for likelihoods that are not the model's own", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("lme4")
  lines <- function(package, ...) {
    ns <- asNamespace(package)
    x <- suppressWarnings(ns$rma.glmm(...))
    utils::capture.output(print(x, digits = 2))
  }
  d <- metadat::dat.pritz1997
  r <- metadat::dat.nielweise2008
  for (args in list(list(measure = "PLO", xi = d$xi, ni = d$ni, nAGQ = 21),
                    list(measure = "PLO", xi = d$xi, ni = d$ni, nAGQ = 21, test = "t", mods = d$ni),
                    list(measure = "IRLN", xi = r$x1i, ti = r$t1i, method = "EE"),
                    list(measure = "IRR", x1i = r$x1i, t1i = r$t1i, x2i = r$x2i, t2i = r$t2i, model = "CM.EL", nAGQ = 21))) {
    expect_identical(do.call(lines, c("metaparity", args)), do.call(lines, c("metafor", args)))
  }
  fit <- rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = r, model = "UM.RS")
  expect_output(print(fit), "sigma^2 (estimated amount of study level variability)", fixed = TRUE)
})
