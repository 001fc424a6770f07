test_that("levels that the data cannot tell are fixed, with a warning, as metafor does", {
  ish <- mv_data()$ish
  first <- ish[!duplicated(ish$study), ]
  first$f <- rep(c("a", "b"), 23)
  for (struct in c("CS", "HCS", "UN")) {
    expect_warning(a <- rma.mv(yi, vi, random = ~ f | study, struct = struct, data = first),
                   class = "metaparity_warning_input")
    b <- suppressWarnings(metafor::rma.mv(yi, vi, random = ~ f | study, struct = struct, data = first))
    expect_identical(a$rho, 0)
    expect_equal(a$tau2, b$tau2, tolerance = gate("mv_component"))
    expect_equal(a$vc.fix, b$vc.fix)
    expect_equal(a$parms, b$parms)
  }
  ish$f <- as.character(ish$times)
  ish$f[5] <- "z"
  a <- suppressWarnings(rma.mv(yi, vi, random = ~ f | study, struct = "DIAG", data = ish))
  b <- suppressWarnings(metafor::rma.mv(yi, vi, random = ~ f | study, struct = "DIAG", data = ish))
  expect_identical(a$tau2[5], 0)
  expect_equal(a$tau2, b$tau2, tolerance = gate("mv_component"))
})

test_that("known correlations of levels, with each way to scale them", {
  d <- metadat::dat.konstantopoulos2011
  names <- as.character(unique(d$district))
  set.seed(5)
  R <- crossprod(matrix(runif(33), 3)) + diag(11)
  dimnames(R) <- list(names, names)
  for (scale in c("cor", "cor0", "cov0", "none")) {
    a <- rma.mv(yi, vi, random = list(~ 1 | district, ~ 1 | study), R = list(district = R), Rscale = scale, data = d)
    b <- metafor::rma.mv(yi, vi, random = list(~ 1 | district, ~ 1 | study), R = list(district = R), Rscale = scale,
                         data = d)
    expect_equal(a$sigma2, b$sigma2, tolerance = gate("mv_component"))
    expect_equal(as.numeric(logLik(a)), as.numeric(logLik(b)), tolerance = gate("mv_loglik"))
    expect_close_print(a, b, gate("mv_component"))
  }
})

test_that("nested levels are named and ordered as metafor's", {
  d <- metadat::dat.konstantopoulos2011
  a <- rma.mv(yi, vi, random = ~ 1 | district/school, data = d)
  b <- metafor::rma.mv(yi, vi, random = ~ 1 | district/school, data = d)
  expect_equal(a$s.levels, b$s.levels)
  expect_equal(unname(a$Z.S[[2]]), unname(b$Z.S[[2]]), ignore_attr = TRUE)
  expect_equal(lapply(a$mf.s, as.character), lapply(b$mf.s, as.character))
})
