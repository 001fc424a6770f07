test_that("names of measures keep the capitals of people", {
  of <- function(measure) as.character(text_measure(measure_info(measure)))
  expect_identical(of("OR"), "log odds ratio")
  expect_identical(of("ZCOR"), "Fisher's z transformed correlation coefficient")
  expect_match(of("YUQ"), "^Yule's Q$")
  expect_identical(as.character(text_measure(measure_info("OR"), TRUE)), "odds ratio")
})

test_that("marks that keep labels from being markup are resolved for the console", {
  text <- "a_b *c* <d> & [e] #f"
  expect_identical(plain_markdown(escape_markdown(text)), text)
})

test_that("lists of words", {
  expect_identical(as.character(text_list("a")), "a")
  expect_identical(as.character(text_list(c("a", "b", "c"))), "a, b and c")
})

test_that("a document shows the text as it is", {
  skip_if_not_installed("knitr")
  out <- knitr::knit_print(new_text(c("One.", "Two."), "x"))
  expect_identical(as.character(out), "One. Two.\n")
  expect_s3_class(out, "knit_asis")
})

test_that("Greek letters are formulas in LaTeX", {
  expect_identical(greek_as_math("\u03c4\u00b2 = 0.1, I\u00b2 = 5%, \u03c3.1 = 2"), "$\\tau^2$ = 0.1, I\u00b2 = 5%, $\\sigma$.1 = 2")
})
