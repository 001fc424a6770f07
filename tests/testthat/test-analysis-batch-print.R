test_that("print and summary", {
  d <- some_outcomes()
  b <- calm(rma_batch(d$y, d$v))
  out <- utils::capture.output(print(b, n = 3))
  expect_match(out[2], "60 meta-analyses (tau^2 estimator: REML; measure GEN; test: z)", fixed = TRUE)
  expect_true(any(grepl("no study: 1", out)))
  expect_true(all(c("min", "median") %in% names(summary(b))))
  expect_s3_class(as.data.frame(b), "data.frame", exact = TRUE)
  expect_output(print(b[1:3, 1:4]))
})

test_that("an empty table and one of a single outcome read as such", {
  none <- utils::capture.output(print(rma_batch(matrix(numeric(), 0, 3), matrix(numeric(), 0, 3))))
  expect_identical(none[2:4], c("0 meta-analyses (tau^2 estimator: REML; measure GEN; test: z)", "k: 0",
                                "pval < 0.05: 0; adjusted (BH): 0"))
  one <- utils::capture.output(print(rma_batch(matrix(c(0.1, 0.4, 0.2), 1), matrix(0.1, 1, 3))))
  expect_match(one[2], "^1 meta-analysis ")
})
