test_that("results of metafor go to metafor's own methods", {
  skip_if_not_installed("metafor")
  fit <- metafor::rma(c(0.1, 0.5, -0.2, 0.9), c(0.1, 0.2, 0.05, 0.4), method = "DL")
  expect_identical(leave1out(fit), metafor::leave1out(fit))
  expect_equal(trimfill(fit)$k0, metafor::trimfill(fit)$k0)
  expect_equal(cumul(fit)$estimate, metafor::cumul(fit)$estimate)
  expect_equal(regtest(fit)$pval, metafor::regtest(fit)$pval)
  expect_equal(ranktest(fit)$pval, metafor::ranktest(fit)$pval)
  expect_equal(se(fit), metafor::se(fit))
})

test_that("metafor's generics find our methods", {
  skip_if_not_installed("metafor")
  loadNamespace("metafor")
  fit <- rma(c(0.1, 0.5, -0.2, 0.9), c(0.1, 0.2, 0.05, 0.4), method = "DL")
  expect_s3_class(metafor::leave1out(fit), "metaparity_leave1out")
  expect_s3_class(metafor::cumul(fit), "metaparity_cumul")
  expect_s3_class(metafor::trimfill(fit), "metaparity_trimfill")
})

test_that("se() works on any fit with a vcov() method", {
  fit <- stats::lm(dist ~ speed, data = datasets::cars)
  expect_equal(se(fit), sqrt(diag(stats::vcov(fit))))
})

test_that("an object without a method gives an error", {
  expect_error(trimfill(structure(list(), class = "unknown_class")))
})

test_that("metafor's objects reach metafor's functions also while metafor is attached", {
  skip_if_not_installed("metafor")
  attached <- "package:metafor" %in% search()
  if (!attached) {
    suppressMessages(attachNamespace("metafor"))
    on.exit(detach("package:metafor"))
  }
  theirs <- metafor::rma(c(0.1, 0.4, 0.2), c(0.1, 0.2, 0.1))
  expect_true(is_foreign(theirs, "forest"))
  expect_s3_class(leave1out(theirs), "list.rma")
})
