read <- function(words, tool = "rob1") recognise_judgements(words, rob_tool(tool))

test_that("words lose case, brackets, marks and the words that all judgements share", {
  expect_identical(plain_word(c("  LOW_risk.", "(High)", "Low (see text)", "\uff0b", "\u2212", "\u2717")),
                   c("low risk", "high", "low", "+", "-", "x"))
  expect_identical(bare_word(c("low risk of bias", "high concerns regarding applicability", "moderate level")),
                   c("low", "high", "moderate"))
  expect_identical(bare_word(c("\u4f4e\u504f\u501a\u98ce\u9669", "\u9ad8\u5ea6")), c("\u4f4e", "\u9ad8"))
})

test_that("blank cells are missing, and what is no judgement is empty", {
  expect_identical(read(c(NA, "", "n/a", "Not assessed", "perhaps", "low")), c(NA, NA, NA, NA, "", "low"))
})

test_that("yes and no are judgements of the first tool only", {
  expect_identical(read(c("yes", "no", "\u662f")), c("low", "high", "low"))
  expect_identical(read("yes", "rob2"), "")
  expect_identical(read("yes", "jbi"), "yes")
})

test_that("beside crosses a dash is the middle of three levels, unless there are question marks", {
  expect_identical(read(c("+", "-", "x"), "rob2"), c("low", "some_concerns", "high"))
  expect_identical(read(c("+", "-"), "rob2")[2L], "high")
  expect_identical(read(c("x", "-", "?"), "rob2")[2L], "high")
})

test_that("stars are digits, signs or shares; what is too many is none", {
  expect_identical(recognise_stars(c("3", "**", "\u2605\u2605\u2606", "2/4", "1 star", NA, "", "many", "5"), 4),
                   c(3, 2, 2, 2, 1, NA, NA, NaN, NaN))
})
