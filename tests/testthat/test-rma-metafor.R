# Every estimator and test against metafor on the data sets of metadat, field by field.

rma_methods <- c("EE", "HS", "HSk", "HE", "DL", "SJ", "DLIT", "SJIT", "PM", "PMM", "ML", "REML", "EB")
rma_fields <- c("beta", "se", "zval", "pval", "ci.lb", "ci.ub", "vb", "tau2", "se.tau2", "I2", "H2", "R2", "QE", "QEp",
                "QM", "QMp", "ML", "REML")

# metafor with its stopping rules as fine as doubles allow.
tight_control <- function(method) {
  if (method %in% c("DLIT", "SJIT", "ML", "REML", "EB")) return(list(threshold = 1e-13, maxiter = 10000))
  if (method %in% c("PM", "PMM")) list(tol = 1e-15, maxiter = 10000) else list()
}

both_fits <- function(d, method, test = "z", mods = FALSE, control = tight_control(method)) {
  args <- list(yi = d$yi, vi = d$vi, method = method, test = test)
  if (mods) args$mods <- cbind(x = d$x)
  theirs <- tryCatch(do.call(metafor::rma, c(args, list(control = control))), error = function(e) NULL)
  list(ours = do.call(rma, args), theirs = theirs)
}

field_of <- function(fit, name) as.numeric(if (name %in% c("ML", "REML")) fit$fit.stats[[name]] else fit[[name]])

# What a difference in a field is measured against where the field can be 0.
field_scale <- function(fit, name) {
  switch(name, beta = , ci.lb = , ci.ub = max(fit$se), vb = max(abs(fit$vb)), tau2 = , se.tau2 = fit$vt,
         pval = , QEp = , QMp = 1e-6, I2 = , R2 = 100, ML = , REML = 1, 0)
}

# Fields that differ by more than the gate, as text.
differing_fields <- function(fits, fields = rma_fields, quantity = "metafor_tight") {
  off <- vapply(fields, function(name) {
    ours <- field_of(fits$ours, name)
    theirs <- field_of(fits$theirs, name)
    if (length(ours) != length(theirs)) return(Inf)
    gap <- abs(ours - theirs) / pmax(abs(theirs), field_scale(fits$theirs, name))
    gap[(is.na(ours) & is.na(theirs)) | ours == theirs] <- 0
    max(gap)
  }, 0)
  bad <- is.na(off) | off > gate(quantity)
  sprintf("%s %s", fields[bad], format(off[bad], digits = 3))
}

# Where tau2 without moderators is 0, metafor divides two remainders of its iterations.
r2_defined <- function(d, method) rma(d$yi, d$vi, method = method)$tau2 > 0

compare_all <- function(sets, methods, tests = "z", mods = FALSE) {
  counts <- c(compared = 0L, unfitted = 0L)
  for (set in names(sets)) for (method in methods) for (test in tests) {
    d <- sets[[set]]
    fits <- both_fits(d, method, test, mods)
    if (is.null(fits$theirs)) {
      counts["unfitted"] <- counts["unfitted"] + 1L
      next
    }
    counts["compared"] <- counts["compared"] + 1L
    bad <- differing_fields(fits)
    if (any(grepl("^R2 ", bad)) && !r2_defined(d, method)) bad <- bad[!grepl("^R2 ", bad)]
    if (length(bad)) fail(sprintf("%s, %s, %s: %s", set, method, test, paste(bad, collapse = ", ")))
  }
  counts
}

test_that("the oracle's data sets are there", {
  skip_if_not_installed("metafor")
  sets <- metadat_estimates()
  expect_gte(length(sets), 60L)
  expect_true(all(vapply(sets, nrow, 0L) >= 4L))
})

test_that("every estimator agrees with metafor on every data set", {
  skip_on_cran()
  skip_if_not_installed("metafor")
  sets <- metadat_estimates(most = 30L)
  suppressWarnings(counts <- compare_all(sets, rma_methods))
  expect_gte(counts[["compared"]], length(sets) * length(rma_methods) - 5L)
})

test_that("every estimator agrees with metafor with a moderator", {
  skip_on_cran()
  skip_if_not_installed("metafor")
  sets <- Filter(function(d) nrow(d) > 4L, metadat_estimates(most = 30L))
  suppressWarnings(counts <- compare_all(sets, rma_methods, mods = TRUE))
  expect_gte(counts[["compared"]], length(sets) * length(rma_methods) - 5L)
})

test_that("every test agrees with metafor", {
  skip_on_cran()
  skip_if_not_installed("metafor")
  sets <- Filter(function(d) nrow(d) > 4L, metadat_estimates(most = 30L))
  tests <- c("t", "knha", "adhoc")
  suppressWarnings({
    counts <- compare_all(sets, "REML", tests) + compare_all(sets, "EE", tests, mods = TRUE)
  })
  expect_gte(counts[["compared"]], 2L * length(sets) * length(tests) - 5L)
})

test_that("with metafor's default tolerances tau2 agrees within them", {
  skip_on_cran()
  skip_if_not_installed("metafor")
  sets <- metadat_estimates(most = 30L)
  for (set in names(sets)) for (method in c("PM", "PMM", "ML", "REML", "EB", "DLIT")) {
    suppressWarnings(fits <- both_fits(sets[[set]], method, control = list()))
    if (is.null(fits$theirs)) next
    expect_gate(fits$ours$tau2, fits$theirs$tau2, "metafor_iterative", scale = 1.25)
  }
})

