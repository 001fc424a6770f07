# A class that answers the contract and nothing else: correlated estimates in known blocks and one tau2. Every analysis
# either gives the brute-force answer or refuses by name.
blocks_fit <- function(yi, V, X = cbind(intrcpt = rep(1, length(yi))), rows = seq_along(yi), tau2 = NULL) {
  yi <- yi[rows]
  V <- V[rows, rows, drop = FALSE]
  X <- X[rows, , drop = FALSE]
  ll <- function(t2) blocks_ll(yi, V, X, t2)
  if (is.null(tau2)) {
    tau2 <- optimize(ll, c(0, 5), maximum = TRUE, tol = 1e-12)$maximum
    if (ll(0) >= ll(tau2)) tau2 <- 0
  }
  W <- solve(V + diag(tau2, length(yi)))
  vb <- solve(t(X) %*% W %*% X)
  b <- drop(vb %*% t(X) %*% W %*% yi)
  list(yi = yi, V = V, X = X, tau2 = tau2, beta = b, vb = vb, ll = ll(tau2))
}

blocks_ll <- function(yi, V, X, tau2) {
  M <- V + diag(tau2, length(yi))
  W <- solve(M)
  A <- t(X) %*% W %*% X
  r <- yi - X %*% solve(A, t(X) %*% W %*% yi)
  -0.5 * as.numeric((length(yi) - ncol(X)) * log(2 * pi) + determinant(M)$modulus + determinant(A)$modulus +
                    drop(t(r) %*% W %*% r))
}

toy <- function(yi, V) {
  f <- blocks_fit(yi, V)
  k <- length(yi)
  se <- sqrt(diag(f$vb))
  slab <- paste("T", seq_len(k))
  structure(list(
    beta = cbind(intrcpt = f$beta), b = cbind(f$beta), vb = `dimnames<-`(f$vb, list("intrcpt", "intrcpt")), se = se,
    zval = f$beta / se, pval = 2 * pnorm(-abs(f$beta / se)), ci.lb = f$beta - qnorm(0.975) * se,
    ci.ub = f$beta + qnorm(0.975) * se, ddf = NA, test = "z", level = 0.05, method = "REML", tau2 = f$tau2,
    tau2.fix = FALSE,
    k = k, k.f = k, k.eff = k, k.all = k, p = 1L, p.eff = 1L, m = 1L, parms = 2L, int.only = TRUE, int.incl = TRUE,
    yi = yi, yi.f = yi, vi = diag(V), vi.f = diag(V), V = V, X = f$X, X.f = f$X, not.na = rep(TRUE, k),
    ids = seq_len(k),
    slab = slab, slab.null = FALSE, measure = "GEN", digits = c(est = 4, se = 4, test = 4, pval = 4, ci = 4, var = 4,
    sevar = 4, fit = 4, het = 4), I2 = NA_real_, H2 = NA_real_, QE = NA_real_, QEp = NA_real_,
    fit.stats = data.frame(ML = rep(NA_real_, 5), REML = c(f$ll, -2 * f$ll, NA, NA, NA),
                           row.names = c("ll", "dev", "AIC", "BIC", "AICc")), call = quote(toy(yi, V))),
    class = c("toy_blocks", "metaparity", "rma"))
}

toy_methods <- list(
  model_studies = function(x) list(yi = as.numeric(x$yi), X = x$X, V = x$V, weights = numeric(), slab = x$slab,
                                   rows = which(x$not.na), yi.f = x$yi.f, X.f = x$X.f),
  model_components = function(x) new_components("tau^2", x$tau2),
  model_marginal = function(x, at = NULL) x$V + diag(if (is.null(at)) x$tau2 else at, nrow(x$V)),
  model_loglik = function(x, at) blocks_ll(x$yi, x$V, x$X, if (is.na(at)) x$tau2 else at),
  model_predictive = function(x, X) list(mean = drop(X %*% x$beta), variance = x$tau2 + rowSums((X %*% x$vb) * X),
                                         df = NaN),
  model_refit = function(x, rows = NULL, yi = NULL, spec = NULL) {
    f <- blocks_fit(if (is.null(yi)) x$yi else yi, x$V, x$X, if (is.null(rows)) seq_along(x$yi) else rows)
    se <- sqrt(diag(f$vb))
    list(estimate = f$beta, se = se, zval = f$beta / se, pval = 2 * pnorm(-abs(f$beta / se)),
         ci.lb = f$beta - qnorm(0.975) * se, ci.ub = f$beta + qnorm(0.975) * se, vb = f$vb, components = f$tau2,
         tau2 = f$tau2)
  })

