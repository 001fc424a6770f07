robust_fields_compared <- c("se", "zval", "pval", "ci.lb", "ci.ub", "vb", "QM", "QMdf", "QMp", "ddf", "n",
                            "vbest", "robumethod", "test")

test_that("CR0, CR1 and CR2 are metafor's, and print alike", {
  skip_if_not_installed("clubSandwich")
  for (d in moderator_sets()) for (mods in list(~1, ~x)) {
    ours <- rma(yi, vi, mods = mods, data = d)
    theirs <- metafor_fit(d$yi, d$vi, mods = mods, data = d)
    for (args in list(list(adjust = FALSE), list(), list(clubSandwich = TRUE))) {
      a <- do.call(robust, c(list(ours, d$cluster), args))
      b <- suppressMessages(do.call(metafor::robust, c(list(theirs, d$cluster), args)))
      expect_same_fields(a, b, robust_fields_compared)
      expect_identical(as.numeric(a$tcl), as.numeric(b$tcl))
      expect_same_print(a, b)
      if (ours$p > 1) {
        expect_gate(anova(a, X = c(1, 2))$pval, anova(b, X = c(1, 2))$pval, "robust_f")
        expect_gate(anova(a, btt = 1:2)$QMp, anova(b, btt = 1:2)$QMp, "robust_f")
      }
    }
  }
})

test_that("weights of the user's own and unweighted fits agree", {
  d <- moderator_sets()$school
  w <- seq_len(nrow(d))
  theirs <- list(metafor_fit(d$yi, d$vi, weights = w, mods = ~x, data = d),
                 metafor_fit(d$yi, d$vi, mods = ~x, data = d, weighted = FALSE))
  ours <- list(rma(yi, vi, weights = w, mods = ~x, data = d), rma(yi, vi, mods = ~x, data = d, weighted = FALSE))
  for (i in 1:2) {
    a <- robust(ours[[i]], cluster = cluster)
    b <- metafor::robust(theirs[[i]], cluster = d$cluster)
    expect_same_fields(a, b, c(robust_fields_compared, "meat"))
  }
})

test_that("every study a cluster without correction is White's variance", {
  d <- moderator_sets()$bcg
  a <- robust(rma(yi, vi, data = d), cluster = seq_len(nrow(d)), adjust = FALSE)
  w <- 1 / (d$vi + a$tau2)
  e <- d$yi - as.numeric(a$beta)
  expect_gate(a$vb, sum(w^2 * e^2) / sum(w)^2, "closed_form")
})

test_that("subsets, missing clusters and too few clusters", {
  d <- moderator_sets()$bcg
  d$yi[3] <- NA
  fit <- suppressWarnings(rma(yi, vi, data = d, subset = -1))
  expect_equal(robust(fit, cluster = cluster)$cluster, d$cluster[-c(1, 3)])
  d$cluster[5] <- NA
  fit <- suppressWarnings(rma(yi, vi, data = d))
  expect_error(robust(fit, cluster = cluster), class = "metaparity_error_studies")
  expect_error(robust(fit, cluster = rep(1, 13)), class = "metaparity_error_input")
  expect_error(robust(fit), class = "metaparity_error_input")
  expect_error(robust(robust(fit, cluster = 1:13), cluster = 1:13), class = "metaparity_error_input")
})

# Two codings of one cluster with a level of its own, the others in three clusters.
lone_cluster <- data.frame(yi = c(.1, .4, .3, .8, .2, .6, .5, 1.1), vi = c(.05, .04, .06, .03, .05, .04, .07, .02),
                           g = rep(letters[1:4], each = 2), own = rep(0:1, c(6, 2)), year = 2001:2008)
lone_cluster$rest <- 1 - lone_cluster$own

# The sandwich written out: which coefficients have no score in any cluster whatever the data.
scores_written_out <- function(X, w, cluster) {
  M <- solve(crossprod(X, w * X))
  left <- diag(nrow(X)) - X %*% M %*% t(w * X)
  rows <- split(seq_len(nrow(X)), cluster)
  sapply(rows, function(j) sqrt(rowSums((M %*% t(X[j, , drop = FALSE]) %*% (w[j] * left[j, , drop = FALSE]))^2)))
}

