test_that("fit statistics of one and several fits are metafor's", {
  d <- moderator_sets()$bcg
  ours <- list(a = rma(yi, vi, data = d), b = rma(yi, vi, data = d, method = "ML"),
               c = rma(yi, vi, mods = ~x, data = d, method = "ML"))
  theirs <- list(a = metafor_fit(d$yi, d$vi), b = metafor_fit(d$yi, d$vi, method = "ML"),
                 c = metafor_fit(d$yi, d$vi, mods = ~x, data = d, method = "ML"))
  compare <- function(verb, ours, theirs) {
    x <- eval(verb, ours)
    y <- eval(verb, theirs)
    expect_equal(dimnames(x), dimnames(y))
    expect_gate(unlist(x), unlist(y), "metafor_tight")
  }
  theirs$fitstats <- metafor::fitstats
  for (verb in list(quote(fitstats(a)), quote(fitstats(b)), quote(fitstats(b, REML = TRUE)), quote(fitstats(b, c)),
                    quote(fitstats(a, b)), quote(AIC(b, c)), quote(BIC(b, c)), quote(AIC(b, c, correct = TRUE)),
                    quote(AIC(a, b)), quote(logLik(a)), quote(deviance(b)),
                    quote(nobs(c, all = TRUE)))) compare(verb, ours, theirs)
  expect_gate(AIC(ours$b, k = 3), AIC(ours$b) + 2, "closed_form")
  expect_error(fitstats(ours$a, 1), class = "metaparity_error_input")
})

test_that("simulated estimates are metafor's for the seed", {
  d <- moderator_sets()$bcg
  a <- simulate(rma(yi, vi, mods = ~x, data = d), nsim = 2, seed = 5)
  b <- simulate(metafor_fit(d$yi, d$vi, mods = ~x, data = d), nsim = 2, seed = 5)
  expect_gate(unlist(a), unlist(b), "metafor_tight", scale = 1)
  expect_equal(attributes(a)[order(names(attributes(a)))], attributes(b)[order(names(attributes(b)))])
  cut <- simulate(rma(yi, vi, data = d), nsim = 3, seed = 5, olim = c(-1, 0))
  expect_true(all(cut >= -1 & cut <= 0))
  set.seed(1)
  state <- .Random.seed
  expect_identical(attr(simulate(rma(yi, vi, data = d)), "seed"), state)
})
