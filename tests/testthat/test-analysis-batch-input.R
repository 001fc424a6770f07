# Shapes of the data of rma_batch(), and what does not fit.

test_that("the form of the data, the order and the threads change nothing", {
  d <- some_outcomes()
  wide <- calm(rma_batch(d$y, d$v))
  long <- data.frame(y = as.vector(d$y), v = as.vector(d$v), o = rep(sprintf("o%02d", 1:60), 7))
  set.seed(2)
  long <- long[sample(nrow(long)), ]
  b <- calm(rma_batch(y, v, outcome = o, data = long))
  at <- match(sprintf("o%02d", 1:60), b$outcome)
  expect_gate(as.matrix(b[at, batch_numbers[-1]]), as.matrix(wide[batch_numbers[-1]]), "exact_solution")
  expect_identical(calm(rma_batch(d$y, d$v, threads = 1))[-1], wide[-1], ignore_attr = TRUE)
  part <- calm(rma_batch(d$y[10:20, ], sei = sqrt(d$v[10:20, ])))
  expect_gate(part$tau2, wide$tau2[10:20], "exact_solution")
  expect_equal(wide$padj, stats::p.adjust(wide$pval, "BH"))
})

test_that("arguments that do not fit are named", {
  d <- some_outcomes()
  bad <- function(expr) expect_error(expr, class = "metaparity_error_input")
  bad(rma_batch())
  bad(rma_batch(d$y))
  bad(rma_batch(d$y, d$v[-1, ]))
  bad(rma_batch(1:3, c(1, 1, 1)))
  bad(rma_batch(letters, d$v))
  bad(rma_batch(d$y, d$v, method = "REMLX"))
  bad(rma_batch(d$y, d$v, method = "MH"))
  bad(rma_batch(d$y, d$v, threads = 0))
  bad(rma_batch(d$y, d$v, by = 1:3))
  bad(rma_batch(d$y, d$v, padj = "none at all"))
  bad(rma_batch(1:3, rep(1, 3), outcome = 1:2))
  expect_error(rma_batch(1:3, rep(1, 3), outcome = c(1, NA, 2)), class = "metaparity_error_studies")
  expect_warning(rma_batch(d$y[4:6, ], d$v[4:6, ], metod = "DL"), class = "metaparity_warning_unknown")
})

test_that("impossible tables are set aside with their outcome", {
  a <- matrix(c(3, 5, 40, 2, 7, 1), 3)
  n <- matrix(20, 3, 2)
  c <- matrix(4, 3, 2)
  expect_warning(b <- rma_batch(ai = a, n1i = n, ci = c, n2i = n, measure = "OR"), class = "metaparity_warning_studies")
  expect_identical(as.character(b$code), c("ok", "ok", "impossible data"))
  expect_true(is.na(b$estimate[3]))
})

test_that("whole numbers of 64 bits are numbers", {
  if (!requireNamespace("bit64", quietly = TRUE)) {
    y <- structure(c(1, 2), class = "integer64")
    expect_error(rma_batch(y, y, outcome = 1:2), class = "metaparity_error_input")
    return()
  }
  y <- bit64::as.integer64(c(1, 4, 2, 8))
  v <- bit64::as.integer64(c(1, 2, 1, 3))
  want <- rma_batch(matrix(c(1, 4, 2, 8), 2), matrix(c(1, 2, 1, 3), 2), method = "EE")
  frames <- rma_batch(data.frame(a = y[1:2], b = y[3:4]), data.frame(a = v[1:2], b = v[3:4]), method = "EE")
  long <- rma_batch(y, v, outcome = c(1, 2, 1, 2), method = "EE")
  expect_identical(frames$estimate, want$estimate)
  expect_identical(long$estimate, want$estimate)
  expect_identical(long$se, want$se)
})
