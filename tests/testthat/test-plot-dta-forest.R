test_that("the paired plot shows every study's counts and both measures", {
  fit <- dta_fit()
  out <- forest(fit, draw = FALSE)
  expect_identical(nrow(out), 14L)
  texts <- layout_texts(page_of(out))$label
  expect_true(all(c("TP", "Sensitivity (95% CI)", "0.82 [0.60, 0.95]", "0.80 [0.72, 0.86]", "Summary") %in% texts))
  expect_identical(forest(fit, order = "sens", draw = FALSE)$sens, sort(out$sens))
})

test_that("long and Chinese labels, many and few studies, small pages, the other measures", {
  d <- dta_counts("dementia")
  d$study <- paste0("\u5f20\u4f1f\u7b49\u4e8e\u5317\u4eac\u534f\u548c\u533b\u9662\u5f00\u5c55\u7684\u7814\u7a76 ",
                    "a multicentre study with a long label ", 1:14)
  long <- rma.dta(tp, fp, fn, tn, data = d, slab = study)
  for (measures in names(paired_measures)) {
    for (lang in c("en", "zh"))
      expect_sound_figure(page_of(forest(long, measures = measures, lang = lang, draw = FALSE)))
  }
  expect_sound_figure(page_of(forest(long, main = "A title", draw = FALSE), 6, 5))
  many <- rma.dta(tp, fp, fn, tn, data = d[rep(1:14, 5), ])
  expect_sound_figure(page_of(forest(many, draw = FALSE)))
  expect_sound_figure(page_of(forest(dta_fit(subset = 1:2), measures = "dlor", draw = FALSE)))
  expect_sound_figure(page_of(forest(dta_fit("ascus", mods = ~ test), draw = FALSE)))
  expect_error(forest(long, order = 1:3), class = "metaparity_error_input")
  expect_error(forest(long, measures = "or"), class = "metaparity_error_input")
})
