fits_of <- function() {
  d <- fit_data()
  list(rma(est, v, data = d), rma(est, v, mods = ~year, data = d), rma(est, v, data = d, method = "EE"),
       rma(est, v, mods = ~year, data = d, test = "knha"), rma(est, v, mods = ~ year + v, data = d, method = "DL"))
}

test_that("what the contract gives is what the core gives for fits of rma()", {
  for (x in fits_of()) {
    ours <- case_statistics.metaparity(x, NULL)
    core <- case_statistics.metaparity_uni(x, NULL)
    for (name in intersect(names(ours), setdiff(names(core), "cholesky")))
      expect_gate(ours[[name]], core[[name]], "exact_solution", scale = 1)
    for (which in c("hat_matrix", "weight_matrix", "residual_covariance"))
      expect_gate(case_matrix.metaparity(x, which, NULL), case_matrix.metaparity_uni(x, which, NULL), "exact_solution",
                  scale = 1)
  }
})

test_that("deletions by refits of the contract are those of the core", {
  for (x in fits_of()) {
    ours <- deletion_statistics.metaparity(x, NULL)
    core <- core_influence(x, NULL)
    for (name in intersect(names(ours), names(core)))
      expect_gate(ours[[name]], core[[name]], "scale_free", scale = 1)
    expect_true(all(deletion_columns %in% names(ours)))
  }
})

test_that("leverages are those of the hat matrix, whose trace is the number of coefficients", {
  for (x in fits_of()) {
    H <- case_matrix(x, "hat_matrix", NULL)
    expect_gate(diag(H), case_statistics(x, NULL)$hat, "exact_solution")
    expect_gate(sum(diag(H)), x$p, "exact_solution")
    expect_gate(H %*% H, H, "exact_solution", scale = 1)
    expect_gate(as.vector(x$yi - H %*% x$yi), case_statistics(x, NULL)$resid, "exact_solution", scale = 1)
  }
})

test_that("deletion of a study by hand: a refit without it", {
  x <- fits_of()[[1L]]
  d <- fit_data()
  out <- deletion_statistics(x, NULL)
  for (i in seq_len(nrow(d))) {
    without <- rma(est, v, data = d[-i, ])
    expect_gate(out$resid[i], d$est[i] - coef(without), "exact_solution", scale = 1)
    expect_gate(out$se[i], sqrt(d$v[i] + without$tau2 + without$se^2), "exact_solution")
    expect_gate(out$tau2.del[i], without$tau2, "exact_solution", scale = 1)
    expect_gate(out$QE.del[i], without$QE, "exact_solution")
  }
})

test_that("one study has no deletion", {
  one <- rma(0.1, 0.2, method = "EE")
  expect_error(deletion_statistics(one, NULL), class = "metaparity_error_input")
  expect_error(deletion_statistics.metaparity(one, NULL), class = "metaparity_error_input")
})
