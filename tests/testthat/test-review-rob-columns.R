data <- data.frame(study = c("a", "b"), D1 = "low", D2 = "high", Year = 1:2, stringsAsFactors = FALSE)
asked <- function(expr) column_names(substitute(expr), data, globalenv(), "domains")

test_that("columns are bare names, text or positions, alone or in c(), and keep the names given", {
  expect_identical(unname(asked(D1)), "D1")
  expect_identical(unname(asked("D2")), "D2")
  expect_identical(unname(asked(2:3)), c("D1", "D2"))
  expect_identical(asked(c(Random = D1, D2)), c(Random = "D1", "D2"))
  expect_identical(asked(c(Random = "D1")), c(Random = "D1"))
  expect_null(asked(NULL))
  for (wrong in list(quote(D9), quote("D9"), 7, quote(stop("no")))) {
    expect_error(column_names(wrong, data, globalenv(), "domains"), "domains", class = "metaparity_error_input")
  }
  expect_error(rob_column(quote(c(D1, D2)), data, globalenv(), "study", NULL), "one column",
               class = "metaparity_error_input")
})

test_that("headings are compared without case and signs, Chinese ones too", {
  expect_identical(heading_key(c("Study.ID", " STUDY-id ", "study_id")), rep("study id", 3L))
  frame <- function(...) stats::setNames(data.frame(1, 2), c(...))
  expect_identical(column_of(frame("x", "First Author"), "study"), "First Author")
  expect_identical(column_of(frame("x", "\u6743\u91cd"), "weight"), "\u6743\u91cd")
  expect_null(column_of(frame("x", "y"), "support"))
})

test_that("a domain is found by short name, label, label without brackets and in Chinese, each once", {
  tool <- rob_tool("rob1")
  label <- tool$domains$label
  expect_identical(domain_rows(label, tool), seq_along(label))
  expect_identical(domain_rows(rev(sub(" *\\(.*$", "", label)), tool), rev(seq_along(label)))
  expect_identical(domain_rows(translate(label, "zh"), tool), seq_along(label))
  two <- rob_tool("rob2")
  expect_identical(domain_rows(c("d3", "D1", "nothing", "D1"), two), c(3L, 1L, NA, NA))
})

test_that("headings of RevMan Web are parted into label and kind", {
  heads <- web_headings(c("Study", "Missing data (judgement)", "Missing data (support)", "Bias judgement: Selection"))
  expect_identical(heads$label, c("Study", "Missing data", "Missing data", "Selection"))
  expect_identical(heads$judgement, c(FALSE, TRUE, FALSE, TRUE))
  expect_identical(heads$support, c(FALSE, FALSE, TRUE, FALSE))
})

test_that("a heading that comes again is of the domain's applicability", {
  for (tool in c("quadas2", "probast")) {
    own <- rob_tool(tool)$domains
    table <- as.data.frame(c(list(c("a", "b")), rep(list(c("low", "high")), nrow(own))))
    names(table) <- c("study", own$label)
    expect_silent(x <- rob(table))
    expect_identical(x$tool$name, tool)
    expect_setequal(intersect(x$domains$id, own$id), own$id)
    file <- tempfile(fileext = ".csv")
    write.csv(table, file, row.names = FALSE)
    for (dots in c(TRUE, FALSE)) {
      again <- rob(read.csv(file, check.names = dots), tool = tool)
      expect_identical(again$domains[c("id", "label", "group")], x$domains[c("id", "label", "group")])
    }
  }
  expect_identical(unrepeated(c("Item 1.1", "Item 1.2", "Index test", "Index test.1")),
                   c("Item 1.1", "Item 1.2", "Index test", "Index test"))
})
