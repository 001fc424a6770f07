yi <- c(0.4, -0.2, 0.9, 0.1, 0.3)
vi <- c(0.09, 0.01, 0.04, 0.16, 0.02)
fit <- rma(yi, vi, slab = c("d", "a", "c", "e", "b"))
shown <- function(...) {
  rows <- layout_of(fit, ...)$rows
  rows$study[rows$type == "study"]
}

test_that("each word sorts by what it says", {
  residual <- as.numeric(residuals(fit))
  standard <- rstandard(fit)$z
  keys <- list(obs = yi, est = yi, yi = yi, prec = vi, vi = vi, alphabetic = c("d", "a", "c", "e", "b"),
               resid = residual, rstandard = standard, abs.resid = abs(residual), abs.rstandard = abs(standard))
  expect_setequal(c(names(keys), "fit"), names(order_keys))
  for (word in names(keys)) expect_identical(as.integer(shown(order = word)), order(keys[[word]]), label = word)
})

test_that("fitted values sort the studies of a meta-regression", {
  year <- c(5, 1, 4, 2, 3)
  moderated <- rma(yi, vi, mods = ~year)
  rows <- layout_of(moderated, order = "fit")$rows
  expect_identical(as.integer(rows$study[rows$type == "study"]), order(fitted(moderated)))
})

test_that("a variable sorts, one of another length or an unknown word is named", {
  expect_identical(as.integer(shown(order = c(5, 4, 3, 2, 1))), 5:1)
  expect_error(shown(order = 1:3), "order", class = "metaparity_error_input")
  expect_error(shown(order = "size"), "order", class = "metaparity_error_input")
  expect_error(layout_of(yi, vi, order = "resid"), "needs a fit", class = "metaparity_error_input")
})

test_that("values of the rows used stand in their places, those of all data are cut to the subset", {
  some <- calm(rma(c(yi, NA), c(vi, 1), subset = c(TRUE, FALSE, TRUE, TRUE, TRUE, TRUE)))
  expect_equal(align_rows(1:4, some), c(1, 2, 3, 4, NA))
  expect_equal(align_rows(1:6, some), c(1, 3, 4, 5, 6))
  expect_equal(align_rows(cbind(1:4, 5:8), some)[, 2L], c(5, 6, 7, 8, NA))
})

test_that("the order may be turned round", {
  expect_identical(shown(order = "obs", decreasing = TRUE), rev(order(yi)))
  expect_identical(shown(order = yi, decreasing = TRUE), order(yi, decreasing = TRUE))
  expect_error(shown(order = "obs", decreasing = 3), class = "metaparity_error_input")
})