test_that("what one cluster alone determines is missing with a warning, of every type", {
  fit <- rma(yi, vi, mods = ~ 0 + own + rest, data = lone_cluster)
  reference <- sapply(split(lone_cluster, lone_cluster$own), function(s) {
    w <- 1 / (s$vi + fit$tau2)
    e <- w * (s$yi - sum(w * s$yi) / sum(w))
    sqrt(sum(tapply(e, s$g, sum)^2)) / sum(w)
  })
  for (args in list(list(adjust = FALSE), list(), list(clubSandwich = TRUE))) {
    expect_warning(a <- do.call(robust, c(list(fit, lone_cluster$g), args)), class = "metaparity_warning_input")
    for (field in c("se", "zval", "pval", "ci.lb", "ci.ub"))
      expect_identical(is.na(a[[field]]), c(TRUE, FALSE), info = field)
    expect_identical(is.na(a$QM), TRUE)
    expect_identical(is.na(as.numeric(a$vb)), c(TRUE, TRUE, TRUE, FALSE))
    p <- predict(a, newmods = rbind(c(1, 0), c(0, 1), c(1, 1)))
    expect_identical(is.na(p$se), c(TRUE, FALSE, FALSE))
    expect_identical(is.na(p$pi.lb), c(TRUE, FALSE, FALSE))
    expect_equal(p$se[2], a$se[2])
    expect_identical(is.na(anova(a, X = rbind(c(1, 0), c(0, 1)))$se), c(TRUE, FALSE))
    expect_true(is.na(anova(a, btt = 1)$QM))
    expect_gate(anova(a, btt = 2)$QMp, a$pval[2], "closed_form")
  }
  a <- suppressWarnings(robust(fit, cluster = g, adjust = FALSE))
  expect_gate(a$se[2], reference[["0"]], "closed_form")
  single <- lone_cluster[-8, ]
  expect_warning(a <- robust(rma(yi, vi, mods = ~ 0 + own + rest, data = single), cluster = g, clubSandwich = TRUE),
                 class = "metaparity_warning_input")
  expect_identical(is.na(a$se), c(TRUE, FALSE))
})

test_that("what a cluster determines in part is said, and the combination that it determines alone is missing", {
  for (mods in list(~own, ~ own + I(rest * year))) {
    fit <- rma(yi, vi, mods = mods, data = lone_cluster)
    for (cr2 in c(FALSE, TRUE)) {
      expect_warning(a <- robust(fit, cluster = g, clubSandwich = cr2), class = "metaparity_warning_input")
      expect_false(anyNA(a$se))
      at <- as.matrix(data.frame(1, c(1, 0), 0)[, seq_len(fit$p)])
      expect_identical(is.na(anova(a, X = at)$se), c(TRUE, FALSE))
      scores <- scores_written_out(fit$X, 1 / (fit$vi + fit$tau2), lone_cluster$g)
      expect_true(all(scores[, "d"] < 1e-10 * max(scores)))
    }
  }
  expect_no_warning(robust(rma(yi, vi, mods = ~year, data = lone_cluster), cluster = g))
  expect_no_warning(robust(rma(yi, vi, mods = ~year, data = lone_cluster), cluster = seq_len(8), clubSandwich = TRUE))
})

