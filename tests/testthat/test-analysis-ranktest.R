# Oracles: metafor::ranktest (exact up to 170 studies), stats::cor.test, Stata's metabias.

test_that("ranktest agrees with metafor on the metadat data sets", {
  sets <- metadat_effects()
  compared <- 0L
  for (d in sets) {
    if (nrow(d) > 170L) next
    ours <- suppressWarnings(ranktest(yi, vi, data = d))
    theirs <- suppressWarnings(metafor::ranktest(yi, vi, data = d))
    expect_gate(c(ours$tau, ours$pval), c(theirs$tau, theirs$pval), "metafor_closed", scale = 1e-3)
    compared <- compared + 1L
  }
  expect_gte(compared, 100L)
})

test_that("a fit and its numbers give the same test", {
  d <- data.frame(yi = c(0.1, 0.5, -0.2, 0.9, 0.3), vi = c(0.1, 0.2, 0.05, 0.4, 0.15))
  a <- ranktest(rma(yi, vi, data = d))
  expect_identical(a$tau, ranktest(yi, vi, data = d)$tau)
  expect_identical(a$tau, ranktest(yi, sei = sqrt(vi), data = d)$tau)
  expect_true(a$exact)
  expect_false(ranktest(yi, vi, data = d, exact = FALSE)$exact)
  expect_s3_class(a, "ranktest")
})

test_that("ties give the normal approximation of cor.test", {
  d <- data.frame(yi = c(1, 1, 2, 3, 2, 5), vi = c(1, 1, 2, 2, 3, 4))
  a <- ranktest(yi, vi, data = d)
  w <- 1 / d$vi
  star <- (d$yi - sum(w * d$yi) / sum(w)) / sqrt(d$vi - 1 / sum(w))
  b <- suppressWarnings(cor.test(star, d$vi, method = "kendall"))
  expect_gate(c(a$tau, a$pval), c(b$estimate, b$p.value), "closed_form")
  expect_false(a$exact)
})

test_that("Stata's score, sd, z and p come from the same core call", {
  d <- stata_fixture("magnesium.csv")
  r <- cpp_rank_test(d$logor, d$selogor^2, FALSE)
  expect_identical(sprintf(c("%.0f", "%.2f", "%.2f", "%.3f", "%.2f", "%.3f"),
                           c(r$score, r$sd, r$z, r$p_z, r$z_cc, r$p_cc)),
                   c("18", "22.21", "0.81", "0.418", "0.77", "0.444"))
  d <- stata_fixture("example.csv")
  r <- cpp_rank_test(d$logor, d$selogor^2, FALSE)
  expect_identical(sprintf(c("%.0f", "%.2f", "%.2f", "%.3f", "%.2f", "%.3f"),
                           c(r$score, r$sd, r$z, r$p_z, r$z_cc, r$p_cc)),
                   c("36", "30.82", "1.17", "0.243", "1.14", "0.256"))
})

test_that("scale does not matter", {
  d <- data.frame(yi = c(0.11, 0.52, -0.2, 0.93, 0.3, 0.35), vi = c(0.1, 0.2, 0.05, 0.4, 0.15, 0.3))
  base <- ranktest(yi, vi, data = d)
  for (s in 10^c(-9, -4, 3, 9)) {
    expect_gate(ranktest(d$yi * s, d$vi * s^2)$pval, base$pval, "scale_free")
  }
})

test_that("bad input is named", {
  yi <- c(0.1, 0.2, 0.4, 0.3)
  vi <- c(0.1, 0.2, 0.3, 0.4)
  expect_warning(ranktest(c(yi, NA), vi = c(vi, 1)), class = "metaparity_warning_dropped")
  expect_warning(r <- ranktest(rep(1, 4), vi = vi), class = "metaparity_warning_input")
  expect_true(is.na(r$tau))
  expect_error(ranktest(yi), class = "metaparity_error_input")
  expect_error(ranktest(yi, vi = vi[-1]), class = "metaparity_error_input")
  expect_error(ranktest(yi, vi = -vi), class = "metaparity_error_studies")
  expect_error(ranktest(yi, vi = c(0, vi[-1])), class = "metaparity_error_studies")
  expect_error(ranktest(c(Inf, yi[-1]), vi = vi), class = "metaparity_error_studies")
  expect_error(ranktest(factor(yi), vi = vi), class = "metaparity_error_input")
  expect_error(ranktest(yi[1], vi = vi[1]), class = "metaparity_error_input")
  expect_warning(ranktest(yi, vi = vi, wrong = 1), class = "metaparity_warning_unknown")
  expect_error(ranktest(nowhere, vi = vi), class = "metaparity_error_input")
  expect_error(ranktest(rma(yi, vi, mods = ~ c(1, 2, 4, 3))), class = "metaparity_error_input")
  expect_error(ranktest(), class = "metaparity_error_input")
})

test_that("print follows metafor line by line", {
  skip_if_not_installed("metafor")
  d <- metadat_effects()[["dat.bcg RR"]]
  expect_identical(capture.output(print(ranktest(yi, vi, data = d))),
                   capture.output(print(metafor::ranktest(yi, vi, data = d))))
  expect_identical(capture.output(print(ranktest(yi, vi, data = d), digits = 2)),
                   capture.output(print(metafor::ranktest(yi, vi, data = d), digits = 2)))
})
