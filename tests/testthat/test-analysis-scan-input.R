# Files of every kind give the same rows; damaged ones are errors; lines that cannot be used are named.

test_that("delimiters, quotes, ends of lines, compression and data frames make no difference", {
  d <- some_studies(k = 1)[[1]]
  want <- plain_columns(scan_quietly(list(d), "SNP", "BETA", "SE", n = "N", keep = "CHR"))
  files <- c(scan_file(d), scan_file(d, ".csv", ","), scan_file(d, ".csv", ",", quote = TRUE, eol = "\r\n"),
             scan_file(d, ".txt", " "), scan_file(d, ".csv", ";"), scan_file(d, ".tsv.gz"), scan_file(d, ".csv.bz2", ","),
             scan_file(d, ".txt.xz", " "))
  for (file in files) {
    got <- scan_quietly(file, "SNP", "BETA", "SE", n = "N", keep = "CHR")
    expect_identical(plain_columns(got), want)
    expect_identical(attr(got, "studies")$used, nrow(d) + 0)
  }
  both <- scan_file(d, ".tsv.gz")
  one <- readBin(both, "raw", 1e6)
  rest <- scan_file(d[1:3, ], ".gz")
  writeBin(c(one, readBin(rest, "raw", 1e6)), both)
  expect_warning(s <- rma_scan(both, "SNP", "BETA", "SE"), class = "metaparity_warning_lines")
  expect_identical(s$estimate, want$estimate)
  expect_identical(attr(s, "studies")$lines, nrow(d) + 4)
  skip_if_not_installed("data.table")
  got <- scan_quietly(list(data.table::as.data.table(d)), "SNP", "BETA", "SE", n = "N", keep = "CHR")
  expect_identical(plain_columns(got), want)
})

test_that("a byte order mark, comments, blank fields and spellings of missing values", {
  file <- scan_lines(c("\ufeff##comment", "", "#id,effect,se,x", "a,1,1,", "b,NA,1,", "c,1,N/A,1", "", "d,-2,\"0.5\",\"q\"\"q\"",
                       "e, 3 ,1,"))
  expect_warning(s <- rma_scan(file, keep = "x"), class = "metaparity_warning_lines")
  expect_identical(s$outcome, c("a", "d", "e"))
  expect_identical(s$estimate, c(1, -2, 3))
  expect_identical(s$x, c("", "q\"q", ""))
  expect_identical(attr(s, "problems")$line, c(5, 6))
})

test_that("bad lines are counted and named, each by its line", {
  lines <- c("id,effect,se,n", "a,1,1,5", "b,x,1,5", "c,1,0,5", "d,1,1", "e,1,1,-5", "NA,1,1,5", "a,2,1,5", "f,\"1,1,5",
             "g,1,1,5,6", "h,2,1,5")
  w <- tryCatch(rma_scan(scan_lines(lines), n = "n", studies = "x"), metaparity_warning_lines = function(w) w)
  expect_s3_class(w, "metaparity_warning")
  s <- scan_quietly(scan_lines(lines), n = "n", studies = "x")
  expect_identical(s$outcome, c("a", "h"))
  p <- attr(s, "problems")
  expect_identical(w$problems, p)
  expect_identical(p$line, as.double(3:10))
  expect_identical(p$study, rep("x", 8))
  expect_identical(anyDuplicated(p$reason[-c(3, 8)]), 0L)
  studies <- attr(s, "studies")
  expect_identical(c(studies$lines, studies$used, studies$problems), c(10, 2, 8))
})

test_that("columns may be named file by file", {
  d <- some_studies(50, 2)
  names(d[[2]])[names(d[[2]]) == "BETA"] <- "b"
  s <- scan_quietly(d, "SNP", c("BETA", "b"), "SE", n = c("N", NA))
  names(d[[2]])[names(d[[2]]) == "b"] <- "BETA"
  want <- scan_quietly(d, "SNP", "BETA", "SE", n = "N")
  expect_identical(s$estimate, want$estimate)
  expect_identical(s$n[s$direction == "??"], numeric())
  files <- vapply(d, scan_file, "")
  expect_identical(attr(scan_quietly(files, "SNP", "BETA", "SE"), "studies")$study, basename(files))
  named <- stats::setNames(files, c("one", ""))
  expect_identical(attr(scan_quietly(named, "SNP", "BETA", "SE"), "studies")$study, c("one", "study 2"))
})

