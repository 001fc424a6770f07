in_folder <- function(code) {
  old <- setwd(tempfile_folder())
  on.exit(setwd(old))
  force(code)
}
tempfile_folder <- function() {
  folder <- tempfile()
  dir.create(folder)
  folder
}

test_that("estimates come back from their file, in the same script and in another", {
  d <- data.frame(x = c(1, 2, 3, 4, 5, 7), y = c(1, 3, 2, 5, 4, 9))
  in_folder({
    one <- stata(c("regress y x", "scalar b = _b[x]", "scalar s = _se[x]", "estimates save m, replace", "summarize y",
                   "regress y", "estimates use m", "predict double p", "display %21.17f _b[x] - b"), d)
    expect_equal(as.numeric(utils::tail(one$log, 1L)), 0)
    expect_equal(as.numeric(one$data$p), unname(stats::fitted(stats::lm(y ~ x, d))))
    other <- stata(c("estimates use m", "quietly test x", "display %21.17f _b[x]", "display %21.17f _se[x]"), d)
    fit <- summary(stats::lm(y ~ x, d))$coefficients
    expect_equal(as.numeric(utils::tail(other$log, 2L)), unname(fit["x", 1:2]), tolerance = 1e-12)
    dir.create("below")
    stata(c("quietly regress y x", "estimates save below/m1, replace", "estimates save \"a b\"", "estimates use below/m1"), d)
    expect_true(all(file.exists("below/m1.ster", "a b.ster")))
    expect_error(stata("estimates save m", d), "last estimates not found")
    expect_error(stata(c("regress y x", "estimates save m"), d), "already exists")
    expect_error(stata("estimates use none", d), "not found")
    writeLines("estimates of metaparity 1\nmatrix\tb\t1\t99", "bad.ster")
    expect_error(stata("estimates use bad", d), "damaged")
    writeLines("system('id')", "worse.ster")
    expect_error(stata("estimates use worse", d), "does not hold estimates")
    expect_error(stata(c("regress y x", "estimates save worse, replace"), d), "not overwritten")
  })
})
