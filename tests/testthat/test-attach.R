# metafor attached before or after: the generics found handle our objects and metafor's own. Each order runs in a
# fresh R process.

run_fresh <- function(order, lines) {
  fresh_lines(c("d <- metafor::escalc('RR', ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)",
                "ours <- metaparity::rma(yi, vi, data = d)", "mods <- metaparity::rma(yi, vi, mods = ~ablat, data = d)",
                "theirs <- metafor::rma(yi, vi, data = d)", "grDevices::pdf(NULL)", lines, "cat('DONE\\n')"), order)
}

orders <- list(before = c("metafor", "metaparity"), after = c("metaparity", "metafor"))

expect_done <- function(out) {
  expect_identical(utils::tail(out, 1L), "DONE", info = paste(out, collapse = "\n"))
}

test_that("our methods answer for our objects in either order", {
  for (order in orders) {
    expect_done(run_fresh(order, c(
      "stopifnot(inherits(trimfill(ours), 'metaparity_trimfill'), inherits(leave1out(ours), 'metaparity_leave1out'))",
      "stopifnot(inherits(cumul(ours), 'metaparity_cumul'), inherits(confint(ours), 'metaparity_confint'))",
      "stopifnot(inherits(predict(ours), 'metaparity_predict'), inherits(summary(ours), 'summary.metaparity'))",
      "stopifnot(inherits(influence(ours), 'metaparity_influence'), inherits(rstudent(ours), 'metaparity_list'))",
      "stopifnot(is.numeric(se(ours)), is.numeric(weights(ours)), inherits(update(ours, method = 'DL'), 'metaparity'))",
      "stopifnot(identical(capture.output(print(ours)), capture.output(metaparity:::print.metaparity_uni(ours))))",
      "invisible(forest(ours)); invisible(funnel(ours)); invisible(radial(ours)); invisible(plot(ours))",
      "invisible(regtest(ours)); invisible(ranktest(ours))")))
  }
})

test_that("metafor's objects keep working in either order", {
  for (order in orders) {
    expect_done(run_fresh(order, c(
      "stopifnot(inherits(trimfill(theirs), 'rma.uni.trimfill'), inherits(leave1out(theirs), 'list.rma'))",
      "stopifnot(inherits(cumul(theirs), 'list.rma'), !inherits(leave1out(theirs), 'metaparity_list'))",
      "stopifnot(!inherits(summary(theirs), 'summary.metaparity'), inherits(predict(theirs), 'predict.rma'))",
      "stopifnot(is.numeric(se(theirs)), identical(metafor::weights.rma.uni(theirs), weights(theirs)))",
      "invisible(forest(theirs)); invisible(funnel(theirs)); invisible(radial(theirs))",
      "invisible(capture.output(print(theirs), print(summary(theirs)), print(confint(theirs))))")))
  }
})

test_that("functions that metafor alone has work on our objects, with metafor's answer", {
  for (order in orders) {
    expect_done(run_fresh(order, c(
      "near <- function(a, b) stopifnot(isTRUE(all.equal(a, b, tolerance = 1e-4)))",
      "near(blup(ours)$pred, blup(theirs)$pred)", "near(fsn(ours)$fsnum, fsn(theirs)$fsnum)",
      "near(hc(ours)$beta, hc(theirs)$beta)", "near(tes(ours)$pval, tes(theirs)$pval)",
      "near(robust(ours, cluster = d$trial)$se, robust(theirs, cluster = d$trial)$se)",
      "near(unlist(fitstats(ours)), unlist(fitstats(theirs)))",
      "near(anova(mods)$QM, anova(metafor::rma(yi, vi, mods = ~ablat, data = d))$QM)",
      "invisible(vif(metaparity::rma(yi, vi, mods = ~ ablat + year, data = d)))",
      "invisible(baujat(ours)); invisible(capture.output(qqnorm(ours))); invisible(regplot(mods))")))
  }
})

test_that("simulate() draws from the model", {
  fit <- rma(c(1, 2, 4, 3), c(0.1, 0.2, 0.3, 0.4), tau2 = 0.5)
  set.seed(1)
  state <- .Random.seed
  sims <- simulate(fit, 4000, seed = 7)
  expect_identical(.Random.seed, state)
  expect_identical(dim(sims), c(4L, 4000L))
  expect_identical(sims, simulate(fit, 4000, seed = 7))
  expect_lt(max(abs(rowMeans(sims) - fit$beta[1])), 0.06)
  expect_lt(max(abs(apply(sims, 1L, var) - fit$vi - 0.5)), 0.1)
  expect_error(simulate(fit, 0), class = "metaparity_error_input")
})
