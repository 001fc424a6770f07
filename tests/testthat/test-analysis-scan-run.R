# Joins in parts: the same rows as in memory, work that was stopped goes on, nothing is lost and nothing is there twice.

scan_some <- function(files, ...) scan_quietly(files, "SNP", "BETA", "SE", n = "N", keep = "CHR", method = "DL", ...)

test_that("parts, threads and pieces make no difference", {
  d <- some_studies(4000, 3)
  d[[2]] <- rbind(d[[2]], d[[2]][1:20, ])
  d[[3]]$SE[7] <- NA
  files <- vapply(d, scan_file, "")
  want <- scan_some(files)
  expect_identical(attr(want, "studies")$problems, c(0, 20, 1))
  for (threads in 1:3) expect_identical(scan_some(files, threads = threads), want, ignore_attr = "call")
  for (got in list(scan_some(files, memory = 1), scan_some(files, memory = 1.5, threads = 1))) {
    expect_identical(plain_columns(got), plain_columns(want))
    expect_identical(attributes(got)[c("studies", "problems", "few")], attributes(want)[c("studies", "problems", "few")])
  }
})

test_that("a table that outgrows the memory is joined in parts", {
  d <- some_studies(4000, 2)
  files <- vapply(d, scan_file, "", ext = ".tsv.xz")
  steps <- 0L
  got <- withCallingHandlers(scan_some(files, memory = 2.5), metaparity_progress = function(p) steps <<- max(steps, p$of))
  expect_gt(steps, 3L)
  expect_identical(plain_columns(got), plain_columns(scan_some(files)))
})

test_that("stopped work goes on where it was, after every step", {
  files <- vapply(some_studies(3000, 3), scan_file, "")
  want <- plain_columns(scan_some(files))
  folder <- tempfile("work")
  on.exit(unlink(folder, recursive = TRUE))
  stop_after <- function(n) {
    tryCatch(withCallingHandlers(scan_some(files, memory = 1, folder = folder), metaparity_progress = function(p) {
      if (p$done == n) stop("stopped")
    }), error = function(e) NULL)
  }
  for (n in c(1, 2, 3, 4, 5)) {
    expect_null(stop_after(n))
    expect_true(file.exists(file.path(folder, "plan.rds")))
    # What a study or a part left when it was stopped in the middle.
    writeBin(as.raw(1:100), file.path(folder, sprintf("part-%04d-0001.bin", min(n + 1, 4))))
    writeBin(as.raw(1:100), file.path(folder, "result-0003.rds.new"))
  }
  got <- scan_some(files, memory = 1, folder = folder)
  expect_identical(plain_columns(got), want)
  expect_length(list.files(folder), 0L)
})

test_that("a process that is killed loses nothing", {
  skip_on_cran()
  files <- vapply(some_studies(3000, 3), scan_file, "")
  folder <- tempfile("work")
  on.exit(unlink(folder, recursive = TRUE))
  call <- function(n) {
    sprintf(paste0("withCallingHandlers(rma_scan(c(%s), \"SNP\", \"BETA\", \"SE\", n = \"N\", keep = \"CHR\", method = \"DL\", ",
                   "memory = 1, folder = \"%s\", progbar = FALSE), metaparity_progress = function(p) ",
                   "if (p$done == %d) tools::pskill(Sys.getpid(), 9L))"),
            paste0("\"", files, "\"", collapse = ", "), folder, n)
  }
  fresh_lines(call(2L), "metaparity")
  expect_true(file.exists(file.path(folder, "study-0002.rds")))
  expect_false(file.exists(file.path(folder, "study-0003.rds")))
  fresh_lines(call(5L), "metaparity")
  expect_true(file.exists(file.path(folder, "result-0002.rds")))
  expect_identical(plain_columns(scan_some(files, memory = 1, folder = folder)), plain_columns(scan_some(files)))
  expect_length(list.files(folder), 0L)
})

test_that("another call, changed files and damaged parts are told", {
  files <- vapply(some_studies(3000, 2), scan_file, "")
  folder <- tempfile("work")
  on.exit(unlink(folder, recursive = TRUE))
  begin <- function(...) {
    tryCatch(withCallingHandlers(scan_some(files, memory = 1, folder = folder, ...), metaparity_progress = function(p) {
      if (p$done == 2L) stop("stopped")
    }), error = function(e) e)
  }
  bad <- function(...) expect_error(scan_some(..., folder = folder), class = "metaparity_error_input")
  begin()
  bad(files, min_studies = 2)
  bad(rev(files))
  cat("rsx\t1\t0.1\t0.1\t0.5\t500\n", file = files[1], append = TRUE)
  bad(files)
  begin(restart = FALSE)
  part <- file.path(folder, "part-0002-0001.bin")
  writeBin(readBin(part, "raw", file.size(part) - 1), part)
  bad(files)
  expect_identical(plain_columns(scan_some(files, folder = folder, restart = FALSE)), plain_columns(scan_some(files)))
})
