
test_that("sizes from columns of integers are integers, as in metafor", {
  d <- data.frame(a = c(3L, 5L, 6L), b = c(7L, 8L, 9L), c = c(2L, 4L, 7L), d = c(9L, 8L, 5L))
  double <- data.frame(lapply(d, as.double))
  expect_type(rma(measure = "OR", ai = a, bi = b, ci = c, di = d, data = d)$ni, "integer")
  expect_type(rma(measure = "OR", ai = a, bi = b, ci = c, di = d, data = double)$ni, "double")
  expect_type(rma.mh(ai = a, bi = b, ci = c, di = d, data = d)$ni, "integer")
  expect_type(rma.peto(ai = a, bi = b, ci = c, di = d, data = d)$ni, "integer")
  expect_type(attr(escalc("COR", ri = c(0.1, 0.2, 0.3), ni = c(20L, 30L, 40L))$yi, "ni"), "integer")
  expect_type(attr(escalc("COR", ri = c(0.1, 0.2, 0.3), ni = c(20, 30, 40))$yi, "ni"), "double")
  expect_type(rma(c(0.1, 0.2, 0.3), c(1, 1, 1), ni = c(20L, 30L, 40L))$ni, "integer")
})

test_that("sizes may stand beside estimates", {
  fit <- suppressWarnings(rma(c(0.1, 0.2, NA, 0.3), c(1, 1, 1, 1), ni = c(20, 30, 40, 50)))
  expect_identical(fit$ni, c(20, 30, 50))
  expect_s3_class(funnel(fit, yaxis = "ni", draw = FALSE), "data.frame")
  expect_error(rma(c(0.1, 0.2), c(1, 1), ni = 20), class = "metaparity_error_input")
  expect_error(rma(c(0.1, 0.2), c(1, 1), ni = c("a", "b")), class = "metaparity_error_input")
})

test_that("what the amount for empty cells is part of is chosen as in metafor", {
  skip_if_not_installed("metafor")
  tables <- list(ai = c(0, 3, 4), bi = c(20, 0, 3), ci = c(5, 5, 5), di = c(9, 9, 9))
  same <- function(measure, ..., data = tables) {
    ours <- suppressWarnings(do.call(escalc, c(list(measure), data, list(...))))
    theirs <- suppressWarnings(do.call(metafor::escalc, c(list(measure), data, list(...))))
    for (name in c("yi", "vi"))
      expect_gate(as.numeric(ours[[name]]), as.numeric(theirs[[name]]), "metafor_closed", scale = 1e-3)
  }
  for (to in c("only0", "all", "if0all")) for (choice in c("addyi", "addvi", "onlyo1")) {
    value <- stats::setNames(list(choice == "onlyo1"), choice)
    for (measure in c("OR", "RR", "RD")) do.call(same, c(list(measure, to = to), value))
    do.call(same, c(list("PLO", to = to, data = list(xi = c(0, 3, 4), mi = c(5, 0, 9))), value))
    do.call(same, c(list("IRR", to = to, data = list(x1i = c(0, 3, 4), x2i = c(2, 5, 7), t1i = 10:12, t2i = 12:14)), value))
  }
  expect_warning(escalc("OR", ai = 0, bi = 9, ci = 4, di = 8, addyi = FALSE), class = "metaparity_warning_studies")
  expect_error(escalc("OR", ai = 0, bi = 9, ci = 4, di = 8, addyi = 2), class = "metaparity_error_input")
})
