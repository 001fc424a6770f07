# Subgroup analyses: identities of the between-group test, agreement with separate fits and with metafor.

test_that("groups are the fits of their studies, in the documented order", {
  d <- sub_data()
  fit <- rma(est, v, data = d, by = arm)
  expect_s3_class(fit, c("metaparity_subgroup", "metaparity"), exact = TRUE)
  expect_named(fit$groups, c("b", "a", "c"))
  alone <- rma(est, v, data = d, subset = arm == "a")
  for (name in c("beta", "se", "tau2", "QE", "I2", "ci.lb")) expect_identical(fit$groups$a[[name]], alone[[name]])
  whole <- rma(est, v, data = d)
  expect_identical(fit$overall$beta, whole$beta)
  expect_identical(fit$groups$a$ids, 3:5)
  expect_identical(as.character(fit$by), d$arm)
  expect_identical(fit$by_name, "arm")
  expect_named(rma(est, v, data = d, by = year)$groups, c("1", "2"))
  expect_named(rma(est, v, data = d, by = factor(arm, c("c", "a", "b")))$groups, c("c", "a", "b"))
  expect_equal(coef(rma(est, v, data = d, subgroup = arm)), coef(fit))
})

test_that("the common-effect test between groups is the total Q minus the Q within", {
  d <- sub_data()
  fit <- rma(est, v, data = d, by = arm, method = "EE")
  within <- sum(vapply(fit$groups, `[[`, 0, "QE"))
  expect_gate(fit$between$Q, fit$overall$QE - within, "closed_form")
  expect_identical(fit$between$df, 2L)
  expect_gate(fit$between$pval, pchisq(fit$between$Q, 2, lower.tail = FALSE), "closed_form")
})

test_that("the random-effects test between groups is Q of the group estimates in metafor", {
  skip_if_not_installed("metafor")
  d <- sub_data()
  for (test in c("z", "knha")) {
    fit <- rma(est, v, data = d, by = arm, method = "DL", test = test)
    groups <- as.data.frame(fit)[1:3, ]
    theirs <- metafor::rma(groups$estimate, sei = groups$se, method = "EE")
    expect_gate(fit$between$Q, theirs$QE, "metafor_closed")
    expect_gate(fit$between$pval, theirs$QEp, "metafor_closed")
  }
})

test_that("the random-effects test is that of meta", {
  skip_if_not_installed("meta")
  d <- sub_data()
  fit <- rma(est, v, data = d, by = arm, method = "DL")
  theirs <- meta::metagen(d$est, sqrt(d$v), subgroup = d$arm, method.tau = "DL")
  expect_gate(fit$between$Q, theirs$Q.b.random, "metafor_closed")
  common <- rma(est, v, data = d, by = arm, method = "EE")
  expect_gate(common$between$Q, theirs$Q.b.common, "metafor_closed")
})

test_that("a group of one study is kept without a word", {
  d <- sub_data()
  d$arm[3:4] <- "b"
  expect_silent(fit <- rma(est, v, data = d, by = arm, test = "knha"))
  expect_identical(fit$groups$a$k, 1L)
  expect_identical(fit$groups$a$beta[1L], d$est[5])
  expect_gate(fit$groups$a$se, sqrt(d$v[5]), "closed_form")
  expect_identical(fit$groups$a$tau2, 0)
  expect_identical(fit$groups$a$test, "z")
  expect_identical(rma(est, v, data = d, by = rep(1, 8))$between[c("Q", "df", "pval")], list(Q = 0, df = 0L, pval = 1))
})

test_that("missing groups and values leave the analysis with one warning that names the rows", {
  d <- sub_data()
  d$arm[2] <- NA
  d$est[7] <- NA
  expect_warning(fit <- rma(est, v, data = d, by = arm), class = "metaparity_warning_dropped")
  expect_identical(fit$overall$dropped$row, c(2L, 7L))
  expect_identical(fit$overall$dropped$reason, c("by", "yi"))
  expect_identical(fit$k, 6L)
  expect_length(fit$by, 6L)
  expect_identical(vapply(fit$groups, `[[`, 0L, "k"), c(b = 2L, a = 3L, c = 1L))
})

test_that("wrong groupings are classed errors", {
  d <- sub_data()
  expect_error(rma(est, v, data = d, by = c("a", "b")), class = "metaparity_error_input")
  expect_error(rma(est, v, data = d, by = nothing), class = "metaparity_error_input")
  expect_error(rma(est, v, data = d, by = arm, mods = ~year), class = "metaparity_error_input")
  expect_error(rma(est, v, data = d, by = NA), class = "metaparity_error_input")
})

test_that("accessors and data frame carry groups and total", {
  d <- sub_data()
  fit <- rma(est, v, data = d, by = arm)
  expect_named(coef(fit), c("b", "a", "c", "overall"))
  expect_named(se(fit), c("b", "a", "c", "overall"))
  expect_identical(weights(fit), weights(fit$overall))
  expect_identical(nobs(fit), 8L)
  table <- as.data.frame(fit)
  expect_identical(table$group, c("b", "a", "c", "overall"))
  expect_identical(table$k, c(3L, 3L, 2L, 8L))
  expect_identical(table$estimate, unname(coef(fit)))
  expect_identical(update(fit, method = "EE")$between$Q, rma(est, v, data = d, by = arm, method = "EE")$between$Q)
})
