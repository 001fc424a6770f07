test_that("every measure has inputs, labels and functions that exist", {
  expect_gte(length(measure_table), 18L)
  for (m in names(measure_table)) {
    info <- measure_table[[m]]
    expect_true(info$family %in% names(measure_inputs), label = m)
    for (f in c(info$transform, info$back)) if (nzchar(f)) expect_true(is.function(measure_function(f)), label = paste(m, f))
  }
  expect_true(is_log_measure("RR"))
  expect_false(is_log_measure("RD"))
  expect_identical(measure_info("SOMETHING")$label, "Observed Outcome")
  expect_false(any(c("IRR", "IRD") %in% escalc_measures()))
})

test_that("transformations and their inverses undo each other", {
  p <- c(0, .01, .3, .5, .99, 1)
  for (m in c("PLN", "PLO", "PRZ", "PAS")) {
    info <- measure_table[[m]]
    x <- if (m %in% c("PLO", "PRZ")) p[2:5] else p[-1L]
    expect_gate(measure_function(info$back)(measure_function(info$transform)(x)), x, "closed_form")
  }
  expect_gate(transf_ipft(transf_pft(p, 40), 40), p, "exact_solution", scale = 1e-2)
  expect_identical(transf_iarcsin(c(-.2, 2)), c(0, 1))
})

test_that("arcsine transformations agree with metafor", {
  skip_if_not_installed("metafor")
  p <- c(.02, .3, .8)
  expect_gate(transf_pft(p, 30), metafor::transf.pft(p, 30), "metafor_closed")
  expect_gate(transf_ipft(c(.2, .6, 1.1), 30), metafor::transf.ipft(c(.2, .6, 1.1), 30), "metafor_closed")
  expect_gate(transf_iarcsin(c(.2, .6, 1.1)), metafor::transf.iarcsin(c(.2, .6, 1.1)), "metafor_closed")
})

test_that("a measure that is not there is an error that lists those that are", {
  err <- expect_error(check_measure("COR"), class = "metaparity_error_input")
  expect_match(conditionMessage(err), "PFT")
  expect_error(check_measure(NULL), class = "metaparity_error_input")
})
