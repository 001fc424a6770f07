# p values of files per part against p.adjust() of all of them.

test_that("p values in files are adjusted as those in memory, by every rule", {
  folder <- tempfile("adjust")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  set.seed(4)
  kinds <- list(stats::runif(20000), round(stats::runif(20000), 2), rep(1, 9000), c(rep(0, 8000), stats::runif(8000)^9, NaN),
                numeric(), c(0.3, NaN))
  for (p in kinds) {
    b <- sort(sample(4L, length(p), TRUE))
    pieces <- unname(split(p, factor(b, 1:4)))
    files <- lapply(stats::setNames(nm = c("pval", "padj")), part_file_of, folder = folder, b = 1:4)
    for (i in 1:4) writeBin(pieces[[i]], files$pval[i])
    for (rule in setdiff(stats::p.adjust.methods, c("none", if (length(p) > 10000) "hommel"))) {
      if (rule == "hommel" && length(p) > 3) next
      o <- list(memory = 1e6 * if (length(p) > 10000) 0.2 else 1, padj = rule)
      adjust_files(files, lengths(pieces), o, NULL)
      got <- unlist(lapply(files$padj, function(f) if (file.exists(f)) readBin(f, "double", 1e5)))
      expect_gate(as.numeric(got), stats::p.adjust(p, rule), "exact_solution")
      expect_gate(adjust_p(p, rule), stats::p.adjust(p, rule), "exact_solution")
    }
    expect_length(list.files(folder, "range"), 0L)
  }
})
