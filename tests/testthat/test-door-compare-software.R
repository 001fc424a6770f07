mag <- stata_fixture("suite-magnesium.csv")
compare <- function(...) compare_software(mag, ai = dead1, n1i = tot1, ci = dead0, n2i = tot0, ...)

test_that("the column of metafor is metafor", {
  skip_if_not_installed("metafor")
  for (measure in c("RR", "OR", "RD")) {
    f <- metafor::rma(measure = measure, ai = dead1, n1i = tot1, ci = dead0, n2i = tot0, data = mag)
    row <- compare(measure = measure, software = "metafor")$table
    expect_gate(unlist(row[1:7]), c(f$beta, f$se, f$ci.lb, f$ci.ub, f$tau2, f$I2, f$QE), "metafor_iterative", scale = 1)
    g <- metafor::rma.mh(measure = measure, ai = dead1, n1i = tot1, ci = dead0, n2i = tot0, data = mag)
    row <- compare(measure = measure, model = "common", software = "metafor")
    expect_gate(unlist(row$table[1:4]), c(g$beta, g$se, g$ci.lb, g$ci.ub), "metafor_closed")
    expect_equal(as.numeric(row$weights), as.numeric(weights(g)))
  }
  e <- stata_fixture("example.csv")
  f <- metafor::rma(measure = "SMD", n1i = tsample, m1i = tmean, sd1i = tsd, n2i = csample, m2i = cmean,
                    sd2i = csd, data = e)
  row <- compare_software(e, n1i = tsample, m1i = tmean, sd1i = tsd, n2i = csample, m2i = cmean,
                          sd2i = csd)$table["metafor", ]
  expect_gate(unlist(row[1:2]), c(f$beta, f$se), "metafor_iterative", scale = 1)
})

test_that("the column of meta is meta", {
  skip_if_not_installed("meta")
  for (measure in c("RR", "OR", "RD")) {
    m <- suppressWarnings(meta::metabin(dead1, tot1, dead0, tot0, data = mag, sm = measure))
    row <- compare(measure = measure, software = "meta")$table
    expect_gate(unlist(row[1:7]),
                c(m$TE.random, m$seTE.random, m$lower.random, m$upper.random, m$tau2, 100 * m$I2, m$Q),
                "metafor_iterative", scale = 1)
    expect_gate(unlist(row[10:11]), c(m$lower.predict, m$upper.predict), "metafor_iterative", scale = 1)
    common <- compare(measure = measure, model = "common", software = "meta")$table
    expect_gate(unlist(common[1:2]), c(m$TE.common, m$seTE.common), "metafor_closed")
  }
})

test_that("Stata's columns are Stata's commands", {
  all <- compare(measure = "RR")
  v <- meta_summarize(suite_magnesium())
  expect_equal(unlist(all$table["stata18", c("estimate", "se", "tau2", "I2", "Q")], use.names = FALSE),
               unlist(v$r[c("theta", "se", "tau2", "I2", "Q")], use.names = FALSE))
  old <- metan(dead1, tot1 - dead1, dead0, tot0 - dead0, data = mag, rr = TRUE, random = TRUE)
  expect_equal(exp(all$table["stata14", "estimate"]), old$r$ES)
  expect_equal(unname(colSums(all$weights)), rep(100, length(convention_table)))
  expect_identical(as.data.frame(all)$software, names(convention_table))
  expect_snapshot(compare(measure = "RR", software = c("stata14", "metafor"), slab = trialnam))
})

test_that("bad input is named", {
  expect_error(compare(measure = "XX"), class = "metaparity_error_input")
  expect_error(compare(software = "sas"), class = "metaparity_error_input")
  expect_error(compare_software(mag, nosuch = 1), class = "metaparity_error_input")
  expect_error(compare_software(mag), class = "metaparity_error_input")
})

test_that("studies without events are counted as each program's pooled fit counts them", {
  e1 <- c(0, 3, 10, 0, 5)
  n1 <- c(50, 60, 80, 40, 55)
  e2 <- c(4, 0, 15, 0, 9)
  n2 <- c(52, 58, 83, 41, 50)
  x <- as.data.frame(compare_software(data.frame(e1, n1, e2, n2), ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "RR",
                                      model = "common", software = "metafor"))
  f <- suppressWarnings(rma.mh(ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "RR"))
  expect_gate(c(x$I2, x$df, x$p, x$Q), c(f$I2, f$k.yi - 1, f$QEp, f$QE), "closed_form")
})
