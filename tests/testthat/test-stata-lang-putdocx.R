in_folder <- function(code) {
  folder <- tempfile("docx")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  force(code)
}

document <- function(file) {
  out <- tempfile("out")
  utils::unzip(file, exdir = out)
  list(text = paste(readLines(file.path(out, "word/document.xml"), warn = FALSE, encoding = "UTF-8"), collapse = ""),
       files = list.files(out, recursive = TRUE))
}

test_that("a document has its paragraphs, texts, tables and images", {
  in_folder({
    d <- data.frame(x = c(1.5, 2), s = c("a & b", "<c>"))
    log <- stata(c("putdocx begin", "putdocx paragraph, style(Title) halign(center)", "putdocx text (\"Report \" + \"1\")",
                   "putdocx paragraph", "putdocx text (\"I\"), bold", "putdocx text (\"2\"), script(super)",
                   "putdocx text (1/3), nformat(%5.2f) linebreak", "scatter x x", "graph export g.png",
                   "putdocx paragraph", "putdocx image g.png, width(4)", "putdocx table t = (2,2)",
                   "putdocx table t(1,2) = (\"cell\")", "matrix A = (1, 2 \\ 3, 4)", "matrix colnames A = p q",
                   "putdocx table m = matrix(A), colnames", "putdocx table d = data(x s), varnames", "putdocx pagebreak",
                   "putdocx save report, replace"), d, graphs = FALSE)$log
    expect_true("successfully created \"report.docx\"" %in% log)
    doc <- document("report.docx")
    expect_true(all(c("[Content_Types].xml", "word/styles.xml", "word/media/image1.png") %in% doc$files))
    for (text in c("<w:pStyle w:val=\"Title\"/><w:jc w:val=\"center\"/>", ">Report 1<", "<w:b/></w:rPr>", "superscript",
                   ">0.33</w:t><w:br/>", "cx=\"3657600\"", ">cell<", ">p<", ">4<", ">a &amp; b<", ">&lt;c&gt;<",
                   ">1.5<", "w:type=\"page\"")) {
      expect_match(doc$text, text, fixed = TRUE)
    }
    expect_equal(lengths(regmatches(doc$text, gregexpr("<w:tbl>", doc$text))), 3L)
    skip_if_not_installed("xml2")
    expect_s3_class(xml2::read_xml(doc$text), "xml_document")
  })
})

test_that("what is out of order or not here is told", {
  in_folder({
    stop_at <- function(...) expect_error(stata(c("putdocx clear", ...), data.frame(x = 1)),
                                          class = "metaparity_error_stata")
    stop_at("putdocx text (1)")
    stop_at("putdocx begin", "putdocx text (1)")
    stop_at("putdocx begin", "putdocx begin")
    stop_at("putdocx begin", "putdocx table t(1,1) = (2)")
    stop_at("putdocx begin", "putdocx save ../../out.docx")
    writeLines("x", "a.docx")
    stop_at("putdocx begin", "putdocx save a.docx, replace")
    for (text in c("putdocx textblock begin", "putdocx sectionbreak", "putdocx save a, append")) {
      expect_error(stata(c("putdocx clear", "putdocx begin", text), data.frame(x = 1)),
                   class = "metaparity_error_stata_unsupported")
    }
  })
})
