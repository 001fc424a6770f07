test_that("zipped, in a folder within, and inner zip files; names that climb are harmless", {
  skip_if(!nzchar(Sys.which("zip")))
  made <- made_package()
  pack <- function(folder, file) {
    old <- setwd(folder)
    on.exit(setwd(old))
    utils::zip(file, list.files(recursive = TRUE), flags = "-rq9X")
  }
  zip <- tempfile(fileext = ".zip")
  pack(made$folder, zip)
  expect_equal(read_revman_web(zip)$rows, read_revman_web(made$folder)$rows)
  outer <- tempfile("outer")
  dir.create(file.path(outer, "CD0-files"), recursive = TRUE)
  file.copy(zip, file.path(outer, "CD0-files", "CD0-data.zip"))
  expect_identical(nrow(read_revman_web(outer)$rows), 4L)
  whole <- tempfile(fileext = ".zip")
  pack(outer, whole)
  expect_identical(nrow(read_revman_web(whole)$rows), 4L)
})

test_that("what is no package says so", {
  expect_error(read_revman_web(tempfile()), class = "metaparity_error_input")
  empty <- tempfile("empty")
  dir.create(empty)
  expect_error(read_revman_web(empty), class = "metaparity_error_input")
  for (name in c("a", "b")) write_revman_csv(example_review(), file.path(empty, name), what = "analyses")
  expect_error(read_revman_web(empty), "2 packages", class = "metaparity_error_input")
  expect_error(read_revman_web(1), class = "metaparity_error_input")
  file <- tempfile(fileext = ".zip")
  writeLines("no zip", file)
  expect_error(read_revman_web(file), class = "metaparity_error_input")
  tests <- tempfile("tests")
  dir.create(tests)
  writeLines("a", file.path(tests, "CD1-parameters.csv"))
  expect_error(read_revman_web(tests), "diagnostic", class = "metaparity_error_input")
})

test_that("text of HTML", {
  expect_identical(html_text(c("a&nbsp;b", "x<sub>2</sub> &lt; 3", "&#8805; 4", "p < 0.05 and > 3", NA, "&amp;lt;")),
                   c("a b", "x2 < 3", "\u2265 4", "p < 0.05 and > 3", NA, "&lt;"))
})

test_that("headings become keys, cells numbers and flags", {
  expect_identical(heading_name(c("Heterogeneity Tau\u00b2", "CI start", "GIV SE", "O-E", "")),
                   c("heterogeneity_tau", "ci_start", "giv_se", "o_e", ""))
  table <- data.frame(a = c("1.5", "95%", NA, "x"), b = c("True", "0", NA, "yes"))
  expect_identical(web_number(table, "none", "a"), c(1.5, 95, NA, NA))
  expect_identical(web_flag(table, "b"), c(TRUE, FALSE, NA, TRUE))
  expect_identical(web_column(table, "none"), rep(NA_character_, 4))
})

test_that("a table of any bytes is read as text, or refused", {
  file <- tempfile(fileext = ".csv")
  writeBin(c(as.raw(c(0xef, 0xbb, 0xbf)), charToRaw("A B,A B,C\r\n\"x, \"\"y\"\"\",#N/A, 01 \r\n")), file)
  out <- read_package_table(file, NULL)
  expect_identical(names(out), c("a_b", "a_b.1", "c"))
  expect_identical(unlist(out, use.names = FALSE), c("x, \"y\"", NA, "01"))
  file.create(file)
  expect_identical(nrow(read_package_table(file, NULL)), 0L)
})

test_that("text of HTML: tags, numbers of signs, lines on request; what only looks like it stays", {
  expect_identical(html_text("<p>a</p><p>b<br/>c</p>", lines = TRUE), "a\nb\nc")
  expect_identical(html_text("<p>a</p><p>b</p>"), "a b")
  expect_identical(html_text(c("&#x41;&#66;", "&#0;", "&#99999999;", "3 < 4", "&unknown;")),
                   c("AB", "&#0;", "&#99999999;", "3 < 4", "&unknown;"))
  expect_identical(html_text(character()), character())
})

test_that("only tables leave a zip file, whatever path they claim", {
  skip_if(!nzchar(Sys.which("zip")))
  from <- tempfile("from")
  dir.create(from)
  old <- setwd(from)
  on.exit(setwd(old))
  writeLines("a,b", "x-data-rows.csv")
  writeLines("no", "evil.sh")
  zip <- tempfile(fileext = ".zip")
  utils::zip(zip, c("x-data-rows.csv", "evil.sh"), flags = "-q")
  to <- tempfile("to")
  dir.create(to)
  unpack(zip, to, NULL)
  expect_identical(basename(list.files(to, recursive = TRUE)), "x-data-rows.csv")
  expect_identical(names(which(!is.na(package_tables(to)))), "rows")
})