test_that("large random designs: missing exactly where the sandwich written out has no score", {
  set.seed(7)
  for (i in 1:20) {
    n <- sample(5:12, 1)
    g <- rep(seq_len(n), sample(1:4, n, replace = TRUE))
    d <- data.frame(yi = rnorm(length(g)), vi = exp(rnorm(length(g))), own = as.numeric(g == 1),
                    rest = as.numeric(g != 1),
                    x = rnorm(length(g)) * (g != 1) * 10^sample(-3:4, 1))
    fit <- rma(yi, vi, mods = ~ 0 + own + rest + x, data = d, method = "DL")
    scores <- scores_written_out(fit$X, 1 / (fit$vi + fit$tau2), g)
    none <- apply(scores, 1, max) < 1e-9 / sqrt(diag(crossprod(fit$X)))
    for (cr2 in c(FALSE, TRUE)) {
      a <- suppressWarnings(robust(fit, cluster = g, clubSandwich = cr2))
      expect_identical(is.na(a$se), as.vector(none))
    }
  }
})

test_that("estimators and tests of clubSandwich agree with metafor", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("clubSandwich")
  d <- data.frame(yi = bcg_effects$yi, vi = bcg_effects$vi, x = c(44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33),
                  year = c(48, 49, 60, 77, 73, 53, 73, 80, 68, 61, 74, 69, 76), lab = rep(1:7, length.out = 13))
  fields <- c("se", "zval", "pval", "ci.lb", "ci.ub", "vb", "QM", "QMdf", "QMp", "ddf")
  same <- function(mods, ...) {
    ours <- robust(rma(yi, vi, mods = mods, data = d, method = "DL"), cluster = lab, clubSandwich = TRUE, ...)
    theirs <- metafor::robust(metafor::rma(yi, vi, mods = mods, data = d, method = "DL"), cluster = d$lab,
                              clubSandwich = TRUE, ...)
    for (field in fields) expect_equal(c(ours[[field]]), c(theirs[[field]]), tolerance = 1e-6, ignore_attr = TRUE,
                                       info = field)
    for (field in c("vbest", "coef_test", "conf_test", "wald_test")) expect_identical(ours[[field]], theirs[[field]])
    expect_equal(utils::tail(utils::capture.output(print(ours)), 3L),
                 utils::tail(utils::capture.output(print(theirs)), 3L))
    expect_equal(predict(ours)$ci.lb, predict(theirs)$ci.lb, tolerance = 1e-6)
    L <- diag(length(ours$beta))
    for (part in c("pval", "QM", "QMdf", "QMp")) {
      expect_equal(anova(ours, X = L)[[part]], anova(theirs, X = L)[[part]], tolerance = 1e-6, ignore_attr = TRUE)
    }
  }
  for (mods in list(~ 1, ~ x, ~ x + year)) {
    for (type in c("CR0", "CR1", "CR1p", "CR1S", "CR2", "CR3")) same(mods, vcov = type)
    for (test in c("z", "naive-t", "naive-tp", "Satterthwaite")) {
      same(mods, coef_test = test)
      same(mods, conf_test = test)
    }
    for (test in c("chi-sq", "Naive-F", "Naive-Fp", "HTZ", "HTA", "HTB", "EDF", "EDT")) same(mods, wald_test = test)
    same(mods, vcov = "CR3", coef_test = "naive-t", conf_test = "z", wald_test = "Naive-Fp")
  }
  fit <- rma(yi, vi, data = d)
  for (bad in list(list(vcov = "CR9"), list(coef_test = "t"), list(conf_test = 3), list(wald_test = c("HTZ", "EDF")))) {
    expect_error(do.call(robust, c(list(fit, cluster = d$lab, clubSandwich = TRUE), bad)),
                 class = "metaparity_error_input")
  }
  expect_warning(robust(fit, cluster = lab, vcov = "CR0"), class = "metaparity_warning_unknown")
})

