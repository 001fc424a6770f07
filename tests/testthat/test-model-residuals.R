kinds <- c("response", "rstandard", "rstudent", "pearson", "cholesky")

uni_pairs <- function(d) {
  args <- list(list(), list(mods = ~x), list(mods = ~x, test = "knha"), list(method = "EE"),
               list(weights = seq_len(nrow(d))),
               list(mods = ~x, weighted = FALSE))
  lapply(args, function(a) {
    list(ours = suppressWarnings(do.call(rma, c(list(d$yi, d$vi, data = d), a))),
         theirs = do.call(metafor_fit, c(list(d$yi, d$vi, data = d), a)))
  })
}

test_that("residuals, leverages and weights are metafor's, studies left out as na.action has it", {
  whole <- moderator_sets()$bcg
  gaps <- whole
  gaps$yi[3] <- NA
  gaps$x[5] <- NA
  for (action in c("na.omit", "na.pass")) {
    old <- options(na.action = action)
    for (d in list(whole, gaps)) for (pair in uni_pairs(d)) {
      for (type in kinds) expect_named_equal(residuals(pair$ours, type = type), residuals(pair$theirs, type = type))
      for (verb in list(hatvalues, weights, fitted)) expect_named_equal(verb(pair$ours), verb(pair$theirs), scale = 100)
      expect_named_equal(cooks.distance(pair$ours), cooks.distance(pair$theirs))
      expect_gate(weights(pair$ours, type = "matrix"), weights(pair$theirs, type = "matrix"), "metafor_tight",
                  scale = 1)
      expect_same_print(rstandard(pair$ours), rstandard(pair$theirs))
      expect_same_print(rstudent(pair$ours), rstudent(pair$theirs))
      expect_same_print(dfbetas(pair$ours), dfbetas(pair$theirs))
      expect_same_print(influence(pair$ours), influence(pair$theirs))
    }
    options(old)
  }
})

test_that("missing studies are an error where na.action says so", {
  d <- moderator_sets()$bcg
  d$yi[3] <- NA
  fit <- suppressWarnings(rma(yi, vi, data = d))
  old <- options(na.action = "na.fail")
  on.exit(options(old))
  for (verb in list(residuals, weights, fitted, rstudent, dfbetas))
    expect_error(verb(fit), class = "metaparity_error_studies")
})

test_that("conditional residuals are deviations from the predicted effects", {
  for (d in moderator_sets()) {
    a <- rma(yi, vi, mods = ~x, data = d)
    expect_gate(rstandard(a, type = "conditional")$resid, d$yi - blup(a)$pred, "exact_solution", scale = 1)
    b <- metafor_fit(d$yi, d$vi, mods = ~x, data = d)
    expect_same_fields(rstandard(a, type = "conditional"), rstandard(b, type = "conditional"), c("resid", "se", "z"),
                       scale = c(resid = 1, se = 1, z = 1))
  }
})

test_that("covariances of estimates, fitted values and residuals", {
  d <- moderator_sets()$bcg
  a <- rma(yi, vi, mods = ~x, data = d)
  b <- metafor_fit(d$yi, d$vi, mods = ~x, data = d)
  for (type in c("fixed", "obs", "fitted", "resid")) {
    expect_gate(vcov(a, type = type), vcov(b, type = type), "metafor_tight", scale = 1)
    expect_same_print(vcov(a, type = type), vcov(b, type = type), digits = 4)
  }
})

test_that("residuals of studies that the model fits exactly are 0", {
  skip_if_not_installed("metafor")
  d <- data.frame(yi = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1), vi = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
                  g = c(1, 1, 1, 1, 2, 3))
  for (method in c("EE", "DL")) {
    a <- rma(yi, vi, mods = ~factor(g), data = d, method = method)
    b <- metafor::rma(yi, vi, mods = ~factor(g), data = d, method = method)
    expect_identical(unname(residuals(a)[5:6]), c(0, 0))
    for (type in c("response", "pearson")) {
      expect_identical(utils::capture.output(print(residuals(a, type = type))),
                       utils::capture.output(print(residuals(b, type = type))))
    }
    expect_true(all(is.finite(qqnorm(a, draw = FALSE)$y)))
  }
})

