# Runs the mutations of tests/testthat/helper-mutations.R in processes of 1,000 calls; one that dies or does not answer
# for three minutes names its last call, and the next begins after it. Results: .build/mutations.csv, or
# METAPARITY_MUTATIONS.
given <- commandArgs(TRUE)
root <- normalizePath(Sys.getenv("METAPARITY_ROOT", "."))
source(file.path(root, "tests", "testthat", "helper-mutations.R"))
source(file.path(root, "tests", "testthat", "helper-damages.R"))
suppressPackageStartupMessages(library(metaparity))
share <- if (length(given)) as.numeric(given[1L]) else 1
pattern <- if (length(given) > 1L) given[2L] else ""
seed <- if (length(given) > 2L) as.integer(given[3L]) else 1L
mode <- if (length(given) > 3L) match.arg(given[4L], c("single", "double", "damaged")) else "single"
worker <- if (length(given) > 4L) as.integer(given[5:6])
results <- Sys.getenv("METAPARITY_MUTATIONS", file.path(root, ".build", "mutations.csv"))
setwd(tempdir())
world <- mutation_world()
calls <- if (mode == "damaged") damaged_objects() else mutation_calls()
calls <- calls[grepl(pattern, vapply(calls, function(x) deparse(x)[1L], ""), perl = TRUE)]
rows <- if (mode == "damaged") all_damages(calls, world) else all_mutations(calls, world)
run_rows <- if (mode == "damaged") run_damages else run_mutations
set.seed(seed)
rows <- if (mode == "double") double_mutations(rows, share) else
  rows[sort(sample(nrow(rows), ceiling(share * nrow(rows)))), ]
rows$kind <- rows$message <- NA_character_

if (length(worker)) {
  out <- file(given[7L], "w")
  tell <- function(i, outcome) {
    writeLines(paste(i, outcome$kind, gsub("\t", " ", outcome$message), sep = "\t"), out)
    flush(out)
  }
  invisible(run_rows(rows[seq(worker[1L], worker[2L]), ], calls, world, tell))
  quit(status = 0L)
}
cat(length(calls), "calls,", nrow(rows), "mutations\n")

# Rows from:to in a process of its own, killed after three minutes without an outcome: TRUE if it ended by itself.
run_worker <- function(from, to, path) {
  script <- file.path(root, "tools", "mutations.R")
  line <- sprintf("METAPARITY_ROOT=%s Rscript %s %s %s %d %s %d %d %s >/dev/null 2>&1 & echo $!", shQuote(root),
                  shQuote(script), share,
                  shQuote(pattern), seed, mode, from, to, shQuote(path))
  pid <- as.integer(system(line, intern = TRUE))
  size <- -1
  seen <- Sys.time()
  while (file.exists(file.path("/proc", pid))) {
    Sys.sleep(1)
    now <- file.size(path)
    if (!identical(now, size)) seen <- Sys.time()
    size <- now
    if (difftime(Sys.time(), seen, units = "secs") > 180) {
      tools::pskill(pid, tools::SIGKILL)
      return(FALSE)
    }
  }
  TRUE
}

write_results <- function(rows) {
  rows$text <- vapply(calls[if (mode == "damaged") rows$object else rows$call], function(x) substr(paste(deparse(x), collapse = ""), 1L, 60L), "")
  columns <- intersect(c("text", "arg", "value", "verb", "arg2", "value2", "kind", "message"), names(rows))
  utils::write.csv(rows[!is.na(rows$kind), columns], results, row.names = FALSE)
  rows
}

dir.create(dirname(results), FALSE)
started <- Sys.time()
at <- 1L
while (at <= nrow(rows)) {
  to <- min(at + 999L, nrow(rows))
  path <- tempfile("outcomes")
  ended <- run_worker(at, to, path)
  lines <- if (file.exists(path)) strsplit(readLines(path, warn = FALSE), "\t", fixed = TRUE) else list()
  for (i in seq_along(lines)) {
    rows$kind[at + i - 1L] <- lines[[i]][2L]
    rows$message[at + i - 1L] <- if (length(lines[[i]]) > 2L) lines[[i]][3L] else ""
  }
  at <- at + length(lines)
  if (at <= to) {
    rows$kind[at] <- if (ended) "crash" else "hang"
    at <- at + 1L
  }
  write_results(rows)
}
rows <- write_results(rows)
invisible(print(table(rows$kind, useNA = "ifany")))
bad <- rows[!rows$kind %in% c("value", "classed", "user", "impossible"), ]
if (nrow(bad)) {
  by <- sort(table(bad$text), decreasing = TRUE)
  print(utils::head(data.frame(call = names(by), leaks = as.integer(by)), 40L), right = FALSE)
}
cat(sprintf("%d of %d mutations leak, crash or hang; %.0f s\n", nrow(bad), nrow(rows),
            as.numeric(difftime(Sys.time(), started, units = "secs"))))
quit(status = if (nrow(bad)) 1L else 0L)
