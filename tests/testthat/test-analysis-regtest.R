# Oracles: metafor::regtest, stats::lm, Stata's metabias (logs in fixtures/stata).

predictors <- c("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv")

test_that("both models and all predictors agree with metafor on the metadat data sets", {
  sets <- metadat_effects()
  compared <- 0L
  for (d in sets[seq(1, length(sets), by = 2)]) {
    for (predictor in predictors) {
      for (args in list(list(model = "lm"), list(method = "DL"), list(method = "FE", test = "knha"))) {
        args <- c(list(d$yi, d$vi, ni = d$ni, predictor = predictor), args)
        theirs <- tryCatch(suppressWarnings(do.call(metafor::regtest, args)), error = function(e) NULL)
        if (is.null(theirs)) next
        ours <- suppressWarnings(do.call(regtest, args))
        expect_gate(c(ours$zval, ours$pval, ours$est, ours$ci.lb, ours$ci.ub),
                    c(theirs$zval, theirs$pval, theirs$est, theirs$ci.lb, theirs$ci.ub), "metafor_closed", scale = 1e-2)
        compared <- compared + 1L
      }
    }
  }
  expect_gte(compared, 900L)
})

test_that("REML fits agree with metafor within its tolerance", {
  sets <- metadat_effects()
  compared <- 0L
  for (d in sets[grep("RR$|SMD$", names(sets))]) {
    fit <- tryCatch(metafor::rma(d$yi, d$vi, control = list(threshold = 1e-10, maxiter = 1000)),
                    error = function(e) NULL)
    theirs <- if (!is.null(fit)) tryCatch(metafor::regtest(fit), error = function(e) NULL)
    if (is.null(theirs)) next
    ours <- regtest(d$yi, d$vi)
    expect_gate(c(ours$zval, ours$est), c(theirs$zval, theirs$est), "metafor_iterative", scale = 0.1)
    compared <- compared + 1L
  }
  expect_gte(compared, 20L)
})

test_that("Egger's line prints Stata's numbers", {
  d <- stata_fixture("example.csv")
  f <- cpp_egger_line(d$logor, d$selogor, 0.95)
  shown <- function(c) signif(c(c$est, c$se, c$ci.lb, c$ci.ub), 7)
  expect_equal(shown(f$slope), c(-.6311106, .3123698, -1.287375, .025154), tolerance = 2e-6)
  expect_equal(shown(f$bias), c(2.243459, .9807099, .1830643, 4.303854), tolerance = 2e-6)
  expect_identical(sprintf("%.3f", c(f$slope$pval, f$bias$pval, f$rmse)), c("0.058", "0.034", "1.186"))
})

test_that("Peters' line prints Stata's numbers", {
  d <- stata_fixture("example.csv")
  cells <- as.matrix(d[c("tdeath", "tnodeath", "cdeath", "cnodeath")]) + 0
  lnor <- log(cells[, 1] * cells[, 4] / (cells[, 2] * cells[, 3]))
  f <- cpp_peters_line(lnor, cells, 0.95)
  shown <- function(c) c(c$est, c$se, c$ci.lb, c$ci.ub)
  expect_equal(shown(f$bias), c(32.93315, 20.95822, -11.09843, 76.96473), tolerance = 2e-7)
  expect_equal(shown(f$slope), c(-.1456446, .1584562, -.4785487, .1872594), tolerance = 2e-6)
  expect_identical(sprintf("%.4f", f$rmse), "0.4057")
})

test_that("Harbord's line is the regression of Z/sqrt(V) on sqrt(V)", {
  d <- stata_fixture("example.csv")
  cells <- as.matrix(d[c("tdeath", "tnodeath", "cdeath", "cnodeath")]) + 0
  a <- cells[, 1]; b <- cells[, 2]; c <- cells[, 3]; d <- cells[, 4]
  n <- a + b + c + d
  cases <- list(list(TRUE, (a * d - b * c) / n, (a + b) * (c + d) * (a + c) * (b + d) / (n^2 * (n - 1))),
                list(FALSE, (a * n - (a + c) * (a + b)) / (b + d), (a + b) * (c + d) * (a + c) / (n * (b + d))))
  for (case in cases) {
    z <- case[[2]] / sqrt(case[[3]])
    x <- sqrt(case[[3]])
    expected <- summary(stats::lm(z ~ x))
    f <- cpp_harbord_line(cells, case[[1]], 0.95)
    expect_gate(c(f$bias$est, f$bias$se, f$slope$est, f$slope$se, f$rmse),
                c(expected$coefficients[1, 1:2], expected$coefficients[2, 1:2], expected$sigma), "closed_form",
                scale = 1)
  }
  cells[3, c(1, 3)] <- 0
  expect_identical(cpp_harbord_line(cells, TRUE, 0.95)$excluded, 3L)
})

test_that("a fit passes its model, moderators and weights on", {
  skip_if_not_installed("metafor")
  d <- metadat_effects()[["dat.bcg RR"]]
  d$x <- c(44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33)
  for (fit in list(quote(rma(yi, vi, mods = ~ x, data = d, method = "DL", test = "knha")),
                   quote(rma(yi, vi, data = d, weights = ni, method = "HE")),
                   quote(rma(yi, vi, data = d, weighted = FALSE, method = "DL")))) {
    theirs <- fit
    theirs[[1]] <- quote(metafor::rma)
    for (model in c("rma", "lm")) {
      a <- regtest(eval(fit), model = model, level = 90)
      b <- metafor::regtest(eval(theirs), model = model, level = 90)
      expect_gate(c(a$zval, a$pval, a$est, a$ci.lb), c(b$zval, b$pval, b$est, b$ci.lb), "metafor_closed")
      expect_identical(is.null(a$est), is.null(b$est))
    }
  }
})

