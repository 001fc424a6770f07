# The printed layout, line by line, against what metafor prints. metafor runs with fine stopping rules, so
# that its digits are right; deliberate differences are listed where they are tested.

bcg <- function() {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  d <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  d$yi <- as.numeric(d$yi)
  d
}

fine <- list(threshold = 1e-12, tol = 1e-14, maxiter = 10000)

# Both packages' output for the same arguments; `printing` goes to print().
printed <- function(args, printing = list(), summarised = FALSE) {
  suppressWarnings({
    theirs <- do.call(metafor::rma, c(args, list(control = fine)))
    ours <- do.call(rma, args)
  })
  show <- function(fit) {
    if (summarised) fit <- summary(fit)
    utils::capture.output(do.call(print, c(list(fit), printing)))
  }
  list(ours = show(ours), theirs = show(theirs))
}

expect_same_print <- function(args, printing = list()) {
  for (summarised in c(FALSE, TRUE)) {
    out <- printed(args, printing, summarised)
    expect_identical(out$ours, out$theirs)
  }
}

test_that("models of every kind print as in metafor", {
  skip_on_cran()
  d <- bcg()
  base <- list(yi = d$yi, vi = d$vi)
  one <- list(mods = cbind(ablat = d$ablat))
  three <- list(mods = model.matrix(~ ablat + year + alloc, metadat::dat.bcg))
  cases <- list(
    list(), list(method = "EE"), list(method = "FE", test = "t"), list(method = "CE", test = "knha"),
    list(test = "knha"),
    list(method = "DL", test = "t"), list(method = "ML"), list(method = "PM", test = "adhoc"), list(method = "HS"),
    list(method = "SJ"), list(method = "EB"), list(method = "DLIT"), list(method = "HE", level = 90), list(digits = 2),
    list(digits = 0), list(digits = 1), list(digits = 6), one, c(one, test = "knha"), c(one, method = "EE"),
    c(one, method = "DL", digits = 3), three, c(three, test = "t", list(btt = c(1, 3, 4))), c(three, method = "FE"),
    c(three, list(btt = c(2, 4))), c(one, list(weights = 1:13)), c(one, weighted = FALSE),
    list(method = "EE", subset = 1),
    list(digits = c(est = 2, pval = 3, fit = 1, var = 6, sevar = 1, test = 0, ci = 7, se = 1)))
  expect_gte(length(cases), 25L)
  for (case in cases) expect_same_print(c(base, case))
})

test_that("negative, large and small numbers keep the columns", {
  skip_on_cran()
  d <- bcg()
  for (scale in c(-1, 100, 1e5, 1e-3)) expect_same_print(list(yi = d$yi * scale, vi = d$vi * scale^2, method = "DL"))
})

test_that("stars, legend and fit statistics can be switched", {
  skip_on_cran()
  d <- bcg()
  base <- list(yi = d$yi, vi = d$vi, mods = cbind(ablat = d$ablat), method = "DL")
  for (printing in list(list(signif.stars = FALSE), list(signif.legend = FALSE), list(digits = 2))) {
    expect_same_print(base, printing)
  }
  out <- printed(base, list(showfit = TRUE))
  expect_identical(out$ours, out$theirs)
})

test_that("wide tables wrap where metafor wraps", {
  skip_on_cran()
  d <- bcg()
  author <- model.matrix(~ author, metadat::dat.bcg)
  expect_same_print(list(yi = d$yi, vi = d$vi, mods = author, method = "EE"))
  expect_same_print(list(yi = d$yi, vi = d$vi, digits = 9))
})

test_that("data sets of metadat print as in metafor", {
  skip_on_cran()
  skip_if_not_installed("metafor")
  sets <- Filter(function(d) nrow(d) > 4L, metadat_estimates(most = 25L))
  expect_gte(length(sets), 60L)
  count <- 0L
  for (d in sets) for (method in c("EE", "DL")) {
    for (mods in list(NULL, cbind(x = d$x))) {
      out <- printed(c(list(yi = d$yi, vi = d$vi, method = method), if (!is.null(mods)) list(mods = mods)),
                     summarised = TRUE)
      expect_identical(out$ours, out$theirs)
      count <- count + 1L
    }
  }
  expect_gte(count, 240L)
})

# Deliberate differences: a fixed tau2 has no R2 here; one study is a common-effect
# model here; Q of one moderator without intercept is the residual sum of squares.
test_that("deliberate differences from metafor's print stay what they are", {
  d <- bcg()
  fixed <- printed(list(yi = d$yi, vi = d$vi, tau2 = 0.1))
  expect_identical(fixed$ours, fixed$theirs)
  one <- printed(list(yi = d$yi[1], vi = d$vi[1]))
  expect_identical(one$ours[2], "Equal-Effects Model (k = 1)")
  line <- printed(list(yi = d$yi, vi = d$vi, mods = cbind(d$ablat), intercept = FALSE, method = "EE"))$ours
  expect_true("QE(df = 12) = 48.7021, p-val < .0001" %in% line)
})

test_that("wrong digits are classed errors", {
  fit <- rma(c(1, 2, 4), c(0.1, 0.2, 0.3))
  expect_error(print(fit, digits = -1), class = "metaparity_error_input")
  expect_error(print(fit, digits = "a"), class = "metaparity_error_input")
  expect_warning(summary(fit, digits = c(wrong = 2)), class = "metaparity_warning_input")
})

test_that("coefficients are numbered on demand", {
  d <- bcg()
  ours <- rma(yi, vi, mods = ~ ablat + alloc, data = d, control = fine)
  theirs <- metafor::rma(yi, vi, mods = ~ ablat + alloc, data = d, control = fine)
  expect_identical(capture.output(print(ours, num = TRUE)), capture.output(print(theirs, num = TRUE)))
  ls <- rma(yi, vi, mods = ~ablat, scale = ~ablat, data = d)
  expect_length(grep("^[12][)] ", capture.output(print(ls, num = TRUE))), 4L)
})
