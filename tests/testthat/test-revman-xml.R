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

nodes_of <- function(text) xml2::xml_children(xml2::read_xml(paste0("<R>", text, "</R>")))

test_that("attributes as columns: those that no node has are left out, unless all are wanted", {
  skip_if_not_installed("xml2")
  nodes <- nodes_of("<N ID='a' X='1'/><N ID='b'/>")
  expect_identical(attribute_columns(nodes, c("ID", "X", "Y")), data.frame(id = c("a", "b"), x = c("1", NA)))
  expect_identical(names(attribute_columns(nodes, c("ID", "Y"), all = TRUE)), c("id", "y"))
  expect_identical(nrow(attribute_columns(nodes[0L], "ID", all = TRUE)), 0L)
})

test_that("numbers as Java writes them, flags as YES", {
  d <- as_numbers(data.frame(a = c("1.5", "NaN", "", "-Infinity", "2.5E-8"), b = "x"), c("a", "none"))
  expect_identical(d$a, c(1.5, NaN, NA, -Inf, 2.5e-8))
  expect_identical(d$b, rep("x", 5))
  expect_identical(as_flags(data.frame(f = c("YES", "NO", NA)), "f")$f, c(TRUE, FALSE, NA))
})

test_that("texts of children and paragraphs, empty where there are none", {
  skip_if_not_installed("xml2")
  nodes <- nodes_of("<N><T>one</T><T>two</T></N><N/>")
  expect_identical(child_text(nodes, "T"), c("one", ""))
  text <- nodes_of("<N><P>a</P><P> </P><UL><LI>b</LI><LI><P>c</P></LI></UL></N><N>plain</N><N/>")
  expect_identical(paragraphs(text), c("a\nb\nc", "plain", ""))
  expect_identical(words_of("  a\n b "), c("a", "b"))
})

test_that("paths name every kind of outcome", {
  for (kind in revman_kinds) expect_match(revman_outcome_path, paste0("//", kind, "_OUTCOME"), fixed = TRUE)
  expect_length(strsplit(revman_path("DATA"), "|", fixed = TRUE)[[1L]], length(revman_kinds))
})
