# Fits of measures that are analysed on another scale than they are shown on, with the way back and the title of the
# scale.
counted <- list(xi = c(3, 8, 11, 20, 5, 1), ni = c(12, 40, 25, 70, 33, 45))
paired <- list(ri = c(0.1, 0.45, 0.6, 0.3, -0.2, 0.35), ni = c(30, 50, 60, 90, 41, 25))
tables <- list(ai = c(12, 20, 8, 30, 17, 9), bi = c(5, 9, 12, 14, 21, 7), ci = c(7, 11, 6, 16, 19, 4),
               di = c(15, 17, 10, 25, 12, 11))
shown_scales <- list(
  ZCOR = list(paired, transf.ztor, "Correlation Coefficient"),
  PLO = list(counted, transf.ilogit, "Proportion (logit scale)"),
  PAS = list(counted, transf.iarcsin, "Proportion (arcsine scale)"),
  PRZ = list(counted, transf.iprobit, "Proportion (probit scale)"),
  ZPHI = list(tables, transf.ztor, "Phi Coefficient"), PLN = list(counted, exp, "Proportion (log scale)"),
  PFT = list(counted, transf.ipft.hm, "Proportion"),
  IRS = list(list(xi = c(3, 8, 11, 20, 5, 1), ti = c(12, 40, 25, 70, 33, 45)), transf.isqrt,
             "Incidence Rate (square root scale)"),
  ABT = list(list(ai = c(0.7, 0.8, 0.85, 0.6, 0.9, 0.5), mi = rep(8, 6), ni = paired$ni), transf.iabt,
             "Cronbach's alpha"))

fit_of <- function(measure, ...) {
  data <- do.call(escalc, c(list(measure), shown_scales[[measure]][[1L]]))
  rma(yi, vi, data = data, ...)
}

# Where the ticks of an axis stand in shares of the panel, and what they say.
axis_of <- function(plot, side) {
  axis <- attr(plot, "figure")[[side]]
  list(share = (axis$at - axis$limits[1L]) / diff(axis$limits), label = axis$labels, at = axis$at, title = axis$title)
}

expect_spread_ticks <- function(axis, back, label) {
  expect_true(length(axis$label) %in% 4:7, label = paste(label, "has", toString(axis$label)))
  expect_equal(as.numeric(axis$label), back(axis$at), tolerance = 1e-6, label = label)
  expect_lt(max(diff(sort(c(0, axis$share, 1)))), 0.42, label = label)
  expect_true(all(nchar(sub("^-?0?\\.?0*", "", axis$label)) <= 3), label = paste(label, toString(axis$label)))
}

test_that("axes of transformed labels have the title of the scale that is shown, and round ticks all over it", {
  for (measure in names(shown_scales)) {
    back <- shown_scales[[measure]][[2L]]
    title <- shown_scales[[measure]][[3L]]
    fit <- fit_of(measure)
    moderated <- fit_of(measure, mods = ~ c(1, 2, 3, 4, 5, 6))
    plots <- list(funnel = funnel(fit, atransf = back, draw = FALSE),
                  drapery = drapery(fit, atransf = back, draw = FALSE),
                  leave1out = plot(leave1out(fit), atransf = back, draw = FALSE),
                  cumul = plot(cumul(fit), atransf = back, draw = FALSE),
                  regplot = regplot(moderated, atransf = back, draw = FALSE, digits = NULL))
    values <- if (measure == "PFT") function(v) transf.ipft.hm(v, counted["ni"]) else back
    for (name in names(plots)) {
      axis <- axis_of(plots[[name]], if (name == "regplot") "y" else "x")
      expect_identical(axis$title, title, label = paste(name, measure))
      if (!identical(back, exp)) expect_spread_ticks(axis, values, paste(name, measure))
    }
    layout <- forest(fit, atransf = back, plot = FALSE)$layout
    expect_true(title %in% layout$texts$text, label = paste("forest", measure))
    expect_gte(sum(layout$texts$role == "tick"), if (identical(back, exp)) 3L else 4L)
  }
})

test_that("transformed estimates have the title of their scale", {
  fit <- fit_of("PLO")
  for (plot in list(plot(leave1out(fit), transf = transf.ilogit, draw = FALSE),
                    plot(cumul(fit), transf = transf.ilogit, draw = FALSE),
                    plot(leave1out(fit, transf = transf.ilogit), draw = FALSE),
                    plot(cumul(fit, transf = metafor::transf.ilogit), draw = FALSE))) {
    expect_identical(axis_of(plot, "x")$title, "Proportion")
  }
  moderated <- fit_of("PLO", mods = ~ c(1, 2, 3, 4, 5, 6))
  expect_identical(axis_of(regplot(moderated, transf = transf.ilogit, draw = FALSE), "y")$title, "Proportion")
  expect_identical(axis_of(funnel(fit, atransf = sqrt, draw = FALSE), "x")$title, "Transformed Log Odds")
  expect_identical(axis_of(funnel(fit, draw = FALSE), "x")$title, "Log Odds")
  chinese <- axis_of(funnel(fit, atransf = transf.ilogit, draw = FALSE, lang = "zh"), "x")$title
  expect_false(grepl("[A-Z]", chinese))
})

test_that("ticks of a transformed scale: wide, falling, bounded and useless functions", {
  first <- function(...) axis_ticks(..., fixed = TRUE)$candidates[[1L]]
  expect_identical(first(c(-5, 5), NA, atransf = stats::plogis)$label, c("0.01", "0.1", "0.5", "0.9", "0.99"))
  expect_true(length(first(c(-12, 12), NA, atransf = stats::plogis)$at) %in% 4:7)
  expect_identical(rev(first(c(0.5, 4), NA, atransf = function(v) -v)$label)[1L], "-4")
  bounded <- first(c(-0.4, 1.4), NA, atransf = transf.iarcsin)
  expect_true(length(bounded$at) %in% 4:7)
  expect_true(all(bounded$at >= 0))
  for (useless in list(function(v) 0 * v, function(v) rep(NaN, length(v)), abs)) {
    expect_true(all(is.finite(first(c(-2, 2), NA, atransf = useless)$at)))
  }
  few <- first(c(-5, 5), NA, atransf = stats::plogis, decimals = 1)
  expect_true(all(few$label %in% format(seq(0, 1, 0.1), nsmall = 1)))
  expect_true(0 %in% first(c(-0.9, 2), 0, atransf = tanh)$at)
})
