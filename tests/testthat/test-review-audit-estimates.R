checks_of <- function(x) x$check

test_that("an estimate that is not the centre of its interval is found, with the sign that would be", {
  out <- audit_estimates(c(-0.45, -0.05, 0.22), c(-0.69, -1.37, -0.11), c(-0.21, 1.47, 0.55), slab = c("A", "B", "C"))
  expect_s3_class(out, "metaparity_audit")
  expect_identical(out$check, "off_centre")
  expect_identical(out$row, 2L)
  expect_identical(out$study, "B")
  expect_equal(out$suggestion, 0.05)
  expect_match(out$message, "other sign")
})

test_that("rounding alone is no finding", {
  expect_identical(nrow(audit_estimates(-2.07, -2.56, -1.59)), 0L)
  expect_identical(nrow(audit_estimates(0.03, -0.03, 0.10)), 0L)
  expect_identical(checks_of(audit_estimates(0.05, -0.03, 0.10)), "off_centre")
})

test_that("ratios are symmetrical on the log scale", {
  expect_identical(nrow(audit_estimates(2, 1, 4, log = TRUE)), 0L)
  out <- audit_estimates(2.50, 1.00, 4.00, log = TRUE, digits = 2)
  expect_identical(out$check, "off_centre")
  expect_equal(out$suggestion, 2)
})

test_that("each check finds its case", {
  expect_identical(checks_of(audit_estimates(c(1, NA), c(0, NA), c(2, NA))), "missing")
  expect_identical(checks_of(audit_estimates(1, 2, 0)), "swapped")
  expect_identical(checks_of(audit_estimates(9, 0, 2)), "outside")
  expect_identical(checks_of(audit_estimates(0, 0, 0)), "no_width")
  expect_identical(checks_of(audit_estimates(c(1, 5), c(0, 4), c(2, 6), weights = c(97.44, 2.56))), "dominant")
  expect_identical(checks_of(audit_estimates(c(1, 5), c(0, 4), c(2, 6), weights = c(97.44, 2.56), share = 98)),
                   character())
  expect_identical(checks_of(audit_estimates(c(1, 5), c(0, 4), c(2, 6), weights = c(60.1, 30.2))), "weight_sum")
  expect_identical(checks_of(audit_estimates(c(1, 5), c(0, 4), c(2, 6), slab = c("A", "A"))), "same_study")
  out <- audit_estimates(c(1, 1), c(0, 0), c(2, 2), slab = c("A", "B"), group = c("text", "figure"))
  expect_identical(out$check, "same_values")
  expect_match(out$message, "A, text")
})

test_that("Begg's table is checked against itself", {
  d <- data.frame(score = c(32, -4, 6), sd = c(24.276, 2.944, 4.082), z = c(-1.32, -1.36, 1.47),
                  p = c(.187, .174, .142),
                  n = c(17, 4, 5), outcome = c("BMD", "vitamin D", "osteocalcin"))
  out <- audit_begg(score, sd, z, p, n, slab = outcome, data = d)
  expect_identical(out$check, "sign")
  expect_identical(out$study, "BMD")
  expect_equal(out$suggestion, 1.32)
  expect_identical(checks_of(audit_begg(-4, 2.944, -1.63, .103)), "z")
  expect_identical(checks_of(audit_begg(-4, 2.944, -1.36, .3)), "p")
  expect_identical(checks_of(audit_begg(-4, 3.5, -1.14, .254, 4)), "sd")
})

test_that("wrong arguments are named", {
  expect_error(audit_estimates("a", 1, 2), class = "metaparity_error_input")
  expect_error(audit_estimates(1:2, 1, 2), class = "metaparity_error_input")
  expect_error(audit_estimates(1, ci.lb = 1), class = "metaparity_error_input")
  expect_error(audit_begg(sd = 1), class = "metaparity_error_input")
  expect_error(audit_estimates(1, 0, 2, log = NA), class = "metaparity_error_input")
})

test_that("findings print one line each", {
  expect_output(print(audit_estimates(1, 0, 2)), "nothing found")
  expect_output(print(audit_estimates(9, 0, 2, slab = "A")), "1 finding\n  \\[outside\\] row 1, A: ")
})

test_that("a ratio below 0 is a finding, without a warning from the logarithm", {
  expect_no_warning(x <- audit_estimates(c(-0.5, 1.2), c(-0.9, 0.8), c(0.4, 1.8), log = TRUE))
  expect_identical(x$row[x$check == "negative"], 1L)
  expect_error(audit_begg(score = 3, sd = 2, n = 0), class = "metaparity_error_studies")
})
