# Oracles: metafor::trimfill; iteration tables derived from metatrim's documented algorithm.

test_that("trimfill agrees with metafor on the metadat data sets", {
  sets <- metadat_effects()
  compared <- 0L
  for (d in sets[seq(2, length(sets), by = 3)]) {
    for (method in c("FE", "DL")) {
      ours <- rma(yi, vi, data = d, method = method)
      theirs <- metafor::rma(yi, vi, data = d, method = method)
      for (args in list(list(), list(estimator = "R0"), list(estimator = "Q0"), list(side = "left"),
                        list(side = "right", estimator = "R0"))) {
        b <- tryCatch(suppressWarnings(do.call(metafor::trimfill, c(list(theirs), args))), error = function(e) NULL)
        if (is.null(b)) next
        a <- suppressWarnings(do.call(trimfill, c(list(ours), args)))
        expect_identical(a$side, b$side)
        expect_identical(as.logical(a$fill), as.logical(b$fill))
        expect_gate(c(a$k0, a$se.k0, a$p.k0, a$beta, a$se, a$tau2, a$QE),
                    c(b$k0, b$se.k0, b$p.k0, b$beta, b$se, b$tau2, b$QE), "metafor_closed", scale = 1e-3)
        expect_gate(a$yi.f, b$yi.f, "metafor_closed", scale = 1e-3)
        compared <- compared + 1L
      }
    }
  }
  expect_gte(compared, 300L)
})

test_that("the result is a fit with filled rows", {
  d <- metadat_effects()[["dat.bcg RR"]]
  t <- trimfill(rma(yi, vi, ni = ni, data = d))
  expect_identical(class(t)[1:3], c("metaparity_trimfill", "rma.uni.trimfill", "metaparity_uni"))
  expect_identical(t$k0, 1L)
  expect_identical(t$k, 14L)
  expect_identical(t$slab[14], "Filled 1")
  expect_identical(t$slab[1], "Study 1")
  expect_identical(which(t$fill), 14L)
  expect_equal(t$k.all, 14)
  expect_identical(t$ni[14], t$ni[7])
  expect_named(t$steps, c("estimate", "Tn", "k0", "diff"))
  expect_error(trimfill(t), class = "metaparity_error_input")
})

test_that("rows with missing values stay where they were", {
  d <- metadat_effects()[["dat.bcg RR"]]
  d$yi[3] <- NA
  fit <- suppressWarnings(rma(yi, vi, data = d, method = "FE"))
  expect_silent(a <- trimfill(fit))
  b <- trimfill(rma(yi, vi, data = d[-3, ], method = "FE"))
  expect_identical(a$k0, b$k0)
  expect_equal(a$beta, b$beta)
  expect_identical(length(a$fill), 13L + a$k0)
  expect_true(is.na(a$yi.f[3]))
})

test_that("level and weights of the fit are kept, and tests are z as in metafor unless asked for", {
  d <- metadat_effects()[["dat.bcg RR"]]
  a <- trimfill(rma(yi, vi, data = d, method = "FE", test = "knha", level = 90, weights = ni))
  expect_identical(a$test, "z")
  expect_equal(a$level, 0.1)
  expect_length(a$weights, a$k)
  expect_identical(trimfill(rma(yi, vi, data = d, method = "FE", test = "knha"), test = "knha")$test, "knha")
})

test_that("ilim moves filled estimates", {
  d <- metadat_effects()[["dat.bcg RR"]]
  a <- trimfill(rma(yi, vi, data = d, method = "FE"), ilim = c(-2, 0.5))
  expect_gt(a$k0, 0)
  expect_lte(max(a$yi.f[a$fill]), 0.5)
})