test_that("files that are no text, have no header or lack their end are errors", {
  bad <- function(file, ...) expect_error(scan_quietly(file, "SNP", "BETA", "SE", ...), class = "metaparity_error_input")
  bad(scan_lines(""))
  bad(scan_lines("\n\n"))
  file <- tempfile()
  writeBin(as.raw(c(0xff, 0xfe, 0x61, 0, 0x0a, 0)), file)
  bad(file)
  whole <- scan_file(some_studies(3000, 1)[[1]], ".tsv.gz")
  bytes <- readBin(whole, "raw", 1e7)
  for (n in c(length(bytes) - 1L, length(bytes) - 9L, length(bytes) %/% 2L)) {
    writeBin(bytes[seq_len(n)], file)
    bad(file)
  }
  bytes[length(bytes) %/% 2L + 0:20] <- as.raw(7)
  writeBin(bytes, file)
  bad(file)
})

test_that("values of data frames come through exactly, and odd text too", {
  d <- data.frame(id = c("a b", "c\"d", "e,f", "\u00e9"), effect = c(pi, 1 / 3, 1e-300, -5e300), se = c(exp(1), 1e-7, 1, 1))
  s <- scan_quietly(list(d))
  expect_identical(s$outcome, d$id)
  expect_identical(s$estimate[1:3], d$effect[1:3])
  d$id[1] <- "a\nb"
  expect_error(rma_scan(list(d)), class = "metaparity_error_input")
  expect_identical(nrow(scan_quietly(list(d[0, ]))), 0L)
})

test_that("Parquet files are read by row groups, or need package arrow", {
  d <- some_studies(k = 1)[[1]]
  file <- tempfile(fileext = ".parquet")
  if (!requireNamespace("arrow", quietly = TRUE)) {
    writeBin(charToRaw("PAR1xxxxPAR1"), file)
    return(expect_error(rma_scan(file, "SNP", "BETA", "SE"), "arrow", class = "metaparity_error_input"))
  }
  arrow::write_parquet(d, file, chunk_size = 100)
  want <- scan_quietly(list(d), "SNP", "BETA", "SE")
  expect_identical(plain_columns(scan_quietly(file, "SNP", "BETA", "SE")), plain_columns(want))
})

test_that("headers may be longer than what is read at first, and stand below many comments", {
  wide <- paste0("id,effect,se,", strrep("x", 3e5))
  s <- scan_quietly(scan_lines(c(wide, "a,0.1,0.2,y", "b,0.3,0.2,y")))
  expect_identical(s$outcome, c("a", "b"))
  s <- scan_quietly(scan_lines(c(rep(paste0("## ", strrep("note ", 1000)), 60), "id,effect,se", "a,0.1,0.2")))
  expect_identical(s$outcome, "a")
  expect_error(scan_quietly(scan_lines(strrep("x", 3e5))), class = "metaparity_error_input")
})

test_that("an empty table has the columns of others", {
  d <- some_studies(20, 1)
  full <- scan_quietly(d, "SNP", "BETA", "SE", n = "N", eaf = "N", where = list(N = c(0, 0)))
  expect_identical(nrow(full), 0L)
  d[[1]]$f <- 0.5
  expect_identical(names(full), names(scan_quietly(d, "SNP", "BETA", "SE", n = "N", eaf = "f")))
  out <- tempfile(c("none", "some"))
  scan_quietly(d, "SNP", "BETA", "SE", out = out[1], where = list(N = c(0, 0)))
  scan_quietly(d, "SNP", "BETA", "SE", out = out[2])
  expect_identical(readLines(out[1]), readLines(out[2])[1L])
  # Most of the parts have no rows.
  few <- vapply(list(d[[1]][rep(1:2, 9000), ]), scan_file, "")
  scan_quietly(few, "SNP", "BETA", "SE", out = out[1], memory = 1)
  scan_quietly(few, "SNP", "BETA", "SE", out = out[2])
  expect_identical(readLines(out[1]), readLines(out[2]))
  expect_identical(plain_columns(scan_quietly(few, "SNP", "BETA", "SE", memory = 1)),
                   plain_columns(scan_quietly(few, "SNP", "BETA", "SE")))
})

