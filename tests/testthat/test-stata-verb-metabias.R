vitamin_d <- data.frame(es = c(-2.2, .22, -14.61, -.88), lo = c(-5.04, -3.86, -19.99, -1.48),
                        hi = c(.64, 4.3, -9.23, -.28))
pth <- data.frame(es = c(-.76, 11.01, -3.76), lo = c(-8.01, 2.23, -4.76), hi = c(6.49, 19.79, -2.76))
osteocalcin <- data.frame(es = c(-.45, 13.34, .05, .22, .04), lo = c(-.69, 11.28, -1.37, -.11, -.24),
                          hi = c(-.21, 15.4, 1.47, .55, .32))
with_se <- function(d) transform(d, se = (hi - lo) / (2 * qnorm(.975)))

test_that("the tests of a published table come back from its rounded inputs", {
  d <- rbind(cbind(outcome = "PTH", pth), cbind(outcome = "vitamin D", vitamin_d), cbind(outcome = "OC", osteocalcin))
  v <- metabias6(es, se, data = with_se(d), by = factor(outcome, c("PTH", "vitamin D", "OC")))
  expect_identical(v$table$n, c(3L, 4L, 5L, 12L))
  expect_identical(v$table$score[1:3], c(3, -4, 6))
  expect_identical(sprintf("%.3f", v$table$score_sd[1:3]), c("1.915", "2.944", "4.082"))
  expect_identical(sprintf("%.2f", v$table$z[1:3]), c("1.57", "-1.36", "1.47"))
  expect_identical(sprintf("%.3f", v$table$p[1:3]), c("0.117", "0.174", "0.142"))
  expect_identical(sprintf("%.2f", v$table$bias[1:3]), c("2.37", "-2.24", "8.34"))
  expect_identical(sprintf("%.3f", v$table$p_bias[c(1, 3)]), c("0.341", "0.143"))
  expect_lt(abs(v$table$p_bias[2] - 0.377), 0.002)
  expect_snapshot(v)
})

test_that("overall: score over the root of summed variances, inverse-variance mean of the biases", {
  d <- with_se(rbind(cbind(g = 1, pth), cbind(g = 2, vitamin_d), cbind(g = 3, osteocalcin)))
  t <- metabias6(es, se, data = d, by = g)$table
  o <- t[4, ]
  expect_equal(o$z, sum(t$score[1:3]) / sqrt(sum(t$score_sd[1:3]^2)))
  w <- 1 / t$se_bias[1:3]^2
  expect_equal(o$bias, sum(w * t$bias[1:3]) / sum(w))
  expect_equal(o$p_bias, 2 * pnorm(-abs(o$bias) * sqrt(sum(w))))
})

test_that("strata that are too small print a point", {
  d <- data.frame(es = c(.1, .2, .4, .3, .1, .5), se = c(.1, .2, .3, .1, .2, .3), g = c(1, 2, 2, 3, 3, 3))
  lines <- format(metabias6(es, se, data = d, by = g))
  expect_match(lines[10], "^ {7}1 [|] {4}1 [|].*[.].*[|] +[.] +[.]$")
  expect_match(lines[11], "[|] *-?[0-9.]+ +[.]$")
})

test_that("Egger's part is the regression of metabias", {
  d <- stata_fixture("example.csv")
  v <- metabias6(logor, selogor, data = d)
  want <- c("-.6311106", ".3123698", "-1.287375", ".025154", "2.243459", ".9807099", ".1830643", "4.303854")
  got <- trimws(stata_general(unlist(t(v$coef[c("b", "se", "lo", "hi")])), 9))
  expect_identical(got, want)
  expect_identical(stata_fixed(v$coef$t, 5, 2), c("-2.02", " 2.29"))
  expect_snapshot(v)
  expect_snapshot(metabias6(logor, selogor, data = stata_fixture("magnesium.csv")))
})