test_that("a cycle is resolved to its smallest number, with a warning", {
  yi <- c(-0.19, 0.52, 0.03, 1.11, 1.44, -0.88, 0.41, -0.16, -0.23, 4.82, 0.11, 0.51, 0.76, 0.53, 1.98, 0.04)
  vi <- c(0.672, 0.342, 0.475, 0.294, 1.129, 0.27, 0.052, 0.007, 0.302, 4.367, 0.227, 0.532, 0.193, 0.793, 5.747, 0.565)
  fit <- rma(yi, vi, method = "DL")
  expect_warning(t <- trimfill(fit, side = "left"), class = "metaparity_warning_cycle")
  expect_equal(t$cycle, c(5, 6))
  expect_equal(t$k0, 5)
  expect_equal(t$beta, rma(t$yi, t$vi, method = "DL")$beta)
  expect_warning(trimfill(fit, side = "left", maxiter = 1), class = "metaparity_warning_not_converged")
})

test_that("an estimator that does not exist for the data is an error", {
  d <- metadat_effects()[["dat.pritz1997 PLO"]]
  expect_error(trimfill(rma(yi, vi, data = d, method = "DL"), side = "left", estimator = "Q0"),
               class = "metaparity_error_input")
})

test_that("metatrim's algorithm gives its iteration tables", {
  tables <- stata_fixture("metatrim-iterations.csv")
  expect_length(unique(tables$case), 8L)
  for (case in unique(tables$case)) {
    d <- stata_fixture(if (grepl("_mag_", case)) "magnesium.csv" else "example.csv")
    spec <- model_spec(method = if (grepl("reffect", case)) "DL" else "FE")
    r <- cpp_metatrim(d$logor, d$selogor^2, "L0", grepl("flip", case), spec)
    want <- tables[tables$case == case, ]
    expect_identical(sprintf("%.3f", r$steps$estimate), sprintf("%.3f", want$estimate))
    expect_equal(r$steps[c("Tn", "k0", "diff")], want[c("Tn", "k0", "diff")], ignore_attr = TRUE)
    expect_true(r$converged)
  }
})

test_that("scale follows through", {
  d <- metadat_effects()[["dat.bcg RR"]]
  base <- trimfill(rma(yi, vi, data = d))
  for (s in 10^c(-9, -3, 4, 9)) {
    a <- trimfill(rma(d$yi * s, d$vi * s^2))
    expect_identical(a$k0, base$k0)
    expect_gate(c(a$beta / s, a$tau2 / s^2), c(base$beta, base$tau2), "scale_free")
  }
})

test_that("bad input is named", {
  fit <- rma(c(0.1, 0.2, 0.4, 0.3), c(0.1, 0.2, 0.3, 0.4))
  expect_error(trimfill(fit, side = "top"), class = "metaparity_error_input")
  expect_error(trimfill(fit, estimator = "L1"), class = "metaparity_error_input")
  expect_error(trimfill(fit, maxiter = 0), class = "metaparity_error_input")
  expect_error(trimfill(fit, ilim = 1), class = "metaparity_error_input")
  expect_warning(trimfill(fit, slide = "left"), class = "metaparity_warning_unknown")
  expect_error(trimfill(rma(c(0.1, 0.2, 0.4), c(0.1, 0.2, 0.3), mods = ~ c(1, 2, 4))), class = "metaparity_error_input")
  expect_error(trimfill(suppressWarnings(rma(0.1, 0.2))), class = "metaparity_error_input")
  expect_error(trimfill(1:3), class = "error")
})

test_that("print follows metafor line by line", {
  d <- metadat_effects()[["dat.bcg RR"]]
  for (args in list(list(), list(estimator = "R0"), list(side = "left"))) {
    a <- do.call(trimfill, c(list(rma(yi, vi, data = d, method = "DL")), args))
    b <- do.call(metafor::trimfill, c(list(metafor::rma(yi, vi, data = d, method = "DL")), args))
    expect_identical(capture.output(print(a)), capture.output(print(b)))
  }
  verbose <- capture.output(a <- trimfill(rma(yi, vi, data = d, method = "FE"), verbose = TRUE))
  theirs <- capture.output(b <- metafor::trimfill(metafor::rma(yi, vi, data = d, method = "FE"), verbose = TRUE))
  expect_identical(verbose, theirs)
})
