# Side by side with metafor where its iterations reach the maximum; exact solutions and higher likelihoods elsewhere.

selected_pair <- function(d, ..., fit = list()) {
  theirs <- suppressWarnings(metafor::selmodel(do.call(metafor::rma, c(list(quote(yi), quote(vi), data = d), fit)), ...))
  ours <- quiet_fit(selmodel(do.call(rma, c(list(quote(yi), quote(vi), data = d), fit)), ...))
  list(theirs = theirs, ours = ours)
}
quiet_fit <- function(expr) withCallingHandlers(expr, metaparity_warning = function(w) invokeRestart("muffleWarning"))
hackshaw <- function() metadat::dat.hackshaw1998
baskerville <- function() {
  d <- metadat::dat.baskerville2012
  data.frame(yi = d$smd, vi = d$se^2)
}
dorn <- function() {
  d <- metadat::dat.dorn2007
  d <- escalc(measure = "RR", ai = d$x.a, n1i = d$n.a, ci = d$x.p, n2i = d$n.p)
  data.frame(yi = as.numeric(d$yi), vi = d$vi)[!is.na(d$yi), ]
}

test_that("fields are metafor's", {
  skip_if_not_installed("metafor")
  for (args in list(list(type = "stepfun", steps = c(0.025, 0.1, 0.5)), list(type = "stepfun", steps = 0.025),
                    list(type = "stepfun", steps = c(0.025, 0.5), delta = c(1, 0.5, 0.3)),
                    list(type = "stepfun", steps = c(0.025, 0.5), alternative = "two.sided"),
                    list(type = "negexp"), list(type = "logistic"), list(type = "trunc"),
                    list(type = "halfnorm", prec = "sei"), list(type = "negexp", prec = "vi"))) {
    f <- do.call(selected_pair, c(list(hackshaw()), args))
    for (name in c("beta", "tau2", "delta", "ll", "ll0", "LRT", "LRT.tau2"))
      expect_gate(as.numeric(f$ours[[name]]), as.numeric(f$theirs[[name]]), "metafor_selection", scale = 1)
    for (name in c("se", "se.tau2", "se.delta", "zval", "ci.lb", "ci.ub", "ci.ub.delta", "QM"))
      expect_gate(as.numeric(f$ours[[name]]), as.numeric(f$theirs[[name]]), "metafor_hessian", scale = 1)
    for (name in c("LRTdf", "delta.fix", "type", "alternative", "steps", "k0", "k1", "precspec", "pvals", "parms"))
      expect_equal(f$ours[[name]], f$theirs[[name]], tolerance = 1e-10)
    expect_equal(f$ours$ptable, f$theirs$ptable)
    expect_identical(setdiff(names(f$theirs), c(names(f$ours), "M", "chksumyi", "chksumvi", "chksumX", "outdat.f",
                                                "time", "betaspec", "wi.fun", "delta.lb", "delta.ub", "delta.lb.excl",
                                                "delta.ub.excl")), character())
  }
})

test_that("moderators, common-effect fits and a given tau2 are as in metafor", {
  skip_if_not_installed("metafor")
  d <- hackshaw()
  for (fit in list(list(mods = ~year), list(method = "EE"), list(tau2 = 0.02))) {
    if (!is.null(fit$mods)) d$year <- d$year - 1990
    f <- selected_pair(d, type = "stepfun", steps = 0.025, fit = fit)
    for (name in c("beta", "tau2", "delta", "ll", "se", "se.delta", "LRT", "QM"))
      expect_gate(as.numeric(f$ours[[name]]), as.numeric(f$theirs[[name]]), "metafor_hessian", scale = 1)
  }
})

test_that("fits have the exact solutions", {
  exact <- function(d, values, ...) {
    fit <- quiet_fit(selmodel(rma(yi, vi, data = d), ...))
    free <- !fit$delta.fix
    expect_gate(c(fit$beta, fit$tau2, fit$delta[free]), values[-length(values)], "exact_printed", scale = 1)
    expect_gate(fit$ll, values[length(values)], "exact_likelihood", scale = 1)
  }
  h <- hackshaw()
  exact(h, c(0.00199655, 0.00962314, 0.49464436, 0.21362924, 0.06184502, -6.9476113645), type = "stepfun",
        steps = c(0.025, 0.1, 0.5))
  exact(h, c(0.19440142, 0.01662262, 0.76439448, -10.0900760431), type = "stepfun", steps = 0.025)
  exact(h, c(0.10101227, 0.03211599, 2.02962068, -8.8817711262), type = "halfnorm")
  exact(h, c(0.03238683, 0.02919049, 3.1968786, -8.3042531536), type = "logistic")
  exact(baskerville(), c(0.11477325, 0, 0.47313261, 4.46115601, -2.7922898211), type = "beta")
})