test_that("metabias runs one test and knows what it needs", {
  d <- stata_fixture("example.csv")
  e <- metabias(logor, selogor, data = d, egger = TRUE)
  expect_identical(trimws(stata_general(e$r$rmse, 6)), "1.186")
  expect_identical(sprintf("%.3f", e$r$p_bias), "0.034")
  p <- metabias(tdeath, tnodeath, cdeath, cnodeath, data = d, peters = TRUE, or = TRUE)
  want <- c("32.93315", "20.95822", "-11.09843", "76.96473", "-.1456446", ".1584562", "-.4785487", ".1872594")
  expect_identical(trimws(stata_general(unlist(t(p$table[c("b", "se", "lo", "hi")])), 9)), want)
  expect_snapshot(metabias(tdeath, tnodeath, cdeath, cnodeath, data = d, harbord = TRUE))
  expect_snapshot(metabias(logor, selogor, data = d, begg = TRUE))
  expect_error(metabias(logor, selogor, data = d), class = "metaparity_error_input")
  expect_error(metabias(logor, selogor, data = d, egger = TRUE, begg = TRUE), class = "metaparity_error_input")
  expect_error(metabias(logor, selogor, data = d, harbord = TRUE), class = "metaparity_error_input")
  expect_error(metabias(tdeath, tnodeath, cdeath, cnodeath, data = d, peters = TRUE, rr = TRUE),
               class = "metaparity_error_input")
})

test_that("equal standard errors leave Egger's part empty, one study both parts", {
  v <- metabias6(c(1, 2, 3), c(.2, .2, .2))
  expect_true(is.na(v$r$bias))
  expect_match(format(v), "bias [|] +[.] +[.]", all = FALSE)
  expect_true(is.na(metabias6(1, .2)$r$z))
})

test_that("limits without ci give Stata's warning, with ci none", {
  m <- stata_fixture("magnesium.csv")
  m[c("or", "lo", "hi")] <- exp(cbind(m$logor, m$logor - 1.96 * m$selogor, m$logor + 1.96 * m$selogor))
  expect_match(format(metabias6(or, lo, hi, data = m)), "'ci' assumed", all = FALSE)
  expect_false(any(grepl("assumed", format(metabias6(or, lo, hi, data = m, ci = TRUE)))))
  expect_error(metabias6(logor, selogor, data = m, ci = TRUE), class = "metaparity_error_input")
})

test_that("the graph of metabias shows Egger's and Harbord's regression", {
  d <- stata_fixture("example.csv")
  pdf(NULL)
  on.exit(dev.off())
  v <- metabias(tdeath, tnodeath, cdeath, cnodeath, data = d, harbord = TRUE, or = TRUE, graph = TRUE)
  f <- plot(v)
  expect_identical(f$y$title, "Z / sqrt(V)")
  expect_identical(f$y$labels, c("-2", "0", "2"))
  expect_length(f$legend, 3L)
  fit <- stats::lm(v$fit$y ~ v$fit$x)
  expect_equal(unname(stats::coef(fit)), c(v$r$bias, v$fit$slope$b))
  expect_null(plot(metabias(logor, selogor, data = d, egger = TRUE, nofit = TRUE))$legend)
  expect_error(metabias(logor, selogor, data = d, begg = TRUE, graph = TRUE), class = "metaparity_error_input")
})

test_that("metabias 6 says how it read its variables, and heads the strata by their variable", {
  d <- data.frame(or = c(1.5, 2, .8, 1.2), lo = c(1, 1.2, .5, .7), hi = c(2.25, 3.3, 1.28, 2.1), site = c(1, 1, 2, 2))
  head <- function(...) format(metabias6(..., data = d))[1:3]
  expect_identical(head(log(or), c(.2, .3, .1, .2)),
                   c("", "Note: default data input format (theta, se_theta) assumed.", ""))
  expect_identical(head(log(or), c(.2, .3, .1, .2), var = TRUE)[2], "Note: option 'var' specified.")
  expect_match(head(or, lo, hi)[2], "varlist has 3 variables but option 'ci' not specified")
  expect_match(head(or, lo, hi, c(95, 95, 90, 95))[2], "varlist has 3 variables but option 'ci' not specified")
  expect_identical(head(or, lo, hi, ci = TRUE)[2], "Note: option 'ci' specified.")
  expect_match(format(metabias6(or, lo, hi, data = d, by = site)), "^    site [|]    n [|] score", all = FALSE)
})

