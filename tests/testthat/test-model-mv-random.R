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

test_that("a name that is a function is no grouping variable", {
  d <- metadat::dat.konstantopoulos2011
  for (f in list(~ 1 | q, ~ 1 | c, ~ sd | district))
    expect_error(rma.mv(yi, vi, random = f, data = d), class = "metaparity_error_input")
})

test_that("a component whose levels the moderators tell is fixed to 0, whatever their base level", {
  set.seed(4)
  d <- data.frame(y = rnorm(8), v = 0.09, g = rep(letters[1:4], 2), num = rep(c(10, 2, 3, 1), 2))
  fits <- lapply(c("10", "1", "2"), function(base) {
    expect_warning(fit <- rma.mv(y, v, mods = ~ relevel(factor(num), base), random = ~ 1 | g, data = d),
                   class = "metaparity_warning_input")
    fit
  })
  for (fit in fits) {
    expect_identical(fit$sigma2, 0)
    expect_equal(unname(fit$vc.fix$sigma2), TRUE)
    expect_equal(fit$se[2], sqrt(0.09), tolerance = 1e-8)
  }
  # A level of rows within the groups is told from them.
  expect_no_warning(rma.mv(y, v, mods = ~ factor(num), random = ~ 1 | seq_along(y), data = d))
})
