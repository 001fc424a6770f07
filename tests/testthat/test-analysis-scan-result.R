# The result as a table and as a file; its figures and prints; work cut into tasks.

test_that("the file has the rows of the table, whatever the memory", {
  files <- vapply(some_studies(4000, 3), scan_file, "")
  want <- scan_quietly(files, "SNP", "BETA", "SE")
  out <- tempfile(fileext = c(".tsv", ".tsv", ".tsv.gz"))
  r <- rma_scan(files, "SNP", "BETA", "SE", out = out[1])
  rma_scan(files, "SNP", "BETA", "SE", out = out[2], memory = 1)
  rma_scan(files, "SNP", "BETA", "SE", out = out[3])
  expect_identical(unname(tools::md5sum(out[1])), unname(tools::md5sum(out[2])))
  expect_identical(readLines(out[1]), readLines(out[3]))
  expect_identical(as.character(r), normalizePath(out[1], "/"))
  expect_identical(attr(r, "studies"), attr(want, "studies"))
  got <- utils::read.delim(out[1], colClasses = c(outcome = "character"))
  expect_identical(names(got), names(want))
  expect_identical(got$outcome, want$outcome)
  for (column in c("k", "estimate", "se", "pval", "padj", "QE", "tau2")) expect_gate(got[[column]], want[[column]], "exact_solution")
  expect_identical(got$direction, want$direction)
  expect_identical(list.files(dirname(out[1]), "[.]new$"), character())
})

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

test_that("many lines of few identifiers are read in parts", {
  d <- some_studies(50, 2)
  d <- lapply(d, function(x) x[sample(nrow(x), 20000, TRUE), ])
  files <- vapply(d, scan_file, "")
  want <- scan_quietly(files, "SNP", "BETA", "SE")
  expect_gt(sum(attr(want, "studies")$problems), 39000)
  got <- scan_quietly(files, "SNP", "BETA", "SE", memory = 1)
  expect_identical(plain_columns(got), plain_columns(want))
  expect_identical(attributes(got)[c("studies", "problems", "few")], attributes(want)[c("studies", "problems", "few")])
})

test_that("results print and draw as those of rma_batch()", {
  s <- scan_quietly(some_studies(), "SNP", "BETA", "SE", keep = "CHR")
  expect_output(print(s), "meta-analyses")
  expect_s3_class(plot(s, type = "manhattan", chr = s$CHR, draw = FALSE), "data.frame")
  expect_gate(s$padj, stats::p.adjust(s$pval, "BH"), "exact_solution")
})

test_that("problems beyond a thousand of a kind are counted, not listed", {
  lines <- c("id,effect,se", paste0("a", 1:2500, ",x,1"), "b,1,1")
  s <- scan_quietly(scan_lines(lines))
  expect_identical(nrow(attr(s, "problems")), 1000L)
  expect_identical(attr(s, "studies")$problems, 2500)
  expect_identical(s$outcome, "b")
})

test_that("tasks of rows give the rows of one call, on any engine", {
  skip_on_cran()
  d <- some_studies(300, 5)
  yi <- joined_studies(d, "BETA")
  vi <- joined_studies(d, "SE")^2
  want <- calm(rma_batch(yi, vi, padj = "none"))
  tasks <- split(seq_len(nrow(yi)), rep(1:7, length.out = nrow(yi)))
  work <- function(rows, yi, vi) {
    suppressWarnings(metaparity::rma_batch(yi[rows, , drop = FALSE], vi[rows, , drop = FALSE], padj = "none", threads = 1))
  }
  bind <- function(parts) {
    all <- do.call(rbind, lapply(parts, as.data.frame))
    all[match(rownames(yi), all$outcome), ]
  }
  cluster <- parallel::makePSOCKcluster(2)
  on.exit(parallel::stopCluster(cluster))
  parallel::clusterCall(cluster, .libPaths, .libPaths())
  environment(work) <- globalenv()
  for (parts in list(lapply(tasks, work, yi, vi), parallel::parLapply(cluster, tasks, work, yi, vi))) {
    got <- bind(parts)
    expect_identical(unname(as.list(got)), unname(as.list(as.data.frame(want))))
  }
})
