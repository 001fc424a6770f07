session_with <- function(...) {
  session <- new_session(data.frame(x = 1:3))
  session$locals <- list(...)
  session
}

test_that("macros are expanded from the inside", {
  s <- session_with(a = "1", b1 = "deep", i = "3")
  s$globals$root <- "G"
  expect_identical(expand_macros("`a' `b`a'' $root ${root}x `none'.", s), "1 deep G Gx .")
  expect_identical(expand_macros("`=2+3' `=x[2]'", s), "5 2")
  expect_identical(expand_macros("`++i' `i' `--i'", s), "4 4 3")
  expect_identical(s$locals$i, "3")
  expect_identical(expand_macros("nothing here", s), "nothing here")
})

test_that("saved results are read, and what no command saved is empty", {
  s <- session_with()
  s$r <- list(mean = 2.5, name = "y")
  expect_identical(expand_macros("`r(mean)' `r(name)' `r(sd)'|`e(N)'", s), "2.5 y |")
})

test_that("numbers stand in macros with all digits that they need and no leading zero", {
  expect_identical(macro_text(0.5), ".5")
  expect_identical(macro_text(-0.25), "-.25")
  expect_identical(macro_text(12), "12")
  expect_identical(macro_text(1e14 + 1), "100000000000001")
  expect_identical(macro_text(missing_value("b")), ".b")
  expect_identical(macro_text(NA_real_), ".")
  for (x in c(1 / 3, pi * 1e10, 2 / 7e5)) expect_equal(as.numeric(macro_text(x)), x, tolerance = 1e-15)
})

test_that("words hold what quotes keep together, and endless nesting ends", {
  expect_identical(macro_words("a \"b c\" d-e"), c("a", "b c", "d-e"))
  expect_identical(macro_words(""), character())
  s <- session_with()
  expect_error(expand_macros(paste0(strrep("`", 300L), "a", strrep("'", 300L)), s), class = "metaparity_error_stata")
})

test_that("`i++' gives the value before the step", {
  expect_identical(stata(c("local i = 3", "display `i++'", "display `i'", "display `i--'", "display `i'"))$log,
                   c("3", "4", "4", "3"))
})
