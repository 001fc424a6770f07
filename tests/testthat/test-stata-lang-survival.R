times <- function() {
  set.seed(4)
  d <- data.frame(t = round(stats::rexp(40, 0.2), 1) + 0.1, d = stats::rbinom(40, 1, 0.7), g = rep(0:1, 20),
                  x = round(stats::rnorm(40), 2))
  d
}

numbers <- function(lines, names, d = times()) {
  as.numeric(utils::tail(stata(c("quietly stset t, failure(d)", lines, sprintf("display %%21.17f %s", names)), d)$log,
    length(names)))
}

test_that("stcox is coxph with Breslow's, Efron's and robust versions", {
  skip_if_not_installed("survival")
  d <- times()
  S <- survival::Surv(d$t, d$d)
  control <- survival::coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
  b <- survival::coxph(S ~ g + x, d, ties = "breslow", control = control)
  found <- numbers("quietly stcox g x", c("_b[g]", "_se[x]", "e(ll)", "e(chi2)"))
  expect_gate(found, c(stats::coef(b)[["g"]], sqrt(stats::vcov(b)["x", "x"]), b$loglik[2], 2 * diff(b$loglik)),
    "exact_solution")
  e <- survival::coxph(S ~ g + x, d, ties = "efron", control = control)
  expect_gate(numbers("quietly stcox g x, efron", "_b[x]"), stats::coef(e)[["x"]], "exact_solution")
  r <- survival::coxph(S ~ g + x, d, ties = "breslow", control = control, robust = TRUE)
  expect_gate(numbers("quietly stcox g x, vce(robust)", "_se[g]"), sqrt(stats::vcov(r)["g", "g"] * 40 / 39),
    "exact_solution")
  log <- stata(c("quietly stset t, failure(d)", "stcox g x"), d)$log
  expect_true("Cox regression -- Breslow method for ties" %in% log)
  expect_match(paste(log, collapse = "\n"), "Haz. Ratio")
})

test_that("sts test and sts list follow Kaplan, Meier and the log-rank test", {
  skip_if_not_installed("survival")
  d <- times()
  test <- survival::survdiff(survival::Surv(d$t, d$d) ~ d$g)
  expect_gate(numbers("quietly sts test g", "r(chi2)"), test$chisq, "exact_solution")
  km <- survival::survfit(survival::Surv(d$t, d$d) ~ 1, conf.type = "log-log")
  found <- stata(c("quietly stset t, failure(d)", "sts generate s = s", "sort t"), d)$data$s
  expect_gate(found, km$surv[match(sort(d$t), km$time)], "single_precision")
  list <- stata(c("quietly stset t, failure(d)", "sts list, at(2)"), d)$log
  at <- summary(km, times = 2)
  row <- utils::tail(strsplit(trimws(utils::tail(list, 2)[1]), " +")[[1L]], 4L)
  expect_equal(row, sprintf("%.4f", c(at$surv, at$std.err, at$lower, at$upper)))
})

test_that("survival commands need stset, and one record per subject", {
  d <- times()
  expect_equal(expect_error(stata("stcox x", d), class = "metaparity_error_stata")$rc, 119L)
  d$id <- rep(1:20, 2)
  expect_error(stata("stset t, failure(d) id(id)", d), class = "metaparity_error_stata_gap")
})

# Grambsch and Therneau's statistics from the residuals of the score, by hand (Breslow's ties), failures of all strata.
ph_by_hand <- function(d, X, beta, strata = rep(1, nrow(X)), g = identity) {
  fails <- which(d$d == 1)
  parts <- lapply(fails, function(i) {
    at <- which(d$t >= d$t[i] & strata == strata[i])
    w <- exp(X[at, , drop = FALSE] %*% beta)
    mean <- colSums(c(w) * X[at, , drop = FALSE]) / sum(w)
    list(r = X[i, ] - mean, V = crossprod(X[at, , drop = FALSE] * sqrt(c(w))) / sum(w) - tcrossprod(mean))
  })
  V <- solve(Reduce(`+`, lapply(parts, `[[`, "V")))
  r <- do.call(rbind, lapply(parts, `[[`, "r"))
  scaled <- length(fails) * r %*% V
  time <- g(d$t[fails])
  time <- time - mean(time)
  each <- colSums(time * scaled)^2 / (length(fails) * diag(V) * sum(time^2))
  u <- colSums(time * r)
  list(rho = drop(cor(scaled, time)), each = each, all = length(fails) * drop(u %*% V %*% u) / sum(time^2))
}

test_that("estat phtest is Grambsch and Therneau's test with averaged variance", {
  skip_if_not_installed("survival")
  d <- times()
  X <- cbind(d$g, d$x)
  beta <- numbers("quietly stcox g x", c("_b[g]", "_b[x]"))
  hand <- ph_by_hand(d, X, beta)
  lines <- c("quietly stcox g x", "estat phtest, detail", "matrix P = r(phtest)")
  found <- numbers(lines, c("r(chi2)", "r(df)", "P[1,1]", "P[2,1]", "P[1,2]", "P[2,2]"))
  expect_gate(found, c(hand$all, 2, hand$rho, hand$each), "exact_solution")
  robust <- numbers(c("quietly stcox g x, vce(robust)", "estat phtest"), "r(chi2)")
  expect_gate(robust, hand$all, "exact_solution")
  logged <- numbers(c("quietly stcox g x", "estat phtest, log"), "r(chi2)")
  expect_gate(logged, ph_by_hand(d, X, beta, g = log)$all, "exact_solution")
  d$s <- rep(1:2, each = 20)
  by <- numbers("quietly stcox x, strata(s)", "_b[x]", d)
  found <- numbers(c("quietly stcox x, strata(s)", "estat phtest"), "r(chi2)", d)
  expect_gate(found, ph_by_hand(d, X[, 2, drop = FALSE], by, d$s)$all, "exact_solution")
})

test_that("estat phtest, detail shows rho; options that are not here are refused", {
  skip_if_not_installed("survival")
  run <- function(line) stata(c("quietly stset t, failure(d)", "quietly stcox g x", line), times())
  log <- run("estat phtest, detail")$log
  expect_match(paste(log, collapse = "\n"), "rho            chi2       df       Prob>chi2")
  expect_match(paste(log, collapse = "\n"), "global test \\|  +[0-9.]+ +2 +0[.][0-9]{4}")
  expect_no_match(paste(run("estat phtest")$log, collapse = "\n"), "rho")
  expect_error(run("estat phtest, km"), class = "metaparity_error_stata_gap")
})

test_that("sts graph, ci draws bands; what has no effect warns", {
  d <- times()
  polygons <- function(line) {
    layers <- utils::tail(stata(c("quietly stset t, failure(d)", line), d)$graphs, 1L)[[1L]]$view$layers
    sum(vapply(layers, function(l) identical(l$type, "polygon"), NA))
  }
  expect_identical(polygons("sts graph, by(g) ci"), 2L)
  expect_identical(polygons("sts graph, by(g)"), 0L)
  expect_warning(polygons("sts graph, risktable"), class = "metaparity_warning_input")
})
