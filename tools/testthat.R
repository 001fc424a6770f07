# Runs the R tests against the installed package and counts them; a skipped or empty test is a failed one.
suppressPackageStartupMessages({
  library(testthat)
  library(metaparity)
})

filter <- commandArgs(TRUE)
files <- list.files("tests/testthat", "^test-.*[.]R$")
stems <- sub("^test-(.*)[.]R$", "\\1", files)
if (length(filter)) stems <- stems[grepl(paste0("^(", paste(filter, collapse = "|"), ")$"), stems)]

# Files are independent of each other: a process each, as many at once as there are cores; the longest first.
run_file <- function(stem) {
  test_dir("tests/testthat", package = "metaparity", load_package = "installed", filter = paste0("^", stem, "$"),
           reporter = "silent", stop_on_failure = FALSE, stop_on_warning = FALSE)
}
stems <- stems[order(-file.size(file.path("tests/testthat", paste0("test-", stems, ".R"))))]
cores <- if (.Platform$OS.type == "unix") as.integer(Sys.getenv("JOBS", parallel::detectCores())) else 1L
runs <- parallel::mclapply(stems, run_file, mc.preschedule = FALSE, mc.cores = max(1L, cores, na.rm = TRUE))
broken <- !vapply(runs, inherits, NA, "testthat_results")
if (any(broken)) cat("\nfiles whose process ended early: ", toString(stems[broken]), "\n", sep = "")
results <- do.call(c, lapply(runs[!broken], unclass))

kind <- function(expectation) sub("^expectation_", "", class(expectation)[1L])
kinds <- lapply(results, function(test) vapply(test$results, kind, ""))
bad <- vapply(kinds, function(found) !length(found) || any(found %in% c("failure", "error", "skip")), NA)

show_test <- function(test) {
  cat("\n-- ", test$file, ": ", test$test, "\n", sep = "")
  for (result in test$results) {
    if (kind(result) != "success") {
      line <- if (is.null(result$srcref)) "" else paste0(" (line ", result$srcref[1L], ")")
      cat("[", kind(result), line, "] ", substr(conditionMessage(result), 1L, 1500L), "\n", sep = "")
    }
  }
}
warned <- vapply(kinds, function(found) "warning" %in% found, NA)
for (test in results[bad | warned]) show_test(test)

expectations <- sum(lengths(kinds))
ran <- unique(vapply(results, function(test) test$file, ""))
silent <- if (length(filter)) character() else setdiff(files, ran)
if (length(silent)) cat("\nfiles without a test: ", toString(silent), "\n", sep = "")
slow <- sort(vapply(split(results, vapply(results, `[[`, "", "file")),
                    function(tests) sum(vapply(tests, `[[`, 0, "real")), 0), decreasing = TRUE)
cat("   ", length(results), " tests, ", expectations, " expectations in ", length(ran), " files; longest: ",
    toString(sprintf("%s %.1f s", names(head(slow, 8L)), head(slow, 8L))), "\n", sep = "")
nothing <- !length(results) || !expectations
cat("counts: ", sum(!bad), " ", sum(bad) + length(silent) + sum(broken) + nothing, "\n", sep = "")
