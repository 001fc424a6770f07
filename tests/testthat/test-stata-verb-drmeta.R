cvd <- function() transform(models_data("alcohol-cvd"), type = 1)

test_that("the published slope of alcohol and colorectal cancer, one stage and REML", {
  d <- models_data("alcohol-crc")
  v <- drmeta(logrr, dose, se = se, counts = "peryears cases", id = study, type = type, reml = TRUE, data = d)
  # The help of drmeta_graph draws .0064376*(d-10) over this model's line.
  expect_identical(metaparity:::stata_general(v$table$b, 9L), " .0064376")
  expect_snapshot(v)
})

test_that("fixed curves in one stage and two are dosresmeta's", {
  d <- transform(models_data("alcohol-crc"), dose2 = dose^2)
  for (stage in 1:2) {
    v <- drmeta(logrr, dose, dose2, se = se, counts = "peryears cases", id = study, type = type, twostage = stage == 2,
                data = d)
    o <- dosresmeta_result(sprintf("crc_fixed_%dstage", stage))
    expect_gate(v$r$V[c(1, 2, 4)], o[c("V11", "V12", "V22")], "dosresmeta_stop")
    expect_gate(v$table$b / v$table$se, o[c("b1", "b2")] / sqrt(o[c("V11", "V22")]), "dosresmeta_stop", scale = 1)
    expect_gate(v$r$ll, o[["ll"]], "dosresmeta_stop")
    rate <- log(v$stack$fitted / d$peryears)
    first <- match(d$study, d$study)
    expect_gate(rate - rate[first], d$logrr, "closed_form", scale = 1)
  }
})

test_that("two-stage random effects are dosresmeta's", {
  for (method in c("ml", "reml")) {
    v <- do.call(drmeta, c(list(quote(logrr), quote(dose), se = quote(se), counts = "n cases", id = quote(study),
                                type = quote(type), twostage = TRUE, data = cvd()), stats::setNames(list(TRUE), method)))
    o <- dosresmeta_result(sprintf("cvd_%s_2stage", method))
    expect_gate(c(v$r$b, v$r$V, v$r$Psi), o[c("b1", "V11", "Psi11")], "dosresmeta_fit", scale = 1e-3)
    shift <- if (method == "reml") log(4) / 2 else 0
    expect_gate(v$r$ll + shift, o[["ll"]], "dosresmeta_counts")
  }
})

test_that("one stage is rma.mv() with random slopes; with linear trends both stages give the same slopes", {
  d <- cvd()
  one <- drmeta(logrr, dose, se = se, counts = "n cases", id = study, type = type, ml = TRUE, data = d)
  two <- drmeta(logrr, dose, se = se, counts = "n cases", id = study, type = type, ml = TRUE, twostage = TRUE, data = d)
  expect_gate(c(one$r$b, one$r$V, one$r$Psi), c(two$r$b, two$r$V, two$r$Psi), "metafor_closed", scale = 1e-3)
  s <- one$stack
  f <- rma.mv(s$y, s$V, mods = cbind(x = s$X[, 1]), intercept = FALSE, method = "ML", random = ~ 0 + x | g, struct = "GEN",
              data = data.frame(x = s$X[, 1], g = s$study))
  expect_equal(c(one$table$b, one$table$se, one$r$ll), c(as.numeric(f$beta), f$se, as.numeric(logLik(f))))
  expect_equal(one$r$lrt_c, 2 * (one$r$ll - one$r$ll_c))
  null <- drmeta(logrr, dose, se = se, counts = "n cases", id = study, type = type, data = d)
  expect_equal(one$r$ll_c, null$r$ll)
})

test_that("Hamling's covariances", {
  d <- cvd()
  v <- drmeta(logrr, dose, se = se, counts = "n cases", id = study, type = type, hamling = TRUE, data = d)
  oracle <- models_data("hamling")
  for (g in seq_along(v$stack$ids)) {
    V <- v$stack$V[[g]]
    expect_gate(V[1, 2], oracle$covariance[g], "hamling_simplex")
    expect_identical(length(unique(V[lower.tri(V)])), 1L)
  }
  expect_error(drmeta(logrr, dose, se = se / 20, counts = "n cases", id = study, type = type, hamling = TRUE,
                      data = transform(d, n = cases + 1, type = 3)), class = "metaparity_error_input")
})

test_that("predictions", {
  d <- cvd()
  v <- drmeta(logrr, dose, I(dose^2), se = se, counts = "n cases", id = study, type = type, reml = TRUE, data = d)
  u <- predict(v, "reffects")
  at <- d$se > 0
  X <- v$stack$X
  expect_equal(predict(v, "fitted")[at], predict(v)[at] + rowSums(X * u[at, ]), ignore_attr = TRUE)
  expect_equal(predict(v)[!at], rep(0, sum(!at)))
  own <- do.call(rbind, lapply(v$own, `[[`, "b"))
  expect_equal(predict(v, "xbs")[at], rowSums(X * own[v$stack$study, ]), ignore_attr = TRUE)
  expect_snapshot(v)
  expect_snapshot(drmeta(logrr, dose, se = se, counts = "n cases", id = study, type = type, ml = TRUE, data = d,
                         stddeviations = TRUE, eform = TRUE, nolrt = TRUE))
})

test_that("bad input", {
  d <- cvd()
  call <- function(...) drmeta(logrr, dose, se = se, counts = "n cases", data = d, ...)
  expect_error(call(), class = "metaparity_error_input")
  expect_error(call(or = TRUE, reml = TRUE, subset = 1:5), class = "metaparity_error_input")
  expect_error(call(or = TRUE, rr = TRUE, subset = 1:5), class = "metaparity_error_input")
  expect_error(call(or = TRUE, hamling = TRUE, vwls = TRUE, subset = 1:5), class = "metaparity_error_input")
  expect_error(call(or = TRUE, mm = TRUE, subset = 1:5), class = "metaparity_error_unsupported")
  expect_error(call(id = study, type = dose), class = "metaparity_error_input")
  expect_error(drmeta(logrr, dose, se = se, data = d), class = "metaparity_error_input")
  expect_equal(call(or = TRUE, subset = 1:5)$r$N, 4L)
  expect_error(drmeta(logrr, dose, I(dose^2), I(dose^3), I(dose^4), se = se, counts = "n cases", id = study, type = type,
                      twostage = TRUE, data = d), class = "metaparity_error_input")
})
