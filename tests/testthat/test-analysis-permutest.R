permutest_fields <- c("pval", "QMp", "QM", "zval", "se", "ci.lb", "ci.ub", "QMdf", "exact.iter", "QM.perm")

small_sets <- function() {
  d <- moderator_sets()$bcg
  list(d[c(1, 2, 4, 7, 13), ])
}

test_that("exact tests are metafor's, permutation by permutation", {
  for (d in small_sets()) for (args in list(list(), list(test = "knha", method = "DL"))) {
    for (mods in list(~1, ~x)) {
      ours <- permutest(do.call(rma, c(list(d$yi, d$vi, mods = mods, data = d), args)), exact = TRUE, progbar = FALSE)
      theirs <- metafor::permutest(do.call(metafor_fit, c(list(d$yi, d$vi, mods = mods, data = d), args)),
                                   exact = TRUE, progbar = FALSE)
      expect_same_fields(ours, theirs, permutest_fields, scale = c(QM.perm = 1))
      expect_gate(unlist(ours$zval.perm), unlist(theirs$zval.perm), "metafor_tight", scale = 1)
      expect_gate(unlist(ours$beta.perm), unlist(theirs$beta.perm), "metafor_tight", scale = 1)
      expect_same_print(ours, theirs)
      expect_equal(dimnames(coef(ours)), dimnames(coef(theirs)))
    }
  }
})

test_that("equal rows are permuted once", {
  d <- moderator_sets()$bcg
  fit <- rma(yi, vi, mods = ~g, data = d)
  expect_equal(permutest(fit, exact = "i"),
               metafor::permutest(metafor_fit(d$yi, d$vi, mods = ~g, data = d), exact = "i"))
  few <- d[1:7, ]
  few$g <- factor(c("a", "b", "a", "a", "b", "b", "a"))
  ours <- permutest(rma(yi, vi, mods = ~g, data = few), progbar = FALSE)
  theirs <- metafor::permutest(metafor_fit(few$yi, few$vi, mods = ~g, data = few), progbar = FALSE)
  expect_equal(ours$exact.iter, 35)
  expect_same_fields(ours, theirs, permutest_fields, scale = c(QM.perm = 1))
})

test_that("random permutations depend on the seed alone, and the first is the data", {
  d <- moderator_sets()$bangert
  for (mods in list(~1, ~x)) {
    fit <- rma(yi, vi, mods = mods, data = d)
    run <- function(threads) {
      set.seed(4)
      permutest(fit, iter = 200, progbar = FALSE, control = list(threads = threads))
    }
    a <- run(1)
    expect_identical(a$zval.perm, run(2)$zval.perm)
    expect_identical(a$zval.perm, run(5)$zval.perm)
    expect_gate(unlist(a$zval.perm[1, ]), fit$zval, "exact_solution")
    expect_true(all(a$pval >= 1 / 200))
    set.seed(5)
    expect_false(identical(permutest(fit, iter = 200, progbar = FALSE)$zval.perm, a$zval.perm))
  }
})

test_that("permutations are fits: signs and rows changed by hand give the same statistics", {
  d <- small_sets()[[1]]
  exact <- permutest(rma(yi, vi, data = d, test = "knha"), exact = TRUE, progbar = FALSE)
  signs <- 1 - 2 * as.integer(intToBits(21L))[1:5]
  expect_gate(exact$zval.perm[22, 1], rma(d$yi * signs, d$vi, test = "knha")$zval, "exact_solution")
  own <- permutest(rma(yi, vi, weights = 1:5, data = d), exact = TRUE, progbar = FALSE)
  expect_gate(own$zval.perm[22, 1], rma(d$yi * signs, d$vi, weights = 1:5)$zval, "exact_solution")
})

test_that("limits stand where the one-sided p crosses half the level", {
  d <- moderator_sets()$bcg[1:8, ]
  fit <- rma(yi, vi, data = d)
  ours <- permutest(fit, exact = TRUE, permci = TRUE, progbar = FALSE)
  # metafor with control = list(tol = 1e-8)
  expect_gate(c(ours$ci.lb, ours$ci.ub), c(-1.51113058, -0.27138129), "metafor_iterative")
  p <- function(at) permutest(rma(yi - at, vi, data = d), exact = TRUE, progbar = FALSE, alternative = "greater")$pval
  expect_gt(p(ours$ci.lb + 1e-4), 0.025)
  expect_lt(p(ours$ci.lb - 1e-4), 0.025)
})

test_that("one-sided and doubled p-values, and wrong requests", {
  d <- small_sets()[[1]]
  fit <- rma(yi, vi, data = d)
  p <- function(...) permutest(fit, exact = TRUE, progbar = FALSE, ...)$pval
  expect_equal(p(alternative = "less"), 1 / 32)
  expect_equal(p(alternative = "greater"), 1)
  expect_equal(p(p2defn = "px2"), p())
  betas <- permutest(fit, exact = TRUE, progbar = FALSE)$beta.perm[[1]]
  expect_equal(p(stat = "coef"), mean(abs(betas) >= abs(fit$beta[1]) - 1e-8))
  for (args in list(list(iter = 1), list(exact = "all"), list(alternative = "up"), list(control = list(zz = 1)),
                    list(btt = 4))) {
    expect_error(do.call(permutest, c(list(fit), args)), class = "metaparity_error_input")
  }
  expect_warning(p(zzz = 1), class = "metaparity_warning_unknown")
  expect_error(permutest(rma(yi, vi, data = moderator_sets()$bangert), exact = TRUE), class = "metaparity_error_input")
})

