test_that("collected regressions are laid out by coefficients, collected scalars by commands", {
  lines <- c("collect: quietly regress mpg wt", "collect: quietly regress mpg wt hp",
             "collect layout (colname#result[_r_b _r_se]) (cmdset)", "collect layout (result[N r2]) (cmdset)")
  log <- stata(lines, mtcars)$log
  fit <- stats::lm(mpg ~ wt + hp, mtcars)
  se <- metaparity:::stata_general(sqrt(stats::vcov(fit)["hp", "hp"]), 9L)
  expect_true(any(grepl(paste0("Std. error +[|].* +", trimws(se), "$"), log)))
  expect_match(grep("^r2", log, value = TRUE)[1], "[.]7528328 +[.]8267855")
  expect_match(grep("^N ", log, value = TRUE)[1], "32 +32$")
})

test_that("the last table is exported inside the folder; other layouts are refused by name", {
  folder <- tempfile("collect")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  file <- file.path(folder, "a.do")
  writeLines(c("collect: quietly regress mpg wt", "collect layout (colname) (result[_r_b _r_p])",
               "collect export t.md, replace"), file)
  stata_do(file, mtcars, echo = FALSE)
  expect_match(readLines(file.path(folder, "t.md"))[1], "^```")
  expect_error(stata(c("collect: quietly regress mpg wt", "collect recode x"), mtcars),
               class = "metaparity_error_stata_gap")
  expect_error(stata("collect layout (colname) (result)", mtcars), class = "metaparity_error_stata")
  expect_error(stata(c("collect: quietly regress mpg wt", "collect layout (colname) (result) (cmdset)"), mtcars),
               class = "metaparity_error_stata_gap")
})
