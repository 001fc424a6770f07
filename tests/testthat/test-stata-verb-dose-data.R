test_that("doses count from the reference, wherever its row stands", {
  d <- models_data("rohan1988")
  d$y <- log(d$rr)
  d$se <- (log(d$ub) - log(d$lb)) / (2 * qnorm(0.975))
  columns <- list(y = d$y, se = d$se, doses = list(dose = d$dose + 3), n = d$n, cases = d$cases, id = rep(1, 4),
                  type = rep("cc", 4))
  s <- metaparity:::dose_studies(columns, 1:4, "gl", NULL)
  expect_equal(s$X[, 1], c(2, 6, 11))
  expect_equal(sum(s$fitted), sum(d$cases))
  turned <- metaparity:::dose_studies(lapply(columns, function(x) if (is.list(x)) lapply(x, rev) else rev(x)), 1:4, "gl",
                                      NULL)
  expect_equal(turned$V[[1]][3:1, 3:1], s$V[[1]])
  expect_equal(diag(metaparity:::dose_studies(columns, 1:4, "vwls", NULL)$V[[1]]), d$se[-1]^2)
})

test_that("rows that are wrong are named, all at once", {
  d <- models_data("alcohol-crc")
  bad <- function(d, rows) {
    e <- expect_error(drmeta(logrr, dose, se = se, counts = "peryears cases", id = study, type = type, data = d),
                      class = "metaparity_error_studies")
    expect_identical(e$rows, rows)
  }
  bad(transform(d, cases = replace(cases, c(2, 9), 0)), c(2L, 9L))
  bad(transform(d, se = replace(se, 2, 0)), which(d$study == d$study[2]))
  bad(transform(d, dose = replace(dose, 4, NA)), 4L)
  bad(transform(d, logrr = replace(logrr, 4, Inf)), 4L)
  bad(transform(d, type = replace(type, 2, 1)), which(d$study == d$study[2]))
})
