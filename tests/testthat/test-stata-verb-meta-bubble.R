test_that("the bubble plot holds the prediction with its interval", {
  d <- data.frame(es = c(.2, .5, .1, .4, .3), se = c(.1, .2, .15, .3, .2), year = 2001:2005)
  fit <- meta_regress(meta_set(es, se, data = d), year)
  out <- estat_bubbleplot(fit, draw = FALSE)
  expect_equal(out$xb, as.numeric(predict(fit)))
  expect_equal(out$weight, 1 / d$se^2)
  expect_true(all(out$lo < out$xb & out$xb < out$hi))
  weighted <- estat_bubbleplot(fit, weights = "regress", draw = FALSE)
  expect_equal(weighted$weight, 1 / (d$se^2 + fit$r$tau2))
  expect_error(estat_bubbleplot(1), class = "metaparity_error_input")
})

test_that("estat bubbleplot and predict follow a typed regression, also in a later call", {
  d <- data.frame(es = c(.2, .5, .1, .4, .3), se = c(.1, .2, .15, .3, .2), year = 2001:2005)
  stata(c("meta set es se", "meta regress year"), d, graphs = FALSE)
  expect_length(stata("estat bubbleplot, level(90) title(T)", graphs = FALSE)$graphs, 1L)
  out <- stata("predict fit, fitted", graphs = FALSE)
  expect_true("fit" %in% names(out$data))
  expect_error(stata("predict p", d), class = "metaparity_error_stata")
})

test_that("estat bubbleplot takes n(), the points of its line", {
  d <- data.frame(es = c(.2, .5, .1, .4, .3), se = c(.1, .2, .15, .3, .2), year = 2001:2005)
  fit <- c("meta set es se", "meta regress year")
  expect_length(stata(c(fit, "estat bubbleplot, n(50)"), d, graphs = FALSE)$graphs, 1L)
})
