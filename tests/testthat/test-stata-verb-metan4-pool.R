test_that("variances of the models, by their definitions", {
  d <- metan4_fixture("validation")
  y <- d$logor
  v <- d$selogor^2
  dl <- metan(logor, selogor, data = d, dl = TRUE, version = 4)
  w <- 1 / (v + dl$r$tausq)
  mu <- sum(w * y) / sum(w)
  factor <- sum(w * (y - mu)^2) / (length(y) - 1)
  hk <- metan(logor, selogor, data = d, hksj = TRUE, version = 4)
  expect_equal(hk$r$se_eff, sqrt(factor / sum(w)))
  expect_equal(hk$r$eff_uci, mu + stats::qt(.975, 19) * hk$r$se_eff)
  ivhet <- metan(logor, selogor, data = d, ivhet = TRUE, version = 4)
  expect_equal(ivhet$r$se_eff, sqrt(sum((v + dl$r$tausq) / v^2)) / sum(1 / v))
  mult <- metan(logor, selogor, data = d, mult = TRUE, version = 4)
  fixed <- metan(logor, selogor, data = d, fe = TRUE, version = 4)
  expect_equal(mult$r$se_eff, fixed$r$se_eff * sqrt(fixed$r$Q / 19))
})

test_that("truncated Hartung-Knapp intervals are not shorter than asked", {
  d <- data.frame(es = c(.30, .31, .29, .305), se = c(.1, .12, .09, .11))
  of <- function(...) metan(es, se, data = d, random = TRUE, hksj = TRUE, ..., version = 4)$r
  plain <- metan(es, se, data = d, random = TRUE, version = 4)$r
  expect_lt(of()$se_eff, plain$se_eff)
  expect_equal(of(truncate = "one")$se_eff, plain$se_eff)
  width <- function(r) r$eff_uci - r$eff_lci
  expect_equal(width(of(truncate = "zovert")), width(plain))
})

test_that("heterogeneity: Q, H and I2 with their intervals", {
  d <- metan4_fixture("validation")
  v <- metan(logor, selogor, data = d, fe = TRUE, version = 4)
  p <- v$results[[1L]]
  expect_equal(p$H, sqrt(p$Q / 19))
  expect_equal(p$I2, 100 * (p$Q - 19) / p$Q)
  ends <- stats::qchisq(c(.025, .975), 19, ncp = p$Q - 19)
  expect_equal(p$H_hi, sqrt(ends[2] / 19), tolerance = 1e-8)
  expect_equal(p$I2_hi, 100 * (ends[2] - 19) / ends[2], tolerance = 1e-8)
  wide <- metan(logor, selogor, data = d, fe = TRUE, hlevel = 99, version = 4)$results[[1L]]
  expect_gt(wide$H_hi, p$H_hi)
})

test_that("groups: one tau2 for all, the test between them", {
  d <- metan4_fixture("validation")
  v <- metan(logor, selogor, data = d, model = "reml, hetpooled", by = type_study, version = 4)
  tau2 <- vapply(v$groups, function(g) g[[1L]]$tau2, 0)
  fit <- rma(logor, sei = selogor, mods = ~ type_study, data = d)
  expect_equal(unname(tau2), rep(fit$tau2, 2L))
  est <- vapply(v$groups, function(g) g[[1L]]$est, 0)
  se <- vapply(v$groups, function(g) g[[1L]]$se, 0)
  w <- 1 / se^2
  expect_equal(v$between$Q, sum(w * (est - sum(w * est) / sum(w))^2))
})
