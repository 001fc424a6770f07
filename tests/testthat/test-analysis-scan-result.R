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
