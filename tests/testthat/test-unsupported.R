# Called from where a user's script stands: only registered methods are found there.
as_user <- function(generic, fit) {
  eval(call(generic, quote(fit)), list2env(list(fit = fit), parent = globalenv()))
}

test_that("a subgroup analysis refuses what one fit answers, and says what to use", {
  fit <- rma(c(.2, .5, .1, .9, -.2, .3), c(.1, .2, .05, .3, .2, .1), by = rep(1:2, 3))
  generics <- c("AIC", "BIC", "addpoly", "anova", "as.matrix", "blup", "confint", "cooks.distance", "cumul", "deviance",
                "df.residual", "dfbetas", "fitstats", "fitted", "hatvalues", "hc", "influence", "leave1out", "logLik",
                "model.matrix", "permutest", "predict", "profile", "ranef", "regplot", "reporter", "residuals", "robust",
                "rstandard", "rstudent", "simulate", "terms", "trimfill", "vcov", "vif", "regtest", "ranktest", "tes", "fsn",
                "hettest", "emmprep")
  for (generic in generics) expect_error(as_user(generic, fit), class = "metaparity_error", info = generic)
  for (generic in setdiff(generics, c("regtest", "ranktest", "tes", "fsn", "hettest", "emmprep"))) {
    expect_error(as_user(generic, fit), class = "metaparity_error_unsupported", info = generic)
  }
  for (group in fit$groups) expect_equal(as_user("confint", group)$random[1, 1], group$tau2)
})

test_that("what a subgroup analysis answers is answered outside the namespace too", {
  fit <- rma(c(.2, .5, .1, .9, -.2, .3), c(.1, .2, .05, .3, .2, .1), by = rep(1:2, 3))
  expect_named(as_user("coef", fit), c("1", "2", "overall"))
  expect_equal(as_user("nobs", fit), 6L)
  expect_equal(as_user("weights", fit), stats::weights(fit$overall))
  expect_equal(nrow(as_user("as.data.frame", fit)), 3L)
  expect_null(as_user("formula", fit))
})

test_that("fits of pooled tables refuse what needs a model of the estimates", {
  fit <- rma.mh(measure = "OR", ai = c(3, 5, 8), n1i = c(30, 50, 60), ci = c(6, 9, 12), n2i = c(30, 50, 60))
  for (generic in c("blup", "cooks.distance", "dfbetas", "hatvalues", "hc", "influence", "permutest", "profile", "ranef",
                    "regplot", "reporter", "robust", "simulate", "trimfill")) {
    expect_error(as_user(generic, fit), class = "metaparity_error_unsupported", info = generic)
  }
})
