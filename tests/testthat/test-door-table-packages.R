t <- results_table(A = rma(c(-0.9, -1.6, -1.3, 0.1), c(0.33, 0.19, 0.42, 0.1)), caption = "All")

test_that("gt, tinytable and flextable get cells, heads, title and notes", {
  called <- list()
  fake <- function(name) function(...) {
    called[[name]] <<- list(...)
    structure(list(), class = "fake")
  }
  cells <- foreign_table(t, NULL, NULL)
  fill_gt(cells, fake)
  expect_identical(called$cols_label$c1, "Analysis")
  expect_identical(called$tab_header$title, "All")
  expect_match(called$tab_source_note$source_note, "Random-effects")
  fill_tinytable(cells, fake)
  expect_identical(called$tt$caption, "All")
  expect_true("\u03c4\u00b2" %in% names(called$tt[[1L]]))
  as_flextable_table(t, from = fake)
  expect_identical(called$set_caption$caption, "All")
  expect_identical(called$flextable[[1L]]$c1, "A")
  columns <- seq_len(ncol(cells$table)) + 1L
  expect_identical(called$cols_align$columns, paste0("c", columns))
  expect_identical(called$style_tt$j, columns)
  expect_identical(called$align$j, columns)
})

test_that("what is no table, or a package that is not there, is told", {
  expect_error(as_gt(1), class = "metaparity_error_input")
  expect_error(as_tinytable(1), class = "metaparity_error_input")
  expect_error(foreign_table(t, "noSuchPackageAnywhere", NULL), class = "metaparity_error_unsupported")
})
