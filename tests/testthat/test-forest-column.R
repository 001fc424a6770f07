trials <- data.frame(study = c("Ames", "Bell", "Cole", "Dunn"), yi = c(-0.6, -0.2, 0.1, 0.3),
                     vi = c(0.12, 0.04, 0.02, 0.09),
                     n = c(40, 120, 260, 80), dose = c(2.5, 10, NA, 20.25),
                     where = c("Chile", "\u4e2d\u56fd", "UK", NA))
fit <- rma(yi, vi, data = trials, slab = study)

cells_under <- function(layout, header) {
  head <- layout$texts[layout$texts$role == "header" & layout$texts$text == header, ]
  cells <- layout$texts[layout$texts$role == "cell", ]
  left <- head$x - head$hadj * head$width
  cells[cells$x + (0.5 - cells$hadj) * cells$width > left - 0.5 & cells$x < left + head$width + 0.5, ]
}

test_that("a column may be a vector, a name, a formula or a list, left or right of the panel", {
  layout <- layout_of(fit, columns = list(forest_column("n", "Patients"),
                                          forest_column(~ n / 2, "Half", side = "right"),
                                          Where = trials$where))
  expect_sound_layout(layout)
  text <- layout$texts$text
  expect_true(all(c("Patients", "260", "Half", "130", "Where", "Chile") %in% text))
  half <- layout$texts[text == "Half", ]
  expect_gt(half$x, layout$panel[["right"]])
  expect_lt(layout$texts$x[text == "Patients"], layout$panel[["left"]])
  expect_identical(sum(text %in% "NA"), 0L)
  bare <- layout_of(fit, columns = c("n", "dose"))
  expect_true(all(c("n", "dose", "20.25") %in% bare$texts$text))
})

test_that("cells stand left, right, centred or on their decimal points", {
  at <- function(align) {
    layout <- layout_of(fit, columns = list(forest_column("dose", "A wide heading", align = align)))
    cells <- layout$texts[layout$texts$text %in% c("2.5", "10", "20.25"), ]
    list(left = cells$x - cells$hadj * cells$width, width = cells$width, text = cells$text)
  }
  same <- function(x) expect_lt(diff(range(x)), 1e-6)
  with(at("left"), same(left))
  with(at("right"), same(left + width))
  with(at("centre"), same(left + width / 2))
  on_page({
    with(at("decimal"), same(left + text_width(sub("[.].*", "", text), 9)))
  })
})

test_that("digits, pooled sums and pooled texts", {
  layout <- layout_of(fit, columns = list(forest_column("n", "N", pooled = "sum", digits = 1),
                                          forest_column("dose", "Dose", pooled = "all doses")))
  expect_true(all(c("500.0", "40.0", "all doses") %in% layout$texts$text))
  by <- rma(yi, vi, data = trials, slab = study, by = c("a", "a", "b", "b"), method = "EE")
  text <- layout_of(by, columns = list(forest_column("n", "N", pooled = "sum")))$texts$text
  expect_true(all(c("160", "340", "500") %in% text))
})

test_that("neighbours share a heading with a rule under it", {
  layout <- layout_of(fit, columns = list(forest_column("n", "N", span = "Treated"),
                                          forest_column("dose", "Dose", span = "Treated"),
                                          forest_column("where", "Where")))
  expect_sound_layout(layout)
  span <- layout$texts[layout$texts$text == "Treated", ]
  expect_identical(nrow(span), 1L)
  below <- layout$texts[layout$texts$text %in% c("N", "Dose"), ]
  expect_true(all(below$y < span$y))
  expect_gt(span$x, min(below$x))
  expect_lt(span$x - span$width, max(below$x))
})

test_that("a list with \"panel\" is the order of everything", {
  layout <- layout_of(fit, columns = list("est", "panel", "label", "n", "weight"), showweights = TRUE)
  expect_sound_layout(layout)
  label <- layout$texts[layout$texts$role == "label", ]
  expect_true(all(label$x > layout$panel[["right"]]))
  expect_true("100.00%" %in% layout$texts$text)
})

test_that("columns are expressions, and weights of a second model", {
  layout <- layout_of(fit, columns = list(forest_column(trials$n, expression(n[i]))),
                      second = update(fit, method = "EE"),
                      showweights = TRUE)
  expect_sound_layout(layout)
  expect_true(any(is_math(layout$texts$text)))
  expect_identical(sum(layout$rows$type == "summary"), 2L)
  expect_equal(sum(layout$rows$weight2[layout$rows$type == "study"]), 100)
})

test_that("mistakes are named", {
  for (bad in list(list("nothing"), list(forest_column(1:3)), 5, list(forest_column("where", pooled = "sum")))) {
    expect_error(layout_of(fit, columns = bad), class = "metaparity_error_input")
  }
  expect_error(forest_column("n", align = "top"), class = "metaparity_error_input")
  expect_error(forest_column("n", side = "above"), class = "metaparity_error_input")
  expect_error(forest_column("n", digits = -1), class = "metaparity_error_input")
  expect_error(forest_column("n", header = c("a", "b")), class = "metaparity_error_input")
})

test_that("z and p of a study are those of its estimate and standard error, at every level", {
  yi <- c(-.6, -.2, .1, .9)
  vi <- c(.12, .04, .02, .3)
  fit <- rma(yi, vi)
  for (level in c(80, 95, 99)) {
    for (rows in list(forest_layout(fit, level = level)$rows, forest_layout(yi, vi, level = level)$rows)) {
      study <- rows[rows$type == "study", ]
      expect_equal(study$z, yi / sqrt(vi), tolerance = 1e-10)
      expect_equal(study$pz, 2 * pnorm(-abs(yi / sqrt(vi))), tolerance = 1e-10)
    }
  }
})

test_that("a column that the style has too stands once", {
  d <- data.frame(yi = c(.1, .5, .3, .9), vi = c(.1, .1, .2, .1), g = c("a", "a", "b", "b"))
  out <- forest(rma(yi, vi, by = g, data = d), columns = list("label", "est", "p"), plot = FALSE)
  texts <- out$layout$texts
  expect_identical(sum(texts$text == "Study 1"), 1L)
  expect_identical(anyDuplicated(texts$text[texts$role == "footer"]), 0L)
})
