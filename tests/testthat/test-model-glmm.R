bcg_counts <- function() {
  d <- metadat::dat.bcg
  data.frame(ai = d$tpos, n1i = d$tpos + d$tneg, ci = d$cpos, n2i = d$cpos + d$cneg, ablat = d$ablat)
}
glmm_of <- function(d, ...) {
  withCallingHandlers(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, ...),
                      metaparity_warning_dropped = function(w) invokeRestart("muffleWarning"))
}

test_that("fits have the exact solutions", {
  exact <- function(fit, values, ll) {
    expect_gate(c(fit$beta, fit$tau2), values, "exact_printed", scale = 1)
    expect_equal(fit$ll, ll, tolerance = 1e-8)
  }
  b <- bcg_counts()
  exact(glmm_of(b, model = "CM.EL"), c(-0.7538105224, 0.3116348876), -48.3747912385)
  exact(glmm_of(b, model = "UM.FS"), c(-0.7450033936, 0.2948860464), -88.63779465)
  rs <- glmm_of(b, model = "UM.RS")
  exact(rs, c(-0.761713802, 0.321757382), -126.237514952)
  expect_equal(rs$sigma2, 1.863736092, tolerance = 1e-7)
  correlated <- glmm_of(b, model = "UM.RS", cor = TRUE)
  expect_equal(c(correlated$beta, correlated$tau2, correlated$sigma2), c(-0.7417748, 0.337086, 1.854475),
               tolerance = 1e-6)
  expect_equal(correlated$ll, -123.64152531, tolerance = 1e-9)
  meta <- glmm_of(transform(b, z = ablat - 33.46), model = "CM.EL", mods = ~z)
  expect_equal(c(meta$beta, meta$se, meta$tau2), c(-0.7253655, -0.03301344, 0.06625333, 0.00344776, 0.003118576),
               tolerance = 1e-6)
  exact(glmm_of(metadat::dat.nielweise2007, model = "CM.EL"), c(-1.35315813, 0.6934578), -24.94445663)
})

test_that("published results of Stijnen, Hamza and Ozdemir (2010) are met", {
  d <- metadat::dat.nielweise2007
  control <- rma.glmm(measure = "PLO", xi = ci, ni = n2i, data = d)
  expect_equal(round(c(control$beta, control$se), 4), c(-3.4964, 0.2570), tolerance = 1e-4)
  treated <- rma.glmm(measure = "PLO", xi = ai, ni = n1i, data = d)
  expect_equal(c(treated$beta, treated$se), c(-4.8121, 0.3555), tolerance = 1e-3)
  expect_equal(sqrt(glmm_of(d, model = "CM.EL")$tau2), 0.8327, tolerance = 1e-4)
})

test_that("log-likelihoods are the model's own; estimates are metafor's", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("lme4")
  d <- metadat::dat.pritz1997
  ours <- rma.glmm(measure = "PLO", xi = xi, ni = ni, data = d)
  theirs <- suppressWarnings(metafor::rma.glmm(measure = "PLO", xi = xi, ni = ni, data = d, nAGQ = 21))
  expect_equal(as.numeric(logLik(ours)), -32.6054473, tolerance = 1e-8)
  expect_gate(c(ours$beta, ours$tau2, ours$se, ours$QE.Wld, ours$QE.LRT, ours$I2),
              c(theirs$beta, theirs$tau2, theirs$se, theirs$QE.Wld, theirs$QE.LRT, theirs$I2), "metafor_glmer",
              scale = 1)
  b <- bcg_counts()
  for (model in c("UM.FS", "CM.AL")) {
    ours <- glmm_of(b, model = model)
    theirs <- suppressWarnings(metafor::rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = b,
                                                 model = model, nAGQ = 21))
    for (name in c("beta", "tau2", "QE.Wld", "QE.LRT", "vt", "I2", "H2"))
      expect_gate(as.numeric(ours[[name]]), as.numeric(theirs[[name]]), "metafor_glmer", scale = 0.1)
    for (name in c("k", "p", "k.eff", "p.eff", "QE.df", "parms", "k.yi", "btt", "model", "method", "int.only"))
      expect_equal(ours[[name]], theirs[[name]])
    expect_identical(setdiff(names(theirs), c(names(ours), "chksumyi", "chksumvi", "chksumX", "time", "formula.yi")),
                     character())
  }
})

test_that("identities hold: no heterogeneity, rates given their sum, units of time", {
  b <- bcg_counts()
  common <- glmm_of(b, model = "UM.FS", method = "EE")
  long <- data.frame(y = c(b$ai, b$ci), n = c(b$n1i, b$n2i), arm = rep(1:0, each = nrow(b)), study = factor(rep(seq_len(
    nrow(b)), 2L)))
  logit <- glm(cbind(y, n - y) ~ study + arm, data = long, family = binomial)
  expect_equal(c(common$beta, common$se), unname(c(coef(logit)["arm"], sqrt(vcov(logit)["arm", "arm"]))), tolerance = 1e-6)
  expect_equal(common$ll, as.numeric(logLik(logit)), tolerance = 1e-9)
  r <- metadat::dat.nielweise2008
  rates <- rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = r, model = "CM.EL")
  days <- rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i * 365, x2i = x2i, t2i = t2i * 365, data = r, model = "CM.EL")
  expect_equal(c(rates$beta, rates$tau2, rates$ll), c(days$beta, days$tau2, days$ll), tolerance = 1e-10)
  zero <- glmm_of(data.frame(ai = 10:14, n1i = 100, ci = 10:14, n2i = 100), model = "CM.EL")
  expect_identical(zero$tau2, 0)
  expect_equal(as.numeric(zero$beta), 0, tolerance = 1e-8)
})

