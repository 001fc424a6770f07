test_that("styles are lists that take replacements", {
  style <- style_stata(box = list(fill = "red"), fontsize = 11)
  expect_identical(style$box$fill, "red")
  expect_identical(style$box$border, style_stata()$box$border)
  expect_identical(style$fontsize, 11)
  expect_null(style_metafor(rules = NULL)$rules)
  expect_error(style_metafor(boxes = 1), class = "metaparity_error_input")
})

test_that("a style is resolved from its name or object", {
  expect_identical(resolve_style("stata"), style_stata())
  expect_identical(resolve_style(style_metafor(), 12)$fontsize, 12)
  expect_error(resolve_style("none"), class = "metaparity_error_input")
})

test_that("Stata's words stand in the plot", {
  fit <- rma(c(0.1, 0.5, 0.3), c(0.01, 0.02, 0.03), method = "DL")
  layout <- layout_of(fit, style = "stata")
  text <- layout$texts$text
  expect_true(all(c("Study", "ID", "ES (95% CI)", "%", "Weight") %in% text))
  expect_true(sprintf("Overall  (I-squared = %.1f%%, p = %.3f)", fit$I2, fit$QEp) %in% text)
  expect_true(any(grepl("^NOTE: Weights are from", text)))
  one <- suppressWarnings(layout_of(rma(0.2, 0.1), style = "stata"))
  expect_true("Overall  (I-squared = .%, p = .)" %in% one$texts$text)
})