test_that("columns of databases keep every digit, and what is no column is refused", {
  d <- data.frame(effect = 1:2 / 10, se = 0.1, id = c("9007199254740993", "9007199254740992"))
  if (requireNamespace("bit64", quietly = TRUE)) {
    d$id <- bit64::as.integer64(d$id)
    expect_no_warning(s <- rma_scan(list(d), progbar = FALSE))
    expect_identical(s$outcome, c("9007199254740993", "9007199254740992"))
  } else {
    class(d$effect) <- "integer64"
    expect_error(scan_quietly(list(d)), class = "metaparity_error_input")
  }
  d$effect <- 1:2 / 10
  d$id <- list("a", "b")
  expect_error(scan_quietly(list(d)), class = "metaparity_error_input")
  d$id <- c("a", "b")
  d$effect <- matrix(1:4, 2)
  expect_error(scan_quietly(list(d)), class = "metaparity_error_input")
})

test_that("the result does not replace a file that is read, and an identifier holds no tab", {
  file <- scan_lines(c("id,effect,se", "a,0.1,0.2"))
  before <- readLines(file, warn = FALSE)
  expect_error(scan_quietly(file, out = file), class = "metaparity_error_input")
  expect_identical(readLines(file, warn = FALSE), before)
  s <- scan_quietly(scan_lines(c("id,effect,se", "\"a\tb\",0.1,0.2", "c,1,1")))
  expect_identical(s$outcome, "c")
})

# A package of this name with what rma_scan() asks of arrow: row groups of 70 lines of the data frame in a file.
fake_arrow <- function(library) {
  source <- file.path(tempfile("source"), "arrow")
  dir.create(file.path(source, "R"), recursive = TRUE)
  writeLines(c("Package: arrow", "Version: 0.1", "Title: T", "Description: D.", "Author: A", "Maintainer: A <a@b.org>",
               "License: GPL"), file.path(source, "DESCRIPTION"))
  writeLines("export(ParquetFileReader)", file.path(source, "NAMESPACE"))
  writeLines(c("ParquetFileReader <- list(create = function(path) {",
               "  data <- readRDS(sub(\"parquet$\", \"rds\", path))",
               "  list(GetSchema = function() lapply(data, class), num_row_groups = ceiling(nrow(data) / 70),",
               "       ReadRowGroup = function(i, column_indices) {",
               "         data[seq(70 * i + 1, min(70 * i + 70, nrow(data))), sort(column_indices) + 1, drop = FALSE]",
               "       })", "})"), file.path(source, "R", "all.R"))
  dir.create(library)
  utils::install.packages(source, library, repos = NULL, type = "source", quiet = TRUE, INSTALL_opts = "--no-docs")
}

test_that("Parquet files are read by row groups, and without arrow the way out is told", {
  skip_on_cran()
  d <- some_studies(300, 2)
  files <- tempfile(c("a", "b"), fileext = ".parquet")
  for (i in 1:2) {
    saveRDS(d[[i]], sub("parquet$", "rds", files[i]))
    writeBin(charToRaw("PAR1 and more"), files[i])
  }
  if (nzchar(system.file(package = "arrow"))) skip("arrow is installed: this test is of its stand-in")
  expect_error(scan_quietly(files, "SNP", "BETA", "SE"), class = "metaparity_error_input", regexp = "arrow")
  library <- tempfile("library")
  fake_arrow(library)
  old <- .libPaths()
  on.exit({
    unloadNamespace("arrow")
    .libPaths(old)
    unlink(library, recursive = TRUE)
  })
  .libPaths(c(library, old))
  for (memory in c(2000, 1)) {
    s <- scan_quietly(files, "SNP", "BETA", "SE", keep = "CHR", studies = c("x", "y"), memory = memory)
    expect_identical(plain_columns(s), plain_columns(scan_quietly(d, "SNP", "BETA", "SE", keep = "CHR", studies = c("x", "y"))))
  }
})
