test_that("tabulate, summarize() of two variables shows every cell and margin", {
  log <- stata("tabulate cyl am, summarize(mpg)", mtcars)$log
  cell <- function(rows) {
    x <- mtcars$mpg[rows]
    trimws(metaparity:::stata_general(c(mean(x), stats::sd(x)), 10L))
  }
  at <- grep("^ +6 [|]", log)
  read <- function(i) strsplit(trimws(gsub("[|]", " ", sub("^[^|]*[|]", "", log[i]))), " +")[[1L]]
  wanted <- cbind(cell(mtcars$cyl == 6 & mtcars$am == 0), cell(mtcars$cyl == 6 & mtcars$am == 1),
                  cell(mtcars$cyl == 6))
  expect_equal(read(at), wanted[1L, ])
  expect_equal(read(at + 1L), wanted[2L, ])
  expect_equal(read(at + 2L), c("4", "3", "7"))
  total <- grep("^ +Total [|]", log)
  expect_equal(read(total)[3L], cell(rep(TRUE, 32))[1L])
})

test_that("parts can be left out; an empty cell is a point", {
  log <- stata("tabulate cyl gear, summarize(mpg) means", mtcars)$log
  expect_match(log[2L], "Means of mpg")
  expect_match(grep("^ +8 [|]", log, value = TRUE), "15.05 +[.] +15.4 [|] +15.1$")
  one <- stata("tabulate cyl, summarize(mpg) nofreq", mtcars)$log
  expect_no_match(paste(one, collapse = "\n"), "Freq")
})

test_that("frequency weights repeat rows", {
  d <- data.frame(y = c(1, 4, 2, 8), g = c(1, 1, 2, 2), w = c(2, 1, 3, 1))
  long <- d[rep(1:4, d$w), ]
  expect_equal(stata("tabulate g [fweight = w], summarize(y)", d)$log, stata("tabulate g, summarize(y)", long)$log)
})
