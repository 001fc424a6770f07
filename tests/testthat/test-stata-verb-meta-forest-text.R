test_that("ticks of ratios are powers of two, written as fractions, in the text and in the plot", {
  m <- suite_magnesium()
  v <- meta_forestplot(m, eform = TRUE, nullrefline = TRUE, draw = FALSE)
  ticks <- metaparity:::meta_forest_ticks(v)
  expect_equal(ticks$at, log(2) * c(-6, -3, 0, 3), tolerance = 1e-12)
  expect_identical(ticks$labels, c("1/64", "1/8", "1", "8"))
  expect_match(v$text, "1/64  1/8  1  8", all = FALSE)
  drawn <- forest(v, plot = FALSE)
  expect_identical(drawn$layout$axis$label, ticks$labels)
})

test_that("columns, custom diamonds, crop and what is left out", {
  m <- suite_magnesium()
  v <- meta_forestplot(m, columns = c("_id", "year", "_plot", "_esci", "_weight"),
                       customoverall = "-.5 -.8 -.2, label(ML)",
                       crop = c(-2, 2), nullrefline = "favorsleft(Magnesium) favorsright(Control)", draw = FALSE)
  rows <- forest_rows(v)
  expect_identical(sum(rows$type == "summary"), 2L)
  expect_identical(rows$label[rows$type == "summary"][2L], "ML")
  pdf(NULL, width = 12, height = 9)
  on.exit(dev.off())
  expect_s3_class(plot(v), "forest_plot")
  none <- meta_forestplot(m, nooverall = TRUE, draw = FALSE)
  expect_false(any(grepl("^Overall", none$text)))
  expect_false(any(forest_rows(none)$type == "summary"))
  expect_error(meta_forestplot(m, columns = "nosuch"), class = "metaparity_error_input")
  expect_error(meta_forestplot(m, crop = c(2, 1)), class = "metaparity_error_input")
  expect_error(meta_forestplot(m, customoverall = 3), class = "metaparity_error_input")
})