test_that("the highest maximum is found where metafor stops at a lower one", {
  skip_if_not_installed("metafor")
  known <- list(list(dorn(), -9.75418256, type = "beta"), list(dorn(), -10.4086, type = "truncest"),
                list(hackshaw(), -4.7619, type = "truncest"), list(dorn(), -9.4075, type = "negexppow"))
  for (case in known) {
    f <- selected_pair(case[[1L]], type = case$type)
    expect_gt(f$ours$ll, f$theirs$ll + 1e-3)
    expect_equal(f$ours$ll, case[[2L]], tolerance = 1e-4 / 9)
  }
  fit <- quiet_fit(selmodel(rma(yi, vi, data = dorn()), type = "beta"))
  expect_identical(fit$tau2, 0)
  expect_true(is.na(fit$se.tau2))
})

test_that("a weight at its bound is exactly there, and said", {
  for (type in c("halfnorm", "negexp", "logistic")) {
    expect_warning(fit <- selmodel(rma(yi, vi, data = dorn()), type = type), class = "metaparity_warning_boundary")
    expect_identical(fit$delta, 0)
    expect_true(is.na(fit$se.delta))
    expect_equal(fit$ll, as.numeric(logLik(rma(yi, vi, data = dorn(), method = "ML"))), tolerance = 1e-10)
  }
  fit <- selmodel(rma(yi, vi, data = metadat::dat.raudenbush1985), type = "stepfun", steps = 0.025)
  expect_identical(fit$tau2, 0)
})

test_that("a second maximum close by is said", {
  expect_warning(fit <- selmodel(rma(yi, vi, data = hackshaw()), type = "beta"),
                      class = "metaparity_warning_multimodal")
  expect_gt(length(fit$maxima), 1L)
  expect_equal(fit$maxima[1L], fit$ll)
})

test_that("no selection is maximum likelihood, and a fixed weight scales nothing", {
  ml <- rma(yi, vi, data = hackshaw(), method = "ML")
  fit <- selmodel(rma(yi, vi, data = hackshaw()), type = "stepfun", steps = c(0.025, 0.5), delta = c(1, 1, 1))
  expect_equal(c(fit$beta, fit$tau2, fit$se, fit$ll), c(ml$beta, ml$tau2, fit$se, as.numeric(logLik(ml))),
               tolerance = 1e-9)
  expect_identical(fit$LRTdf, 0L)
  expect_true(is.na(fit$LRTp))
})

test_that("units, signs and order of the studies change nothing", {
  d <- hackshaw()
  base <- quiet_fit(selmodel(rma(yi, vi, data = d), type = "halfnorm"))
  for (s in c(1e-4, 7, 1e4)) {
    e <- transform(d, yi = yi * s, vi = vi * s^2)[rev(seq_len(nrow(d))), ]
    fit <- quiet_fit(selmodel(rma(yi, vi, data = e), type = "halfnorm"))
    expect_gate(c(fit$beta / s, fit$tau2 / s^2, fit$delta, fit$se / s), c(base$beta, base$tau2, base$delta, base$se),
                "scale_free", scale = 1)
  }
  mirrored <- quiet_fit(selmodel(rma(-yi, vi, data = d), type = "halfnorm", alternative = "less"))
  expect_equal(c(-mirrored$beta, mirrored$tau2, mirrored$delta), c(base$beta, base$tau2, base$delta), tolerance = 1e-10)
})

test_that("a decreasing function is the free one where that decreases, and flat where it does not", {
  fit <- rma(yi, vi, data = hackshaw())
  free <- selmodel(fit, type = "stepfun", steps = c(0.025, 0.1, 0.5))
  bound <- selmodel(fit, type = "stepfun", steps = c(0.025, 0.1, 0.5), decreasing = TRUE)
  expect_equal(bound$delta, free$delta, tolerance = 1e-8)
  flat <- quiet_fit(selmodel(fit, type = "stepfun", steps = c(0.01, 0.05, 0.1, 0.3, 0.5), decreasing = TRUE))
  expect_true(all(diff(flat$delta) <= 0))
})

test_that("selection of a subset, p value tables and precision", {
  skip_if_not_installed("metafor")
  d <- hackshaw()
  late <- d$year > 1985
  f <- list(ours = selmodel(rma(yi, vi, data = d), type = "halfnorm", subset = late),
            theirs = do.call(metafor::selmodel, list(metafor::rma(yi, vi, data = d), type = "halfnorm", subset = late)))
  expect_gate(f$ours$ll, f$theirs$ll, "metafor_selection", scale = 1)
  expect_identical(f$ours$k0, f$theirs$k0)
  table <- selmodel(rma(yi, vi, data = d), type = "stepfun", steps = c(0.025, 0.5), ptable = TRUE)
  expect_equal(table, metafor::selmodel(metafor::rma(yi, vi, data = d), type = "stepfun", steps = c(0.025, 0.5),
                                        ptable = TRUE))
  expect_warning(selmodel(rma(yi, vi, data = d), type = "stepfun", steps = c(1e-4, 0.025)),
                 class = "metaparity_warning_input") |> quiet_fit()
})

