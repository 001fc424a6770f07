test_that("the words of the graph", {
  v <- meta_forestplot(suite_magnesium(version = 16), fixed = TRUE, eform = TRUE, nullrefline = TRUE, draw = FALSE)
  expect_identical(v$text[2], "Study  Yes  No  Yes  No  with 95% CI  (%)")
  expect_identical(v$text[18], "ISIS-4  2,216  26,795  2,103  26,936  1.05 [  1.00,  1.12]  89.76")
  expect_identical(utils::tail(v$text, 2L), c("1/64  1/8  1  8", "Fixed-effects Mantel-Haenszel model"))
})

test_that("rows for the engine are on the scale of analysis, and all kinds draw", {
  m <- suite_magnesium()
  v <- meta_summarize(m, eform = TRUE, cumulative = year)
  rows <- forest_rows(v)
  expect_equal(exp(rows$est[1:16]), v$table$es)
  grDevices::pdf(NULL, width = 9, height = 8)
  on.exit(grDevices::dev.off())
  for (view in list(v, meta_summarize(m, subgroup = year), meta_summarize(m, leaveoneout = TRUE),
                    meta_summarize(m, subgroup = c(year, trial)), meta_summarize(m, common = TRUE, rr = TRUE))) {
    expect_no_error(suppressMessages(plot(view)))
  }
})

test_that("groups stand over the middle of their columns, subscripts are drawn, tests of subgroups are plain", {
  v <- meta_forestplot(suite_magnesium(version = 16), subgroup = year, draw = FALSE)
  texts <- suppressMessages(forest_layout(v))$texts
  middle <- function(word) {
    hit <- texts[texts$text == word, ]
    (hit$left + hit$right) / 2
  }
  ends <- texts[texts$text %in% c("Yes", "No"), ]
  expect_equal(middle("Treatment"), mean(c(min(ends$left), sort(ends$right)[2L])), tolerance = 0.02)
  expect_equal(middle("Control"), mean(c(sort(ends$left)[3L], max(ends$right))), tolerance = 0.02)
  expect_true(all(texts$markup[grepl("Q_b", texts$text)]))
  expect_true(all(texts$font[grepl("^Heterogeneity", texts$text)] == 1L))
  expect_identical(texts$font[texts$text == "Overall"], 2L)
})
