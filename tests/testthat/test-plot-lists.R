fit <- rma(yi, vi, data = bcg_effects, slab = study)
year <- as.numeric(sub(".* ", "", bcg_effects$study))

test_that("plot() after cumul(): fields and user coordinates are metafor's", {
  skip_if_not_installed("metafor")
  for (method in c("REML", "EE")) {
    theirs <- metafor::cumul(metafor::rma(bcg_effects$yi, bcg_effects$vi, method = method), order = year)
    ours <- cumul(rma(bcg_effects$yi, bcg_effects$vi, method = method), order = year)
    # metafor refuses every `yaxis` after a common-effect model, though its own default there is I2.
    asked <- list(list(), list(cols = c("green", "blue", "red"), ylim = c(0, 100), digits = c(1, 0)),
                  list(atransf = exp, xlim = c(-2, 1)))
    if (method == "REML") {
      asked <- c(asked, list(list(yaxis = "I2"), list(yaxis = "H2", transf = exp, at = c(0.2, 0.6)),
                             list(yaxis = "tau"),
                             list(yaxis = "tau2", at = c(-2, 0))))
    }
    for (a in asked) {
      one <- two <- NULL
      usr <- usr_after(two <- do.call(plot, c(list(theirs), a)))
      expect_gate(usr_after(one <- do.call(plot, c(list(ours), a))), usr, "metafor_iterative", scale = max(abs(usr)))
      expect_identical(names(one), names(two))
      expect_identical(one$col, two$col)
      expect_gate(one$estim, two$estim, "metafor_iterative")
      expect_gate(one$yval, two$yval, "metafor_iterative", scale = max(two$yval))
      expect_sound_figure(page_of(one))
    }
  }
})

test_that("plot() after leave1out() shows every study and the whole", {
  left <- leave1out(fit)
  drawn <- plot(left, draw = FALSE, atransf = exp)
  expect_equal(drawn$estimate, as.numeric(left$estimate))
  expect_identical(drawn$slab, as.character(left$slab))
  whole <- Filter(function(layer) layer$type == "polygon", attr(drawn, "figure")$layers)[[1L]]
  expect_equal(range(whole$x), c(fit$ci.lb, fit$ci.ub))
  expect_sound_figure(page_of(drawn))
  expect_setequal(texts_with_role(page_of(drawn), "y_tick"), left$slab)
  exponents <- plot(leave1out(fit, transf = exp), draw = FALSE)
  expect_equal(exponents$ci.ub, exp(as.numeric(left$ci.ub)))
  falling <- plot(left, transf = function(v) -v, draw = FALSE)
  expect_true(all(falling$ci.lb < falling$ci.ub))
  expect_sound_figure(page_of(plot(leave1out(rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg_tables)),
                                   draw = FALSE)))
  set.seed(1)
  many <- leave1out(rma(stats::rnorm(70), stats::rchisq(70, 3) / 9))
  expect_sound_figure(page_of(plot(many, draw = FALSE, lang = "zh")))
})

test_that("mistakes are input errors", {
  bad <- function(...) expect_error(plot(..., draw = FALSE), class = "metaparity_error_input")
  bad(cumul(fit), yaxis = "QE")
  bad(cumul(rma(yi, vi, data = bcg_effects, method = "EE")), yaxis = "tau2")
  bad(cumul(fit), cols = "red")
  bad(leave1out(rma(yi, vi, mods = ~ year, data = bcg_effects)))
})
