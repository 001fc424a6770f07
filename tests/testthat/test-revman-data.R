test_that("studies without a name have a number, rows left out name what they lack, names survive a package", {
  d <- data.frame(s = c("Co <b>", NA, " ", "A & B"), e1 = c(4, 6, NA, 3), n1 = 40, e2 = c(5, 7, 8, 4), n2 = 42)
  expect_warning(v <- revman(d, ai = e1, n1i = n1, ci = e2, n2i = n2, study = s, measure = "RR"), "ai")
  expect_identical(as.character(v$rows$study), c("Co <b>", "Study 2", "A & B"))
  folder <- tempfile("package")
  write_revman_csv(v, folder, what = "analyses")
  expect_identical(read_revman_web(folder)$rows$study, c("Co <b>", "Study 2", "A & B"))
  file <- tempfile(fileext = ".rm5")
  write_rm5(v, file)
  expect_identical(read_rm5(file)$rows$study, c("Co <b>", "Study 2", "A & B"))
})

test_that("labels in an unknown encoding are told", {
  d <- data.frame(s = c("a", "caf\xe9"), a = c(2, 10), n = 50, c = c(10, 8), m = 50)
  caught <- NULL
  withCallingHandlers(revman(d, ai = a, n1i = n, ci = c, n2i = m, study = s),
                      metaparity_warning_studies = function(w) {
                        caught <<- w$rows
                        invokeRestart("muffleWarning")
                      })
  expect_identical(caught, 2L)
  Encoding(d$s) <- "latin1"
  expect_silent(view <- revman(d, ai = a, n1i = n, ci = c, n2i = m, study = s))
  expect_identical(view$rows$study[2L], "caf\u00e9")
})
