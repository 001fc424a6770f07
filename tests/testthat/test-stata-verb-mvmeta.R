test_that("mvmeta prints the numbers of genuine logs", {
  cases <- network_fixture("mvmeta-cases", colClasses = "character")
  printed <- network_fixture("mvmeta-printed", colClasses = "character")
  expect_identical(nrow(cases), 69L)
  given <- c("mat P2 = (1,0.5\\0.5,1)", "mat B = (1,2,3,4)'*(1,2,3,4)",
             "mat Sigma = (.19884280,-.71414255\\-.71414255,2.56483785)")
  for (i in seq_len(nrow(cases))) {
    run <- run_stata_lines(c(given, cases$command[i]), mvmeta_data(cases$data[i], cases$prep[i]))
    view <- run$results[[length(run$results)]]
    expect_s3_class(view, "stata_mvmeta")
    expect_network_printed(view, printed[printed$id == cases$id[i], ])
  }
})

test_that("a fit is shown again with other options, by the verb and without variables in the language", {
  d <- mvmeta_data("berkey")
  fit <- mvmeta(y, V, data = d)
  again <- mvmeta(fit, i2 = TRUE, eform = TRUE)
  expect_equal(again$table$b, exp(fit$table$b))
  expect_identical(again$fit, fit$fit)
  expect_identical(format(again)[2L], "Multivariate meta-analysis")
  log <- run_stata_lines(c("mvmeta y V", "mvmeta, print(bscov)"), d)$log
  expect_true("Estimated between-studies covariance matrix Sigma" %in% log)
  expect_error(stata("mvmeta, i2", d), class = "metaparity_error_stata")
})

test_that("standard errors grow by the uncertainty of Sigma", {
  d <- mvmeta_data("berkey")
  fit <- mvmeta(y, V, data = d)
  known <- mvmeta(fit, nouncertainv = TRUE)
  expect_true(all(fit$table$se > known$table$se))
  expect_equal(known$table$se, sqrt(diag(fit$fit$vb)), ignore_attr = TRUE)
  t <- mvmeta(fit, dof = "n-2")
  expect_identical(t$r$df_r, 3)
  expect_equal(t$table$p, 2 * stats::pt(-abs(t$table$t), 3), tolerance = 1e-10)
  expect_identical(mvmeta(fit, dof = 7)$r$df_r, 7)
  expect_error(mvmeta(fit, dof = "m"), class = "metaparity_error_input")
})

test_that("e() holds coefficients and parameters of Sigma; predictions are a row for each study", {
  d <- mvmeta_data("telomerase")
  run <- run_stata_lines(c("mvmeta z S study", "display e(N) \" \" e(ll)", "matrix list e(Sigma)",
                           "display _b[z1:study]"), d)
  expect_true(any(grepl("^10 -26.1826", run$log)))
  fit <- mvmeta(z, S, study, data = d)
  e <- saved_estimates(fit)
  expect_identical(colnames(e$b), c("z1:study", "z1:_cons", "z2:study", "z2:_cons", "chol11:_cons", "chol12:_cons",
                                    "chol22:_cons"))
  xb <- predict(fit)
  expect_identical(dim(xb), c(10L, 2L))
  expect_equal(xb[3, "z2"], sum(fit$fit$beta[3:4] * c(3, 1)), ignore_attr = TRUE)
  expect_true(all(predict(fit, "stdp") > 0))
})

test_that("what cannot be fitted is refused by name", {
  d <- mvmeta_data("berkey")
  expect_error(mvmeta(), class = "metaparity_error_input")
  expect_error(mvmeta(y, data = d), class = "metaparity_error_input")
  expect_error(mvmeta(y, V, data = d, ml = TRUE, mm = TRUE), class = "metaparity_error_input")
  expect_error(mvmeta(y, V, data = d, print = "sd"), class = "metaparity_error_input")
  expect_error(mvmeta(q, V, data = d), class = "metaparity_error_input")
  expect_error(mvmeta(y, V, nowhere, data = d), class = "metaparity_error_input")
  expect_error(mvmeta(y, V, data = d, vars = "trial"), class = "metaparity_error_input")
})
