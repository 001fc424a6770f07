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
  # Weights of the user's own stay with their rows.
  weights <- 1 + d$year / 2000
  weighted <- rma.mv(yi, vi, W = weights, random = ~ 1 | district, data = d)
  rest <- rma.mv(yi, vi, W = weights[-5], random = ~ 1 | district, data = d[-5, ])
  expect_equal(rstudent(weighted)$resid[5], d$yi[5] - coef(rest)[[1]], ignore_attr = TRUE, tolerance = 1e-7)
})

test_that("missing rows and clusters stay under na.pass, as metafor's do", {
  skip_if_not_installed("metafor")
  before <- options(na.action = "na.pass")
  on.exit(options(before))
  d <- metadat::dat.konstantopoulos2011
  d <- d[d$district %in% c(11, 12, 18, 71, 108), ]
  d$yi[d$district == 12] <- NA
  d$yi[d$district == 18 & d$school == 2] <- NA
  fits <- lapply(list(rma.mv, metafor::rma.mv), function(f) {
    suppressWarnings(f(yi, vi, mods = ~ year, random = ~ 1 | district/school, data = d, slab = study))
  })
  a <- fits[[1]]
  b <- fits[[2]]
  for (f in list(rstandard, rstudent)) {
    ours <- f(a, cluster = d$district)
    theirs <- f(b, cluster = d$district)
    expect_equal(ours$obs$resid, theirs$obs$resid, tolerance = gate("mv_component"), ignore_attr = TRUE)
    expect_equal(ours$cluster$X2, theirs$cluster$X2, tolerance = gate("mv_component"), ignore_attr = TRUE)
    expect_identical(as.character(ours$cluster$slab), as.character(theirs$cluster$slab))
  }
  expect_equal(rstandard(a, cluster = d$district)$cluster$k, c(4L, 0L, 2L, 3L, 5L))
  expect_equal(cooks.distance(a, cluster = d$district), cooks.distance(b, cluster = d$district),
               tolerance = gate("mv_component"))
  expect_equal(dfbetas(a, cluster = d$district)$year, dfbetas(b, cluster = d$district)$year,
               tolerance = gate("mv_component"))
  expect_equal(dfbetas(a)$year, dfbetas(b)$year, tolerance = gate("mv_component"))
  expect_identical(lapply(ranef(a), function(t) is.na(t$intrcpt)), lapply(metafor::ranef(b), function(t) is.na(t$intrcpt)))
})

test_that("what is fitted exactly has a residual of 0 and gives a cluster no statistic, in any order of rows", {
  d <- metadat::dat.konstantopoulos2011
  d <- rbind(d[d$district %in% c(11, 18, 71, 108), ], d[d$district == 644, ][1, ])
  d$first <- as.numeric(d$district == 11)
  d$alone <- as.numeric(d$district == 644)
  fit <- function(rows) rma.mv(yi, vi, mods = ~ first + alone, random = ~ 1 | district/school, data = d[rows, ], slab = study)
  a <- fit(seq_len(nrow(d)))
  mixed <- rev(seq_len(nrow(d)))
  b <- fit(mixed)
  z <- rstandard(a)
  expect_identical(c(z$resid[nrow(d)], z$se[nrow(d)], z$z[nrow(d)]), c(0, 0, 0))
  expect_equal(z$z, rev(rstandard(b)$z), tolerance = 1e-7)
  X2 <- rstandard(a, cluster = d$district)$cluster$X2
  expect_identical(is.na(X2), c(TRUE, FALSE, FALSE, FALSE, TRUE))
  expect_equal(X2, rstandard(b, cluster = d$district[mixed])$cluster$X2, tolerance = 1e-7)
})

test_that("residuals, hat values and weights follow weights of the user's own", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.konstantopoulos2011[1:20, ]
  W <- diag(seq(1, 3, length.out = 20))
  ours <- rma.mv(yi, vi, W = W, mods = ~ year, random = ~ 1 | district/school, data = d)
  theirs <- metafor::rma.mv(yi, vi, W = W, mods = ~ year, random = ~ 1 | district/school, data = d)
  expect_equal(resid(ours), resid(theirs), tolerance = gate("mv_component"))
  expect_equal(rstandard(ours)$se, rstandard(theirs)$se, tolerance = gate("mv_component"))
  expect_equal(hatvalues(ours), hatvalues(theirs), tolerance = gate("mv_component"))
  expect_equal(weights(ours), weights(theirs), tolerance = gate("mv_component"))
  expect_equal(weights(ours, type = "matrix"), weights(theirs, type = "matrix"), tolerance = gate("mv_component"),
               ignore_attr = TRUE)
  for (adjust in c(TRUE, FALSE))
    expect_equal(robust(ours, cluster = district, adjust = adjust)$se,
                 metafor::robust(theirs, cluster = district, adjust = adjust)$se, tolerance = gate("mv_component"))
  expect_error(robust(ours, cluster = district, clubSandwich = TRUE), class = "metaparity_error_unsupported")
})

test_that("influence() by cluster of other fits says what to use, and evaluates no bare name", {
  d <- data.frame(yi = c(0.1, 0.4, 0.2, -0.3, 0.5, 0.6), vi = 0.1, district = rep(1:3, each = 2), s = 1:6)
  expect_error(influence(rma(yi, vi, data = d), cluster = district), "leave1out", class = "metaparity_error_unsupported")
  expect_warning(influence(rma(yi, vi, data = d), nothing = no_such_object), class = "metaparity_warning_input")
})

test_that("Cook's distance in some coefficients is metafor's", {
  d <- metadat::dat.bangertdrowns2004[1:15, ]
  d$id <- seq_len(nrow(d))
  ours <- rma.mv(yi, vi, mods = ~year, random = ~ 1 | id, data = d)
  theirs <- metafor::rma.mv(yi, vi, mods = ~year, random = ~ 1 | id, data = d)
  expect_equal(cooks.distance(ours, btt = 2), cooks.distance(theirs, btt = 2), tolerance = gate("mv_component"))
  expect_equal(cooks.distance(ours, btt = 1:2), cooks.distance(ours), tolerance = 1e-8)
})

test_that("influence() of clusters is the refits' one table", {
  d <- data.frame(study = rep(1:6, each = 3), est = sin(1:18 * 1.3) + rep(cos(1:6 * 2), each = 3), v = rep(c(0.1, 0.2, 0.05), 6),
                  x = rep(c(0, 1, 3), 6))
  d$id <- 1:18
  fit <- rma.mv(est, v, mods = ~ x, random = ~ 1 | study / id, data = d)
  out <- influence(fit, cluster = study)
  expect_s3_class(out, "metaparity_list")
  table <- as.data.frame(out)
  expect_identical(nrow(table), 6L)
  del <- rma.mv(est, v, mods = ~ x, random = ~ 1 | study / id, data = d, subset = study != 2)
  expect_gate(table$cov.r[2], det(vcov(del)) / det(vcov(fit)), "mv_component")
  expect_gate(c(table[["sigma^2.1.del"]][2], table[["sigma^2.2.del"]][2]), del$sigma2, "mv_component")
  expect_gate(table$QE.del[2], del$QE, "mv_component")
  expect_gate(table$cook.d, unname(cooks.distance(fit, cluster = study)), "mv_component")
  expect_gate(table$dfbs.x, dfbetas(fit, cluster = study)$x, "mv_component")
  expect_gate(table$X2, rstudent(fit, cluster = study)$cluster$X2, "mv_component")
  expect_output(print(out), "cook.d")
  expect_s3_class(influence(fit), "metaparity_influence")
})
