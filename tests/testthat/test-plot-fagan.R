test_that("lines join the probabilities of Bayes' theorem", {
  out <- fagan(c(8.7, .26), prior = .3, draw = FALSE)
  expect_equal(out$posterior, c(.3 / .7 * 8.7, .3 / .7 * .26) / (1 + c(.3 / .7 * 8.7, .3 / .7 * .26)))
  fit <- dta_fit()
  d <- dta_counts("dementia")
  own <- fagan(fit, draw = FALSE)
  expect_equal(own$prior[1L], sum(d$tp + d$fn) / sum(d$tp, d$fp, d$fn, d$tn))
  expect_equal(own["positive", "posterior"], predict(fit, prevalence = own$prior[1L])$ppv)
})

test_that("pages, Chinese, and what is refused", {
  expect_sound_figure(page_of(fagan(c(8.7, .26), prior = .001, main = "A title", draw = FALSE)), TRUE)
  expect_sound_figure(page_of(fagan(dta_fit(), lang = "zh", draw = FALSE), 4, 4), TRUE)
  expect_error(fagan(), class = "metaparity_error_input")
  expect_error(fagan(c(2, -1), prior = .1), class = "metaparity_error_input")
  expect_error(fagan(c(2, .1)), class = "metaparity_error_input")
  expect_error(fagan(c(2, .1), prior = 1), class = "metaparity_error_input")
  expect_error(fagan(dta_fit("ascus", mods = ~ test)), class = "metaparity_error_input")
})
