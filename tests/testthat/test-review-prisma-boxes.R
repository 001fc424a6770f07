chart_of <- function(flow, template = "2020", boxes = logical(), labels = NULL) {
  prisma_chart(flow, template, boxes, labels, open = !length(flow))
}
text_of <- function(chart, id) chart$boxes$text[chart$boxes$id == id]

test_that("a box says its number, and its parts line by line", {
  expect_identical(box_text("Reports", 12), "Reports (n = 12)")
  expect_identical(box_text("Reports", NULL), "Reports (n = )")
  expect_identical(box_text("Reports", c(a = 1, b = 2)),
                   "Reports (n = 3)\n\u00a0\u00a0\u00a0a (n = 1)\n\u00a0\u00a0\u00a0b (n = 2)")
})

test_that("numbers that are there have their boxes, rows are counted without gaps", {
  chart <- chart_of(list(databases = 10, screened = 8, excluded = 3, included = c(studies = 5)))
  expect_identical(chart$boxes$id, c("identified", "screened", "excluded", "included"))
  expect_equal(chart$boxes$row, c(1, 2, 2, 3))
  expect_identical(chart$boxes$lane, c("main", "main", "side", "main"))
  expect_match(text_of(chart, "identified"), "^Records identified from:\nDatabases \\(n = 10\\)$")
  expect_identical(names(chart$heads), "main")
})

test_that("boxes are switched on and off by name, and have the labels given", {
  flow <- list(screened = 8, excluded = 3)
  expect_identical(chart_of(flow, boxes = c(excluded = FALSE, sought = TRUE))$boxes$id, c("screened", "sought"))
  expect_identical(text_of(chart_of(flow, labels = c(screened = "Titles read")), "screened"), "Titles read (n = 8)")
  expect_null(chart_of(flow, boxes = c(stages = FALSE))$stages)
  expect_gt(nrow(chart_of(list())$boxes), 8L)
})

test_that("an updated review has previous studies and new words", {
  chart <- chart_of(list(previous = c(studies = 4, reports = 6), included = c(studies = 2), total = c(studies = 6),
                         other = c(Websites = 3)))
  expect_identical(text_of(chart, "included"), "New studies included in review (n = 2)")
  expect_match(text_of(chart, "previous"), "(n = 4)\nReports of studies included in previous version of review (n = 6)",
               fixed = TRUE)
  expect_identical(names(chart$heads), c("previous", "main", "other"))
  expect_match(chart$heads[["main"]], "new studies")
})

test_that("RevMan's lines below the first are parts, and steps are checked one after the other", {
  table <- data.frame(step = c(1, 2, 2, 3), side = c(FALSE, FALSE, TRUE, FALSE), n = c(100, 80, 60, 20),
                      text = c("100 records", "80 after duplicates\n20 duplicates", "60 excluded\n40 design\n20 age",
                               "20 studies"))
  read <- revman_chart(table)
  expect_identical(unname(read$chart$parts[[3L]]), c(40, 20))
  expect_identical(names(read$chart$parts[[3L]]), c("design", "age"))
  rows <- chart_balance(read$chart)
  expect_identical(rows$expected[rows$check == "60 excluded"], 60)
  table$text[3L] <- "Excluded\n40 design\n25 age"
  rows <- chart_balance(revman_chart(table)$chart)
  expect_identical(lost_beside(revman_chart(table)$chart, 3L), c(40, 25))
  expect_false(all(rows$balanced))
})
