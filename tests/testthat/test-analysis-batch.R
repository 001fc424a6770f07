# Every row of a batch against the same call of rma(), rma.mh(), rma.peto() and the verbs behind `also`.

of_fit <- function(f) {
  c(f$k, f$beta[1L], f$se[1L], f$zval[1L], f$pval[1L], f$ci.lb[1L], f$ci.ub[1L], f$tau2, f$I2, f$H2, f$QE, f$QEp)
}
of_row <- function(b, i) {
  names(b)[names(b) == "tval"] <- "zval"
  unlist(b[i, batch_numbers], use.names = FALSE)
}

test_that("every row is what rma() gives, for every estimator and test", {
  d <- some_outcomes()
  compared <- 0L
  for (method in setdiff(tau2_methods, c("GENQ", "GENQM"))) for (test in c("z", "t", "knha", "adhoc")) {
    b <- calm(rma_batch(d$y, d$v, method = method, test = test))
    for (i in c(2, 3, 4, 17, 44, 60)) {
      f <- calm(rma(d$y[i, ], d$v[i, ], method = method, test = test))
      expect_gate(of_row(b, i), of_fit(f), "exact_solution")
      p <- stats::predict(f)
      if (!is.null(p$pi.lb) && f$k > 1) expect_gate(c(b$pi.lb[i], b$pi.ub[i]), c(p$pi.lb, p$pi.ub), "exact_solution")
      compared <- compared + 1L
    }
  }
  expect_gt(compared, 300L)
})

test_that("outcomes without an estimate keep their row and say why", {
  d <- some_outcomes()
  d$v[4, 2] <- -1
  d$y[5, 3] <- Inf
  expect_warning(b <- rma_batch(d$y, d$v), class = "metaparity_warning_studies")
  expect_identical(as.character(b$code[c(1, 2, 4, 5, 6)]), c("no study", "ok", "impossible data", "impossible data", "ok"))
  expect_true(all(is.na(b$estimate[c(1, 4, 5)])) && !anyNA(b$estimate[-c(1, 4, 5)]))
  expect_identical(b$k[2], 1L)
})

test_that("tables: effects, Mantel-Haenszel and Peto by every convention", {
  set.seed(3)
  n <- 25
  k <- 5
  a <- matrix(rbinom(n * k, 30, 0.1), n)
  c <- matrix(rbinom(n * k, 30, 0.15), n)
  size <- matrix(30, n, k)
  a[5, 2] <- NA
  a[6, ] <- c[6, ] <- 0
  for (measure in c("RR", "OR", "RD")) for (method in c("MH", "PETO", "REML", "DL")) {
    if (method == "PETO" && measure != "OR") next
    for (rules in c("metafor", "stata14", "revman5", "stata18")) {
      b <- calm(rma_batch(ai = a, n1i = size, ci = c, n2i = size, measure = measure, method = method, convention = rules))
      for (i in seq_len(n)) {
        args <- list(ai = a[i, ], n1i = size[i, ], ci = c[i, ], n2i = size[i, ], convention = rules)
        one <- switch(method, MH = quote(rma.mh), PETO = quote(rma.peto), quote(rma))
        if (method != "PETO") args$measure <- measure
        if (!method %in% c("MH", "PETO")) args$method <- method
        f <- tryCatch(calm(do.call(eval(one), args)), metaparity_error = function(e) NULL)
        if (is.null(f) || is.na(f$beta[1L])) expect_false(b$code[i] == "ok") else
          expect_gate(of_row(b, i), of_fit(f), "exact_solution")
      }
    }
  }
})

test_that("moderators of the studies, and of the rows of long data", {
  d <- some_outcomes(holes = 0.1)
  x <- c(1, 3, 2, 5, 8, 7, 4)
  b <- calm(rma_batch(d$y, d$v, mods = ~x, test = "knha"))
  expect_identical(as.character(b$code[1:3]), c("no study", "too few studies", "too few studies"))
  for (i in 4:12) {
    f <- calm(rma(d$y[i, ], d$v[i, ], mods = ~x, test = "knha"))
    expect_gate(c(b$estimate.x[i], b$se.x[i], b$tval.x[i], b$pval.intrcpt[i], b$QM[i], b$QMp[i], b$tau2[i], b$I2[i]),
                c(f$beta[2], f$se[2], f$zval[2], f$pval[1], f$QM, f$QMp, f$tau2, f$I2), "exact_solution")
  }
  long <- data.frame(y = as.vector(t(d$y)), v = as.vector(t(d$v)), o = rep(1:60, each = 7), x = rep(x, 60))
  e <- calm(rma_batch(y, v, outcome = o, mods = ~x, data = long, test = "knha"))
  expect_gate(e$estimate.x[4:60], b$estimate.x[4:60], "exact_solution")
  expect_error(rma_batch(d$y, d$v, mods = ~x, also = "egger"), class = "metaparity_error_input")
})

