test_that("a study flow diagram is read from the top", {
  chart <- paste0("<EXTENSIONS><EXTENSION ID='FLOW_1' TYPE='FLOWCHART'><FLOWCHARTBOX TEXT='&lt;p&gt;3 in synthesis&lt;/p&gt;'>",
                  "<FLOWCHARTBOX TEXT='&lt;p&gt;10 full texts&lt;/p&gt;'><OUT TEXT='&lt;p&gt;7 excluded&lt;/p&gt;'/>",
                  "</FLOWCHARTBOX></FLOWCHARTBOX></EXTENSION></EXTENSIONS>")
  x <- read_rm5(as_rm5(sub("<EXTENSIONS/>", chart, readLines(example_file()), fixed = TRUE)))
  expect_identical(x$flowchart$n, c(10L, 7L, 3L))
  expect_identical(x$flowchart$side, c(FALSE, TRUE, FALSE))
})

node <- function(text) xml2::read_xml(paste0("<COCHRANE_REVIEW>", text, "</COCHRANE_REVIEW>"))

test_that("references of studies and of the review, their fields and identifiers", {
  skip_if_not_installed("xml2")
  r <- revman_references(node(paste0(
    "<STUDIES_AND_REFERENCES><STUDIES><STUDY ID='S1'>",
    "<REFERENCE PRIMARY='YES' TYPE='JOURNAL_ARTICLE'><AU>A &amp; B</AU>",
    "<YR>2001</YR><IDENTIFIERS><IDENTIFIER TYPE='DOI' VALUE='10/x'/></IDENTIFIERS></REFERENCE></STUDY></STUDIES>",
    "<OTHER_REFERENCES><REFERENCE ID='R1' NAME='Other'/></OTHER_REFERENCES></STUDIES_AND_REFERENCES>")))
  expect_identical(r$study_id, c("S1", NA))
  expect_identical(r$authors, c("A & B", ""))
  expect_identical(r$doi, c("10/x", NA))
  expect_identical(r$pubmed, c(NA_character_, NA))
  expect_identical(r$primary, c(TRUE, NA))
})

test_that("judgements: unknown without support was not assessed", {
  skip_if_not_installed("xml2")
  entry <- function(result, text) {
    paste0("<QUALITY_ITEM_DATA_ENTRY RESULT='", result, "' STUDY_ID='S'><DESCRIPTION>", text,
           "</DESCRIPTION></QUALITY_ITEM_DATA_ENTRY>")
  }
  items <- paste0("<QUALITY_ITEMS><QUALITY_ITEM ID='Q' LEVEL='STUDY' CORE_ITEM='YES'><NAME>N</NAME><QUALITY_ITEM_DATA>",
                  entry("YES", ""), entry("NO", "<P>why</P>"), entry("UNKNOWN", ""), entry("UNKNOWN", "<P>said</P>"),
                  "</QUALITY_ITEM_DATA></QUALITY_ITEM></QUALITY_ITEMS>")
  j <- revman_judgements(node(items), data.frame(study_id = "S", study = "Ash"))
  expect_identical(j$judgement, c("low", "high", NA, "unclear"))
  expect_identical(j$support, c("", "why", "", "said"))
  expect_identical(unique(j$study), "Ash")
  expect_true(all(j$core))
})

test_that("tables are matrices: cells over several columns, rows of different lengths, absurd spans", {
  skip_if_not_installed("xml2")
  rows <- c("<TR><TH COLSPAN='2'>a</TH><TH>b</TH></TR>", "<TR><TD>c</TD></TR>",
            "<TR><TD COLSPAN='0'>d</TD><TD COLSPAN='x'>e</TD><TD>f</TD><TD>g</TD></TR>")
  cells <- table_cells(node(paste(c("<TABLE>", rows, "</TABLE>"), collapse = "")))
  expect_identical(cells, rbind(c("a", "", "b", ""), c("c", "", "", ""), c("d", "e", "f", "g")))
  expect_identical(ncol(table_cells(node("<TABLE><TR><TD COLSPAN='999999999'>a</TD></TR></TABLE>"))), 100L)
  expect_null(table_cells(node("<TABLE/>")))
})

test_that("a file without these parts has empty tables", {
  skip_if_not_installed("xml2")
  empty <- node("")
  studies <- data.frame(study_id = character(), study = character(), section = character())
  for (table in list(revman_references(empty), revman_characteristics(empty, studies),
                     revman_judgements(empty, studies), revman_texts(empty), revman_figures(empty),
                     revman_flowchart(empty),
                     revman_links(empty, data.frame(id = character(), outcome = character())))) {
    expect_s3_class(table, "data.frame")
    expect_identical(nrow(table), 0L)
  }
  expect_length(metaparity:::revman_tables(empty, "./SOF_TABLES/SOF_TABLE"), 0L)
})

test_that("a link names its outcome, also by a subgroup of it", {
  skip_if_not_installed("xml2")
  l <- revman_links(node("<MAIN_TEXT><P>See <LINK TYPE='ANALYSIS' REF='CMP-001.02.01'>1.2</LINK>.</P></MAIN_TEXT>"),
                    data.frame(id = c("CMP-001.01", "CMP-001.02"), outcome = c("1.1", "1.2")))
  expect_identical(l$outcome, "1.2")
  expect_identical(l$sentence, "See 1.2.")
})
