test_that("residuals and deletion statistics by cluster are metafor's", {
  data <- mv_data()
  both <- mv_both(mv_models$three_level, data)
  a <- both$ours
  b <- both$theirs
  for (f in list(rstandard, rstudent)) {
    ours <- f(a, cluster = district)
    theirs <- f(b, cluster = district)
    expect_equal(as.numeric(ours$obs$z), as.numeric(theirs$obs$z), tolerance = gate("mv_component"))
    expect_equal(as.character(ours$obs$cluster), as.character(theirs$obs$cluster))
    expect_equal(as.numeric(ours$cluster$X2), as.numeric(theirs$cluster$X2), tolerance = gate("mv_component"))
    expect_equal(as.numeric(ours$cluster$k), as.numeric(theirs$cluster$k))
  }
  for (again in c(TRUE, FALSE)) {
    expect_equal(cooks.distance(a, cluster = district, reestimate = again),
                 cooks.distance(b, cluster = district, reestimate = again), tolerance = gate("mv_component"))
    expect_equal(dfbetas(a, cluster = district, reestimate = again)[[1]],
                 dfbetas(b, cluster = district, reestimate = again)[[1]], tolerance = gate("mv_component"))
    expect_equal(as.numeric(rstudent(a, reestimate = again)$z), as.numeric(rstudent(b, reestimate = again)$z),
                 tolerance = gate("mv_component"))
  }
})

test_that("a deletion is a refit", {
  d <- metadat::dat.konstantopoulos2011
  fit <- rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district/school, data = d)
  rest <- rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district/school, data = d[d$district != 71, ])
  shift <- coef(fit) - coef(rest)
  expect_equal(cooks.distance(fit, cluster = district)[["71"]], drop(shift %*% solve(vcov(fit)) %*% shift),
               tolerance = 1e-7)
  expect_error(cooks.distance(fit, cluster = 1:3), class = "metaparity_error_input")
  weighted <- rma.mv(yi, vi, W = rep(1, 56), random = ~ 1 | district, data = d)
  expect_error(rstudent(weighted), class = "metaparity_error_unsupported")
})
