fit <- rma(yi, vi, data = bcg_effects, slab = study)

test_that("points of a fit: effects, errors, labels, rows of the studies used", {
  d <- funnel_fit_data(fit, "sei", NULL, "rstandard", NULL)
  expect_equal(d$x, bcg_effects$yi)
  expect_equal(d$y, sqrt(bcg_effects$vi))
  expect_identical(as.character(d$slab), bcg_effects$study)
  expect_identical(d$row, 1:13)
  expect_false(any(d$fill))
  w <- funnel_fit_data(fit, "wi", NULL, "rstandard", NULL)
  expect_gate(sum(w$y), 100, "closed_form")
  expect_identical(rownames(w), bcg_effects$study)
  filled <- trimfill(fit)
  expect_identical(sum(funnel_fit_data(filled, "sei", NULL, "rstandard", NULL)$fill), as.integer(filled$k0))
})

test_that("a meta-regression shows residuals with their own errors", {
  year <- as.numeric(sub(".* ", "", bcg_effects$study))
  x <- rma(yi, vi, mods = cbind(year), data = bcg_effects)
  for (type in c("rstandard", "rstudent")) {
    r <- getExportedValue("stats", type)(x)
    d <- funnel_fit_data(x, "sei", NULL, type, NULL)
    expect_equal(d$x, r$resid)
    expect_equal(d$y, r$se)
  }
  expect_identical(funnel_refline(x), 0)
  expect_identical(funnel_refline(fit), coef(fit)[[1L]])
})

test_that("plain estimates: weights in percent, rows that have no place are named", {
  yi <- c(0.1, NA, 0.3, 0.2, Inf)
  sei <- c(0.1, 0.2, 0, 0.4, 0.1)
  w <- expect_warning(d <- funnel_plain_data(yi, sei, NULL, letters[1:5], NULL, "sei", NULL),
                      class = "metaparity_warning_dropped")
  expect_identical(w$rows, c(2L, 3L, 5L))
  expect_identical(d$slab, c("a", "d"))
  expect_identical(d$row, c(1L, 4L))
  wi <- funnel_plain_data(c(1, 2), c(1, 2), NULL, NULL, NULL, "wi", NULL)$y
  expect_equal(wi, c(80, 20))
  expect_identical(funnel_plain_data(1:4, 1:4, NULL, NULL, c(TRUE, FALSE), "sei", NULL)$row, c(1L, 3L))
})

test_that("what is lacking is named", {
  bad <- function(arg, code) expect_identical(expect_error(code, class = "metaparity_error_input")$arg, arg)
  bad("sei", funnel_plain_data(1:3, 1:2, NULL, NULL, NULL, "sei", NULL))
  bad("ni", funnel_plain_data(1:3, 1:3, NULL, NULL, NULL, "sqrtni", NULL))
  bad("x", suppressWarnings(funnel_plain_data(NA, 1, NULL, NULL, NULL, "sei", NULL)))
  bad("yaxis", sample_sizes(fit, "ni", NULL))
  bad("slab", point_names(fit, 1:2, 13L, NULL))
  bad("x", funnel_columns(data.frame(a = 1), NULL))
  expect_null(sample_sizes(fit, "sei", NULL))
})

test_that("a data frame of effects: the columns of escalc() by their names, else yi and vi", {
  e <- escalc("GEN", yi = 1:2, vi = 3:4, var.names = c("d", "v"))
  expect_equal(as.numeric(funnel_columns(e, NULL)$yi), 1:2)
  expect_equal(funnel_columns(e, NULL)$vi, 3:4)
  expect_identical(funnel_columns(data.frame(yi = 5, vi = 6), NULL), list(yi = 5, vi = 6))
})

test_that("marks may be one, or one for each study of the data or used", {
  gaps <- bcg_effects
  gaps$yi[2] <- NA
  x <- suppressWarnings(rma(yi, vi, data = gaps))
  d <- funnel_fit_data(x, "sei", NULL, "rstandard", NULL)
  out <- funnel_marks(list(pch = 19, col = letters[1:13], bg = letters[1:12]), x, d, NULL)
  expect_identical(out$pch, 19)
  expect_identical(out$col, letters[c(1, 3:13)])
  expect_identical(out$bg, letters[1:12])
  expect_error(funnel_marks(list(pch = 1:5), x, d, NULL), class = "metaparity_error_input")
})
