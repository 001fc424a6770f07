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
