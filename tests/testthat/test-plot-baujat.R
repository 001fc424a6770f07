test_that("coordinates are metafor's, with and without moderators and for pooled tables", {
  skip_if_not_installed("metafor")
  for (args in list(list(measure = "RR"), list(measure = "OR", method = "FE"),
                    list(measure = "RR", mods = bcg_tables$ablat))) {
    f <- do.call(both_fits, c(list("rma", slab = bcg_tables$study), args))
    expect_metafor_plot("baujat", f$ours, f$theirs)
  }
  zero <- bcg_tables
  zero[2L, c("tpos", "cpos")] <- 0
  f <- both_fits("rma.mh", measure = "OR", data = zero)
  expect_warning(ours <- baujat(f$ours, draw = FALSE), class = "metaparity_warning_dropped")
  grDevices::pdf(NULL)
  theirs <- metafor::baujat(f$theirs)
  grDevices::dev.off()
  expect_gate(ours$x, theirs$x, "metafor_closed")
  expect_gate(ours$y, theirs$y, "metafor_closed", scale = 1)
  f <- both_fits("rma.peto")
  expect_metafor_plot("baujat", f$ours, f$theirs)
})

test_that("names of studies, plotting symbols and what cannot be drawn", {
  fit <- rma(yi, vi, data = bcg_effects, slab = study)
  named <- page_of(baujat(fit, symbol = "slab", draw = FALSE))
  expect_sound_figure(named)
  expect_setequal(texts_with_role(named, "label"), bcg_effects$study)
  expect_identical(nrow(items_of(page_of(baujat(fit, symbol = 4, draw = FALSE)), "points")[[1L]]$data), 13L)
  expect_error(baujat(suppressWarnings(rma(1, 1)), draw = FALSE), class = "metaparity_error_input")
  expect_error(baujat(fit, symbol = "name", draw = FALSE), class = "metaparity_error_input")
  x <- c(0, 0, 0, 1)
  expect_warning(baujat(rma(c(1, 2, 3, 4), rep(1, 4), mods = x), draw = FALSE), class = "metaparity_warning_dropped")
})

test_that("of many studies the outermost have names, and the rest is told", {
  set.seed(3)
  many <- rma(stats::rnorm(150), stats::rchisq(150, 4) / 9)
  expect_message(drawn <- baujat(many, draw = FALSE), class = "metaparity_message_labels_left_out")
  expect_identical(nrow(drawn), 150L)
  top <- drawn$ids[which.max(drawn$y)]
  expect_true(as.character(top) %in% texts_with_role(suppressMessages(page_of(drawn)), "label"))
})
