test_that("tables of counts", {
  d <- data.frame(g = c("a", "b", "a", "a"), h = c(1, 1, 2, 2))
  one <- stata("tabulate g", d)$log
  expect_match(one, "a [|] +3 +75[.]00 +75[.]00", all = FALSE)
  expect_match(one, "Total [|] +4 +100[.]00", all = FALSE)
  two <- stata("tabulate g h", d)$log
  expect_match(two, "a [|] +1 +2 [|] +3", all = FALSE)
  expect_error(stata("tabulate nosuch", d), class = "metaparity_error_stata")
})
