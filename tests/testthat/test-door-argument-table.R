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
  classes <- c(forest = "meta", funnel = "meta", radial = "meta", labbe = "metabin", baujat = "meta",
               bubble = "metareg")
  for (plot in c(names(classes), "drapery")) {
    table <- argument_table("meta", plot)
    method <- if (plot == "drapery") meta::drapery else
      utils::getS3method(plot, classes[[plot]], envir = asNamespace("meta"))
    theirs <- names(formals(method))
    expect_identical(setdiff(words(table), c(theirs, "cex")), character())
    expect_identical(words(table)[duplicated(words(table))], character())
    expect_true(all(nzchar(table$here)))
  }
  expect_error(argument_table("other"), class = "metaparity_error_input")
})

test_that("every argument of metafor's plots is an argument here", {
  skip_if_not_installed("metafor")
  method <- function(verb, class) utils::getS3method(verb, class, envir = asNamespace("metafor"))
  pairs <- list(list(funnel.metaparity, method("funnel", "rma")), list(radial.metaparity, method("radial", "rma")),
                list(labbe.metaparity, method("labbe", "rma")), list(baujat.metaparity, method("baujat", "rma")),
                list(regplot.metaparity_uni, method("regplot", "rma")), list(llplot, metafor::llplot),
                list(plot.metaparity, method("plot", "rma.uni")),
                list(plot.metaparity_cumul, method("plot", "cumul.rma")),
                list(plot.metaparity_gosh, method("plot", "gosh.rma")),
                list(plot.metaparity_influence, method("plot", "infl.rma.uni")),
                list(plot.metaparity_profile, method("plot", "profile.rma")),
                list(qqnorm.metaparity, method("qqnorm", "rma.uni")),
                list(profile.metaparity_uni, method("profile", "rma.uni")),
                list(gosh.metaparity, method("gosh", "rma")))
  for (pair in pairs) expect_identical(setdiff(names(formals(pair[[2L]])), names(formals(pair[[1L]]))), character())
  table <- plot_argument_table()
  expect_identical(nrow(table), 12L)
  expect_true(all(grepl("`lang`", table$beside)))
})
