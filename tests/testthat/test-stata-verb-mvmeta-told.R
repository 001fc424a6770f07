gaps <- function(rows) {
  k <- 14
  y1 <- sin(1.7 * seq_len(k))
  d <- data.frame(y1 = y1, y2 = 0.3 * y1 + 0.8 * cos(2.3 * seq_len(k)), y3 = 0.8 * sin(3.1 * seq_len(k)^2) - 0.2 * y1,
                  V11 = 0.1, V22 = 0.2, V33 = 0.15, V12 = 0.02, V13 = 0.03, V23 = 0.01)
  for (j in seq_along(rows)) d[[j]][rows[[j]]] <- NA
  d
}

test_that("the variance of an outcome of one study is fixed at 0, by every method", {
  e <- data.frame(y1 = c(.5, .1, .7, .3), y2 = c(.2, NA, NA, NA), V11 = .05, V22 = .1, V12 = .01)
  for (method in c("reml", "ml", "mm1", "mm2")) {
    w <- expect_warning(fit <- do.call(mvmeta, c(list("y", "V", data = e, nouncertainv = TRUE),
                                                 stats::setNames(list(TRUE), method))), "y2",
                        class = "metaparity_warning_not_identified")
    expect_identical(unname(fit$fit$Sigma[2, ]), c(0, 0))
    alone <- do.call(mvmeta, c(list("y", "V", data = e[c("y1", "V11")], nouncertainv = TRUE),
                               stats::setNames(list(TRUE), method)))
    expect_gate(fit$fit$Sigma[1, 1], alone$fit$Sigma[1, 1], "mvmeta_metafor")
    # The mean of y2 is its estimate, adjusted for that of y1 by the regression of the errors.
    total <- .05 + fit$fit$Sigma[1, 1]
    expect_gate(fit$table$b, c(.4, .2 - .01 / total * (.5 - .4)), "mvmeta_metafor")
    expect_gate(fit$table$se[2], sqrt(.1 - .01^2 / total + (.01 / total)^2 * fit$table$se[1]^2), "mvmeta_metafor")
  }
})

test_that("a given correlation, and the overall one, stay with the outcomes that have a variance", {
  e <- data.frame(y1 = c(.5, .1, .7, .3), y2 = c(.2, NA, NA, NA), V11 = .05, V22 = .1, V12 = .01)
  expect_warning(free <- mvmeta(y, V, data = e), class = "metaparity_warning_not_identified")
  expect_warning(fit <- mvmeta(y, V, data = e, bscovariance = list("correlation", diag(2)), showall = TRUE),
                 class = "metaparity_warning_not_identified")
  expect_equal(fit$table$b[1:2], free$table$b, tolerance = 1e-7)
  expect_equal(fit$table$se[1:2], free$table$se, tolerance = 1e-6)
  expect_identical(fit$table$eq[-(1:2)], "tau1")
  expect_error(mvmeta(y, V, data = e, wscorr = "riley"), "y2", class = "metaparity_error_input")
})

test_that("one study has no variance between studies", {
  d <- data.frame(y1 = .5, V11 = .1)
  for (form in c("unstructured", "exchangeable", "proportional I(1)")) {
    expect_warning(fit <- mvmeta(y, V, data = d, bscovariance = form), class = "metaparity_warning_not_identified")
    expect_equal(fit$table$se, sqrt(.1))
    expect_identical(fit$fit$Sigma[1, 1], 0)
  }
  expect_match(format(mvmeta(fit, testsigma = TRUE)), "no parameters", all = FALSE)
  expect_no_warning(mvmeta(y, V, data = d, fixed = TRUE))
})

test_that("outcomes that never meet have a correlation of 0, as in rma.mv()", {
  skip_if_not_installed("metafor")
  d <- gaps(list(integer(), 1:7, 8:14))
  expect_warning(fit <- mvmeta(y, V, data = d, nouncertainv = TRUE, i2 = TRUE), "y2 & y3",
                 class = "metaparity_warning_not_identified")
  expect_identical(fit$fit$Sigma[2, 3], 0)
  expect_identical(is.na(fit$i2$corr$lo), c(FALSE, FALSE, TRUE))
  seen <- !is.na(as.matrix(d[1:3]))
  V <- matrix(c(.1, .02, .03, .02, .2, .01, .03, .01, .15), 3)
  at <- which(t(seen), arr.ind = TRUE)
  long <- data.frame(y = t(d[1:3])[at], o = factor(at[, 1]), s = at[, 2])
  f <- suppressWarnings(metafor::rma.mv(y, lapply(split(at[, 1], at[, 2]), function(j) V[j, j]), mods = ~ o - 1,
                                        random = ~ o | s, struct = "UN", data = long))
  expect_gate(unname(fit$fit$beta), unname(f$beta[, 1]), "mvmeta_metafor")
  expect_gate(fit$table$se, f$se, "mvmeta_metafor")
  expect_equal(unname(fit$fit$Sigma), unname(f$G), tolerance = 1e-4)
  # The order of the outcomes does not matter.
  other <- suppressWarnings(mvmeta(y, V, data = d, vars = "y3 y1 y2"))
  first <- suppressWarnings(mvmeta(y, V, data = d))
  expect_equal(other$table$se, first$table$se[c(3, 1, 2)], tolerance = 1e-7)
  expect_equal(other$fit$Sigma[c(2, 3, 1), c(2, 3, 1)], first$fit$Sigma, tolerance = 1e-6)
})

test_that("two outcomes that never meet are two meta-analyses", {
  d <- data.frame(y1 = c(.5, .1, .7, .3, NA, NA, NA), y2 = c(NA, NA, NA, NA, .2, .9, .4), V11 = .05, V22 = .1,
                  V12 = .01)
  for (method in c("reml", "ml", "mm1", "mm2")) {
    how <- stats::setNames(list(TRUE), method)
    expect_warning(fit <- do.call(mvmeta, c(list("y", "V", data = d), how)),
                   class = "metaparity_warning_not_identified")
    one <- do.call(mvmeta, c(list("y", "V", data = d, vars = "y1"), how))
    two <- do.call(mvmeta, c(list("y", "V", data = d, vars = "y2"), how))
    expect_equal(fit$table$se, c(one$table$se, two$table$se), tolerance = 1e-7)
    expect_identical(fit$fit$Sigma[1, 2], 0)
  }
})

test_that("what the data tell is the rank of the directions of the covariances without the design", {
  p <- 3
  for (rows in list(list(1, 2, 3), list(integer(), 1:7, 8:14), list(2:14, 1:3, integer()), list(3:14, 1:12, 1:7))) {
    s <- suppressWarnings(mvmeta(y, V, data = gaps(rows), fixed = TRUE))$studies
    told <- mvmeta_told(s)
    seen <- which(is.finite(as.vector(t(s$y))))
    K <- qr.Q(qr(s$X[seen, ]), complete = TRUE)[, -seq_len(ncol(s$X))]
    for (a in 1:p) for (b in 1:a) {
      cell <- matrix(0, p, p)
      cell[a, b] <- cell[b, a] <- 1
      D <- kronecker(diag(s$N), cell)[seen, seen]
      expect_identical(told$cells[a, b], max(abs(t(K) %*% D %*% K)) > 1e-9)
    }
  }
})
