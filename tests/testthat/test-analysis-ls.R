ls_both <- function() {
  d <- transform(metadat::dat.bangertdrowns2004, ni100 = ni / 100)
  list(ours = rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d),
       theirs = metafor::rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d))
}

test_that("intervals and profiles are metafor's", {
  skip_if_not_installed("metafor")
  f <- ls_both()
  expect_identical(utils::capture.output(print(confint(f$ours), digits = 2)),
                   utils::capture.output(print(confint(f$theirs), digits = 2)))
  a <- profile(f$ours, alpha = 2, steps = 4, plot = FALSE)
  b <- profile(f$theirs, alpha = 2, steps = 4, plot = FALSE, progbar = FALSE)
  for (name in c("alpha", "ll", "vc", "maxll")) expect_equal(a[[name]], b[[name]], tolerance = 1e-4)
  ends <- confint(f$ours, alpha = 2)$random[1L, 2:3]
  expect_equal(profile(f$ours, alpha = 2, steps = unname(ends), plot = FALSE)$ll,
               rep(f$ours$ll - qchisq(0.95, 1) / 2, 2L), tolerance = 1e-7)
  expect_error(confint(f$ours, alpha = 3), class = "metaparity_error_input")
})

test_that("tests of both parts are metafor's, line by line", {
  skip_if_not_installed("metafor")
  f <- ls_both()
  for (args in list(list(), list(att = 2), list(Z = c(0, 1)), list(Z = rbind(c(1, 1), c(0, 1)), rhs = c(0, 1)),
                    list(X = c(1, 1)))) {
    shown <- function(x) utils::capture.output(print(do.call(anova, c(list(x), args))))
    expect_identical(shown(f$ours), shown(f$theirs))
  }
  reduced <- rma(yi, vi, mods = ~ni100, scale = ~1, data = f$ours$data)
  expect_equal(anova(f$ours, reduced)$LRT, 2 * (f$ours$ll - reduced$ll), tolerance = 1e-10)
})

test_that("permutation tests count what the fits of permuted data give", {
  d <- transform(metadat::dat.bangertdrowns2004, ni100 = ni / 100)[1:5, ]
  fit <- rma(yi, vi, scale = ~ni100, data = d, method = "ML") |> withCallingHandlers(
    metaparity_warning = function(w) invokeRestart("muffleWarning"))
  found <- permutest(fit, exact = TRUE, progbar = FALSE, stat = "coef")
  expect_identical(nrow(found$alpha.perm), 120L)
  expect_identical(nrow(unique(t(all_orders(4L)))), 24L)
  alone <- suppressWarnings(rma(yi, vi, scale = ~z, data = transform(d, z = ni100[all_orders(5L)[, 7L]]), method = "ML"))
  expect_equal(found$alpha.perm[7L, 2L], alone$alpha[2L], tolerance = 1e-6)
  expect_output(print(permutest(ls_both()$ours, iter = 20, progbar = FALSE)), "QS")
})

test_that("tests of the scale part have its names, and one part is tested at a time", {
  skip_if_not_installed("metafor")
  f <- ls_both()
  for (args in list(list(att = 2), list(Z = c(0, 1)))) {
    ours <- unclass(do.call(anova, c(list(f$ours), args)))
    theirs <- unclass(do.call(anova, c(list(f$theirs), args)))
    shared <- setdiff(names(theirs), c("digits", "k"))
    expect_true(all(shared %in% names(ours)))
    for (name in intersect(shared, c("QS", "QSp", "QSdf", "Za", "se", "zval", "pval")))
      expect_equal(ours[[name]], theirs[[name]], tolerance = gate("metafor_scale"), info = name)
    expect_identical(ours$type, theirs$type)
  }
  expect_error(anova(f$ours, btt = 2, att = 2), class = "metaparity_error_input")
  expect_error(anova(f$ours, X = c(0, 1), Z = c(0, 1)), class = "metaparity_error_input")
  table <- as.data.frame(anova(f$ours, att = 2))
  expect_equal(table$QM, anova(f$ours, att = 2)$QS)
})

test_that("random permutations follow R's seed as metafor's do, of both parts", {
  skip_if_not_installed("metafor")
  d <- transform(metadat::dat.bangertdrowns2004, ni100 = ni / 100)
  for (mods in list(~ 1, ~ ni100)) {
    fits <- lapply(list(rma, metafor::rma), function(f) f(yi, vi, mods = mods, scale = ~ ni100, data = d))
    found <- lapply(fits, function(fit) {
      set.seed(5)
      permutest(fit, iter = 6, progbar = FALSE)
    })
    for (name in c("pval", "QMp", "pval.alpha", "QSp", "exact.iter", "Z.exact.iter"))
      expect_equal(found[[1]][[name]], found[[2]][[name]], info = name)
    expect_equal(as.matrix(found[[1]]$zval.perm), as.matrix(found[[2]]$zval.perm), tolerance = gate("metafor_scale"),
                 ignore_attr = TRUE)
    expect_equal(found[[1]]$zval.alpha.perm[[2]], found[[2]]$zval.alpha.perm[[2]], tolerance = 1e-2)
    expect_identical(capture.output(print(found[[1]], digits = 2)), capture.output(print(found[[2]], digits = 2)))
  }
})

test_that("a scale of one coefficient has a profile, equal to that of tau2", {
  d <- metadat::dat.bangertdrowns2004
  at <- c(0.01, 0.05, 0.15)
  plain <- profile(rma(yi, vi, data = d), steps = at, plot = FALSE, progbar = FALSE)
  logs <- profile(rma(yi, vi, scale = ~ 1, data = d), steps = log(at), plot = FALSE, progbar = FALSE)
  same <- profile(rma(yi, vi, scale = ~ 1, link = "identity", data = d), steps = at, plot = FALSE, progbar = FALSE)
  expect_equal(logs$ll, plain$ll, tolerance = 1e-9)
  expect_equal(same$ll, plain$ll, tolerance = 1e-9)
})

test_that("permutations take a seed and a slack", {
  d <- transform(metadat::dat.bangertdrowns2004[1:14, ], ni100 = ni / 100)
  fit <- rma(yi, vi, scale = ~ni100, data = d)
  p <- function(...) permutest(fit, iter = 20, progbar = FALSE, ...)
  expect_identical(p(seed = 3)$pval.alpha, p(seed = 3)$pval.alpha)
  expect_true(all(p(seed = 3, tol = 100)$pval.alpha == 1))
})

test_that("a selection of no coefficient and a model without a free one are refused", {
  d <- data.frame(yi = c(.1, .4, -.2, .6, .3, .9, -.5, .2), vi = .1, z = 1:8)
  fit <- rma(yi, vi, scale = ~ z, data = d)
  held <- rma(yi, vi, scale = ~ z, data = d, alpha = c(0, 0))
  expect_error(confint(fit, alpha = numeric(0)), class = "metaparity_error_input")
  expect_error(profile(fit, alpha = numeric(0), plot = FALSE), class = "metaparity_error_input")
  expect_error(confint(held), class = "metaparity_error_input")
  expect_identical(tryCatch(profile(held, plot = FALSE), metaparity_error = function(e) e$arg), "fitted")
  expect_s3_class(confint(held, fixed = TRUE), "confint.rma")
})
