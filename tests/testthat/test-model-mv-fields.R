test_that("large matrices are made when they are asked for", {
  d <- metadat::dat.konstantopoulos2011
  fit <- rma.mv(yi, vi, random = ~ 1 | district/school, data = d)
  expect_null(unclass(fit)$M)
  expect_equal(dim(fit$M), c(56L, 56L))
  expect_equal(diag(fit$M), d$vi + sum(fit$sigma2))
  expect_equal(fit$V, diag(d$vi))
  expect_equal(dim(fit$Z.S[[1]]), c(56L, 11L))
  expect_equal(names(fit$mf.r[[1]]), c("district", "school"))
  n <- 3000
  g <- rep(seq_len(n / 3), each = 3)
  set.seed(1)
  big <- data.frame(g = g, id = seq_len(n), v = runif(n, 0.01, 0.1))
  big$y <- rnorm(n / 3, 0, 0.2)[g] + rnorm(n, 0, 0.2) + rnorm(n) * sqrt(big$v)
  fit <- rma.mv(y, v, random = ~ 1 | g/id, data = big)
  expect_lt(as.numeric(object.size(fit)), 1000 * n)
})

test_that("degrees of freedom: residual, contained, given", {
  d <- metadat::dat.konstantopoulos2011
  a <- rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district/school, data = d, dfs = "contain")
  expect_equal(as.numeric(a$ddf), c(9, 54))
  expect_equal(a$test, "t")
  expect_equal(rma.mv(yi, vi, random = ~ factor(school) | district, data = d, dfs = "contain")$ddf[[1]], 10)
  expect_equal(rma.mv(yi, vi, random = ~ 1 | district, data = d, test = "t")$ddf[[1]], 55)
  b <- rma.mv(yi, vi, random = ~ 1 | district, data = d, dfs = 7)
  expect_equal(b$pval, 2 * pt(-abs(b$zval), 7))
})

test_that("a second maximum near the highest is told, and the search's own account agrees", {
  set.seed(123)
  k <- sample(4:15, 1L)
  d <- expand.grid(t = 1:4, id = seq_len(k))
  d <- d[runif(nrow(d)) > 0.2, ]
  d$vi <- 10^runif(nrow(d), -2, 0)
  d$yi <- rnorm(k)[d$id] * sample(c(0, 1), 1L) + rnorm(nrow(d)) * sample(c(0, 0.5), 1L) + rnorm(nrow(d), sd = sqrt(d$vi))
  expect_warning(fit <- rma.mv(yi, vi, random = ~ t | id, struct = "HAR", data = d), class = "metaparity_warning_multimodal")
  expect_gt(fit$opt.res$maxima, 1)
  expect_equal(-fit$opt.res$objective, as.numeric(logLik(fit)))
  # The other side of 0 has the lower maximum.
  other <- logLik(suppressWarnings(rma.mv(yi, vi, random = ~ t | id, struct = "HAR", rho = -1, data = d)))
  expect_gt(as.numeric(logLik(fit)), as.numeric(other))
  expect_gte(fit$opt.res$second, as.numeric(other) - 1e-6)
  ml <- suppressWarnings(rma.mv(yi, vi, random = ~ 1 | id, method = "ML", data = d))
  expect_equal(-ml$opt.res$objective, as.numeric(logLik(ml)))
})

test_that("covariances of the components are metafor's on each scale and in its order", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.berkey1998
  V <- vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = d)
  fit <- function(f, ...) f(yi, V, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = d, ...)
  expect_equal(fit(rma.mv, cvvc = "varcor")$vvc, fit(metafor::rma.mv, cvvc = "varcor")$vvc,
               tolerance = gate("metafor_glmer"))
  expect_error(fit(rma.mv, cvvc = "transf"), class = "metaparity_error_unsupported")
  cov <- fit(rma.mv, cvvc = "varcov")
  cor <- fit(rma.mv, cvvc = TRUE)
  expect_identical(rownames(cov$vvc), c("tau^2.1", "cov", "tau^2.2"))
  expect_equal(diag(cov$vvc)[c(1, 3)], diag(cor$vvc)[1:2], tolerance = 1e-6)
  diagonal <- function(f) f(yi, vi, random = ~ factor(setting) | study, struct = "DIAG", cvvc = "transf",
                            data = metadat::dat.raudenbush1985)
  expect_equal(diagonal(rma.mv)$vvc, diagonal(metafor::rma.mv)$vvc, tolerance = gate("metafor_glmer"))
})

