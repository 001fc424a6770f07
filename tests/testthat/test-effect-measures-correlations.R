test_that("no association has the value of no effect", {
  for (m in c("COR", "UCOR", "ZCOR"))
    expect_identical(as.numeric(escalc(m, ri = 0, ni = 20)$yi), measure_table[[m]]$null)
  for (m in c("PCOR", "ZPCOR")) expect_identical(as.numeric(escalc(m, ti = 0, mi = 2, ni = 20)$yi), 0)
  for (m in c("SPCOR", "ZSPCOR")) expect_identical(as.numeric(escalc(m, ti = 0, mi = 2, ni = 20, r2i = 0.3)$yi), 0)
  expect_gate(escalc("REH", ai = 9, bi = 42, ci = 49)$yi, measure_table$REH$null, "closed_form", scale = 1)
  for (m in c("R2", "ZR2", "R2F", "ZR2F", "ARAW", "AHW", "ABT")) expect_true(is.na(measure_table[[m]]$null), label = m)
})

test_that("back on the natural scale every transformation returns to what was transformed", {
  back <- function(m, ...) measure_function(measure_table[[m]]$back)(as.numeric(escalc(m, ...)$yi))
  expect_gate(back("ZCOR", ri = -0.6, ni = 20), -0.6, "closed_form")
  expect_gate(back("ZR2", r2i = 0.36, mi = 2, ni = 30), 0.36, "closed_form")
  expect_gate(back("ZR2F", r2i = 0.36, mi = 2, ni = 30), 0.36, "closed_form")
  expect_gate(back("AHW", ai = 0.8, mi = 10, ni = 50), 0.8, "closed_form")
  expect_gate(back("ABT", ai = 0.8, mi = 10, ni = 50), 0.8, "closed_form")
  expect_gate(back("REH", ai = 10, bi = 50, ci = 20), 50 / (2 * sqrt(200)), "closed_form")
  expect_gate(back("ZPCOR", ri = 0.3, mi = 2, ni = 30), 0.3, "closed_form")
})

test_that("variances stand as the table writes them", {
  r <- 0.45
  n <- 33
  m <- 4
  v <- function(...) escalc(...)$vi
  expect_gate(v("COR", ri = r, ni = n), (1 - r^2)^2 / (n - 1), "closed_form")
  expect_gate(v("COR", ri = r, ni = n, vtype = "H0"), (1 - r^2) / (n - 2), "closed_form")
  expect_gate(v("COR", ri = r, ni = n, vtype = "H0b"), 1 / n, "closed_form")
  t <- r * sqrt((n - m - 1) / (1 - r^2))
  expect_gate(v("PCOR", ti = t, mi = m, ni = n), (1 - r^2)^2 / (n - m), "closed_form")
  R2 <- 0.5
  expect_gate(v("R2", r2i = R2, mi = m, ni = n), 4 * R2 * (1 - R2)^2 / n, "closed_form")
  expect_gate(v("R2", r2i = R2, mi = m, ni = n, vtype = "LS2"),
              4 * R2 * (1 - R2)^2 * (n - m - 1)^2 / ((n^2 - 1) * (n + 3)), "closed_form")
  expect_gate(v("ARAW", ai = 0.8, mi = m, ni = n), 2 * m * 0.04 / ((m - 1) * (n - 2)), "closed_form")
  expect_gate(v("ABT", ai = 0.8, mi = m, ni = n), 2 * m / ((m - 1) * (n - 2)), "closed_form")
  expect_gate(v("REH", ai = 10, bi = 50, ci = 20), 1 / 40 + 1 / 50 + 1 / 80, "closed_form")
})

test_that("formulas that a measure has not are refused, those that it has are computed", {
  for (m in c("COR", "UCOR", "R2", "ZR2", "PCOR")) {
    args <- list(m, ni = 30, if (m %in% c("R2", "ZR2")) 0.3 else 0.5)
    names(args)[3L] <- if (m %in% c("R2", "ZR2")) "r2i" else "ri"
    if (m %in% c("R2", "ZR2", "PCOR")) args$mi <- 2
    for (v in any_vtype) {
      run <- function() do.call(escalc, c(args, vtype = v))
      if (v %in% measure_table[[m]]$vtypes) expect_true(is.finite(run()$vi), label = paste(m, v)) else
        expect_error(run(), class = "metaparity_error_input", label = paste(m, v))
    }
  }
})