test_that("a threshold of p agrees with the integral taken by brute force", {
  d <- hackshaw()
  fit <- quiet_fit(selmodel(rma(yi, vi, data = d), type = "logistic", steps = 0.05))
  z <- d$yi / sqrt(d$vi)
  weight <- function(p) ifelse(p <= 0.05, 1, exp(-fit$delta * (p - 0.05)) * (1 + exp(-fit$delta * 0.05)) /
                                 (1 + exp(-fit$delta * p)))
  s <- sqrt(d$vi + fit$tau2)
  terms <- vapply(seq_along(z), function(i) {
    f <- function(y) weight(pnorm(y / sqrt(d$vi[i]), lower.tail = FALSE)) * dnorm(y, fit$beta, s[i])
    cut <- qnorm(0.95) * sqrt(d$vi[i])
    A <- integrate(f, -Inf, cut, rel.tol = 1e-11)$value + integrate(f, cut, Inf, rel.tol = 1e-11)$value
    log(weight(pnorm(z[i], lower.tail = FALSE))) + dnorm(d$yi[i], fit$beta, s[i], log = TRUE) - log(A)
  }, 0)
  expect_equal(fit$ll, sum(terms), tolerance = 1e-9)
})

test_that("published fixed functions of Vevea and Woods (2005) are met", {
  skip_if_not_installed("metafor")
  d <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = metadat::dat.cohen1981[c(1, 4, 5)])
  steps <- c(0.005, 0.01, 0.05, 0.1, 0.25, 0.35, 0.5, 0.65, 0.75, 0.9, 0.95, 0.99, 0.995, 1)
  severe <- c(1, 0.99, 0.9, 0.75, 0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.1, 0.1, 0.1, 0.1)
  fit <- quiet_fit(selmodel(rma(yi, vi, data = d, method = "EE"), type = "stepfun", steps = steps, delta = severe))
  theirs <- suppressWarnings(metafor::selmodel(metafor::rma(yi, vi, data = d, method = "EE"), type = "stepfun",
                                               steps = steps, delta = severe))
  expect_gate(c(fit$beta, fit$se, fit$ll), c(theirs$beta, theirs$se, theirs$ll), "metafor_hessian", scale = 1)
})

test_that("wrong arguments are named", {
  fit <- rma(yi, vi, data = hackshaw())
  wrong <- function(..., arg) {
    e <- expect_error(selmodel(fit, ...), class = "metaparity_error_input")
    expect_identical(e$arg, arg)
  }
  wrong(arg = "type")
  wrong(type = "foo", arg = "type")
  wrong(type = "neg", arg = "type")
  wrong(type = "stepfun", arg = "steps")
  wrong(type = "stepfun", steps = 2, arg = "steps")
  wrong(type = "beta", steps = 0.1, arg = "steps")
  wrong(type = "truncest", steps = 0.1, arg = "steps")
  wrong(type = "stepfun", steps = 0.025, delta = 1:3, arg = "delta")
  wrong(type = "stepfun", steps = 0.025, prec = "sei", arg = "prec")
  wrong(type = "halfnorm", prec = "ninv", arg = "prec")
  wrong(type = "halfnorm", decreasing = TRUE, arg = "decreasing")
  wrong(type = "trunc", alternative = "two.sided", arg = "alternative")
  wrong(type = "halfnorm", control = list(delta.max = -1), arg = "control$delta.max")
  expect_warning(selmodel(fit, type = "negexp", foo = 1), class = "metaparity_warning_unknown")
  expect_error(selmodel(rma(yi, vi, weights = 1 / vi, data = hackshaw()), type = "beta"),
               class = "metaparity_error_input")
  expect_error(selmodel(rma.mh(ai = 3:6, bi = 2:5, ci = 4:7, di = 5:8), type = "beta"),
               class = "metaparity_error_unsupported")
})

test_that("a given tau2 and no test of heterogeneity are metafor's", {
  pair <- selected_pair(hackshaw(), type = "beta", tau2 = 0.02, fit = list(method = "ML"))
  expect_gate(pair$ours$ll, as.numeric(logLik(pair$theirs)), "metafor_selection", scale = 1)
  expect_identical(pair$ours$parms, pair$theirs$parms)
  expect_equal(pair$ours$delta, as.numeric(pair$theirs$delta), tolerance = 1e-3)
  expect_match(capture.output(print(pair$ours)), "user-specified tau^2 value", fixed = TRUE, all = FALSE)
  fit <- rma(yi, vi, data = hackshaw(), method = "ML")
  quiet <- selmodel(fit, type = "stepfun", steps = 0.5, skiphet = TRUE, skipintcheck = TRUE, defmap = TRUE)
  expect_true(is.na(quiet$LRT.tau2))
})