test_that("codings give the likelihood of the same data", {
  b <- bcg_counts()
  fits <- lapply(c(0, 0.5, 1), function(coding) glmm_of(b, model = "UM.RS", coding = coding))
  expect_true(all(vapply(fits, function(f) is.finite(f$ll), NA)))
  expect_gt(abs(fits[[1L]]$ll - fits[[3L]]$ll), 0)
  seven <- glmm_of(b, model = "CM.EL", nAGQ = 7)
  expect_identical(seven$points, 7L)
  expect_equal(seven$ll, glmm_of(b, model = "CM.EL")$ll, tolerance = 1e-4)
})

test_that("studies without events are left out and said; wrong arguments are named", {
  expect_warning(fit <- rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i,
                                 data = metadat::dat.nielweise2007), class = "metaparity_warning_dropped")
  expect_identical(fit$k, 17L)
  expect_identical(fit$dropped$row, 15L)
  wrong <- function(..., arg, class = "metaparity_error_input") {
    e <- expect_error(rma.glmm(...), class = class)
    expect_identical(e$arg, arg)
  }
  wrong(measure = "RR", ai = 1:3, n1i = 4:6, ci = 1:3, n2i = 4:6, arg = "measure")
  wrong(ai = 1:3, n1i = 4:6, ci = 1:3, n2i = 4:6, arg = "measure")
  suppressWarnings(wrong(measure = "OR", ai = c(1.5, 2, 3), n1i = 4:6, ci = 1:3, n2i = 4:6, arg = "ai",
                         class = "metaparity_error"))
  wrong(measure = "PLO", xi = 1:3, ni = 4:6, cor = TRUE, arg = "cor")
  wrong(measure = "PLO", xi = 1:3, ni = 4:6, test = "knha", arg = "test")
  wrong(measure = "OR", ai = 1:3, n1i = 4:6, ci = 1:3, n2i = 4:6, model = "foo", arg = "model")
  wrong(measure = "OR", ai = 1:3, n1i = 4:6, ci = 1:3, n2i = 4:6, coding = 2, arg = "coding")
  wrong(measure = "PLO", xi = 1:3, ni = 4:6, nAGQ = -1, arg = "nAGQ")
})

test_that("few points are raised, unnamed moderators fit, and a likelihood without maximum is told", {
  d <- metadat::dat.pritz1997
  expect_warning(f <- rma.glmm(measure = "PLO", xi = xi, ni = ni, data = d, nAGQ = 1), class = "metaparity_warning_input")
  expect_equal(as.numeric(f$beta), as.numeric(rma.glmm(measure = "PLO", xi = xi, ni = ni, data = d)$beta), tolerance = 1e-3)
  x <- seq_len(nrow(d))
  a <- rma.glmm(measure = "PLO", xi = xi, ni = ni, mods = ~x, data = d)
  b <- rma.glmm(measure = "PLO", xi = xi, ni = ni, mods = cbind(x, deparse.level = 0), data = d)
  expect_equal(as.numeric(a$beta), as.numeric(b$beta))
  expect_warning(rma.glmm(measure = "PLO", xi = c(0, 0, 0), ni = c(10, 20, 30)), class = "metaparity_warning_separation")
})

test_that("words of metafor for tests and links", {
  d <- bcg_counts()
  expect_identical(glmm_of(d, tdist = TRUE)$pval, glmm_of(d, test = "t")$pval)
  quiet <- glmm_of(d, skiphet = TRUE, link = "logit", family = stats::binomial())
  expect_true(is.na(quiet$QE.Wld))
  expect_false(any(grepl("Heterogeneity", capture.output(print(quiet)))))
  expect_error(glmm_of(d, link = "probit"), class = "metaparity_error_unsupported")
  skip_if_not_installed("metafor")
  theirs <- suppressWarnings(metafor::rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, i2def = 2))
  expect_equal(glmm_of(d, i2def = 2)$I2, theirs$I2, tolerance = 1e-3)
})

test_that("a small tau2 of large studies is found beside the stationary point at 0", {
  d <- data.frame(xi = c(75, 68, 69, 94, 74, 96, 79, 76), ni = c(336, 316, 329, 343, 343, 335, 305, 340))
  fit <- rma.glmm(xi = xi, ni = ni, measure = "PLO", data = d)
  by_hand <- function(par) {
    sum(log(mapply(function(x, n) {
      integrate(function(u) dbinom(x, n, plogis(par[1L] + par[2L] * u)) * dnorm(u), -8, 8, rel.tol = 1e-11)$value
    }, d$xi, d$ni)))
  }
  expect_equal(by_hand(c(fit$beta, sqrt(fit$tau2))), fit$ll, tolerance = 1e-8)
  best <- optim(c(-1.16, 0.1), by_hand, control = list(fnscale = -1, reltol = 1e-13))
  expect_equal(fit$ll, best$value, tolerance = 1e-8)
  expect_equal(fit$tau2, best$par[2L]^2, tolerance = 1e-3)
})
