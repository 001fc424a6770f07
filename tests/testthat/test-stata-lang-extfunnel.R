funnel_trials <- function() {
  data.frame(es = c(-0.4, -0.1, -0.6, 0.2, -0.3, -0.9), se = c(0.15, 0.2, 0.3, 0.35, 0.1, 0.45))
}

test_that("the grid is the model of the studies with one more, for both models", {
  d <- funnel_trials()
  x <- c(-1.2, 0.1, 0.8)
  s <- c(0.05, 0.4)
  for (random in c(FALSE, TRUE)) {
    grid <- metaparity:::cpp_extended_funnel(d$es, d$se^2, x, s, random)
    for (i in 1:2) for (j in 1:3) {
      fit <- rma(c(d$es, x[j]), c(d$se, s[i])^2, method = if (random) "DL" else "EE")
      expect_gate(c(grid$estimate[i, j], grid$se[i, j]), c(fit$beta[[1]], fit$se), "exact_solution")
      if (random) expect_gate(grid$tau2[i, j] + 1, fit$tau2 + 1, "exact_solution")
    }
  }
})

test_that("the regions end where the limit of the pooled estimate is the null", {
  d <- funnel_trials()
  x <- seq(-3, 3, length.out = 801)
  grid <- metaparity:::cpp_extended_funnel(d$es, d$se^2, x, 0.12, FALSE)
  z <- stats::qnorm(0.975)
  runs <- metaparity:::verdict_runs(x, (grid$estimate - z * grid$se)[1, ], (grid$estimate + z * grid$se)[1, ])
  w <- 1 / d$se^2
  # With inverse variances both ends are known.
  ends <- 0.12^2 * (c(-1, 1) * z * sqrt(sum(w) + 1 / 0.12^2) - sum(w * d$es))
  expect_equal(runs$verdict, c(-1L, 0L, 1L))
  expect_gate(runs$from[-1], ends, "exact_solution")
})

test_that("extfunnel draws studies, regions and contours, and keeps the pooled estimate", {
  d <- funnel_trials()
  out <- stata(c("extfunnel es se, randomi isquared(30) sumd prediction", "display %21.17f r(ES)"), d)
  fit <- rma(d$es, d$se^2, method = "DL")
  expect_gate(as.numeric(utils::tail(out$log, 1)), fit$beta[[1]], "exact_solution")
  types <- vapply(out$graphs[[1]]$view$layers, `[[`, "", "type")
  expect_true(sum(types == "polygon") >= 3L)
  bare <- stata("extfunnel es se, noshading nopooledline nonullline", d)$graphs[[1]]$view$layers
  expect_identical(vapply(bare, `[[`, "", "type"), "points")
  expect_error(stata("extfunnel es se, measure(lci)", d), class = "metaparity_error_stata_gap")
})

test_that("an area that another one ends beside is no part of it", {
  row <- function(from, to, verdict, lo) data.frame(from, to, verdict, lo, hi = lo + 1)
  bands <- rbind(row(c(0, 1, 4), c(1, 4, 6), c(0L, -1L, 0L), 0), row(c(0, 5), c(5, 6), c(-1L, 0L), 1))
  found <- metaparity:::band_layers(bands)
  expect_length(found, 3L)
  white <- Filter(function(l) identical(l$fill, "#FFFFFF") || "#FFFFFF" %in% unlist(l), found)
  expect_length(white, 2L)
  expect_true(all(vapply(white, function(l) diff(range(l$x)) <= 2, NA)))
})
