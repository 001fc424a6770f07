matrix_of <- function(text, ..., data = data.frame(a = c(1, 3), b = c(2, 4))) {
  session <- metaparity:::new_session(data)
  metaparity:::run_statements(metaparity:::parse_blocks(metaparity:::split_statements(c(...,
      paste("matrix X =", text)))), session)
  session$matrices$X
}
A <- matrix(c(1, 3, 2, 4), 2)
define <- "matrix A = (1, 2 \\ 3, 4)"

test_that("expressions agree with R's algebra", {
  plain <- function(...) unname(matrix_of(...))
  expect_equal(plain("A * A' + 2 * A - I(2)", define), unname(A %*% t(A) + 2 * A - diag(2)))
  expect_equal(plain("inv(A)", define), solve(A))
  expect_equal(plain("A, A \\ J(1, 4, 7)", define), rbind(cbind(A, A), 7))
  expect_equal(plain("A[2, 1...]", define), A[2, , drop = FALSE])
  expect_equal(plain("diag(vecdiag(A))", define), diag(c(1, 4)))
  expect_equal(plain("A # I(2)", define), kronecker(A, diag(2)))
  expect_equal(plain("det(A) + trace(A)", define), matrix(3))
  expect_equal(plain("-A / 2", define), -A / 2)
  expect_equal(plain("a[2], b[1] + 1"), matrix(c(3, 3), 1))
  expect_equal(plain("nullmat(Z) \\ A", define), A)
})

test_that("names are given, kept and found", {
  m <- matrix_of("A", define, "matrix rownames A = r s", "matrix colnames A = x y")
  expect_equal(dimnames(m), list(c("r", "s"), c("x", "y")))
  expect_equal(unname(matrix_of("A[\"s\", \"x\"]", define, "matrix rownames A = r s", "matrix colnames A = x y")),
               matrix(3))
  expect_equal(unname(matrix_of("A", define, "matrix A[1, 2] = 9")), replace(A, 3, 9))
  out <- stata(c(define, "matrix colnames A = x y", "svmat A, names(col)", "mkmat x y, matrix(B)",
                 "matrix accum C = x y, noconstant",
                 "matrix list C"), data.frame(k = 1:3))
  expect_equal(out$data$y, c(2, 4, NA))
  expect_equal(gsub(" +", " ", tail(out$log, 2)), c("x 10", "y 14 20"))
})

test_that("what does not fit fails", {
  rc <- function(...) tryCatch(matrix_of(...), metaparity_error_stata = function(e) e$rc)
  expect_equal(rc("A * J(3, 1, 1)", define), 503L)
  expect_equal(rc("A, J(3, 1, 1)", define), 503L)
  expect_equal(rc("inv(J(2, 2, 1))"), 504L)
  expect_equal(rc("nothere"), 111L)
  expect_equal(rc("A[3, 1]", define), 503L)
})
