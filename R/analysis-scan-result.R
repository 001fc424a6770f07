# From the joined table of rma_scan() to its result: the fits, the parts put together in order, problems told, the file.

# What each study contributed: numbers of lines, and the ledgers of its problems.
scan_totals <- function(totals, ledgers) {
  list(totals = do.call(rbind, totals), ledger = join_ledgers(ledgers))
}

join_ledgers <- function(ledgers) {
  all <- lapply(stats::setNames(nm = c("study", "line", "fault")), function(f) unlist(lapply(ledgers, `[[`, f)))
  all <- as.data.frame(all)
  all <- all[order(all$study, all$line), , drop = FALSE]
  rank <- stats::ave(seq_along(all$line), all$study, all$fault, FUN = seq_along)
  list(named = all[rank <= 1000, , drop = FALSE], counts = Reduce(`+`, lapply(ledgers, `[[`, "counts")))
}

# One part: the frame, where its rows stand in the order of all, and the problems found by joining.
scan_fit <- function(session, studies, o, call) {
  lambda <- ifelse(o$genomic & !is.na(studies$totals[, "lambda"]), studies$totals[, "lambda"], 1)
  table <- call_core(cpp_scan_table(session, lambda, o$sample_size), call)
  fits <- batch_fits(list(n = length(table$id), yi = table$yi, vi = table$vi, X = matrix(1, 1L, 1L)),
                     utils::modifyList(o, list(progbar = FALSE)), call)
  table$yi <- table$vi <- NULL
  columns <- batch_columns(fits, list(simple = TRUE), o)
  frame <- c(list(outcome = table$id), kept_columns(table$keep, o$keep),
             if (o$align) table[c("effect_allele", "other_allele")], if (o$has_eaf) table["eaf"], columns,
             if (o$has_n) table["n"], list(direction = table$direction, code = batch_code(fits$code)))
  enough <- columns$k >= o$min_studies
  if (!all(enough)) frame <- lapply(frame, `[`, enough)
  list(frame = list2frame(frame), place = table$place[enough], few = sum(!enough), ledger = call_core(cpp_scan_problems(session), call))
}

kept_columns <- function(text, names) {
  if (!length(names)) return(NULL)
  if (length(names) == 1L) return(stats::setNames(list(text), names))
  parts <- matrix(unlist(strsplit(paste0(text, "\t"), "\t", fixed = TRUE)), length(names))
  stats::setNames(lapply(seq_along(names), function(j) parts[j, ]), names)
}

# parts: results of scan_fit(), or the files that hold them.
scan_result <- function(parts, studies, sources, o, call) {
  small <- lapply(parts, function(x) {
    x <- part_value(x)
    list(pval = if (o$padj != "none") x$frame$pval, ledger = x$ledger, few = x$few)
  })
  ledger <- join_ledgers(c(list(c(as.list(studies$ledger$named), studies$ledger["counts"])), lapply(small, `[[`, "ledger")))
  told <- list(studies = scan_studies(studies$totals, ledger, sources), problems = scan_problems(ledger, sources),
               few = sum(vapply(small, `[[`, 0, "few")))
  small <- lapply(small, `[[`, "pval")
  padj <- unlist(small)
  rm(small)
  padj <- adjust_p(padj, o$padj)
  out <- if (is.null(o$out)) scan_table(parts, padj, o, call) else {
    write_parts(parts, padj, o)
    o$out
  }
  attributes(out)[names(told)] <- told
  warn_lines(ledger$counts, cpp_scan_faults(), told$problems, call)
  if (is.null(o$out)) out else invisible(out)
}

scan_table <- function(parts, padj, o, call) {
  parts <- lapply(parts, part_value)
  order <- order(unlist(lapply(parts, `[[`, "place")))
  frame <- ordered_frame(lapply(parts, `[[`, "frame"), order)
  settings <- list(measure = "GEN", method = o$spec$model$method, pooled = NULL, test = o$spec$model$test,
                   level = o$model$level, padj = o$padj)
  structure(with_padj(frame, if (o$padj == "none") frame$pval else padj[order]), class = c("metaparity_batch", "data.frame"),
            call = call, settings = settings)
}

part_value <- function(x) if (is.character(x)) readRDS(x) else x

