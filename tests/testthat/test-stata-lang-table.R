test_that("the tables hold every command and function, once, and what runs them", {
  expect_identical(command_table$word, vapply(command_rows, `[[`, "", "word"))
  expect_false(anyDuplicated(command_table$word) > 0L)
  expect_true(all(vapply(command_rows, function(row) is.function(row$run), NA)))
  expect_identical(stata_registry$table, command_table)
  expect_identical(stata_registry$index, command_index)
})

test_that("functions have one definition each, and texts and numbers are told apart", {
  expect_false(anyDuplicated(names(stata_functions)) > 0L)
  expect_true(all(vapply(stata_functions, is.function, NA)))
  expect_identical(setdiff(c(string_functions, mixed_functions, names(string_places)), names(stata_functions)),
                   character())
  expect_identical(stata_registry$functions, stata_functions)
})
