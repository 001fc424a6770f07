test_that("nothing of metafor's interface within scope is missing but what is listed, with a reason", {
  skip_if_not_installed("metafor")
  known <- read_api_known()
  expect_true(all(nzchar(known$reason)))
  found <- api_differences(known)
  expect_equal(paste(found$where, found$name, found$what), character())
})

test_that("an unlisted difference is found", {
  skip_if_not_installed("metafor")
  none <- data.frame(where = character(), name = character(), what = character())
  expect_true("field rma.uni M" %in% do.call(paste, api_differences(none)))
})
