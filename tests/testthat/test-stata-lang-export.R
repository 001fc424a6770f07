inside <- function(code) {
  folder <- tempfile("export")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  code(folder)
}
d <- data.frame(id = 1:3, name = c("a, b", "c \"d\"", ""), x = c(.1, NA, 1e10))

test_that("delimited files come back as they were", inside(function(folder) {
  stata("export delimited using out.csv, replace", d)
  expect_equal(readLines("out.csv"), c("id,name,x", "1,\"a, b\",.1", "2,\"c \"\"d\"\"\",", "3,,10000000000"))
  expect_equal(read.csv("out.csv")$name, d$name)
  stata("outsheet id x using tab.txt if id < 3, noquote", d)
  expect_equal(readLines("tab.txt"), c("id\tx", "1\t.1", "2\t"))
  expect_equal(tryCatch(stata("export delimited using out.csv", d), metaparity_error_stata = function(e) e$rc), 602L)
  writeBin(as.raw(0:9), "binary.csv")
  expect_equal(tryCatch(stata("export delimited using binary.csv, replace", d),
                        metaparity_error_stata = function(e) e$rc), 608L)
  expect_equal(file.size("binary.csv"), 10)
}))

test_that("a data set replaces data sets alone, its own in every form", inside(function(folder) {
  writeLines(c("Dear reader, this is", "a letter", "and no data."), "letter.txt")
  for (command in c("export delimited using letter.txt, replace", "outsheet using letter.txt, replace")) {
    expect_equal(tryCatch(stata(command, d), metaparity_error_stata = function(e) e$rc), 608L)
  }
  expect_equal(readLines("letter.txt")[2L], "a letter")
  for (how in c("", " noquote", " comma noquote", " delimiter(\":\")", " nonames")) {
    stata(sprintf("outsheet using own.txt, replace%s", how), d)
    first <- readLines("own.txt")
    stata(sprintf("outsheet using own.txt, replace%s", how), d)
    expect_equal(readLines("own.txt"), first)
  }
  stata("outsheet id using one.txt", d)
  expect_no_error(stata("outsheet id using one.txt, replace", d))
}))

test_that("workbooks hold what was put into them", inside(function(folder) {
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("readxl")
  stata("export excel using t.xlsx, firstrow(variables) sheet(\"S\")", d)
  expect_equal(as.data.frame(readxl::read_excel("t.xlsx", "S"))$x, d$x)
  stata(c("putexcel set p.xlsx, replace sheet(R)", "putexcel A1 = \"mean\" B1 = (1 + 1), bold nformat(number_d2)",
          "matrix M = (1, 2 \\ 3, 4)",
          "matrix rownames M = r s", "putexcel A3 = matrix(M), rownames", "putexcel save"), d)
  got <- as.data.frame(readxl::read_excel("p.xlsx", "R", col_names = FALSE, .name_repair = "minimal"))
  expect_equal(unname(unlist(got[1, 1:2])), c("mean", "2"))
  expect_equal(unname(unlist(got[nrow(got), ])), c("s", "3", "4"))
  expect_equal(tryCatch(stata("putexcel A1 = 3", d), metaparity_error_stata = function(e) e$rc), 198L)
}))

test_that("putexcel etable writes the table of coefficients below an empty row", {
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("readxl")
  folder <- tempfile("etable")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  set.seed(3)
  d <- data.frame(x = stats::rnorm(60))
  d$y <- as.numeric(stats::runif(60) < stats::plogis(d$x))
  s <- stata(c("putexcel set book, replace", "quietly logistic y x", "putexcel (A1) = etable",
               "import excel book, firstrow clear"), d, graphs = FALSE)
  out <- as.data.frame(s)
  expect_named(out, c("A", "B", "C", "D", "E", "F", "G"))
  expect_equal(out$B[1], "Odds ratio", ignore_attr = TRUE)
  fit <- stats::glm(y ~ x, binomial, d, control = list(epsilon = 1e-14))
  expect_gate(as.numeric(out$B[2]), exp(stats::coef(fit)[["x"]]), "metafor_closed")
})
