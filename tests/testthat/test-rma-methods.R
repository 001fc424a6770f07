# Accessors, residuals, weights, influence and update() of fits, against metafor and base R.

fit_data <- function() {
  data.frame(est = c(-0.89, -1.59, -1.35, -1.44, -0.22, -0.79, -1.62, 0.01),
             v = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.007, 0.22, 0.004), year = c(3, 7, 1, 9, 4, 4, 8, 2),
             name = c("A", "B", "C", "C", "E", "F", "G", "H"))
}

# The same fits by both packages: models, tests and kinds of weights.
fit_pairs <- function() {
  d <- fit_data()
  cases <- expand.grid(mods = c(FALSE, TRUE), test = c("z", "t", "knha"), kind = 1:3, stringsAsFactors = FALSE)
  lapply(seq_len(nrow(cases)), function(i) {
    args <- c(list(yi = d$est, vi = d$v, slab = d$name, method = "DL", test = cases$test[i]),
              if (cases$mods[i]) list(mods = cbind(year = d$year)),
              list(list(), list(weights = c(1, 3, 2, 5, 4, 2, 2, 7)), list(weighted = FALSE))[[cases$kind[i]]])
    list(ours = do.call(rma, args), theirs = do.call(metafor::rma, args))
  })
}

test_that("accessors agree with metafor", {
  skip_if_not_installed("metafor")
  for (pair in fit_pairs()) for (generic in list(coef, vcov, deviance, AIC, BIC, nobs, df.residual, fitted, logLik)) {
    ours <- generic(pair$ours)
    theirs <- generic(pair$theirs)
    expect_gate(ours, theirs, "metafor_closed", scale = 1)
    expect_identical(names(attributes(ours)), names(attributes(theirs)))
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

test_that("likelihoods follow the method and can be asked for", {
  d <- fit_data()
  reml <- rma(est, v, data = d)
  expect_identical(as.numeric(logLik(reml)), reml$fit.stats["ll", "REML"])
  expect_identical(as.numeric(logLik(reml, REML = FALSE)), reml$fit.stats["ll", "ML"])
  expect_identical(attr(logLik(reml), "nobs"), 7L)
  expect_gate(AIC(reml), stats::AIC(logLik(reml)), "closed_form")
  expect_gate(AIC(reml, k = 3), -2 * reml$fit.stats["ll", "REML"] + 6, "closed_form")
  expect_identical(AIC(reml, correct = TRUE), reml$fit.stats["AICc", "REML"])
  expect_error(logLik(reml, REML = NA), class = "metaparity_error_input")
})

test_that("several fits are compared in a table; restricted likelihoods of different designs give a warning", {
  d <- fit_data()
  one <- rma(est, v, data = d, method = "ML")
  two <- rma(est, v, mods = ~year, data = d, method = "ML")
  both <- AIC(one, two)
  expect_identical(rownames(both), c("one", "two"))
  expect_identical(both$AIC, c(AIC(one), AIC(two)))
  expect_identical(BIC(one, two)$BIC, c(BIC(one), BIC(two)))
  expect_warning(AIC(rma(est, v, data = d), rma(est, v, mods = ~year, data = d)), class = "metaparity_warning_input")
})

test_that("formulas, designs and terms come back", {
  d <- fit_data()
  fit <- rma(est, v, mods = ~ year + I(year^2), data = d, slab = name)
  expect_identical(formula(fit), ~ year + I(year^2), ignore_formula_env = TRUE)
  expect_null(formula(fit, type = "yi"))
  expect_null(formula(rma(est, v, data = d)))
  expect_identical(attr(terms(fit), "term.labels"), c("year", "I(year^2)"))
  expect_null(terms(rma(est, v, data = d)))
  expect_identical(unname(model.matrix(fit)), unname(cbind(1, d$year, d$year^2)))
  expect_identical(rownames(model.matrix(fit)), as.character(1:8))
  expect_s3_class(model.matrix(rma(est, v, data = d), asdf = TRUE), "data.frame")
  expect_identical(formula(rma(est ~ year, v, data = d), type = "yi"), est ~ year, ignore_formula_env = TRUE)
})

test_that("update() changes the call where it is called from", {
  d <- fit_data()
  fit <- rma(est, v, data = d)
  expect_identical(coef(update(fit, method = "DL")), coef(rma(est, v, data = d, method = "DL")))
  expect_identical(coef(update(fit, ~year)), coef(rma(est, v, mods = ~year, data = d)))
  more <- update(fit, ~year)
  expect_identical(coef(update(more, ~ . - year)), coef(fit))
  expect_identical(names(coef(update(more, ~ . + I(year^2)))), c("intrcpt", "year", "I(year^2)"))
  inside <- function(d) {
    d <- d[-1, ]
    update(fit, data = d)$k
  }
  expect_identical(inside(d), 7L)
  expect_identical(update(fit, method = "DL", evaluate = FALSE)$method, "DL")
  expect_identical(coef(update(rma(est ~ 1, v, data = d), . ~ year)), coef(more))
  rma <- function(...) stop("another package's rma()")
  expect_identical(update(fit, method = "EE")$method, "EE")
})

test_that("update() refuses what it cannot do", {
  d <- fit_data()
  plain <- rma(d$est, d$v, mods = cbind(year = d$year))
  expect_error(update(plain, ~ . + x), class = "metaparity_error_input")
  plain$call <- NULL
  expect_error(update(plain, test = "t"), class = "metaparity_error_input")
})

test_that("data frames of coefficients and studies", {
  d <- fit_data()
  fit <- rma(est, v, mods = ~year, data = d, slab = name, test = "t")
  table <- as.data.frame(fit)
  expect_identical(table$term, c("intrcpt", "year"))
  expect_identical(table$estimate, unname(coef(fit)))
  expect_identical(table$df, c(6L, 6L))
  expect_null(as.data.frame(rma(est, v, data = d))$df)
  studies <- as.data.frame(fit, what = "studies")
  expect_identical(studies$slab, c("A", "B", "C.1", "C.2", "E", "F", "G", "H"))
  expect_identical(studies$yi, d$est)
  expect_gate(studies$weight, weights(fit), "closed_form")
  expect_error(as.data.frame(fit, what = "rows"), class = "metaparity_error_input")
  coefs <- coef(summary(fit))
  expect_identical(names(coefs), c("estimate", "se", "tval", "df", "pval", "ci.lb", "ci.ub"))
  expect_identical(names(coef(summary(rma(est, v, data = d))))[3], "zval")
})

test_that("pooled fits have data frames, too", {
  d <- list(ai = c(3, 8, 5), bi = c(40, 50, 30), ci = c(9, 12, 4), di = c(35, 44, 33))
  for (verb in list(rma.mh, rma.peto)) {
    fit <- do.call(verb, d)
    expect_identical(as.data.frame(fit)$term, "intrcpt")
    expect_identical(dim(as.data.frame(fit, what = "studies")), c(3L, 6L))
  }
})

test_that("wrong types are classed errors", {
  fit <- rma(c(1, 2, 4), c(0.1, 0.2, 0.3))
  expect_error(residuals(fit, type = "partial"), class = "metaparity_error_input")
  expect_error(weights(fit, type = "none"), class = "metaparity_error_input")
  expect_error(hatvalues(fit, type = "rowsum"), class = "metaparity_error_input")
  expect_error(vcov(fit, type = "random"), class = "metaparity_error_input")
  expect_error(formula(fit, type = "scale"), class = "metaparity_error_input")
  expect_error(rstandard(fit, type = "jackknife"), class = "metaparity_error_input")
})

test_that("plot() draws", {
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit({
    grDevices::dev.off()
    unlink(file)
  })
  expect_no_error(plot(rma(c(1, 2, 4), c(0.1, 0.2, 0.3))))
})

test_that("a large fit needs no k x k matrix", {
  skip_on_cran()
  k <- 20000L
  x <- sin(seq_len(k))
  fit <- rma(x + cos(seq_len(k)^2), 0.5 + (seq_len(k) %% 7) / 10, mods = cbind(x), method = "DL")
  expect_length(rstandard(fit)$z, k)
  expect_gate(sum(hatvalues(fit)), 2, "closed_form")
  expect_gate(sum(weights(fit)), 100, "closed_form")
})

test_that("rows of the design are named by the data when a formula made it", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  d <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg, slab = author)
  d$yi[2] <- NA
  rows <- function(...) {
    of <- function(rma) rownames(model.matrix(suppressWarnings(do.call(rma,
                                                                       list(quote(yi), quote(vi), data = d, ...)))))
    expect_identical(of(rma), of(metafor::rma))
  }
  rows()
  rows(mods = ~ablat)
  rows(mods = ~ablat, subset = 2:9)
  rows(mods = quote(cbind(ablat)))
  row.names(d) <- letters[1:13]
  rows(mods = ~ factor(alloc))
})

test_that("update() takes a dot on the left, and lmtest its tests from it", {
  skip_if_not_installed("lmtest")
  users <- list2env(list(rma = rma, d = moderator_sets()$bcg), parent = globalenv())
  run <- function(code) eval(parse(text = code), new.env(parent = users))
  large <- run("rma(yi, vi, mods = ~x, data = d, method = 'ML')")
  null <- run("rma(yi, vi, data = d, method = 'ML')")
  fits <- "large <- rma(yi, vi, mods = ~x, data = d, method = 'ML'); "
  expect_equal(run(paste0(fits, "update(large, . ~ 1)"))$beta, null$beta)
  expect_equal(run(paste0(fits, "update(large, . ~ . - x)"))$beta, null$beta)
  expect_equal(run(paste0(fits, "update(update(large, . ~ 1), . ~ . + x)"))$beta, large$beta)
  expect_equal(run(paste0(fits, "update(large, I(2 * yi) ~ .)"))$yi, 2 * large$yi, ignore_attr = TRUE)
  expect_equal(run("update(rma(d$yi, d$vi, mods = d$x, method = 'ML'), . ~ 1)")$beta, null$beta)
  # lmtest updates from its own frames, which see the workspace alone.
  assign("lrtest_data", moderator_sets()$bcg, envir = globalenv())
  on.exit(rm("lrtest_data", envir = globalenv()))
  large <- rma(yi, vi, mods = ~x, data = lrtest_data, method = "ML")
  expect_equal(lmtest::lrtest(large)$Chisq[2], anova(large, null)$LRT)
  expect_equal(lmtest::lrtest(large, "x")$Chisq[2], anova(large, null)$LRT)
  for (wrong in list("x", 3, NULL)) expect_error(update(null, wrong), class = "metaparity_error_input")
})
