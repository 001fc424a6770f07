test_that("every method gives metafor's numbers", {
  data <- mv_data()
  for (name in c("three_level", "contain", "bivariate", "blocks", "hcs")) {
    both <- mv_both(mv_models[[name]], data)
    a <- both$ours
    b <- both$theirs
    near <- function(f, tolerance = gate("mv_component")) expect_equal(unname(f(a)), unname(f(b)), tolerance = tolerance,
                                                                       ignore_attr = TRUE, label = paste(name, deparse(f)[1L]))
    near(coef)
    near(function(x) unclass(vcov(x)))
    near(fitted)
    near(residuals)
    near(function(x) residuals(x, type = "cholesky"))
    near(function(x) residuals(x, type = "pearson"))
    near(hatvalues)
    near(function(x) unclass(hatvalues(x, type = "matrix")))
    near(weights)
    near(function(x) unclass(weights(x, type = "matrix")))
    near(function(x) as.numeric(logLik(x)))
    near(AIC)
    near(BIC)
    near(nobs)
    near(df.residual)
    near(model.matrix)
    near(function(x) unclass(vcov(x, type = "resid")))
    near(function(x) unclass(vcov(x, type = "obs")))
    near(function(x) as.numeric(rstandard(x)$z))
    near(function(x) anova(x)[c("QM", "QMp")])
  }
})

test_that("refits by rows, estimates and held components are those of the verb", {
  d <- metadat::dat.konstantopoulos2011
  x <- rma.mv(yi, vi, random = ~ 1 | district/school, data = d)
  rows <- c(1:20, 30:56)
  expect_equal(model_refit(x, rows)$components, rma.mv(yi, vi, random = ~ 1 | district/school, data = d[rows, ])$sigma2,
               tolerance = gate("mv_scale"))
  expect_equal(model_loglik(x, c(0.1, NA)), as.numeric(logLik(update(x, sigma2 = c(0.1, NA)))), tolerance = 1e-10)
  expect_equal(model_marginal(x, c(0.1, 0.2)), update(x, sigma2 = c(0.1, 0.2))$M, tolerance = 1e-12)
  table <- model_components(x)
  expect_equal(table$name, c("sigma^2.1", "sigma^2.2"))
  expect_equal(table$levels, c(11L, 56L))
  expect_equal(leave1out(x)$estimate[3], as.numeric(rma.mv(yi, vi, random = ~ 1 | district/school, data = d[-3, ])$beta),
               tolerance = gate("mv_scale"))
  draws <- simulate(x, nsim = 3000, seed = 2)
  expect_equal(cov(t(draws))[1:4, 1:4], unname(x$M[1:4, 1:4]), tolerance = 0.15, ignore_attr = TRUE)
})

test_that("likelihood ratio tests are metafor's", {
  d <- metadat::dat.konstantopoulos2011
  a <- anova(rma.mv(yi, vi, random = ~ 1 | district/school, data = d), rma.mv(yi, vi, random = ~ 1 | district, data = d))
  b <- anova(metafor::rma.mv(yi, vi, random = ~ 1 | district/school, data = d),
             metafor::rma.mv(yi, vi, random = ~ 1 | district, data = d))
  expect_equal(a$LRT, b$LRT, tolerance = gate("mv_component"))
  expect_close_print(a, b, gate("mv_component"))
  full <- rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district/school, data = d)
  expect_equal(anova(full, rma.mv(yi, vi, random = ~ 1 | district/school, data = d), refit = TRUE)$LRT,
               2 * as.numeric(logLik(update(full, method = "ML")) -
                              logLik(rma.mv(yi, vi, random = ~ 1 | district/school, data = d, method = "ML"))),
               tolerance = 1e-8)
  expect_error(anova(full, rma(yi, vi, data = d)), class = "metaparity_error_input")
})

test_that("what takes independent estimates refuses fits of rma.mv() by name", {
  x <- rma.mv(yi, vi, random = ~ 1 | district/school, data = metadat::dat.konstantopoulos2011)
  for (f in list(regtest, ranktest, trimfill, fsn, tes, hc, blup, gosh, radial, hettest)) {
    error <- tryCatch(f(x), error = identity)
    expect_s3_class(error, "metaparity_error_unsupported")
    expect_match(conditionMessage(error), "metaparity_mv")
  }
})

test_that("cluster-robust variances are metafor's and clubSandwich's", {
  data <- mv_data()
  for (name in c("three_level", "moderator_ml", "blocks")) {
    both <- mv_both(mv_models[[name]], data)
    column <- if (name == "blocks") quote(study) else quote(district)
    for (club in if (requireNamespace("clubSandwich", quietly = TRUE)) c(FALSE, TRUE) else FALSE) {
      a <- eval(bquote(robust(both$ours, cluster = .(column), clubSandwich = club)))
      b <- eval(bquote(metafor::robust(both$theirs, cluster = .(column), clubSandwich = club)))
      for (field in c("se", "zval", "pval", "ci.lb", "ci.ub", "QM", "QMp", "vb", "n"))
        expect_equal(as.numeric(a[[field]]), as.numeric(b[[field]]), tolerance = gate("mv_component"),
                     label = paste(name, club, field))
      expect_equal(as.numeric(a$ddf), as.numeric(b$ddf), tolerance = gate("mv_component"), ignore_attr = TRUE)
      expect_close_print(a, b, gate("mv_component"))
    }
  }
  crossed <- rma.mv(yi, vi, random = list(~ 1 | district, ~ 1 | school), data = data$kon)
  expect_error(robust(crossed, cluster = district), class = "metaparity_error_unsupported")
})

test_that("figures and grids take fits of rma.mv()", {
  data <- mv_data()
  both <- mv_both(quote(rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district/school, data = kon)), data)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_equal(regplot(both$ours, mod = "year", draw = FALSE)$yi, as.numeric(both$ours$yi))
  expect_equal(funnel(both$ours, draw = FALSE)$x, as.numeric(residuals(both$ours)), tolerance = 1e-10)
  if (requireNamespace("emmeans", quietly = TRUE)) {
    expect_equal(summary(emmeans::emmeans(emmprep(both$ours), "1"))$SE,
                 summary(emmeans::emmeans(metafor::emmprep(both$theirs), "1"))$SE, tolerance = 1e-4)
  }
})
