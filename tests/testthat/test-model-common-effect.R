test_that("what is added to cells is a number, and no pooled estimate or standard error is infinite", {
  a <- c(4, 6, 3)
  b <- c(119, 300, 228)
  c <- c(11, 29, 11)
  d <- c(128, 274, 209)
  for (add in list(TRUE, NA, c(TRUE, FALSE), -1)) {
    expect_equal(expect_error(rma.mh(ai = a, bi = b, ci = c, di = d, add = add), class = "metaparity_error_input")$arg,
                 "add")
  }
  tiny <- 1e-310
  expect_error(suppressWarnings(rma.mh(ai = a * tiny, bi = b * tiny, ci = c * tiny, di = d * tiny)),
               class = "metaparity_error_input")
  e <- expect_error(suppressWarnings(rma.mh(measure = "IRD", x1i = a, x2i = c, t1i = b * tiny, t2i = d * tiny)),
                    class = "metaparity_error_input")
  expect_equal(e$arg, "x1i")
})
