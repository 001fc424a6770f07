test_that("limits below 0 are joined by a word in the journals' looks", {
  fit <- rma(c(-3, -2, -.5), c(.2, .3, .1))
  for (style in c("jama", "lancet")) {
    texts <- forest_layout(fit, style = style)$texts$text
    shown <- grep("^[(].*[)]$", texts, value = TRUE)
    shown <- shown[grepl("[0-9]", shown) & !grepl("CI", shown)]
    expect_gte(length(shown), 4L)
    expect_true(all(grepl(" to ", shown)))
  }
  positive <- forest_layout(rma(c(3, 2, 5), c(.2, .3, .1)), style = "jama")$texts$text
  expect_false(any(grepl(" to ", positive)))
})

test_that("tests bear their own names, and there is none where 0 has no meaning", {
  fit <- rma(c(-3, -2, -.5, 1), c(.2, .3, .1, .4), test = "knha")
  for (style in c("revman", "bmj", "jama", "stata_meta")) {
    texts <- forest_layout(fit, style = style)$texts$text
    expect_false(any(grepl("\\b[zZ] ?= ?", texts)), label = style)
    expect_true(any(grepl("\\b(t[(]3[)]|T) ?= ?", texts)), label = style)
  }
  share <- rma(measure = "PLO", xi = c(3, 5, 8), ni = c(10, 12, 20))
  for (style in c("revman", "stata_meta", "jama")) {
    texts <- forest_layout(share, style = style)$texts$text
    expect_false(any(grepl("overall effect|\u03b8 = 0", texts)), label = style)
  }
})

test_that("a tick of RevMan's look stands where its label says", {
  for (reach in c(1.4, 3, 8, 15, 40, 80, 900)) {
    ticks <- symmetric_ticks(c(-log(reach), log(reach)), exp)
    for (set in ticks$candidates) expect_equal(exp(set$at), as.numeric(set$label), tolerance = 1e-6)
  }
  expect_identical(symmetric_ticks(c(-.6, .6), exp)$candidates[[1L]]$label, c("0.5", "0.7", "1", "1.5", "2"))
})

test_that("figures and print have one number of degrees of freedom of Q", {
  fit <- suppressWarnings(rma.mh(measure = "OR", ai = c(3, 4, 0, 6, 2), bi = c(20, 22, 20, 18, 30), ci = c(5, 6, 0, 9, 3),
                                 di = c(25, 21, 20, 20, 29)))
  expect_output(print(fit), "Q(df = 3)", fixed = TRUE)
  rows <- forest_layout(fit)$rows
  expect_identical(rows$df[rows$type == "summary"], 3)
})