example_toy <- function() {
  for (name in names(toy_methods)) {
    registerS3method(name, "toy_blocks", toy_methods[[name]], envir = asNamespace("metaparity"))
  }
  yi <- c(0.1, 0.5, -0.4, 0.9, 0.3, 1.2, -0.2)
  V <- diag(c(0.04, 0.09, 0.05, 0.12, 0.06, 0.08, 0.1))
  V[1, 2] <- V[2, 1] <- 0.03
  V[4, 5] <- V[5, 4] <- 0.04
  toy(yi, V)
}

test_that("a class that answers the contract gets residuals, weights and leverages of its marginal covariances", {
  x <- example_toy()
  M <- x$V + diag(x$tau2, 7)
  W <- solve(M)
  H <- x$X %*% solve(t(x$X) %*% W %*% x$X) %*% t(x$X) %*% W
  left <- diag(7) - H
  r <- drop(left %*% x$yi)
  S <- left %*% M %*% t(left)
  expect_equal(unname(fitted(x)), rep(x$beta[[1]], 7))
  expect_equal(unname(residuals(x)), r, tolerance = 1e-10)
  expect_equal(as.numeric(rstandard(x)$z), r / sqrt(diag(S)), tolerance = 1e-10)
  expect_equal(unname(residuals(x, type = "pearson")), r / sqrt(diag(M)), tolerance = 1e-10)
  expect_equal(sum(residuals(x, type = "cholesky")^2), drop(t(r) %*% W %*% r), tolerance = 1e-10)
  expect_equal(unname(hatvalues(x)), diag(H), tolerance = 1e-10)
  expect_equal(unname(unclass(hatvalues(x, type = "matrix"))), H, tolerance = 1e-10)
  expect_equal(unname(weights(x)), 100 * diag(W) / sum(diag(W)), tolerance = 1e-10)
  expect_equal(unname(weights(x, type = "rowsum")), 100 * rowSums(W) / sum(W), tolerance = 1e-10)
  expect_equal(unname(weights(x, type = "matrix")), W, tolerance = 1e-10)
  expect_equal(unname(unclass(vcov(x, type = "resid"))), S, tolerance = 1e-10)
  expect_equal(unname(unclass(vcov(x, type = "obs"))), M, tolerance = 1e-10)
  expect_error(rstandard(x, type = "conditional"), class = "metaparity_error_unsupported")
})

test_that("its deletion statistics, leave-one-out and cumulative tables are refits", {
  x <- example_toy()
  without <- lapply(1:7, function(i) blocks_fit(x$yi, x$V, x$X, (1:7)[-i]))
  beta <- vapply(without, function(f) f$beta, 0)
  found <- leave1out(x)
  expect_equal(as.numeric(found$estimate), beta, tolerance = 1e-9)
  expect_equal(as.numeric(found$tau2), vapply(without, function(f) f$tau2, 0), tolerance = 1e-6)
  pairs <- leave1out(x, cluster = c(1, 1, 2, 3, 3, 4, 5))
  expect_equal(pairs$estimate[1], blocks_fit(x$yi, x$V, x$X, 3:7)$beta[[1]], tolerance = 1e-9)
  expect_equal(cumul(x)$estimate[5], blocks_fit(x$yi, x$V, x$X, 1:5)$beta[[1]], tolerance = 1e-9)
  se <- vapply(1:7, function(i) sqrt(x$vi[i] + without[[i]]$tau2 + without[[i]]$vb[[1]]), 0)
  expect_equal(as.numeric(rstudent(x)$z), (x$yi - beta) / se, tolerance = 1e-6)
  expect_equal(unname(cooks.distance(x)), (x$beta[[1]] - beta)^2 / x$vb[[1]], tolerance = 1e-6)
  around <- baujat(x, draw = FALSE)
  M <- x$V + diag(x$tau2, 7)
  expect_equal(around$x, (x$yi - x$beta[[1]])^2 / diag(M), tolerance = 1e-9)
  expect_equal(around$y, (x$beta[[1]] - beta)^2 / vapply(without, function(f) f$vb[[1]], 0), tolerance = 1e-6)
  flagged <- influence(x)
  expect_s3_class(flagged, "metaparity_influence")
  expect_equal(unname(flagged$inf$cook.d), unname(cooks.distance(x)))
})

