test_that("missing values hold their letters, in Stata's order above all numbers", {
  x <- c(missing_value("z"), 5, missing_value(), 8e307, missing_value("a"))
  expect_identical(order(comparable(x)), c(2L, 4L, 3L, 5L, 1L))
  expect_equal(missing_rank(missing_values), 0:26)
  expect_true(all(is.na(missing_values)))
})

test_that("letters survive copies, sorting and files", {
  skip_if_not_installed("haven")
  for (letter in c("a", "m", "z")) expect_identical(haven::na_tag(missing_value(letter)), letter)
  expect_equal(missing_rank(haven::tagged_na("c")), 3)
  expect_equal(missing_rank(rev(c(1, missing_value("k")))[1L]), 11)
})

test_that("what arithmetic cannot compute, or what is beyond Stata's range, is a plain missing value", {
  out <- stata_number(c(Inf, -Inf, NaN, 2^1023, 2^1022, missing_value("b")))
  expect_identical(is.na(out), c(TRUE, TRUE, TRUE, TRUE, FALSE, TRUE))
  expect_equal(missing_rank(out[is.na(out)]), c(0, 0, 0, 0, 2))
  expect_identical(stata_number(3L), 3)
})

test_that("an empty text is missing, and texts compare as they are", {
  expect_identical(is_missing(c("", " ", "a")), c(TRUE, FALSE, FALSE))
  expect_identical(is_missing(c(1, NA, missing_value("a"))), c(FALSE, TRUE, TRUE))
  expect_identical(comparable(c("b", "a")), c("b", "a"))
})
