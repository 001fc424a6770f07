test_that("ways to give data are columns of escalc(), each once, no way inside another", {
  columns <- names(formals(escalc))
  for (family in names(measure_inputs)) {
    ways <- measure_inputs[[family]]
    expect_true(all(unlist(ways) %in% columns), label = family)
    expect_false(any(vapply(ways, anyDuplicated, 0L) > 0L), label = family)
    sorted <- lapply(ways, sort)
    expect_identical(anyDuplicated(sorted), 0L, label = family)
    for (i in seq_along(ways)) for (j in seq_along(ways)[-i])
      expect_false(all(ways[[i]] %in% ways[[j]]), label = paste(family, i, j))
  }
})

test_that("every family is used by a measure, and every measure has one", {
  used <- vapply(measure_table, `[[`, "", "family")
  expect_setequal(unique(used), names(measure_inputs))
})

test_that("a row has its defaults, a ratio its logarithm, a z the measure that it is of", {
  row <- measure_row("mean", "Some Mean", "m; v")
  expect_identical(row$short, "Some Mean")
  expect_identical(row$natural_label, "Some Mean")
  expect_identical(row$vtypes, any_vtype)
  expect_identical(row$null, 0)
  expect_true(is.na(row$scale))
  ratio <- ratio_row("binary", "Some Ratio", "log(x); v", short_name = "SR")
  expect_identical(ratio$label, "Log Some Ratio")
  expect_identical(ratio$short, "Log[SR]")
  expect_identical(ratio$natural_label, "Some Ratio")
  expect_identical(ratio$back, "exp")
  expect_identical(unname(ratio$scale), "log")
  z <- z_row(ratio, "atanh(r); v")
  expect_identical(z$label, "Fisher's z Transformed Log Some Ratio")
  expect_identical(z$family, "binary")
  expect_identical(z$natural_short, ratio$short)
  expect_identical(z$add, ratio$add)
})

test_that("functions that lead to the same scale do so", {
  x <- c(-0.6, 0.1, 0.4)
  same <- function(name, other, x, ...) {
    expect_gate(getExportedValue("metaparity", other)(x, ...), measure_function(name)(x), "closed_form")
  }
  same("plogis", "transf.ilogit", x)
  same("pnorm", "transf.iprobit", x)
  same("tanh", "transf.ztor", x)
  for (name in names(back_equals)) for (other in grep("[.]int$", back_equals[[name]], value = TRUE))
    expect_true(sub("[.]int$", "", other) %in% c(name, paste0("transf.", c("exp", "ilogit", "iprobit", "ztor"))),
                label = other)
  # Without spread the mean of a transformed value is the transformed value.
  for (name in names(back_equals)) for (other in grep("[.]int$", back_equals[[name]], value = TRUE))
    same(name, other, c(0.1, 0.4), targs = list(tau2 = 0))
})
