bangert <- function() {
  d <- metadat::dat.bangertdrowns2004
  d$ni100 <- d$ni / 100
  d
}
hushed <- function(expr) withCallingHandlers(expr, metaparity_warning = function(w) invokeRestart("muffleWarning"))
ls_pair <- function(...) {
  calls <- eval(substitute(alist(...)))
  frame <- parent.frame()
  list(theirs = suppressWarnings(eval(as.call(c(list(quote(metafor::rma)), calls)), frame)),
       ours = hushed(eval(as.call(c(list(quote(rma)), calls)), frame)))
}

test_that("fits are metafor's", {
  skip_if_not_installed("metafor")
  d <- bangert()
  fits <- list(ls_pair(yi, vi, mods = ~ni100, scale = ~ni100, data = d),
               ls_pair(yi, vi, mods = ~ni100, scale = ~ni100, data = d, method = "ML"),
               ls_pair(yi, vi, scale = ~factor(grade), data = d, att = 2:3, test = "t"),
               ls_pair(yi, vi, mods = ~ni100, scale = ~ni100, data = d, test = "knha"),
               ls_pair(yi, vi, scale = ~1, data = d), ls_pair(yi, vi, scale = ni100, data = d),
               ls_pair(yi, vi, scale = ~ni100, alpha = c(NA, -0.5), data = d),
               ls_pair(yi, vi, scale = ~I(year - 1990), data = metadat::dat.hackshaw1998),
               ls_pair(yi, vi, scale = ~n1i, data = metadat::dat.raudenbush1985))
  for (f in fits) {
    for (name in c("beta", "se", "zval", "pval", "ci.lb", "ci.ub", "vb", "tau2", "I2", "H2", "vt", "QE", "QEp", "QM",
                   "alpha", "se.alpha", "zval.alpha", "pval.alpha", "ci.lb.alpha", "ci.ub.alpha", "QS", "QSp", "va"))
      expect_gate(as.numeric(f$ours[[name]]), as.numeric(f$theirs[[name]]), "metafor_scale", scale = 0.1)
    for (name in c("k", "p", "q", "parms", "btt", "att", "m", "m.alpha", "link", "int.only", "int.incl", "Z.int.only",
                   "Z.int.incl", "method", "model", "test", "alpha.fix"))
      expect_equal(f$ours[[name]], f$theirs[[name]])
    expect_equal(as.matrix(f$ours$fit.stats), as.matrix(f$theirs$fit.stats), tolerance = 1e-6)
    expect_identical(setdiff(names(f$theirs), c(names(f$ours), "M", "chksumyi", "chksumvi", "chksumX", "outdat.f",
                                                "time", "R2", "weights", "weights.f")), character())
  }
})

test_that("the identity link has its exact maximum, at the bound where it lies there", {
  fit <- expect_warning(rma(yi, vi, mods = ~ni100, scale = ~ni100, link = "identity", data = bangert()),
                        class = "metaparity_warning_boundary")
  fit <- hushed(rma(yi, vi, mods = ~ni100, scale = ~ni100, link = "identity", data = bangert()))
  expect_equal(fit$ll, -15.33225846, tolerance = 1e-8)
  expect_identical(min(abs(fit$tau2)) < 1e-12, TRUE)
  plain <- rma(yi, vi, data = bangert())
  constant <- rma(yi, vi, scale = ~1, link = "identity", data = bangert())
  expect_equal(c(constant$alpha, constant$beta, constant$se), c(plain$tau2, plain$beta, plain$se), tolerance = 1e-8)
})

test_that("a constant amount is rma() itself", {
  for (method in c("REML", "ML")) {
    plain <- rma(yi, vi, mods = ~ni100, data = bangert(), method = method)
    scale <- rma(yi, vi, mods = ~ni100, scale = ~1, data = bangert(), method = method)
    expect_equal(c(exp(scale$alpha), scale$beta, scale$se, scale$QE), c(plain$tau2, plain$beta, plain$se, plain$QE),
                 tolerance = 1e-7)
    expect_equal(as.numeric(logLik(scale)), as.numeric(logLik(plain)), tolerance = 1e-10)
  }
})

