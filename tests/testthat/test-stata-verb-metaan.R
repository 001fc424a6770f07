test_that("metaan prints the numbers of Stata's logs", {
  d <- stata_fixture("lnor.csv")
  value <- function(v, key) {
    if (grepl("^s[0-9]|^ov", key)) return(stata_value(v, key))
    v$r[[c(Q = "Q", df = "df", pQ = "Qpval", I2 = "Isq", H2 = "Hsq", tau2 = "tausq")[[key]]]]
  }
  expect_printed(metaan(lnOR, selnOR, data = d, dl = TRUE), "metaan_dl", value)
  expect_printed(metaan(lnOR, selnOR, data = d, ml = TRUE), "metaan_ml", value)
  expect_printed(metaan(lnOR, selnOR, data = d, reml = TRUE), "metaan_reml", value)
})

test_that("metaan's log keeps Stata's layout", {
  d <- stata_fixture("lnor.csv")
  expect_snapshot(metaan(lnOR, selnOR, data = d[1:6, ], pl = TRUE, label = id))
  expect_identical(format(metaan(lnOR, selnOR, data = d, fe = TRUE))[1], "Fixed-effect method selected")
})

test_that("profile likelihood: the ends lose the quantile of the deviance", {
  d <- stata_fixture("lnor.csv")
  v <- metaan(lnOR, selnOR, data = d, pl = TRUE)
  least <- function(mu) {
    f <- function(t) sum(log(d$selnOR^2 + t) + (d$lnOR - mu)^2 / (d$selnOR^2 + t))
    stats::optimize(f, c(0, 5), tol = 1e-10)$objective
  }
  drop <- vapply(c(v$r$efflo, v$r$effup), least, 0) - least(v$r$eff)
  expect_equal(drop, rep(stats::qchisq(0.95, 1), 2), tolerance = 1e-6)
})

test_that("random models repeat under set.seed and a seed of their own", {
  d <- stata_fixture("lnor.csv")
  run <- function(...) metaan(lnOR, selnOR, data = d, ..., reps = 200)$r
  set.seed(3)
  a <- run(pe = TRUE)
  set.seed(3)
  expect_identical(run(pe = TRUE), a)
  expect_true(a$efflo < a$eff && a$eff < a$effup)
  expect_identical(run(bdl = TRUE, seed = 1), run(bdl = TRUE, seed = 1))
  expect_equal(run(sa = TRUE, sens = 50)$Isq, 50)
  full <- metaan(lnOR, selnOR, data = d[1:6, ], pe = TRUE)$r
  expect_identical(metaan(lnOR, selnOR, data = d[1:6, ], pe = TRUE)$r, full)
})

test_that("metaan refuses what it cannot do", {
  d <- data.frame(y = c(.1, .2), s = c(.1, .2))
  expect_error(metaan(y, s, data = d), class = "metaparity_error_input")
  expect_error(metaan(y, s, data = d, dl = TRUE, ml = TRUE), class = "metaparity_error_input")
  expect_error(metaan(y, s, data = d[1, ], dl = TRUE), class = "metaparity_error_input")
  expect_error(metaan(y, s, data = d, peo = TRUE), class = "metaparity_error_input")
})

test_that("peo pools 2x2 tables and the plot is drawn", {
  d <- stata_fixture("example.csv")
  v <- metaan(tdeath, tnodeath, cdeath, cnodeath, data = d, peo = TRUE, exp = TRUE, label = id)
  expect_equal(v$r$eff, exp(as.numeric(v$fit$beta)))
  pdf(NULL)
  on.exit(dev.off())
  expect_s3_class(plot(v), "forest_plot")
})

test_that("the likelihood plot has its top at the estimate", {
  d <- stata_fixture("lnor.csv")
  pdf(NULL)
  on.exit(dev.off())
  for (which in c("mu", "tsq")) {
    v <- metaan(lnOR, selnOR, data = d, ml = TRUE, plplot = which)
    f <- plot(v)
    top <- f$data$x[which.max(f$data$y)]
    expect_lt(abs(top - if (which == "mu") v$r$eff else v$r$tausq), 2 * diff(f$data$x[1:2]))
    expect_equal(max(f$data$y), v$fit$fit.stats["ll", "ML"], tolerance = 1e-4)
  }
  expect_error(metaan(lnOR, selnOR, data = d, dl = TRUE, plplot = "mu"), class = "metaparity_error_input")
})

test_that("groups are analysed on their own; proportions return from Freeman and Tukey's scale", {
  d <- data.frame(es = c(.8, .5, .6, .4, .3), se = c(.4, .3, .25, .2, .15), g = c("a", "a", "b", "b", "c"))
  v <- metaan(es, se, data = d, dl = TRUE, grpby = g)
  expect_identical(names(v$groups), c("a", "b", "c"))
  expect_equal(v$groups$b$r$eff, metaan(es, se, data = d[3:4, ], dl = TRUE)$r$eff)
  expect_null(v$groups$c)
  expect_match(format(v), "^Group: a$", all = FALSE)
  p <- data.frame(r = c(0, 5, 9), n = c(20, 30, 40))
  own <- metaan(r, n, data = p, prp = TRUE)
  expect_equal(own$table$es[1:3], p$r / p$n, tolerance = 1e-10)
  expect_equal(own$r$eff, metaprop(r, n, data = p, random = TRUE, ftt = TRUE)$r$ES, tolerance = 1e-10)
  expect_error(metaan(r, n, data = data.frame(r = c(1, 9), n = c(3, 4)), prp = TRUE),
               class = "metaparity_error_studies")
})

test_that("metaan saves limits and tau-squared under the names of its help", {
  d <- data.frame(y = c(.4, .1, .3, .2, .35, .9), s = c(.1, .2, .15, .12, .3, .2))
  v <- metaan(y, s, data = d, reml = TRUE)
  expect_equal(v$r[c("Isq_lo", "Hsq_up", "tausq_reml")], v$r[c("Isqlo", "Hsqup", "tausq")], ignore_attr = TRUE)
  expect_equal(v$r$tausq_dl, metaan(y, s, data = d, dl = TRUE)$r$tausq)
  pl <- stata("metaan y s, pl", d)$r
  expect_equal(pl$tausqup_pl, metaan(y, s, data = d, pl = TRUE)$r$tausqup)
})
