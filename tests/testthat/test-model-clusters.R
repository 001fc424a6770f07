robust_fit <- function(cluster = c(1, 1, 2, 2, 3, 4, 4, 5), ...) {
  d <- fit_data()
  d$g <- cluster
  robust(rma(est, v, data = d, ...), cluster = d$g)
}

test_that("columns that a note explains are marked, their cells stay as wide as the head", {
  cells <- matrix(c("1.0", "2.0", "0.1", "0.2"), 1, dimnames = list("x", c("estimate", "se", "pval", "ci.lb")))
  out <- mark_columns(cells, c("se", "pval"))
  expect_identical(colnames(out), c("estimate", paste0(c("se", "pval"), raised_one()), "ci.lb"))
  expect_identical(unname(out[1, ]), c("1.0", "2.0 ", "0.1 ", "0.2"))
  expect_identical(mark_columns(cells, NULL), cells)
  expect_null(explained_columns(rma(c(0.1, 0.4), c(0.1, 0.2))))
  expect_true(all(c("se", "df", "pval") %in% explained_columns(robust_fit())))
})

test_that("sizes of clusters: one number where all are alike, else range, mean and median", {
  x <- robust_fit()
  lines <- format_clusters(x)
  expect_match(lines[1L], "8$")
  expect_match(lines[2L], "5$")
  expect_match(lines[3L], "1-2 (mean: 1.60, median: 2)", fixed = TRUE)
  expect_match(format_clusters(robust_fit(rep(1:4, 2)))[3L], " 2$")
})

test_that("a combination's variance is its quadratic form, with the sandwich for robust fits", {
  d <- fit_data()
  plain <- rma(est, v, mods = ~year, data = d)
  L <- rbind(c(1, 5), c(0, 1))
  out <- combination_variances(plain, L)
  expect_identical(out$vb, unclassed_matrix(plain$vb))
  expect_identical(out$lost, c(FALSE, FALSE))
  x <- robust(plain, cluster = rep(1:4, 2))
  whole <- combination_variances(x, L)
  expect_gate(whole$vb, x$vb, "exact_solution")
  expect_identical(whole$lost, c(FALSE, FALSE))
})

test_that("the sandwich is the sum over clusters of squared scores", {
  d <- fit_data()
  g <- c(1, 1, 2, 2, 3, 4, 4, 5)
  x <- rma(est, v, data = d)
  w <- 1 / (d$v + x$tau2)
  scores <- tapply(w * (d$est - coef(x)), g, sum)
  cr0 <- sum(scores^2) / sum(w)^2
  expect_gate(robust(x, cluster = g, adjust = FALSE)$vb, cr0, "exact_solution")
  expect_gate(robust(x, cluster = g)$vb, cr0 * 5 / 4, "exact_solution")
  expect_true(is_robust(robust(x, cluster = g)))
  expect_false(is_robust(x))
})

test_that("the note names the estimator", {
  note <- format_robust_note(robust_fit())
  expect_length(note, 2L)
  expect_match(note[1L], robust_fit()$vbest, fixed = TRUE)
})
