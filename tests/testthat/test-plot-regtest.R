d <- data.frame(yi = bcg_effects$yi, se = sqrt(bcg_effects$vi))

test_that("Egger's line has the intercept of the bias and the slope of the limit estimate", {
  test <- regtest(yi, sei = se, data = d, model = "lm")
  drawn <- plot(test, draw = FALSE)
  reference <- stats::lm(yi ~ se, d, weights = 1 / se^2)
  expect_equal(drawn$x, 1 / d$se)
  expect_equal(drawn$y, d$yi / d$se)
  expect_equal(drawn$fitted, unname(stats::fitted(reference) / d$se))
  line <- Filter(function(layer) layer$type == "line" && length(layer$x) == 101L, attr(drawn, "figure")$layers)[[1L]]
  expect_equal(line$y[1L], unname(stats::coef(reference)[2L]))
  expect_equal((line$y[101L] - line$y[1L]) / line$x[101L], unname(stats::coef(reference)[1L]))
  band <- Filter(function(layer) layer$type == "polygon", attr(drawn, "figure")$layers)[[1L]]
  expect_equal(range(band$y[band$x == 0]), unname(stats::confint(reference)["se", ]))
  expect_sound_figure(page_of(drawn))
})

test_that("every predictor and model has its view", {
  fit <- rma(structure(d$yi, ni = 10 * (1:13)), sei = d$se)
  for (predictor in c("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv")) {
    drawn <- plot(regtest(fit, predictor = predictor), view = "predictor", legend = TRUE, lang = "zh", draw = FALSE)
    expect_equal(drawn$y, d$yi)
    expect_sound_figure(page_of(drawn))
  }
  moderated <- regtest(rma(yi, sei = se, mods = ~ bcg_tables$ablat, data = d))
  expect_sound_figure(page_of(plot(moderated, draw = FALSE, style = "stata")))
  expect_error(plot(moderated, view = "egger", draw = FALSE), class = "metaparity_error_input")
  expect_error(plot(regtest(fit), ci = 3, draw = FALSE), class = "metaparity_error_input")
  expect_silent(usr_after(plot(regtest(fit))))
})
