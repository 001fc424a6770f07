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

pooled_pairs <- function() {
  skip_if_not_installed("metafor")
  d <- metadat::dat.bcg
  args <- list(ai = d$tpos, bi = d$tneg, ci = d$cpos, di = d$cneg)
  list(list(ours = do.call(rma.mh, args), theirs = do.call(metafor::rma.mh, args)),
       list(ours = do.call(rma.peto, args), theirs = do.call(metafor::rma.peto, args)))
}

expect_named_equal <- function(a, b, scale = 1) {
  expect_equal(names(a), names(b))
  expect_gate(a, b, "metafor_tight", scale = scale)
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

test_that("residuals of Mantel-Haenszel and Peto fits are metafor's", {
  for (pair in pooled_pairs()) {
    for (type in setdiff(kinds, "cholesky"))
      expect_named_equal(residuals(pair$ours, type = type), residuals(pair$theirs, type = type))
    expect_error(residuals(pair$ours, type = "cholesky"), class = "metaparity_error_input")
    expect_named_equal(weights(pair$ours), weights(pair$theirs), scale = 100)
    expect_same_print(rstandard(pair$ours), rstandard(pair$theirs))
    expect_same_print(rstudent(pair$ours), rstudent(pair$theirs))
    expect_same_print(confint(pair$ours), confint(pair$theirs))
    expect_same_print(predict(pair$ours, transf = exp), predict(pair$theirs, transf = exp))
    expect_gate(model.matrix(pair$ours), model.matrix(pair$theirs), "closed_form")
  }
})

test_that("a table without events has a residual that is missing", {
  args <- list(ai = c(1, 0, 3, 4), n1i = rep(20, 4), ci = c(2, 0, 5, 1), n2i = rep(20, 4))
  for (verb in c("rma.mh", "rma.peto")) {
    a <- suppressWarnings(do.call(get(verb, asNamespace("metaparity")), args))
    b <- suppressWarnings(do.call(getExportedValue("metafor", verb), args))
    expect_named_equal(residuals(a), residuals(b))
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
