# The passes of rma_scan(): all studies into one table in memory; or each into parts by identifier, in a folder, and
# then
# part by part. What is finished stands in a file that was renamed when it was whole, so stopped work goes on behind it.

scan_all <- function(sources, o, call) {
  rows <- vapply(sources, `[[`, 0, "rows")
  need <- scan_need(min(sum(rows), 2 * max(rows)), length(sources))
  if (is.null(o$folder) && need <= o$memory) {
    found <- scan_in_memory(sources, o, call)
    if (!is.null(found)) return(scan_result(list(found$part), found$studies, sources, o, call))
    need <- 4 * max(need, o$memory)
  }
  scan_in_parts(sources, o, scan_parts(need, scan_need(sum(rows), length(sources)), length(sources), o), call)
}

# Bytes of the estimates of each identifier, and of its result with the copies made on the way.
scan_need <- function(ids, studies) (48 * studies + 700) * ids

# As many parts as fit when all identifiers are different; fewer where that makes very many files.
scan_parts <- function(likely, most, studies, o) {
  parts <- ceiling(1.5 * c(likely, most) / o$memory)
  as.integer(max(1, min(1000, max(parts[1L], min(parts[2L], 10000 / studies)))))
}

scan_session <- function(sources, o, parts, call) {
  call_core(cpp_scan_session(list(studies = length(sources), parts = parts, align = o$align, ambiguous = o$ambiguous,
                                  maf = o$maf, keeps = length(o$keep) > 0L, threads = o$threads)), call)
}

# All lines of one study; after(state) is called behind each piece, and may stop the reading by TRUE.
scan_study <- function(session, i, source, after, o, call) {
  call_core(cpp_scan_begin(session, i - 1L, source$layout, source$first), call)
  reader <- source$open(source$wanted)
  on.exit(reader$close())
  skip <- source$skip
  most <- max(65536, min(scan_piece, o$memory / 25))
  while (!is.null(bytes <- reader$read(most))) {
    # A header may be longer than a piece of a compressed file.
    now <- min(skip, length(bytes))
    skip <- skip - now
    if (after(call_core(cpp_scan_feed(session, bytes, now), call))) return(NULL)
  }
  call_core(cpp_scan_end(session), call)
}

# NULL where the table grows beyond the memory.
scan_in_memory <- function(sources, o, call) {
  session <- scan_session(sources, o, 0L, call)
  too_much <- function(state) state[[1L]] + 600 * state[[3L]] > o$memory
  progress <- scan_progress(length(sources) + 1L, o)
  on.exit(progress$close())
  totals <- list()
  for (i in seq_along(sources)) {
    totals[[i]] <- scan_study(session, i, sources[[i]], too_much, o, call)
    if (length(totals) < i) return(NULL)
    progress$tick("study")
  }
  studies <- scan_totals(totals, list(call_core(cpp_scan_problems(session), call)))
  part <- scan_frame(session, studies, o, call)
  progress$tick("part")
  list(studies = studies, part = part)
}

scan_in_parts <- function(sources, o, parts, call) {
  own <- is.null(o$folder)
  folder <- if (own) tempfile("scan") else o$folder
  if (!dir.exists(folder) && !dir.create(folder)) abort_input("folder", "could not be made", call)
  if (own) on.exit(unlink(folder, recursive = TRUE))
  parts <- scan_plan(folder, sources, o, parts, call)
  progress <- scan_progress(length(sources) + parts, o)
  on.exit(progress$close(), add = TRUE)
  done <- lapply(seq_along(sources), function(i) {
    out <- once(folder, sprintf("study-%04d.rds", i), partition_study(folder, i, sources, o, parts, call))
    progress$tick("study")
    out
  })
  studies <- scan_totals(lapply(done, `[[`, "totals"), lapply(done, `[[`, "ledger"))
  found <- lapply(seq_len(parts), function(b) {
    once(folder, sprintf("result-%04d.rds", b), join_part(folder, b, done, sources, studies, o, call))
    progress$tick("part")
    file.path(folder, sprintf("result-%04d.rds", b))
  })
  out <- scan_result(found, studies, sources, o, call)
  if (!own) unlink(list.files(folder, work_files, full.names = TRUE))
  out
}

work_files <- paste0("^((plan|study-[0-9]+|result-[0-9]+)[.]rds([.]new)?|part-[0-9]+-[0-9]+[.]bin|",
                     "(rows|pval|padj|range|square)-[0-9]+[.]bin)$")

work_folder <- function(folder, call) {
  if (!is_word(folder) || !is_plain_path(folder)) abort_input("folder",
                                                              sprintf("must be the path of a folder: %s",
                                                                      describe(folder)), call)
  folder <- path.expand(folder)
  if (!dir.exists(folder) && !suppressWarnings(dir.create(folder))) {
    abort_input("folder", sprintf("could not be made: %s", describe(folder)), call)
  }
  normalizePath(folder, "/")
}

