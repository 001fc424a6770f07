test_that("levels are told in percent, whatever form they have", {
  expect_identical(shown_level(list()), 95)
  for (level in list(0.05, 0.95, 95)) expect_equal(shown_level(list(level = level)), 95)
  expect_equal(shown_level(list(overall = list(level = 0.1))), 90)
})

test_that("columns of words stand left, of numbers right", {
  expect_true(is_text_column(c("Ash 2001", "Birch")))
  for (numbers in list("0.12", "-3", "<0.0001", ".5", " 4")) expect_false(is_text_column(c("a", numbers)))
})

test_that("widths are those that are read, not those of markup", {
  table <- data.frame(a = "x", `I^2^ (%)` = "50.0", c = "1&nbsp;to&nbsp;2", check.names = FALSE)
  expect_equal(shown_widths(table), c(3, 6, 6))
  expect_identical(separator_line(c(3, 5), c("l", "r")), "|:----|------:|")
})

test_that("a wide table is made to fit by what the format has", {
  lines <- c("|a|", "|:--|", "|b|")
  skip_if_not_installed("knitr")
  html <- in_document(fit_width(lines, rep(20, 6)), "html")
  expect_identical(html[c(1L, length(html))], c("::: {style=\"overflow-x: auto\"}", ":::"))
  expect_true(all(lines %in% html))
  sizes <- vapply(c(10, 15, 40), function(w) in_document(grep("begingroup", fit_width(lines, rep(w, 6)), value = TRUE),
                                                          "latex"), "")
  expect_length(unique(sizes), 3L)
  expect_match(sizes[3L], "tiny")
  expect_identical(in_document(fit_width(lines, rep(20, 6)), "docx"), lines)
})

test_that("tables of one chunk are counted, each chunk anew", {
  on.exit(assign("table", NULL, knitr_state))
  assign("table", NULL, knitr_state)
  n <- vapply(c("a", "a", "b", "b", "b", "a"), function(label) table_number(list(label = label)), 0L)
  expect_identical(unname(n), c(1L, 2L, 1L, 2L, 3L, 1L))
})

test_that("captions: the chunk's own before the result's, NA and FALSE are none, Quarto writes its own", {
  expect_identical(table_caption("Own", 1L, list()), "Own")
  expect_identical(table_caption("Own", 2L, list(tab.cap = c("first", "second"))), "second")
  expect_identical(table_caption("Own", 3L, list(tab.cap = c("first", "second"))), "Own")
  expect_null(table_caption("Own", 1L, list(tab.cap = NA)))
  expect_null(table_caption("Own", 1L, list(tab.cap = FALSE)))
  expect_null(table_caption("Own", 1L, list(`tbl-cap` = "Theirs")))
})

test_that("labels of strangers are escaped, marked ones stay", {
  skip_if_not_installed("knitr")
  out <- in_document(knit_result(list(), function(x) list(
    frame = data.frame(estimate = c(0.1, 0.2)), label = list(Study = c("*A*", "|B|")), caption = "C")))
  expect_false(grepl("| *A*", out, fixed = TRUE))
  expect_match(out, "0.1000", fixed = TRUE)
  kept <- in_document(knit_result(list(), function(x) list(
    frame = data.frame(estimate = 0.1), label = list(Study = I("*A*")))))
  expect_match(kept, "*A*", fixed = TRUE)
})

test_that("no column of a Word table is narrower than its longest word", {
  table <- data.frame(a = "Adams (1998)", b = "0.57 to 0.76", c = "<0.001", check.names = FALSE)
  expect_true(all(word_widths(table) >= c(6L, 4L, 6L) + 2L))
  wide <- table[rep(1:3, 4L)]
  expect_lte(sum(word_widths(wide)), max(pandoc_columns, sum(rep(c(6L, 4L, 6L) + 2L, 4L))))
})
