test_that("fits are metafor's, or better", {
  data <- mv_data()
  for (name in names(mv_models)) {
    both <- mv_both(mv_models[[name]], data)
    ours <- both$ours
    theirs <- both$theirs
    ll <- c(as.numeric(logLik(ours)), as.numeric(logLik(theirs)))
    expect_gt(ll[1L], ll[2L] - gate("mv_loglik"))
    expect_lt(abs(ll[1L] - ll[2L]), 1e-6)
    for (field in c("beta", "se", "sigma2", "tau2", "rho", "gamma2", "phi", "QE", "QM", "M", "V", "vb"))
      expect_equal(as.numeric(do.call(`$`, list(ours, field))), as.numeric(theirs[[field]]), tolerance = gate("mv_component"),
                   label = paste(name, field))
    for (field in c("QEdf", "k", "p", "parms", "m", "btt", "s.nlevels", "g.nlevels", "s.names", "vc.fix", "int.only",
                    "test", "struct", "withS", "withG", "sigma2s", "tau2s", "rhos", "g.levels.comb.k", "QMdf"))
      expect_equal(unname(unlist(ours[[field]])), unname(unlist(theirs[[field]])), label = paste(name, field))
    expect_equal(ours$fit.stats, theirs$fit.stats, tolerance = gate("mv_component"))
    expect_setequal(setdiff(names(theirs), names(ours)), c("chksumyi", "chksumV", "chksumX", "time"))
  }
})

test_that("exact solutions: likelihoods, zeros and correlations of 1", {
  data <- mv_data()
  fit <- mv_both(mv_models$three_level, data)$ours
  expect_equal(fit$sigma2, c(0.065061942462, 0.032736517605), tolerance = 1e-8)
  expect_equal(as.numeric(logLik(fit)), -7.95872403, tolerance = gate("mv_exact_loglik"))
  fit <- mv_both(mv_models$bivariate, data)$ours
  expect_equal(as.numeric(logLik(fit)), 5.8406568848, tolerance = gate("mv_exact_loglik"))
  expect_equal(c(fit$tau2, fit$rho), c(0.02614452, 0.007002, 0.69923045), tolerance = gate("mv_exact_component"))
  for (name in c("hcs", "un", "har", "ar", "car")) expect_identical(unique(mv_both(mv_models[[name]], data)$ours$rho), 1)
})

test_that("fine1993: a variance of 0 and a correlation of 1", {
  d <- metadat::dat.fine1993
  for (k in 1:4) {
    e <- d[[paste0("e", k, "i")]]
    c <- d[[paste0("c", k, "i")]]
    es <- escalc("OR", ai = e, n1i = d$nei, ci = c, n2i = d$nci)
    d[[paste0("y", k)]] <- as.numeric(es$yi)
    d[[paste0("v", k)]] <- es$vi
  }
  covariance <- function(a, b) {
    e <- function(k, arm) d[[paste0(arm, k, "i")]]
    d$nei / (e(a, "e") * (d$nei - e(b, "e"))) + d$nci / (e(a, "c") * (d$nci - e(b, "c")))
  }
  V <- lapply(seq_len(nrow(d)), function(i) {
    M <- diag(unlist(d[i, paste0("v", 1:4)]))
    for (a in 1:3) for (b in (a + 1):4) M[a, b] <- M[b, a] <- covariance(a, b)[i]
    M
  })
  long <- data.frame(study = rep(seq_len(nrow(d)), each = 4), time = 1:4, yi = c(t(d[paste0("y", 1:4)])))
  V[[17]] <- V[[17]][c(2, 4), c(2, 4)]
  ridge <- lapply(V, function(M) {
    e <- eigen(M)
    if (all(e$values > 0.08)) M else round(e$vectors %*% diag(e$values + 0.08) %*% t(e$vectors), 12)
  })
  ridge[[17]] <- V[[17]]
  long <- long[!is.na(long$yi), ]
  fit <- rma.mv(yi, ridge, mods = ~ 0 + factor(time), random = ~ time | study, struct = "HAR", data = long)
  expect_equal(as.numeric(logLik(fit)), -51.64745239, tolerance = gate("mv_exact_loglik"))
  expect_identical(fit$tau2[1], 0)
  expect_identical(fit$rho, 1)
  expect_equal(fit$tau2[2:4], c(0.00022927, 0.0294313, 0.196686), tolerance = 5e-6)
})