test_that("egger and begg are words that metabias 6 takes; ratios without a logarithm are left out by row", {
  d <- data.frame(or = c(1.5, 2, .8, -1.2, 1.1), lo = c(1, 1.2, .5, .7, 0), hi = c(2.25, 3.3, 1.28, 2.1, 2))
  w <- expect_warning(v <- metabias6(or, lo, hi, data = d, egger = TRUE), class = "metaparity_warning_dropped")
  expect_identical(w$rows, 4:5)
  expect_identical(v$r$k, 3L)
  expect_equal(v$r, metabias6(or, lo, hi, data = d[1:3, ], begg = TRUE)$r)
  w <- expect_warning(metabias6(or, lo, hi, data = d, subset = 2:5), class = "metaparity_warning_dropped")
  expect_identical(w$rows, 4:5)
  typed <- suppressWarnings(stata("metabias6 or lo hi, ci egger", d))
  expect_equal(typed$results[[1]]$r, v$r)
  expect_equal(typed$r$Egger_bc, v$r$bias)
})

test_that("metabias 6 regresses columns of single precision", {
  d <- stata_fixture("example.csv")
  single <- function(x) readBin(writeBin(x, raw(), size = 4L), "numeric", length(x), size = 4L)
  fit <- summary(stats::lm(single(logor / selogor) ~ single(1 / selogor), data = d))$coefficients
  v <- metabias6(logor, selogor, data = d)
  expect_equal(c(v$r$bias, v$r$se_bias, v$r$slope), c(fit[1, 1], fit[1, 2], fit[2, 1]), tolerance = 1e-12)
  expect_false(isTRUE(all.equal(v$r$bias, stats::coef(stats::lm(I(logor / selogor) ~ I(1 / selogor), data = d))[[1]],
                                tolerance = 1e-10)))
})

test_that("the syntax of the older metabias leads to it, in R and typed", {
  d <- stata_fixture("example.csv")
  want <- metabias6(logor, selogor, data = d)
  pdf(NULL)
  on.exit(dev.off())
  for (graph in c("begg", "egger", "b")) {
    expect_equal(metabias(logor, selogor, data = d, graph = graph)$r, want$r)
    out <- stata(sprintf("metabias logor selogor, graph(%s)", graph), d)
    expect_s3_class(out$results[[1]], "stata_metabias6")
    expect_equal(out$r$Egger_bc, want$r$bias)
    expect_length(out$graphs, 1L)
  }
  expect_match(stata("metabias logor selogor, gr(begg)", d)$log, "^Begg's Test$", all = FALSE)
  expect_equal(metabias(logor, selogor^2, data = d, var = TRUE)$r$bias, want$r$bias)
  expect_equal(nrow(metabias(logor, selogor, data = d, by = type_study)$table), 3L)
  expect_s3_class(metabias(exp(logor), exp(logor - 2 * selogor), exp(logor + 2 * selogor), data = d), "stata_metabias6")
  expect_s3_class(stata("metabias logor selogor, egger graph", d)$results[[1]], "stata_metabias")
  expect_error(metabias(logor, selogor, data = d, graph = "peters"), class = "metaparity_error_input")
  expect_error(stata("metabias logor selogor", d), class = "metaparity_error")
})

test_that("Begg's test saves its p with the continuity correction, and without it under another name", {
  d <- stata_fixture("example.csv")
  both <- metabias6(logor, selogor, data = d)$r
  r <- stata("metabias logor selogor, begg", d)$r
  expect_equal(c(r$p_bias, r$p_bias_ncc), c(both$p_cc, both$p))
})
