sof_example <- function(...) {
  fit <- rma(measure = "RR", ai = c(12, 30, 7), n1i = c(60, 150, 55), ci = c(20, 41, 9), n2i = c(61, 148, 54),
             slab = c("A", "B", "C"))
  table <- data.frame(outcome = "Pain <5 & \"fever\" | [x](y)", imprecision = "serious",
                      imprecision_reason = "Few <events> & wide")
  sof_table(stats::setNames(list(fit), table$outcome), table, ...)
}

test_that("words of users are escaped in HTML and Markdown", {
  html <- paste(format(sof_example(), "html"), collapse = "\n")
  expect_match(html, "Pain &lt;5 &amp; &quot;fever&quot; | [x](y)", fixed = TRUE)
  expect_match(html, "Few &lt;events&gt; &amp; wide", fixed = TRUE)
  expect_match(html, "&#8853;&#8853;&#8853;&#9711;", fixed = TRUE)
  expect_match(html, "<sup>a</sup>", fixed = TRUE)
  doc <- xml2::read_html(html)
  expect_identical(length(xml2::xml_find_all(doc, "//tbody/tr")), 1L)
  cells <- xml2::xml_text(xml2::xml_find_all(doc, "//tbody/tr/td"))
  expect_length(cells, 8L)
  expect_identical(cells[1L], "Pain <5 & \"fever\" | [x](y)")
  markdown <- format(sof_example(), "markdown")
  row <- grep("Pain", markdown, value = TRUE)
  expect_identical(lengths(regmatches(row, gregexpr("(?<!\\\\)[|]", row, perl = TRUE))), 9L)
  expect_error(format(sof_example(), "pdf"), class = "metaparity_error_input")
})

test_that("documents have the table", {
  skip_if_not(rmarkdown::pandoc_available())
  folder <- tempfile("grade")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  file <- file.path(folder, "x.Rmd")
  writeLines(c("---", "title: x", "---", "```{r, echo=FALSE}", "library(metaparity)",
               "fit <- rma(log(c(.7, .8)), c(.1, .1))",
               "sof_table(list(`a & b` = fit), measure = 'RR', assumed = 0.2, lang = 'zh')", "```"), file)
  html <- rmarkdown::render(file, "html_document", quiet = TRUE, envir = new.env())
  text <- paste(readLines(html, encoding = "UTF-8"), collapse = "\n")
  # expect_match() is slow with long texts.
  for (word in c("metaparity-grade", "a &amp; b", "\u8bc1\u636e\u8d28\u91cf")) {
    expect_true(grepl(word, text, fixed = TRUE))
  }
  word <- rmarkdown::render(file, "word_document", quiet = TRUE, envir = new.env())
  utils::unzip(word, "word/document.xml", exdir = folder)
  document <- xml2::read_xml(file.path(folder, "word/document.xml"))
  expect_identical(length(xml2::xml_find_all(document, "//w:tbl")), 1L)
  expect_match(xml2::xml_text(document), "\u2295\u2295\u2295\u2295")
})

test_that("flextable gets cells, heads and spans", {
  called <- list()
  fake <- function(name) function(x, ...) {
    called[[name]] <<- list(...)
    if (name == "flextable") called$body <<- x
    "table"
  }
  as_flextable_grade(sof_example(), from = fake)
  expect_identical(dim(called$body), c(1L, 8L))
  expect_identical(sum(called$add_header_row$colwidths), 8L)
  expect_length(called$add_footer_lines$values, 1L)
})