test_that("spatial ranges: the highest of several maxima", {
  data <- mv_data()
  best <- c(SPEXP = -199.760396, SPGAU = -198.169004, SPRAT = -198.555853, SPSPH = -199.935686)
  for (s in names(best)) {
    fit <- rma.mv(s1, vars1, random = ~ site_station | const, struct = s, data = data$mai, dist = list(data$D))
    expect_equal(as.numeric(logLik(fit)), best[[s]], tolerance = 1e-8)
    expect_identical(fit$opt.res$convergence, 0L)
  }
  expect_gt(fit$opt.res$maxima, 1)
})

test_that("identities: rma() is a model of one component, and blocks are a matrix", {
  d <- metadat::dat.konstantopoulos2011
  for (method in c("REML", "ML")) {
    a <- rma.mv(yi, vi, random = ~ 1 | study, data = d, method = method)
    b <- rma(yi, vi, data = d, method = method)
    expect_equal(a$sigma2, b$tau2, tolerance = gate("exact_solution"))
    expect_equal(as.numeric(a$beta), as.numeric(b$beta), tolerance = gate("exact_solution"))
    expect_equal(as.numeric(logLik(a)), as.numeric(logLik(b)), tolerance = gate("exact_solution"))
    expect_equal(a$QE, b$QE, tolerance = gate("exact_solution"))
  }
  a <- rma.mv(yi, vi, data = d, method = "EE")
  expect_equal(a$se, rma(yi, vi, data = d, method = "EE")$se, tolerance = gate("exact_solution"))
  data <- mv_data()
  Va <- data$Va
  a <- rma.mv(yi, Va, random = ~ 1 | study/esid, data = data$ass)
  b <- rma.mv(yi, blsplit(Va, data$ass$study), random = ~ 1 | study/esid, data = data$ass)
  expect_identical(a$sigma2, b$sigma2)
  expect_equal(a$V, unname(Va), tolerance = 1e-15)
})

test_that("scale, order of rows and names of levels change nothing", {
  d <- metadat::dat.konstantopoulos2011
  fit <- rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district/school, data = d)
  set.seed(1)
  mixed <- d[sample(nrow(d)), ]
  mixed$district <- letters[match(mixed$district, rev(unique(d$district)))]
  other <- rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district/school, data = mixed)
  expect_equal(other$sigma2, fit$sigma2, tolerance = gate("mv_scale"))
  expect_equal(as.numeric(other$beta), as.numeric(fit$beta), tolerance = 1e-8)
  for (s in c(1e-4, 0.3, 1e4)) {
    d2 <- transform(d, yi = yi * s, vi = vi * s^2)
    scaled <- rma.mv(yi, vi, random = ~ 1 | district/school, data = d2)
    plain <- rma.mv(yi, vi, random = ~ 1 | district/school, data = d)
    expect_equal(scaled$sigma2 / s^2, plain$sigma2, tolerance = gate("mv_scale"))
    expect_equal(scaled$QE, plain$QE, tolerance = gate("mv_scale"))
  }
  data <- mv_data()
  Vb <- data$Vb
  a <- rma.mv(yi, Vb, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = data$ber)
  turned <- data$ber[10:1, ]
  turned$outcome <- ifelse(turned$outcome == "PD", "A", "B")
  Vt <- Vb[10:1, 10:1]
  b <- rma.mv(yi, Vt, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = turned)
  expect_equal(b$tau2, rev(a$tau2), tolerance = gate("mv_scale"))
  expect_equal(b$rho, a$rho, tolerance = gate("mv_scale"))
})

