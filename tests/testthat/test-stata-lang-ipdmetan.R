trials <- function() {
  set.seed(21)
  d <- data.frame(study = rep(1:5, each = 40), trt = rep(0:1, 100), sex = rep(c(0, 0, 1, 1), 50))
  d$x <- stats::rnorm(200)
  d$y <- 0.3 * d$trt + d$x + d$study / 5 + stats::rnorm(200)
  d$e <- as.numeric(stats::runif(200) < stats::plogis(-0.5 + 0.6 * d$trt))
  d
}

result <- function(command, names, d = trials()) {
  lines <- c(command, sprintf("display %%20.16f r(%s)", names))
  as.numeric(utils::tail(stata(lines, d)$log, length(names)))
}

test_that("the coefficients of the studies are pooled as rma() pools them", {
  d <- trials()
  parts <- lapply(split(d, d$study), function(s) summary(stats::lm(y ~ trt + x, s))$coefficients["trt", 1:2])
  b <- vapply(parts, `[[`, 0, 1L)
  se <- vapply(parts, `[[`, 0, 2L)
  fit <- rma(b, sei = se, method = "FE")
  expect_gate(result("ipdmetan, study(study) nograph: regress y trt x", c("eff", "se_eff", "Q"), d),
              c(fit$beta, fit$se, fit$QE), "exact_solution")
  fit <- rma(b, sei = se, method = "REML")
  expect_gate(result("ipdmetan, study(study) re(reml) nograph: regress y trt x", c("eff", "se_eff"), d),
              c(fit$beta, fit$se), "metafor_iterative")
})

test_that("logit, interactions and poolvar() choose the coefficient", {
  d <- trials()
  pooled <- function(f) {
    parts <- lapply(split(d, d$study), f)
    rma(vapply(parts, `[[`, 0, 1L), sei = vapply(parts, `[[`, 0, 2L), method = "DL")
  }
  fit <- pooled(function(s) summary(stats::glm(e ~ trt, stats::binomial, s,
                                               control = list(epsilon = 1e-14)))$coefficients["trt", 1:2])
  expect_gate(result("ipdmetan, study(study) re or nograph: logit e trt", c("eff", "tausq"), d), c(fit$beta, fit$tau2),
              "exact_solution")
  fit <- pooled(function(s) summary(stats::lm(y ~ trt * sex, s))$coefficients["trt:sex", 1:2])
  found <- result("ipdmetan, study(study) re interaction nograph: regress y c.trt##c.sex", "eff", d)
  expect_gate(found, fit$beta, "exact_solution")
  fit <- pooled(function(s) summary(stats::lm(y ~ trt + x, s))$coefficients["x", 1:2])
  expect_gate(result("ipdmetan, study(study) re poolvar(x) nograph: regress y trt x", "eff", d), fit$beta,
              "exact_solution")
})

test_that("the data stay as they were; a study without a fit is left out; what is not here is refused", {
  d <- trials()
  s <- stata("ipdmetan, study(study) nograph: regress y trt", d)
  expect_equal(nrow(as.data.frame(s)), 200L)
  expect_named(as.data.frame(s), names(d))
  d$e[d$study == 2] <- 0
  s <- suppressWarnings(stata("ipdmetan, study(study) nograph: logit e trt", d))
  expect_equal(s$r$k, 4)
  expect_error(stata("ipdmetan, study(study): stcrreg trt", d), class = "metaparity_error_stata_unsupported")
  expect_error(stata("ipdmetan: regress y trt", d), class = "metaparity_error_stata")
})

test_that("by() makes groups of studies; a model of a mean has its constant alone", {
  d <- data.frame(s = rep(1:6, each = 8), g = rep(1:2, each = 24), x = rep(0:1, 24),
                  y = c(1, 3, 2, 5, 2, 4, 3, 6, 2, 2, 4, 1, 5, 3, 3, 6) + rep(1:6, each = 8) / 4)
  r <- stata("ipdmetan, study(s) by(g) nograph: regress y x", d)
  expect_true(any(grepl("Subgroup, IV", r$log)))
  fits <- lapply(split(d, d$s), function(k) summary(stats::lm(y ~ x, k))$coefficients[2L, 1:2])
  all <- rma(vapply(fits, `[[`, 0, 1L), sei = vapply(fits, `[[`, 0, 2L), method = "EE")
  expect_gate(r$r$eff, as.numeric(all$beta), "closed_form")
  means <- lapply(split(d, d$s), function(k) summary(stats::lm(y ~ 1, k))$coefficients[1L, 1:2])
  all <- rma(vapply(means, `[[`, 0, 1L), sei = vapply(means, `[[`, 0, 2L), method = "EE")
  expect_gate(stata("ipdmetan, study(s) nograph: regress y", d)$r$eff, as.numeric(all$beta), "closed_form")
})
