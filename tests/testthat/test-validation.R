# inst/validation is written by tools/validation from these tests. Its structure has to be that of the tests today.
read <- function(name) {
  file <- system.file("validation", name, package = "metaparity")
  utils::read.csv(file, stringsAsFactors = FALSE)
}

test_that("the shipped list of comparisons has today's tests and tolerances", {
  found <- read("comparisons.csv")
  expect_identical(names(found), c("concept", "quantity", "oracle", "numbers", "worst", "tolerance", "reason"))
  row <- match(found$quantity, gates$quantity)
  expect_false(anyNA(row), label = "every comparison has a gate")
  expect_equal(found$tolerance, gates$tolerance[row])
  expect_identical(found$reason, gates$reason[row])
  expect_true(all(found$worst <= found$tolerance & found$numbers > 0))
  expect_false(any(duplicated(found[c("concept", "quantity")])))
  expect_true(all(file.exists(test_path(paste0("test-", unique(found$concept), ".R")))))
  files <- list.files(test_path(), "^test-.*[.]R$", full.names = TRUE)
  direct <- vapply(files, function(file) any(grepl("^ *expect_gate\\(", readLines(file, warn = FALSE))), NA)
  stems <- sub("^test-(.*)[.]R$", "\\1", basename(files[direct]))
  # Others are named as not recorded yet.
  expect_identical(setdiff(stems, c(found$concept, read("pending.csv")$concept)), character())
  expect_gt(sum(found$numbers), 5000)
})

test_that("printed numbers are counted as they stand in the fixtures", {
  printed <- read("printed.csv")
  for (i in seq_len(nrow(printed))) {
    expect_identical(nrow(utils::read.csv(test_path("fixtures", printed$source[i]))), printed$numbers[i], info = printed$source[i])
  }
})