test_that("groups are pooled and compared as rma(by =) does", {
  d <- some_outcomes(holes = 0)
  g <- c("a", "b", "a", "b", "b", "a", "a")
  b <- calm(rma_batch(d$y, d$v, by = g, method = "DL"))
  long <- data.frame(y = as.vector(t(d$y)), v = as.vector(t(d$v)), o = rep(1:60, each = 7), g = rep(g, 60))
  e <- calm(rma_batch(y, v, outcome = o, by = g, data = long, method = "DL"))
  for (i in 4:9) {
    f <- rma(d$y[i, ], d$v[i, ], by = g, method = "DL")
    want <- c(f$between$Q, f$between$pval, f$groups$a$beta, f$groups$b$tau2)
    expect_gate(c(b$QB[i], b$QBp[i], b$estimate.a[i], b$tau2.b[i]), want, "exact_solution")
    expect_gate(c(e$QB[i], e$QBp[i], e$estimate.a[i], e$tau2.b[i]), want, "exact_solution")
  }
})

test_that("bias tests, trim and fill and leave-one-out are those of their verbs", {
  d <- some_outcomes(holes = 0)
  b <- calm(rma_batch(d$y, d$v, method = "DL", also = c("egger", "begg", "trimfill", "leave1out")))
  for (i in 4:10) {
    f <- rma(d$y[i, ], d$v[i, ], method = "DL")
    egger <- regtest(f, model = "lm")
    begg <- ranktest(f)
    filled <- trimfill(f)
    without <- leave1out(f)
    expect_gate(c(b$egger.p[i], b$begg[i], b$begg.p[i], b$k0[i], b$filled[i], b$lowest[i], b$highest[i], b$largest.p[i]),
                c(egger$pval, begg$tau, begg$pval, filled$k0, filled$beta, min(without$estimate), max(without$estimate),
                  max(without$pval)), "exact_solution")
  }
  expect_error(rma_batch(d$y, d$v, also = "begs"), class = "metaparity_error_input")
})

test_that("results are scale-free and empty input is an empty table", {
  d <- some_outcomes(holes = 0)
  b <- calm(rma_batch(d$y, d$v))
  s <- calm(rma_batch(1e-6 * d$y, 1e-12 * d$v))
  expect_gate(s$estimate[4:60] * 1e6, b$estimate[4:60], "scale_free")
  expect_gate(s$tau2[4:60] * 1e12, b$tau2[4:60], "scale_free")
  none <- rma_batch(d$y[0, , drop = FALSE], d$v[0, , drop = FALSE])
  expect_identical(nrow(none), 0L)
})

test_that("a design without an intercept has its omnibus test", {
  y <- rbind(c(0.1, 0.4, -0.2, 0.6), c(0.3, 0.1, 0.2, 0.9))
  b <- rma_batch(y, matrix(0.1, 2, 4), mods = cbind(x = 1:4), intercept = FALSE)
  f <- rma(y[1, ], rep(0.1, 4), mods = cbind(x = 1:4), intercept = FALSE)
  expect_gate(c(b$estimate.x[1], b$QM[1], b$QMp[1]), c(f$beta[1], f$QM, f$QMp), "exact_solution")
})

test_that("prediction limits follow the convention", {
  d <- list(y = rbind(c(.1, .4, .9, -.2, .3), c(.5, .2, NA, NA, 1), c(NA, .2, NA, NA, 1)), v = matrix(c(.02, .03, .05), 3, 5))
  for (convention in names(conventions())) for (test in c("z", "knha")) {
    b <- calm(rma_batch(d$y, d$v, method = "DL", test = test, convention = convention))
    for (i in 1:3) {
      p <- calm(predict(rma(d$y[i, ], d$v[i, ], method = "DL", test = test, convention = convention)))
      expect_gate(c(b$pi.lb[i], b$pi.ub[i]), c(p$pi.lb, p$pi.ub), "exact_solution")
    }
  }
})
