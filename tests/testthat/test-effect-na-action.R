# What each setting of the option na.action makes of studies with missing values, as under metafor.

gaps <- dat.bcg
gaps$tpos[3] <- NA
gaps$ablat[7] <- NA

fits_of <- function(package) {
  f <- function(name) getExportedValue(package, name)
  d <- f("escalc")("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = gaps, slab = paste(author, year))
  suppressWarnings(list(one = f("rma")(yi, vi, data = d, method = "DL"),
                        slope = f("rma")(yi, vi, mods = ~ablat, data = d, method = "DL"),
                        mh = f("rma.mh")(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = gaps)))
}

by_method <- function(fits, package) {
  f <- function(name) getExportedValue(package, name)
  everywhere <- list(residuals = residuals, rstandard = function(x) unclass(rstandard(x))[c("resid", "se", "z")],
                     fitted = fitted,
                     rstudent = function(x) unclass(rstudent(x))[c("resid", "se", "z")], weights = weights,
                     leave1out = function(x) f("leave1out")(x)$estimate, qqnorm = function(x) qqnorm(x))
  regression <- list(predict = function(x) unclass(predict(x))[c("pred", "ci.lb")],
                     blup = function(x) f("blup")(x)$pred,
                     hat = hatvalues, cook = cooks.distance, simulate = function(x) simulate(x, 2, seed = 1)[[2L]],
                     regplot = function(x) f("regplot")(x)$psize, square = function(x) vcov(x, type = "resid"))
  c(lapply(everywhere[1:5], function(method) lapply(fits, method)),
    lapply(everywhere[6:7], function(method) method(fits$one)),
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

left_out_fits <- function() {
  d <- data.frame(yi = c(1, .5, NA, .1, 2, .05, 1.5), vi = c(.3, .1, .1, .01, .5, .01, .4), x = c(1, 3, 2, 5, 4, 6, 8))
  z <- data.frame(ai = c(3, 0, 5, 8, 2, NA, 7), n1 = c(30, 20, 50, 60, 25, 40, 70), ci = c(6, 0, 9, 12, 3, 4, 10),
                  n2 = c(30, 20, 50, 60, 25, 40, 70))
  slab <- letters[1:7]
  suppressWarnings(list(
    plain = rma(yi, vi, data = d, slab = slab), mods = rma(yi, vi, mods = ~x, data = d, slab = slab),
    filled = trimfill(rma(yi, vi, data = d, slab = slab), side = "left"),
    mh = rma.mh(measure = "OR", ai = ai, n1i = n1, ci = ci, n2i = n2, data = z, slab = slab),
    peto = rma.peto(ai = ai, n1i = n1, ci = ci, n2i = n2, data = z, slab = slab)))
}

test_that("figures and tables of fits with studies left out name each point rightly, whatever na.action is", {
  fits <- left_out_fits()
  filled <- fits$filled
  expect_gt(filled$k0, 0)
  has <- list(plain = letters[c(1, 2, 4:7)], mods = letters[c(1, 2, 4:7)],
              filled = c(letters[c(1, 2, 4:7)], paste("Filled", seq_len(filled$k0))),
              mh = letters[c(1, 3:5, 7)], peto = letters[c(1, 3:5, 7)])
  for (option in c("na.omit", "na.exclude", "na.pass")) {
    old <- options(na.action = option)
    for (name in names(fits)) {
      fit <- fits[[name]]
      expect_identical(as.character(funnel(fit, draw = FALSE)$slab), has[[name]], info = c(option, name))
      points <- attr(qqnorm(fit, draw = FALSE), "figure")$data
      expect_identical(as.character(points$slab), has[[name]], info = c(option, name))
      baujat <- suppressWarnings(baujat(fit, draw = FALSE))
      expect_identical(as.character(baujat$slab)[is.finite(baujat$x)], has[[name]], info = c(option, name))
      if (name != "mods") expect_identical(as.character(radial(fit, draw = FALSE)$slab), has[[name]],
                                           info = c(option, name))
    }
    options(old)
  }
})

test_that("points of trim and fill with a study left out: the filled ones are marked", {
  fit <- left_out_fits()$filled
  points <- funnel(fit, draw = FALSE)
  expect_identical(points$fill, grepl("^Filled", points$slab))
  expect_equal(as.numeric(points$x), as.numeric(fit$yi))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_no_error(plot(fit))
})

test_that("the studies of pooled tables with an empty one stand beside their own numbers", {
  fit <- left_out_fits()$mh
  table <- as.data.frame(fit, what = "studies")
  expect_identical(table$slab, letters[c(1:5, 7)])
  expect_identical(is.na(table$yi), table$slab == "b")
  expect_equal(table$yi[table$slab == "c"], as.numeric(fit$yi.f)[3])
  expect_equal(table$residual, table$yi - table$fitted)
})

test_that("na.pass keeps residuals of studies without variance, as in metafor", {
  d <- moderator_sets()$bcg
  d$vi[3] <- NA
  d$yi[5] <- NA
  for (action in c("na.omit", "na.pass", "na.exclude")) for (mods in list(~1, ~x)) {
    old <- options(na.action = action)
    a <- residuals(suppressWarnings(rma(yi, vi, mods = mods, data = d)))
    b <- residuals(suppressWarnings(metafor_fit(d$yi, d$vi, mods = mods, data = d)))
    options(old)
    expect_identical(is.na(unname(a)), is.na(unname(b)))
    expect_equal(unname(a), unname(b), tolerance = gate("metafor_iterative"))
  }
})
