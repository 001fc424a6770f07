trials <- function() {
  d <- metadat::dat.bcg
  data.frame(a = d$tpos, b = d$tneg, c = d$cpos, d = d$cneg, ablat = d$ablat, year = d$year,
             al = match(d$alloc, c("alternate", "random", "systematic")))
}

esize <- "quietly meta esize a b c d, esize(lnrratio)"

test_that("a test of all moderators is the model's own test, and metafor's", {
  skip_if_not_installed("metadat")
  run <- stata(c(esize, "quietly meta regress ablat year", "test ablat year"), trials())
  expect_equal(run$log, c("", " ( 1)  ablat = 0", " ( 2)  year = 0", "", "           chi2(  2) =   12.20",
                          "         Prob > chi2 =    0.0022"))
  skip_if_not_installed("metafor")
  d <- metafor::escalc("RR", ai = a, bi = b, ci = c, di = d, data = trials())
  fit <- metafor::rma(yi, vi, mods = ~ ablat + year, data = d,
                      control = list(threshold = 1e-13, maxiter = 1000))
  expect_equal(run$r$chi2, fit$QM, tolerance = 1e-6)
  two <- stata(c(esize, "quietly meta regress ablat year", "test ablat = 2*year"), trials())
  expect_equal(two$log[2], " ( 1)  ablat - 2*year = 0")
  expect_equal(two$r$chi2, anova(fit, X = c(0, 1, -2))$QM, tolerance = 1e-6)
  one <- stata(c(esize, "quietly meta regress ablat year", "lincom 10*ablat + _cons"), trials())
  theirs <- predict(fit, newmods = c(10, 0))
  expect_equal(unlist(one$r[c("estimate", "se", "lb", "ub")], use.names = FALSE),
               c(theirs$pred, theirs$se, theirs$ci.lb, theirs$ci.ub), tolerance = 1e-6)
  expect_equal(one$log[5], "    _meta_es | Coefficient  Std. err.      z    P>|z|     [95% conf. interval]")
})

test_that("F tests have the residual degrees of freedom; hypotheses that follow are dropped", {
  skip_if_not_installed("metadat")
  run <- stata(c(esize, "quietly meta regress i.al, se(khartung)", "test (2.al = 0) (2*2.al = 0) (3.al)"), trials())
  expect_equal(run$log[5], "       Constraint 2 dropped")
  expect_equal(run$r$df, 2)
  expect_equal(run$r$df_r, 10)
  expect_equal(run$r$F, 0.97, tolerance = 0.01)
})

test_that("the base level of a factor stands among the coefficients, with zeros", {
  skip_if_not_installed("metadat")
  run <- stata(c(esize, "quietly meta regress i.al", "display _b[1.al] _b[1b.al]", "lincom 3.al - 1.al"), trials())
  expect_equal(run$log[1], "00")
  expect_equal(run$log[3], " ( 1)  - 1b.al + 3.al = 0")
  e <- utils::tail(run$results, 1L)[[1L]]$r
  expect_identical(colnames(e$b), c("1b.al", "2.al", "3.al", "_cons"))
  expect_identical(unname(e$V[1L, ]), numeric(4))
  other <- stata(c(esize, "quietly meta regress ib2.al", "matrix x = r(table)", "display x[1,2] x[2,2]"), trials())
  expect_identical(colnames(other$results[[2L]]$r$b), c("1.al", "2b.al", "3.al", "_cons"))
  expect_equal(other$log, "0.")
})

test_that("what is no linear combination is Stata's error", {
  skip_if_not_installed("metadat")
  fails <- function(line) tryCatch(stata(c(esize, "quietly meta regress ablat", line), trials()), error = identity)$rc
  expect_equal(fails("lincom ablat*ablat"), 131L)
  expect_equal(fails("lincom ablat + 1"), 198L)
  expect_equal(fails("test nothing"), 111L)
  expect_equal(tryCatch(stata("lincom x", data.frame(x = 1)), error = identity)$rc, 301L)
})

test_that("coefficients of interactions may be written in any order", {
  d <- data.frame(y = c(1, 3, 2, 5, 4, 6, 2, 8), x = c(1, 2, 4, 3, 5, 7, 6, 9), g = rep(0:1, 4))
  fit <- stats::lm(y ~ x * factor(g), d)
  slope <- sum(stats::coef(fit)[c(2, 4)])
  found <- function(model, form) {
    as.numeric(utils::tail(stata(c(paste("quietly regress", model), paste("quietly lincom", form),
                                   "display %21.17f r(estimate)"), d)$log, 1L))
  }
  for (model in c("y i.g##c.x", "y c.x##i.g")) for (form in c("x + 1.g#c.x", "c.x + c.x#1.g")) {
    expect_gate(found(model, form), slope, "exact_solution")
  }
})

test_that("Stata's commands that are not here are told as such", {
  for (line in c("strate g", "mhodds y x", "nestreg: regress y x")) {
    expect_error(stata(line, data.frame(y = 1:3, x = 1:3, g = 1)), class = "metaparity_error_stata_gap")
  }
  expect_error(stata("anova y a / b|a", data.frame(y = 1:4, a = c(1, 1, 2, 2), b = 1:4)), class = "metaparity_error_stata_gap")
})
