d <- data.frame(yi = c(0.1, NA, 0.4, 0.3, 0.2), vi = c(0.1, 0.2, NA, 0.05, 0.3), ni = c(40, 30, 20, 80, 15))

studies_of <- function(...) {
  mc <- as.call(c(quote(f), list(...)))
  x <- tested_object(mc, environment())
  if (inherits(x, "rma")) fit_studies(x, mc, environment()) else plain_studies(x, mc, environment())
}

test_that("plain numbers, a column of data and a fit are the same studies", {
  plain <- suppressWarnings(studies_of(x = d$yi, vi = d$vi, ni = d$ni))
  column <- suppressWarnings(studies_of(x = quote(yi), vi = quote(vi), ni = quote(ni), data = d))
  fit <- studies_of(x = suppressWarnings(rma(yi, vi, data = d, ni = ni)))
  expect_identical(plain, column)
  for (name in c("yi", "vi", "ni")) expect_identical(as.numeric(fit[[name]]), as.numeric(plain[[name]]))
  expect_identical(dim(plain$X), c(3L, 1L))
  expect_identical(plain$rows, c(1L, 4L, 5L))
  expect_identical(plain$dropped, 2:3)
})

test_that("studies that are left out are named; a missing size counts only where sizes are given", {
  w <- expect_warning(studies_of(x = d$yi, vi = d$vi), class = "metaparity_warning_dropped")
  expect_identical(w$rows, 2:3)
  gaps <- replace(d$ni, 1, NA)
  expect_identical(suppressWarnings(studies_of(x = d$yi, vi = d$vi, ni = gaps))$rows, 4:5)
  expect_identical(suppressWarnings(studies_of(x = d$yi, vi = d$vi, subset = c(4, 1)))$rows, c(1L, 4L))
})

test_that("a data frame of escalc() brings its columns and sizes", {
  e <- escalc("MD", m1i = c(1, 2), m2i = c(0, 1), sd1i = c(1, 1), sd2i = c(1, 2), n1i = c(10, 20), n2i = c(11, 22))
  out <- studies_of(x = e)
  expect_identical(out$yi, as.numeric(e$yi))
  expect_identical(out$vi, as.numeric(e$vi))
  expect_identical(as.numeric(out$ni), c(21, 42))
})

test_that("a fit brings its model; variances beside it are ignored with a warning", {
  x <- rma(c(0.1, 0.4, 0.3), c(0.1, 0.2, 0.3), mods = cbind(a = 1:3), weights = c(1, 2, 1), slab = letters[1:3])
  out <- studies_of(x = x)
  expect_identical(unname(out$X), unname(x$X))
  expect_identical(as.numeric(out$weights), c(1, 2, 1))
  expect_identical(out$slab, letters[1:3])
  expect_identical(expect_warning(studies_of(x = x, vi = 1:3), class = "metaparity_warning_input")$arg, "vi")
  expect_identical(expect_error(studies_of(x = x, ni = 1:2), class = "metaparity_error_input")$arg, "ni")
})

test_that("what cannot be tested is named with its rows", {
  bad <- function(..., class = "metaparity_error_input") expect_error(suppressWarnings(studies_of(...)), class = class)
  expect_identical(bad()$arg, "x")
  expect_identical(bad(x = rma(d$yi[-2], d$vi[-3], by = c(1, 1, 2, 2)))$arg, "x")
  expect_identical(bad(x = c(NA, 1), vi = c(1, NA))$arg, "x")
  expect_identical(bad(x = 1:3, vi = 1:3, ni = 1:2)$arg, "ni")
  expect_identical(bad(x = c(1, Inf, 2), vi = 1:3, class = "metaparity_error_studies")$rows, 2L)
  expect_identical(bad(x = 1:3, vi = c(1, -1, 2), class = "metaparity_error_studies")$rows, 2L)
  zero <- studies_of(x = 1:3, vi = c(1, 0, 2))
  expect_identical(expect_error(check_tested_variances(zero, NULL), class = "metaparity_error_studies")$rows, 2L)
})

test_that("fits of another package are told from ours", {
  expect_false(is_foreign_fit(rma(1:3, 1:3)))
  expect_true(is_foreign_fit(structure(list(), class = c("rma.uni", "rma"))))
  expect_false(is_foreign_fit(1:3))
})
