test_that("distances between places", {
  xy <- data.frame(x = c(4.9, 2.35, -0.13), y = c(52.4, 48.86, 51.5))
  expect_equal(place_distances(xy, 1:3, "euclidean", NULL), unname(as.matrix(dist(xy))))
  expect_equal(place_distances(xy, 1:3, "manhattan", NULL), unname(as.matrix(dist(xy, "manhattan"))))
  D <- place_distances(xy, 1:3, "gcd", NULL)
  # Amsterdam to Paris is 430 km as the crow flies, to London 358.
  expect_equal(D[1, 2:3], c(430, 358), tolerance = 0.01)
  expect_error(place_distances(xy, 1:3, "far", NULL), class = "metaparity_error_input")
})

test_that("pairs of levels are counted by outer level", {
  expect_equal(level_pairs(c(1, 2, 1, 2, 3), c(1, 1, 2, 2, 2), 3L), c(2L, 1L, 1L))
  expect_length(level_pairs(c(1, 1), 1:2, 1L), 0L)
})

test_that("an inner level is counted by the outer levels that have it, and fixed where it is in one", {
  d <- metadat::dat.assink2016
  for (struct in c("CS", "HCS", "UN", "DIAG", "HAR")) {
    ours <- suppressWarnings(rma.mv(yi, vi, random = ~deltype | study, struct = struct, data = d))
    theirs <- suppressWarnings(metafor::rma.mv(yi, vi, random = ~deltype | study, struct = struct, data = d))
    expect_equal(unname(ours$g.levels.k), unname(theirs$g.levels.k))
    expect_equal(ours$beta[1], theirs$beta[1], tolerance = 1e-4)
    expect_gte(as.numeric(logLik(ours)), as.numeric(logLik(theirs)) - 1e-5)
  }
  expect_warning(rma.mv(yi, vi, random = ~deltype | study, struct = "HCS", data = d), class = "metaparity_warning_input")
  expect_identical(outer_counts(c(1, 1, 2, 1), c(1, 1, 1, 2), 3), c(2L, 1L, 0L))
})

test_that("grouping variables are not added to each other", {
  d <- data.frame(yi = c(0.1, 0.4, -0.2, 0.6), vi = 0.1, a = c(1, 1, 2, 2), b = 1:4)
  expect_error(rma.mv(yi, vi, random = ~1 | a + b, data = d), class = "metaparity_error_input")
})

test_that("a matrix of moderators needs no names", {
  d <- data.frame(yi = c(0.1, 0.4, -0.2, 0.6, 0.3), vi = 0.1, a = c(1, 1, 2, 2, 3))
  x <- c(1, 4, 2, 3, 5)
  named <- suppressWarnings(rma.mv(yi, vi, mods = ~x, random = ~1 | a, data = d))
  bare <- suppressWarnings(rma.mv(yi, vi, mods = cbind(x, deparse.level = 0), random = ~1 | a, data = d))
  expect_equal(as.numeric(bare$beta), as.numeric(named$beta))
})

test_that("a variance fixed to 0 stays 0, and has nothing to correlate", {
  d <- data.frame(y = sin(1:30 * 1.7), v = rep(c(0.02, 0.05, 0.1), 10), o = rep(c("a", "b"), 15), s = rep(1:15, each = 2))
  of <- function(...) rma.mv(y, v, mods = ~ 0 + o, random = ~ o | s, data = d, ...)
  diag <- of(struct = "DIAG", tau2 = c(NA, 0))
  for (struct in c("UN", "HCS", "HAR")) {
    fit <- of(struct = struct, tau2 = c(NA, 0))
    expect_identical(c(fit$tau2[2], fit$rho), c(0, 0))
    expect_true(fit$vc.fix$rho)
    expect_gate(c(fit$tau2[1], logLik(fit), AIC(fit)), c(diag$tau2[1], logLik(diag), AIC(diag)), "closed_form")
    expect_identical(of(struct = struct, tau2 = c(NA, 0.03))$tau2[2], 0.03)
  }
})

test_that("an outcome of one study leaves the others' matrix positive semidefinite", {
  d <- data.frame(y = sin(1:19 * 1.7) + 0.5 * cos(rep(1:7, length.out = 19)), v = rep(c(0.05, 0.1), length.out = 19),
                  o = c(rep(c("a", "c", "d"), 6), "b"), s = c(rep(1:6, each = 3), 7))
  fit <- suppressWarnings(rma.mv(y, v, random = ~ o | s, struct = "UN", data = d, method = "ML"))
  expect_gt(min(eigen(fit$G)$values), -1e-12)
  expect_identical(fit$opt.res$convergence, 0L)
  part <- rma.mv(y, v, random = ~ o | s, struct = "UN", data = d, subset = o != "b", method = "ML",
                 tau2 = c(0.5, NA, NA), rho = c(0.9, 0.9, NA))
  expect_identical(c(part$tau2[1], part$rho[1:2]), c(0.5, 0.9, 0.9))
  expect_gt(min(eigen(part$G)$values), -1e-8)
  held <- logLik(rma.mv(y, v, random = ~ o | s, struct = "UN", data = d, subset = o != "b", method = "ML",
                        tau2 = c(0.5, NA, NA), rho = c(0.9, 0.9, 0.63)))
  expect_gte(as.numeric(logLik(part)), as.numeric(held) - 1e-8)
})

test_that("a common correlation is bounded where the likelihood has no end", {
  d <- expand.grid(o = letters[1:3], s = 1:6)
  d$y <- rep(c(-1, 0, 1), 6) * rep(c(1, -1), 9)
  d$v <- 0.3
  d$y <- d$y - ave(d$y, d$s)
  expect_warning(fit <- rma.mv(y, v, random = ~ o | s, struct = "CS", data = d), class = "metaparity_warning_bounded")
  expect_identical(fit$opt.res$convergence, 0L)
  expect_equal(fit$rho, -0.5)
})

test_that("two levels of which one has no variance have no correlation, times near each other any decay", {
  d <- data.frame(y = sin(1:20 * 1.7), v = 0.1, s = rep(1:10, each = 2), t = rep(c(1, 1.04), 10))
  for (struct in c("CS", "AR", "CAR")) {
    fit <- rma.mv(y, v, random = ~ t | s, struct = struct, tau2 = 0, data = d)
    expect_identical(c(fit$rho, fit$parms), c(0, 1))
  }
  decay <- rma.mv(y, v, random = ~ t | s, struct = "CAR", data = transform(d, y = y + rep(sin(1:10), each = 2)))
  common <- rma.mv(y, v, random = ~ t | s, struct = "CS", data = transform(d, y = y + rep(sin(1:10), each = 2)))
  expect_gate(logLik(decay), logLik(common), "closed_form")
})

test_that("a range of effects without variance is one that can be read", {
  d <- data.frame(y = rep(c(0.01, -0.01, 0.005), 5), v = 0.3, one = 1, a = sin(1:15), b = cos(1:15 * 2))
  for (struct in c("SPEXP", "SPSPH")) {
    expect_warning(fit <- rma.mv(y, v, random = ~ a + b | one, struct = struct, data = d),
                   class = "metaparity_warning_not_identified")
    expect_identical(fit$tau2, 0)
    expect_lt(fit$rho, 5)
  }
})
