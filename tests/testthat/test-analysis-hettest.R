test_that("statistics equal metafor's, at the exact estimates", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.bangertdrowns2004[1:12, ]
  sharp <- list(threshold = 1e-12, maxiter = 10000)
  for (method in c("REML", "ML")) {
    theirs_fit <- metafor::rma(yi, vi, data = d, method = method, control = sharp)
    ours_fit <- rma(yi, vi, data = d, method = method)
    for (test in c("score", "lrt", "wald")) {
      ours <- hettest(ours_fit, test = test, boot = FALSE)
      theirs <- metafor::hettest(theirs_fit, test = test, boot = FALSE)
      expect_gate(ours$statistic, theirs$statistic, "metafor_iterative")
      expect_gate(ours$pval, theirs$pval, "metafor_iterative")
      expect_gate(ours$tau2i, theirs$tau2i, "metafor_iterative", scale = 1e-2)
      expect_gate(ours$se.tau2i, theirs$se.tau2i, "metafor_iterative")
    }
  }
})

test_that("bootstrap samples are those of metafor for the same seed, whatever the number of threads", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.bangertdrowns2004[1:12, ]
  for (test in c("score", "ksn", "adx2")) {
    set.seed(1234)
    ours <- hettest(yi, vi, data = d, test = test, boot = 10, threads = 1)
    set.seed(1234)
    expect_identical(hettest(yi, vi, data = d, test = test, boot = 10, threads = 2)$statistic.boot, ours$statistic.boot)
    set.seed(1234)
    # metafor computes the first sample anew and may find it below the statistic by rounding.
    theirs <- metafor::hettest(yi, vi, data = d, test = test, boot = 10, progbar = FALSE)
    expect_gate(ours$statistic.boot, c(theirs$statistic.boot), "metafor_refit")
    expect_gate(ours$pval, (sum(theirs$statistic.boot[-1] >= theirs$statistic) + 1) / 10, "closed_form")
  }
})

test_that("the layout is metafor's", {
  expect_same_output({
    d <- dat.bangertdrowns2004[1:12, ]
    hettest(yi, vi, data = d, boot = FALSE, digits = 2)
    hettest(yi, vi, data = d, boot = FALSE, test = "lrt", method = "ML", digits = 2)
    hettest(yi, vi, data = d, boot = FALSE, test = "wald", digits = 2)
    set.seed(1)
    sub("p.*", "", capture.output(hettest(yi, vi, data = d, boot = 10, test = "KSn", progbar = FALSE, digits = 2)))
  })
})

test_that("bad input is named", {
  d <- data.frame(y = c(-0.9, -1.6, -1.3, -0.2), v = c(0.33, 0.19, 0.42, 0.05), x = 1:4)
  expect_error(hettest(rma(y, v, mods = ~x, data = d)), class = "metaparity_error_input")
  expect_error(hettest(y, v, data = d, method = "DL"), class = "metaparity_error_input")
  expect_error(hettest(y, v, data = d, test = "zz"), class = "metaparity_error_input")
  expect_error(hettest(0.1, 0.2), class = "metaparity_error_input")
  expect_error(hettest(y, v, data = d, control = list(zz = 1)), class = "metaparity_error_input")
  expect_warning(hettest(rma(y, v, data = d, method = "DL"), boot = FALSE), class = "metaparity_warning_input")
})

test_that("REML leaves nothing to the score and Wald-type tests of two studies", {
  for (test in c("score", "wald")) {
    expect_error(hettest(c(.1, .9), c(.1, .2), test = test, boot = FALSE), class = "metaparity_error_input")
    theirs <- metafor::hettest(metafor::rma(c(.1, .9), c(.1, .2), method = "ML"), test = test, boot = FALSE)
    ours <- hettest(c(.1, .9), c(.1, .2), method = "ML", test = test, boot = FALSE)
    expect_gate(ours$statistic, theirs$statistic, "metafor_iterative")
  }
})

test_that("`seed` is set.seed() before the call", {
  d <- metadat::dat.bangertdrowns2004[1:8, ]
  fit <- rma(yi, vi, data = d)
  set.seed(4)
  a <- hettest(fit, boot = 20, progbar = FALSE)
  expect_identical(hettest(fit, boot = 20, progbar = FALSE, seed = 4)$pval, a$pval)
})
