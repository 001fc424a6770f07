# permutest() of rma.mv(): single rows are the test of rma(); full enumeration written out; what is exchanged stays in its block.
permuted_data <- function() {
  set.seed(8)
  d <- data.frame(g = rep(1:7, c(2, 3, 2, 3, 2, 1, 2)))
  d$id <- seq_len(nrow(d))
  d$z <- rnorm(7)[d$g]
  d$x <- rnorm(nrow(d))
  d$vi <- rchisq(nrow(d), 4) / 40
  d$yi <- 0.4 + rnorm(7, 0, 0.4)[d$g] + 0.3 * d$x + rnorm(nrow(d), 0, sqrt(d$vi))
  d
}

quiet_permutest <- function(...) permutest(..., progbar = FALSE)

test_that("signs of whole clusters: the full enumeration", {
  d <- permuted_data()
  fit <- rma.mv(yi, vi, random = ~ 1 | g/id, data = d)
  expect_identical(permutest(fit, exact = "i"), 2^7)
  p <- quiet_permutest(fit, exact = TRUE)
  signs <- as.matrix(expand.grid(rep(list(c(1, -1)), 7)))
  z <- apply(signs, 1L, function(s) rma.mv(yi * s[g], vi, random = ~ 1 | g/id, data = d)$zval)
  expect_equal(p$pval, mean(abs(z) >= abs(fit$zval) - 1.5e-8))
  expect_equal(sort(p$zval.perm[[1L]]), sort(z), tolerance = gate("closed_iterative"))
  expect_s3_class(p, c("metaparity_permutest", "permutest.rma.uni"), exact = TRUE)
  expect_true(any(grepl("permutation testing", capture.output(print(p)))))
})

test_that("single rows are the test of rma()", {
  d <- permuted_data()
  mv <- quiet_permutest(rma.mv(yi, vi, random = ~ 1 | id, data = d), exact = TRUE)
  uni <- quiet_permutest(rma(yi, vi, data = d), exact = TRUE)
  expect_equal(mv$pval, uni$pval, tolerance = gate("closed_iterative"))
})

test_that("moderators are exchanged between clusters or within them", {
  d <- permuted_data()
  fit <- rma.mv(yi, vi, mods = ~ z + x, random = ~ 1 | g/id, data = d)
  set.seed(1)
  p <- quiet_permutest(fit, iter = 20)
  expect_identical(p$block, "within")
  # What is constant within clusters does not move.
  expect_identical(nrow(p$beta.perm), 20L)
  expect_equal(unlist(p$zval.perm[1L, ]), fit$zval, tolerance = gate("closed_iterative"), ignore_attr = TRUE)
  between <- rma.mv(yi, vi, mods = ~ z, random = ~ 1 | g/id, data = d)
  set.seed(1)
  p <- quiet_permutest(between, iter = 30)
  expect_identical(p$block, "between")
  expect_identical(permutest(between, exact = "i"), factorial(7))
  set.seed(1)
  again <- quiet_permutest(between, iter = 30)
  expect_identical(again$pval, p$pval)
  expect_true(all(p$pval >= 1 / 30 & p$pval <= 1))
  # A cluster's rows go together, to clusters of its size.
  set.seed(2)
  rows <- metaparity:::block_permutations(unclass(fit), unname(split(d$id, d$g)), "between", 5L, FALSE)
  for (r in rows) expect_true(all(tapply(d$g[r$rows], d$g, function(g) length(unique(g))) == 1L))
})

test_that("clusters of the user's own; what cannot be done is refused", {
  d <- permuted_data()
  fit <- rma.mv(yi, vi, random = ~ 1 | g/id, data = d)
  d$half <- rep(1:2, c(9, 6))
  fit2 <- rma.mv(yi, vi, random = ~ 1 | g/id, data = d)
  expect_identical(permutest(fit2, exact = "i", cluster = half), 4)
  expect_warning(quiet_permutest(fit, iter = 5, block = "within"), class = "metaparity_warning_input")
  with <- rma.mv(yi, vi, mods = ~ x, random = ~ 1 | g/id, data = d)
  expect_error(quiet_permutest(with, exact = TRUE), class = "metaparity_error_unsupported")
  expect_error(quiet_permutest(with, block = "a"), class = "metaparity_error_input")
  expect_error(quiet_permutest(rma.mv(yi, vi, random = ~ 1 | g, W = 1, data = d)), class = "metaparity_error_unsupported")
})
