test_that("xi: makes indicator variables and runs the command with them", {
  d <- data.frame(y = c(.2, .5, .1, .4, .3, .6), se = c(.1, .2, .15, .3, .2, .1), g = c(1, 2, 3, 1, 2, 3),
                  s = c("a", "b", "a", "b", "a", "b"))
  out <- stata("xi: metareg y i.g, wsse(se)", d, graphs = FALSE)
  expect_match(out$log[1L], "^i[.]g {15}_Ig_1-3 {13}[(]naturally coded; _Ig_1 omitted[)]$")
  expect_equal(as.numeric(out$data[["_Ig_3"]]), as.numeric(d$g == 3))
  fit <- rma(y, sei = se, mods = ~ factor(g), data = d, test = "knha")
  expect_equal(unname(out$results[[1L]]$fit$beta[, 1L]), unname(fit$beta[, 1L]))
  named <- stata("xi: metareg y i.s, wsse(se)", d, graphs = FALSE)
  expect_match(named$log[1L], "_Is_1 for s==a omitted", fixed = TRUE)
  expect_false("_Ig_2" %in% names(stata("xi: summarize i.s")$data))
  expect_error(stata("xi: metareg y i.g*i.s, wsse(se)", d), class = "metaparity_error_stata_unsupported")
})
