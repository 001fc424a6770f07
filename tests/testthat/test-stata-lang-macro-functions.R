shown <- function(..., data = NULL) do_file(..., data = data)$log

test_that("macro functions give words, lists and pieces", {
  log <- shown("local a one two \"three four\"", "local b two five",
               "display \"`: word count `a''|`: word 2 of `a''|`: length local b'\"",
               "display `\"`: list a & b'|`: list a - b'|`: list sizeof a'|`: list posof \"two\" in b'\"'",
               "display \"`: subinstr local b \"five\" \"5\"'\"", "local s : display %5.2f 3.14159",
               "display \"[`s']\"",
               "local u : list uniq a", "local p : piece 1 6 of \"abc defg\"", "display \"`p'\"")
  expect_true(all(c("3|two|8", "two|one \"three four\"|3|1", "two 5", "[ 3.14]", "abc") %in% log))
})

test_that("macro functions know variables, labels and matrices", {
  d <- data.frame(x = c(1, 2))
  log <- shown("label define l 1 \"first\"", "label values x l", "label variable x \"The x\"", "matrix A = (1, 2)",
               "matrix colnames A = p q",
               paste0("display \"`: variable label x'|`: value label x'|`: label l 1'|`: label (x) 2'|",
                      "`: type x'|`: format x'|`: colnames A'\""), data = d)
  expect_true("The x|l|first|2|byte|%8.0g|p q" %in% log)
  expect_error(shown("local x : nosuch y"), class = "metaparity_error_stata_unsupported")
  expect_error(shown("local x : environment HOME"), class = "metaparity_error_stata_gap")
})
