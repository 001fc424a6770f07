test_that("predictions and their intervals are metafor's, by level where variances differ", {
  data <- mv_data()
  for (name in c("three_level", "contain", "bivariate", "hcs", "gen", "compound")) {
    both <- mv_both(mv_models[[name]], data)
    expect_close_print(predict(both$ours), predict(both$theirs), gate("mv_component"))
  }
  both <- mv_both(mv_models$bivariate, data)
  cases <- list(list(newmods = rbind(c(1, 0), c(0, 1))), list(newmods = rbind(c(1, 0), c(0, 1)), tau2.levels = c("AL", "PD")),
                list(newmods = c(1, 0), tau2.levels = 2), list(newmods = c(1, 0), hetvar = 0.5))
  for (args in cases) {
    expect_close_print(do.call(predict, c(list(both$ours), args)), do.call(predict, c(list(both$theirs), args)),
                       gate("mv_component"))
  }
  expect_error(predict(both$ours, newmods = c(1, 0), tau2.levels = "ZZ"), class = "metaparity_error_input")
  average <- quote(rma.mv(yi, vi, random = ~ times | study, struct = "HCS", data = ish))
  both <- mv_both(average, data)
  expect_close_print(predict(both$ours), predict(both$theirs), gate("mv_component"))
  expect_close_print(predict(both$ours, tau2.levels = "t2"), predict(both$theirs, tau2.levels = "t2"),
                     gate("mv_component"))
})
