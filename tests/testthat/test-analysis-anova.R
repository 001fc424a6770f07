fields_btt <- c("QM", "QMdf", "QMp", "btt", "k", "p", "m", "test", "type")
fields_x <- c("QM", "QMp", "Xb", "se", "zval", "pval", "ddf", "m", "hyp", "type")
fields_lrt <- c("fit.stats.f", "fit.stats.r", "parms.f", "parms.r", "LRT", "pval", "QE.f", "QE.r", "tau2.f",
                "tau2.r", "R2", "method")

test_that("Wald tests of coefficients and combinations are metafor's", {
  for (d in moderator_sets()) for (test in c("z", "knha")) {
    ours <- rma(yi, vi, mods = ~ x + g, data = d, test = test)
    theirs <- metafor_fit(d$yi, d$vi, mods = ~ x + g, data = d, test = test)
    p <- ours$p
    L <- rbind(c(1, 2, rep(0, p - 2)), c(0, -0.5, rep(1, p - 2)))
    calls <- list(list(), list(btt = 2), list(btt = "^g"), list(btt = -1, rhs = 0.1))
    for (args in calls) expect_same_fields(do.call(anova, c(list(ours), args)), do.call(anova, c(list(theirs), args)),
                                           fields_btt)
    for (args in list(list(X = L), list(X = L[1, ]), list(X = L, rhs = c(0.1, 0.2), adjust = "holm"),
                      list(X = L[, -1]))) {
      a <- do.call(anova, c(list(ours), args))
      b <- do.call(anova, c(list(theirs), args))
      expect_same_fields(a, b, fields_x)
      expect_same_print(a, b)
      expect_same_print(a, b, digits = 2)
    }
    several <- list("x", "g", 1:2)
    a <- anova(ours, btt = several, adjust = TRUE)
    b <- anova(theirs, btt = several, adjust = TRUE)
    expect_identical(names(a), names(b))
    for (i in 1:3) expect_same_fields(a[[i]], b[[i]], fields_btt)
    expect_same_print(a, b)
    expect_same_print(anova(ours), anova(theirs))
  }
})

test_that("redundant combinations have no omnibus test", {
  d <- moderator_sets()$bcg
  a <- anova(rma(yi, vi, mods = ~x, data = d), X = rbind(c(1, 2), c(2, 4)))
  expect_true(is.na(a$QM))
  expect_same_print(a, anova(metafor_fit(d$yi, d$vi, mods = ~x, data = d), X = rbind(c(1, 2), c(2, 4))))
})

test_that("likelihood ratio tests are metafor's", {
  for (d in moderator_sets()) for (method in c("ML", "REML", "EE")) {
    fits <- list(ours = list(rma(yi, vi, data = d, method = method), rma(yi, vi, mods = ~x, data = d, method = method)),
                 theirs = list(metafor_fit(d$yi, d$vi, data = d, method = method),
                               metafor_fit(d$yi, d$vi, mods = ~x, data = d, method = method)))
    both <- lapply(fits, function(f) anova(f[[1]], f[[2]], refit = FALSE) |> suppressWarnings())
    scale <- c(R2 = 100, LRT = 1)
    expect_same_fields(both$ours, both$theirs, fields_lrt, scale = scale)
    expect_same_print(both$ours, both$theirs)
    expect_equal(names(as.data.frame(both$ours)), names(as.data.frame(both$theirs)))
  }
})

test_that("refitting compares by ML and heterogeneity is tested against tau2 = 0", {
  d <- moderator_sets()$bcg
  a <- rma(yi, vi, data = d)
  b <- rma(yi, vi, mods = ~x, data = d)
  expect_warning(anova(a, b), class = "metaparity_warning_input")
  by_ml <- anova(update(a, method = "ML"), update(b, method = "ML"))
  expect_gate(anova(a, b, refit = TRUE)$LRT, by_ml$LRT, "closed_form")
  expect_equal(anova(a, b, refit = TRUE)$method, "ML")
  flat <- anova(a, update(a, method = "EE"))
  expect_gate(flat$LRT, 2 * (logLik(a) - logLik(update(a, method = "EE"), REML = TRUE)), "closed_form")
})

test_that("wrong requests are named", {
  d <- moderator_sets()$bcg
  a <- rma(yi, vi, mods = ~x, data = d)
  wrong <- list(list(X = 1:3), list(X = "a"), list(btt = 9), list(btt = "zz"), list(rhs = 1:5),
                list(adjust = "none such"),
                list(X = c(0, 0)), list(object2 = a), list(object2 = rma(d$yi[-1], d$vi[-1])), list(att = 1))
  expect_warning(anova(a, zzz = 1), class = "metaparity_warning_unknown")
  for (args in wrong) expect_error(do.call(anova, c(list(a), args)), class = "metaparity_error_input")
})

test_that("a text may be taken as it is", {
  d <- moderator_sets()$bcg
  fit <- rma(yi, vi, mods = ~ x + g, data = d)
  expect_identical(anova(fit, btt = "x", fixed = TRUE)$QM, anova(fit, btt = 2)$QM)
  expect_error(anova(fit, btt = "^x", fixed = TRUE), class = "metaparity_error_input")
})
