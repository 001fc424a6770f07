means <- list(n1i = 8, n2i = 8, m1i = 10, m2i = 12, sd1i = 2, sd2i = 3)
smd <- function(convention, ...) do.call(escalc, c(list("SMD"), means, list(convention = convention, ...)))

test_that("every convention makes every choice", {
  fields <- names(convention_table$metafor)
  for (name in names(convention_table)) {
    expect_setequal(names(convention_table[[name]]), fields)
    expect_identical(convention_spec(name)$name, name)
  }
  shown <- conventions(c("metafor", "stata14"))
  expect_identical(dim(shown), c(length(fields), 2L))
  expect_identical(shown["j", "metafor"], "exact")
  expect_error(conventions("sas"), class = "metaparity_error_input")
  expect_error(convention_spec("sas"), class = "metaparity_error_input")
})

test_that("standardised mean differences follow each program's formulas", {
  d <- (10 - 12) / sqrt((2^2 + 3^2) / 2)
  n <- 16
  j <- 1 - 3 / (4 * 14 - 1)
  base <- 1 / 8 + 1 / 8
  expect_gate(unlist(smd("stata14")), c(d, base + d^2 / (2 * (n - 2))), "closed_form")
  expect_gate(unlist(smd("revman5")), c(j * d, base + (j * d)^2 / (2 * (n - 3.94))), "closed_form")
  expect_gate(unlist(smd("stata18")), c(j * d, j^2 * (base + d^2 / (2 * n))), "closed_form")
  exact <- exp(lgamma(7) - log(sqrt(7)) - lgamma(6.5))
  expect_gate(unlist(smd("metafor")), c(exact * d, base + (exact * d)^2 / (2 * n)), "closed_form")
  expect_gate(smd("stata14", vtype = "LS")$vi, base + d^2 / (2 * n), "closed_form")
  glass <- effect_sizes("SMD", means, effect_spec("SMD", "stata14", list(standardiser = "control", vtype = "GLASS")))
  expect_gate(unlist(glass[c("yi", "vi")]), c(-2 / 3, base + (2 / 3)^2 / 14), "closed_form")
})

test_that("RevMan's Hedges g for eight against eight", {
  # stored by RevMan 5: -0.734574 with standard error .521892 for d = -0.776953
  x <- escalc("SMD", di = -0.776953, n1i = 8, n2i = 8, convention = "revman5")
  expect_equal(x$yi[1], -0.734574, tolerance = 2e-6)
  expect_equal(sqrt(x$vi), .521892, tolerance = 2e-6)
})

test_that("the meta suite's heterogeneity of Hedges' g is the printed one", {
  d <- stata_fixture("example.csv")
  x <- escalc("SMD", n1i = tsample, m1i = tmean, sd1i = tsd, n2i = csample, m2i = cmean, sd2i = csd, data = d,
              convention = "stata18")
  w <- 1 / x$vi
  expect_equal(round(sum(w * (x$yi - sum(w * x$yi) / sum(w))^2), 2), 49.74)
})

test_that("mean differences: pooled variance in the meta suite, separate ones elsewhere", {
  md <- function(convention) do.call(escalc, c(list("MD"), means, list(convention = convention)))$vi
  expect_gate(md("stata18"), (2^2 + 3^2) / 2 * (1 / 8 + 1 / 8), "closed_form")
  expect_gate(md("stata14"), 4 / 8 + 9 / 8, "closed_form")
})

test_that("tables with empty cells follow each program's rule", {
  x <- function(measure, convention, ...) {
    suppressWarnings(escalc(measure, ai = c(0, 0, 3), n1i = c(10, 9, 12), ci = c(2, 0, 5), n2i = c(12, 8, 14),
                            convention = convention, ...))
  }
  expect_true(is.na(x("RR", "stata14")$yi[2]))
  expect_false(is.na(x("RR", "metafor")$yi[2]))
  expect_gate(x("RD", "stata14")$yi[1], -2 / 12, "closed_form")
  expect_gate(x("RD", "metafor")$yi[1], .5 / 11 - 2.5 / 13, "closed_form")
  expect_gate(x("RD", "stata14")$vi[1], .5 * 10.5 / 11^3 + 2.5 * 10.5 / 13^3, "closed_form")
  expect_gate(x("PETO", "stata14")$vi[1], 1 / (10 * 12 * 2 * 20 / (22^2 * 21)), "closed_form")
  expect_false(is.na(x("RR", "stata14", drop00 = FALSE)$yi[2]))
})

test_that("metafor's numbers stay the default", {
  expect_identical(smd("metafor"), do.call(escalc, c(list("SMD"), means)))
})

test_that("meta's effect sizes", {
  skip_if_not_installed("meta")
  x <- smd("meta")
  m <- with(means, meta::metacont(n1i, m1i, sd1i, n2i, m2i, sd2i, sm = "SMD"))
  expect_gate(c(x$yi, sqrt(x$vi)), c(m$TE, m$seTE), "metafor_closed")
  d <- list(ai = c(0, 3, 4), n1i = c(10, 12, 20), ci = c(2, 5, 9), n2i = c(12, 14, 22))
  for (measure in c("OR", "RR", "RD")) {
    b <- suppressWarnings(meta::metabin(d$ai, d$n1i, d$ci, d$n2i, sm = measure, method = "MH"))
    fit <- do.call(rma.mh, c(d, list(measure = measure, convention = "meta")))
    # meta pools uncorrected risk differences with weights of corrected sizes; here both are uncorrected
    if (measure != "RD") expect_gate(c(fit$beta, fit$se), c(b$TE.common, b$seTE.common), "metafor_closed")
    e <- do.call(escalc, c(list(measure), d, list(convention = "meta")))
    expect_gate(c(e$yi, sqrt(e$vi)), c(b$TE, b$seTE), "metafor_closed")
  }
})

test_that("a convention decides estimator, floor and prediction interval of a fit as its program does", {
  d <- bcg_tables
  fit <- function(convention, ...) {
    rma(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d, convention = convention, ...)
  }
  view <- metan(tpos, tneg, cpos, cneg, data = d, rr = TRUE, random = TRUE, rfdist = TRUE, version = 9, nograph = TRUE)
  old <- fit("stata14")
  expect_identical(old$method, "DL")
  expect_equal(old$tau2, view$r$tau2, tolerance = 1e-10)
  expect_equal(exp(as.numeric(old$beta)), view$r$ES, tolerance = 1e-10)
  ends <- predict(old)
  expect_identical(ends$pi.ddf, 11)
  half <- qt(0.975, 11) * sqrt(old$tau2 + old$se^2)
  expect_equal(ends$pi.lb, as.numeric(old$beta) - half, tolerance = 1e-10, ignore_attr = TRUE)
  expect_identical(fit("stata18")$method, "REML")
  expect_identical(fit("revman5")$method, "DL")
  expect_identical(fit("stata14", method = "PM")$method, "PM")
  expect_identical(fit("stata14", test = "knha")$test, "adhoc")
  expect_identical(fit("stata18", test = "knha")$test, "knha")
  expect_equal(predict(old, predtype = "default")$pi.lb, as.numeric(old$beta) - qnorm(0.975) * sqrt(old$tau2 + old$se^2),
               tolerance = 1e-10, ignore_attr = TRUE)
})
