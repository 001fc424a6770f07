test_that("rows of the plot: diamonds with their words, prediction, further columns", {
  d <- metan4_fixture("validation")
  v <- metan(logor, selogor, data = d, random = TRUE, rfdist = TRUE, by = type_study, version = 4)
  rows <- forest_rows(v)
  expect_identical(sum(rows$type == "subtotal"), 2L)
  expect_identical(sum(rows$type == "prediction"), 1L)
  expect_match(rows$label[rows$type == "summary"], "Overall, DL \\(I\u00b2 = [0-9.]+%, p = [0-9.]+\\)")
  v <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, or = TRUE, oev = TRUE, version = 4)
  right <- metan_right_columns(v)
  peto <- rma.peto(ai = tdeath, bi = tnodeath, ci = cdeath, di = cnodeath, data = d)
  expect_equal(as.numeric(right[[2L]]$value[1:20]), round(1 / as.numeric(peto$vi), 2))
  expect_identical(vapply(right, `[[`, "", "header"), c("O-E", "V"))
})

test_that("hetinfo names the statistics behind the labels", {
  d <- metan4_fixture("validation")
  label <- function(...) {
    rows <- forest_rows(metan(logor, selogor, data = d, random = TRUE, ..., version = 4))
    rows$label[rows$type == "summary"]
  }
  expect_match(label(hetinfo = "h tausq"), "\\(H = 1[.][0-9]+, \u03c4\u00b2 = 0[.]")
  expect_match(label(hetinfo = "q"), "on 19 df")
  expect_identical(label(nohet = TRUE), "Overall, DL")
  expect_error(label(hetinfo = "nosuch"), class = "metaparity_error_input")
})

test_that("plots of every kind are drawn", {
  d <- metan4_fixture("validation")
  pdf(NULL, width = 12, height = 9)
  on.exit(dev.off())
  draw <- function(...) expect_s3_class(plot(metan(logor, selogor, data = d, study = id, ..., version = 4)),
                                        "forest_plot")
  draw(cumulative = TRUE)
  draw(influence = TRUE, random = TRUE)
  draw(model = "fe \\ dl", eform = TRUE, xlabel = c(.5, 1, 2))
  draw(classic = TRUE, nowt = TRUE, summaryonly = TRUE, by = type_study)
})
