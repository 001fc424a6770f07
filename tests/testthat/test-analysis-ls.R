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
