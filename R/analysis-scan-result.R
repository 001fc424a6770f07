# From the joined table of rma_scan() to its result: the fits, the parts put together in order, problems told, the file.

# What each study contributed: numbers of lines, and the ledgers of its problems.
scan_totals <- function(totals, ledgers) {
  list(totals = do.call(rbind, totals), ledger = Reduce(join_ledgers, ledgers))
}

# The first thousand of each study and fault stay named.
join_ledgers <- function(a, b) {
  columns <- stats::setNames(nm = c("study", "line", "fault"))
  all <- list2frame(lapply(columns, function(f) c(a[[f]], b[[f]])))
  all <- all[order(all$study, all$line), , drop = FALSE]
  rank <- stats::ave(seq_along(all$line), all$study, all$fault, FUN = seq_along)
  c(all[rank <= 1000, , drop = FALSE], list(counts = a$counts + b$counts))
}

# The fits of the session's table: numbers by column, the places of the rows, and which of them are reported.
scan_fit <- function(session, studies, o, call) {
  lambda <- ifelse(o$genomic & !is.na(studies$totals[, "lambda"]), studies$totals[, "lambda"], 1)
  table <- call_core(cpp_scan_numbers(session, lambda, o$sample_size), call)
  fits <- batch_fits(list(n = length(table$place), yi = table$yi, vi = table$vi, X = matrix(1, 1L, 1L)),
                     utils::modifyList(o, list(progbar = FALSE)), call)
  table$yi <- table$vi <- NULL
  columns <- batch_columns(fits, list(simple = TRUE), o)
  rows <- which(columns$k >= o$min_studies)
  list(columns = columns, eaf = table$eaf, n = table$n, code = batch_code(fits$code),
       place = table$place[rows], rows = rows, few = length(columns$k) - length(rows))
}

# One part as a frame, where its rows stand in the order of all, and the problems found by joining.
scan_frame <- function(session, studies, o, call) {
  fit <- scan_fit(session, studies, o, call)
  text <- call_core(cpp_scan_texts(session), call)
  frame <- c(list(outcome = text$id), kept_columns(text$keep, o$keep),
             if (o$align) text[c("effect_allele", "other_allele")], if (o$has_eaf) fit["eaf"], fit$columns,
             if (o$has_n) fit["n"], list(direction = text$direction, code = fit$code))
  if (fit$few > 0) frame <- lapply(frame, `[`, fit$rows)
  list(frame = list2frame(frame), place = fit$place, few = fit$few,
       ledger = call_core(cpp_scan_problems(session), call))
}

kept_columns <- function(text, names) {
  if (!length(names)) return(NULL)
  if (length(names) == 1L) return(stats::setNames(list(text), names))
  parts <- matrix(unlist(strsplit(paste0(text, "\t"), "\t", fixed = TRUE)), length(names))
  stats::setNames(lapply(seq_along(names), function(j) parts[j, ]), names)
}

# parts: results of scan_frame(), or the files that hold them or, with `out`, what scan_lines() says of its files.
scan_result <- function(parts, studies, sources, o, call) {
  ledger <- studies$ledger
  few <- 0
  for (part in parts) {
    x <- part_value(part)
    ledger <- join_ledgers(ledger, x$ledger)
    few <- few + x$few
  }
  x <- NULL
  told <- list(studies = scan_studies(studies$totals, ledger, sources), problems = scan_problems(ledger, sources),
               few = few)
  out <- if (is.null(o$out)) scan_table(parts, o, call) else {
    if (is.list(parts[[1L]])) write_frame(parts[[1L]]$frame, o) else write_parts(parts, o, call)
    o$out
  }
  attributes(out)[names(told)] <- told
  warn_lines(ledger$counts, cpp_scan_faults(), told$problems, call)
  if (is.null(o$out)) out else invisible(out)
}

scan_table <- function(parts, o, call) {
  parts <- lapply(parts, part_value)
  order <- order(unlist(lapply(parts, `[[`, "place")))
  frame <- ordered_frame(lapply(parts, `[[`, "frame"), order)
  settings <- list(measure = "GEN", method = o$spec$model$method, pooled = NULL, test = o$spec$model$test,
                   level = o$model$level, padj = o$padj)
  structure(with_padj(frame, adjust_p(frame$pval, o$padj)), class = c("metaparity_batch", "data.frame"),
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

scan_studies <- function(totals, ledger, sources) {
  problems <- as.vector(colSums(ledger$counts))
  joined <- match(c("id on an earlier line", "other alleles than before", "strand cannot be told"), cpp_scan_faults())
  data.frame(study = vapply(sources, `[[`, "", "study"), file = vapply(sources, `[[`, "", "file"),
             lines = totals[, "lines"], used = totals[, "records"] - colSums(ledger$counts[joined, , drop = FALSE]),
             filtered = totals[, "filtered"], problems = problems, lambda = totals[, "lambda"], row.names = NULL,
             stringsAsFactors = FALSE)
}

scan_problems <- function(ledger, sources) {
  data.frame(study = vapply(sources, `[[`, "", "study")[ledger$study], line = ledger$line,
             reason = cpp_scan_faults()[ledger$fault], stringsAsFactors = FALSE)
}