test_that("Satterthwaite's degrees of freedom: balanced groups have one less than groups", {
  set.seed(5)
  d <- expand.grid(i = 1:4, g = 1:8)
  d$yi <- rnorm(8, 0, 2)[d$g] + rnorm(32)
  fit <- rma.mv(yi, 1e-9, random = ~ 1 | g / i, dfs = "satterthwaite", data = d)
  expect_identical(fit$test, "t")
  expect_equal(fit$ddf[[1]], 7, tolerance = 1e-5)
  expect_equal(fit$pval, 2 * pt(-abs(fit$zval), fit$ddf), ignore_attr = TRUE)
  expect_equal(predict(fit)$ci.lb, coef(fit)[[1]] - qt(0.975, fit$ddf[[1]]) * fit$se, ignore_attr = TRUE)
  # What varies within groups has the degrees of freedom of the rows within them.
  d$x <- d$i - 2.5
  slope <- rma.mv(yi, 1e-9, mods = ~ x, random = ~ 1 | g / i, dfs = "satterthwaite", data = d)
  expect_equal(slope$ddf[["x"]], 23, tolerance = 1e-4)
  expect_equal(slope$ddf[["intrcpt"]], 7, tolerance = 1e-4)
  # Given components are known.
  known <- rma.mv(yi, 1, random = ~ 1 | g, sigma2 = 0, dfs = "satterthwaite", data = d)
  expect_equal(known$ddf[[1]], 31)
})

test_that("components that the likelihood does not tell apart are named", {
  set.seed(1)
  d <- data.frame(g = rep(1:6, each = 2), o = rep(1:2, 6), v = 0.1, id = 1:12)
  d$y <- rnorm(6)[d$g] + rnorm(12, 0, 0.3)
  caught <- function(expr) tryCatch(expr, metaparity_warning_not_identified = function(w) w$components)
  expect_setequal(caught(rma.mv(y, v, random = list(~ o | g, ~ 1 | g), struct = "CS", data = d)), c("sigma^2", "tau^2"))
  expect_setequal(caught(rma.mv(y, v, random = list(~ 1 | g, ~ 1 | as.numeric(g)), data = d)), c("sigma^2.1", "sigma^2.2"))
  d$copy <- letters[d$g]
  expect_setequal(caught(rma.mv(y, v, random = list(~ 1 | g, ~ 1 | copy, ~ 1 | id), data = d)), c("sigma^2.1", "sigma^2.2"))
  expect_true("tau^2" %in% caught(rma.mv(y, v, random = list(~ o | g, ~ 1 | id), struct = "ID", data = d)))
  # What is identified says nothing, at an edge too.
  expect_no_warning(rma.mv(y, v, random = ~ 1 | g/id, data = d))
  expect_no_warning(rma.mv(y, v, random = ~ o | g, struct = "CS", data = d))
  expect_no_warning(rma.mv(yi, vi, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN",
                           data = metadat::dat.berkey1998))
})

test_that("components that were changed by hand are named", {
  d <- data.frame(y = sin(1:12), v = 0.1, s = rep(1:6, each = 2), e = 1:12, o = rep(c("a", "b"), 6))
  nested <- rma.mv(y, v, random = ~ 1 | s / e, data = d)
  both <- rma.mv(y, v, random = ~ o | s, struct = "CS", data = d)
  damaged <- function(fit, field, value) {
    class <- oldClass(fit)
    fit <- unclass(fit)
    fit[field] <- list(value)
    structure(fit, class = class)
  }
  for (value in list(NULL, 1, c(0.1, NA), "a", list(1, "a"))) {
    e <- expect_error(hatvalues(damaged(nested, "sigma2", value)), class = "metaparity_error_input")
    expect_match(conditionMessage(e), "sigma2", fixed = TRUE)
  }
  for (value in list(NULL, list(1))) expect_error(mv_theta(unclass(damaged(nested, "mv", value))), class = "metaparity_error_input")
  expect_error(hatvalues(damaged(both, "rho", numeric())), class = "metaparity_error_input")
  expect_error(hatvalues(damaged(both, "tau2", NA)), class = "metaparity_error_input")
})
