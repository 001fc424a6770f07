test_that("predictions of the effects and of the random effects are metafor's", {
  for (d in moderator_sets()) {
    for (args in list(list(), list(test = "knha"), list(mods = ~x), list(method = "EE"))) {
      ours <- do.call(rma, c(list(d$yi, d$vi, data = d), args))
      theirs <- do.call(metafor_fit, c(list(d$yi, d$vi, data = d), args))
      for (verb in c("blup", "ranef")) {
        a <- get(verb, asNamespace("metaparity"))(ours)
        b <- getExportedValue("metafor", verb)(theirs)
        expect_same_fields(a, b, c("pred", "se", "pi.lb", "pi.ub"), scale = max(abs(b$pred)))
        expect_same_print(a, b)
      }
    }
  }
})

test_that("level, transformation and missing studies", {
  d <- moderator_sets()$bcg
  a <- blup(rma(yi, vi, data = d), level = 90, transf = exp)
  b <- metafor::blup(metafor_fit(d$yi, d$vi), level = 90, transf = exp)
  expect_same_fields(a, b, c("pred", "pi.lb", "pi.ub"))
  expect_same_print(a, b)
  d$yi[2] <- NA
  old <- options(na.action = "na.pass")
  on.exit(options(old))
  expect_equal(which(is.na(blup(suppressWarnings(rma(yi, vi, data = d)))$pred)), 2L)
})
