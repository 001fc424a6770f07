test_that("every measure has inputs, labels, formula and functions that exist", {
  expect_length(measure_table, 90L)
  for (m in names(measure_table)) {
    info <- measure_table[[m]]
    expect_true(info$family %in% names(measure_inputs), label = m)
    expect_match(info$formula, "^[^'\"]+$", label = m)
    expect_true(all(info$vtypes %in% c(any_vtype, "COHEN", "HEDGES", "GLASS")), label = m)
    if (nzchar(info$back)) expect_true(is.function(measure_function(info$back)), label = m)
  }
  expect_true(is_log_measure("RR"))
  expect_false(is_log_measure("RD"))
  expect_identical(measure_info("SOMETHING")$label, "Observed Outcome")
})

test_that("axis labels are those of metafor", {
  skip_if_not_installed("metafor")
  theirs <- function(m, t, a, k, s) {
    char <- function(f) if (is.null(f)) "FALSE" else deparse(getExportedValue(if (grepl("^transf", f)) "metafor" else
      if (f %in% c("plogis", "pnorm")) "stats" else "base", f))
    metafor:::.setlab(m, transf.char = char(t), atransf.char = char(a), gentype = k, short = s)
  }
  f <- c("exp", "transf.exp.int", "plogis", "transf.ilogit", "pnorm", "transf.iprobit", "tanh", "transf.ztor",
         "transf.ztor.int", "transf.iarcsin", "transf.isqrt", "transf.ipft.hm", "transf.iirft", "transf.iahw",
         "transf.iabt", "transf.ztor2", "sqrt")
  for (m in names(measure_table)) for (s in c(FALSE, TRUE)) {
    for (k in 1:3) expect_identical(axis_label(m, kind = k, short = s), theirs(m, NULL, NULL, k, s), label = m)
    for (name in f) {
      expect_identical(axis_label(m, transf = get(name), short = s), theirs(m, name, NULL, 1, s),
                       label = paste(m, name))
      if (!s) expect_identical(axis_label(m, atransf = get(name)), theirs(m, NULL, name, 1, s), label = paste(m, name))
    }
  }
})

test_that("functions of metafor are known as ours are", {
  skip_if_not_installed("metafor")
  expect_identical(axis_label("ZCOR", transf = metafor::transf.ztor), "Correlation Coefficient")
  expect_identical(axis_label("PLO", atransf = metafor::transf.ilogit), "Proportion (logit scale)")
})

test_that("a measure that is not there is an error that lists those that are", {
  err <- expect_error(check_measure("CORR"), class = "metaparity_error_input")
  expect_match(conditionMessage(err), "PFT")
  expect_error(check_measure(NULL), class = "metaparity_error_input")
})
