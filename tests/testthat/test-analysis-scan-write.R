# Files written in parts against those written from memory.

test_that("files written in parts are those written from memory, with text, alleles and other adjustments", {
  d <- lapply(some_studies(3000, 3), function(x) transform(x, A1 = "a", A2 = "G", F = 0.25, note = paste0("n ", SNP)))
  files <- vapply(d, scan_file, "")
  out <- tempfile(c("whole", "parts"))
  for (padj in c("BY", "holm", "none")) {
    for (i in 1:2) {
      rma_scan(files, "SNP", "BETA", "SE", n = "N", effect_allele = "A1", other_allele = "A2", eaf = "F", min_studies = 2,
               keep = c("CHR", "note"), method = "DL", padj = padj, out = out[i], memory = c(2000, 1)[i], progbar = FALSE)
    }
    expect_identical(readLines(out[1]), readLines(out[2]))
  }
  expect_gt(length(readLines(out[1])), 1000L)
})

test_that("stopped work on a file goes on, and genomic control is the same in parts", {
  files <- vapply(some_studies(3000, 3), scan_file, "")
  folder <- tempfile("work")
  out <- tempfile(c("whole", "parts"))
  on.exit(unlink(folder, recursive = TRUE))
  run <- function(...) rma_scan(files, "SNP", "BETA", "SE", genomic_control = TRUE, progbar = FALSE, ...)
  whole <- run(out = out[1])
  for (n in c(2, 4, 5)) {
    tryCatch(withCallingHandlers(run(memory = 1, folder = folder, out = out[2]), metaparity_progress = function(p) {
      if (p$done == n) stop("stopped")
    }), error = function(e) NULL)
    writeBin(as.raw(1:100), file.path(folder, "rows-0003.bin"))
  }
  expect_error(run(folder = folder), class = "metaparity_error_input")
  parts <- run(memory = 1, folder = folder, out = out[2])
  expect_identical(attr(parts, "studies"), attr(whole, "studies"))
  expect_identical(readLines(out[1]), readLines(out[2]))
  expect_length(list.files(folder), 0L)
})