test_that("separation is said: infinite coefficients, amounts of exactly 0", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.raudenbush1985
  expect_warning(fit <- rma(yi, vi, scale = ~tester, data = d), class = "metaparity_warning_separation")
  expect_identical(fit$alpha[[2L]], -Inf)
  expect_true(is.na(fit$se.alpha[2L]))
  expect_true(all(fit$tau2[d$tester == "blind"] == 0))
  theirs <- metafor::rma(yi, vi, scale = ~tester, data = d)
  expect_equal(c(fit$alpha[1L], fit$se.alpha[1L], fit$beta, fit$se), c(theirs$alpha[1L], theirs$se.alpha[1L], theirs$beta,
                                                                      theirs$se), tolerance = 1e-5)
  expect_gte(as.numeric(logLik(fit)), as.numeric(logLik(theirs)) - 1e-9)
  none <- hushed(rma(yi, vi, scale = ~1, data = data.frame(yi = rep(0.1, 6), vi = 0.1)))
  expect_true(all(none$tau2 == 0))
})

test_that("units and order change nothing", {
  d <- bangert()
  base <- rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d)
  for (s in c(1e-4, 7, 1e4)) {
    e <- transform(d, yi = yi * s, vi = vi * s^2)[rev(seq_len(nrow(d))), ]
    fit <- rma(yi, vi, mods = ~ni100, scale = ~ni100, data = e)
    expect_gate(c(fit$beta / s, fit$se / s, fit$alpha[2L], fit$se.alpha), c(base$beta, base$se, base$alpha[2L],
                                                                           base$se.alpha), "scale_free", scale = 1)
  }
})

test_that("missing values of the scale part leave studies out, and wrong arguments are named", {
  d <- bangert()
  d$ni100[3L] <- NA
  expect_warning(fit <- rma(yi, vi, scale = ~ni100, data = d), class = "metaparity_warning_dropped")
  expect_identical(fit$k, 47L)
  wrong <- function(..., arg) {
    e <- expect_error(hushed(rma(yi, vi, data = bangert(), ...)), class = "metaparity_error_input")
    expect_identical(e$arg, arg)
  }
  wrong(scale = ~foo, arg = "scale")
  wrong(scale = ~ni100, method = "DL", arg = "method")
  wrong(scale = ~ni100, method = "EE", arg = "method")
  wrong(scale = ~ni100, att = 5, arg = "att")
  wrong(scale = ~ni100, link = "foo", arg = "link")
  wrong(scale = ~ni100, alpha = 1, arg = "alpha")
  wrong(scale = ~ni100, tau2 = 0.1, arg = "tau2")
  wrong(scale = ~ni100, weights = 1 / vi, arg = "weights")
})

test_that("coefficients as parameters of the likelihood have standard errors of the joint information", {
  skip_if_not_installed("metafor")
  for (method in c("ML", "REML")) for (beta in list(NULL, c(NA, 0.1), c(0.2, 0.1))) {
    pair <- ls_pair(yi, vi, mods = ~ni100, scale = ~ni100, data = bangert(), method = method, optbeta = TRUE, beta = beta)
    expect_gate(pair$ours$ll, as.numeric(logLik(pair$theirs)), "metafor_scale", scale = 1)
    expect_gate(pair$ours$beta, as.numeric(pair$theirs$beta), "metafor_scale", scale = 1)
    expect_equal(pair$ours$se, as.numeric(pair$theirs$se), tolerance = 1e-3)
    expect_equal(pair$ours$se.alpha, as.numeric(pair$theirs$se.alpha), tolerance = 1e-3)
    expect_identical(pair$ours$beta.fix, as.logical(pair$theirs$beta.fix))
    expect_equal(unlist(pair$ours$fit.stats), unlist(pair$theirs$fit.stats), tolerance = 1e-4)
    expect_identical(is.na(pair$ours$QM), is.na(pair$theirs$QM))
    expect_true(all(is.na(pair$ours$vb[pair$ours$beta.fix, ])))
  }
  free <- rma(yi, vi, mods = ~ni100, scale = ~ni100, data = bangert())
  expect_equal(free$beta, rma(yi, vi, mods = ~ni100, scale = ~ni100, data = bangert(), optbeta = TRUE)$beta)
  expect_warning(rma(yi, vi, scale = ~1, data = bangert(), beta = 0), class = "metaparity_warning_input")
})

