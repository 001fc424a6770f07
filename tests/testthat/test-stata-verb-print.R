test_that("views print, list and give their table", {
  d <- data.frame(es = c(.2, .5, .1), se = c(.1, .2, .15))
  v <- metan(es, se, data = d, random = TRUE)
  expect_output(expect_identical(withVisible(print(v))$visible, FALSE), "D[+]L pooled ES")
  expect_identical(as.data.frame(v), v$table)
  expect_output(print(summary(v)), "r[(]tau2[)] = [.]")
  expect_identical(format(metan(es, se, data = d, notable = TRUE)), character())
})

test_that("long names lose their middle and columns are kept", {
  expect_identical(abbreviate_name(c("slope", "averylongvariable"), 12L), c("slope", "averylongv~e"))
  expect_identical(at_column("abc", 6L, "x"), "abc  x")
  expect_identical(at_column("abcdefgh", 6L, "x"), "abcdefghx")
  expect_identical(rule(3L, 2L), "---+--")
})
