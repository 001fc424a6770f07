# p values of a file per part, adjusted for the number of all without holding them: an adjusted p value depends on the p
# value
# alone, so the values are sorted into ranges, each range is adjusted in memory, and each part takes its values back in
# turn.

# n: numbers of values. The names of the files with the adjusted ones.
adjust_files <- function(files, n, o, call) {
  if (o$padj == "hommel") return(adjust_together(files, n, o))
  cuts <- range_cuts(files$pval, n, o)
  ranges <- length(cuts) + 1L
  range_files <- part_file_of(dirname(files$pval[1L]), "range", seq_len(ranges))
  unlink(range_files)
  counts <- numeric(ranges)
  ends <- matrix(c(Inf, -Inf), 2L, ranges)
  each_block(files$pval, o, function(p) {
    for (r in names(pieces <- split(p, findInterval(p, cuts) + 1L))) {
      x <- pieces[[r]]
      r <- as.integer(r)
      append_bytes(x, range_files[r])
      counts[r] <<- counts[r] + length(x)
      ends[, r] <<- range(ends[, r], x)
    }
  })
  adjusted <- adjust_ranges(range_files, counts, ends, o, call)
  read <- file_readers(range_files)
  unlink(files$padj)
  each_block(files$pval, o, function(p, b) {
    at <- factor(findInterval(p, cuts) + 1L)
    taken <- lapply(levels(at), function(r) {
      r <- as.integer(r)
      size <- sum(at == r, na.rm = TRUE)
      if (is.na(adjusted[r])) read(r, "double", size) else rep(adjusted[r], size)
    })
    split(p, at) <- taken
    append_bytes(p, files$padj[b])
  })
  unlink(range_files)
  files$padj
}

# Each file of a range gets its adjusted values. A range of one value needs none: that value, NA elsewhere.
adjust_ranges <- function(files, counts, ends, o, call) {
  adjuster <- call_core(cpp_adjuster(sum(counts), o$padj), call)
  out <- rep(NA_real_, length(files))
  order <- which(counts > 0)
  for (r in if (o$padj == "holm") order else rev(order)) {
    if (ends[1L, r] == ends[2L, r]) {
      out[r] <- call_core(cpp_adjust_equal(adjuster, ends[1L, r], counts[r]), call)
    } else {
      writeBin(call_core(cpp_adjust_range(adjuster, readBin(files[r], "double", counts[r])), call), files[r])
    }
  }
  out
}

# Hommel (1988) compares all with all.
adjust_together <- function(files, n, o) {
  p <- unlist(lapply(seq_along(n), function(b) readBin(files$pval[b], "double", n[b])))
  p <- stats::p.adjust(p, o$padj)
  done <- c(0, cumsum(n))
  for (b in seq_along(n)) writeBin(p[done[b] + seq_len(n[b])], files$padj[b])
  files$padj
}

# f(values) or f(values, number of the file), for blocks that fit into memory.
each_block <- function(files, o, f) {
  size <- scan_block(o)
  read <- file_readers(files)
  for (b in seq_along(files)) {
    while (length(p <- read(b, "double", size))) if (length(formals(f)) > 1L) f(p, b) else f(p)
  }
}

# Doubles that may be held at once, with about eight copies or indices of them.
scan_block <- function(o) max(1000, floor(o$memory / 128))

# Cuts between ranges of about as many values as a block, by a sample. What the sample has more than once in a cut is a
# range
# of its own, however many there are.
range_cuts <- function(files, n, o) {
  ranges <- min(1000, ceiling(2 * sum(n) / scan_block(o)))
  if (ranges < 2) return(numeric())
  step <- max(1, floor(sum(n) / (200 * ranges)))
  some <- list()
  each_block(files, o, function(p) {
    p <- sort(p)
    some[[length(some) + 1L]] <<- p[seq(1, by = step, length.out = ceiling(length(p) / step))]
  })
  some <- sort(unlist(some))
  cuts <- some[ceiling(length(some) * seq_len(ranges - 1) / ranges)]
  often <- unique(cuts[duplicated(cuts)])
  sort(unique(c(cuts, often, pmax(often * (1 + .Machine$double.eps), 2^-1074))))
}
