test_that("mvmeta is a word of the language, with its abbreviations and idle options", {
  d <- mvmeta_data("telomerase")
  own <- mvmeta(z, S, study, data = d, nouncertainv = TRUE, dof = "n-2")
  run <- run_stata_lines(paste("mvmeta z S study if study > 0, nounc dof(n-2) difficult iter(30) start(I(2))",
                               "showstart noposdef"), d)
  view <- run$results[[1L]]
  expect_equal(view$table, own$table)
  some <- run_stata_lines("mvmeta z S study in 2/l", d)$results[[1L]]
  expect_identical(some$studies$N, 9L)
  expect_error(stata("mvmeta z, i2", d), class = "metaparity_error_stata")
  expect_error(stata("mvmeta z S study, penalty(1)", d), class = "metaparity_error_stata_unsupported")
  expect_error(stata("mvmeta z S study, bscov(prop nowhere)", d), class = "metaparity_error_stata")
})

test_that("matrices of the session are covariances", {
  d <- mvmeta_data("telomerase")
  run <- run_stata_lines(c("mvmeta y S", "matrix T = e(Sigma)", "mvmeta y S, bscov(equals T)"), d)
  expect_equal(run$results[[2L]]$fit$ll, run$results[[1L]]$fit$ll, tolerance = 1e-9)
  expect_true("Specified between-studies SDs and correlation matrix" %in% run$log)
  expect_true(any(grepl("^[a-z]2  1[.]607338[78]         -1          1$", run$log)))
})
