test_that("from a file to every verb: effects, fits, subgroups", {
  x <- example_review()
  es <- as_escalc(x, "1.1")
  v <- revman(x, "1.1")
  expect_s3_class(es, "escalc")
  expect_equal(as.numeric(es$yi), v$effects$est, tolerance = 1e-12)
  expect_equal(sqrt(es$vi), v$effects$se, tolerance = 1e-12)
  fit <- as_rma(x, "1.1")
  expect_s3_class(fit, "rma.mh")
  expect_equal(c(fit$beta, fit$se, fit$QE), c(v$total$est, v$total$se, v$total$Q), tolerance = 1e-12,
               ignore_attr = TRUE)
  for (measure in c("OR", "RR", "RD")) for (model in c("fixed", "random")) {
    v <- revman_made(measure = measure, model = model)
    fit <- as_rma(v)
    expect_equal(c(fit$beta, fit$se, fit$tau2), c(v$total$est, v$total$se, if (model == "random") v$total$tau2 else 0),
                 tolerance = 1e-10, ignore_attr = TRUE)
    groups <- as_rma(v, subgroups = TRUE)
    expect_equal(unname(coef(groups)[1:2]), v$groups$est, tolerance = 1e-10)
    expect_equal(groups$between$Q, v$between$Q, tolerance = 1e-10)
  }
  expect_s3_class(as_rma(revman_made(measure = "PETO")), "rma.peto")
  expect_s3_class(leave1out(as_rma(x, "1.2", model = "random")), "metaparity_list")
  hksj <- revman(x, "1.2", model = "random", estimator = "REML", interval = "HKSJ")
  expect_equal(as_rma(hksj)$ci.lb, hksj$total$ci.lb, tolerance = 1e-8)
  expect_error(as_rma(x, "1.1", subgroups = TRUE), class = "metaparity_error_input")
})

test_that("conventions of escalc() and rma.mh() are RevMan's for every odd table", {
  d <- data.frame(a = c(0, 20, 0, 5, 3), n1 = 20, c = c(0, 25, 3, 5, 8), n2 = 25)
  for (measure in c("OR", "RR", "RD")) {
    v <- revman(d, ai = a, n1i = n1, ci = c, n2i = n2, measure = measure)
    for (convention in c("revman5", "revman_web")) {
      es <- escalc(measure, ai = a, n1i = n1, ci = c, n2i = n2, data = d, convention = convention)
      fit <- suppressWarnings(rma.mh(measure = measure, ai = a, n1i = n1, ci = c, n2i = n2, data = d,
                                     convention = convention))
      expect_equal(as.numeric(es$yi), v$effects$est, tolerance = 1e-12)
      expect_equal(sqrt(es$vi), v$effects$se, tolerance = 1e-12)
      expect_equal(c(fit$beta, fit$se, fit$QE), c(v$total$est, v$total$se, v$total$Q), tolerance = 1e-12,
                   ignore_attr = TRUE)
    }
  }
  means <- suppressWarnings(escalc("MD", m1i = 1, sd1i = 0, n1i = 10, m2i = 2, sd2i = 1, n2i = 10,
                                   convention = "revman5"))
  expect_true(is.na(means$yi))
})

test_that("each subgroup of a fit has the Q around its own Mantel-Haenszel estimate", {
  d <- data.frame(a = c(1, 20, 2, 5, 3, 9), n1 = 30, c = c(3, 25, 3, 15, 8, 4), n2 = 35,
                  g = c("a", "a", "a", "b", "b", "b"))
  fit <- rma(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2, data = d, convention = "revman5", method = "DL",
             by = g)
  v <- revman(d, ai = a, n1i = n1, ci = c, n2i = n2, model = "random", by = g)
  expect_equal(as.data.frame(fit)$tau2, c(v$groups$tau2, v$total$tau2), tolerance = 1e-12)
})

test_that("the measure behind a label of RevMan's", {
  for (pair in list(c("log[Hazard Ratio]", "HR"), c("Odds Ratio", "OR"), c("Rate Ratio", "IRR"), c("Risk Ratio", "RR"),
                    c("Ratio of Means", "ROM"), c("HR (adjusted)", "HR"), c("Something", "GEN")))
    expect_identical(measure_of_label(pair[1L], TRUE), pair[2L])
  expect_identical(measure_of_label("Odds Ratio", FALSE), "GEN")
})

test_that("raw data stay known: tables, means, and effects with their sizes", {
  es <- as_escalc(revman_made())
  expect_true(all(c("ai", "n1i", "ci", "n2i", "study", "subgroup") %in% names(es)))
  expect_identical(as.numeric(es$ai), revman_tables$e1)
  expect_identical(levels(es$subgroup), c("a", "b"))
  expect_identical(as_escalc(es), es)
  d <- data.frame(y = c(-0.5, 0.1, 0.2), s = c(0.2, 0.3, 0.25))
  generic <- as_escalc(revman(d, yi = y, sei = s, measure = "HR"))
  expect_equal(as.numeric(generic$yi), d$y)
  expect_equal(generic$vi, d$s^2)
  expect_identical(attr(generic$yi, "measure"), "HR")
})

test_that("a fit of a view has its intervals and its model; one study has a common effect", {
  d <- data.frame(y = c(-0.5, 0.1, 0.6, 0.2), s = c(0.2, 0.3, 0.25, 0.1))
  v <- revman(d, yi = y, sei = s, model = "random", estimator = "REML", interval = "HKSJ")
  x <- as_rma(v)
  expect_identical(c(x$method, x$test), c("REML", "knha"))
  expect_equal(c(x$beta, x$ci.lb, x$ci.ub), c(v$total$est, v$total$ci.lb, v$total$ci.ub), tolerance = 1e-8,
               ignore_attr = TRUE)
  one <- as_rma(revman(d[1L, ], yi = y, sei = s, model = "random"))
  expect_identical(one$method, "EE")
  expect_equal(one$beta[1L], -0.5)
  none <- revman(revman_tables[5L, ], ai = e1, n1i = n1, ci = e2, n2i = n2)
  expect_error(as_rma(none), class = "metaparity_error_input")
  expect_true(is_pooled_view(revman_made()))
  expect_false(is_pooled_view(revman_made(model = "random")))
})

test_that("the fit is the view's total where it is not shown, too", {
  for (totals in c("SUB", "NO")) for (model in c("fixed", "random")) for (method in c("MH", "IV")) {
    view <- revman_made(measure = "RR", totals = totals, model = model, method = method)
    expect_equal(as_rma(view)$beta[[1L]], view$total$est, tolerance = 1e-12)
    shown <- revman_made(measure = "RR", model = model, method = method)
    expect_identical(view$total[c("est", "ci.lb", "tau2")], shown$total[c("est", "ci.lb", "tau2")])
  }
})
