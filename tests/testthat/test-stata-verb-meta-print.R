test_that("layouts of the log", {
  m <- suite_magnesium(version = 16)
  expect_snapshot(meta_summarize(m, fixed = TRUE, nostudies = TRUE))
  m <- suite_magnesium()
  m$table <- m$table[1:4, ]
  m$vars <- lapply(m$vars, `[`, 1:4)
  expect_snapshot(meta_summarize(m, predinterval = TRUE, se = "khartung", eform = TRUE))
  expect_snapshot(meta_summarize(m, subgroup = year, random = "dl"))
  expect_snapshot(meta_summarize(m, cumulative = "year, descending", common = "iv", nometashow = TRUE))
  expect_snapshot(meta_summarize(m, leaveoneout = TRUE, noheader = TRUE, nometashow = TRUE))
})

test_that("no line of a table is broken by long or Chinese labels", {
  d <- data.frame(es = c(.1, 1234.5), se = c(.1, .2), lab = c("\u738b\u4e94\u7b49 2010", strrep("long ", 12)))
  lines <- format(meta_summarize(meta_set(es, se, data = d, studylabel = lab)))
  bars <- lines[grepl(" | ", lines, fixed = TRUE)]
  expect_length(unique(display_width(sub("[|].*$", "", bars))), 1L)
})
