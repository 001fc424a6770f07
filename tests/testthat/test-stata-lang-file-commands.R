csv_file <- function(...) {
  file <- tempfile(fileext = ".csv")
  writeLines(c(...), file)
  file
}

test_that("text of a csv file keeps its blanks, numbers do not need them", {
  file <- csv_file("study,year,es,se", "Smith ,2001, .2 ,.1", "  Jones,2002,.5,.2 ", "\"Brown  \",2003,.,.15",
                   "Lee,2004,1e-1,.3")
  for (command in c("import delimited using \"%s\", clear", "insheet using \"%s\", clear")) {
    d <- stata(sprintf(command, file), data.frame(x = 1))$data
    expect_identical(as.vector(d$study), c("Smith ", "  Jones", "Brown  ", "Lee"))
    expect_equal(as.vector(d$es), c(.2, .5, NA, .1), tolerance = 1e-7)
    expect_type(d$se, "double")
  }
})

test_that("a column is of numbers when all cells are; codes and words stay text", {
  file <- csv_file("a,b,c,d,e", "1,T,0x10,,.", "2,F,7,,3", ".,x,8,,4")
  d <- stata(sprintf("import delimited using \"%s\", clear", file), data.frame(x = 1))$data
  expect_identical(vapply(d, function(x) class(as.vector(x)), ""),
                   c(a = "numeric", b = "character", c = "character", d = "numeric", e = "numeric"))
  expect_identical(as.vector(d$b), c("T", "F", "x"))
  expect_true(all(is.na(d$d)))
})

test_that("logs show names with their blanks: metan 4 makes room for them", {
  name <- c("A long name of a study      ", "B", "C")
  file <- csv_file("study,es,se", paste0(name, ",", c(".2", ".5", ".1"), ",.1"))
  read <- sprintf("import delimited using \"%s\", clear", file)
  four <- stata(c(read, "metan es se, nograph label(namevar=study)"), data.frame(x = 1), metan = 4)$log
  expect_match(four, "^A long name of a study       [|]", all = FALSE)
  expect_match(four, "^B {28}[|]", all = FALSE)
  nine <- stata(c(read, "gen year = 2000 + _n", "metan es se, nograph label(namevar=study, yearvar=year)"),
                data.frame(x = 1))$log
  expect_match(nine, "^A long name of a stu [|]", all = FALSE)
  expect_match(nine, "^B [(]2002[)]", all = FALSE)
})

test_that("import excel without an extension finds either kind of workbook; use, replace clears", {
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("readxl")
  folder <- tempfile("books")
  dir.create(folder)
  openxlsx::write.xlsx(data.frame(a = 1:2), file.path(folder, "book.xlsx"))
  old <- setwd(folder)
  on.exit(setwd(old))
  s <- stata(c("import excel book, firstrow clear", "save book", "use book, replace"), graphs = FALSE)
  expect_equal(as.numeric(as.data.frame(s)$a), 1:2)
  expect_equal(expect_error(stata("import excel nothing, clear"), class = "metaparity_error_stata")$rc, 601L)
})

test_that("data that were saved as they are need no option clear", {
  folder <- tempfile()
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  expect_no_error(stata(c("save a", "use a", "display c(changed)"), data.frame(x = 1:3)))
  expect_error(stata(c("save b", "generate y = 1", "use b"), data.frame(x = 1:3)), class = "metaparity_error_stata")
})
