test_that("esttab and outreg2 write files inside the folder alone", {
  skip_if_not_installed("haven")
  folder <- tempfile("esttab")
  dir.create(folder)
  writeLines(c("regress y x", "eststo a", "esttab a using t.csv, replace", "esttab a using t.tex, replace booktabs",
               "esttab a using t.rtf, replace", "outreg2 using o.doc, replace", "regress y x z",
               "outreg2 using o.doc, append", "matrix M = (1, 2 \\ 3, 4.5)", "esttab matrix(M, fmt(2))"),
             file.path(folder, "a.do"))
  old <- setwd(folder)
  on.exit(setwd(old))
  out <- stata_do("a.do", data = reg_data(), echo = FALSE)
  expect_setequal(setdiff(list.files(folder), "a.do"), c("t.csv", "t.tex", "t.rtf", "o.doc"))
  expect_match(readLines(file.path(folder, "t.csv"))[3], "^\"x\",\"=\"\"[0-9.]+\\*\\*\\*\"\"\"$")
  expect_true(any(grepl("\\toprule", readLines(file.path(folder, "t.tex")), fixed = TRUE)))
  expect_match(paste(readLines(file.path(folder, "o.doc")), collapse = ""), "cellx5400")
  expect_match(paste(out$log, collapse = "\n"), "4[.]50")
  expect_error(stata("esttab nobody", reg_data()), class = "metaparity_error_stata")
})

test_that("asdoc runs the command behind it and says that no file is written", {
  d <- data.frame(y = c(1, 3, 2, 5), x = 1:4)
  out <- stata("asdoc summarize y, detail save(a.doc) title(Some (more) text) replace", d)$log
  expect_identical(out[-1L], stata("summarize y, detail", d)$log)
  expect_match(out[1L], "no file is written")
})

test_that("asdoc leaves the command's own options, also where one of its own has the name", {
  d <- data.frame(a = c(1, 1, 2, 2), b = c(1, 2, 2, 2))
  expect_identical(stata("asdoc tabulate a b, row nofreq replace save(x.doc) row(1, 2)", d)$log[-1L],
                   stata("tabulate a b, row nofreq", d)$log)
})
