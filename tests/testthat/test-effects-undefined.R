# Effects of nothing: 0/0, groups of size 0. What is undefined is blank, with its variance, as metafor prints it; a
# group of size 0 is an error there and here.

test_that("0/0 is blank, with its variance", {
  skip_if_not_installed("metafor")
  calls <- list(
    list("RR", ai = 0, bi = 10, ci = 0, di = 10, to = "none"),
    list("OR", ai = 0, bi = 10, ci = 0, di = 10, to = "none"),
    list("RR", ai = 0, bi = 10, ci = 0, di = 10), list("RR", ai = 0, bi = 10, ci = 0, di = 10, drop00 = TRUE),
    list("RD", ai = 0, bi = 0, ci = 1, di = 10, to = "none"),
    list("PETO", ai = 0, bi = 10, ci = 0, di = 10, to = "none"),
    list("PHI", ai = 0, bi = 0, ci = 1, di = 10, to = "none"),
    list("YUQ", ai = 0, bi = 0, ci = 1, di = 10, to = "none"),
    list("YUY", ai = 0, bi = 10, ci = 0, di = 10, to = "none"),
    list("AS", ai = 0, bi = 0, ci = 1, di = 10, to = "none"),
    list("IRR", x1i = 0, x2i = 0, t1i = 10, t2i = 10, to = "none"),
    list("IRD", x1i = 0, x2i = 0, t1i = 10, t2i = 10, to = "none"),
    list("SMD", m1i = 1, m2i = 1, sd1i = 0, sd2i = 0, n1i = 10, n2i = 10),
    list("ROM", m1i = 0, m2i = 0, sd1i = 1, sd2i = 1, n1i = 10, n2i = 10),
    list("VR", sd1i = 0, sd2i = 0, n1i = 10, n2i = 10), list("VR", sd1i = NA, sd2i = 1, n1i = 10, n2i = 10),
    list("CVR", m1i = 0, m2i = 1, sd1i = 1, sd2i = 1, n1i = 10, n2i = 10), list("COR", ri = 1, ni = 10),
    list("ZCOR", ri = 1, ni = 10), list("PLO", xi = 0, ni = 10, to = "none"), list("PR", xi = NA, ni = 10),
    list("MPRR", ai = 0, bi = 0, ci = 0, di = 10, to = "none"),
    list("MPOR", ai = 3, bi = 0, ci = 0, di = 10, to = "none"),
    list("MPPETO", ai = 3, bi = 0, ci = 0, di = 10, to = "none"))
  for (args in calls) {
    values <- lapply(list(escalc, metafor::escalc), function(f) {
      x <- suppressWarnings(do.call(f, args))
      as.numeric(c(x$yi, x$vi))
    })
    expect_equal(values[[1L]], values[[2L]], tolerance = 1e-10, label = args[[1L]])
  }
})

test_that("a group of size 0 has no proportion", {
  for (measure in c("PR", "PLN", "PLO", "PRZ", "PAS", "PFT")) {
    caught <- expect_error(escalc(measure, xi = c(1, 0, 2), ni = c(10, 0, 9)), class = "metaparity_error_studies")
    expect_identical(caught$rows, 2L)
    expect_error(escalc(measure, xi = 0, mi = 0), class = "metaparity_error_studies")
  }
})

test_that("ZR2F: LS is metafor's, LS2 the delta method for atanh(R)", {
  r2 <- c(0.05, 0.3, 0.7)
  given <- function(measure, vtype) escalc(measure, r2i = r2, mi = c(3, 3, 3), ni = c(40, 60, 25), vtype = vtype)
  v <- given("R2F", "LS")$vi
  step <- 1e-4
  slope <- (atanh(sqrt(r2 + step)) - atanh(sqrt(r2 - step))) / (2 * step)
  expect_equal(given("ZR2F", "LS2")$vi, v * slope^2, tolerance = 1e-5)
  expect_gate(given("ZR2F", "LS")$vi, v / (1 - r2^2)^2, "closed_form")
  expect_error(given("R2F", "LS2"), class = "metaparity_error_input")
})
