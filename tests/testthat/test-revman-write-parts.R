test_that("every part of a review from its tables alone", {
  x <- example_review()
  x$characteristics <- data.frame(study_id = x$studies$study_id[c(1, 1)], study = x$studies$study[c(1, 1)],
                                  section = "included",
                                  field = c("methods", "notes"), text = c("a\nb", ""))
  x$sof_tables <- list(`SOF-01` = list(title = "T", cells = matrix(c("a", "", "c & d", "e"), 2), footnotes = "note"))
  x$flowchart <- data.frame(step = c(1, 2, 2, 3), side = c(FALSE, FALSE, TRUE, FALSE), n = c(10L, 8L, 2L, 6L),
                            text = c("10 records", "8 full texts", "2 excluded", "6 studies"))
  x$figures <- data.frame(id = "FIG-01", no = "1", type = "OTHER", filename = "a.png", file_type = "PNG",
                          short_version_figure = "YES",
                          caption = "Cap", data = "aGVsbG8=")
  attr(x, "kept") <- NULL
  back <- read_rm5(written(x))
  for (name in setdiff(names(x), c("links", "texts"))) expect_equal(back[[name]], x[[name]], label = name)
  expect_identical(back$texts$text[back$texts$section == "intervention_effects"],
                   x$texts$text[x$texts$section == "intervention_effects"])
})

test_that("entities of a document type are not written", {
  text <- append(readLines(system.file("extdata", "example.rm5", package = "metaparity")),
                 "<!DOCTYPE COCHRANE_REVIEW [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", 1L)
  file <- tempfile(fileext = ".rm5")
  writeLines(sub("A trial that was made up", "&x;", text, fixed = TRUE), file)
  x <- read_rm5(file)
  back <- read_rm5(suppressWarnings(written(x)))
  expect_equal(back$rows, x$rows)
  expect_false(any(grepl("root:|&x;", unlist(back$references))))
})

names_of <- function(parts) unlist(lapply(names(parts), function(n) c(n, names_of(parts[[n]]))))

test_that("the parts of the main text: each name once, lists where a part has parts", {
  expect_identical(parts_list("A B", C = parts_list("D")), list(A = NULL, B = NULL, C = list(D = NULL)))
  expect_identical(anyDuplicated(names_of(main_text_parts)), 0L)
  expect_true(all(c("ABSTRACT", "BODY", "HETEROGENEITY_ASSESSMENT") %in% names_of(main_text_parts)))
})

test_that("attributes of the root: the review's own before what was kept, in alphabetical order", {
  text <- root_attributes(data.frame(title = "T", stage = "P", doi = NA), NULL)
  names <- regmatches(text, gregexpr("[A-Z_]+(?==)", text, perl = TRUE))[[1L]]
  expect_false(is.unsorted(names))
  expect_setequal(names, names(root_defaults))
  expect_match(text, " STAGE=\"P\"", fixed = TRUE)
  expect_match(root_attributes(data.frame(title = "T", group_id = "a\"<"), c(GROUP_ID = "old")),
               "GROUP_ID=\"a&quot;&lt;\"", fixed = TRUE)
})

test_that("every section has a maker, and each makes the element of its name", {
  expect_identical(names(section_makers), review_sections)
  x <- example_review()
  for (name in review_sections) {
    made <- paste(section_makers[[name]](x, NULL), collapse = "")
    expect_identical(xml2::xml_name(xml2::read_xml(made)), name)
  }
})

test_that("a flow diagram: each box within the one below it, exclusions at its side", {
  chart <- data.frame(step = c(1, 2, 2, 3), side = c(FALSE, FALSE, TRUE, FALSE), n = 1:4,
                      text = c("a", "b", "out", "c"))
  made <- xml2::read_xml(paste(flowchart_xml(list(flowchart = chart), NULL), collapse = ""))
  path <- xml2::xml_find_all(made, ".//ALIAS/FLOWCHARTBOX/FLOWCHARTBOX/FLOWCHARTBOX")
  expect_identical(xml2::xml_attr(path, "TEXT"), "<p>a</p>")
  expect_identical(xml2::xml_attr(xml2::xml_find_all(made, ".//FLOWCHARTBOX/FLOWCHARTBOX/OUT"), "TEXT"), "<p>out</p>")
  expect_identical(flowchart_xml(list(), NULL), "<EXTENSIONS/>")
})

test_that("a cover sheet keeps all but its title", {
  kept <- list(sections = list(COVER_SHEET = "<COVER_SHEET><TITLE>Old</TITLE><CREATORS>Ash</CREATORS></COVER_SHEET>"))
  made <- cover_xml(list(review = data.frame(title = "New & <other>")), kept)
  cover <- xml2::read_xml(made)
  expect_identical(cover_title(xml2::read_xml(paste0("<R>", made, "</R>"))), "New & <other>")
  expect_identical(xml2::xml_text(xml2::xml_find_first(cover, "./CREATORS")), "Ash")
  fresh <- xml2::read_xml(paste(cover_xml(list(review = data.frame(title = "T")), NULL), collapse = ""))
  expect_identical(xml2::xml_text(xml2::xml_find_first(fresh, "./TITLE")), "T")
})

test_that("defaults stand in for what is not there", {
  for (none in list(NULL, NA, character())) expect_identical(or_default(none, "d"), "d")
  expect_identical(or_default("v", "d"), "v")
})
