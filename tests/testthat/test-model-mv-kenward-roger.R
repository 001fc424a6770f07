# Kenward & Roger (1997): the formulas of the paper with numerical derivatives of the marginal variance, written here from
# M(theta) alone; balanced designs, whose degrees of freedom are exact; printed numbers of pbkrtest.

# M: the marginal variance as a function of the components; theta: their estimates.
kr_by_hand <- function(X, M, theta, L = diag(ncol(X))) {
  m <- length(theta)
  h <- 1e-4 * pmax(abs(theta), 0.01 * max(abs(theta)))
  bump <- function(...) {
    at <- theta
    for (s in list(...)) at[s[1L]] <- at[s[1L]] + s[2L] * h[s[1L]]
    M(at)
  }
  first <- lapply(seq_len(m), function(i) (bump(c(i, 1)) - bump(c(i, -1))) / (2 * h[i]))
  second <- lapply(seq_len(m), function(i) lapply(seq_len(m), function(j) {
    (bump(c(i, 1), c(j, 1)) - bump(c(i, 1), c(j, -1)) - bump(c(i, -1), c(j, 1)) + bump(c(i, -1), c(j, -1))) /
      (4 * h[i] * h[j])
  }))
  W <- solve(M(theta))
  phi <- solve(t(X) %*% W %*% X)
  P <- lapply(first, function(D) -t(X) %*% W %*% D %*% W %*% X)
  Q <- function(i, j) t(X) %*% W %*% first[[i]] %*% W %*% first[[j]] %*% W %*% X
  R <- function(i, j) t(X) %*% W %*% second[[i]][[j]] %*% W %*% X
  tr <- function(A) sum(diag(A))
  info <- matrix(0, m, m)
  for (i in seq_len(m)) for (j in seq_len(m))
    info[i, j] <- 0.5 * (tr(W %*% first[[i]] %*% W %*% first[[j]]) - 2 * tr(phi %*% Q(i, j)) +
                           tr(phi %*% P[[i]] %*% phi %*% P[[j]]))
  w <- solve(info)
  inside <- 0
  for (i in seq_len(m)) for (j in seq_len(m))
    inside <- inside + w[i, j] * (Q(i, j) - P[[i]] %*% phi %*% P[[j]] - R(i, j) / 4)
  vb <- phi + 2 * phi %*% inside %*% phi
  test <- function(L) {
    l <- nrow(L)
    theta_matrix <- t(L) %*% solve(L %*% phi %*% t(L)) %*% L
    a1 <- a2 <- 0
    for (i in seq_len(m)) for (j in seq_len(m)) {
      a1 <- a1 + w[i, j] * tr(theta_matrix %*% phi %*% P[[i]] %*% phi) * tr(theta_matrix %*% phi %*% P[[j]] %*% phi)
      a2 <- a2 + w[i, j] * tr(theta_matrix %*% phi %*% P[[i]] %*% phi %*% theta_matrix %*% phi %*% P[[j]] %*% phi)
    }
    b <- (a1 + 6 * a2) / (2 * l)
    g <- ((l + 1) * a1 - (l + 4) * a2) / ((l + 2) * a2)
    d <- 3 * l + 2 * (1 - g)
    e <- 1 / (1 - a2 / l)
    v <- 2 / l * (1 + g / d * b) / ((1 - (l - g) / d * b)^2 * (1 - (l + 2 - g) / d * b))
    rho <- v / (2 * e^2)
    df <- 4 + (l + 2) / (l * rho - 1)
    c(df = df, scale = df / (e * (df - 2)))
  }
  list(vb = vb, ddf = vapply(seq_len(nrow(L)), function(i) test(L[i, , drop = FALSE])[["df"]], 0), test = test)
}

