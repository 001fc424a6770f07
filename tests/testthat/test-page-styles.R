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

test_that("every style draws one study, and subgroups in both languages", {
  set.seed(2)
  counts <- data.frame(a = rbinom(9, 80, 0.3), n1 = 80, c = rbinom(9, 90, 0.4), n2 = 90, by = rep(c("x", "y", "z"), 3))
  for (name in names(styles())) {
    one <- suppressWarnings(rma(ai = a, n1i = n1, ci = c, n2i = n2, data = counts[1L, ], measure = "RR"))
    expect_sound_layout(layout_of(one, style = name, lang = "zh", addpred = TRUE))
    for (lang in c("en", "zh")) {
      by <- rma(ai = a, n1i = n1, ci = c, n2i = n2, data = counts, measure = "OR", by = by)
      layout <- layout_of(by, style = name, lang = lang, addpred = TRUE)
      expect_sound_layout(layout)
      if (lang == "zh") expect_true(any(has_cjk(layout$texts$text)))
    }
  }
  expect_length(styles(), 7L)
})

test_that("p-values are written as each house writes them", {
  expect_identical(vapply(c(0.2, 0.034, 0.0034, 0.0000001), p_revman, ""),
                   c("= 0.20", "= 0.03", "= 0.003", "< 0.00001"))
  expect_identical(vapply(c(0.2, 0.034, 0.0051, 0.00001, 0.999), p_jama, ""),
                   c("= .20", "= .03", "= .005", "< .001", "> .99"))
  expect_identical(vapply(c(0.2, 0.034, 0.00001), p_bmj, ""), c("=0.20", "=0.034", "<0.001"))
  expect_identical(vapply(c(0.2, 0.034, 0.000001), p_lancet, ""), c("=0.20", "=0.034", "<0.0001"))
})

test_that("The Lancet has a raised point, and texts on both sides of no effect have axis on both", {
  fit <- rma(ai = c(5, 8), n1i = c(50, 60), ci = c(20, 25), n2i = c(50, 60), measure = "OR")
  layout <- layout_of(fit, style = "lancet")
  expect_true(any(grepl("\u00b7", layout$texts$text)))
  expect_false(any(grepl("[0-9]\\.[0-9]", layout$texts$text)))
  expect_gt(layout$lim[2L], 0)
  expect_lt(layout$lim[1L], 0)
})

test_that("an arrow that lies on a box has an edge of its own", {
  layout <- layout_of(c(0.01, 0.5), sei = c(0.3, 0.1), alim = c(0, 1))
  arrow <- layout$polygons[layout$polygons$role == "arrow", ]
  expect_identical(unique(arrow$border), "white")
  expect_identical(utils::tail(layout$order, 1L), "arrow")
  beyond <- layout_of(c(1.01, 0.5), sei = c(0.3, 0.1), alim = c(0, 1))$polygons
  expect_identical(unique(beyond$border[beyond$role == "arrow"]), "black")
})

test_that("RevMan's test between subgroups has one decimal of I^2, and 0 without", {
  between <- function(I2) {
    row <- data.frame(model = "", group = "", df = 1, Q = 1.306, I2 = I2, H2 = NA, tau2 = NA, z = NA, p = 0.25, pz = NA)
    fill_label(style_revman()$footer$between, row, style_revman(), list(random = TRUE, level = 95))
  }
  expect_identical(between(23.42), "Test for subgroup differences: Chi^2 = 1.31, df = 1 (P = 0.25), I^2 = 23.4%")
  expect_match(between(0), "I^2 = 0%", fixed = TRUE)
})

test_that("symbols may have the size 0, which texts may not", {
  fit <- rma(measure = "OR", ai = c(3, 5, 6), bi = c(7, 8, 9), ci = c(2, 4, 7), di = c(9, 8, 5))
  grDevices::pdf(NULL, 7, 6)
  on.exit(grDevices::dev.off())
  for (verb in list(funnel, radial, labbe, baujat, qqnorm)) expect_silent(verb(fit, cex = 0))
  expect_error(funnel(fit, cex.lab = 0), class = "metaparity_error_input")
  expect_error(funnel(fit, cex = -1), class = "metaparity_error_input")
})
