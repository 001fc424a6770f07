# Made summary statistics of several studies, as data frames and as files of every kind.
some_studies <- function(n = 400, k = 4, seed = 21) {
  set.seed(seed)
  ids <- paste0("rs", sample(1e6, n))
  lapply(seq_len(k), function(j) {
    at <- sample(n, 0.8 * n)
    if (j == 1L) at <- sort(at)
    b <- round(rnorm(length(at), 0.1, 0.15), 6)
    se <- round(runif(length(at), 0.05, 0.2), 6)
    data.frame(SNP = ids[at], CHR = at %% 20 + 1, BETA = b, SE = se, P = signif(2 * pnorm(-abs(b / se)), 6),
               N = sample(500:900, length(at), TRUE), stringsAsFactors = FALSE)
  })
}

scan_file <- function(x, ext = ".tsv", sep = "\t", quote = FALSE, eol = "\n", folder = tempfile("scan")) {
  if (!dir.exists(folder)) dir.create(folder)
  file <- tempfile("study", folder, ext)
  con <- switch(sub(".*[.]", "", ext), gz = gzfile(file, "wb"), bz2 = bzfile(file, "wb"), xz = xzfile(file, "wb"),
                file(file, "wb"))
  on.exit(close(con))
  write.table(x, con, sep = sep, quote = quote, eol = eol, row.names = FALSE)
  file
}

scan_lines <- function(lines, ext = ".csv") {
  file <- tempfile(fileext = ext)
  writeBin(charToRaw(paste0(lines, collapse = "\n")), file)
  file
}

# The joined data: a row per identifier in the order of first appearance, a column per study.
joined_studies <- function(x, column) {
  ids <- unique(unlist(lapply(x, `[[`, "SNP")))
  m <- vapply(x, function(d) d[[column]][match(ids, d$SNP)], numeric(length(ids)))
  dimnames(m) <- list(ids, NULL)
  m
}

scan_quietly <- function(...) calm(rma_scan(..., progbar = FALSE))

plain_columns <- function(x) {
  x <- as.data.frame(x)
  attributes(x) <- attributes(x)[c("names", "class", "row.names")]
  x
}
