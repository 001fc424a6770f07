# Rscript coverage.R <folder of .gcov files>: traces the R tests with covr, joins the lines of C++ they reach with
# those the core's own tests reached, prints both percentages and the files that lack most.
here <- normalizePath(".")
run_tests <- sprintf("
  suppressPackageStartupMessages(library(testthat))
  # covr traces the functions of a namespace; those that its tables hold are copies.
  traced <- function(x) {
    if (is.function(x) && !is.primitive(x)) return(covr:::trace_calls(x))
    if (is.list(x) && !is.object(x)) x[] <- lapply(x, traced)
    x
  }
  space <- asNamespace('metaparity')
  for (name in ls(space, all.names = TRUE)) {
    table <- get(name, space)
    if (!is.list(table) || !any(rapply(table, is.function, how = 'unlist'))) next
    unlockBinding(name, space)
    assign(name, traced(table), space)
  }
  testthat::test_dir('%s', package = 'metaparity', load_package = 'installed', reporter = 'silent',
                     stop_on_failure = FALSE, stop_on_warning = FALSE)", file.path(here, "tests", "testthat"))
traced <- covr::package_coverage(here, type = "none", code = run_tests, quiet = TRUE)
traced <- covr::tally_coverage(traced, by = "line")
from_r <- data.frame(file = sub(paste0(here, "/"), "", traced$filename, fixed = TRUE), line = traced$line,
                     count = traced$value)

# A line of gcov's text reads `count:  number:source`; `-` holds no code, `#####` and `=====` were never reached.
read_gcov <- function(path) {
  text <- readLines(path, warn = FALSE)
  parts <- regmatches(text, regexec("^ *([0-9]+|#####|=====)[*]?: *([0-9]+):", text))
  parts <- do.call(rbind, parts[lengths(parts) == 3L])
  if (is.null(parts)) return(NULL)
  file <- sub("^ *-: *0:Source:", "", grep("0:Source:", text, value = TRUE)[1L])
  count <- suppressWarnings(as.numeric(parts[, 2L]))
  data.frame(file = sub("^.*?(src/core/)", "\\1", file), line = as.integer(parts[, 3L]),
             count = ifelse(is.na(count), 0, count))
}
from_core <- do.call(rbind, lapply(list.files(commandArgs(TRUE), "[.]gcov$", full.names = TRUE), read_gcov))
from_core <- from_core[startsWith(from_core$file, "src/core/"), ]

lines <- stats::aggregate(count ~ file + line, rbind(from_r, from_core), max)
lines <- lines[!grepl("RcppExports", lines$file), ]

summarise <- function(lines, title) {
  hit <- lines$count > 0
  cat(sprintf("%s: %.1f %% of %d lines\n", title, 100 * mean(hit), length(hit)))
  missed <- sort(tapply(!hit, lines$file, sum), decreasing = TRUE)
  for (file in names(head(missed[missed > 0], 8L))) {
    there <- lines[lines$file == file & lines$count == 0, "line"]
    cat(sprintf("   %-32s %5.1f %%  lacks %s\n", file, 100 * mean(lines$count[lines$file == file] > 0),
                paste(head(sort(there), 25L), collapse = " ")))
  }
}
is_r <- grepl("^R/", lines$file)
summarise(lines[is_r, ], "R  ")
summarise(lines[!is_r, ], "C++")
