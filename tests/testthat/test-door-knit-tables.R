digits <- expand_digits(3)

test_that("each field is filled into one column, in the order of the table", {
  fields <- unlist(lapply(document_columns, `[[`, "fields"))
  expect_identical(anyDuplicated(fields), 0L)
  frame <- data.frame(pval = 0.04, ci.ub = 0.9, estimate = 0.5, ci.lb = 0.1, se = 0.2)
  out <- document_table(frame, digits, "90")
  expect_identical(names(out), c("Estimate", "90% CI", "SE", "p"))
  expect_identical(unname(unlist(out)), c("0.500", "0.100 to 0.900", "0.200", "0.040"))
})

test_that("of two fields for one column the first counts; what no column holds comes last", {
  frame <- data.frame(estimate = 1, pred = 2, zval = 3, z = 4, other = 0.25, who = "a|b", n = 7L)
  out <- document_table(frame, digits, "95", heads = c(estimate = "Log OR"), own = "who")
  expect_identical(out[["Log OR"]], "1.000")
  expect_identical(out$z, "3.000")
  expect_identical(out$other, "0.250")
  expect_identical(out$n, "7")
  expect_false(identical(out$who, "a|b"))
})

test_that("p values have one form, at their border too", {
  expect_identical(format_p_document(c(0.5, 0.0001, 0.00009, NA), 4), c("0.5000", "0.0001", "<0.0001", "NA"))
  expect_identical(format_p_document(c(0.5, 0.00009), 4, sentence = TRUE), c("p = 0.5000", "p < 0.0001"))
  expect_identical(format_p_document(0.004, 0), "<0.01")
})

test_that("printed lines as sentences", {
  expect_identical(as_sentence("Q(df = 2)  =  3.1, p-val < .0001"), "Q(df = 2) = 3.1, p < 0.0001")
  expect_identical(as_sentence("x = -.5 and 1.5"), "x = -0.5 and 1.5")
})

test_that("signs: text outside of LaTeX, mathematics inside", {
  expect_identical(in_document(document_signs("tau^2, I^2 and H^2"), "html"), "\u03c4^2^, I^2^ and H^2^")
  expect_identical(in_document(document_signs("tau^2, I^2"), "latex"), "$\\tau^2$, $I^2$")
  expect_identical(in_document(document_signs("I^2^"), "html"), "I^2^")
})

test_that("estimates on the natural scale of their measure, where there is one", {
  scale <- natural_scale("OR")
  frame <- data.frame(estimate = c(0, log(2)), ci.lb = c(-1, 0), ci.ub = c(1, 2))
  out <- add_natural(frame, scale)
  expect_gate(out$natural, c(1, 2), "closed_form")
  expect_gate(out$natural.ub, exp(c(1, 2)), "closed_form")
  expect_identical(scale$head, "Odds Ratio")
  for (none in list("RD", "PFT", NULL, "SMD")) expect_null(natural_scale(none))
  # With moderators coefficients are differences: ratios of logarithms, nothing on other scales.
  expect_identical(natural_scale("OR", TRUE)$head, "exp(Estimate)")
  expect_null(natural_scale("PLO", TRUE))
  expect_identical(add_natural(frame, NULL), frame)
  expect_identical(add_natural(frame["estimate"], scale), frame["estimate"])
})

test_that("headings name the measure where estimates are of one", {
  expect_identical(measure_heads("OR", natural_scale("OR")), c(estimate = "Log Odds Ratio", natural = "Odds Ratio"))
  expect_identical(names(measure_heads("OR", NULL, moderated = TRUE)), NULL)
  expect_identical(length(measure_heads("GEN", NULL)), 0L)
})

test_that("a result in a sentence: the natural scale first, without an interval all cells", {
  frame <- add_natural(data.frame(estimate = log(2), ci.lb = 0, ci.ub = log(4)), natural_scale("OR"))
  heads <- measure_heads("OR", natural_scale("OR"))
  expect_identical(inline_rows(frame, NULL, heads, digits, "95"), "Odds Ratio 2.000 (95% CI 1.000 to 4.000)")
  expect_identical(inline_rows(data.frame(a = 1), data.frame(A = "1.0", B = " 2"), NULL, digits, "95"), "A 1.0, B 2")
  expect_identical(escape_number(c("<0.05", "-1.5")), c("<0.05", "-1.5"))
  expect_false(escape_number("*a*") == "*a*")
})
