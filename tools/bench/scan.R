# Times rma_scan() on five files of a million variants against data.table's fread of the same files, and shows the most
# memory that the process took. Rscript tools/bench/scan.R [folder for the files] [variants]
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1L] else tempfile("scan")
n <- if (length(given) > 1L) as.numeric(given[2L]) else 1e6
dir.create(folder, FALSE)
suppressPackageStartupMessages(library(data.table))
library(metaparity)
setDTthreads(2)
set.seed(2)
files <- file.path(folder, sprintf("study%d.tsv", 1:5))
ids <- paste0("rs", sample(100 * n, n))
alleles <- matrix(c("A", "C", "A", "G", "T", "C", "T", "G"), ncol = 2, byrow = TRUE)[sample(4, n, TRUE), ]
for (file in files[!file.exists(files)]) {
  b <- rnorm(n, 0, 0.05)
  se <- runif(n, 0.02, 0.08)
  d <- data.table(SNP = ids, CHR = rep_len(1:20, n), BP = seq_len(n), A1 = alleles[, 1], A2 = alleles[, 2],
                  EAF = round(runif(n), 4), BETA = round(b, 6), SE = round(se, 6), P = signif(2 * pnorm(-abs(b / se)), 5),
                  N = sample(1000:2000, n, TRUE))
  fwrite(d, file, sep = "\t")
}
scan <- function(...) rma_scan(files, "SNP", "BETA", "SE", progbar = FALSE, ...)
out <- file.path(folder, "out.tsv")
runs <- list(
  "EE" = quote(scan()), "EE, one thread" = quote(scan(threads = 1)), "REML" = quote(scan(method = "REML")),
  "DL, alleles, n" = quote(scan(method = "DL", n = "N", effect_allele = "A1", other_allele = "A2", eaf = "EAF")),
  "EE to a file, memory = 300" = quote(scan(memory = 300, out = out)),
  "fread, all columns" = quote(lapply(files, fread)),
  "fread, three columns" = quote(lapply(files, fread, select = c("SNP", "BETA", "SE"))))
for (name in names(runs)) {
  times <- replicate(3, {
    gc()
    used <- system.time(eval(runs[[name]]))
    c(used[[1L]] + used[[2L]], used[[3L]])
  })
  cat(sprintf("%-30s cpu %6.2f s, elapsed %6.2f s\n", name, min(times[1L, ]), min(times[2L, ])))
}
status <- "/proc/self/status"
if (file.exists(status)) cat(grep("VmHWM", readLines(status), value = TRUE), "\n")
