test_that("lists of intervals print as one, and have a table", {
  one <- new_parameter_confint(list(random = matrix(1:3, 1L, dimnames = list("a", interval_columns)), lb.sign = "",
                                    ub.sign = ""), 0.95, expand_digits())
  expect_s3_class(as_confint_list(list(one), expand_digits()), "metaparity_confint")
  two <- as_confint_list(list(one, one), expand_digits())
  expect_length(utils::capture.output(print(two)), 7L)
  expect_identical(nrow(as.data.frame(two)), 2L)
})
