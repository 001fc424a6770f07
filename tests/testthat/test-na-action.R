# What each setting of the option na.action makes of studies with missing values, as under metafor.

gaps <- dat.bcg
gaps$tpos[3] <- NA
gaps$ablat[7] <- NA

fits_of <- function(package) {
  f <- function(name) getExportedValue(package, name)
  d <- f("escalc")("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = gaps, slab = paste(author, year))
  suppressWarnings(list(one = f("rma")(yi, vi, data = d, method = "DL"), slope = f("rma")(yi, vi, mods = ~ablat, data = d, method = "DL"),
                        mh = f("rma.mh")(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = gaps)))
}

by_method <- function(fits, package) {
  f <- function(name) getExportedValue(package, name)
  everywhere <- list(residuals = residuals, rstandard = function(x) unclass(rstandard(x))[c("resid", "se", "z")], fitted = fitted,
                     rstudent = function(x) unclass(rstudent(x))[c("resid", "se", "z")], weights = weights,
                     leave1out = function(x) f("leave1out")(x)$estimate, qqnorm = function(x) qqnorm(x))
  regression <- list(predict = function(x) unclass(predict(x))[c("pred", "ci.lb")], blup = function(x) f("blup")(x)$pred,
                     hat = hatvalues, cook = cooks.distance, simulate = function(x) simulate(x, 2, seed = 1)[[2L]],
                     regplot = function(x) f("regplot")(x)$psize, square = function(x) vcov(x, type = "resid"))
  c(lapply(everywhere[1:5], function(method) lapply(fits, method)), lapply(everywhere[6:7], function(method) method(fits$one)),
    lapply(regression, function(method) method(fits$slope)))
}

plain_numbers <- function(x) rapply(x, function(v) if (is.numeric(v)) as.vector(v) else as.character(v), how = "unlist")

test_that("na.omit, na.exclude and na.pass give metafor's values, at its places", {
  skip_if_not_installed("metafor")
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  for (action in c("na.omit", "na.exclude", "na.pass")) {
    old <- options(na.action = action)
    both <- lapply(c("metaparity", "metafor"), function(package) {
      set.seed(1)
      suppressWarnings(plain_numbers(by_method(fits_of(package), package)))
    })
    options(old)
    expect_equal(unname(both[[1L]]), unname(both[[2L]]), tolerance = 1e-6, info = action)
  }
})

test_that("na.fail refuses missing values", {
  old <- options(na.action = "na.fail")
  on.exit(options(old))
  expect_error(rma(c(1, NA, 2), rep(1, 3)), class = "metaparity_error_studies")
  expect_error(rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = gaps), class = "metaparity_error_studies")
  expect_error(rma.peto(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = gaps), class = "metaparity_error_studies")
})

test_that("missing values of subset select nothing, with a warning", {
  d <- data.frame(yi = c(0.1, 0.4, -0.2, 0.5), vi = 0.1, x = c(1, NA, 3, 4))
  expect_warning(fit <- rma(yi, vi, data = d, subset = x > 0), class = "metaparity_warning_dropped")
  expect_identical(fit$k, 3L)
  expect_warning(fit <- rma(yi, vi, data = d, subset = c(1, NA, 4)), class = "metaparity_warning_input")
  expect_identical(fit$k, 2L)
})