test_that("weights of one's own and unweighted fits agree with metafor", {
  skip_if_not_installed("metafor")
  sets <- metadat_estimates(most = 20L)[c("dat.bcg", "dat.raudenbush1985", "dat.hackshaw1998", "dat.normand1999")]
  expect_false(anyNA(names(sets)))
  for (d in sets) for (method in c("EE", "DL", "REML")) for (test in c("z", "knha")) {
    w <- seq_len(nrow(d))
    for (extra in list(list(weights = w), list(weighted = FALSE))) {
      args <- c(list(yi = d$yi, vi = d$vi, mods = cbind(x = d$x), method = method, test = test), extra)
      fits <- list(ours = do.call(rma, args),
                   theirs = do.call(metafor::rma, c(args, list(control = tight_control(method)))))
      expect_identical(differing_fields(fits), character())
    }
  }
})

test_that("generalised Q estimators agree with metafor", {
  skip_if_not_installed("metafor")
  sets <- metadat_estimates(most = 20L)
  for (set in names(sets)) {
    d <- sets[[set]]
    args <- list(yi = d$yi, vi = d$vi, weights = sqrt(1 / d$vi), method = "GENQ")
    ours <- do.call(rma, args)
    theirs <- suppressWarnings(do.call(metafor::rma, args))
    expect_identical(differing_fields(list(ours = ours, theirs = theirs), c("tau2", "se.tau2", "beta", "se", "QE")),
                     character(), label = set)
  }
})

test_that("rows of a subset, fields of counts and the data of an escalc frame are metafor's", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  d <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  for (rows in list(c(5, 1, 2), c(7, 7, 3, 1), -(1:4), d$year > 1960)) {
    a <- rma(yi, vi, data = d, subset = rows)
    b <- metafor::rma(yi, vi, data = d, subset = rows)
    for (field in c("subset", "ids", "k", "k.f", "k.all", "k.eff")) expect_equal(a[[field]], b[[field]], info = field)
    expect_equal(nobs(a, all = TRUE), nobs(b, all = TRUE))
    a <- rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg, subset = rows)
    b <- metafor::rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg, subset = rows)
    for (field in c("subset", "ids", "k", "k.f", "k.all", "k.eff")) expect_equal(a[[field]], b[[field]], info = field)
  }
  expect_identical(names(rma(d)$data), names(d))
})

test_that("a variance of 0 needs no weight of its own when the weights are the user's", {
  skip_if_not_installed("metafor")
  x <- c(.1, .5, .3, .9)
  v <- c(.1, 0, .2, .3)
  for (arguments in list(list(weights = 1:4, method = "EE"), list(weighted = FALSE, method = "EE"), list(tau2 = 0.1))) {
    a <- suppressWarnings(do.call(rma, c(list(x, v), arguments)))
    b <- suppressWarnings(do.call(metafor::rma, c(list(x, v), arguments)))
    for (field in c("beta", "se", "zval", "ci.lb", "ci.ub", "tau2")) {
      expect_gate(as.numeric(a[[field]]), as.numeric(b[[field]]), "metafor_closed")
    }
    expect_true(is.na(a$QE) && is.na(b$QE))
    expect_identical(utils::tail(utils::capture.output(print(a)), 8L), utils::tail(utils::capture.output(print(b)), 8L))
  }
  expect_error(suppressWarnings(rma(x, v, method = "EE")), class = "metaparity_error_studies")
})

test_that("levels that a subset empties leave the design, of the rows used and of all rows", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  d <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  d$yi[2] <- NA
  suppressWarnings({
    a <- rma(yi, vi, mods = ~factor(alloc) + ablat, data = d, subset = 1:9, method = "DL")
    b <- metafor::rma(yi, vi, mods = ~factor(alloc) + ablat, data = d, subset = 1:9, method = "DL")
  })
  expect_equal(a$X.f, b$X.f, ignore_attr = TRUE)
  expect_equal(colnames(a$X.f), colnames(b$X.f))
  old <- options(na.action = "na.pass")
  on.exit(options(old))
  expect_gate(as.numeric(fitted(a)), as.numeric(fitted(b)), "metafor_closed")
  expect_gate(predict(a)$pred, predict(b)$pred, "metafor_closed")
})

test_that("yi hands on its measure, sizes and labels", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  d <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg, slab = author)
  whole <- function(fit) lapply(list(fit$yi, fit$yi.f), attributes)
  same <- function(a, b) {
    one <- whole(a)
    other <- whole(b)
    for (i in 1:2) expect_equal(one[[i]][sort(names(one[[i]]))], other[[i]][sort(names(other[[i]]))])
  }
  same(rma(yi, vi, data = d), metafor::rma(yi, vi, data = d))
  same(rma(as.numeric(yi), vi, data = d, subset = 3:9), metafor::rma(as.numeric(yi), vi, data = d, subset = 3:9))
  d$yi[4] <- NA
  suppressWarnings(same(rma(yi, vi, mods = ~ablat, data = d), metafor::rma(yi, vi, mods = ~ablat, data = d)))
  filled <- trimfill(rma(yi, vi, data = metadat::dat.raudenbush1985))
  theirs <- metafor::trimfill(metafor::rma(yi, vi, data = metadat::dat.raudenbush1985))
  expect_identical(rma(yi, vi, data = filled[c("yi", "vi")] |> as.data.frame())$measure,
                   metafor::rma(theirs$yi, theirs$vi)$measure)
})
