confirmed <- function(text, ...) {
  session <- new_session(data.frame(x = 1:2, y = c("a", "b"), ...))
  session$matrices$A <- matrix(1)
  session$scalars$s <- 1
  tryCatch({
    run_confirm(text, session, NULL)
    0
  }, metaparity_error_stata = function(e) e$rc)
}

test_that("what is there is confirmed, and what is not has Stata's return code", {
  cases <- c("variable x" = 0, "variable z" = 111, "variable" = 100, "new variable z" = 0, "new variable x" = 110,
             "numeric variable x" = 0, "numeric variable y" = 7, "string variable y" = 0, "string variable x" = 7,
             "number 3" = 0, "number 1e3" = 0, "number a" = 7, "integer number 3" = 0, "integer number 3.5" = 7,
             "names abc _b" = 0, "names 1a" = 7, "existence a" = 0, "existence" = 6, "matrix A" = 0, "matrix B" = 111,
             "scalar s" = 0, "scalar t" = 111, "frame default" = 0, "file nowhere.dta" = 601, "v x" = 0, "str v y" = 0)
  for (text in names(cases)) expect_equal(confirmed(text), unname(cases[text]), label = text)
})

test_that("an abbreviation is confirmed unless it must be exact", {
  expect_identical(confirmed("variable xlong", xlonger = 1), 0)
  expect_equal(confirmed("variable xlong, exact", xlonger = 1), 111)
})

test_that("a new file must not be there", {
  file <- tempfile(fileext = ".txt")
  expect_identical(confirmed(sprintf("new file \"%s\"", file)), 0)
  writeLines("a", file)
  expect_equal(confirmed(sprintf("new file \"%s\"", file)), 602)
  expect_identical(confirmed(sprintf("file \"%s\"", file)), 0)
})
