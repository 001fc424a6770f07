test_that("a dot stands for the columns that have no other part, as in lm()", {
  set.seed(4)
  d <- data.frame(est = rnorm(12), v = runif(12, .1, .3), x = rnorm(12), g = rep(c("a", "b", "c"), 4),
                  w = runif(12, 1, 2),
                  study = sprintf("S%d", 1:12), keep = rep(c(TRUE, TRUE, FALSE, TRUE), 3))
  own <- rma(est ~ x + g, v, weights = w, slab = study, subset = keep, data = d)
  for (fit in list(rma(est ~ ., v, weights = w, slab = study, subset = keep, data = d),
                   rma(est, v, mods = ~., weights = w, slab = study, subset = keep, data = d))) {
    expect_identical(rownames(fit$beta), c("intrcpt", "x", "gb", "gc"))
    expect_equal(fit$beta, own$beta)
    expect_equal(terms(fit), terms(own), ignore_attr = TRUE)
  }
  d <- d[c("est", "v", "x", "g")]
  as_lm <- function(f) sub("(Intercept)", "intrcpt", colnames(model.matrix(lm(f, d[c("est", "x", "g")]))), fixed = TRUE)
  for (f in list(est ~ ., est ~ . - x, est ~ .:x, est ~ .^2, est ~ . + I(x^2), est ~ . - 1)) {
    expect_setequal(rownames(rma(f, v, data = d)$beta), as_lm(f))
  }
  d$s <- sqrt(d$v)
  expect_identical(rownames(rma(est ~ ., sei = s, data = d[c("est", "s", "x")])$beta), c("intrcpt", "x"))
  expect_identical(rownames(update(rma(est, v, mods = ~., data = d), mods = ~ . - g)$beta), c("intrcpt", "x", "s"))
  expect_identical(rownames(rma(est ~ ., v, data = d[c("est", "v")])$beta), "intrcpt")
  expect_silent(other <- rma(est ~ . - g + x:s, v, slab = g, data = d))
  expect_identical(rownames(other$beta), c("intrcpt", "x", "s", "x:s"))
  expect_error(rma(d$est, d$v, mods = ~.), class = "metaparity_error_input")
  expect_error(rma(d$est ~ ., d$v), class = "metaparity_error_input")
})

test_that("effects of escalc(), named or not, and raw numbers are no moderators of a dot", {
  d <- data.frame(a = c(4, 6, 3, 62, 33), b = c(119, 300, 228, 13536, 5036), c = c(11, 29, 11, 248, 47),
                  d = c(128, 274, 209, 12619, 5761), year = c(1, 3, 2, 6, 5))
  expect_identical(rownames(rma(measure = "OR", ai = a, bi = b, ci = c, di = d, mods = ~., data = d)$beta),
                   c("intrcpt", "year"))
  e <- escalc("OR", ai = a, bi = b, ci = c, di = d, data = d)[c("year", "yi", "vi")]
  expect_identical(rownames(rma(yi, vi, mods = ~., data = e)$beta), c("intrcpt", "year"))
  expect_identical(rownames(rma(data = e, mods = ~.)$beta), c("intrcpt", "year"))
  expect_identical(rownames(rma(e, mods = ~.)$beta), c("intrcpt", "year"))
})

test_that("a formula without variables has a row for each study, with data and without", {
  yi <- c(0.1, 0.4, 0.2, 0.6)
  vi <- c(0.02, 0.03, 0.05, 0.04)
  plain <- rma(yi, vi)
  expect_equal(coef(rma(yi, vi, mods = ~ 1)), coef(plain))
  m <- ~ 1
  id <- 1:4
  expect_equal(coef(rma(yi, vi, mods = m)), coef(plain))
  expect_equal(rma(yi, vi, scale = ~ 1)$tau2[[1L]], plain$tau2, tolerance = gate("metafor_scale"))
  expect_equal(coef(rma.mv(yi, vi, mods = ~ 1, random = ~ 1 | id)), coef(plain), tolerance = gate("mv_scale"))
})