test_that("a constant scale with a given mean is the multilevel model with it", {
  d <- bangert()
  d$id <- seq_len(nrow(d))
  for (link in c("log", "identity")) for (method in c("ML", "REML")) {
    one <- rma(yi, vi, scale = ~1, data = d, optbeta = TRUE, beta = 0, link = link, method = method)
    other <- rma.mv(yi, vi, random = ~ 1 | id, data = d, beta = 0, method = method)
    expect_gate(as.numeric(logLik(one)), as.numeric(logLik(other)), "exact_solution", scale = 1)
    expect_equal(one$tau2[1L], other$sigma2, tolerance = 1e-6)
  }
})

# The log-likelihood (ML) at amounts of heterogeneity, written out.
ls_by_hand <- function(t, y, v, X) {
  w <- 1 / (v + t)
  r <- y - X %*% solve(crossprod(X, w * X), crossprod(X, w * y))
  -0.5 * sum(log(2 * pi * (v + t)) + w * r^2)
}

test_that("the highest of several maxima is found, at the bound and where alpha is infinite", {
  d <- data.frame(yi = c(0.7367, 0.3738, 0.8065, 0.7115, 0.04752), vi = c(0.02811, 0.03885, 0.003923, 0.8587, 0.03796),
                  z = c(0.02082, -0.02359, 0.05579, -0.04261, 0.005447))
  fit <- suppressWarnings(rma(yi, vi, scale = ~z, data = d, link = "identity", method = "ML"))
  X <- matrix(1, 5L, 1L)
  # Amounts that are linear in z are given by those at its ends.
  part <- (d$z - min(d$z)) / diff(range(d$z))
  ends <- c(0, 10^seq(-5, 1, length.out = 90L))
  best <- max(outer(ends, ends, Vectorize(function(a, b) ls_by_hand(a + (b - a) * part, d$yi, d$vi, X))))
  expect_gt(fit$ll, best - 1e-9)
  expect_lt(fit$ll, best + 0.01)
  d <- data.frame(yi = c(2.12, 0.4799, 0.2784, -0.1024, 1.521, 2.77, 0.2705),
                  vi = c(0.5736, 0.2033, 0.006035, 0.04988, 0.7535, 0.005015, 0.02761),
                  z = c(3.508, -1.481, -1.055, -2.609, -3.088, 1.312, 1.472),
                  x = c(-0.1382, 1.019, -0.3076, -0.4054, 1.069, 1.425, -0.201))
  expect_warning(fit <- suppressWarnings(rma(yi, vi, mods = ~x, scale = ~z, data = d, method = "ML"),
                                         classes = "metaparity_warning_multimodal"),
                 class = "metaparity_warning_separation")
  alone <- optimize(function(t) ls_by_hand(replace(numeric(7L), 1L, t), d$yi, d$vi, cbind(1, d$x)), c(0, 20),
                    maximum = TRUE, tol = 1e-10)
  expect_equal(fit$ll, alone$objective, tolerance = 1e-8)
  expect_equal(fit$tau2[1L], alone$maximum, tolerance = 1e-5)
  expect_identical(fit$tau2[-1L], numeric(6L))
})
