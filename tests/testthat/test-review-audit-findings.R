test_that("a finding has a row for each place, and none where nothing was found", {
  out <- new_findings("A1", 2:3, "outside its limits", printed = c("1.2", "3.4"))
  expect_identical(out$row, 2:3)
  expect_identical(out$severity, rep("error", 2))
  expect_identical(out$printed, c("1.2", "3.4"))
  expect_null(new_findings("A1", integer(), "outside its limits"))
  expect_identical(names(no_findings()), c(names(out), "study"))
  expect_identical(nrow(no_findings()), 0L)
})

test_that("checks are counted in whole numbers and stand in the order of their list", {
  one <- new_check("B5", 3, NULL, 2, "too few decimals")
  expect_identical(one[c("checked", "undecided")], list(checked = 3L, undecided = 2L))
  expect_identical(order(order_of_checks(c("C1", "A2", "B10", "B9"))), c(2L, 4L, 3L, 1L))
})

test_that("a table to be audited is a data frame", {
  expect_error(check_table(1:3, "x", NULL), class = "metaparity_error_input")
  expect_identical(check_table(data.frame(a = 1), "x", NULL), data.frame(a = 1))
})
