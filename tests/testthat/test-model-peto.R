# Oracle: metafor's rma.peto().

test_that("tables of metadat agree with metafor in every field and line", {
  skip_if_not_installed("metafor")
  sets <- read_metadat(metadat_tables, c("ai", "n1i", "ci", "n2i"))
  expect_length(sets, 26L)
  for (x in sets) do.call(expect_same_fit, c("rma.peto", x))
  for (x in sets[1:8]) do.call(expect_same_fit, c("rma.peto", x, list(to = "all", level = 90, digits = 2)))
})

test_that("sparse tables agree with metafor", {
  skip_if_not_installed("metafor")
  do.call(expect_same_fit, c("rma.peto", sparse_tables()))
  expect_same_fit("rma.peto", ai = 3, bi = 7, ci = 5, di = 11)
  # k.pos and k.yi differ when the pooled cells alone are corrected: Q then has k.pos - 1 df here
  do.call(expect_same_fit, c("rma.peto", sparse_tables(), list(add = c(.5, .5), to = c("only0", "only0"),
                                                              leave = c("QEp", "H2"), printed = FALSE)))
})

test_that("a single table gives its own estimate, and pooling is the weighted mean", {
  x <- rma.peto(ai = c(3, 9), bi = c(7, 21), ci = c(5, 4), di = c(11, 30), convention = "stata14")
  one <- escalc("PETO", ai = c(3, 9), bi = c(7, 21), ci = c(5, 4), di = c(11, 30), convention = "stata14")
  expect_gate(x$beta, sum(one$yi / one$vi) / sum(1 / one$vi), "closed_form")
  expect_gate(x$se, sqrt(1 / sum(1 / one$vi)), "closed_form")
  expect_gate(x$weights, 1 / one$vi, "closed_form")
})

test_that("mistakes and tables without information are errors with a class", {
  expect_error(rma.peto(c(0, 0), 1:2, c(0, 0), 1:2), class = "metaparity_error_input")
  expect_error(rma.peto(1:2, 1:2, 1:2), class = "metaparity_error_input")
  expect_error(rma.peto(c(-1, 2), 1:2, 1:2, 1:2), class = "metaparity_error_studies")
  expect_warning(rma.peto(1:2, 1:2, 1:2, 1:2, corect = TRUE), class = "metaparity_warning_unknown")
  expect_warning(rma.peto(c(1, NA, 3), 1:3, 1:3, 1:3), class = "metaparity_warning_dropped")
})
