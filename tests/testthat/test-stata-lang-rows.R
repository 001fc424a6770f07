session_of <- function() new_session(data.frame(g = c(2, 1, 2, 1, 1), h = c("a", "b", "a", "a", "b"), x = c(5, 3, 1, NA, 2)))
parsed <- function(text) parse_command(text)

test_that("groups are runs of equal values of sorted data", {
  s <- session_of()
  by <- parse_prefixes("bysort g (x): list")$by
  groups <- by_groups(by, s)
  expect_identical(unname(unclass(groups)[seq_along(groups)]), list(1:3, 4:5))
  expect_identical(s$data$x, c(2, 3, NA, 1, 5))
  expect_identical(group_heading(attr(groups, "vars"), 4L, s), "-> g = 2")
  unsorted <- parse_prefixes("by g: list")$by
  expect_identical(expect_error(by_groups(unsorted, session_of()), class = "metaparity_error_stata")$rc, 5L)
})

test_that("_n and _N count within groups", {
  s <- session_of()
  groups <- by_groups(parse_prefixes("bysort g (x): list")$by, s)
  context <- group_context(groups, s)
  expect_identical(context$start, c(0L, 0L, 0L, 3L, 3L))
  expect_equal(evaluate_groups(tokenize("_n"), context), c(1, 2, 3, 1, 2))
  expect_equal(evaluate_groups(tokenize("_N"), context), c(3, 3, 3, 2, 2))
  expect_identical(evaluate_groups(tokenize("7"), context), rep(7, 5L))
  expect_identical(kept_in_groups(parsed("list if _n == 1 in 1/3"), context), c(TRUE, FALSE, FALSE, FALSE, FALSE))
})

test_that("if and in keep rows; a missing value is true, a text is none", {
  s <- session_of()
  rows <- function(text) selected_rows(parsed(text), s)
  expect_identical(rows("list if x > 2"), c(1L, 2L, 4L))
  expect_identical(rows("list if x"), 1:5)
  expect_identical(rows("list in 2/4"), 2:4)
  expect_identical(rows("list if g == 1 in -3/l"), c(4L, 5L))
  expect_identical(selected_rows(parsed("list if _n == 2"), s, c(3L, 5L)), 5L)
  expect_identical(expect_error(rows("list if h"), class = "metaparity_error_stata")$rc, 109L)
})
