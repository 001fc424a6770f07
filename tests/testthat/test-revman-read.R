example_file <- function() system.file("extdata", "example.rm5", package = "metaparity")

test_that("a file becomes tables", {
  x <- read_rm5(example_file())
  expect_identical(x$studies$study, c("Ash 2001", "Birch 2004", "Cedar 2009", "Dill 2011"))
  expect_identical(x$outcomes$outcome, c("1.1", "1.2"))
  expect_identical(x$rows$subgroup, c(NA, NA, NA, NA, "1", "1", "2", "2"))
  expect_identical(x$rows$events_1[1:4], c(0, 12, 30, 7))
  expect_identical(x$risk_of_bias$judgement, c("low", "unclear", "high", "low"))
  expect_identical(x$links$outcome, "1.1")
  expect_match(x$links$sentence, "Recurrence was rarer")
  expect_identical(summary(x)$rows, c(4L, 4L))
  expect_output(print(x), "1 comparison, 2 outcomes, 2 subgroups, 8 rows")
})

test_that("one outcome, by number or id", {
  x <- read_rm5(example_file())
  expect_identical(outcome(x, "1.2"), outcome(x, "CMP-001.02"))
  expect_identical(nrow(outcome(x, 1.1)$rows), 4L)
  expect_error(outcome(x, "9.9"), class = "metaparity_error_input")
  expect_error(outcome(list(), "1.1"), class = "metaparity_error_input")
})

as_rm5 <- function(lines) {
  file <- tempfile(fileext = ".rm5")
  writeLines(enc2utf8(lines), file, useBytes = TRUE)
  file
}

test_that("names in any encoding, one line, entities that would fetch or expand", {
  text <- readLines(example_file())
  chinese <- "\u738b\u4e00 2001"
  file <- as_rm5(paste(gsub("NAME=\"Ash 2001\"", paste0("NAME=\"", chinese, "\""), text, fixed = TRUE), collapse = " "))
  expect_identical(read_rm5(file)$studies$study[1L], chinese)
  latin <- tempfile()
  named <- gsub("NAME=\"Ash 2001\"", "NAME=\"Mu\\u00f1oz &#8805;1\"", sub("UTF-8", "ISO-8859-1", text), fixed = TRUE)
  named <- sub("\\u00f1", "\u00f1", named, fixed = TRUE)
  writeLines(iconv(named, "UTF-8", "latin1"), latin, useBytes = TRUE)
  expect_identical(read_rm5(latin)$studies$study[1L], "Mu\u00f1oz \u22651")
  evil <- append(text, "<!DOCTYPE COCHRANE_REVIEW [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", 1L)
  evil <- sub("A trial that was made up", "&x;", evil, fixed = TRUE)
  expect_false(any(grepl("root:", unlist(read_rm5(as_rm5(evil))$references))))
})

test_that("what is no file of RevMan says so", {
  expect_error(read_rm5(tempfile()), class = "metaparity_error_input")
  expect_error(read_rm5(tempdir()), class = "metaparity_error_input")
  expect_error(read_rm5(1), class = "metaparity_error_input")
  expect_error(read_rm5("| ls"), class = "metaparity_error_input")
  expect_error(read_rm5(as_rm5("a,b")), class = "metaparity_error_input")
  expect_error(read_rm5(as_rm5("<COCHRANE_REVIEW NAME='x'><DATA/></COCHRANE_REVIEW>")),
               class = "metaparity_error_input")
  invented <- c("<COCHRANE_REVIEW><STUDIES_AND_REFERENCES/><ANALYSES_AND_DATA><COMPARISON><NAME>a</NAME>",
                "<CONTINUOUS_DATA/></COMPARISON></ANALYSES_AND_DATA></COCHRANE_REVIEW>")
  expect_error(read_rm5(as_rm5(invented)), class = "metaparity_error_input")
})

test_that("a study flow diagram is read from the top", {
  chart <- paste0("<EXTENSIONS><EXTENSION ID='FLOW_1' TYPE='FLOWCHART'><FLOWCHARTBOX TEXT='&lt;p&gt;3 in synthesis&lt;/p&gt;'>",
                  "<FLOWCHARTBOX TEXT='&lt;p&gt;10 full texts&lt;/p&gt;'><OUT TEXT='&lt;p&gt;7 excluded&lt;/p&gt;'/>",
                  "</FLOWCHARTBOX></FLOWCHARTBOX></EXTENSION></EXTENSIONS>")
  x <- read_rm5(as_rm5(sub("<EXTENSIONS/>", chart, readLines(example_file()), fixed = TRUE)))
  expect_identical(x$flowchart$n, c(10L, 7L, 3L))
  expect_identical(x$flowchart$side, c(FALSE, TRUE, FALSE))
})
