# The file of rma_scan(). Each part of the join leaves its lines in a file, in the order of their places, and its p
# values in
# another; when all are there, the p values are adjusted and the lines merged. Nothing holds more than a block of each
# part.

output_file <- function(o) if (grepl("[.]gz$", o$out)) gzfile(o$out, "wb") else file(o$out, "wb")

write_frame <- function(frame, o) {
  con <- output_file(o)
  on.exit(close(con))
  frame <- with_padj(frame, adjust_p(frame$pval, o$padj))
  write_names(names(frame), con)
  n <- nrow(frame)
  columns <- lapply(unname(as.list(frame)), written_column)
  for (from in seq(0, by = 50000, length.out = ceiling(n / 50000))) {
    writeBin(call_core(cpp_scan_write(columns, from, min(50000, n - from), o$threads)), con)
  }
}

written_column <- function(x) if (is.numeric(x)) as.double(x) else enc2utf8(as.character(x))

write_names <- function(names, con) writeBin(charToRaw(enc2utf8(paste0(paste(names, collapse = "\t"), "\n"))), con)

part_kinds <- c("rows", "pval", "padj", "range")

part_file_of <- function(folder, kind, b) file.path(folder, sprintf("%s-%04d.bin", kind, b))

# The fits of the session's table as lines, in blocks: numbers of rows and bytes, places, text. The columns of text,
# which
# the core has, are NULL; those that are kept are one.
scan_lines <- function(session, folder, b, parts, studies, o, call) {
  fit <- scan_fit(session, studies, o, call)
  columns <- c(list(outcome = NULL), if (length(o$keep)) list(keep = NULL),
               if (o$align) list(effect_allele = NULL, other_allele = NULL), if (o$has_eaf) fit["eaf"], fit$columns,
               if (o$has_n) fit["n"], list(direction = NULL), fit["code"])
  some <- function(x) if (is.null(x)) x else written_column(if (fit$few > 0) x[fit$rows] else x)
  columns <- lapply(columns, some)
  names <- names(columns)
  fit <- fit[c("place", "rows", "few")]
  writeBin(columns$pval, part_file_of(folder, "pval", b))
  con <- file(part_file_of(folder, "rows", b), "wb")
  on.exit(close(con))
  size <- block_rows(parts, o)
  n <- length(fit$rows)
  for (from in seq(0, by = size, length.out = ceiling(n / size))) {
    now <- min(size, n - from)
    text <- call_core(cpp_scan_lines(session, columns, fit$rows, from, now, o$threads), call)
    writeBin(c(now, length(text)), con)
    writeBin(fit$place[from + seq_len(now)], con)
    writeBin(text, con)
  }
  at <- match("keep", names)
  if (!is.na(at)) names <- append(names[-at], o$keep, at - 1L)
  list(names = names, n = n, few = fit$few, ledger = call_core(cpp_scan_problems(session), call))
}

# Rows of a block: one of each part is held while parts are merged, about 250 bytes a row, twice.
block_rows <- function(parts, o) max(100, min(10000, floor(o$memory / (3 * 500 * parts))))

# parts: files of what scan_lines() returned.
write_parts <- function(parts, o, call) {
  folder <- dirname(parts[[1L]])
  said <- lapply(parts, function(x) readRDS(x)[c("names", "n")])
  names <- said[[1L]]$names
  n <- vapply(said, `[[`, 0, "n")
  files <- lapply(stats::setNames(nm = part_kinds), part_file_of, folder = folder, b = seq_along(parts))
  added <- if (o$padj == "none") files$pval else adjust_files(files, n, o, call)
  con <- output_file(o)
  on.exit(close(con))
  at <- match("pval", names)
  write_names(append(names, "padj", at), con)
  merge <- call_core(cpp_scan_merge(length(parts), at - 1L), call)
  rows <- file_readers(files$rows)
  extra <- file_readers(added)
  while ((now <- call_core(cpp_scan_merge_next(merge), call))$part >= 0L) {
    writeBin(now$lines, con)
    b <- now$part + 1L
    head <- rows(b, "double", 2)
    if (!length(head)) head <- c(0, 0)
    places <- rows(b, "double", head[1L])
    call_core(cpp_scan_merge_feed(merge, b - 1L, places, extra(b, "double", head[1L]), rows(b, "raw", head[2L])), call)
  }
  writeBin(now$lines, con)
}

# Reads the files piece by piece: more of them than connections may be open.
file_readers <- function(files) {
  at <- numeric(length(files))
  function(b, what, n) {
    if (n == 0) return(vector(what, 0L))
    con <- file(files[b], "rb")
    on.exit(close(con))
    seek(con, at[b])
    out <- readBin(con, what, n)
    at[b] <<- at[b] + length(out) * (if (what == "raw") 1 else 8)
    out
  }
}
