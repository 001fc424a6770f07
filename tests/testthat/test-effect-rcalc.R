test_that("covariances of correlations are metafor's", {
  d <- metadat::dat.craft2003
  for (rtoz in c(FALSE, TRUE)) {
    a <- rcalc(ri ~ var1 + var2 | study, ni = ni, data = d, rtoz = rtoz)
    b <- metafor::rcalc(ri ~ var1 + var2 | study, ni = ni, data = d, rtoz = rtoz)
    expect_equal(a$dat, b$dat, ignore_attr = TRUE)
    expect_equal(unclass(a$V), unclass(b$V), tolerance = gate("metafor_closed"), ignore_attr = TRUE)
  }
  R <- matrix(c(1, 0.2, 0.3, 0.2, 1, 0.4, 0.3, 0.4, 1), 3)
  expect_equal(rcalc(R, ni = 30)$dat, metafor::rcalc(R, ni = 30)$dat)
  expect_equal(unclass(rcalc(list(a = R, b = R), ni = c(10, 20))$V),
               unclass(metafor::rcalc(list(a = R, b = R), ni = c(10, 20))$V), tolerance = 1e-12, ignore_attr = TRUE)
  expect_error(rcalc(ri ~ var1, ni = ni, data = d), class = "metaparity_error_input")
  expect_error(rcalc(R), class = "metaparity_error_input")
})

test_that("without correlation of the others they are those of independent samples", {
  R <- diag(4)
  V <- rcalc(R, ni = 50)$V
  expect_equal(unname(unclass(V)), diag(1 / 49, 6), tolerance = 1e-14, ignore_attr = TRUE)
})

test_that("results apart, and other names of the columns, are metafor's", {
  R <- matrix(c(1, 0.2, 0.3, 0.2, 1, 0.4, 0.3, 0.4, 1), 3)
  same <- function(...) {
    ours <- rcalc(list(a = R, b = R / 2 + diag(3) / 2), ni = c(10, 20), ...)
    theirs <- metafor::rcalc(list(a = R, b = R / 2 + diag(3) / 2), ni = c(10, 20), ...)
    plain <- function(x) rapply(x, function(v) unclass(v), how = "replace")
    expect_equal(plain(ours), plain(theirs), tolerance = 1e-10, ignore_attr = TRUE)
    expect_identical(names(ours), names(theirs))
    if (!is.null(ours$dat)) expect_identical(names(ours$dat), names(theirs$dat))
  }
  same(simplify = FALSE)
  same(noid = TRUE)
  # metafor loses the first of them.
  expect_identical(names(rcalc(list(R, R), ni = c(10, 20), vnames = c("study", "one", "two"))$dat),
                   c("study", "one", "two", "one.two", "yi", "ni"))
})
