fit <- rma(yi, vi, data = bcg_effects, slab = study, measure = "RR")
layers_of <- function(x, type) Filter(function(layer) layer$type == type, attr(x, "figure")$layers)

test_that("curves cut the intervals out at every level", {
  drawn <- drapery(fit, draw = FALSE, n.grid = 1e4)
  curves <- Filter(function(layer) length(layer$x) == 1e4, layers_of(drawn, "line"))
  expect_length(curves, 14L)
  pooled <- curves[[14L]]
  inside <- range(pooled$x[pooled$y >= stats::qnorm(0.025)])
  expect_equal(inside, c(fit$ci.lb, fit$ci.ub), tolerance = 1e-3)
  region <- layers_of(drawn, "polygon")[[1L]]
  p <- predict(fit)
  expect_equal(range(region$x[region$y >= stats::qnorm(0.025)]), c(p$pi.lb, p$pi.ub), tolerance = 1e-3,
               ignore_attr = TRUE)
  knha <- rma(yi, vi, data = bcg_effects, test = "knha")
  curves <- Filter(function(layer) length(layer$x) == 1e4, layers_of(drapery(knha, draw = FALSE, n.grid = 1e4), "line"))
  expect_equal(range(curves[[14L]]$x[curves[[14L]]$y >= stats::qnorm(0.025)]), c(knha$ci.lb, knha$ci.ub),
               tolerance = 1e-3)
})

test_that("data and limits are those of meta's plot", {
  skip_if_not_installed("meta")
  theirs <- suppressWarnings(meta::metagen(bcg_effects$yi, sqrt(bcg_effects$vi), studlab = bcg_effects$study,
                                           sm = "RR", method.tau = "REML"))
  for (type in c("zvalue", "pval")) {
    frame <- NULL
    usr <- usr_after(frame <- meta::drapery(theirs, type = type))
    ours <- drapery(fit, type = type, draw = FALSE)
    expect_gate(ours$zval, frame$statistic, "metafor_closed")
    expect_gate(c(ours$ci.lb, ours$ci.ub), c(frame$lower, frame$upper), "metafor_closed")
    expect_gate(range(c(usr_after(drapery(fit, type = type)))[3:4]), range(usr[3:4]), "metafor_closed")
    expect_gate(usr_after(drapery(fit, type = type))[1:2], usr[1:2] * log(10), "metafor_closed")
  }
})

test_that("sound with labels, one study, common effects, tables, many studies, Chinese; mistakes are input errors", {
  expect_sound_figure(page_of(drapery(fit, labels = "slab", atransf = exp, lang = "zh", draw = FALSE)))
  expect_sound_figure(page_of(drapery(fit, type = "pval", labels = "ids", style = "stata", draw = FALSE)))
  expect_sound_figure(page_of(drapery(rma(0.2, 0.1, method = "EE"), draw = FALSE)))
  expect_length(layers_of(drapery(rma(yi, vi, data = bcg_effects, method = "EE"), draw = FALSE), "polygon"), 0L)
  expect_sound_figure(page_of(drapery(rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg_tables),
                                      draw = FALSE)))
  set.seed(4)
  expect_sound_figure(page_of(drapery(rma(stats::rnorm(80), stats::rchisq(80, 3) / 9), draw = FALSE)))
  bad <- function(...) expect_error(drapery(..., draw = FALSE), class = "metaparity_error_input")
  bad(rma(yi, vi, mods = ~ seq_along(yi), data = bcg_effects))
  bad(fit, type = "z")
  bad(fit, alpha = 2)
  bad(fit, labels = "names")
  bad(1:3)
})