# Columns one after the other: rbind() of data frames would hold several copies.
ordered_frame <- function(frames, order) {
  if (length(frames) == 1L) return(frames[[1L]])
  columns <- names(frames[[1L]])
  list2frame(lapply(stats::setNames(nm = columns), function(name) {
    unlist(lapply(frames, `[[`, name), use.names = FALSE)[order]
  }))
}

with_padj <- function(frame, padj) {
  at <- match("pval", names(frame))
  list2frame(c(unclass(frame)[seq_len(at)], list(padj = padj), unclass(frame)[-seq_len(at)]))
}

# Rows in their order, a range of it at a time: each part is cut into ranges, each range is put together from all parts.
write_parts <- function(parts, padj, o) {
  con <- if (grepl("[.]gz$", o$out)) gzfile(o$out, "wb") else file(o$out, "wb")
  on.exit(close(con))
  if (length(parts) == 1L) {
    frame <- part_value(parts[[1L]])$frame
    return(write_rows(with_padj(frame, if (o$padj == "none") frame$pval else padj), TRUE, con, o$threads))
  }
  pieces <- cut_parts(parts, range_cuts(parts), padj, o)
  for (r in seq_len(ncol(pieces))) {
    found <- lapply(pieces[, r], readRDS)
    frame <- ordered_frame(lapply(found, `[[`, "frame"), order(unlist(lapply(found, `[[`, "place"))))
    write_rows(frame, r == 1L, con, o$threads)
    unlink(pieces[, r])
  }
}

# Places that cut the rows into as many ranges as there are parts, about equal: quantiles of every fiftieth place.
range_cuts <- function(parts) {
  some <- sort(unlist(lapply(parts, function(x) {
    place <- part_value(x)$place
    place[seq(1L, by = 50L, length.out = ceiling(length(place) / 50))]
  })))
  some[ceiling(length(some) * seq_len(length(parts) - 1L) / length(parts))]
}

# Names of files: a row a part, a column a range.
cut_parts <- function(parts, cuts, padj, o) {
  done <- 0L
  files <- lapply(seq_along(parts), function(b) {
    x <- part_value(parts[[b]])
    n <- length(x$place)
    frame <- with_padj(x$frame, if (o$padj == "none") x$frame$pval else padj[done + seq_len(n)])
    done <<- done + n
    ends <- c(0L, findInterval(cuts, x$place), n)  # a part is in the order of its places
    vapply(seq_len(length(cuts) + 1L), function(r) {
      file <- file.path(dirname(parts[[b]]), sprintf("piece-%04d-%04d.rds", b, r))
      rows <- ends[r] + seq_len(ends[r + 1L] - ends[r])
      save_whole(list(frame = list2frame(lapply(frame, `[`, rows)), place = x$place[rows]), file)
      file
    }, "")
  })
  do.call(rbind, files)
}

write_rows <- function(frame, header, con, threads) {
  if (header) writeBin(charToRaw(enc2utf8(paste0(paste(names(frame), collapse = "\t"), "\n"))), con)
  n <- nrow(frame)
  columns <- lapply(unname(as.list(frame)), function(x) if (is.numeric(x)) as.double(x) else enc2utf8(as.character(x)))
  for (from in seq(0, by = 50000, length.out = ceiling(n / 50000))) {
    writeBin(call_core(cpp_scan_write(columns, from, min(50000, n - from), threads)), con)
  }
}

scan_studies <- function(totals, ledger, sources) {
  problems <- as.vector(colSums(ledger$counts))
  joined <- match(c("id on an earlier line", "other alleles than before", "strand cannot be told"), cpp_scan_faults())
  data.frame(study = vapply(sources, `[[`, "", "study"), file = vapply(sources, `[[`, "", "file"),
             lines = totals[, "lines"], used = totals[, "records"] - colSums(ledger$counts[joined, , drop = FALSE]),
             filtered = totals[, "filtered"], problems = problems, lambda = totals[, "lambda"], row.names = NULL,
             stringsAsFactors = FALSE)
}

scan_problems <- function(ledger, sources) {
  x <- ledger$named
  data.frame(study = vapply(sources, `[[`, "", "study")[x$study], line = x$line, reason = cpp_scan_faults()[x$fault],
             stringsAsFactors = FALSE)
}
