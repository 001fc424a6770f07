test_that("schemes are Stata's", {
  expect_equal(metaparity:::scheme_style("s1mono")$page, "white")
  expect_equal(metaparity:::scheme_style("stcolor")$group_col[1], "#1A85FF")
})
