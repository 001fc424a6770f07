d <- data.frame(y = c(1, 3, 2, 5, 4, 6), x = 1:6, z = c(1, 0, 1, 1, 0, 0))

test_that("estimates are stored, listed and tabulated", {
  out <- stata(c("quietly regress y x", "estimates store a", "quietly regress y x z", "estimates store b",
                 "estimates table a b, b(%6.3f) se stats(N)"), d)
  fit <- lm(y ~ x + z, d)
  line <- grep("^ +z \\|", out$log, value = TRUE)
  expect_match(line, sprintf("%.3f", coef(fit)[["z"]]), fixed = TRUE)
  expect_true(any(grepl("N \\| +6 +6$", out$log)))
  expect_match(paste(stata("estimates dir")$log, collapse = "\n"), "regress")
  expect_equal(tryCatch(stata("estimates restore nothere"), metaparity_error_stata = function(e) e$rc), 111L)
  log <- stata("estimates table a b, star")$log
  expect_true(any(grepl("legend: * p<0.05", log, fixed = TRUE)))
})
