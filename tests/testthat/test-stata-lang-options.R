command <- function(text) parse_command(text)
known <- c(keep = "k", keepusing = "keepus", detail = "d")

test_that("options are known by their abbreviations, and an unknown one is refused by name", {
  o <- command_options(command("merge a, keepus(x y) det"), known)
  expect_identical(o$keepusing, "x y")
  expect_identical(o$detail, "")
  expect_null(o$keep)
  expect_error(command_options(command("merge a, other"), known), "other", class = "metaparity_error_stata")
  expect_error(command_options(command("merge a"), known, required = "detail"), "required",
               class = "metaparity_error_stata")
  expect_identical(expect_error(command_options(command("merge a [aw=x]"), known), class = "metaparity_error_stata")$rc,
                   101L)
})

test_that("texts become arguments of their kind", {
  session <- new_session(data.frame(name = "a", year = 1, n = 2))
  argument <- function(kind, text, default = NULL) option_argument(kind, text, default, NULL, session)
  expect_identical(argument("flag", NA), TRUE)
  expect_error(argument("flag", "x"), class = "metaparity_error_stata")
  expect_identical(argument("column", "na"), quote(name))
  expect_identical(argument("label", "namevar=name, yearvar=year"), quote(list(namevar = name, yearvar = year)))
  expect_identical(argument("columns", "name year"), quote(list(name = name, year = year)))
  expect_identical(argument("numbers", "1, 2 3/5"), c(1, 2, 3, 4, 5))
  expect_identical(argument("numbers", "\"1 2\""), c(1, 2))
  expect_identical(argument("ticks", "1, 2"), "1, 2")
  expect_identical(argument("second", "0.9 0.7 1.1 Bayesian result"), list(0.9, 0.7, 1.1, "Bayesian result"))
  expect_identical(argument("second", "random"), "random")
  expect_identical(argument("free", "2 3"), c(2, 3))
  expect_identical(argument("free", "\"words\""), "words")
})