kr_data <- function(seed = 11L) {
  set.seed(seed)
  d <- data.frame(g = rep(1:12, times = rep(2:4, 4)))
  d$id <- seq_len(nrow(d))
  d$out <- stats::ave(d$id, d$g, FUN = seq_along)
  d$x <- rnorm(nrow(d))
  d$v <- rchisq(nrow(d), 4) / 40
  d$y <- 0.5 * d$x + rnorm(12)[d$g] + rnorm(nrow(d), sd = sqrt(d$v + 0.3))
  d
}

expect_kr <- function(fit, M, theta) {
  X <- unname(fit$X)
  hand <- kr_by_hand(X, M, theta)
  expect_equal(unname(fit$vb), unname(hand$vb), tolerance = gate("kenward_roger_numeric"))
  expect_equal(unname(fit$ddf), hand$ddf, tolerance = gate("kenward_roger_numeric"))
  rows <- diag(ncol(X))[fit$btt, , drop = FALSE]
  joint <- hand$test(rows)
  b <- fit$beta[fit$btt, , drop = FALSE]
  F <- c(t(b) %*% solve(hand$vb[fit$btt, fit$btt, drop = FALSE]) %*% b) / length(fit$btt)
  expect_equal(fit$QMdf, c(length(fit$btt), joint[["df"]]), tolerance = gate("kenward_roger_numeric"))
  expect_equal(fit$QM, joint[["scale"]] * F, tolerance = gate("kenward_roger_numeric"))
  expect_equal(fit$QMp, pf(fit$QM, fit$QMdf[1L], fit$QMdf[2L], lower.tail = FALSE))
}

test_that("variances and tests are those of the published formulas", {
  d <- kr_data()
  same <- outer(d$g, d$g, `==`)
  fit <- rma.mv(y, v, mods = ~ x, random = ~ 1 | g / id, data = d, dfs = "kenward-roger")
  expect_kr(fit, function(t) diag(d$v) + t[1] * same + t[2] * diag(nrow(d)), fit$sigma2)
  expect_identical(fit$test, "t")
  expect_gt(fit$se[[1]], rma.mv(y, v, mods = ~ x, random = ~ 1 | g / id, data = d)$se[[1]])

  V <- vcalc(v, cluster = g, obs = out, rho = 0.4, data = d)
  fit <- rma.mv(y, V, mods = ~ factor(out), random = ~ out | g, struct = "CS", data = d, dfs = "kenward-roger")
  expect_kr(fit, function(t) V + same * (t[2] + (t[1] - t[2]) * diag(nrow(d))), c(fit$tau2, fit$tau2 * fit$rho))

  fit <- rma.mv(y, V, mods = ~ x, random = list(~ out | g, ~ 1 | id), struct = "AR", data = d, dfs = "kenward-roger")
  lag <- abs(outer(d$out, d$out, `-`))
  expect_kr(fit, function(t) V + t[1] * diag(nrow(d)) + same * t[2] * t[3]^lag, c(fit$sigma2, fit$tau2, fit$rho))

  two <- d[d$out < 3, ]
  same <- outer(two$g, two$g, `==`)
  fit <- rma.mv(y, v, mods = ~ factor(out) + x, random = ~ out | g, struct = "UN", data = two, dfs = "kenward-roger")
  expect_true(abs(fit$rho) < 1)
  G <- function(t) matrix(c(t[1], t[2], t[2], t[3]), 2)
  expect_kr(fit, function(t) diag(two$v) + same * G(t)[two$out, two$out], fit$G[lower.tri(fit$G, TRUE)])

  fit <- rma.mv(y, v, mods = ~ x, random = ~ out | g, struct = "HCS", data = two, dfs = "kenward-roger")
  s <- function(t) sqrt(t[1:2])[two$out]
  expect_kr(fit, function(t) diag(two$v) + same * outer(s(t), s(t)) * (t[3] + (1 - t[3]) * outer(two$out, two$out, `==`)),
            c(fit$tau2, fit$rho))
})

