d <- data.frame(study = letters[1:12], a = c(5, 8, 12, 3, 9, 20, 4, 7, 15, 6, 11, 2), n1 = 50 + 5 * (1:12),
                c = c(9, 8, 15, 7, 12, 24, 9, 10, 14, 12, 19, 8), n2 = 52 + 5 * (1:12))
counts <- function(...) rma(ai = a, n1i = n1, ci = c, n2i = n2, data = d, slab = study, ...)

test_that("a ratio is read back, a difference is not", {
  fit <- counts(measure = "OR")
  result <- grade_result(fit, NULL)
  expect_equal(c(result$est, result$lb, result$ub, result$null), c(exp(c(fit$beta, fit$ci.lb, fit$ci.ub)), 1))
  expect_equal(result$weight, unname(weights(fit)))
  expect_identical(result$studies, d$study)
  rd <- counts(measure = "RD")
  expect_equal(grade_result(rd, NULL)[c("est", "null")], list(est = as.numeric(rd$beta), null = 0))
  expect_error(grade_result(lm(a ~ c, d), NULL), class = "metaparity_error_input")
})

test_that("words of programs are measures", {
  words <- c(PETO = "OR", SMDH = "SMD", "risk ratio" = "RR", "Hazard Ratio" = "HR", ZCOR = "effect", wmd = "MD")
  expect_identical(vapply(names(words), grade_measure_of, "", USE.NAMES = FALSE), unname(words))
  expect_identical(grade_measure_of(NA_character_), "effect")
  expect_identical(grade_measure_of(NULL), "effect")
})

test_that("counts are sums over the studies used, risks are those of the second arm", {
  gap <- replace(d$a, 3L, NA)
  fit <- calm(rma(measure = "OR", ai = gap, n1i = n1, ci = c, n2i = n2, data = d, subset = a > 4))
  used <- !is.na(gap) & d$a > 4
  result <- grade_result(fit, NULL)
  expect_identical(unlist(grade_counts(result), use.names = FALSE),
                   c(sum(d$n1[used]), sum(d$n2[used]), sum(d$a[used]), sum(d$c[used])))
  expect_equal(control_values(result)$value, (d$c / d$n2)[used])
})

test_that("the pooled deviation is that of all arms", {
  fit <- rma(measure = "MD", m1i = c(5, 6), sd1i = c(2, 3), n1i = c(10, 20), m2i = c(4, 4), sd2i = c(1, 2),
             n2i = c(30, 40))
  expect_equal(grade_sd(grade_result(fit, NULL)), sqrt((9 * 4 + 19 * 9 + 29 * 1 + 39 * 4) / (9 + 19 + 29 + 39)))
  expect_identical(grade_sd(grade_result(counts(measure = "RR"), NULL)), NA_real_)
})

test_that("Peters' test is the regression on 1/n weighted by events and non-events, Egger's that of the rest", {
  or <- counts(measure = "OR")
  events <- d$a + d$c
  n <- d$n1 + d$n2
  line <- summary(stats::lm(or$yi ~ I(1 / n), weights = 1 / (1 / events + 1 / (n - events))))$coefficients
  found <- grade_bias_test(grade_result(or, NULL))
  expect_identical(found$name, "Peters")
  expect_equal(found$p, line[2L, 4L], tolerance = 1e-8)
  rr <- counts(measure = "RR")
  egger <- summary(stats::lm(I(yi / sqrt(vi)) ~ I(1 / sqrt(vi)), data.frame(yi = c(rr$yi), vi = rr$vi)))$coefficients
  found <- grade_bias_test(grade_result(rr, NULL))
  expect_identical(found$name, "Egger")
  expect_equal(found$p, egger[1L, 4L], tolerance = 1e-8)
  few <- grade_bias_test(grade_result(counts(measure = "OR", subset = a > 4), NULL))
  expect_identical(few$name, "none")
})
