test_that("factors of coefficients and sets are metafor's, printed alike", {
  for (d in moderator_sets()) {
    ours <- rma(yi, vi, mods = ~ x + g, data = d)
    theirs <- metafor_fit(d$yi, d$vi, mods = ~ x + g, data = d)
    for (args in list(list(), list(table = TRUE), list(btt = "g"), list(btt = list("x", "g")), list(btt = 2:3))) {
      a <- do.call(vif, c(list(ours), args))
      b <- do.call(metafor::vif, c(list(theirs), args))
      expect_gate(a$vifs, b$vifs, "metafor_tight")
      expect_identical(names(a$vifs), names(b$vifs))
      expect_equal(unlist(lapply(a$vif, `[`, c("spec", "coefs", "coefname"))),
                   unlist(lapply(b$vif, `[`, c("spec", "coefs", "coefname"))))
      expect_same_print(a, b)
      expect_equal(names(as.data.frame(a)), names(as.data.frame(b)))
    }
    again <- vif(ours, reestimate = TRUE)$vifs
    expect_gate(again, metafor::vif(theirs, reestimate = TRUE)$vifs, "metafor_iterative", scale = 1)
  }
})

test_that("simulated factors depend on the seed alone and lie above 1", {
  d <- moderator_sets()$bcg
  fit <- rma(yi, vi, mods = ~ x + g, data = d)
  a <- vif(fit, sim = 20, seed = 1, progbar = FALSE)
  expect_equal(a$sim, vif(fit, sim = 20, seed = 1, progbar = FALSE)$sim)
  expect_equal(dim(a$sim), c(20L, 3L))
  expect_true(all(a$sim > 1 - 1e-9))
  expect_equal(unname(a$prop), unname(colMeans(sweep(a$sim, 2, a$vifs, "<"))))
  expect_output(print(a), "prop")
  by_matrix <- rma(d$yi, d$vi, mods = cbind(a = d$x, b = rev(d$x)))
  expect_equal(attr(vif(by_matrix, sim = 3, seed = 1, progbar = FALSE)$sim, "type"), "X")
})

test_that("models without moderators are refused", {
  d <- moderator_sets()$bcg
  expect_error(vif(rma(yi, vi, data = d)), class = "metaparity_error_input")
})

test_that("factors of a location-scale model are metafor's, of one part or of both", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.bangertdrowns2004
  d <- d[!is.na(d$meta), ]
  for (mods in list(~ 1, ~ grade + meta)) {
    fits <- lapply(list(rma, metafor::rma), function(f) f(yi, vi, mods = mods, scale = ~ grade + meta, data = d))
    for (args in list(list(), list(att = 2:3), list(table = TRUE)))
      expect_identical(capture.output(print(do.call(vif, c(fits[1], args)), digits = 2)),
                       capture.output(print(do.call(metafor::vif, c(fits[2], args)), digits = 2)))
    ours <- vif(fits[[1]])
    theirs <- metafor::vif(fits[[2]])
    expect_identical(names(unclass(ours)), names(unclass(theirs)))
    expect_equal((ours$alpha %||% ours)$vifs, (theirs$alpha %||% theirs)$vifs, tolerance = 1e-3)
  }
  expect_error(vif(fits[[1]], sim = TRUE), class = "metaparity_error_unsupported")
  expect_error(vif(rma(yi, vi, scale = ~ 1, data = d)), class = "metaparity_error_input")
  expect_identical(as.data.frame(vif(fits[[1]]))$part, rep(c("beta", "alpha"), each = 2L))
})

test_that("factors with the intercept are metafor's", {
  for (d in moderator_sets()) {
    ours <- rma(yi, vi, mods = ~ x + g, data = d)
    theirs <- metafor_fit(d$yi, d$vi, mods = ~ x + g, data = d)
    a <- vif(ours, intercept = TRUE)
    b <- metafor::vif(theirs, intercept = TRUE)
    expect_gate(a$vifs, b$vifs, "metafor_tight")
    expect_identical(names(a$vifs), names(b$vifs))
    expect_gate(vif(ours, btt = "x", fixed = TRUE)$vifs, vif(ours, btt = 2)$vifs, "closed_form")
  }
  expect_error(vif(ours, btt = "^x", fixed = TRUE), class = "metaparity_error_input")
})