test_that("its likelihood gives intervals and profiles", {
  x <- example_toy()
  ci <- confint(x)$random
  drop <- function(t2) 2 * (x$fit.stats["ll", "REML"] - blocks_ll(x$yi, x$V, x$X, t2))
  expect_equal(drop(ci[1, "ci.ub"]), qchisq(0.95, 1), tolerance = 1e-6)
  if (ci[1, "ci.lb"] > 0) expect_equal(drop(ci[1, "ci.lb"]), qchisq(0.95, 1), tolerance = 1e-6)
  prof <- profile(x, steps = 5, plot = FALSE)
  expect_equal(prof$ll, vapply(prof$tau2, function(t2) blocks_ll(x$yi, x$V, x$X, t2), 0), tolerance = 1e-10)
  draws <- simulate(x, nsim = 4000, seed = 1)
  expect_equal(unname(cov(t(draws))), unname(unclass(vcov(x, type = "obs"))), tolerance = 0.1)
})

test_that("what takes independent estimates refuses it by name", {
  x <- example_toy()
  refuses <- list(
    regtest = function() regtest(x), ranktest = function() ranktest(x), trimfill = function() trimfill(x),
    fsn = function() fsn(x), tes = function() tes(x), hc = function() hc(x), blup = function() blup(x),
    permutest = function() permutest(x), robust = function() robust(x, cluster = 1:7), emmprep = function() emmprep(x),
    gosh = function() gosh(x), radial = function() radial(x), labbe = function() labbe(x),
    hettest = function() hettest(x))
  for (name in names(refuses)) {
    error <- tryCatch(refuses[[name]](), error = identity)
    expect_s3_class(error, "metaparity_error_unsupported")
    expect_match(conditionMessage(error), "toy_blocks", info = name)
  }
})

test_that("a class that answers nothing is refused, never given another model's numbers", {
  x <- rma(c(0.1, 0.4, 0.3), c(0.02, 0.05, 0.03))
  class(x) <- c("silent_model", "metaparity", "rma")
  for (f in list(fitted, residuals, rstandard, hatvalues, weights, leave1out, cumul, simulate, influence,
                 function(x) profile(x, plot = FALSE), function(x) vcov(x, type = "obs"))) {
    expect_no_warning(expect_error(f(x), class = "metaparity_error_unsupported"))
  }
})

test_that("the predictive distribution of a new effect is that of predict()", {
  uni <- rma(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, mods = ~ablat, data = bcg_tables, test = "t")
  X <- cbind(1, c(20, 40))
  found <- model_predictive(uni, X)
  shown <- predict(uni, newmods = c(20, 40))
  expect_equal(found$mean, as.numeric(shown$pred), tolerance = 1e-12)
  expect_equal(found$mean - qt(0.975, found$df) * sqrt(found$variance), as.numeric(shown$pi.lb), tolerance = 1e-10)
})

test_that("fits of rma() and of pooled tables answer as they print", {
  d <- bcg_tables
  uni <- rma(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
  expect_equal(model_refit(uni)$estimate, as.numeric(uni$beta))
  expect_equal(model_refit(uni, 2:6)$tau2, rma(uni$yi[2:6], uni$vi[2:6])$tau2)
  expect_equal(model_components(uni)$estimate, uni$tau2)
  expect_equal(model_loglik(uni, NA), as.numeric(logLik(uni)))
  expect_equal(model_loglik(uni, 0.2), as.numeric(logLik(rma(uni$yi, uni$vi, tau2 = 0.2))))
  pooled <- rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
  expect_equal(model_refit(pooled, -1)$estimate, leave1out(pooled)$estimate[1])
  expect_identical(nrow(model_components(pooled)), 0L)
  expect_identical(model_words(pooled)$scheme, "M-H")
})

test_that("the general answers equal those of the core for independent estimates", {
  d <- bcg_tables
  uni <- rma(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, mods = ~ablat, data = d)
  own <- case_statistics(uni, NULL)
  general <- case_statistics.metaparity(uni, NULL)
  for (name in c("resid", "se", "z", "hat", "pearson")) expect_equal(general[[name]], own[[name]], tolerance = 1e-9)
  own <- deletion_statistics(uni, NULL)
  general <- deletion_statistics.metaparity(uni, NULL)
  for (name in c("z", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat", "fit.shift")) {
    expect_equal(general[[name]], own[[name]], tolerance = 1e-6, info = name)
  }
  expect_equal(unname(general$dfbetas), unname(own$dfbetas), tolerance = 1e-6)
})
