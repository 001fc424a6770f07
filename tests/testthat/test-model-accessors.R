test_that("accessors agree with metafor", {
  skip_if_not_installed("metafor")
  for (pair in fit_pairs()) for (generic in list(coef, vcov, deviance, AIC, BIC, nobs, df.residual, fitted, logLik)) {
    ours <- generic(pair$ours)
    theirs <- generic(pair$theirs)
    expect_gate(ours, theirs, "metafor_closed", scale = 1)
    expect_identical(names(attributes(ours)), names(attributes(theirs)))
  }
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

test_that("covariances of a fit by dense algebra", {
  d <- fit_data()
  x <- rma(est, v, mods = ~year, data = d)
  X <- cbind(1, d$year)
  M <- diag(d$v + x$tau2)
  vb <- solve(t(X) %*% solve(M) %*% X)
  expect_gate(vcov(x), vb, "exact_solution", scale = 1)
  expect_gate(vcov(x, type = "obs"), M, "exact_solution", scale = 1)
  expect_gate(vcov(x, type = "fitted"), X %*% vb %*% t(X), "exact_solution", scale = 1)
  rest <- diag(nrow(X)) - X %*% vb %*% t(X) %*% solve(M)
  expect_gate(vcov(x, type = "resid"), rest %*% M %*% t(rest), "exact_solution", scale = 1)
  expect_identical(rownames(vcov(x, type = "obs")), as.character(seq_len(nrow(d))))
  expect_identical(se(x), sqrt(diag(vcov(x))))
  expect_error(vcov(rma.mh(ai = 4, bi = 20, ci = 11, di = 25), type = "obs"), class = "metaparity_error_input")
})

test_that("likelihoods are densities of normal vectors, their criteria with any price of a parameter", {
  d <- fit_data()
  x <- rma(est, v, data = d, method = "ML")
  ll <- sum(dnorm(d$est, coef(x), sqrt(d$v + x$tau2), log = TRUE))
  expect_gate(logLik(x), ll, "exact_solution")
  expect_gate(AIC(x, k = 3), -2 * ll + 6, "exact_solution")
  expect_gate(AIC(x), -2 * ll + 4, "exact_solution")
  expect_gate(BIC(x), -2 * ll + 2 * log(8), "exact_solution")
  expect_identical(attr(logLik(x), "df"), x$parms)
  expect_identical(attr(logLik(x, REML = TRUE), "nobs"), x$k - x$p)
})

test_that("numbers of observations count what was left out", {
  d <- fit_data()
  d$est[2] <- NA
  x <- suppressWarnings(rma(est, v, mods = ~year, data = d, subset = year > 1))
  n <- nobs(x, all = TRUE)
  expect_identical(as.integer(n[c("studies", "data", "subset", "not.na", "effective", "df.residual")]),
                   c(7L, 8L, 7L, 6L, 6L, 4L))
  expect_identical(as.integer(nobs(x)), 6L)
  expect_identical(as.integer(df.residual(x)), 4L)
})

test_that("simulated estimates have the mean and variance of the model, keep the seed of the session, stay in limits", {
  x <- rma(c(0.1, 0.5, 0.9, 0.4), c(0.04, 0.1, 0.2, 0.3), tau2 = 0.3)
  set.seed(1)
  before <- .Random.seed
  s <- simulate(x, nsim = 4000, seed = 42)
  expect_identical(.Random.seed, before)
  expect_identical(s, simulate(x, nsim = 4000, seed = 42))
  z <- (rowMeans(s) - fitted(x)) / sqrt((x$vi + x$tau2) / 4000)
  expect_lt(max(abs(z)), 4.5)
  ratio <- apply(s, 1, var) / (x$vi + x$tau2)
  expect_lt(max(abs(ratio - 1)), 4.5 * sqrt(2 / 4000))
  limited <- simulate(x, nsim = 50, seed = 1, olim = c(1, 0))
  expect_true(all(limited >= 0 & limited <= 1))
  expect_error(simulate(x, olim = 1), class = "metaparity_error_input")
})

test_that("standard errors of any fit with a variance, degrees of freedom of Q of every class", {
  line <- lm(dist ~ speed, cars)
  expect_gate(se(line), coef(summary(line))[, "Std. Error"], "exact_solution")
  expect_identical(names(se(line)), names(coef(line)))
  d <- fit_data()
  expect_identical(heterogeneity_df(rma(est, v, mods = ~year, data = d)), 6L)
  empty <- suppressWarnings(rma.mh(ai = c(4, 0, 3), bi = c(20, 9, 15), ci = c(11, 0, 3), di = c(25, 9, 9)))
  expect_identical(heterogeneity_df(empty), as.integer(empty$k.yi) - 1L)
  expect_identical(heterogeneity_df(rma.peto(ai = 3, bi = 9, ci = 4, di = 9)), 0L)
})
