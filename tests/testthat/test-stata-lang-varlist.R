s <- new_session(data.frame(a = 1, b1 = 1, b2 = 1, bmi = 1, zeta = 1))
s$n <- 10L
expanded <- function(text) expand_varlist(tokenize(text), s)
rc_of <- function(code) expect_error(code, class = "metaparity_error_stata")$rc

test_that("lists of variables are expanded as Stata's", {
  expect_identical(expanded("b*"), c("b1", "b2", "bmi"))
  expect_identical(expanded("b?"), c("b1", "b2"))
  expect_identical(expanded("b1-zeta"), c("b1", "b2", "bmi", "zeta"))
  expect_identical(expanded("b1 - bmi a"), c("b1", "b2", "bmi", "a"))
  expect_identical(expanded("ze"), "zeta")
  expect_identical(expanded("b~i"), "bmi")
  expect_identical(expanded("_all"), names(s$data))
  expect_identical(rc_of(expanded("b")), 111L)
  expect_identical(rc_of(expanded("b~")), 111L)
  expect_identical(rc_of(expanded("zeta-a")), 111L)
  expect_identical(rc_of(expanded("q*")), 111L)
  expect_equal(rc_of(expand_varlist("a", s, 2L)), 102)
  expect_equal(rc_of(expand_varlist(c("a", "zeta"), s, 1L, 1L)), 103)
})

test_that("new names are names, not reserved, and not there", {
  expect_identical(check_new_name("new", s), "new")
  expect_identical(vapply(list("a", "_n", "1a", strrep("a", 33L)), function(name) rc_of(check_new_name(name, s)), 0L),
                   c(110L, 198L, 198L, 198L))
})

test_that("lists of numbers count up and down by their steps", {
  expect_identical(parse_numlist("1 2 3"), c(1, 2, 3))
  expect_identical(parse_numlist("1/4"), c(1, 2, 3, 4))
  expect_identical(parse_numlist("4/2"), c(4, 3, 2))
  expect_equal(parse_numlist("0(.1).3"), c(0, 0.1, 0.2, 0.3))
  expect_identical(parse_numlist("10(-5)0"), c(10, 5, 0))
  expect_identical(parse_numlist("1 3 to 9"), c(1, 3, 5, 7, 9))
  expect_identical(parse_numlist("5(2)1"), numeric())
  expect_identical(vapply(c("1/x", "1(0)5", "to 3", "1/9999999"), function(text) rc_of(parse_numlist(text)), 0L,
                          USE.NAMES = FALSE), c(121L, 121L, 121L, 123L))
})

test_that("ranges of observations count from both ends", {
  rows <- function(text) parse_in_range(tokenize(text), s)
  expect_equal(rows("3"), 3)
  expect_equal(rows("f/3"), 1:3)
  expect_equal(rows("-2/l"), 9:10)
  for (text in c("0/3", "3/11", "5/2", "1/", "a")) expect_identical(rc_of(rows(text)), 198L, label = text)
})

test_that("a varlist may stand in parentheses", {
  d <- data.frame(x = c(1, 2, 4), y = c(2, 1, 3))
  expect_identical(stata("summarize(x y)", d)$log, stata("summarize x y", d)$log)
  expect_identical(stata("corr(x y)", d)$log, stata("corr x y", d)$log)
})
