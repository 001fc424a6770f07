test_that("every tool has levels with looks and words, and domains with names of their own", {
  for (name in rob_tool()) {
    tool <- rob_tool(name)
    expect_false(anyDuplicated(tool$domains$id) > 0L, label = name)
    expect_true(all(nzchar(unlist(tool$levels))), label = name)
    check_level_colours(c(tool$levels$revman, tool$levels$colourblind))
    words <- unlist(tool$words)
    expect_false(anyDuplicated(words[nchar(words) > 1L]) > 0L, label = name)
    expect_true(all(tool$domains$group %in% c("bias", "applicability")), label = name)
  }
})

test_that("domains and levels are those of the guidance", {
  expect_identical(rob_tool("rob2")$domains$id, paste0("D", 1:5))
  expect_identical(rob_tool("rob2")$levels$level, c("low", "some_concerns", "high"))
  expect_identical(nrow(rob_tool("rob1")$domains), 7L)
  expect_identical(nrow(rob_tool("robins_i")$domains), 7L)
  expect_identical(as.integer(table(rob_tool("quadas2")$domains$group)[c("bias", "applicability")]), c(4L, 3L))
  expect_identical(sum(rob_tool("nos")$domains$most), 9)
})

test_that("a tool can be changed or made, and named values leave the other levels as they are", {
  tool <- rob_tool("rob2", colours = c(high = "#123456"), symbols = c("1", "2", "3"), words = list(low = "Fine!"))
  expect_identical(tool$levels$revman, c(rob_tool("rob2")$levels$revman[1:2], "#123456"))
  expect_identical(tool$levels$symbol, c("1", "2", "3"))
  expect_true("fine!" %in% tool$words$low || plain_word("Fine!") %in% tool$words$low)
  own <- rob_tool("mine", levels = c(ok = "Reported", "high"), domains = c("First", x = "Second"))
  expect_identical(own$levels$level, c("ok", "high"))
  expect_identical(own$domains$id, c("D1", "x"))
  expect_identical(own$overall, "none")
})

test_that("what does not fit the levels is named", {
  expect_error(rob_tool("unheard"), class = "metaparity_error_input")
  expect_error(rob_tool("rob2", colours = c("red", "blue")), "colours", class = "metaparity_error_input")
  expect_error(rob_tool("rob2", colours = c("red", "blue", "reddish")), class = "metaparity_error_input")
  expect_error(rob_tool("rob2", words = list(best = "fine")), "words", class = "metaparity_error_input")
  expect_error(rob_tool("rob2", overall = "mean"), "overall", class = "metaparity_error_input")
  expect_error(rob_tool("m", levels = c("low", "low")), "levels", class = "metaparity_error_input")
})
