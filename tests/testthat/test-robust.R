robust_fields_compared <- c("se", "zval", "pval", "ci.lb", "ci.ub", "vb", "QM", "QMdf", "QMp", "ddf", "n", "vbest", "robumethod", "test")

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
  theirs <- list(metafor_fit(d$yi, d$vi, weights = w, mods = ~x, data = d), metafor_fit(d$yi, d$vi, mods = ~x, data = d, weighted = FALSE))
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
