reg <- function(lines) {
  d <- data.frame(es = c(0.1, 0.4, 0.2, 0.6, 0.3, 0.5), se = c(0.1, 0.2, 0.15, 0.2, 0.1, 0.2), g = rep(c(3, 5, 7), 2))
  stata(c("meta set es se", lines), d, graphs = FALSE)$log
}

test_that("the base level of a labelled variable is told by its number", {
  plain <- reg("meta regress ib5.g")
  labelled <- reg(c("label define g 3 \"low\" 5 \"mid\" 7 \"high\"", "label values g g", "meta regress ib5.g"))
  numbers <- function(log) unlist(regmatches(log, gregexpr("-?[0-9]*[.][0-9]+", log)))
  expect_equal(numbers(utils::tail(labelled, 9)), numbers(utils::tail(plain, 9)))
  expect_true(any(grepl("high", labelled)))
  expect_false(any(grepl("^ +mid", labelled)))
})

test_that("columnopts() may be cut short and is no list of columns", {
  expect_warning(reg("meta forestplot, col(_id, title(\"A\"))"), class = "metaparity_warning_input")
})