# The number of parts of the work in the folder, which must be that of this call or none.
scan_plan <- function(folder, sources, o, parts, call) {
  file <- file.path(folder, "plan.rds")
  plan <- list(sources = lapply(sources, `[`, c("study", "stamp", "layout", "skip", "first")),
               options = o[c("spec", "sample_size", "align", "ambiguous", "maf", "min_studies", "keep", "genomic")],
               lines = !is.null(o$out))
  plan$options$spec$threads <- NULL
  if (!o$restart) unlink(list.files(folder, work_files, full.names = TRUE))
  there <- if (file.exists(file)) readRDS(file)
  if (!is.null(there)) {
    if (identical(there$plan, plan)) return(there$parts)
    abort_input("folder", "holds unfinished work of another call, or the files have changed; `restart = FALSE` discards it",
                call)
  }
  save_whole(list(plan = plan, parts = parts), file)
  parts
}

# The value that a file of the folder holds, made when it is not there.
once <- function(folder, name, value) {
  file <- file.path(folder, name)
  if (!file.exists(file)) {
    save_whole(value, file)
    return(value)
  }
  readRDS(file)
}

# A file of this name is whole: it is written beside and renamed.
save_whole <- function(value, file) {
  new <- paste0(file, ".new")
  saveRDS(value, new, compress = FALSE)
  if (!file.rename(new, file)) abort_input("folder", sprintf("cannot be written to: %s", basename(file)))
}

part_file <- function(folder, i, b) file.path(folder, sprintf("part-%04d-%04d.bin", i, b))

# Its records by part, and its squared z values in one more file, whose median is wanted.
partition_study <- function(folder, i, sources, o, parts, call) {
  squares <- part_file_of(folder, "square", i)
  files <- c(part_file(folder, i, seq_len(parts)), squares)
  unlink(files)
  session <- scan_session(sources, o, parts, call)
  write <- function(state = NULL, least = min(16777216, o$memory / 16)) {
    if (!is.null(state) && state[[2L]] < least) return(FALSE)
    waiting <- call_core(cpp_scan_fetch(session), call)
    for (b in which(lengths(waiting) > 0L)) append_bytes(waiting[[b]], files[b])
    FALSE
  }
  totals <- scan_study(session, i, sources[[i]], write, o, call)
  write()
  totals[["lambda"]] <- file_inflation(squares, totals[["records"]], o, call)
  unlink(squares)
  sizes <- file.size(files[seq_len(parts)])
  list(totals = totals, ledger = call_core(cpp_scan_problems(session), call), sizes = ifelse(is.na(sizes), 0, sizes))
}

file_inflation <- function(file, n, o, call) {
  median <- call_core(cpp_scan_median(n), call)
  repeat {
    if (n > 0) each_block(file, o, function(x) call_core(cpp_scan_median_feed(median, x), call))
    found <- call_core(cpp_scan_median_end(median), call)
    if (!is.null(found)) return(found)
  }
}

append_bytes <- function(bytes, file) {
  con <- file(file, "ab")
  on.exit(close(con))
  writeBin(bytes, con)
}

join_part <- function(folder, b, done, sources, studies, o, call) {
  gc(FALSE)
  session <- scan_session(sources, o, 0L, call)
  for (i in seq_along(sources)) {
    size <- done[[i]]$sizes[b]
    if (size > 0) read_part(session, i, part_file(folder, i, b), size, o, call)
  }
  if (is.null(o$out)) return(scan_frame(session, studies, o, call))
  scan_lines(session, folder, b, length(done[[1L]]$sizes), studies, o, call)
}

read_part <- function(session, i, file, size, o, call) {
  rest <- raw()
  if (identical(file.size(file), size)) {
    read <- file_readers(file)
    piece <- max(65536, min(scan_piece, o$memory / 50))
    while (length(bytes <- read(1L, "raw", piece))) {
      rest <- call_core(cpp_scan_part(session, i - 1L, if (length(rest)) c(rest, bytes) else bytes), call)
    }
    if (!length(rest)) return(invisible())
  }
  abort_input("folder", sprintf("has a damaged part: %s", basename(file)), call)
}

# A signal behind each step, and a bar where one is asked for.
scan_progress <- function(of, o) {
  bar <- new_progress(of, o$progbar)
  done <- 0L
  list(tick = function(step) {
    done <<- done + 1L
    bar$tick(done)
    signalCondition(structure(class = c("metaparity_progress", "condition"),
                              list(message = "", call = NULL, step = step, done = done, of = of)))
  }, close = bar$close)
}