test_that("zeros of three-level models are exact and satisfy the conditions of a maximum", {
  set.seed(3)
  zeros <- 0
  for (i in 1:40) {
    n <- 24
    g <- rep(1:8, each = 3)
    d <- data.frame(g = g, id = seq_len(n), v = runif(n, 0.05, 0.5))
    d$y <- 0.2 + rnorm(8, 0, 0.15)[g] + rnorm(n, 0, 0.1) + rnorm(n) * sqrt(d$v)
    fit <- rma.mv(y, v, random = ~ 1 | g/id, data = d)
    zeros <- zeros + any(fit$sigma2 == 0)
    expect_true(all(fit$sigma2 == 0 | fit$sigma2 > 1e-9))
    ll <- function(s) as.numeric(logLik(rma.mv(y, v, random = ~ 1 | g/id, data = d, sigma2 = s)))
    for (j in 1:2) for (step in c(1e-3, -1e-3)) {
      near <- replace(fit$sigma2, j, max(fit$sigma2[j] + step, 0))
      expect_lte(ll(near), as.numeric(logLik(fit)) + 1e-10)
    }
  }
  expect_gt(zeros, 5)
})

test_that("the information of the components is the curvature of the likelihood", {
  skip_if_not_installed("numDeriv")
  data <- mv_data()
  fit <- suppressWarnings(eval(mv_models$three_level, c(data, list(rma.mv = rma.mv))))
  fit <- update(fit, cvvc = TRUE, data = data$kon)
  H <- numDeriv::hessian(function(s) as.numeric(logLik(rma.mv(yi, vi, random = ~ 1 | district/school, data = data$kon,
                                                              sigma2 = s))), fit$sigma2)
  expect_equal(unname(fit$hessian), -H, tolerance = 1e-5)
  expect_equal(unname(fit$vvc), solve(-H), tolerance = 1e-5)
  for (kind in list(TRUE, "varcov")) {
    Vb <- data$Vb
    a <- rma.mv(yi, Vb, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = data$ber, method = "ML",
                cvvc = kind)
    b <- metafor::rma.mv(yi, Vb, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = data$ber,
                         method = "ML", cvvc = kind)
    expect_equal(unname(a$vvc), unname(b$vvc), tolerance = 1e-4)
  }
})

test_that("what is wrong is a classed error that names the argument", {
  d <- metadat::dat.konstantopoulos2011
  wrong <- list(random = quote(rma.mv(yi, vi, random = ~ district, data = d)),
                random = quote(rma.mv(yi, vi, random = ~ 1 | nothing, data = d)),
                random = quote(rma.mv(yi, vi, random = ~ 1 | district:school, data = d)),
                struct = quote(rma.mv(yi, vi, random = ~ school | district, struct = "XX", data = d)),
                method = quote(rma.mv(yi, vi, method = "DL", data = d)),
                V = quote(rma.mv(yi, diag(3), data = d)),
                V = quote(rma.mv(yi, matrix(runif(56^2), 56), data = d)),
                sigma2 = quote(rma.mv(yi, vi, random = ~ 1 | district, sigma2 = -1, data = d)),
                sigma2 = quote(rma.mv(yi, vi, random = ~ 1 | district, sigma2 = 1:3, data = d)),
                R = quote(rma.mv(yi, vi, random = ~ 1 | district, R = list(district = diag(2)), data = d)),
                dfs = quote(rma.mv(yi, vi, dfs = "many", data = d)),
                vccon = quote(rma.mv(yi, vi, random = ~ 1 | district, vccon = 1, data = d)))
  for (i in seq_along(wrong)) {
    error <- tryCatch(eval(wrong[[i]]), error = identity)
    expect_s3_class(error, "metaparity_error")
    expect_identical(error$arg, names(wrong)[i])
  }
  missing <- transform(d, district = replace(district, 3, NA))
  error <- tryCatch(rma.mv(yi, vi, random = ~ 1 | district, data = missing), error = identity)
  expect_s3_class(error, "metaparity_error_studies")
  expect_equal(error$rows, 3)
  expect_warning(fit <- rma.mv(yi, vi, random = list(~ 1 | district, ~ 1 | one), data = transform(d, one = 1)),
                 class = "metaparity_warning_input")
  expect_identical(fit$sigma2[2], 0)
  expect_warning(rma.mv(yi, vi, random = ~ 1 | district, method = "FE", data = d), class = "metaparity_warning_input")
})
