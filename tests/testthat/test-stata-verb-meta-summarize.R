for (id in grep("summ|fixed_mh|cumulative|subgroup", stata_fixture("suite-cases.csv")$id, value = TRUE)) {
  test_that(paste("printed numbers come back:", id), {
    expect_suite_case(id)
  })
}

test_that("several subgroups, leave-one-out, sort, predinterval, fixed tau2", {
  m <- suite_magnesium()
  v <- meta_summarize(m, subgroup = c(year, trial))
  expect_length(v$sets, 2L)
  expect_equal(v$sets$trial$between$df, 15L)
  loo <- meta_summarize(m, leaveoneout = TRUE, random = "dl")
  f <- leave1out(rma(m$table[["_meta_es"]], sei = m$table[["_meta_se"]], method = "DL"))
  expect_equal(loo$table$es, as.numeric(f$estimate))
  s <- meta_summarize(m, sort = "_meta_se, descending", predinterval = 90, se = "khartung, truncated")
  expect_false(is.unsorted(rev(m$table[["_meta_se"]][s$table$row])))
  expect_true(all(c("pi_lb", "pi_ub", "df") %in% names(s$r)))
  expect_equal(meta_summarize(m, tau2 = .3)$r$tau2, .3)
  expect_equal(meta_summarize(m, i2 = 50)$r$I2, 50)
})

test_that("what cannot go together is refused", {
  m <- suite_magnesium()
  bad <- list(quote(meta_summarize(m, subgroup = year, leaveoneout = TRUE)),
              quote(meta_summarize(m, fixed = TRUE, tau2 = 1)),
              quote(meta_summarize(m, se = "kh", tdistribution = TRUE)), quote(meta_summarize(m, subgroup = nosuch)),
              quote(meta_summarize(m, tau2 = 1, cumulative = year)), quote(meta_summarize(1)),
              quote(meta_summarize(m, cumulative = trialnam)), quote(meta_summarize(m, transform = "sqrt")))
  for (call in bad) expect_error(eval(call), class = "metaparity_error_input")
})

test_that("proportions: Freeman and Tukey's sum of arcsines and the way back", {
  d <- data.frame(r = c(1, 5, 9), n = c(10, 20, 30))
  m <- meta_esize(r, n, data = d)
  expect_equal(m$table[["_meta_es"]], asin(sqrt(d$r / (d$n + 1))) + asin(sqrt((d$r + 1) / (d$n + 1))))
  expect_equal(m$table[["_meta_se"]], sqrt(1 / (d$n + .5)))
  v <- meta_summarize(m, proportion = TRUE)
  expect_equal(v$table$es, d$r / d$n, tolerance = 1e-10)
  expect_match(format(v), "invftukey(theta)", fixed = TRUE, all = FALSE)
  logit <- meta_summarize(meta_esize(r, n, data = d, esize = "logitprop"), proportion = TRUE)
  expect_equal(logit$table$es, d$r / d$n)
  expect_error(meta_summarize(meta_set(c(.1, .2), c(.1, .1)), proportion = TRUE), class = "metaparity_error_input")
})