test_that("every test of clubSandwich has its numbers, with correlated estimates too", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("clubSandwich")
  d <- data.frame(yi = bcg_effects$yi, vi = bcg_effects$vi, x = c(44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33),
                  year = c(48, 49, 60, 77, 73, 53, 73, 80, 68, 61, 74, 69, 76), lab = rep(1:7, length.out = 13))
  fits <- list(
    list(rma(yi, vi, mods = ~ x + year, data = d, method = "DL"),
         metafor::rma(yi, vi, mods = ~ x + year, data = d, method = "DL")),
    list(rma(yi, vi, mods = ~ x + year, weights = 1 / sqrt(vi), data = d, method = "DL"),
         metafor::rma(yi, vi, mods = ~ x + year, weights = 1 / sqrt(vi), data = d, method = "DL")),
    list(rma.mv(yi, vi, mods = ~ x + year, random = ~ 1 | lab, data = d),
         metafor::rma.mv(yi, vi, mods = ~ x + year, random = ~ 1 | lab, data = d)))
  for (both in fits) for (type in c("CR0", "CR2")) {
    V <- clubSandwich::vcovCR(both[[2L]], cluster = d$lab, type = type)
    for (set in list(2:3, 1:3, 3L)) for (test in c("chi-sq", "Naive-F", "Naive-Fp", "HTA", "HTB", "HTZ", "EDF", "EDT")) {
      ours <- anova(robust(both[[1L]], cluster = d$lab, clubSandwich = TRUE, vcov = type, wald_test = test), btt = set)
      theirs <- clubSandwich::Wald_test(both[[2L]], clubSandwich::constrain_zero(set), vcov = V, test = test)
      expect_equal(c(ours$QM, ours$QMdf, ours$QMp), unlist(theirs[c("Fstat", "df_num", "df_denom", "p_val")]),
                   tolerance = 1e-6, ignore_attr = TRUE, info = paste(type, test, toString(set)))
    }
  }
})

# clubSandwich finds the saddlepoint within 1e-4; its formula with the exact root decides.
test_that("saddlepoint p values are clubSandwich's", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("clubSandwich")
  saddlepoint <- function(t2, P) {
    values <- pmax(0, eigen(P, TRUE, TRUE)$values)
    g <- c(1, -t2 * values / sum(values))
    slope <- function(s) sum(g / (1 - 2 * g * s))
    ends <- if (t2 < 1) c(1 / (2 * min(g)) * (1 - 1e-12), 0) else c(0, 0.5 * (1 - 1e-12))
    s <- stats::uniroot(slope, ends, tol = 1e-14)$root
    r <- sign(s) * sqrt(sum(log(1 - 2 * g * s)))
    q <- s * sqrt(2 * sum((g / (1 - 2 * g * s))^2))
    1 - stats::pnorm(r) - stats::dnorm(r) * (1 / r - 1 / q)
  }
  d <- data.frame(yi = bcg_effects$yi, vi = bcg_effects$vi, x = c(44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33),
                  lab = rep(1:7, length.out = 13))
  theirs <- metafor::rma(yi, vi, mods = ~ x, data = d, method = "DL")
  ours <- robust(rma(yi, vi, mods = ~ x, data = d, method = "DL"), cluster = lab, clubSandwich = TRUE,
                 coef_test = "saddlepoint")
  V <- clubSandwich::vcovCR(theirs, cluster = d$lab, type = "CR2")
  test <- clubSandwich::coef_test(theirs, vcov = V, test = "saddlepoint")
  expect_equal(ours$pval, test$p_saddle, tolerance = 1e-3)
  P <- clubSandwich:::get_P_array(clubSandwich:::get_GH(theirs, V))
  exact <- vapply(1:2, function(i) saddlepoint(test$tstat[i]^2, P[, , i]), 0)
  expect_equal(ours$pval, exact, tolerance = 1e-8)
  expect_identical(ours$conf_test, "Satterthwaite")
  expect_true(all(is.na(ours$ddf)))
  satterthwaite <- robust(rma(yi, vi, mods = ~ x, data = d, method = "DL"), cluster = lab, clubSandwich = TRUE)
  expect_identical(ours$ci.lb, satterthwaite$ci.lb)
  expect_identical(anova(ours, X = c(0, 1))$pval, ours$pval[2L])
  mean <- robust(rma(yi, vi, data = d), cluster = lab, clubSandwich = TRUE, coef_test = "saddlepoint")
  expect_identical(mean$QMp, mean$pval)
  expect_output(print(mean), "cluster-robust")
})
