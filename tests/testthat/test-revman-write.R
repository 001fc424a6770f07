test_that("what was read is written and reads back equal", {
  x <- example_review()
  expect_identical(read_rm5(written(x)), x)
  chinese <- x
  chinese$studies$study[1L] <- "\u738b\u4e00 & \u674e <2001> \"a\""
  chinese$outcomes$name[1L] <- "\u75bc\u75db\u7f13\u89e3"
  chinese$rows$study[chinese$rows$study == "Ash 2001"] <- chinese$studies$study[1L]
  chinese$risk_of_bias$study[chinese$risk_of_bias$study == "Ash 2001"] <- chinese$studies$study[1L]
  expect_warning(file <- written(chinese), class = "metaparity_warning_input")
  back <- read_rm5(file)
  for (name in c("studies", "outcomes", "rows", "references", "risk_of_bias")) expect_equal(back[[name]],
                                                                                            chinese[[name]])
})

test_that("the schema: parts in order, attributes of each kind in alphabetical order, Java's doubles", {
  document <- xml2::read_xml(written(example_review()))
  expect_identical(xml2::xml_name(xml2::xml_children(document)), review_sections)
  dich <- xml2::xml_find_first(document, "//DICH_OUTCOME")
  expect_identical(names(xml2::xml_attrs(dich)), sort(names(xml2::xml_attrs(dich)), method = "radix"))
  expect_setequal(names(xml2::xml_attrs(dich)), revman_outcome_attributes$DICH)
  expect_identical(xml2::xml_attr(dich, "SCALE"), "100.0")
  expect_identical(xml2::xml_name(xml2::xml_children(dich))[1:5],
                   c("NAME", "GROUP_LABEL_1", "GROUP_LABEL_2", "GRAPH_LABEL_1", "GRAPH_LABEL_2"))
  expect_identical(java_double(c(100, 2.5e-8, 0.1 + 0.2, NaN, -Inf, NA, -3)),
                   c("100.0", "2.5E-8", "0.30000000000000004", "NaN", "-Infinity", "", "-3.0"))
  values <- c(pi, exp(1) * 1e-20, 1 / 3, 1e300, .Machine$double.xmin)
  expect_identical(as.numeric(java_double(values)), values)
})

test_that("tables that were changed are written as they are", {
  x <- example_review()
  x$rows$events_1[2L] <- 15
  expect_identical(read_rm5(written(x))$rows$events_1[2L], 15)
  expect_true("different" %in% verify_rm5(written(x))$verdict)
  expect_setequal(verify_rm5(written(x, results = "computed"))$verdict, "equal")
  x$risk_of_bias$judgement[1L] <- "high"
  x$review$title <- "Another <title>"
  expect_warning(file <- written(x), "quality_items")
  back <- read_rm5(file)
  expect_identical(back$risk_of_bias$judgement[1L], "high")
  expect_identical(back$review$title, "Another <title>")
})

test_that("what cannot be written", {
  x <- example_review()
  file <- written(x)
  expect_error(write_rm5(x, file), class = "metaparity_error_input")
  expect_no_error(write_rm5(x, file, overwrite = TRUE))
  expect_error(write_rm5(x, "| cat"), class = "metaparity_error_input")
  expect_error(write_rm5(list(), tempfile()), class = "metaparity_error_input")
  expect_error(write_rm5(1, tempfile()), class = "metaparity_error_input")
  bad <- x
  bad$rows$study_id[2L] <- "STD-No"
  expect_error(write_rm5(bad, tempfile()), class = "metaparity_error_studies")
})

test_that("a review without outcomes", {
  x <- example_review()
  for (name in c("comparisons", "outcomes", "subgroups", "rows")) x[[name]] <- x[[name]][0L, ]
  expect_identical(nrow(read_rm5(written(x))$outcomes), 0L)
  expect_identical(nrow(verify_rm5(x)), 0L)
  expect_identical(nrow(save_revman_figures(x, tempfile("none"))), 0L)
})
