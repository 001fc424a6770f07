words <- function(table) unlist(regmatches(table$argument, gregexpr("[A-Za-z0-9.]+", table$argument)))

test_that("every argument of metafor's forest() is in the table", {
  skip_if_not_installed("metafor")
  for (method in c("rma", "default")) {
    theirs <- names(formals(utils::getS3method("forest", method, envir = asNamespace("metafor"))))
    ours <- c(words(argument_table("metafor")), "x", "...", "vi", "sei", "ci.lb", "ci.ub", "subset")
    expect_identical(setdiff(theirs, ours), character())
  }
})

test_that("meta's table names arguments that meta has, and a place here for each", {
  skip_if_not_installed("meta")
  for (plot in c("forest", "funnel")) {
    table <- argument_table("meta", plot)
    theirs <- names(formals(utils::getS3method(plot, "meta", envir = asNamespace("meta"))))
    expect_identical(setdiff(words(table), c(theirs, "cex")), character())
    expect_identical(words(table)[duplicated(words(table))], character())
    expect_true(all(nzchar(table$here)))
  }
  expect_error(argument_table("other"), class = "metaparity_error_input")
})
