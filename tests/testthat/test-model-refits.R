test_that("where the Q of DerSimonian and Laird is taken around the Mantel-Haenszel estimate, each refit has its own", {
  d <- bcg_tables[1:6, ]
  fit <- function(rows) {
    rma(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d[rows, ], convention = "stata14")
  }
  f <- fit(1:6)
  refits <- lapply(1:6, function(i) fit((1:6)[-i]))
  expect_equal(leave1out(f)$estimate, vapply(refits, function(x) as.numeric(x$beta), 0), tolerance = 1e-10)
  expect_equal(leave1out(f)$tau2, vapply(refits, function(x) x$tau2, 0), tolerance = 1e-10)
  expect_equal(cumul(f)$estimate[4:6], vapply(4:6, function(i) as.numeric(fit(1:i)$beta), 0), tolerance = 1e-10)
  expect_equal(unname(influence(f)$inf$tau2.del), vapply(refits, function(x) x$tau2, 0), tolerance = 1e-10)
  expect_error(gosh(f, progbar = FALSE), class = "metaparity_error_unsupported")
  expect_equal(unname(rstudent(f)$resid), as.numeric(f$yi) - vapply(refits, function(x) as.numeric(x$beta), 0),
               tolerance = 1e-10)
})
