test_that("points of the regions have the quantile as distance, those of the curve are on it", {
  fit <- dta_fit()
  out <- plot(fit, draw = FALSE)
  d <- dta_counts("dementia")
  expect_equal(out$sens, d$tp / (d$tp + d$fn))
  one <- attr(out, "curves")[[1L]]
  distance <- function(region, V) {
    z <- rbind(stats::qlogis(region[, "sens"]), stats::qlogis(region[, "spec"])) - coef(fit)
    colSums(z * solve(V, z))
  }
  S <- matrix(c(fit$tau2[1L], fit$cov, fit$cov, fit$tau2[2L]), 2L)
  expect_equal(range(distance(one$conf, vcov(fit))), rep(2 * stats::qf(.95, 2, 12), 2L), tolerance = 1e-8)
  expect_equal(range(distance(one$pred, vcov(fit) + S)), rep(2 * stats::qf(.95, 2, 12), 2L), tolerance = 1e-8)
  s <- fit$summary
  expect_equal(stats::qlogis(one$curve[, "sens"]) * exp(s["beta", 1L] / 2) -
                 stats::qlogis(1 - one$curve[, "spec"]) * exp(-s["beta", 1L] / 2), rep(s["Lambda", 1L], 301L),
               tolerance = 1e-8)
})

test_that("every part, covariates, Chinese, few studies", {
  fit <- dta_fit()
  for (what in names(sroc_parts)) expect_sound_figure(page_of(plot(fit, what = what, draw = FALSE)))
  expect_sound_figure(page_of(plot(fit, lang = "zh", labels = TRUE, style = "stata", draw = FALSE)))
  expect_sound_figure(page_of(plot(dta_fit("ascus", mods = ~ test), draw = FALSE)))
  expect_sound_figure(page_of(plot(dta_fit(subset = 1:3), full = TRUE, draw = FALSE)))
  expect_sound_figure(page_of(plot(dta_fit(struct = "NONE"), draw = FALSE)))
  expect_error(plot(fit, what = "all"), class = "metaparity_error_input")
  expect_error(plot(fit, psize = 1:3, draw = FALSE), class = "metaparity_error_input")
})
