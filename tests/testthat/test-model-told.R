# Oracle: metafor, side by side; closed forms.

bcg <- data.frame(
  tpos = c(4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27), tneg = c(119, 300, 228, 13536, 5036, 1361, 2537, 87886,
                                                                      7470, 1699, 50448, 2493, 16886),
  cpos = c(11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29), cneg = c(128, 274, 209, 12619, 5761, 1079, 619, 87892,
                                                                         7232, 1600, 27197, 2338, 17825),
  ablat = c(44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33))
d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg)
fields <- c("beta", "se", "zval", "pval", "ci.lb", "ci.ub", "vb", "QM", "QMp", "I2", "H2", "R2", "ddf")

expect_as_metafor <- function(..., compare = fields) {
  ours <- rma(yi, vi, data = d, ...)
  theirs <- metafor::rma(yi, vi, data = as.data.frame(d), ...)
  for (field in compare) expect_gate(as.numeric(ours[[field]]), as.numeric(theirs[[field]]), "metafor_iterative", scale = 1)
}

test_that("degrees of freedom, definitions and words are those of metafor", {
  skip_if_not_installed("metafor")
  expect_as_metafor(test = "t", dfs = 5)
  expect_as_metafor(test = "knha", dfs = 5, mods = ~ablat)
  expect_as_metafor(dfs = 5)
  expect_as_metafor(knha = TRUE)
  expect_as_metafor(i2def = "2")
  expect_as_metafor(i2def = 2, mods = ~ablat)
  for (how in r2_definitions) expect_as_metafor(mods = ~ablat, r2def = how)
  expect_null(rma(yi, vi, mods = ~ablat, data = d, skipr2 = TRUE)$R2)
  expect_error(rma(yi, vi, data = d, i2def = "3"), class = "metaparity_error_input")
  expect_error(rma(yi, vi, data = d, dfs = -1), class = "metaparity_error_input")
})

test_that("tests with other degrees of freedom are carried to predictions", {
  fit <- rma(yi, vi, data = d, test = "t", dfs = 5)
  expect_identical(fit$QMdf[2L], 5)
  expect_gate(predict(fit)$ci.lb, fit$ci.lb, "closed_form")
})

test_that("words without a meaning here are accepted, others are named", {
  expect_silent(rma(yi, vi, data = d, time = FALSE, skiphes = TRUE, abbrev = TRUE))
  expect_silent(leave1out(rma(yi, vi, data = d), time = FALSE))
  expect_warning(rma(yi, vi, data = d, code1 = NULL), class = "metaparity_warning_unknown")
})

test_that("a minimal object prints as the whole one and is small", {
  whole <- function(...) rma.mv(yi, vi, random = ~ 1 | ablat, data = d, ...)
  makers <- list(function(...) rma(yi, vi, mods = ~ablat, data = d, ...), function(...) rma(yi, vi, scale = ~ablat, data = d,
                                                                                          ...), whole,
                 function(...) rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg, ...),
                 function(...) rma.peto(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg, ...),
                 function(...) rma.glmm(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg, ...))
  for (make in makers) {
    full <- make()
    small <- make(outlist = "minimal")
    expect_s3_class(small, class(full), exact = TRUE)
    expect_identical(capture.output(print(small)), capture.output(print(full)))
    expect_identical(capture.output(print(summary(small))), capture.output(print(summary(full))))
    expect_null(small$yi)
    expect_lt(length(serialize(small, NULL)), length(serialize(full, NULL)) / 2)
  }
  expect_identical(rma(yi, vi, data = d, outlist = "coef=beta, vcov=vb"),
                   with(rma(yi, vi, data = d), list(coef = beta, vcov = vb)))
  expect_error(rma(yi, vi, data = d, outlist = "coef=nothing"), class = "metaparity_error_input")
  expect_error(rma(yi, vi, data = d, outlist = 3), class = "metaparity_error_input")
})