test_that("ranges of spatial structures enter by their own scale", {
  d <- kr_data(14L)
  d$lon <- seq(0, 12, length.out = nrow(d))
  d$one <- 1
  set.seed(3)
  D <- abs(outer(d$lon, d$lon, `-`))
  d$y <- 0.5 * d$x + c(t(chol(exp(-(D / 1.5)^2) + 1e-8 * diag(nrow(d)))) %*% rnorm(nrow(d))) + rnorm(nrow(d), sd = sqrt(d$v))
  fit <- rma.mv(y, v, mods = ~ x, random = ~ lon | one, struct = "SPGAU", data = d, dfs = "kenward-roger")
  expect_kr(fit, function(t) diag(d$v) + t[1] * exp(-(D / t[2])^2), c(fit$tau2, fit$rho))
})

test_that("balanced designs have their exact degrees of freedom", {
  set.seed(5)
  d <- expand.grid(i = 1:4, g = 1:8)
  d$yi <- rnorm(8, 0, 2)[d$g] + rnorm(32)
  d$i <- factor(d$i)
  fit <- rma.mv(yi, 1e-12, mods = ~ i, random = list(~ 1 | g, ~ 1 | factor(seq_along(yi))), data = d,
                dfs = "kenward-roger")
  # A randomised block design: F of the analysis of variance on 3 and 21 degrees of freedom.
  exact <- anova(stats::aov(yi ~ factor(g) + i, d))
  expect_equal(fit$QMdf, c(3, 21), tolerance = gate("kenward_roger_numeric"))
  expect_equal(fit$QM, exact["i", "F value"], tolerance = gate("kenward_roger_numeric"))
  expect_equal(unname(fit$ddf[2:4]), rep(21, 3), tolerance = gate("kenward_roger_numeric"))
  test <- anova(fit, X = rbind(c(0, 1, -1, 0), c(0, 0, 1, -1)))
  expect_equal(test$QMdf, c(2, 21), tolerance = gate("kenward_roger_numeric"))
  expect_equal(unname(test$ddf), c(21, 21), tolerance = gate("kenward_roger_numeric"))
  # The mean of a block has 7 degrees of freedom; predictions have those of their own row.
  mean <- rma.mv(yi, 1e-12, random = list(~ 1 | g, ~ 1 | factor(seq_along(yi))), data = d, dfs = "kenward-roger")
  expect_equal(mean$ddf[[1]], 7, tolerance = gate("kenward_roger_numeric"))
  p <- predict(fit, newmods = c(1, 0, 0), intercept = FALSE)
  expect_equal(p$pred, coef(fit)[[2]])
  expect_equal(p$ci.ub, fit$ci.ub[[2]])
})

test_that("what has no free component has the tests of the residual degrees of freedom; ML and weights are refused", {
  d <- kr_data()
  none <- rma.mv(y, v, random = ~ 1 | g, sigma2 = 0.5, data = d, dfs = "kenward-roger")
  plain <- rma.mv(y, v, random = ~ 1 | g, sigma2 = 0.5, data = d, test = "t")
  expect_equal(none$ddf[[1]], nrow(d) - 1)
  expect_equal(none$se, plain$se)
  expect_error(rma.mv(y, v, random = ~ 1 | g, method = "ML", data = d, dfs = "kenward-roger"),
               class = "metaparity_error_input")
  expect_error(rma.mv(y, v, random = ~ 1 | g, W = 1, data = d, dfs = "kenward-roger"), class = "metaparity_error_input")
})

test_that("scale changes nothing", {
  d <- kr_data()
  fit <- function(s) rma.mv(y * s, v * s^2, mods = ~ x, random = ~ 1 | g / id, data = d, dfs = "kenward-roger")
  one <- fit(1)
  for (s in c(1e-4, 1e4)) {
    other <- fit(s)
    expect_equal(other$ddf, one$ddf, tolerance = gate("mv_scale"))
    expect_equal(other$se / s, one$se, tolerance = gate("mv_scale"))
  }
})
