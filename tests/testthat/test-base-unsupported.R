# Called from where a user's script stands: only registered methods are found there.
as_user <- function(generic, fit) {
  eval(call(generic, quote(fit)), list2env(list(fit = fit), parent = globalenv()))
}

test_that("a subgroup analysis refuses what one fit answers, and says what to use", {
  fit <- rma(c(.2, .5, .1, .9, -.2, .3), c(.1, .2, .05, .3, .2, .1), by = rep(1:2, 3))
  generics <- c("AIC", "BIC", "addpoly", "anova", "as.matrix", "blup", "confint", "cooks.distance", "cumul", "deviance",
                "df.residual", "dfbetas", "fitstats", "fitted", "hatvalues", "hc", "influence", "leave1out", "logLik",
                "model.matrix", "permutest", "predict", "profile", "ranef", "regplot", "residuals",
                "robust",
                "rstandard", "rstudent", "simulate", "terms", "trimfill", "vcov", "vif", "regtest",
                "ranktest", "tes", "fsn",
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
  for (generic in c("blup", "cooks.distance", "dfbetas", "hatvalues", "hc", "influence", "permutest",
                    "profile", "ranef",
                    "regplot", "robust", "simulate", "trimfill")) {
    expect_error(as_user(generic, fit), class = "metaparity_error_unsupported", info = generic)
  }
})

test_that("generics for other models say what to use for a fit", {
  d <- data.frame(yi = c(-.3, .5, 1, .2, -.9), vi = c(.1, .05, .2, .01, .1), g = rep(1:2, c(3, 2)))
  fits <- list(rma(yi, vi, data = d), rma(yi, vi, mods = ~ g, data = d), rma(yi, vi, data = d, by = g),
               rma.mh(ai = c(3, 5, 6), bi = c(7, 8, 9), ci = c(2, 4, 7), di = c(9, 8, 5)))
  asked <- list(stats::aggregate, graphics::points, graphics::lines, graphics::text, graphics::hist, graphics::boxplot,
                graphics::pairs, stats::density, stats::family, stats::extractAIC, stats::drop1, stats::add1,
                stats::step,
                stats::effects, stats::alias, stats::proj, stats::dummy.coef)
  for (fit in fits) for (generic in asked) expect_error(generic(fit), class = "metaparity_error_unsupported")
  for (verb in list(stats::dffits, stats::influence.measures, stats::weighted.residuals)) {
    expect_error(verb(fits[[1L]]), "influence", class = "metaparity_error_unsupported")
  }
})

test_that("results that are no fits have no intervals or variances", {
  fit <- rma(c(-.3, .5, 1, .2, -.9), c(.1, .05, .2, .01, .1))
  results <- list(fsn(fit), ranktest(fit), regtest(fit), hc(fit), leave1out(fit), cumul(fit), influence(fit),
                  confint(fit),
                  anova(fit), profile(fit, steps = 3))
  for (result in results) {
    for (generic in list(stats::confint, stats::vcov, stats::predict, stats::logLik)) {
      expect_error(generic(result), class = "metaparity_error_unsupported")
    }
  }
})

test_that("a refusal names the verb under its own name, however it was called", {
  fit <- rma.mv(c(.2, .5, .1, .9), c(.1, .2, .05, .3), random = ~ 1 | c(1, 2, 3, 4))
  asked <- regtest
  message_of <- function(expr) conditionMessage(tryCatch(expr, metaparity_error_unsupported = identity))
  for (text in c(message_of(asked(fit)), message_of(lapply(list(fit), regtest)),
                 message_of(do.call(regtest, list(fit))), message_of(do.call("asked", list(fit))),
                 message_of(metaparity::regtest(fit)))) {
    expect_match(text, "regtest()", fixed = TRUE)
  }
  expect_match(message_of(sapply(list(fit), trimfill)), "trimfill()", fixed = TRUE)
})