test_that("the fit in the result can be used", {
  d <- data.frame(yi = c(0.1, 0.5, -0.2, 0.9, 0.3), vi = c(0.1, 0.2, 0.05, 0.4, 0.15))
  a <- regtest(yi, vi, data = d)
  expect_s3_class(a$fit, "metaparity_uni")
  expect_identical(rownames(a$fit$beta), c("intrcpt", "sei"))
  b <- regtest(yi, vi, data = d, model = "lm", ret.fit = TRUE)
  expect_s3_class(b$fit, "lm")
  expect_equal(unname(coef(b$fit)[1]), b$est)
})

test_that("scale and offset follow through", {
  yi <- c(3, 8, -2, 11, 4, 7)
  sei <- c(2, 4, 1, 8, 3, 5)
  base <- regtest(yi, sei = sei, model = "lm")
  for (s in 10^c(-10, -9, -3, 3, 9)) {
    a <- regtest(yi * s, sei = sei * s, model = "lm")
    expect_gate(c(a$zval, a$est / s), c(base$zval, base$est), "scale_free")
    b <- regtest(yi * s, sei = sei * s)
    expect_gate(b$zval, regtest(yi, sei = sei)$zval, "scale_free")
  }
  expect_gate(regtest(yi + 1e10, sei = sei, model = "lm")$zval, base$zval, "scale_free")
})

test_that("bad input is named", {
  yi <- c(0.1, 0.2, 0.4, 0.3)
  vi <- c(0.1, 0.2, 0.3, 0.4)
  fit <- rma(yi, vi)
  expect_warning(regtest(c(yi, NA), vi = c(vi, 1)), class = "metaparity_warning_dropped")
  expect_warning(regtest(fit, vi = vi), class = "metaparity_warning_input")
  expect_error(regtest(yi), class = "metaparity_error_input")
  expect_error(regtest(yi, vi = vi, predictor = "ni"), class = "metaparity_error_input")
  expect_error(regtest(yi, vi = vi, predictor = "size"), class = "metaparity_error_input")
  expect_error(regtest(yi, vi = vi, model = "glm"), class = "metaparity_error_input")
  expect_warning(regtest(yi, vi = vi, methd = "DL"), class = "metaparity_warning_unknown")
  expect_error(regtest(yi, vi = vi, method = "XX"), class = "metaparity_error_input")
  expect_error(regtest(yi, vi = rep(0.1, 4)), class = "metaparity_error_input")
  expect_error(regtest(yi, vi = rep(0.1, 4), model = "lm"), class = "metaparity_error_input")
  expect_error(regtest(yi, vi = vi, ni = c(0, 1, 2, 3), predictor = "ninv"), class = "metaparity_error_studies")
  expect_error(regtest(yi, vi = c(0, vi[-1]), model = "lm"), class = "metaparity_error_studies")
  expect_error(regtest(letters[1:4], vi = vi), class = "metaparity_error_input")
  expect_error(regtest(yi[0], vi = vi[0]), class = "metaparity_error_input")
  expect_error(regtest(fit, ni = 1:3, predictor = "ni"), class = "metaparity_error_input")
  expect_error(regtest(rma(yi, vi, by = c(1, 1, 2, 2))), class = "metaparity_error_input")
})

test_that("print follows metafor line by line", {
  d <- metadat_effects()[["dat.bcg RR"]]
  for (args in list(list(), list(model = "lm"), list(predictor = "ni"), list(predictor = "sqrtninv", method = "DL"),
                    list(method = "FE"), list(test = "knha"), list(predictor = "vi", digits = 2))) {
    args <- c(list(d$yi, d$vi, ni = d$ni), args)
    expect_identical(capture.output(print(do.call(regtest, args))),
                     capture.output(print(do.call(metafor::regtest, args))))
  }
  ours <- regtest(-d$yi, d$vi, model = "lm", ret.fit = TRUE)
  theirs <- metafor::regtest(-d$yi, d$vi, model = "lm", ret.fit = TRUE)
  expect_identical(length(capture.output(print(ours))), length(capture.output(print(theirs))))
})

test_that("the fit of a weighted regression is an lm", {
  skip_if_not_installed("metafor")
  a <- regtest(rma(c(.1, .4, .9, -.2, .5), c(.1, .2, .3, .15, .25)), model = "lm")
  b <- metafor::regtest(metafor::rma(c(.1, .4, .9, -.2, .5), c(.1, .2, .3, .15, .25)), model = "lm")
  expect_equal(coef(a$fit), coef(b$fit), tolerance = 1e-12)
  expect_equal(vcov(a$fit), vcov(b$fit), tolerance = 1e-12)
})

test_that("fits of Mantel-Haenszel and Peto are tested by the linear model alone", {
  tables <- list(ai = c(4, 6, 3, 62), n1i = c(123, 306, 231, 1359), ci = c(11, 29, 11, 248),
                 n2i = c(139, 303, 220, 1286))
  for (fit in list(do.call(rma.mh, tables), do.call(rma.peto, tables))) {
    expect_error(regtest(fit), class = "metaparity_error_input")
    expect_s3_class(regtest(fit, model = "lm"), "metaparity_regtest")
  }
})
