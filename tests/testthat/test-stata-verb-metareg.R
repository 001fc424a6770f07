coef_value <- function(v, key) {
  if (!grepl("^c[0-9]_", key)) return(v$r[[c(k = "N", tau2 = "tau2", I2 = "I2", R2 = "adjR2")[[key]]]])
  part <- strsplit(key, "_")[[1L]]
  v$table[[part[2L]]][as.integer(sub("c", "", part[1L]))]
}

test_that("metareg prints the numbers of a genuine log and of the published example", {
  d <- stata_fixture("cheung.csv")
  v <- metareg(y, x, data = d, wsse = se)
  expect_printed(v, "metareg_cheung_reml_kh", coef_value)
  expect_identical(format(v)[3], "REML estimate of between-study variance               tau2           =  .02432")
  d <- stata_fixture("cholesterol.csv")
  want <- stata_printed()
  want <- want[want$id == "recalled_metareg_cholesterol", ]
  v <- metareg(logor, cholreduc, data = d, wsse = selogor)
  # Stata stops its iteration early: coefficients agree to a relative 1e-5.
  for (i in seq_len(nrow(want))) {
    printed <- as.numeric(want$printed[i])
    unit <- 10^-nchar(sub("^[^.]*[.]?", "", want$printed[i]))
    got <- as.numeric(coef_value(v, want$key[i]))
    expect_lt(abs(got - printed), 0.51 * unit + 1e-5 * abs(printed))
  }
})

test_that("metareg agrees with metafor", {
  skip_if_not_installed("metafor")
  d <- stata_fixture("cholesterol.csv")
  for (m in c("mm", "eb")) {
    v <- do.call(metareg, c(list(quote(logor), quote(cholreduc), quote(ihdentry), data = d, wsse = quote(selogor)),
                            stats::setNames(list(TRUE), m)))
    f <- metafor::rma(logor, sei = selogor, mods = ~ cholreduc + ihdentry, data = d,
                      method = c(mm = "DL", eb = "EB")[[m]], test = "adhoc")
    expect_gate(v$r$tau2, f$tau2, "metafor_iterative")
    expect_gate(v$table$se, f$se[c(2, 3, 1)], "metafor_iterative")
    expect_gate(v$r$F, f$QM, "metafor_iterative")
  }
})

test_that("permutation p is the share of permutations that reach the statistic", {
  d <- data.frame(y = c(.1, .4, .2, .9, .7), s = c(.2, .2, .3, .2, .25), x = 1:5)
  stat <- function(x) abs(suppressWarnings(rma(d$y, sei = d$s, mods = ~ x, method = "DL"))$zval[2])
  perms <- as.matrix(expand.grid(rep(list(1:5), 5)))
  perms <- perms[apply(perms, 1, function(p) length(unique(p)) == 5), ]
  exact <- mean(apply(perms, 1, stat) >= stat(d$x) * (1 - 1e-10))
  set.seed(4)
  v <- metareg(y, x, data = d, wsse = s, permute = 4000)
  expect_lt(abs(v$permutation$p - exact), 4 * sqrt(exact * (1 - exact) / 4000))
  set.seed(4)
  expect_identical(metareg(y, x, data = d, wsse = s, permute = "4000")$permutation, v$permutation)
  expect_identical(unname(v$options$method), "mm")
})

test_that("permute: several covariates, sets, words and lists", {
  d <- stata_fixture("cholesterol.csv")
  words <- "50, univariable joint(ihdentry intervention | cholreduc)"
  set.seed(1)
  a <- metareg(logor, cholreduc, ihdentry, intervention, data = d, wsse = selogor, permute = words)
  set.seed(1)
  b <- metareg(logor, cholreduc, ihdentry, intervention, data = d, wsse = selogor,
               permute = list(50, univariable = TRUE, joint = list(c("ihdentry", "intervention"), "cholreduc")))
  expect_identical(a$permutation, b$permutation)
  expect_true(all(a$permutation$p_adjusted >= a$permutation$p))
  expect_length(a$permutation$p_joint, 2L)
  expect_match(format(a), "P-values unadjusted and adjusted", all = FALSE)
  expect_error(metareg(logor, cholreduc, data = d, wsse = selogor, permute = "50, joint(nosuch)"),
               class = "metaparity_error_input")
  expect_warning(metareg(logor, cholreduc, data = d, wsse = selogor, permute = "50, detail"),
                 class = "metaparity_warning_input")
})

test_that("metareg's log, predictions and plot", {
  d <- stata_fixture("cheung.csv")
  expect_snapshot(metareg(y, x, data = d, wsse = se, z = TRUE, eform = TRUE, tau2test = TRUE, level = 90))
  d2 <- stata_fixture("cholesterol.csv")
  expect_snapshot(metareg(logor, cholreduc, ihdentry, data = d2, wsse = selogor, mm = TRUE))
  v <- metareg(y, x, data = d, wsvar = v)
  expect_equal(predict(v, "xbu"), predict(v) + predict(v, "u"))
  expect_equal(sum(predict(v, "hat")), 2)
  expect_true(all(predict(v, "stdf") > predict(v, "stdp")))
  pdf(NULL)
  on.exit(dev.off())
  expect_s3_class(plot(v), "metaparity_figure")
  expect_s3_class(plot(metareg(logor, cholreduc, ihdentry, data = d2, wsse = selogor)), "metaparity_figure")
})

test_that("metareg refuses wrong input", {
  d <- data.frame(y = c(.1, .4, .2, NA), s = c(.2, .2, .3, .2), x = 1:4)
  expect_error(metareg(y, x, data = d), class = "metaparity_error_input")
  expect_error(metareg(y, x, data = d, wsse = s, mm = TRUE, ml = TRUE), class = "metaparity_error_input")
  bad <- expect_error(metareg(y, x, data = transform(d, s = c(.2, 0, .1, .1)), wsse = s),
                      class = "metaparity_error_studies")
  expect_identical(bad$rows, 2L)
  expect_warning(metareg(y, x, data = d, wsse = s), class = "metaparity_warning_dropped")
})

test_that("e(remll) and e(remll_c) are the restricted log-likelihood without its constants", {
  d <- data.frame(y = c(-0.89, -1.59, -1.35, -1.44, -0.22, -0.79), s = sqrt(c(0.33, 0.19, 0.41, 0.02, 0.05, 0.006)),
                  x = c(44, 55, 42, 52, 13, 44))
  view <- metareg(y, x, wsse = s, data = d)
  e <- saved_estimates(view)
  X <- cbind(1, d$x)
  by_hand <- function(tau2) {
    v <- d$s^2 + tau2
    A <- crossprod(X, X / v)
    r <- d$y - X %*% solve(A, crossprod(X, d$y / v))
    -0.5 * (sum(r^2 / v + log(v)) + log(det(A)))
  }
  expect_equal(e$remll, by_hand(e$tau2), tolerance = 1e-9)
  expect_equal(e$remll_c, by_hand(0), tolerance = 1e-9)
  expect_equal(e$chi2_c, 2 * (e$remll - e$remll_c), tolerance = 1e-9)
  expect_null(saved_estimates(metareg(y, x, wsse = s, data = d, mm = TRUE))$remll)
})
