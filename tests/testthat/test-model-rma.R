bcg <- data.frame(
  yi = c(-0.889, -1.585, -1.348, -1.442, -0.218, -0.786, -1.621, 0.012, -0.469, -1.371, -0.339, 0.446, -0.017),
  vi = c(.326, .195, .415, .02, .051, .007, .223, .004, .056, .073, .012, .533, .071),
  ablat = c(44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33),
  alloc = rep(c("random", "alternate", "systematic"), length.out = 13))
estimators <- c("HS", "HSk", "HE", "DL", "DLIT", "SJ", "SJIT", "PM", "PMM", "ML", "REML", "EB", "GENQ", "GENQM")

test_that("the class and the fields are those of metafor and two more", {
  skip_if_not_installed("metafor")
  x <- rma(yi, vi, data = bcg)
  expect_s3_class(x, c("metaparity_uni", "metaparity", "rma.uni", "rma"), exact = TRUE)
  theirs <- names(metafor::rma.uni(yi, vi, data = bcg))
  unused <- c("M", "chksumyi", "chksumvi", "chksumX", "outdat.f", "time", "se.tau2.f")
  expect_equal(setdiff(theirs, c(names(x), unused)), character())
  expect_true(all(c("input", "spec") %in% names(x)))
})

test_that("results scale with the data, intervals included", {
  for (method in estimators) {
    for (mods in list(NULL, ~ablat)) {
      base <- rma(yi, vi, mods = mods, data = bcg, method = method)
      ends <- confint(base)$random[1, ]
      for (s in c(1e-9, 1e-4, 0.3, 1e5, 1e9)) {
        x <- rma(yi * s, vi * s^2, mods = mods, data = bcg, method = method)
        expect_gate(x$tau2 / s^2, base$tau2, "scale_free")
        expect_gate(x$beta / s, base$beta, "scale_free")
        expect_gate(x$se.tau2 / s^2, base$se.tau2, "scale_free")
        expect_gate(confint(x)$random[1, ] / s^2, ends, "scale_free")
      }
    }
  }
})

test_that("estimators of the same equation agree to the last digits", {
  pm <- rma(yi, vi, data = bcg, method = "PM")$tau2
  for (method in c("EB", "DLIT", "SJIT")) expect_gate(rma(yi, vi, data = bcg, method = method)$tau2, pm,
                                                      "exact_solution")
  q <- function(t) { w <- 1 / (bcg$vi + t); sum(w * (bcg$yi - sum(w * bcg$yi) / sum(w))^2) - 12 }
  root <- uniroot(q, c(0, 10), tol = 1e-15)$root
  expect_gate(pm, root, "exact_solution")
})

test_that("an outlier beyond every default limit is no obstacle", {
  y <- c(0, .01, -.01, .02, 60, -.02, 0)
  for (method in c("PM", "EB", "REML")) expect_gate(rma(y, rep(.01, 7), method = method)$tau2, var(y) - .01,
                                                    "exact_solution")
})

test_that("one moderator without intercept has the residual sum of lm()", {
  x <- rma(yi, vi, mods = ~ ablat - 1, data = bcg, method = "EE")
  fit <- lm(yi ~ ablat - 1, data = bcg, weights = 1 / vi)
  expect_gate(x$QE, sum(residuals(fit)^2 / bcg$vi), "closed_form")
  expect_gate(x$beta, coef(fit), "closed_form")
})

test_that("zero variances reproduce lm() when heterogeneity can take over", {
  x <- rma(yi, rep(0, 13), mods = ~ablat, data = bcg)
  fit <- summary(lm(yi ~ ablat, data = bcg))
  expect_gate(x$tau2, fit$sigma^2, "exact_solution")
  expect_gate(x$se, fit$coefficients[, 2], "exact_solution")
})

test_that("factors, interactions and matrices give the same design", {
  x <- rma(yi, vi, mods = ~ ablat * factor(alloc), data = bcg)
  X <- model.matrix(~ ablat * factor(alloc), bcg)
  y <- rma(bcg$yi, bcg$vi, mods = X)
  expect_equal(as.numeric(x$beta), as.numeric(y$beta), tolerance = 1e-12)
  expect_equal(rownames(x$beta)[1:2], c("intrcpt", "ablat"))
  expect_equal(x$p, 6L)
})

test_that("collinear columns are dropped with a warning", {
  expect_warning(x <- rma(yi, vi, mods = ~ ablat + I(2 * ablat) + alloc, data = bcg),
                 class = "metaparity_warning_input")
  expect_equal(sum(x$coef.na), 1)
  expect_gate(x$beta, rma(yi, vi, mods = ~ ablat + alloc, data = bcg)$beta, "closed_form")
})

test_that("weights, unweighted fits and fixed tau2 follow their formulas", {
  w <- 1:13
  x <- rma(yi, vi, weights = w, data = bcg)
  expect_gate(x$beta, sum(w * bcg$yi) / sum(w), "closed_form")
  expect_gate(x$se, sqrt(sum(w^2 * (bcg$vi + x$tau2))) / sum(w), "closed_form")
  expect_gate(rma(yi, vi, data = bcg, weighted = FALSE)$beta, mean(bcg$yi), "closed_form")
  expect_identical(rma(yi, vi, data = bcg, tau2 = 0.2)$tau2, 0.2)
})

test_that("k = 100,000 studies need no matrix of that size", {
  set.seed(5)
  x <- rma(rnorm(1e5, 0, 1), rep(c(0.5, 1), 5e4))
  expect_lt(as.numeric(utils::object.size(x)), 3e7)
  expect_true(is.finite(x$tau2))
})

test_that("a convention decides the zero cells and the Q of DerSimonian and Laird", {
  d <- stata_fixture("example.csv")
  x <- rma(ai = tdeath, bi = tnodeath, ci = cdeath, di = cnodeath, data = d, measure = "RR", method = "DL",
           convention = "stata14")
  y <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, rr = TRUE, random = TRUE)
  expect_gate(exp(x$beta), y$r$ES, "closed_form")
  expect_equal(sprintf("%.3f", exp(c(x$beta, x$ci.lb, x$ci.ub))), c("1.052", "0.958", "1.156"))
  expect_equal(sprintf("%.4f", x$tau2), "0.0171")
  z <- rma(ai = tdeath, bi = tnodeath, ci = cdeath, di = cnodeath, data = d, measure = "RR", method = "DL")
  expect_false(isTRUE(all.equal(x$tau2, z$tau2, tolerance = 1e-6)))
  expect_error(rma(yi, vi, data = bcg, convention = "stata99"), class = "metaparity_error_input")
})
