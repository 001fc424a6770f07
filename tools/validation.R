# Runs test files with METAPARITY_VALIDATION set (helper-gates.R) and adds up what they record.
suppressPackageStartupMessages({
  library(testthat)
  library(metaparity)
})

gates <- utils::read.csv("tests/testthat/fixtures/gates.csv", stringsAsFactors = FALSE)

# Whose numbers a kind of comparison is with.
oracle_of <- function(quantity) {
  known <- c(closed_form = "the published formula, or the same number by another verb",
             exact_solution = "exact roots, or the same number by another verb",
             scale_free = "the same data in other units", robust_f = "clubSandwich",
             numeric_derivative = "differences of the likelihood", second_derivative = "differences of the likelihood",
             mv_exact_loglik = "exact solutions", mv_exact_component = "exact solutions", mv_scale = "the same data in other units",
             exact_printed = "exact solutions", exact_likelihood = "exact solutions")
  ifelse(quantity %in% names(known), known[quantity], "metafor and meta")
}

test_files <- function(wanted) {
  files <- list.files("tests/testthat", "^test-.*[.]R$", full.names = TRUE)
  uses <- vapply(files, function(file) any(grepl("expect_gate|expect_same_as|expect_like|_gate\\(", readLines(file, warn = FALSE))), NA)
  stems <- sub("^test-(.*)[.]R$", "\\1", basename(files))
  if (length(wanted)) stems[stems %in% wanted] else setdiff(stems[uses], "validation")
}

run_recorded <- function(stem) {
  file <- tempfile("comparisons")
  Sys.setenv(METAPARITY_VALIDATION = file)
  on.exit(Sys.unsetenv("METAPARITY_VALIDATION"))
  found <- as.data.frame(test_dir("tests/testthat", package = "metaparity", load_package = "installed",
                                  filter = paste0("^", stem, "$"), reporter = "silent", stop_on_failure = FALSE))
  if (any(found$failed > 0 | found$error)) {
    cat(stem, ": fails and is left out: mend it first\n", sep = "")
    return(NULL)
  }
  if (!file.exists(file)) return(NULL)
  rows <- utils::read.csv(file, header = FALSE, col.names = c("quantity", "numbers", "worst"), stringsAsFactors = FALSE)
  cat(sprintf("%-32s %7d numbers\n", stem, sum(rows$numbers)))
  out <- do.call(rbind, lapply(split(rows, rows$quantity), function(one) {
    data.frame(concept = stem, quantity = one$quantity[1L], numbers = sum(one$numbers), worst = max(one$worst))
  }))
  out$oracle <- oracle_of(out$quantity)
  out[c("tolerance", "reason")] <- gates[match(out$quantity, gates$quantity), c("tolerance", "reason")]
  out[c("concept", "quantity", "oracle", "numbers", "worst", "tolerance", "reason")]
}

# Files of printed numbers: one row for each line or number that a test compares as it is printed.
printed_rows <- function() {
  files <- list.files("tests/testthat/fixtures", "(printed|validation)[^/]*[.]csv$", recursive = TRUE)
  count <- vapply(files, function(file) nrow(utils::read.csv(file.path("tests/testthat/fixtures", file))), 1L)
  data.frame(source = files, numbers = unname(count), stringsAsFactors = FALSE)
}

target <- "inst/validation/comparisons.csv"
dir.create(dirname(target), showWarnings = FALSE)
wanted <- commandArgs(TRUE)
if (identical(wanted, "--pending")) wanted <- utils::read.csv("inst/validation/pending.csv", stringsAsFactors = FALSE)$concept
done <- NULL
if (length(wanted) && file.exists(target)) {
  done <- utils::read.csv(target, stringsAsFactors = FALSE)
  done <- done[!done$concept %in% wanted, ]
}
# Written after each file, so that a run that is stopped can be gone on with.
for (stem in test_files(wanted)) {
  rows <- run_recorded(stem)
  if (is.null(rows)) next
  rows$worst <- signif(rows$worst, 3)
  done <- rbind(done, rows)
  done <- done[order(done$concept, done$quantity), ]
  utils::write.csv(done, target, row.names = FALSE)
}
utils::write.csv(printed_rows(), "inst/validation/printed.csv", row.names = FALSE)
# What compares numbers and was not recorded yet; the page says so.
pending <- setdiff(test_files(character()), done$concept)
utils::write.csv(data.frame(concept = pending), "inst/validation/pending.csv", row.names = FALSE)
cat(sprintf("%d groups, %s numbers\n", nrow(done), format(sum(done$numbers), big.mark = ",")))
