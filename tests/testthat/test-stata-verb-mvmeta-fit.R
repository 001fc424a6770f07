test_that("with Sigma known the fit is metafor's rma.mv", {
  skip_if_not_installed("metafor")
  d <- mvmeta_data("berkey")
  long <- data.frame(y = as.vector(t(d[c("y1", "y2")])), study = rep(1:5, each = 2), outcome = rep(1:2, 5))
  V <- lapply(1:5, function(i) matrix(c(d$V11[i], d$V12[i], d$V12[i], d$V22[i]), 2))
  for (method in c("REML", "ML")) {
    f <- metafor::rma.mv(y, V, mods = ~ factor(outcome) - 1, random = ~ factor(outcome) | study, struct = "UN",
                         data = long,
                         method = method)
    own <- do.call(mvmeta, c(list("y", "V", data = d, nouncertainv = TRUE), stats::setNames(list(TRUE),
                                                                                            tolower(method))))
    expect_gate(unname(own$fit$beta), unname(f$beta[, 1]), "mvmeta_metafor")
    expect_gate(own$table$se, f$se, "mvmeta_metafor")
    expect_gate(sqrt(diag(own$fit$Sigma)), sqrt(f$tau2), "mvmeta_metafor")
  }
})

test_that("the restricted likelihood leaves out what depends on the design alone", {
  d <- mvmeta_data("berkey")
  long <- data.frame(y = as.vector(t(d[c("y1", "y2")])), study = rep(1:5, each = 2), outcome = factor(rep(1:2, 5)))
  V <- lapply(1:5, function(i) matrix(c(d$V11[i], d$V12[i], d$V12[i], d$V22[i]), 2))
  f <- rma.mv(y, V, mods = ~ outcome - 1, random = ~ outcome | study, struct = "UN", data = long)
  expect_equal(mvmeta(y, V, data = d)$fit$ll, as.numeric(logLik(f)) - 0.5 * log(25), tolerance = 1e-9)
})

test_that("the core's model of networks is rma.mv with a correlation of a half", {
  skip_if_not_installed("metafor")
  net <- network_convert(network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt), "standard")
  m <- network_meta(net, "consistency", nouncertainv = TRUE)
  y <- as.vector(t(as.matrix(net$data[c("_y_1", "_y_2")])))
  keep <- is.finite(y)
  V <- lapply(net$studies, `[[`, "S")
  X <- m$fit$studies$X[keep, ]
  long <- data.frame(y = y[keep], study = rep(1:24, each = 2)[keep], arm = rep(1:2, 24)[keep])
  f <- metafor::rma.mv(y, V, mods = X, intercept = FALSE, random = ~ arm | study, rho = 0.5, data = long)
  expect_gate(unname(m$fit$fit$beta), unname(f$beta[, 1]), "mvmeta_metafor")
  expect_gate(m$table$se, f$se, "mvmeta_metafor")
  expect_gate(m$fit$fit$Sigma[1, 1], f$tau2, "mvmeta_metafor")
})

test_that("structures take their matrices, and refuse others", {
  d <- mvmeta_data("berkey")
  P <- matrix(c(1, 0.5, 0.5, 1), 2)
  exch <- mvmeta(y, V, data = d, bscovariance = "exch 0.5")
  expect_equal(mvmeta(y, V, data = d, bscovariance = list("proportional", P))$fit$Sigma, exch$fit$Sigma)
  expect_equal(unname(mvmeta(y, V, data = d, bscovariance = list("equals", P))$fit$Sigma), P)
  expect_equal(stats::cov2cor(mvmeta(y, V, data = d, bscovariance = list("corr", P))$fit$Sigma), P, ignore_attr = TRUE)
  for (wrong in list("banded", list("prop", diag(3)), list("prop", matrix(1:4, 2)), list("prop", -P), "prop", "exch 3"))
    expect_error(mvmeta(y, V, data = d, bscovariance = wrong), class = "metaparity_error_input")
  expect_error(mvmeta(y, V, data = d, mm = TRUE, bscovariance = "exch 0.5"), class = "metaparity_error_input")
})

test_that("a correlation beyond 1 is warned of", {
  d <- mvmeta_data("mycn")
  expect_warning(fit <- mvmeta(y, S, data = d, wscorr = 0.3, bscovariance = "exch"), class = "metaparity_warning_input")
  expect_lt(abs(fit$fit$theta[2] - 1.0415095), 1e-5)
  expect_lt(abs(fit$fit$ll + 125.97829), 1e-5)
})

test_that("scale and order of the outcomes change nothing", {
  d <- mvmeta_data("fibrinogen")
  fit <- mvmeta(b, V, data = d)
  big <- d
  big[grep("^b_", names(d))] <- 1000 * big[grep("^b_", names(d))]
  big[grep("^V_", names(d))] <- 1e6 * big[grep("^V_", names(d))]
  expect_equal(mvmeta(b, V, data = big)$table$se, 1000 * fit$table$se, tolerance = 1e-6)
  back <- mvmeta(b, V, data = d, vars = rev(fit$studies$outcomes))
  expect_equal(back$fit$ll, fit$fit$ll, tolerance = 1e-9)
  expect_equal(rev(back$table$se), fit$table$se, tolerance = 1e-5)
})
