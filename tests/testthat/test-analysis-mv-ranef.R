test_that("random effects are metafor's", {
  data <- mv_data()
  for (name in c("three_level", "contain", "bivariate_t", "cs", "blocks", "ar")) {
    both <- mv_both(mv_models[[name]], data)
    a <- ranef(both$ours)
    b <- metafor::ranef(both$theirs)
    expect_identical(names(a), names(b))
    for (i in seq_along(a)) {
      expect_equal(as.matrix(a[[i]]), as.matrix(b[[i]]), tolerance = 1e-3, label = name)
      expect_identical(rownames(a[[i]]), rownames(b[[i]]))
    }
  }
})

test_that("of one component they are those of rma()", {
  d <- metadat::dat.konstantopoulos2011
  a <- ranef(rma.mv(yi, vi, random = ~ 1 | study, data = d))[[1]]
  b <- ranef(rma(yi, vi, data = d))
  expect_equal(a$intrcpt, as.numeric(b$pred), tolerance = 1e-8)
  expect_equal(a$se, as.numeric(b$se), tolerance = 1e-8)
  expect_error(ranef(rma.mv(yi, vi, data = d)), class = "metaparity_error_input")
})

test_that("random effects of several terms are one data frame with a column for the term", {
  fit <- rma.mv(yi, vi, random = ~ 1 | district / school, data = metadat::dat.konstantopoulos2011)
  r <- ranef(fit)
  out <- as.data.frame(r)
  expect_identical(nrow(out), nrow(r[[1L]]) + nrow(r[[2L]]))
  expect_identical(unique(out$term), names(r))
  expect_identical(out$intrcpt[out$term == "district"], r$district$intrcpt)
  expect_identical(out$level[out$term == "district"], rownames(r$district))
  expect_output(print(r), "[$]district")
})

test_that("covariances of the predictions are metafor's", {
  data <- mv_data()
  both <- mv_both(mv_models$three_level, data)
  a <- ranef(both$ours, vcov = TRUE)
  b <- metafor::ranef(both$theirs, vcov = TRUE)
  expect_equal(a$pred, ranef(both$ours))
  for (i in seq_along(a$vcov)) {
    expect_equal(unclass(a$vcov[[i]]), unclass(b$vcov[[i]]), tolerance = 2e-3, ignore_attr = TRUE)
    expect_gate(sqrt(diag(a$vcov[[i]])), a$pred[[i]]$se, "closed_form")
  }
})
