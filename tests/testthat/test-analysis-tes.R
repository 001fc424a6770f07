test_that("tests, limits and layout as in metafor", {
  expect_same_output({
    dorn <- escalc("RR", ai = x.a, n1i = n.a, ci = x.p, n2i = n.p, data = dat.dorn2007)
    tes(yi, vi, data = dorn, test = "chi2")
    tes(rma(yi, vi, data = dorn), test = "chi2")
    bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
    res <- rma(yi, vi, data = bcg)
    tes(res)
    tes(res, test = "binom")
    tes(res, tes.alternative = "two.sided", test = "chi2")
    tes(res, tes.alternative = "less", test = "chi2")
    tes(res, tes.alternative = "two.sided", test = "exact", progbar = FALSE)
    tes(res, tes.alternative = "two.sided", test = "binom", digits = 3)
    tes(res, tes.alternative = "less", test = "binom")
    tes(res, tes.alternative = "less", test = "exact", progbar = FALSE)
    tes(yi, vi, data = bcg, alternative = "less")
    tes(yi, vi, data = bcg, alternative = "greater")
    tes(yi, vi, data = bcg, H0 = -0.1, alpha = 0.1)
    tes(yi, vi, data = bcg, theta = -0.5, tau2 = 0.1)
    tes(yi, vi, data = bcg, theta = 0)
    tes(yi, vi, data = bcg, tes.alpha = 0.5)
    tes(yi, sei = sqrt(vi), data = bcg, subset = 1:6, digits = 2)
    tes(yi, vi, data = bcg, subset = 1:4)
    tes(yi, vi, data = bcg, subset = 1:5)
    tes(yi, vi, data = bcg, subset = 1:5, tes.alternative = "two.sided")
    tes(yi, vi, data = bcg, subset = c(1, 4, 7, 9), tes.alternative = "two.sided", theta = -1)
    tes(c(.1, .2, .1), c(1, 1, 1))
    tes(c(3, 4, 5), c(.1, .1, .1))
    tes(rma(yi, vi, mods = ~ablat, data = bcg, method = "DL"), digits = 2)
    names(unclass(tes(res)))
  })
})

test_that("the exact test is the enumeration of all outcomes", {
  y <- c(0.2, 0.9, 0.5, 1.4)
  v <- c(0.1, 0.2, 0.05, 0.3)
  x <- tes(y, v, test = "exact")
  p <- x$power
  outcomes <- as.matrix(expand.grid(rep(list(0:1), 4)))
  mass <- apply(outcomes, 1, function(o) prod(ifelse(o == 1, p, 1 - p)))
  expect_gate(x$pval, sum(mass[rowSums(outcomes) >= x$O]), "closed_form")
  expect_gate(tes(y, v, theta = x$theta.lim, test = "exact")$pval, 0.1, "exact_solution")
})

test_that("bad input is named", {
  expect_error(tes(c(0.1, 0.2), c(1, 1), test = "zz"), class = "metaparity_error_input")
  expect_error(tes(c(0.1, 0.2), c(1, 1), alternative = "both"), class = "metaparity_error_input")
  expect_error(tes(c(0.1, 0.2), c(1, 0)), class = "metaparity_error_studies")
  expect_warning(tes(c(0.1, NA, 0.2), c(1, 1, 1)), class = "metaparity_warning_dropped")
})

test_that("effects and hypotheses beyond all numbers end in a classed error, not in a search without end", {
  y <- c(.1, .2, .3, .5)
  for (far in c(Inf, -Inf, 1e308)) {
    expect_error(tes(y, rep(.1, 4), theta = far), class = "metaparity_error_input")
    expect_error(tes(y, rep(.1, 4), H0 = far), class = "metaparity_error_input")
  }
  expect_s3_class(tes(y, rep(.1, 4), theta = 1e100), "tes")
})

test_that("Yates' correction, the least tau2 and the limit are metafor's", {
  skip_if_not_installed("metafor")
  d <- bcg_effects
  pair <- function(...) list(ours = tes(rma(yi, vi, data = d), ...), theirs = metafor::tes(metafor_fit(d$yi, d$vi), ...))
  for (side in c("greater", "less", "two.sided")) {
    p <- pair(test = "chi2", correct = TRUE, tes.alternative = side)
    expect_gate(p$ours$X2, p$theirs$X2, "metafor_iterative", scale = 1)
    expect_gate(p$ours$pval, p$theirs$pval, "metafor_iterative")
  }
  p <- pair(tau2.lb = 0.5)
  expect_gate(p$ours$E, p$theirs$E, "metafor_iterative")
  expect_gate(p$ours$pval, p$theirs$pval, "metafor_iterative")
  expect_null(pair(find.lim = FALSE)$ours$theta.lim)
  expect_silent(tes(rma(yi, vi, data = d), rel.tol = 1e-4, subdivisions = 100))
})
