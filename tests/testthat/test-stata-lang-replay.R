test_that("commands and their output are taken from a log", {
  commands <- metaparity:::read_log_commands(c("------", "      name:  <unnamed>", "", ". display 1 ///", ">   + 2",
                                               "3", "", ". forvalues i = 1/2 {",
    "  2.   display `i'", "  3. }", "1", "2", "", ". input x", "", "             x", "  1. 5", "  2. end", "", ". ",
    ". * note", "", "end of do-file"))
  expect_equal(vapply(commands, `[[`, "", "text"), c("display 1 ///\n  + 2", "forvalues i = 1/2 {\n  display `i'\n}",
                                                     "input x\n5\nend", "* note"))
  expect_equal(commands[[2]]$output, c("1", "2"))
  expect_equal(vapply(commands, `[[`, 0L, "line"), c(4L, 8L, 14L, 21L))
})

test_that("numbers are compared as they are printed", {
  tally <- function(a, b) metaparity:::compare_line_numbers(metaparity:::numbers_of_line(a),
                                                            metaparity:::numbers_of_line(b))
  expect_equal(tally("a 1.50 2 .333", "a 1.50 2 .333"), c(equal = 3, last_digit = 0, different = 0))
  expect_equal(tally("1.50", "1.51"), c(equal = 0, last_digit = 1, different = 0))
  expect_equal(tally("12 1.5", "13"), c(equal = 0, last_digit = 0, different = 2))
  expect_equal(tally("1,234", "1234"), c(equal = 1, last_digit = 0, different = 0))
})

test_that("an additional line does not shift what follows", {
  x <- metaparity:::compare_output(c("a 1", "b 2", "c 3"), c("a 1", "new", "b 2", "c 3"))
  expect_equal(x$lines_equal, 3L)
  x <- metaparity:::compare_output(c("a 1", "b 2"), c("a 1"))
  expect_match(x$first, "no such line")
})
