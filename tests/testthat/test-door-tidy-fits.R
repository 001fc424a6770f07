d <- data.frame(yi = c(-0.9, -1.6, -1.3, -0.2, 0.1, 0.3), vi = c(0.33, 0.19, 0.42, 0.05, 0.02, 0.1), x = 1:6,
                s = c(1, 1, 2, 2, 3, 3))
ours <- function(...) rma(yi, vi, data = d, ...)

test_that("columns and numbers are those that broom gives for metafor's fits", {
  skip_if_not_installed("broom")
  skip_if_not_installed("metafor")
  theirs <- function(...) metafor::rma(yi, vi, data = d, ...)
  for (args in list(list(), list(mods = ~x, method = "DL"), list(method = "EE"), list(test = "knha"))) {
    a <- do.call(ours, args)
    b <- do.call(theirs, args)
    for (level in c(0.95, 0.9)) {
      one <- as.data.frame(generics::tidy(a, conf.int = TRUE, conf.level = level))
      two <- as.data.frame(broom::tidy(b, conf.int = TRUE, conf.level = level))
      expect_identical(names(one), names(two))
      expect_identical(one$term, two$term)
      expect_gate(unlist(one[3:8]), unlist(two[3:8]), "metafor_iterative", 1e-3)
    }
    g <- as.data.frame(generics::glance(a))
    h <- as.data.frame(broom::glance(b))
    same <- intersect(names(g), names(h))
    expect_true(all(c("i.squared", "tau.squared", "cochran.qe", "nobs") %in% same))
    known <- same[!is.na(unlist(h[same]))]
    expect_gate(unlist(g[known]), unlist(h[known]), "metafor_iterative", 1e-3)
    u <- as.data.frame(generics::augment(a))
    w <- as.data.frame(broom::augment(b))
    shared <- intersect(names(w), c(".observed", ".fitted", ".se.fit", ".lower", ".upper", ".resid"))
    expect_gate(unlist(u[shared]), unlist(w[shared]), "metafor_iterative", 1e-3)
  }
  studies <- generics::tidy(ours(), include_studies = TRUE, conf.int = TRUE)
  expect_gate(studies$conf.low, broom::tidy(theirs(), include_studies = TRUE, conf.int = TRUE)$conf.low, "metafor_iterative", 1e-3)
})

test_that("every class of fits is augmented, a row for each study used", {
  skip_if_not_installed("generics")
  tables <- list(ai = c(4, 6, 3, 9), n1i = c(123, 306, 231, 140), ci = c(11, 29, 11, 12), n2i = c(139, 303, 220, 150))
  fits <- list(rma.mv(yi, vi, random = ~ 1 | s, data = d), do.call(rma.mh, c(tables, measure = "RR")), do.call(rma.peto, tables),
               suppressWarnings(rma(yi, vi, scale = ~x, data = d)), selmodel(ours(method = "ML"), type = "halfnorm"),
               do.call(rma.glmm, c(tables, measure = "OR")))
  for (fit in fits) {
    out <- generics::augment(fit)
    expect_identical(nrow(out), as.integer(fit$k))
    expect_true(all(c(".observed", ".fitted", ".lower", ".upper") %in% names(out)))
    expect_false(anyNA(out$.fitted))
    expect_identical(generics::glance(fit)$nobs, as.integer(fit$k))
    expect_equal(generics::tidy(fit)$estimate[seq_along(fit$beta)], as.numeric(fit$beta))
  }
  gone <- suppressWarnings(rma(c(0.1, NA, 0.3, 0.5), c(0.02, 0.03, 0.04, 0.05)))
  expect_identical(nrow(generics::augment(gone)), 3L)
  expect_error(generics::tidy(gone, conf.level = "a"), class = "metaparity_error_input")
  expect_error(generics::augment(gone, interval = "x"), class = "metaparity_error_input")
})

test_that("parameters and insight read fits as metafor's", {
  stat <- get_statistic_metaparity(ours())
  expect_equal(stat$Statistic, ours()$zval)
  expect_identical(attr(stat, "statistic"), "z-statistic")
  expect_identical(attr(get_statistic_metaparity(ours(test = "knha")), "statistic"), "t-statistic")
  # No dependency of the tests: where the packages are, they are asked.
  if (!requireNamespace("parameters", quietly = TRUE) || !requireNamespace("metafor", quietly = TRUE)) return(invisible())
  read <- function(fit) suppressWarnings(as.data.frame(parameters::model_parameters(fit)))
  one <- read(ours())
  two <- read(metafor::rma(yi, vi, data = d))
  expect_identical(setdiff(names(two), names(one)), character())
  expect_gate(one$z, two$z, "metafor_iterative")
  expect_gate(one$Coefficient, two$Coefficient, "metafor_iterative")
})

test_that("degrees of freedom and tau2 of a fit at a glance are the fit's", {
  skip_if_not_installed("generics")
  mh <- suppressWarnings(rma.mh(measure = "OR", ai = c(0, 0, 1, 2), n1i = c(10, 20, 30, 40), ci = c(0, 1, 2, 0),
                                n2i = c(10, 20, 30, 40)))
  expect_identical(generics::glance(mh)$df.residual, 2)
  mv <- rma.mv(yi, vi, random = ~ 1 | s / x, data = d)
  expect_equal(generics::glance(mv)$tau.squared, sum(mv$sigma2))
  expect_null(generics::glance(rma.mv(yi, vi, data = d))[["tau.squared"]])
})

test_that("scale coefficients and selection weights are rows of their own component", {
  skip_if_not_installed("generics")
  ls <- suppressWarnings(rma(yi, vi, scale = ~x, data = d))
  out <- generics::tidy(ls, conf.int = TRUE)
  expect_identical(out$component, c("location", "scale", "scale"))
  expect_equal(out$estimate, c(as.numeric(ls$beta), as.numeric(ls$alpha)))
  expect_equal(out$conf.high[2:3], as.numeric(ls$ci.ub.alpha))
  narrow <- generics::tidy(ls, conf.int = TRUE, conf.level = 0.9)
  expect_equal(narrow$conf.high, out$estimate + qnorm(0.95) * out$std.error)
  sel <- suppressWarnings(selmodel(ours(method = "ML"), type = "halfnorm"))
  expect_silent(out <- generics::tidy(sel, conf.int = TRUE, conf.level = 0.9))
  expect_identical(out$component, c("effect", "selection"))
  expect_equal(out$estimate[2L], sel$delta)
  expect_gte(out$conf.low[2L], 0)
})
