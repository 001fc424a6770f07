mag <- stata_fixture("suite-magnesium.csv")

test_that("choices of conventions are switched one at a time", {
  w <- why_differs("stata14", "metafor", mag, ai = dead1, n1i = tot1, ci = dead0, n2i = tot0, measure = "RR",
                   model = "common")
  expect_setequal(w$table$choice[w$table$moves], c("mh_add", "mh_to"))
  w <- why_differs("metan4", "stata14", mag, ai = dead1, n1i = tot1, ci = dead0, n2i = tot0, measure = "RR")
  expect_true("dl_q" %in% w$table$choice[w$table$moves])
  row <- w$table[w$table$choice == "dl_q", difference_fields]
  expect_lt(abs(row$estimate - w$all$estimate), 1e-5)
  expect_snapshot(w)
  same <- why_differs("meta", "meta", mag, ai = dead1, n1i = tot1, ci = dead0, n2i = tot0)
  expect_identical(nrow(same$table), 0L)
  expect_no_error(format(same, 5))
})

test_that("two fits: method, test and data", {
  y <- c(.1, .5, .9)
  v <- c(.1, .1, .2)
  w <- why_differs(rma(y, v, method = "DL"), rma(y, v, test = "knha"))
  expect_identical(w$table$choice, c("method", "test"))
  expect_equal(w$table$tau2[1], rma(y, v)$tau2 - rma(y, v, method = "DL")$tau2)
  m <- suite_magnesium()
  x <- why_differs(meta_summarize(m), meta_summarize(m, fixed = TRUE))
  expect_equal(x$to$estimate, meta_summarize(m, fixed = TRUE)$r$theta)
  expect_error(why_differs(1, 2), class = "metaparity_error_input")
})