test_that("residuals, weights and hat values agree with metafor", {
  skip_if_not_installed("metafor")
  for (pair in fit_pairs()) {
    for (type in c("response", "rstandard", "rstudent", "pearson", "cholesky")) {
      expect_gate(residuals(pair$ours, type = type), residuals(pair$theirs, type = type), "metafor_closed", scale = 1)
    }
    for (type in c("diagonal", "matrix")) {
      expect_gate(weights(pair$ours, type = type), weights(pair$theirs, type = type), "metafor_closed", scale = 1)
      expect_gate(hatvalues(pair$ours, type = type), hatvalues(pair$theirs, type = type), "metafor_closed", scale = 1)
    }
    for (part in c("resid", "se", "z")) {
      expect_gate(rstandard(pair$ours)[[part]], rstandard(pair$theirs)[[part]], "metafor_closed", scale = 1)
      expect_gate(rstudent(pair$ours)[[part]], rstudent(pair$theirs)[[part]], "metafor_closed", scale = 1)
    }
    expect_gate(weights(pair$ours, type = "rowsum"), weights(pair$ours), "closed_form")
  }
})

test_that("influence measures agree with metafor", {
  skip_if_not_installed("metafor")
  measures <- c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat", "weight")
  for (pair in fit_pairs()) {
    ours <- influence(pair$ours)
    theirs <- influence(pair$theirs)
    for (part in measures) expect_gate(ours$inf[[part]], theirs$inf[[part]], "metafor_closed", scale = 1)
    for (j in seq_len(pair$ours$p)) expect_gate(ours$dfbs[[j]], theirs$dfbs[[j]], "metafor_closed", scale = 1)
    expect_identical(as.vector(ours$is.infl), as.vector(theirs$is.infl))
    expect_gate(cooks.distance(pair$ours), cooks.distance(pair$theirs), "metafor_closed", scale = 1)
    expect_identical(unlist(as.data.frame(dfbetas(pair$ours)), use.names = FALSE),
                     unlist(unclass(ours$dfbs)[seq_len(pair$ours$p)], use.names = FALSE))
  }
  out <- capture.output(print(ours))
  expect_true(all(c("$inf", "$dfbs") %in% out))
})

test_that("a deletion that leaves no fit is NA", {
  d <- fit_data()
  fit <- rma(est, v, mods = cbind(only = c(1, rep(0, 7))), data = d, method = "EE")
  expect_true(is.na(rstudent(fit)$z[1]))
  expect_false(anyNA(rstudent(fit)$z[-1]))
  two <- rma(est, v, data = d, subset = 1:2, method = "EE")
  expect_gate(rstudent(two)$resid, c(d$est[1] - d$est[2], d$est[2] - d$est[1]), "closed_form")
})

test_that("identities: residuals and fitted values add up, weights to 100", {
  d <- fit_data()
  fit <- rma(est, v, mods = ~year, data = d)
  expect_gate(fitted(fit) + residuals(fit), d$est, "closed_form")
  expect_gate(sum(weights(fit)), 100, "closed_form")
  expect_gate(sum(hatvalues(fit)), 2, "closed_form")
  expect_identical(names(weights(fit)), as.character(1:8))
  expect_gate(se(fit), sqrt(diag(vcov(fit))), "closed_form")
})

test_that("print() of influence() gives what it shows", {
  d <- metadat::dat.bcg
  d <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
  x <- influence(rma(yi, vi, data = d, method = "EE"))
  utils::capture.output(all <- print(x), few <- print(x, infonly = TRUE))
  expect_length(all$rstudent, 13L)
  expect_length(few$rstudent, sum(x$is.infl))
})

test_that("one measure of influence() alone", {
  fit <- rma(yi, vi, data = bcg_effects)
  expect_identical(influence(fit, measure = "cooks.distance"), cooks.distance(fit))
  expect_identical(influence(fit, measure = "dfbetas"), dfbetas(fit))
})