test_that("plots draw every coefficient and the omnibus test", {
  d <- moderator_sets()$bcg
  fit <- rma(yi, vi, mods = ~ x + g, data = d, test = "knha")
  p <- permutest(fit, iter = 50, progbar = FALSE)
  pdf(NULL)
  on.exit(dev.off())
  expect_null(plot(p, QM = TRUE, lwd = c(2, 2, 2, 2), legend = TRUE, trim = 0.01))
  expect_null(plot(vif(fit, sim = 20, seed = 1, progbar = FALSE), lwd = c(2, 2)))
  expect_error(plot(vif(fit)), class = "metaparity_error_input")
})

test_that("p2defn and stat may stand in control, as in metafor", {
  d <- moderator_sets()$bcg[1:6, ]
  ours <- rma(yi, vi, mods = ~x, data = d, method = "DL")
  for (stat in c("test", "coef")) for (p2defn in c("abs", "px2")) {
    how <- list(stat = stat, p2defn = p2defn)
    a <- permutest(ours, exact = TRUE, progbar = FALSE, control = how)
    b <- permutest(ours, exact = TRUE, progbar = FALSE, stat = stat, p2defn = p2defn)
    expect_identical(unclass(a)[c("pval", "QMp", "stat", "p2defn")], unclass(b)[c("pval", "QMp", "stat", "p2defn")])
    expect_identical(c(a$stat, a$p2defn), c(stat, p2defn))
  }
  expect_error(permutest(ours, progbar = FALSE, control = list(stat = "foo")), class = "metaparity_error_input")
})

test_that("p-values of coefficients are those of all permutations, whether asked for by argument or by control", {
  set.seed(3)
  d <- data.frame(yi = rnorm(5), vi = runif(5, 0.05, 0.3), x = c(1, 4, 2, 7, 5), z = rnorm(5))
  orders <- function(n) {
    if (n == 1L) return(matrix(1L))
    do.call(rbind, lapply(seq_len(n), function(i) cbind(i, matrix(seq_len(n)[-i][orders(n - 1L)], ncol = n - 1L))))
  }
  X <- cbind(1, d$x, d$z)
  beta <- t(apply(orders(5L), 1L, function(o) rma(yi, vi, mods = X[o, -1L], data = d, method = "DL")$beta))
  fit <- rma(yi, vi, mods = ~ x + z, data = d, method = "DL")
  seen <- rep(as.numeric(fit$beta), each = nrow(beta))
  share <- function(hits) unname(colMeans(hits))
  p <- function(...) permutest(fit, exact = TRUE, progbar = FALSE, ...)$pval
  expect_equal(p(stat = "coef"), share(abs(beta) >= abs(seen) - 1e-8))
  expect_equal(p(control = list(stat = "coef")), share(abs(beta) >= abs(seen) - 1e-8))
  expect_equal(p(stat = "coef", alternative = "less"), share(beta <= seen + 1e-8))
  expect_equal(p(stat = "coef", alternative = "greater"), share(beta >= seen - 1e-8))
})

test_that("the search for permutation intervals ends far from zero, where doubles are coarse", {
  setTimeLimit(elapsed = 60, transient = TRUE)
  on.exit(setTimeLimit())
  yi <- c(.1, .5, .3, .9, .2) + 1e10
  out <- permutest(rma(yi, c(.1, .1, .2, .1, .3), mods = ~ c(1, 3, 2, 5, 4)), permci = TRUE, progbar = FALSE)
  expect_true(all(out$ci.lb <= out$ci.ub, na.rm = TRUE))
})

test_that("random permutations follow R's seed as metafor's do: signs, and orders of moderators", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.raudenbush1985
  for (mods in list(~ 1, ~ weeks, ~ weeks + setting)) {
    found <- lapply(list(rma, metafor::rma), function(f) {
      fit <- f(yi, vi, mods = mods, data = d, method = "DL")
      set.seed(9)
      list(permutest(fit, iter = 20, progbar = FALSE), runif(1))
    })
    expect_equal(as.matrix(found[[1]][[1]]$zval.perm), as.matrix(found[[2]][[1]]$zval.perm),
                 tolerance = gate("metafor_closed"), ignore_attr = TRUE)
    expect_equal(found[[1]][[1]]$pval, found[[2]][[1]]$pval)
    expect_identical(found[[1]][[2]], found[[2]][[2]])
  }
})

test_that("seed, slack and plain texts", {
  fit <- rma(yi, vi, mods = ~ x + g, data = moderator_sets()$bcg)
  p <- function(...) permutest(fit, iter = 50, progbar = FALSE, ...)
  set.seed(3)
  expect_identical(p()$pval, p(seed = 3)$pval)
  expect_identical(p(seed = 3, tol = 0.5)$pval, p(seed = 3, control = list(comptol = 0.5))$pval)
  expect_identical(p(seed = 3, btt = "x", fixed = TRUE)$btt, 2L)
  expect_error(p(btt = "^x", fixed = TRUE), class = "metaparity_error_input")
  expect_match(capture.output(print(p(seed = 3), num = TRUE)), "^2[)] x", all = FALSE)
})
