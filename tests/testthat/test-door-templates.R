templates <- c("meta-analysis", "meta-analysis-zh", "replication", "replication-zh")

test_that("every template knits with the example data, in its own language", {
  skip_if_not_installed("rmarkdown")
  skip_if_not(rmarkdown::pandoc_available("2.0"))
  old <- options(metaparity.lang = "en")
  on.exit(options(old))
  for (name in templates) {
    folder <- tempfile("report")
    dir.create(folder)
    file <- file.path(folder, "report.Rmd")
    rmarkdown::draft(file, name, "metaparity", create_dir = FALSE, edit = FALSE)
    out <- rmarkdown::render(file, "html_document", quiet = TRUE, envir = new.env())
    html <- paste(readLines(out, encoding = "UTF-8", warn = FALSE), collapse = "\n")
    text <- gsub("<[^>]+>", " ", gsub("(?s)<(style|script).*?</(style|script)>", " ", html, perl = TRUE))
    expect_no_match(text, "Error|&amp;#|\\[@|\\bNA\\b")
    expect_match(text, if (grepl("zh$", name)) "\u53c2\u8003\u6587\u732e" else "References")
    expect_gte(lengths(gregexpr("<img ", html)), 2L)
  }
})

test_that("the twins of Quarto have the same body", {
  body <- function(file) {
    lines <- readLines(system.file(file, package = "metaparity"), encoding = "UTF-8")
    lines[-seq_len(which(lines == "---")[2])]
  }
  for (name in templates) {
    expect_identical(body(sprintf("quarto/%s.qmd", name)),
                     body(sprintf("rmarkdown/templates/%s/skeleton/skeleton.Rmd", name)))
  }
})
