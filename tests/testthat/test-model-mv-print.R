test_that("prints and summaries are metafor's, line by line", {
  data <- mv_data()
  identical_lines <- 0
  for (name in names(mv_models)) {
    both <- mv_both(mv_models[[name]], data)
    expect_close_print(both$ours, both$theirs, gate("mv_component"))
    expect_close_print(summary(both$ours), summary(both$theirs), gate("mv_component"))
    identical_lines <- identical_lines + identical(capture.output(print(both$ours)), capture.output(print(both$theirs)))
  }
  expect_gte(identical_lines, 12)
})

test_that("fixed components, unmet pairs, two structures and long names print as metafor's", {
  data <- mv_data()
  calls <- list(
    quote(rma.mv(yi, vi, random = list(~ 1 | study, ~ times | study), struct = "DIAG", data = ish, sigma2 = 2)),
    quote(rma.mv(yi, vi, random = list(~ times | study, ~ time | one), struct = c("CS", "ID"), data = ish, rho = 0.5)),
    quote(rma.mv(yi, vi, random = ~ times | study, struct = "UN", data = ish, subset = time < 3)),
    quote(rma.mv(yi, vi, mods = ~ time, random = ~ 1 | study, data = ish, digits = 2, test = "t")))
  for (call in calls) {
    both <- mv_both(call, data)
    expect_close_print(both$ours, both$theirs, gate("mv_component"))
  }
  both <- mv_both(quote(rma.mv(yi, vi, random = ~ 1 | district/school, data = kon)), data)
  expect_identical(capture.output(print(both$ours, digits = 3, signif.stars = FALSE)),
                   capture.output(print(both$theirs, digits = 3, signif.stars = FALSE)))
})

test_that("numbered levels of either term stand in metafor's columns", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.konstantopoulos2011
  d$half <- rep(1:2, 28)
  shown <- function(f) utils::capture.output(print(f(
    yi, vi, random = list(~ half | district, ~ factor(district) | study), struct = c("HCS", "HCS"), data = d,
    tau2 = c(0.1, 0.1), rho = 0.5, gamma2 = rep(0.05, 11), phi = 0.3)))
  expect_identical(suppressWarnings(shown(rma.mv)), suppressWarnings(shown(metafor::rma.mv)))
})
