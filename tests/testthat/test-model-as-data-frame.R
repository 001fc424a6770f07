test_that("data frames of coefficients and studies", {
  d <- fit_data()
  fit <- rma(est, v, mods = ~year, data = d, slab = name, test = "t")
  table <- as.data.frame(fit)
  expect_identical(table$term, c("intrcpt", "year"))
  expect_identical(table$estimate, unname(coef(fit)))
  expect_identical(table$df, c(6L, 6L))
  expect_null(as.data.frame(rma(est, v, data = d))$df)
  studies <- as.data.frame(fit, what = "studies")
  expect_identical(studies$slab, c("A", "B", "C.1", "C.2", "E", "F", "G", "H"))
  expect_identical(studies$yi, d$est)
  expect_gate(studies$weight, weights(fit), "closed_form")
  expect_error(as.data.frame(fit, what = "rows"), class = "metaparity_error_input")
  coefs <- coef(summary(fit))
  expect_identical(names(coefs), c("estimate", "se", "tval", "df", "pval", "ci.lb", "ci.ub"))
  expect_identical(names(coef(summary(rma(est, v, data = d))))[3], "zval")
})

test_that("pooled fits have data frames, too", {
  d <- list(ai = c(3, 8, 5), bi = c(40, 50, 30), ci = c(9, 12, 4), di = c(35, 44, 33))
  for (verb in list(rma.mh, rma.peto)) {
    fit <- do.call(verb, d)
    expect_identical(as.data.frame(fit)$term, "intrcpt")
    expect_identical(dim(as.data.frame(fit, what = "studies")), c(3L, 6L))
  }
})

test_that("studies add up: residuals to effects, weights to 100", {
  d <- fit_data()
  d$v[3] <- NA
  x <- suppressWarnings(rma(est, v, mods = ~year, data = d, slab = name))
  s <- as.data.frame(x, what = "studies")
  expect_identical(nrow(s), 7L)
  expect_gate(s$fitted + s$residual, s$yi, "closed_form", scale = 1)
  expect_gate(sum(s$weight), 100, "closed_form")
  expect_identical(s$slab, x$slab[-3])
  one <- as.data.frame(rma(0.3, 0.04, method = "EE"))
  expect_gate(c(one$estimate, one$se, one$zval), c(0.3, 0.2, 1.5), "closed_form")
  expect_null(one$df)
  expect_identical(as.data.frame(rma(est, v, data = d[-3, ], test = "t"))$df, 6L)
})

test_that("scale coefficients and selection weights are rows below the mean", {
  d <- metadat::dat.bcg
  d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
  ls <- rma(yi, vi, mods = ~ablat, scale = ~year, data = d, test = "t")
  out <- as.data.frame(ls)
  expect_identical(out$component, c("location", "location", "scale", "scale"))
  expect_equal(out$estimate, c(as.numeric(ls$beta), as.numeric(ls$alpha)))
  expect_equal(out$pval, c(ls$pval, ls$pval.alpha))
  step <- suppressWarnings(selmodel(rma(yi, vi, data = d), type = "stepfun", steps = c(0.025, 0.5)))
  out <- as.data.frame(step)
  expect_equal(out$estimate, c(as.numeric(step$beta), step$delta))
  expect_identical(out$term[2L], "0 < p <= 0.025")
  expect_null(as.data.frame(rma(yi, vi, data = d))$component)
})
