test_that("RevMan's figure: rows, columns, words and axis of the analysis", {
  x <- example_review()
  f <- forest(revman(x, "1.1"), plot = FALSE)$layout
  texts <- f$texts$text
  expect_true(all(c("Drug", "Placebo", "Events", "Total", "Weight", "Odds Ratio", "M-H, Fixed, 95% CI",
                    "Total events:", "Favours drug",
                    "Favours placebo", "0.01", "0.1", "1", "10", "100") %in% texts))
  expect_true(any(grepl("^Heterogeneity: Chi", texts)))
  web <- forest(revman(x, "1.2", model = "random", estimator = "REML", interval = "HKSJ"),
                plot = FALSE)$layout$texts$text
  expect_true(any(grepl("^Heterogeneity: Tau\\^2 \\(REML, 95% CI\\)|REML, 95% CI", web)))
  expect_true(any(grepl("prediction interval", web)))
  zh <- forest(revman(x, "1.2"), plot = FALSE, lang = "zh")$layout$texts$text
  expect_true("\u5408\u8ba1" %in% zh)
  expect_false(any(grepl("Heterogeneity|Weight|Mean Difference", zh)))
})

test_that("the axis ends where the file says, with round ticks", {
  expect_identical(names(revman_scale(100, TRUE)$at), c("0.01", "0.1", "1", "10", "100"))
  expect_identical(names(revman_scale(20.03, TRUE)$at), c("0.05", "0.2", "1", "5", "20"))
  expect_identical(names(revman_scale(1000, TRUE)$at), c("0.001", "0.1", "1", "10", "1000"))
  expect_equal(revman_scale(20.03, TRUE)$alim, c(-1, 1) * log(20.03))
  expect_identical(names(revman_scale(43.79, FALSE)$at), c("-40", "-20", "0", "20", "40"))
  expect_null(revman_scale(NA, TRUE))
  expect_null(revman_scale(1, TRUE))
  for (scale in c(1.2, 2.54, 5, 6.3, 11, 3000)) expect_false(is.unsorted(revman_scale(scale, TRUE)$at, strictly = TRUE))
})

test_that("a funnel has RevMan's axes and a symbol for each subgroup", {
  f <- funnel(revman(example_review(), "1.2"), draw = FALSE)
  expect_identical(nrow(f), 4L)
  expect_sound_figure(page_of(f))
  expect_true(any(grepl("SE(MD)", layout_texts(page_of(f))$label, fixed = TRUE)))
})

test_that("words of RevMan's own are translated, those of the user are not", {
  plain <- forest(revman_made(), plot = FALSE, lang = "zh")$layout$texts$text
  expect_false(any(grepl("Favours|Experimental", plain)))
  named <- forest(revman_made(labels = c("Drug", "None", "Favours drug", "Favours none")), plot = FALSE,
                  lang = "zh")$layout$texts$text
  expect_true(all(c("Drug", "None", "Favours drug", "Favours none") %in% named))
  zh <- layout_texts(page_of(funnel(revman_made(measure = "RR"), draw = FALSE, lang = "zh")))$label
  expect_false("Risk Ratio" %in% zh)
})

test_that("a funnel names subgroups in the order of the forest plot", {
  d <- data.frame(e1 = c(4, 6, 3), n1 = 40, e2 = c(5, 7, 8), n2 = 42, g = c("z", "m", "a"))
  v <- revman(d, ai = e1, n1i = n1, ci = e2, n2i = n2, by = g, measure = "OR")
  figure <- attr(funnel(v, draw = FALSE), "figure", exact = TRUE)
  shown <- vapply(figure$legend, function(entry) entry$label, "")
  expect_identical(shown[shown %in% d$g], d$g)
})

test_that("the columns of observed less expected events are translated", {
  view <- revman(data.frame(o = c(-2, -3, 1), w = c(4, 5, 6)), oe = o, v = w)
  texts <- forest(view, plot = FALSE, lang = "zh")$layout$texts$text
  expect_false("Variance" %in% texts)
  expect_true("\u65b9\u5dee" %in% texts)
})
