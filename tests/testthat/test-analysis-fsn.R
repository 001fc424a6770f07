test_that("all methods print as in metafor", {
  expect_same_output({
    dat <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
    res <- rma(yi, vi, data = dat)
    fsn(yi, vi, data = dat)
    fsn(yi, sei = sqrt(vi), data = dat, subset = 1:5, digits = 2)
    fsn(yi, data = dat, type = "Orwin", target = log(0.95))
    fsn(yi, vi, data = dat, type = "Orwin", target = log(0.95))
    fsn(yi, vi, data = dat, type = "Orwin", target = 0.3)
    fsn(yi, vi, data = dat, type = "Orwin")
    fsn(yi, vi, data = dat, type = "Orwin", target = -5)
    fsn(yi, vi, data = dat, type = "Rosenberg")
    fsn(yi, vi, data = dat, type = "General", target = log(0.95), method = "EE")
    fsn(yi, vi, data = dat, type = "General", method = "EE")
    fsn(yi, vi, data = dat, type = "General")
    fsn(res)
    fsn(res, alpha = 0.01)
    fsn(res, target = log(0.95))
    fsn(res, target = -2)
    fsn(res, exact = TRUE)
    fsn(res, exact = TRUE, target = log(0.95))
    fsn(res, target = log(0.95), method = "DL")
    fsn(rma(yi, vi, data = dat, method = "DL", test = "knha"))
    fsn(rma(yi, vi, data = dat, test = "t"))
    fsn(rma(yi, vi, data = dat, weighted = FALSE))
    fsn(c(.1, -.1, .05), c(.1, .1, .2))
    fsn(c(.1, -.1, .05), c(.1, .1, .2), type = "Rosenberg")
    fsn(c(.1, -.1, .05), c(.1, .1, .2), type = "General")
    names(unclass(fsn(res)))
  })
})

test_that("the number is that of metafor for many estimators and targets", {
  skip_if_not_installed("metafor")
  dat <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  y <- as.numeric(dat$yi)
  for (method in c("DL", "ML", "HE", "SJ", "HS")) {
    for (target in c(-0.3, -0.1)) {
      ours <- fsn(y, dat$vi, type = "General", method = method, target = target)
      theirs <- metafor::fsn(y, dat$vi, type = "General", method = method, target = target)
      expect_identical(ours$fsnum, theirs$fsnum)
      expect_gate(c(ours$est.fsn, ours$tau2.fsn), c(theirs$est.fsn, theirs$tau2.fsn), "metafor_iterative")
    }
  }
  expect_identical(fsn(yi, vi, data = metadat::dat.hackshaw1998, type = "General")$fsnum, 112)
})

test_that("the number is the smallest that overturns the result, or the next", {
  for (d in list(metadat::dat.hackshaw1998, metadat::dat.raudenbush1985[1:8, ], metadat::dat.bangertdrowns2004)) {
    for (exact in c(FALSE, TRUE)) {
      x <- fsn(yi, vi, data = d, type = "General", exact = exact)
      if (x$fsnum == 0) next
      fit <- rma(yi, vi, data = d)
      p <- function(n) cpp_with_file_drawer(as.numeric(fit$yi), fit$vi, fit$spec, n, exact, 0)$pval
      expect_true(p(x$fsnum) >= 0.05 && p(x$fsnum - 2) < 0.05)
    }
  }
})

test_that("bad input is named; a number too large is bounded", {
  d <- data.frame(y = c(-0.9, -1.6, -1.3, -0.2), v = c(0.33, 0.19, 0.42, 0.05), x = 1:4)
  expect_error(fsn(rma(y, v, mods = ~x, data = d)), class = "metaparity_error_input")
  expect_error(fsn(rma(y, v, data = d, weights = x)), class = "metaparity_error_input")
  expect_error(fsn(y, v, data = d, type = "zz"), class = "metaparity_error_input")
  expect_error(fsn(0.5, 0.1), class = "metaparity_error_input")
  expect_warning(fsn(rma(y, v, data = d), type = "Orwin"), class = "metaparity_warning_input")
  expect_identical(fsn(rma(y, v, data = d), target = 0)$ub.sign, ">")
})

test_that("Fisher's test: the level is metafor's, the number the smallest that reaches alpha", {
  for (d in list(metadat::dat.raudenbush1985, metadat::dat.hackshaw1998, metadat::dat.hackshaw1998[1:3, ])) {
    ours <- fsn(yi, vi, data = d, pool = "fisher")
    theirs <- metafor::fsn(yi, vi, data = d, pool = "Fisher")
    expect_equal(ours$pval, theirs$pval, tolerance = gate("metafor_closed"))
    stat <- -2 * sum(pnorm(-abs(d$yi / sqrt(d$vi)), log.p = TRUE))
    p <- function(n) pchisq(stat + n * log(4), 2 * (nrow(d) + n), lower.tail = FALSE)
    expect_true(p(ours$fsnum) >= 0.05 && p(ours$fsnum - 1) < 0.05)
    expect_lte(abs(ours$fsnum - theirs$fsnum), 2)
  }
  expect_error(fsn(yi, vi, data = d, pool = "other"), class = "metaparity_error_input")
})

test_that("the model of estimates and the missing studies are as asked", {
  skip_if_not_installed("metafor")
  d <- bcg_effects
  for (args in list(list(tau2 = 0.1), list(tau2 = 0.1, exact = TRUE), list(test = "t"), list(weighted = FALSE, exact = TRUE),
                    list(mumiss = 0.1), list(mumiss = 0.1, exact = TRUE), list(weighted = FALSE, mumiss = 0.1))) {
    ours <- do.call(fsn, c(list(d$yi, d$vi, type = "General"), args))
    theirs <- do.call(metafor::fsn, c(list(d$yi, d$vi, type = "General"), args))
    # metafor's number may be one above the smallest.
    expect_lte(abs(ours$fsnum - theirs$fsnum), 1)
    at <- function(n) call_core(cpp_with_file_drawer(d$yi, d$vi, fsn_spec(NULL, NULL, args, NULL)$spec, n,
                                                     isTRUE(args$exact) || !is.null(args$test), args$mumiss %||% 0))
    for (field in c("est", "tau2", "pval"))
      expect_gate(at(theirs$fsnum)[[field]], theirs[[paste0(field, ".fsn")]], "metafor_iterative", scale = 1)
  }
  expect_silent(fsn(rma(yi, vi, data = d), interval = c(0, 100), tol = 1e-6, maxiter = 100))
})
