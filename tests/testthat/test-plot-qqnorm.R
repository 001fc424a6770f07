test_that("coordinates are metafor's for both kinds of residuals", {
  skip_if_not_installed("metafor")
  f <- both_fits("rma", measure = "RR", mods = cbind(ablat = bcg_tables$ablat))
  for (type in c("rstandard", "rstudent")) {
    a <- b <- NULL
    usr <- usr_after(b <- stats::qqnorm(f$theirs, type = type))
    expect_gate(usr_after(a <- stats::qqnorm(f$ours, type = type)), usr, "metafor_interval", scale = 1)
    expect_gate(a$x, b$x, "metafor_closed", scale = 1)
    expect_gate(a$y, b$y, "metafor_interval", scale = 1)
  }
})

test_that("the envelope holds about its level of a correct model's residuals, and is reproducible", {
  fit <- rma(yi, vi, data = bcg_effects, slab = study)
  region <- function() {
    set.seed(1)
    figure <- attr(qqnorm(fit, draw = FALSE, smooth = FALSE, reps = 2000), "figure")
    Filter(function(layer) layer$type == "polygon", figure$layers)[[1L]]
  }
  expect_identical(region(), region())
  set.seed(2)
  envelope <- qq_envelope(fit, stats::qnorm(stats::ppoints(13)), 0.9, 2000, NULL)
  set.seed(3)
  again <- qq_envelope(fit, stats::qnorm(stats::ppoints(13)), 0.9, 2000, NULL)
  expect_lt(max(abs(envelope$lower - again$lower)), 0.2)
  expect_true(all(envelope$lower < envelope$upper))
})

test_that("labels find places; mistakes are input errors", {
  fit <- rma(yi, vi, data = bcg_effects, slab = study)
  page <- page_of(qqnorm(fit, label = "all", main = "Q-Q", lang = "zh", draw = FALSE))
  expect_sound_figure(page)
  expect_length(texts_with_role(page, "label"), 13L)
  expect_length(texts_with_role(page_of(qqnorm(fit, label = 2, draw = FALSE)), "label"), 2L)
  expect_sound_figure(page_of(qqnorm(fit, label = "out", bonferroni = TRUE, draw = FALSE)))
  bad <- function(...) expect_error(qqnorm(fit, ..., draw = FALSE), class = "metaparity_error_input")
  bad(type = "raw")
  bad(label = "some")
  bad(label = "out", envelope = FALSE)
  bad(reps = 1)
})

test_that("Mantel-Haenszel and Peto fits have metafor's points and no envelope", {
  skip_if_not_installed("metafor")
  for (verb in c("rma.mh", "rma.peto")) {
    f <- both_fits(verb)
    for (type in c("rstandard", "rstudent")) {
      a <- b <- NULL
      usr <- usr_after(b <- stats::qqnorm(f$theirs, type = type))
      expect_gate(usr_after(a <- stats::qqnorm(f$ours, type = type, label = 2)), usr, "metafor_iterative",
                  scale = max(abs(usr)))
      expect_gate(a$y, b$y, "metafor_iterative")
      expect_gate(a$x, b$x, "metafor_closed", scale = 1)
    }
    expect_error(stats::qqnorm(f$ours, envelope = TRUE), class = "metaparity_error_input")
  }
})

test_that("residuals of dependent estimates have no normal plot", {
  d <- metadat::dat.konstantopoulos2011
  expect_error(qqnorm(rma.mv(yi, vi, random = ~ 1 | district/school, data = d)), class = "metaparity_error_unsupported")
})

test_that("`seed` is set.seed() before the envelope", {
  fit <- rma(yi, vi, data = bcg_effects)
  region <- function(...) attr(qqnorm(fit, reps = 20, draw = FALSE, ...), "figure")$layers[[1L]]$y
  expect_identical(region(seed = 2), region(seed = 2))
  expect_false(identical(region(seed = 2), region(seed = 3)))
})
