test_that("dtable shows means, deviations, counts and shares by groups", {
  log <- stata("dtable mpg i.cyl, by(am)", mtcars)$log
  row <- function(name) strsplit(trimws(sub(name, "", grep(paste0("^ *", name), log, value = TRUE)[1L])), " {2,}| (?=[0-9])",
                                 perl = TRUE)[[1L]]
  one <- function(x) sprintf("%.3f (%.3f)", mean(x), stats::sd(x))
  expect_equal(row("mpg"), c(one(mtcars$mpg[mtcars$am == 0]), one(mtcars$mpg[mtcars$am == 1]), one(mtcars$mpg)))
  expect_equal(row("N"), c("19 (59.4%)", "13 (40.6%)", "32 (100.0%)"))
  expect_equal(row("6"), c("4 (21.1%)", "3 (23.1%)", "7 (21.9%)"))
})

test_that("tests are the F test of groups and Pearson's chi-squared", {
  log <- stata("dtable mpg i.cyl, by(am, tests nototals) nformat(%6.1f mean sd)", mtcars)$log
  p <- c(summary(stats::aov(mpg ~ factor(am), mtcars))[[1]][1, 5],
         suppressWarnings(stats::chisq.test(mtcars$cyl, mtcars$am, correct = FALSE))$p.value)
  expect_match(grep("^mpg", log, value = TRUE), paste0(sprintf("%.3f", p[1]), "$"))
  expect_match(grep("^cyl", log, value = TRUE), paste0(sprintf("%.3f", p[2]), "$"))
  expect_match(grep("^mpg", log, value = TRUE), "17.1 (3.8)", fixed = TRUE)
  expect_false(any(grepl("Total", log)))
})

test_that("statistics are chosen; what is not here is refused", {
  log <- stata("dtable, continuous(mpg, statistics(median q1 q3)) factor(cyl, statistics(fvpercent))", mtcars)$log
  expect_match(grep("^mpg", log, value = TRUE), "19.200 15.350 22.800")
  expect_match(grep("^  4", log, value = TRUE), " 34.4%$")
  expect_error(stata("dtable mpg, halign(left)", mtcars), class = "metaparity_error_stata_unsupported")
})
