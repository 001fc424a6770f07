statements <- function(...) {
  out <- metaparity:::split_statements(c(...))
  out <- Filter(function(s) nzchar(s$text), out)
  data.frame(line = vapply(out, `[[`, 0L, "line"), text = vapply(out, `[[`, "", "text"))
}

test_that("comments of every kind are dropped and lines keep their numbers", {
  got <- statements("* star", "gen x = 1 // tail", "/* a", "b */ gen y = 2", "di \"http://a /* b\"", "gen z=x/y")
  expect_equal(got$text, c("gen x = 1", "gen y = 2", "di \"http://a /* b\"", "gen z=x/y"))
  expect_equal(got$line, c(2L, 4L, 5L, 6L))
})

test_that("continuation and #delimit join lines", {
  got <- statements("metan a b, ///  note", "  random", "#delimit ;", "metan a", "  b;", "di 1; di 2;", "#delimit cr",
                    "di 3")
  expect_equal(gsub(" +", " ", got$text), c("metan a b, random", "metan a b", "di 1", "di 2", "di 3"))
  expect_equal(got$line[c(1, 2, 5)], c(1L, 4L, 8L))
})

test_that("quotes hide commands and braces build blocks", {
  expect_equal(statements("di `\"a \"b\" // c\"'")$text, "di `\"a \"b\" // c\"'")
  tree <- metaparity:::parse_blocks(metaparity:::split_statements(c("foreach x in a b {", "di `x'", "}", "di 1")))
  expect_length(tree[[1L]]$body, 2L)
  expect_error(metaparity:::parse_blocks(metaparity:::split_statements("while 1 {")), class = "metaparity_error_stata")
})

test_that("#delimit; needs no blank", {
  expect_equal(stata(c("#delimit;", "display 1", "  + 1;", "#delimit cr", "display 3"))$log, c("2", "3"))
})

test_that("#delimit cr may end with a semicolon", {
  expect_identical(stata(c("#delimit ;", "display", "1;", "#delimit cr;", "display 2", "display 3"))$log, c("1", "2", "3"))
})
