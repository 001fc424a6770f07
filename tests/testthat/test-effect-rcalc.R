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
